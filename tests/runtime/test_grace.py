"""A workspace takes Landa away: what is kept in case it comes back, and what goes otherwise."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.core.errors import StorageError
from bot.core.installation import Installation
from bot.core.library import Library
from bot.runtime.codec import ms
from bot.runtime.installations import Registry, erase_left
from bot.runtime.store import Store
from bot.runtime.tables import METADATA
from bot.runtime.vault import Vault
from tests.chat import STOCK, Chat, boxed
from tests.runtime.parts import Faulty
from tests.workspaces import rows

LIFE = (
    "> /landa inställningar",
    "> [Spara] language=sv motion=still",
    "> /landa påminnelser",
    "> [Ja, gärna]",
    '> [Spara] kind=pause at=10:00 days="1 2 3 4 5"',
    "#anna > /landa team",
    "#anna > [Ställ in]",
    "#anna > [Spara] time=11:00 days=1+2+3+4+5 kinds=pause language=sv",
)
DAYS = 7


@pytest.fixture
async def chat(library: Library, store: Store, vault: Vault) -> Chat:
    """Somebody with settings and a time of their own, and a team with a pause."""
    chat = Chat(boxed(library, STOCK), store, vault)
    for line in LIFE:
        await chat.play(line)
    await registry(chat).begin(installation(chat, "first"))
    for line in LIFE:
        await chat.play(line)
    return chat


def registry(chat: Chat, days: int = DAYS, store: Store | None = None) -> Registry:
    """As after a start of the process."""
    return Registry("test", store or chat.store, chat.vault, lambda: chat.now, days)


def installation(chat: Chat, token: str) -> Installation:
    return Installation("T1", "", token, "U0LANDA", (), chat.now)


async def left_of(chat: Chat) -> set[str]:
    """The tables that still hold anything of the workspace."""
    where, found = chat.vault.hash("workspace", "test", "T1"), set[str]()
    for name in METADATA.tables:
        for row in await rows(chat.store, name):
            if row.get("workspace") == where and not row.get("given_up"):
                found.add(name)
    return found


async def days(chat: Chat, count: float) -> list[str]:
    """What is said meanwhile, an hour at a time."""
    said: list[str] = []
    for _ in range(round(count * 24)):
        chat.now += timedelta(hours=1)
        said += [line for line in await chat.play("!") if line != "< (tyst)"]
    return said


async def test_without_grace_it_goes_at_once(chat: Chat) -> None:
    """As it is unless the operator sets days: nothing is left of the workspace."""
    assert await registry(chat, 0).forget("T1", "", chat.now + timedelta(seconds=1))
    assert await left_of(chat) == set()


async def test_whoever_comes_back_finds_all(chat: Chat) -> None:
    """Within the days nothing is said, also after a restart; then all goes on as it was."""
    before = await left_of(chat)
    assert await registry(chat).forget("T1", "", chat.now + timedelta(seconds=1))
    assert await days(chat, DAYS - 1.5) == []
    await registry(chat).begin(installation(chat, "second"))
    assert before - {"conversation", "due"} <= await left_of(chat)
    assert "leaving" not in await left_of(chat)
    assert "Stilla*" in (await chat.play("> /landa inställningar"))[0]
    said = await days(chat, 1)
    assert [line.startswith("<#") for line in said] == [False, True]
    await days(chat, 2)
    assert {"person", "team", "lead", "nudge"} <= await left_of(chat)


async def test_when_the_days_are_over_it_goes(chat: Chat) -> None:
    """By the clock alone, on the day that was set when they left, whatever is set by then."""
    assert await registry(chat).forget("T1", "", chat.now + timedelta(seconds=1))
    await days(chat, DAYS - 0.1)
    assert {"person", "team", "lead", "nudge", "leaving"} <= await left_of(chat)
    assert await days(chat, 0.5) == []
    assert await left_of(chat) == set()


async def test_a_fault_in_the_middle_leaves_all_or_nothing(chat: Chat) -> None:
    """Where the erasing fails, all is still there to be erased, and the next round does."""
    await registry(chat).forget("T1", "", chat.now + timedelta(seconds=1))
    before, store = await left_of(chat), Faulty(chat.store)
    chat.now += timedelta(days=DAYS)

    async def fail() -> None:
        store.fails["ask"] = 1

    store.after["ask"] = fail
    with pytest.raises(StorageError):
        await erase_left(store, ms(chat.now))
    assert await left_of(chat) == before
    assert await erase_left(store, ms(chat.now)) == 1
    assert await left_of(chat) == set()


async def test_too_late_is_too_late(chat: Chat) -> None:
    """Who comes back after the days finds nothing, also when the clock has not been there yet."""
    await registry(chat).forget("T1", "", chat.now + timedelta(seconds=1))
    chat.now += timedelta(days=DAYS)
    await registry(chat).begin(installation(chat, "second"))
    assert await left_of(chat) == set()


@pytest.mark.parametrize(
    "again", [lambda chat: chat.now, lambda chat: chat.now - timedelta(days=1)]
)
async def test_late_news_end_nothing(chat: Chat, again: Callable[[Chat], object]) -> None:
    """That Landa was taken away before it came back is no news, and starts no days."""
    chat.now += timedelta(days=1)
    await registry(chat).begin(installation(chat, "second"))
    assert not await registry(chat).forget("T1", "", again(chat) - timedelta(seconds=1))
    assert "leaving" not in await left_of(chat)
