"""All that is held about somebody is shown to them, and nothing of anybody else."""

import json
import sqlite3
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, Table

from bot.core.library import Library
from bot.core.turn import Person
from bot.runtime import codec, datamap, held, sheet, telling
from bot.runtime.datamap import theirs
from bot.runtime.held import Piece
from bot.runtime.incards import in_cards
from bot.runtime.reading import STOCKHOLM
from bot.runtime.retention import CHOSEN, NAMES
from bot.runtime.store import OutboxRow, Store
from bot.runtime.tables import METADATA
from bot.runtime.telling import Teller
from bot.runtime.vault import Vault
from tests.chat import STOCK, Chat, boxed
from tests.runtime.parts import T, key, outgoing, person_key, put

LIFE = """
#anna > /landa team
#anna > [Ställ in]
#anna > [Spara] time=10:00 days=1+2+3+4+5 kinds=pause language=sv
#anna > /landa fråga
#anna > [Släppa jobbet]
#anna > [Varje vecka]
#anna > [Spara] day=1 time=08:45 which=new
#anna > /landa lapp
#anna > [Visa den för teamet] kind=question length=30 text="Vad gav dig luft i dag?"
#anna > /landa landningskollega
#anna > [Ja, fråga mig gärna]
#anna > [Spara] name=Annika first=08:00 last=17:00 until=
#bo > /landa landningskollega
#bo > [Ja, fråga mig gärna]
#bo > [Spara] name=Bosse first=08:00 last=17:00 until=
@cia > /landa inställningar
@cia > [Spara] language=sv motion=still
> /landa inställningar
> [Spara] language=sv motion=still zone=Europe/Berlin suggest=yes
> /landa påminnelser
> [Ja, gärna]
> [Spara] kind=pause at=09:30 days="1 2 3 4 5"
#anna > /landa sällskap
#anna > [Fråga en kollega]
#anna > [Bosse]
#anna > [Skicka]
> /landa mina-uppgifter
> /landa andas
> [Dubbelsuck]
"""
"""Anna has something in every table; Bo is asked by her, and Cia has to do with neither."""


async def lived(library: Library, store: Store, vault: Vault) -> Chat:
    chat = Chat(boxed(library, STOCK), store, vault)
    for line in LIFE.strip().splitlines():
        await chat.play(line)
    who, where = person_key(vault), vault.hash("workspace", "test", "T1")
    waiting = replace(outgoing("Ett kort som ligger här."), id=key("waits").hex())
    payload = codec.seal_outgoing(waiting, vault, where + who)
    await put(store, OutboxRow(key("waits"), who, where, "test", payload, T, T))
    return chat


async def of(who: str, chat: Chat) -> tuple[Piece, ...]:
    return await held.held(Person("test", "T1", who), chat.store, chat.vault)


def shown(pieces: tuple[Piece, ...], chat: Chat, language: str = "sv") -> str:
    return sheet.sheet(Teller(chat.library, language, STOCKHOLM), pieces, chat.now)


def leaves(value: Any) -> list[str]:
    """Every text in *value* that a person could know again."""
    match value:
        case dict():
            return [leaf for each in value.values() for leaf in leaves(each)]
        case list():
            return [leaf for each in value for leaf in leaves(each)]
        case str():
            return [value]
        case _:
            return []


def test_nothing_stays_shut() -> None:
    """Whatever is sealed in a person's own rows is opened for them."""
    assert list(held.unopened()) == []
    assert {table.name for table in datamap.personal()} <= {table.name for table in theirs()}


def test_what_is_not_shown_is_seen() -> None:
    """A new sealed column, or a new table about people, that the page does not show is named."""
    changed = MetaData()
    for table in METADATA.sorted_tables:
        table.to_metadata(changed)
    info = {"purpose": "sealed: what they felt", "retention": CHOSEN}
    changed.tables["person"].append_column(Column("feeling", LargeBinary, info=info))
    Table("diary", changed, Column("person", LargeBinary, info=info), info={"whose": "person"})
    assert [line.split(":")[0] for line in held.unopened(changed)] == ["person.feeling"]
    assert [line.split(":")[0] for line in datamap.undeclared(changed)] == ["diary"]


def test_everything_has_a_name(library: Library) -> None:
    """Each table, column and field has a name in every language, and each time it is kept."""
    for language, words in library.words.items():
        keys = [*telling.names(), *(f"kept_{name}" for name in NAMES.values())]
        assert [key for key in keys if words(f"held.{key}") == f"held.{key}"] == [], language
    kept = {column.info["retention"] for table in theirs() for column in table.columns}
    assert kept == set(NAMES)


async def test_all_of_it_is_shown(library: Library, store: Store, vault: Vault) -> None:
    """Of somebody with a row in every table, each column of each row is there: as JSON by its own
    name, on the page and on cards under one that can be read, opened where it was sealed."""
    chat = await lived(library, store, vault)
    pieces = await of("anna", chat)
    assert {piece.table for piece in pieces} == {table.name for table in theirs()}
    teller = Teller(chat.library, "sv", STOCKHOLM)
    made = json.loads(sheet.as_json(teller, pieces, chat.now))["held"]
    page, cards = shown(pieces, chat), "\n".join(in_cards(teller, pieces))
    for table in theirs():
        rows = made[table.name]["rows"]
        assert all(list(row) == table.columns.keys() for row in rows)
        assert rows == [
            {c.column: c.value for c in p.cells} for p in pieces if p.table == table.name
        ]
        assert teller.words(f"held.of_{table.name}") in page
        for column in table.columns:
            assert teller.label(column.name) in page
            assert teller.label(column.name) in cards
    cells = [cell for piece in pieces for cell in piece.cells]
    assert {cell.how for cell in cells} == {"opened", "plain", "code"}
    for said in ("Ett kort som ligger här.", "Vad gav dig luft i dag?", "Annika", "Bosse"):
        assert said in page
        assert said in cards
    for said in ("Europe/Berlin", "stilla", "Svenska", "09:30", "mån, tis, ons"):
        assert said in page


async def test_nobody_else_is_shown(library: Library, store: Store, vault: Vault) -> None:
    """Who is asked sees that they are, and nothing else of whoever asks; others see neither."""
    chat = await lived(library, store, vault)
    assert "bo" not in {leaf.lower() for piece in await of("anna", chat) for cell in piece.cells
                        for leaf in leaves(cell.value)}  # fmt: skip
    bo, cia = await of("bo", chat), await of("cia", chat)
    asked = [piece for piece in bo if piece.table == "invitation"]
    assert len(asked) == 1
    for pieces in (bo, cia):
        texts = leaves(
            json.loads(sheet.as_json(Teller(chat.library, "sv", STOCKHOLM), pieces, chat.now))
        )
        assert not [text for text in texts if "anna" in text.lower() or "annika" in text.lower()]
    assert {piece.table for piece in cia} == {"conversation", "person"}


async def test_what_cannot_be_read_is_told(
    library: Library, sqlite_store: Store, vault: Vault, sqlite_path: Any
) -> None:
    """A row that no key opens any more is said to be so, and all the rest is shown."""
    chat = await lived(library, sqlite_store, vault)
    with sqlite3.connect(sqlite_path) as connection:
        connection.execute("UPDATE person SET profile = zeroblob(300)")
    pieces = await of("anna", chat)
    assert [cell.how for piece in pieces if piece.table == "person" for cell in piece.cells].count(
        "unreadable"
    ) == 1
    assert library.words["sv"]("held.unreadable") in shown(pieces, chat)


@pytest.mark.parametrize("language", ["en", "nb"])
async def test_in_other_languages(
    language: str, library: Library, sqlite_store: Store, vault: Vault
) -> None:
    """The page is in the person's language, with its name at the top."""
    chat = Chat(library, sqlite_store, vault)
    await chat.play("> /landa")
    page = shown(await of("anna", chat), chat, language)
    assert f'<html lang="{language}">' in page
    assert library.words[language]("held.of_conversation") in page
