"""What is stored, column by column, each with its purpose and how long it is kept.

Times are milliseconds since 1970 in UTC (`*_ms`). People and workspaces are keyed
hashes; "sealed" bytes can be read only with the keys, which are not in the database.
"""

from typing import Any, TypedDict, Unpack

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

from bot.runtime.retention import (
    AGREED,
    ASKED,
    CHOSEN,
    DAY,
    DELIVERY,
    GIVEN_UP,
    GOOD,
    INSTALLED,
    LEADING,
    OPEN,
    TURN,
)


def _whose(whose: str) -> dict[str, Any]:
    """What a table tells about: "person", "team", "workspace" or "nobody"."""
    return {"info": {"whose": whose}}


# SQLite keeps a table in the order of a key only when its type is called just that.
WHOLE_KEY = BigInteger().with_variant(Integer, "sqlite")


class _Where(TypedDict, total=False):
    primary_key: bool
    nullable: bool
    index: bool


def _column(kind: Any, purpose: str, retention: str, **where: Unpack[_Where]) -> Any:
    """A column that says why it is there and for how long."""
    column = Column(
        kind,
        info={"purpose": purpose, "retention": retention},
        autoincrement=False,
        primary_key=where.get("primary_key", False),
        nullable=where.get("nullable", False),
        index=where.get("index"),
    )
    return Field(sa_column=column)


class Conversation(SQLModel, table=True):
    """Where each person is, while they are somewhere."""

    __table_args__: Any = _whose("person")
    person: bytes = _column(LargeBinary, "keyed hash: whose", DAY, primary_key=True)
    workspace: bytes = _column(LargeBinary, "keyed hash: where", DAY)
    serial: int = _column(BigInteger, "which card is the newest; decides between two presses", DAY)
    state: bytes | None = _column(
        LargeBinary, "sealed: flow, step, offers, its card", TURN, nullable=True
    )
    updated_ms: int = _column(BigInteger, "for pruning", DAY, index=True)


class Person(SQLModel, table=True):
    """How a person wants Landa to be, and where to reach them; only for those who said so. Also
    what Landa may say by itself in a team."""

    __table_args__: Any = _whose("person")
    person: bytes = _column(LargeBinary, "keyed hash: whose", CHOSEN, primary_key=True)
    workspace: bytes = _column(LargeBinary, "keyed hash: where", CHOSEN)
    profile: bytes | None = _column(
        LargeBinary, "sealed: language, moving pictures, time zone", CHOSEN, nullable=True
    )
    home: bytes | None = _column(
        LargeBinary, "sealed: the address of the person's own chat", CHOSEN, nullable=True
    )
    nudges: bytes | None = _column(
        LargeBinary, "sealed: what Landa may say by itself, and when it did", CHOSEN, nullable=True
    )


class Outbox(SQLModel, table=True):
    """Cards that are committed and not yet delivered."""

    __table_args__: Any = _whose("person")
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
    once: bool = _column(Boolean, "a nudge: rather never than twice", DELIVERY)
    expires_ms: int = _column(BigInteger, "not sent any more from then on", DELIVERY)
    given_up: str | None = _column(
        String(64),
        "why it was given up, as a code; then the payload and the person are gone",
        GIVEN_UP,
        nullable=True,
    )


class Due(SQLModel, table=True):
    """What the clock is to wake: at most one pause for each person."""

    __table_args__: Any = _whose("person")
    person: bytes = _column(LargeBinary, "keyed hash: whose", TURN, primary_key=True)
    workspace: bytes = _column(LargeBinary, "keyed hash: part of the seal", TURN)
    platform: str = _column(String(16), "which adapter delivers", TURN)
    serial: int = _column(BigInteger, "a pause of an older turn wakes nobody", TURN)
    due_ms: int = _column(BigInteger, "when", TURN, index=True)
    lease_ms: int = _column(BigInteger, "held by a clock until then", TURN)
    tries: int = _column(Integer, "set aside after five", TURN)
    payload: bytes = _column(LargeBinary, "sealed: who and where", TURN)


class Nudge(SQLModel, table=True):
    """What the clock is to say by itself: one row for each slot of an owner, and each reminder."""

    id: int = _column(
        WHOLE_KEY, "names the row; rows of one zone and time lie together", ASKED, primary_key=True
    )
    owner: bytes = _column(LargeBinary, "keyed hash: a person, or a team", ASKED)
    slot: str = _column(String(16), "which of the owner's", ASKED)
    workspace: bytes = _column(LargeBinary, "keyed hash: part of the seal; whose pace", ASKED)
    platform: str = _column(String(16), "which adapter delivers", ASKED)
    minute: int = _column(Integer, "wall time, as minutes of the day", ASKED)
    days: int = _column(Integer, "weekdays, as bits; 0: a reminder, only once", ASKED)
    zone: str = _column(String(64), "of the wall time", ASKED)
    at_ms: int = _column(BigInteger, "when it is due next", ASKED)
    due_ms: int = _column(
        BigInteger, "when the clock looks: then, or when a claim has ended", ASKED, index=True
    )
    pending_ms: int = _column(BigInteger, "what is being taken, as it was due; 0: nothing", ASKED)
    until_ms: int = _column(BigInteger, "from then on it is too late for that", ASKED)
    tries: int = _column(Integer, "set aside after five", ASKED)
    payload: bytes = _column(LargeBinary, "sealed: who and where", ASKED)
    __table_args__: Any = (UniqueConstraint("owner", "slot"), _whose("person"))


class Team(SQLModel, table=True):
    """What is agreed in a team's channel. What Landa says there by itself stands among `Person`."""

    __table_args__: Any = _whose("team")
    team: bytes = _column(LargeBinary, "keyed hash: of the channel", AGREED, primary_key=True)
    workspace: bytes = _column(LargeBinary, "keyed hash: where; part of the seal", AGREED)
    sealed: bytes = _column(
        LargeBinary,
        "sealed: language, kinds of slips, the weekly question, the day of a lead's last act",
        AGREED,
    )


class Lead(SQLModel, table=True):
    """Who answers for a team: the one who set it up, and those who said they want to."""

    __table_args__: Any = _whose("person")
    team: bytes = _column(LargeBinary, "keyed hash: of the channel", AGREED, primary_key=True)
    lead: bytes = _column(
        LargeBinary,
        "keyed hash of the person, another one than anywhere else: it tells nothing they do",
        LEADING,
        primary_key=True,
        index=True,
    )
    workspace: bytes = _column(LargeBinary, "keyed hash: where", AGREED)


class Colleague(SQLModel, table=True):
    """Who has said, in a team's channel, that those who are there may ask them for company."""

    __table_args__: Any = _whose("person")
    team: bytes = _column(LargeBinary, "keyed hash: of the channel", CHOSEN, primary_key=True)
    colleague: bytes = _column(
        LargeBinary, "keyed hash of the person, as in `Lead`", CHOSEN, primary_key=True, index=True
    )
    workspace: bytes = _column(LargeBinary, "keyed hash: where", CHOSEN)
    sealed: bytes = _column(
        LargeBinary, "sealed: name, language, hours, pause, the address of their own chat", CHOSEN
    )


class Invitation(SQLModel, table=True):
    """A question for company on its way: at most one for each who asks."""

    __table_args__: Any = _whose("person")
    id: bytes = _column(LargeBinary, "names it, and its card in the outbox", OPEN, primary_key=True)
    team: bytes = _column(LargeBinary, "keyed hash: of the channel", OPEN)
    asker: bytes = _column(LargeBinary, "keyed hash of who asks, as in `Lead`", OPEN, index=True)
    asked: bytes = _column(
        LargeBinary, "keyed hash of who is asked, as in `Lead`", OPEN, index=True
    )
    workspace: bytes = _column(LargeBinary, "keyed hash: where; part of the seal", OPEN)
    sealed: bytes = _column(LargeBinary, "sealed: who is asked, where the answer goes", OPEN)
    until_ms: int = _column(BigInteger, "for pruning", OPEN, index=True)


class Seen(SQLModel, table=True):
    """Deliveries taken already, so that a repeated one does nothing."""

    __table_args__: Any = _whose("nobody")
    id: bytes = _column(LargeBinary, "keyed hash of the delivery's id", DAY, primary_key=True)
    at_ms: int = _column(BigInteger, "for pruning", DAY, index=True)


class Installation(SQLModel, table=True):
    """Each workspace, or organisation, that has installed Landa for itself."""

    __table_args__: Any = _whose("workspace")
    id: bytes = _column(LargeBinary, "keyed hash: of where", INSTALLED, primary_key=True)
    platform: str = _column(String(16), "which adapter it is for", INSTALLED)
    sealed: bytes = _column(LargeBinary, "sealed: ids, tokens, scopes, when", INSTALLED)
    version: int = _column(BigInteger, "decides between two that change it", INSTALLED)


class Served(SQLModel, table=True):
    """Workspaces that an organisation's installation serves."""

    __table_args__: Any = _whose("workspace")
    workspace: bytes = _column(LargeBinary, "keyed hash: where", INSTALLED, primary_key=True)
    installation: bytes = _column(LargeBinary, "keyed hash: of the organisation", INSTALLED)
    since_ms: int = _column(BigInteger, "news from before then come too late", INSTALLED)


class Upload(SQLModel, table=True):
    """Pictures that a platform keeps for us, in each workspace."""

    __table_args__: Any = _whose("workspace")
    id: bytes = _column(
        LargeBinary, "keyed hash: which picture, where", INSTALLED, primary_key=True
    )
    workspace: bytes = _column(LargeBinary, "keyed hash: where", INSTALLED, index=True)
    sealed: bytes = _column(LargeBinary, "sealed: its name, and the platform's id of it", INSTALLED)


class Keyring(SQLModel, table=True):
    """Landa's own keys, wrapped by LANDA_SECRET_KEYS."""

    __table_args__: Any = _whose("nobody")
    purpose: str = _column(String(16), "what the key is for", GOOD, primary_key=True)
    wrapped: bytes = _column(LargeBinary, "the key, sealed by the operator's key", GOOD)


METADATA = SQLModel.metadata


def table(model: type[SQLModel]) -> Table:
    """The Core table of *model*, which the hot path's statements are made of."""
    return METADATA.tables[model.__name__.lower()]
