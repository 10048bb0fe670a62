"""What columns and tables are made of: each says why it is there, for how long, and whose it is."""

from typing import Any, Literal, TypedDict, Unpack

from sqlalchemy import BigInteger, Column, Integer, Table
from sqlmodel import Field

Code = Literal["person", "lead"]
"""How a person stands in a column: by their own code, or by the one that leads have, see `Lead`."""


def whose(whom: str, **theirs: Code) -> dict[str, Any]:
    """What a table tells about: "person", "team", "workspace" or "nobody".

    theirs  the columns by which a person's own rows are found, and how they stand there.
    """
    return {"info": {"whose": whom, "theirs": theirs}}


# SQLite keeps a table in the order of a key only when its type is called just that.
WHOLE_KEY = BigInteger().with_variant(Integer, "sqlite")


class _Where(TypedDict, total=False):
    primary_key: bool
    nullable: bool
    index: bool


def column(kind: Any, purpose: str, retention: str, **where: Unpack[_Where]) -> Any:
    """A column that says why it is there and for how long."""
    made = Column(
        kind,
        info={"purpose": purpose, "retention": retention},
        autoincrement=False,
        primary_key=where.get("primary_key", False),
        nullable=where.get("nullable", False),
        index=where.get("index"),
    )
    return Field(sa_column=made)


KEY = "keyed hash"
"""A purpose that begins so says: a hash of which the workspace is a part, and our key. Nobody of
another workspace has the same one, whatever the platform calls them."""


def is_key(column: "Column[Any]") -> bool:
    return str(column.info.get("purpose", "")).startswith(KEY)


def is_about_somebody(table: Table) -> bool:
    """A person, a team, or a workspace."""
    return table.info.get("whose", "nobody") != "nobody"
