"""A team's story, and what is left of it in the database: no answer, and nobody who pressed."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.library import Library
from bot.runtime.store import Store
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.tables import METADATA
from bot.runtime.vault import Vault
from tests.chat import CHANNEL, STOCK, TRANSCRIPTS, Chat, boxed, replay

STORY = TRANSCRIPTS / "story_team_sv.chat"
NEVER = (
    "anna", "bo", "cia", "dia", "team", "rädda", "Släppa", "letting-go", "question", "asked",
    "meeting", "draw", "lättare", "alone", "slow-shoulders", "tense-and-release",
)  # fmt: skip
"""What people are called, wrote, chose or pressed. A channel's id is "team" here."""


def dump(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that stands in the database, table by table."""
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        found = {
            name: [tuple(row) for row in connection.execute(sa.select(table))]
            for name, table in METADATA.tables.items()
        }
    engine.dispose()
    return found


def readable(rows: dict[str, list[tuple[Any, ...]]]) -> str:
    values = [value for each in rows.values() for row in each for value in row]
    return "\n".join(
        value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value)
        for value in values
    )


@pytest.fixture
async def chat(library: Library, sqlite_store: Store, vault: Vault) -> Chat:
    return Chat(boxed(library, STOCK), sqlite_store, vault)


def shape(rows: dict[str, list[tuple[Any, ...]]], person: bytes) -> dict[str, Any]:
    """Table -> how many rows stand for *person*, and which of their columns hold anything."""
    return {
        name: [[value is not None for value in row] for row in each if person in row]
        for name, each in rows.items()
    }


async def test_nothing_of_it_can_be_read(chat: Chat, sqlite_path: Path) -> None:
    """After the whole story, nothing that anybody is called, wrote or chose stands in the database
    in a form that can be read, and nothing waits to be delivered.
    """
    await replay(STORY.read_text(encoding="utf-8"), chat)
    rows = dump(sqlite_path)
    assert rows["team"]
    assert rows["lead"]
    found = readable(rows)
    assert not [word for word in NEVER if word in found]
    assert rows["outbox"] == []
    assert rows["due"] == []


async def test_who_pressed_is_like_who_did_anything(
    chat: Chat, sqlite_path: Path, vault: Vault
) -> None:
    """Whoever answered for themselves or drew a slip leaves the same as whoever landed: that they
    did something today; and a day later nothing at all. Only the lead is still there, as a lead.
    """
    story = STORY.read_text(encoding="utf-8").partition("# Annandag påsk")[0]
    await replay(story, chat)
    for act in ("#bo > [#Svara för dig själv]", "#bo > [Klar för nu]", "#cia > /landa lådan möte",
                "#cia > [Ställ fram den]", "#cia > [#Dra en lapp]", "@eve > /landa vem-ser-vad",
                "@eve > [Klar för nu]"):  # fmt: skip
        await chat.play(act)
    rows = dump(sqlite_path)
    bo, cia, eve = (vault.hash("person", "test", "T1", who) for who in ("bo", "cia", "eve"))
    assert shape(rows, bo) == shape(rows, eve)
    assert shape(rows, cia) == shape(rows, eve)
    assert any(shape(rows, eve).values())
    chat.now += timedelta(hours=27)
    await chat.play("!")
    rows = dump(sqlite_path)
    team = vault.hash("team", "test", "T1", CHANNEL)
    for who in (bo, cia, eve):
        assert not any(shape(rows, who).values())
        assert not any(shape(rows, vault.hash("lead", who.hex())).values())
    assert any(shape(rows, team).values())


async def test_a_dump_can_be_read_at_all(chat: Chat, sqlite_path: Path) -> None:
    """What is looked for would be found: a word in the clear is."""
    assert isinstance(chat.store, SqliteStore)
    engine = sa.create_engine(f"sqlite:///{sqlite_path}")
    with engine.begin() as connection:
        connection.execute(sa.insert(METADATA.tables["seen"]).values(id=b"anna", at_ms=0))
    engine.dispose()
    assert "anna" in readable(dump(sqlite_path))


async def test_who_is_forgotten_wrote_nothing(chat: Chat, sqlite_path: Path, vault: Vault) -> None:
    """A slip stays with its team when its author is forgotten; that it was theirs does not. Beside
    the lead's question that somebody put into the box, nobody ever stood."""
    story = STORY.read_text(encoding="utf-8").partition("# Anna låter")[0]
    await replay(story, chat)
    me = vault.hash("lead", vault.hash("person", "test", "T1", "cia").hex())
    assert sorted(me in row for row in dump(sqlite_path)["slip"]) == [False, True]
    await chat.play("@cia * left")
    assert [me in row for row in dump(sqlite_path)["slip"]] == [False, False]
