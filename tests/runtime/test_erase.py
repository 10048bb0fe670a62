"""Whoever erases what Landa keeps about them is gone: from rows, from files, from what waits."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.errors import DeliveryError
from bot.core.library import Library
from bot.core.mine import MOST_FINISHED
from bot.core.port import Outgoing
from bot.core.turn import Pressed
from bot.flows.privacy import PARTS
from bot.runtime.datamap import personal
from bot.runtime.retention import LONGEST_H
from bot.runtime.store import Store
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.tables import METADATA
from bot.runtime.vault import Vault
from tests.runtime.parts import Small, person_key
from tests.workspaces import rows

WITHIN_S = 60


@pytest.fixture
def small(library: Library, store: Store, vault: Vault) -> Small:
    return Small(library, store, vault)


def fail(_: Outgoing) -> None:
    raise DeliveryError("gone", permanent=True)


def busy(_: Outgoing) -> None:
    raise DeliveryError("busy")


async def live(small: Small, who: str) -> None:
    """Something of everything: settings, a reminder, a dead letter, a pause, a card that waits."""
    await small.command("inställningar", who=who)
    values = {"language": "sv", "motion": "still"}
    await small.take(Pressed(small.sent[-1].card.choices[0].id, values), who=who)
    await small.say("påminn mig om 20 min", who=who)
    small.answers = fail
    await small.say("hjälp", who=who)
    await small.command("andas", who=who)
    small.answers = busy
    await small.say("stöd", who=who)
    small.answers = None


async def held(store: Store, who: bytes) -> list[dict[str, Any]]:
    """Every row of every table that has that code in it."""
    found = [row for table in METADATA.tables for row in await rows(store, table)]
    return [row for row in found if who in [v for v in row.values() if isinstance(v, bytes)]]


def marks(found: list[dict[str, Any]]) -> set[bytes]:
    """What would be recognised among raw bytes: the codes, and the beginnings of what is sealed."""
    values = [value for row in found for value in row.values()]
    return {bytes(value)[:40] for value in values if isinstance(value, bytes) and len(value) > 8}


def lying(store: SqliteStore, searched: set[bytes]) -> set[bytes]:
    path: Path = getattr(store, "_path")  # noqa: B009
    data = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    return {mark for mark in searched if mark in data}


async def erase(small: Small, who: str) -> None:
    small.later(1)
    await small.command("radera", who=who)
    await small.press(who=who)


async def test_no_row_remains(small: Small, store: Store, vault: Vault) -> None:
    """One confirmation, and no row has the person's code: no talk, wish, reminder or card."""
    who, other = person_key(vault, "anna"), person_key(vault, "bo")
    for name in ("anna", "bo"):
        await live(small, name)
    others = await held(store, other)
    assert len(await held(store, who)) == len(others) >= 4
    await erase(small, "anna")
    assert small.texts[-1].startswith("Nu minns Landa inget om dig")
    assert await held(store, who) == []
    assert await held(store, other) == others


async def test_nothing_comes_afterwards(small: Small) -> None:
    """What they had asked for does not come, nor the card that waited."""
    await live(small, "anna")
    await erase(small, "anna")
    said = len(small.sent)
    for _ in range(30):
        await small.tick(120)
    assert len(small.sent) == said


async def test_other_clocks_spare_nothing(small: Small, store: Store, vault: Vault) -> None:
    """A card that another process, whose clock is ahead, has left waiting goes as well; the turn
    that takes it away still answers."""
    small.answers, now = busy, small.now
    small.later(30)
    await small.say("stöd")
    small.answers, small.now = None, now
    await erase(small, "anna")
    assert small.texts[-1].startswith("Nu minns Landa inget om dig")
    assert await held(store, person_key(vault)) == []


async def test_until_they_say_so_nothing_goes(small: Small, store: Store, vault: Vault) -> None:
    """The word alone takes nothing away, and neither does the other button."""
    await live(small, "anna")
    before = len(await held(store, person_key(vault)))
    await small.command("radera", who="anna")
    await small.press(1, who="anna")
    assert small.texts[-1].startswith("Inget är raderat")
    assert len(await held(store, person_key(vault))) >= before - 1


async def test_no_byte_remains(library: Library, sqlite_store: SqliteStore, vault: Vault) -> None:
    """Within a minute, neither the database's file nor the one beside it has a byte of theirs."""
    small = Small(library, sqlite_store, vault)
    await live(small, "anna")
    await live(small, "bo")
    who = person_key(vault)
    searched = marks(await held(sqlite_store, who)) - {vault.hash("workspace", "test", "T1")}
    assert len(searched) >= 4
    assert lying(sqlite_store, searched) == searched
    await small.tick()
    await erase(small, "anna")
    for _ in range(WITHIN_S):
        await small.tick(1)
    assert lying(sqlite_store, searched) == set()
    assert lying(sqlite_store, {person_key(vault, "bo")})


async def test_writing_back_lets_others_write(sqlite_store: SqliteStore, library: Library) -> None:
    """Nobody's turn fails while the files are being written back."""
    small = Small(library, sqlite_store, Vault(b"p" * 32, AESGCM(b"r" * 32)))

    async def scrubbing() -> None:
        for _ in range(20):
            await sqlite_store.scrub()

    beside = asyncio.create_task(scrubbing())
    for number in range(40):
        answer = await small.command("hjälp", who=f"p{number}")
        assert answer.taken in ("new", "late")
    await beside
    assert await sqlite_store.scrub()


def test_what_is_said_of_hours_is_in_the_map(library: Library) -> None:
    """`vem ser vad` names the hours that the data map declares for what is kept of a person, and
    how many slips are remembered."""
    timed = {
        hours
        for table in personal()
        for column in table.columns
        if column.name != "given_up" and (hours := LONGEST_H[column.info["retention"]])
    }
    for language, words in library.words.items():
        said = {
            int(each) for part in PARTS for each in re.findall(r"\d+", words(f"privacy.{part}"))
        }
        assert said == {max(timed), MOST_FINISHED}, language
