"""What is stored about one person."""

from typing import Any

from sqlalchemy import BigInteger, Integer, LargeBinary, String, UniqueConstraint
from sqlmodel import SQLModel

from bot.runtime.columns import WHOLE_KEY, column, whose
from bot.runtime.retention import ASKED, CHOSEN, DAY, OPENED, TURN


class Conversation(SQLModel, table=True):
    """Where each person is, while they are somewhere."""

    __table_args__: Any = whose("person", person="person")
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

    __table_args__: Any = whose("person", person="person")
    person: bytes = column(LargeBinary, "keyed hash: whose", CHOSEN, primary_key=True)
    workspace: bytes = column(LargeBinary, "keyed hash: where", CHOSEN)
    profile: bytes | None = column(
        LargeBinary,
        "sealed: language, moving pictures, time zone, suggestions or not",
        CHOSEN,
        nullable=True,
    )
    home: bytes | None = column(
        LargeBinary, "sealed: the address of the person's own chat", CHOSEN, nullable=True
    )
    nudges: bytes | None = column(
        LargeBinary, "sealed: what Landa may say by itself, and when it did", CHOSEN, nullable=True
    )
    mine: bytes | None = column(
        LargeBinary, "sealed: place in the box, slips saved, and finished", CHOSEN, nullable=True
    )


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
    __table_args__: Any = (UniqueConstraint("owner", "slot"), whose("person", owner="person"))


class Due(SQLModel, table=True):
    """What the clock is to wake: at most one pause for each person."""

    __table_args__: Any = whose("person", person="person")
    person: bytes = column(LargeBinary, "keyed hash: whose", TURN, primary_key=True)
    workspace: bytes = column(LargeBinary, "keyed hash: part of the seal", TURN)
    platform: str = column(String(16), "which adapter delivers", TURN)
    serial: int = column(BigInteger, "a pause of an older turn wakes nobody", TURN)
    due_ms: int = column(BigInteger, "when", TURN, index=True)
    lease_ms: int = column(BigInteger, "held by a clock until then", TURN)
    tries: int = column(Integer, "set aside after five", TURN)
    payload: bytes = column(LargeBinary, "sealed: who and where", TURN)


class Entry(SQLModel, table=True):
    """A way in to all that is held about a person: at most one for each, good once."""

    __table_args__: Any = whose("person", person="person")
    id: bytes = column(
        LargeBinary, "keyed hash of what stands in the address", OPENED, primary_key=True
    )
    person: bytes = column(LargeBinary, "keyed hash: whose", OPENED, index=True)
    workspace: bytes = column(LargeBinary, "keyed hash: where; part of the seal", OPENED)
    sealed: bytes = column(LargeBinary, "sealed: who they are, and their language", OPENED)
    until_ms: int = column(BigInteger, "opens nothing from then on", OPENED, index=True)
