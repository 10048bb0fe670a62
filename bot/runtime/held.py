"""All that is held about one person, opened for them: every row, every column, as plain values.

The tables say which rows are theirs. What is sealed is opened by one of OPENERS; `unopened` names
what none of them opens, and a test fails.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter
from sqlalchemy import Boolean, Column, LargeBinary, MetaData

from bot.core.conversation import to_json
from bot.core.errors import StateError
from bot.core.message import Form
from bot.core.turn import Person
from bot.runtime import codec
from bot.runtime.act import Who
from bot.runtime.company import open_known, opened, who_of
from bot.runtime.datamap import theirs
from bot.runtime.entry import open_entrance
from bot.runtime.here import me
from bot.runtime.log import LOG
from bot.runtime.store import Store
from bot.runtime.store.held import everything, named
from bot.runtime.tables import METADATA
from bot.runtime.vault import Vault

Row = Mapping[str, Any]
Opener = Callable[[Row, Who, Vault], Any]
_ANY: TypeAdapter[Any] = TypeAdapter(Any)
How = Literal["opened", "plain", "code", "unreadable"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of a row.

    how    opened: it was sealed. code: it only tells rows apart, and is not shown.
    value  as in JSON; None where there is nothing, and for what is not shown.
    """

    column: str
    how: How
    value: Any = None


@dataclass(frozen=True, slots=True)
class Piece:
    """One row."""

    table: str
    cells: tuple[Cell, ...]


async def held(person: Person, store: Store, vault: Vault) -> tuple[Piece, ...]:
    """Everything about *person*, in the order of the tables. raises  StorageError"""
    who = who_of(person, vault)
    found = await store.ask(*everything(who.person, who.workspace, me(who, vault)))
    return tuple(
        Piece(table.name, tuple(_cell(column, row, who, vault) for column in table.columns))
        for table, row in named(found)
    )


def unopened(metadata: MetaData = METADATA) -> Iterator[str]:
    """A line for each column of a person's own rows that is sealed, and nothing opens for them."""
    for table in theirs(metadata):
        for column in table.columns:
            if _is_sealed(column) and str(column) not in OPENERS:
                yield f"{column}: nothing in bot/runtime/held.py opens it for whom it is about"


def _plain(value: Any) -> Any:
    """As JSON has it."""
    return _ANY.dump_python(value, mode="json")


def _is_sealed(column: Column[Any]) -> bool:
    return str(column.info.get("purpose", "")).startswith("sealed")


def _cell(column: Column[Any], row: Row, who: Who, vault: Vault) -> Cell:
    name, value = column.name, row[column.name]
    if _is_sealed(column):
        if value is None:
            return Cell(name, "opened")
        try:
            found = OPENERS[str(column)](row, who, vault)
        except StateError:
            LOG.error("held.unreadable")
            return Cell(name, "unreadable")
        return Cell(name, "opened", _plain(found))
    if isinstance(column.type, LargeBinary) or column.primary_key:
        return Cell(name, "code")
    return Cell(name, "plain", bool(value) if isinstance(column.type, Boolean) else value)


def _conversation(row: Row, who: Who, vault: Vault) -> Any:
    found = codec.open_conversation(bytes(row["state"]), row["serial"], vault, who.bound_to)
    told = {name: value for name, value in to_json(found).items() if name != "v"}
    return {**told, "offered": list(found.offered.values())}


def _card(row: Row, who: Who, vault: Vault) -> Any:
    """As they will read it. Who it comes from is said when it comes."""
    outgoing = codec.open_outgoing(bytes(row["payload"]), bytes(row["id"]), vault, who.bound_to)
    card = outgoing.card
    said = (each.label for each in card.fields) if isinstance(card, Form) else (card.note,)
    return {
        "title": card.title,
        "text": "\n\n".join((card.text, *filter(None, said))),
        "offered": [choice.label for choice in card.choices],
        "language": outgoing.language,
        "address": outgoing.address,
        "home": outgoing.home,
    }


def _colleague(row: Row, who: Who, vault: Vault) -> Any:
    bound_to = bytes(row["workspace"]) + bytes(row["team"]) + bytes(row["colleague"])
    known = open_known(bytes(row["sealed"]), vault, bound_to)
    told: dict[str, Any] = _plain(known)
    del told["colleague"]["id"]
    return told


def _invitation(row: Row, who: Who, vault: Vault) -> Any:
    """Of a question to them, nothing that belongs to whoever asks."""
    rows, id = ((row["asker"], row["asked"], row["sealed"]),), bytes(row["id"]).hex()
    asked = opened(rows, who, id, vault)
    if asked is None:
        raise StateError("an invitation that cannot be read")
    invitation = asked.invitation
    told = {"part": invitation.part, "answered": invitation.answered}
    if invitation.part == "asked":
        return told
    mine = {"person": asked.person, "home": asked.home, "room": asked.room.room}
    return {**told, "name": invitation.asked, "language": invitation.language, **mine}


def _signed(row: Row, who: Who, vault: Vault) -> Any:
    bound_to = bytes(row["workspace"]) + bytes(row["team"]) + bytes(row["lead"])
    return {"name": codec.open_signed(bytes(row["signed"]), vault, bound_to)}


def _slip(row: Row, who: Who, vault: Vault) -> Any:
    bound_to = bytes(row["workspace"]) + bytes(row["team"])
    told = _plain(codec.open_slip(bytes(row["sealed"]), "", vault, bound_to))
    return {name: told[name] for name in ("kind", "text", "seconds", "approved")}


def _entry(row: Row, who: Who, vault: Vault) -> Any:
    return open_entrance(bytes(row["sealed"]), vault, who.workspace + bytes(row["id"]))


def _theirs(open_one: Callable[[bytes, Vault, bytes], Any], column: str) -> Opener:
    """What is sealed to the person's own row."""
    return lambda row, who, vault: open_one(bytes(row[column]), vault, who.bound_to)


OPENERS: Mapping[str, Opener] = {
    "conversation.state": _conversation,
    "person.profile": _theirs(codec.open_profile, "profile"),
    "person.home": _theirs(codec.open_home, "home"),
    "person.nudges": _theirs(codec.open_nudges, "nudges"),
    "person.mine": _theirs(codec.open_mine, "mine"),
    "nudge.payload": _theirs(codec.open_call, "payload"),
    "due.payload": _theirs(codec.open_waiting, "payload"),
    "outbox.payload": _card,
    "colleague.sealed": _colleague,
    "invitation.sealed": _invitation,
    "lead.signed": _signed,
    "slip.sealed": _slip,
    "entry.sealed": _entry,
}
"""By table and column."""
