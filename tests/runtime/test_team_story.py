"""A team's story, and what is left of it in the database: no answer, and nobody who pressed."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
import sqlalchemy as sa

from bot.core.library import Library
from bot.runtime.store import Store
from bot.runtime.store.postgres import PostgresStore
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


Rows = dict[str, list[tuple[Any, ...]]]


async def dump(store: Store) -> Rows:
    """Everything that stands in the database, table by table."""
    if isinstance(store, PostgresStore):
        connection = await asyncpg.connect(store._url)
        found = {
            name: [tuple(row) for row in await connection.fetch(f'SELECT * FROM "{name}"')]
            for name in METADATA.tables
        }
        await connection.close()
        return found
    assert isinstance(store, SqliteStore)
    engine = sa.create_engine(f"sqlite:///{store._path}")
    with engine.connect() as connection:
        found = {
            name: [tuple(row) for row in connection.execute(sa.select(table))]
            for name, table in METADATA.tables.items()
        }
    engine.dispose()
    return found


def readable(rows: Rows) -> str:
    values = [value for each in rows.values() for row in each for value in row]
    return "\n".join(
        value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value)
        for value in values
    )


@pytest.fixture
async def chat(library: Library, store: Store, vault: Vault) -> Chat:
    return Chat(boxed(library, STOCK), store, vault)


def shape(rows: Rows, person: bytes) -> dict[str, Any]:
    """Table -> how many rows stand for *person*, and which of their columns hold anything."""
    return {
        name: [[value is not None for value in row] for row in each if person in row]
        for name, each in rows.items()
    }


async def test_nothing_of_it_can_be_read(chat: Chat) -> None:
    """After the whole story, nothing that anybody is called, wrote or chose stands in the database
    in a form that can be read, and nothing waits to be delivered.
    """
    await replay(STORY.read_text(encoding="utf-8"), chat)
    rows = await dump(chat.store)
    assert rows["team"]
    assert rows["lead"]
    found = readable(rows)
    assert not [word for word in NEVER if word in found]
    assert rows["outbox"] == []
    assert rows["due"] == []


async def test_who_pressed_is_like_who_did_anything(chat: Chat, vault: Vault) -> None:
    """Whoever answered for themselves or drew a slip leaves the same as whoever landed: that they
    did something today; and a day later nothing at all. Only the lead is still there, as a lead.
    """
    story = STORY.read_text(encoding="utf-8").partition("# Annandag påsk")[0]
    await replay(story, chat)
    for act in ("#bo > [#Svara för dig själv]", "#bo > [Klar för nu]", "#cia > /landa lådan möte",
                "#cia > [Ställ fram den]", "#cia > [#Dra en lapp]", "@eve > /landa vem-ser-vad",
                "@eve > [Klar för nu]"):  # fmt: skip
        await chat.play(act)
    rows = await dump(chat.store)
    bo, cia, eve = (vault.hash("person", "test", "T1", who) for who in ("bo", "cia", "eve"))
    assert shape(rows, bo) == shape(rows, eve)
    assert shape(rows, cia) == shape(rows, eve)
    assert any(shape(rows, eve).values())
    chat.now += timedelta(hours=27)
    await chat.play("!")
    rows = await dump(chat.store)
    team = vault.hash("team", "test", "T1", CHANNEL)
    for who in (bo, cia, eve):
        assert not any(shape(rows, who).values())
        assert not any(shape(rows, vault.hash("lead", who.hex())).values())
    assert any(shape(rows, team).values())


async def test_a_dump_can_be_read_at_all(chat: Chat) -> None:
    """What is looked for would be found: a word in the clear is."""
    await chat.store.ask(("keep_team", {"team": b"anna", "where": b"T1", "sealed": b"box"}))
    assert "anna" in readable(await dump(chat.store))


async def test_who_is_forgotten_wrote_nothing(chat: Chat, vault: Vault) -> None:
    """A slip stays with its team when its author is forgotten; that it was theirs does not. Beside
    the lead's question that somebody put into the box, nobody ever stood."""
    story = STORY.read_text(encoding="utf-8").partition("# Anna låter")[0]
    await replay(story, chat)
    me = vault.hash("lead", vault.hash("person", "test", "T1", "cia").hex())
    assert sorted(me in row for row in (await dump(chat.store))["slip"]) == [False, True]
    await chat.play("@cia * left")
    assert [me in row for row in (await dump(chat.store))["slip"]] == [False, False]
