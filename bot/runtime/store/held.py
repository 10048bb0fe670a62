"""Statements that find all that is held about one person, made of the tables themselves; and those
about the way in to where it is shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, delete, or_, select
from sqlalchemy.sql.elements import ClauseElement

from bot.runtime.datamap import theirs
from bot.runtime.store.question import Ask, Question
from bot.runtime.store.statements import ENTRY, binary, whole

_E = ENTRY.c
_ID, _WHO, _WHERE = binary("id"), binary("who"), binary("where")
TABLES = theirs()


def held(insert: Any) -> Mapping[Question, ClauseElement]:
    """insert: the dialect's own."""
    return {
        "drop_entry": delete(ENTRY).where(_E.person == _WHO).returning(_E.id),
        "drop_entries": delete(ENTRY).where(_E.workspace == _WHERE).returning(_E.id),
        "keep_entry": insert(ENTRY)
        .values(id=_ID, person=_WHO, workspace=_WHERE, sealed=binary("sealed"),
                until_ms=whole("until"))
        .returning(_E.id),
        "entry": select(_E.sealed, _E.workspace).where(_E.id == _ID, _E.until_ms > whole("now")),
        "use_entry": delete(ENTRY)
        .where(_E.id == _ID, _E.until_ms > whole("now"))
        .returning(_E.id),
        **{_question(each): _finding(each) for each in TABLES},
    }  # fmt: skip


def _question(found: Table) -> Question:
    return cast("Question", f"held_{found.name}")


def _finding(found: Table) -> ClauseElement:
    """A person's own rows, with every column, in an order that stays."""
    codes: Mapping[str, str] = found.info["theirs"]
    own = or_(*(found.c[column] == binary(code) for column, code in codes.items()))
    return (
        select(*found.c)
        .where(found.c.workspace == _WHERE, own)
        .order_by(*found.primary_key.columns)
    )


def everything(person: bytes, workspace: bytes, lead: bytes) -> tuple[Ask, ...]:
    """All rows about *person*, called *lead* among leads and colleagues, by table as in TABLES."""
    codes = {"person": person, "lead": lead}
    return tuple(
        (_question(each), {"where": workspace, **{code: codes[code] for code in _codes(each)}})
        for each in TABLES
    )


def _codes(found: Table) -> frozenset[str]:
    return frozenset(found.info["theirs"].values())


def named(rows: Sequence[Sequence[Sequence[Any]]]) -> Iterator[tuple[Table, Mapping[str, Any]]]:
    """What `everything` found, row by row, by the names of its columns."""
    for found, own in zip(TABLES, rows, strict=True):
        for row in own:
            yield found, dict(zip(found.columns.keys(), row, strict=True))
