"""What is stored, column by column, each with its purpose and how long it is kept.

Times are milliseconds since 1970 in UTC (`*_ms`). People and workspaces are keyed
hashes; "sealed" bytes can be read only with the keys, which are not in the database.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)
from sqlmodel import SQLModel

from bot.runtime.column import WHOLE_KEY, column, whose
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


class Conversation(SQLModel, table=True):
    """Where each person is, while they are somewhere."""

    __table_args__: Any = whose("person")
    person: bytes = column(LargeBinary, "keyed hash: whose", DAY, primary_key=True)
    workspace: bytes = column(LargeBinary, "keyed hash: where", DAY)
    serial: int = column(BigInteger, "which card is the newest; decides between two presses", DAY)
    state: bytes | None = column(
        LargeBinary, "sealed: flow, step, offers, its card", TURN, nullable=True
    )
    updated_ms: int = column(BigInteger, "for pruning", DAY, index=True)


class Person(SQLModel, table=True):
    """How a person wants Landa to be, and where to reach them; only for those who said so. Also
    what Landa may say by itself in a team."""

    __table_args__: Any = whose("person")
    person: bytes = column(LargeBinary, "keyed hash: whose", CHOSEN, primary_key=True)
    workspace: bytes = column(LargeBinary, "keyed hash: where", CHOSEN)
    profile: bytes | None = column(
        LargeBinary, "sealed: language, moving pictures, time zone", CHOSEN, nullable=True
    )
    home: bytes | None = column(
        LargeBinary, "sealed: the address of the person's own chat", CHOSEN, nullable=True
    )
    nudges: bytes | None = column(
        LargeBinary, "sealed: what Landa may say by itself, and when it did", CHOSEN, nullable=True
    )


class Outbox(SQLModel, table=True):
    """Cards that are committed and not yet delivered."""

    __table_args__: Any = whose("person")
    id: bytes = column(
        LargeBinary, "names the delivery, the same at each try", DELIVERY, primary_key=True
    )
    person: bytes = column(LargeBinary, "keyed hash: keeps one person's cards in order", DELIVERY)
    workspace: bytes = column(LargeBinary, "keyed hash: part of the seal", DELIVERY)
    platform: str = column(String(16), "which adapter delivers", DELIVERY)
    payload: bytes | None = column(LargeBinary, "sealed: card and address", DELIVERY, nullable=True)
    created_ms: int = column(BigInteger, "order and expiry", DELIVERY)
    due_ms: int = column(
        BigInteger, "not tried before; moved on while somebody tries", DELIVERY, index=True
    )
    tries: int = column(Integer, "when to give up", DELIVERY)
    doubts: int = column(
        Integer, "tries that may have delivered it; whoever holds it counts as one", DELIVERY
    )
    once: bool = column(Boolean, "a nudge: rather never than twice", DELIVERY)
    expires_ms: int = column(BigInteger, "not sent any more from then on", DELIVERY)
    given_up: str | None = column(
        String(64),
        "why it was given up, as a code; then the payload and the person are gone",
        GIVEN_UP,
        nullable=True,
    )


class Due(SQLModel, table=True):
    """What the clock is to wake: at most one pause for each person."""

    __table_args__: Any = whose("person")
    person: bytes = column(LargeBinary, "keyed hash: whose", TURN, primary_key=True)
    workspace: bytes = column(LargeBinary, "keyed hash: part of the seal", TURN)
    platform: str = column(String(16), "which adapter delivers", TURN)
    serial: int = column(BigInteger, "a pause of an older turn wakes nobody", TURN)
    due_ms: int = column(BigInteger, "when", TURN, index=True)
    lease_ms: int = column(BigInteger, "held by a clock until then", TURN)
    tries: int = column(Integer, "set aside after five", TURN)
    payload: bytes = column(LargeBinary, "sealed: who and where", TURN)


class Nudge(SQLModel, table=True):
    """What the clock is to say by itself: one row for each slot of an owner, and each reminder."""

    id: int = column(
        WHOLE_KEY, "names the row; rows of one zone and time lie together", ASKED, primary_key=True
    )
    owner: bytes = column(LargeBinary, "keyed hash: a person, or a team", ASKED)
    slot: str = column(String(16), "which of the owner's", ASKED)
    workspace: bytes = column(LargeBinary, "keyed hash: part of the seal; whose pace", ASKED)
    platform: str = column(String(16), "which adapter delivers", ASKED)
    minute: int = column(Integer, "wall time, as minutes of the day", ASKED)
    days: int = column(Integer, "weekdays, as bits; 0: a reminder, only once", ASKED)
    zone: str = column(String(64), "of the wall time", ASKED)
    at_ms: int = column(BigInteger, "when it is due next", ASKED)
    due_ms: int = column(
        BigInteger, "when the clock looks: then, or when a claim has ended", ASKED, index=True
    )
    pending_ms: int = column(BigInteger, "what is being taken, as it was due; 0: nothing", ASKED)
    until_ms: int = column(BigInteger, "from then on it is too late for that", ASKED)
    tries: int = column(Integer, "set aside after five", ASKED)
    payload: bytes = column(LargeBinary, "sealed: who and where", ASKED)
    __table_args__: Any = (UniqueConstraint("owner", "slot"), whose("person"))


class Team(SQLModel, table=True):
    """What is agreed in a team's channel. What Landa says there by itself stands among `Person`."""

    __table_args__: Any = whose("team")
    team: bytes = column(LargeBinary, "keyed hash: of the channel", AGREED, primary_key=True)
    workspace: bytes = column(LargeBinary, "keyed hash: where; part of the seal", AGREED)
    sealed: bytes = column(
        LargeBinary,
        "sealed: language, kinds of slips, the weekly question, the day of a lead's last act",
        AGREED,
    )


class Lead(SQLModel, table=True):
    """Who answers for a team: the one who set it up, and those who said they want to."""

    __table_args__: Any = whose("person")
    team: bytes = column(LargeBinary, "keyed hash: of the channel", AGREED, primary_key=True)
    lead: bytes = column(
        LargeBinary,
        "keyed hash of the person, another one than anywhere else: it tells nothing they do",
        LEADING,
        primary_key=True,
        index=True,
    )
    workspace: bytes = column(LargeBinary, "keyed hash: where", AGREED)


class Colleague(SQLModel, table=True):
    """Who has said, in a team's channel, that those who are there may ask them for company."""

    __table_args__: Any = whose("person")
    team: bytes = column(LargeBinary, "keyed hash: of the channel", CHOSEN, primary_key=True)
    colleague: bytes = column(
        LargeBinary, "keyed hash of the person, as in `Lead`", CHOSEN, primary_key=True, index=True
    )
    workspace: bytes = column(LargeBinary, "keyed hash: where", CHOSEN)
    sealed: bytes = column(
        LargeBinary, "sealed: name, language, hours, pause, the address of their own chat", CHOSEN
    )


class Invitation(SQLModel, table=True):
    """A question for company on its way: at most one for each who asks."""

    __table_args__: Any = whose("person")
    id: bytes = column(
        LargeBinary, "names the question, and its card in the outbox", OPEN, primary_key=True
    )
    team: bytes = column(LargeBinary, "keyed hash: of the channel", OPEN)
    asker: bytes = column(LargeBinary, "keyed hash of who asks, as in `Lead`", OPEN, index=True)
    asked: bytes = column(LargeBinary, "keyed hash of who is asked, as in `Lead`", OPEN, index=True)
    workspace: bytes = column(LargeBinary, "keyed hash: where; part of the seal", OPEN)
    sealed: bytes = column(LargeBinary, "sealed: who is asked, where the answer goes", OPEN)
    until_ms: int = column(BigInteger, "for pruning", OPEN, index=True)


class Seen(SQLModel, table=True):
    """Deliveries taken already, so that a repeated one does nothing."""

    __table_args__: Any = whose("nobody")
    id: bytes = column(LargeBinary, "keyed hash of the delivery's id", DAY, primary_key=True)
    at_ms: int = column(BigInteger, "for pruning", DAY, index=True)


class Installation(SQLModel, table=True):
    """Each workspace, or organisation, that has installed Landa for itself."""

    __table_args__: Any = whose("workspace")
    id: bytes = column(LargeBinary, "keyed hash: of where", INSTALLED, primary_key=True)
    platform: str = column(String(16), "which adapter it is for", INSTALLED)
    sealed: bytes = column(LargeBinary, "sealed: ids, tokens, scopes, when", INSTALLED)
    version: int = column(BigInteger, "decides between two that change it", INSTALLED)


class Served(SQLModel, table=True):
    """Workspaces that an organisation's installation serves."""

    __table_args__: Any = whose("workspace")
    workspace: bytes = column(LargeBinary, "keyed hash: where", INSTALLED, primary_key=True)
    installation: bytes = column(LargeBinary, "keyed hash: of the organisation", INSTALLED)
    since_ms: int = column(BigInteger, "news from before then come too late", INSTALLED)


class Upload(SQLModel, table=True):
    """Pictures that a platform keeps for us, in each workspace."""

    __table_args__: Any = whose("workspace")
    id: bytes = column(LargeBinary, "keyed hash: which picture, where", INSTALLED, primary_key=True)
    workspace: bytes = column(LargeBinary, "keyed hash: where", INSTALLED, index=True)
    sealed: bytes = column(LargeBinary, "sealed: its name, and the platform's id of it", INSTALLED)


class Keyring(SQLModel, table=True):
    """Landa's own keys, wrapped by LANDA_SECRET_KEYS."""

    __table_args__: Any = whose("nobody")
    purpose: str = column(String(16), "what the key is for", GOOD, primary_key=True)
    wrapped: bytes = column(LargeBinary, "the key, sealed by the operator's key", GOOD)


METADATA = SQLModel.metadata


def table(model: type[SQLModel]) -> Table:
    """The Core table of *model*, which the hot path's statements are made of."""
    return METADATA.tables[model.__name__.lower()]
