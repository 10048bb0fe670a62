"""What came in, and what is on its way out."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Integer, LargeBinary, String
from sqlmodel import SQLModel

from bot.runtime.columns import column, whose
from bot.runtime.retention import DAY, DELIVERY, GIVEN_UP


class Seen(SQLModel, table=True):
    """Deliveries taken already, so that a repeated one does nothing."""

    __table_args__: Any = whose("nobody")
    id: bytes = column(LargeBinary, "keyed hash of the delivery's id", DAY, primary_key=True)
    at_ms: int = column(BigInteger, "for pruning", DAY, index=True)


class Outbox(SQLModel, table=True):
    """Cards that are committed and not yet delivered."""

    __table_args__: Any = whose("person", person="person")
    id: bytes = column(
        LargeBinary,
        "keyed hash: names the delivery, the same at each try",
        DELIVERY,
        primary_key=True,
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
