"""A whole turn on SQLite: statements of microseconds, in the one transaction of its writer."""

import sqlite3
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.sql.elements import ClauseElement

from bot.runtime.store import Commit, DueRow, OutboxRow, Result
from bot.runtime.store import statements as s
from bot.runtime.store.company import company
from bot.runtime.store.held import held
from bot.runtime.store.leaving import leaving
from bot.runtime.store.nudges import wishes
from bot.runtime.store.people import people
from bot.runtime.store.places import places
from bot.runtime.store.question import Ask
from bot.runtime.store.teams import teams

_DIALECT = sqlite_dialect(paramstyle="named")


def sql(statement: ClauseElement) -> s.Statement:
    return s.compiled(statement, _DIALECT)


def run(
    connection: sqlite3.Connection, statement: s.Statement, values: dict[str, Any]
) -> sqlite3.Cursor:
    return connection.execute(statement.sql, statement.named(values))


def columns(row: OutboxRow | DueRow) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _upsert(table: Any, key: str, *columns: str) -> Any:
    new = insert(table).values({name: s.bindparam(name) for name in (key, *columns)})
    return new.on_conflict_do_update(
        index_elements=[key], set_={name: new.excluded[name] for name in columns}
    )


ADD_SEEN = sql(
    insert(s.SEEN).values(id=s.binary("seen"), at_ms=s.whole("at_ms")).on_conflict_do_nothing()
)
UNDO_SEEN = sql(delete(s.SEEN).where(s.SEEN.c.id == s.binary("seen")))
ADD = sql(
    insert(s.CONVERSATION)
    .values({c.name: s.bindparam(c.name) for c in s.CONVERSATION.c})
    .on_conflict_do_nothing()
)
MOVE = sql(
    update(s.CONVERSATION)
    .where(
        s.CONVERSATION.c.person == s.binary("of"), s.CONVERSATION.c.serial == s.whole("expected")
    )
    .values(serial=s.whole("next"), state=s.binary("sealed"), updated_ms=s.whole("at"))
)
SET_PROFILE = sql(_upsert(s.PERSON, "person", "workspace", "profile"))
SET_DUE = sql(
    _upsert(
        s.DUE, "person", "workspace", "platform", "serial", "due_ms", "lease_ms", "tries", "payload"
    )
)
ADD_OUTBOX = sql(
    insert(s.OUTBOX).values(
        {c.name: s.bindparam(c.name) for c in s.OUTBOX.c if c.name != "given_up"}
    )
)
CLEAR_DUE = sql(s.CLEAR_DUE)
QUESTIONS = {
    **places(insert),
    **people(insert),
    **wishes(insert),
    **teams(insert),
    **company(insert),
    **held(insert),
    **leaving(insert),
}
ASKED = {name: sql(statement) for name, statement in QUESTIONS.items()}


def commit(connection: sqlite3.Connection, turn: Commit) -> Result:
    def execute(statement: s.Statement, values: dict[str, Any]) -> sqlite3.Cursor:
        return connection.execute(statement.sql, values)

    if not execute(ADD_SEEN, {"seen": turn.seen, "at_ms": turn.at_ms}).rowcount:
        return "seen"
    stands = all(ask(connection, turn.needs))
    if not stands or not _moved(connection, turn):
        execute(UNDO_SEEN, {"seen": turn.seen})
        return "conflict"
    if turn.profile is not None:
        execute(
            SET_PROFILE,
            {"person": turn.person, "workspace": turn.workspace, "profile": turn.profile},
        )
    if turn.due:
        execute(SET_DUE, {**columns(turn.due), "lease_ms": 0})
    else:
        execute(CLEAR_DUE, {"person": turn.person, "serial": turn.serial})
    for row in turn.outbox:
        execute(ADD_OUTBOX, columns(row))
    ask(connection, turn.also)
    return "done"


def _moved(connection: sqlite3.Connection, turn: Commit) -> bool:
    """Compare-and-set on the conversation's serial."""
    if turn.expected is None:
        values = {
            "person": turn.person,
            "workspace": turn.workspace,
            "serial": turn.serial,
            "state": turn.state,
            "updated_ms": turn.at_ms,
        }
        return connection.execute(ADD.sql, values).rowcount == 1
    values = {
        "of": turn.person,
        "expected": turn.expected,
        "next": turn.serial,
        "sealed": turn.state,
        "at": turn.at_ms,
    }
    return connection.execute(MOVE.sql, values).rowcount == 1


def ask(connection: sqlite3.Connection, asks: Sequence[Ask]) -> list[list[Any]]:
    return [run(connection, ASKED[name], dict(values)).fetchall() for name, values in asks]
