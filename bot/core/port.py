"""The two doors between a platform's adapter and the runtime: turns go in, cards come out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from bot.core.message import Card
from bot.core.turn import Inbound


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A committed card on its way to one person.

    id       of the outbox row; the same at every try.
    address  of the place that the turn came from, as the adapter made it.
    replace  rewrite the card named by the address; send a new one where it can't be.
    card     the id of each choice is a signed token: put it into the button as it is,
             and give it back as `Pressed(token)`.
    since    when the turn that led here was taken, aware UTC. A place may grow too old.
    """

    id: str
    address: Mapping[str, str | int | bool] = field(repr=False)
    replace: bool
    card: Card = field(repr=False)
    language: str
    since: datetime


Taken = Literal["new", "seen", "late", "refused"]
"""new: committed now. seen: an act that was taken before, nothing is to be done.
late: not committed in time; it may still be, and its cards then follow by themselves.
refused: could not be committed; nothing of it is kept."""


def _nothing() -> None:
    """There is no ride to confirm."""


@dataclass(frozen=True, slots=True)
class Answer:
    """riding: the card to put into the answer, when the caller asked for a ride and there is one.

    Call `ridden` once the answer has been written out; until then the outbox
    keeps the card and sends it itself after a short while.
    """

    taken: Taken
    riding: Outgoing | None = None
    ridden: Callable[[], None] = _nothing


class Handle(Protocol):
    async def __call__(self, inbound: Inbound, *, ride: bool = False) -> Answer:
        """Take one turn. Never raises; answers within half a second.

        ride  the platform lets one new card ride on the answer to this delivery.
        """
        ...


class Deliver(Protocol):
    async def __call__(self, outgoing: Outgoing) -> None:
        """Put one card in front of its person.

        raises  DeliveryError; any other exception counts as one of unknown outcome.
        """
        ...
