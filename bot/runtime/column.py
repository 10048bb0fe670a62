"""A column of the database, which says why it is there; a table, which says whose it is."""

from typing import Any, TypedDict, Unpack

from sqlalchemy import BigInteger, Column, Integer
from sqlmodel import Field


def whose(owner: str) -> dict[str, Any]:
    """What a table tells about: "person", "team", "workspace" or "nobody"."""
    return {"info": {"whose": owner}}


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
