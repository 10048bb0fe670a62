"""`landa doctor` says of every card that was given up why, and what somebody can do."""

from pathlib import Path

import pytest

from adapters.slack import failure
from adapters.slack.advice import ADVICE, FINE
from bot.advice import OURS, told
from bot.doctor import examine
from bot.runtime.settings import Settings
from bot.runtime.store.sqlite import SqliteStore
from tests.runtime.operator import KEY
from tests.runtime.parts import card, put


def settings(path: Path) -> Settings:
    return Settings.model_construct(
        database_url=f"sqlite:///{path}", landa_secret_keys=KEY, slack_client_id="1.2"
    )


async def lines(path: Path, *reasons: str) -> tuple[bool, list[str]]:
    store = SqliteStore(path)
    await store.open()
    for number, reason in enumerate(reasons):
        row = card(f"c{number}", person=f"p{number}")
        await put(store, row)
        await store.give_up(row.id, reason)
    await store.close()
    heard: list[str] = []
    alone = Settings.model_construct(database_url=f"sqlite:///{path}")
    await examine(alone, heard.append)
    found = [each.text for each in told(dict.fromkeys(reasons, 2), settings(path))]
    assert all(any(reason in line for line in heard) for reason in reasons)
    sound = all(each.sound for each in told(dict.fromkeys(reasons, 1), settings(path)))
    return sound, found


@pytest.mark.parametrize("reason", [*ADVICE, *OURS])
async def test_something_to_do(sqlite_path: Path, reason: str) -> None:
    """Where an operator can do something, it says what, and all is not well."""
    sound, (line,) = await lines(sqlite_path, reason)
    assert not sound
    assert line.startswith(f"2 cards of this week not delivered: {reason}. To do: ")
    assert {**ADVICE, **OURS}[reason] in line


@pytest.mark.parametrize("reason", FINE)
async def test_nothing_to_do(sqlite_path: Path, reason: str) -> None:
    """Where nothing can be done, it is told without alarm."""
    sound, (line,) = await lines(sqlite_path, reason)
    assert sound
    assert FINE[reason] in line


async def test_what_is_not_known_is_told_as_well(sqlite_path: Path) -> None:
    """A reason that nobody has thought of is told, after no other that needs somebody."""
    sound, found = await lines(sqlite_path, "account_inactive", "some_new_word", "missing_scope")
    assert not sound
    assert [line.split(": ")[1].split(".")[0].split(" ")[0] for line in found] == [
        *("missing_scope", "some_new_word", "account_inactive")
    ]


def test_reasons_are_those_that_are_given() -> None:
    """No advice is about a word that passes by itself."""
    passing = failure.BUSY | failure.BROKEN | failure.MOVING
    assert not passing & {*ADVICE, *FINE}
    assert not ADVICE.keys() & FINE.keys()
