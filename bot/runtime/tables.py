"""What is stored, column by column, each with its purpose and how long it is kept.

Times are milliseconds since 1970 in UTC (`*_ms`). People and workspaces are keyed
hashes; "sealed" bytes can be read only with the keys, which are not in the database.
"""

from typing import Any, TypedDict, Unpack

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table
from sqlmodel import Field, SQLModel

TURN = "until the next turn; emptied when the conversation rests, at most 26 hours"
DELIVERY = "until delivered, at most 24 hours"
DAY = "26 hours"
CHOSEN = "until the person changes it"
INSTALLED = "until Landa is taken away from there"


class _Where(TypedDict, total=False):
    primary_key: bool
    nullable: bool
    index: bool


def _column(kind: Any, purpose: str, retention: str, **where: Unpack[_Where]) -> Any:
    """A column that says why it is there and for how long."""
    column = Column(
        kind,
        info={"purpose": purpose, "retention": retention},
        primary_key=where.get("primary_key", False),
        nullable=where.get("nullable", False),
        index=where.get("index"),
    )
    return Field(sa_column=column)


class Conversation(SQLModel, table=True):
    """Where each person is, while they are somewhere."""

    person: bytes = _column(LargeBinary, "keyed hash: whose", DAY, primary_key=True)
    workspace: bytes = _column(LargeBinary, "keyed hash: where", DAY)
    serial: int = _column(BigInteger, "which card is the newest; decides between two presses", DAY)
    state: bytes | None = _column(LargeBinary, "sealed: flow, step, offers", TURN, nullable=True)
    updated_ms: int = _column(BigInteger, "for pruning", DAY, index=True)


class Person(SQLModel, table=True):
    """How a person wants Landa to be, and where to reach them; only for those who said so."""

    person: bytes = _column(LargeBinary, "keyed hash: whose", CHOSEN, primary_key=True)
    workspace: bytes = _column(LargeBinary, "keyed hash: where", CHOSEN)
    profile: bytes | None = _column(
        LargeBinary, "sealed: language, moving pictures, time zone", CHOSEN, nullable=True
    )
    home: bytes | None = _column(
        LargeBinary, "sealed: the address of the person's own chat", CHOSEN, nullable=True
    )


class Outbox(SQLModel, table=True):
    """Cards that are committed and not yet delivered."""

    id: bytes = _column(
        LargeBinary, "names the delivery, the same at each try", DELIVERY, primary_key=True
    )
    person: bytes = _column(LargeBinary, "keyed hash: keeps one person's cards in order", DELIVERY)
    workspace: bytes = _column(LargeBinary, "keyed hash: part of the seal", DELIVERY)
    platform: str = _column(String(16), "which adapter delivers", DELIVERY)
    payload: bytes | None = _column(
        LargeBinary, "sealed: card and address", DELIVERY, nullable=True
    )
    created_ms: int = _column(BigInteger, "order and expiry", DELIVERY)
    due_ms: int = _column(
        BigInteger, "not tried before; moved on while somebody tries", DELIVERY, index=True
    )
    tries: int = _column(Integer, "when to give up", DELIVERY)
    doubts: int = _column(
        Integer, "tries that may have delivered it; whoever holds it counts as one", DELIVERY
    )
    given_up: str | None = _column(
        String(64),
        "why it was given up, as a code; then the payload and the person are gone",
        "7 days",
        nullable=True,
    )


class Due(SQLModel, table=True):
    """What the clock is to wake: at most one pause for each person."""

    person: bytes = _column(LargeBinary, "keyed hash: whose", TURN, primary_key=True)
    workspace: bytes = _column(LargeBinary, "keyed hash: part of the seal", TURN)
    platform: str = _column(String(16), "which adapter delivers", TURN)
    serial: int = _column(BigInteger, "a pause of an older turn wakes nobody", TURN)
    due_ms: int = _column(BigInteger, "when", TURN, index=True)
    lease_ms: int = _column(BigInteger, "held by a clock until then", TURN)
    tries: int = _column(Integer, "set aside after five", TURN)
    payload: bytes = _column(LargeBinary, "sealed: who and where", TURN)


class Seen(SQLModel, table=True):
    """Deliveries taken already, so that a repeated one does nothing."""

    id: bytes = _column(LargeBinary, "keyed hash of the delivery's id", DAY, primary_key=True)
    at_ms: int = _column(BigInteger, "for pruning", DAY, index=True)


class Installation(SQLModel, table=True):
    """Each workspace, or organisation, that has installed Landa for itself."""

    id: bytes = _column(LargeBinary, "keyed hash: of where", INSTALLED, primary_key=True)
    platform: str = _column(String(16), "which adapter it is for", INSTALLED)
    sealed: bytes = _column(LargeBinary, "sealed: ids, tokens, scopes, when", INSTALLED)
    version: int = _column(BigInteger, "decides between two that change it", INSTALLED)


class Served(SQLModel, table=True):
    """Workspaces that an organisation's installation serves."""

    workspace: bytes = _column(LargeBinary, "keyed hash: where", INSTALLED, primary_key=True)
    installation: bytes = _column(LargeBinary, "keyed hash: of the organisation", INSTALLED)
    since_ms: int = _column(BigInteger, "news from before then come too late", INSTALLED)


class Keyring(SQLModel, table=True):
    """Landa's own keys, wrapped by LANDA_SECRET_KEYS."""

    purpose: str = _column(String(16), "what the key is for", "for good", primary_key=True)
    wrapped: bytes = _column(LargeBinary, "the key, sealed by the operator's key", "for good")


METADATA = SQLModel.metadata


def table(model: type[SQLModel]) -> Table:
    """The Core table of *model*, which the hot path's statements are made of."""
    return METADATA.tables[model.__name__.lower()]
