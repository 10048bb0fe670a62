"""The data map: what is stored, whose it is, why, for how long, and who can read it. For
`landa data-map`, which writes `docs/data.md`.
"""

from collections.abc import Iterator

from sqlalchemy import Column, MetaData, Table
from sqlmodel import SQLModel

from bot.runtime.retention import LONGEST_H
from bot.runtime.tables import METADATA

WHOSE = ("person", "team", "workspace", "nobody")
LANDA = "Landa; besides, only who has the database and `LANDA_SECRET_KEYS`"
CODE = "who has the database sees a code; whose it is, only Landa's keys can tell"
OPEN = "who has the database"
READERS = {
    "sealed": LANDA,
    "the key, sealed": LANDA,
    "keyed hash": CODE,
}
"""How a purpose begins, and who can then read the column. What is of another kind lies open."""
_HEAD = """# What Landa keeps

Written by `landa data-map --markdown`, from `bot/runtime/tables/`: for a register of processing.
A test fails when this page is not as the tables are, and when a column does not say why it is
there, for how long, and whose it is.

Nothing else is stored. People, teams and workspaces stand as keyed hashes; what is sealed opens
only with Landa's keys, which lie wrapped by `LANDA_SECRET_KEYS`. What has been kept for its time is
taken away every ten minutes, and the log says how many rows that were, and nothing more. The chat
itself is kept by Slack or Teams, as whoever runs it has decided.
"""


def readers(purpose: str) -> str:
    return next((who for start, who in READERS.items() if purpose.startswith(start)), OPEN)


def undeclared(metadata: MetaData = METADATA) -> Iterator[str]:
    """A line for each table and column that does not say all that the map needs."""
    for table in metadata.sorted_tables:
        if table.info.get("whose") not in WHOSE:
            yield f"{table.name}: whose it is, is not one of {', '.join(WHOSE)}"
        if table.info.get("whose") == "person" and not table.info.get("theirs"):
            yield f"{table.name}: no column says which rows are a person's own"
        for column in table.columns:
            yield from _wrong(column)


def _wrong(column: Column[object]) -> Iterator[str]:
    if len(column.info.get("purpose", "")) < len("when"):
        yield f"{column}: no purpose"
    if column.info.get("retention") not in LONGEST_H:
        yield f"{column}: no retention out of bot/runtime/retention.py"


def personal(metadata: MetaData = METADATA) -> list[Table]:
    """The tables that tell about a person."""
    return [table for table in metadata.sorted_tables if table.info.get("whose") == "person"]


def theirs(metadata: MetaData = METADATA) -> list[Table]:
    """The tables that may hold rows of a person's own."""
    return [table for table in metadata.sorted_tables if table.info.get("theirs")]


def text(metadata: MetaData = METADATA) -> str:
    """For reading in a terminal."""
    return "\n\n".join(_block(table) for table in _tables(metadata))


def markdown(metadata: MetaData = METADATA) -> str:
    """The page `docs/data.md`."""
    return "\n".join([_HEAD, *(_section(table) for table in _tables(metadata))])


def _tables(metadata: MetaData) -> list[Table]:
    """A person's first."""
    return sorted(metadata.sorted_tables, key=lambda t: (WHOSE.index(t.info["whose"]), t.name))


def _about(table: Table) -> str:
    models = {model.__name__.lower(): model for model in SQLModel.__subclasses__()}
    return " ".join((models[table.name].__doc__ or "").split())


def _block(table: Table) -> str:
    lines = [f"{table.name} ({table.info['whose']}): {_about(table)}"]
    for column in table.columns:
        purpose, kept = column.info["purpose"], column.info["retention"]
        lines.append(
            f"  {column.name}: {purpose}\n    kept: {kept}\n    read by: {readers(purpose)}"
        )
    return "\n".join(lines)


def _section(table: Table) -> str:
    lines = [
        f"## {table.name}",
        "",
        f"{_about(table)} Tells about: {table.info['whose']}.",
        "",
        "| Column | What it is, and why | Kept | Who can read it |",
        "| --- | --- | --- | --- |",
    ]
    for column in table.columns:
        purpose, kept = column.info["purpose"], column.info["retention"]
        lines.append(f"| `{column.name}` | {purpose} | {kept} | {readers(purpose)} |")
    return "\n".join([*lines, ""])
