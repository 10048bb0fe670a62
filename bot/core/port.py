"""The doors between a platform's adapter and the runtime: turns go in, cards come out; and what
the runtime keeps for an adapter, of where it is installed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from bot.core.installation import Installation
from bot.core.message import Card
from bot.core.turn import Inbound


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A committed card on its way to one person, or to all in a team's channel.

    id       of the outbox row; the same at every try.
    address  of the place that the turn came from, as the adapter made it. Of a card that is posted,
             `Place.room`, as the adapter made that: it is shown in the channel to everybody, as a
             message of its own, whose buttons anybody there may press. What one person is then
             answered must never be written into it. Where Landa may not write there, the
             DeliveryError is permanent, with a reason that says so to the operator.
    replace  rewrite the card named by the address; send a new one where it can't be.
    in_place where it can't be, send nothing.
    card     the id of each choice is a signed token: put it into the button as it is,
             and give it back as `Pressed(token)`.
    since    when the turn that led here was taken, aware UTC. A place may grow too old.
    home     address of the person's own chat, where it is known; else empty.
    doubts   earlier tries that may have delivered it: nobody knows how they ended.
    """

    id: str
    address: Mapping[str, str | int | bool] = field(repr=False)
    replace: bool
    card: Card = field(repr=False)
    language: str
    since: datetime
    home: Mapping[str, str | int | bool] = field(
        default_factory=dict[str, str | int | bool], repr=False
    )
    doubts: int = 0
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """burst: as many at once, after a rest. each_s: then one more after so many seconds."""

    burst: int
    each_s: float


@dataclass(frozen=True, slots=True)
class Pace:
    """How many cards a platform takes: to one person, and in one workspace."""

    person: Rate
    workspace: Rate


Taken = Literal["new", "seen", "late", "refused"]
"""new: committed now. seen: an act that was taken before, nothing is to be done.
late: not committed in time; it may still be, and its cards then follow by themselves.
refused: could not be committed; nothing of it is kept."""


def _nothing() -> None:
    """There is no ride to confirm."""


@dataclass(frozen=True, slots=True)
class Answer:
    """riding: the card to put into the answer, when the caller asked for a ride and there is one.
    Of "late" and "refused" it says so; nothing of it is kept.

    ridden    call it once the answer has been written out; until then the outbox keeps the card
              and sends it itself after a short while.
    declined  call it instead where the answer cannot hold the card: it is sent at once.
    rewrite   what the pressed card says from now on. It is delivered as any other; a platform
              that shows it already in its answer only shows it sooner.
    kept      how the person wants Landa to be has changed: pages of theirs are to be drawn anew.
    """

    taken: Taken
    riding: Outgoing | None = None
    ridden: Callable[[], None] = _nothing
    rewrite: Outgoing | None = None
    declined: Callable[[], None] = _nothing
    kept: bool = False


class Handle(Protocol):
    async def __call__(
        self, inbound: Inbound, *, ride: bool = False, patient: bool = False
    ) -> Answer:
        """Take one turn. Never raises; answers within half a second.

        ride     the platform lets one new card ride on the answer to this delivery.
        patient  the person waits in a window that keeps what they wrote, or nobody waits at all:
                 answers within two and a half seconds.
        """
        ...


class Deliver(Protocol):
    async def __call__(self, outgoing: Outgoing) -> None:
        """Put one card in front of its person.

        raises  DeliveryError; any other exception counts as one of unknown outcome.
        """
        ...


class Installations(Protocol):
    """The workspaces and organisations that have installed Landa, on one platform.

    Every method raises StorageError when the database fails, and StateError when what it
    holds cannot be read.
    """

    async def find(self, team: str, enterprise: str = "") -> Installation | None:
        """The workspace's own, or else that of its organisation.

        enterprise  as the platform names it; "" finds the one that served the workspace before.
        """
        ...

    async def current(self, installation: Installation) -> Installation | None:
        """The same as it is stored now."""
        ...

    async def begin(self, installation: Installation) -> None:
        """A new one. Nothing that an earlier one left behind remains, unless its token is the
        same: then it was only approved once more.
        """
        ...

    async def change(self, installation: Installation) -> bool:
        """False when somebody else changed it since this *version* was read."""
        ...

    async def forget(self, team: str, enterprise: str, at: datetime) -> bool:
        """It was taken away at *at*; of the whole organisation where *team* is "".

        Nothing is sent any more, and everything about its people goes. False, and nothing goes,
        when it was installed again after *at*.
        """
        ...

    async def all(self) -> tuple[Installation, ...]: ...


class Album(Protocol):
    """The pictures that cards show, and under which ids a platform keeps them for us.

    Each method but `draw` raises StorageError when the database fails.
    """

    @property
    def names(self) -> Sequence[str]:
        """File names of the moving ones."""
        ...

    async def draw(self, name: str) -> bytes | None:
        """None for a name that no slip has."""
        ...

    async def kept(self, team: str) -> Mapping[str, str]:
        """Name -> id, in that workspace."""
        ...

    async def keep(self, team: str, name: str, id: str) -> None:
        """In the place of an earlier one."""
        ...


class Tickets(Protocol):
    """Tickets that only we can have made, each good for ten minutes, one browser and one time."""

    def issue(self, browser: str) -> str: ...
    async def redeem(self, ticket: str, browser: str) -> bool:
        """raises  StorageError"""
        ...
