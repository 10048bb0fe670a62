"""One delivery being taken: whose it is, and what is known of them."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.core.colleague import Colleague, Invitation
from bot.core.team import Team
from bot.core.turn import Inbound, Person, Place
from bot.runtime.vault import Vault


@dataclass(frozen=True, slots=True)
class Who:
    """person, workspace: as they stand in the database. bound_to: what their rows are sealed to."""

    person: bytes
    workspace: bytes

    @property
    def bound_to(self) -> bytes:
        return self.workspace + self.person


@dataclass(frozen=True, slots=True)
class Here:
    """The place of a team. who, person: the team itself, like somebody. place: its channel.

    drawn  how far down its box it is, sealed, as it was loaded.
    """

    who: Who
    person: Person
    place: Place
    drawn: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Known:
    """A colleague who can be asked, and where they are reached alone."""

    colleague: Colleague
    person: Person
    home: Place


@dataclass(frozen=True, slots=True)
class Asked:
    """A question for company. person, home: who asks. room: the channel of their team.

    sealed  as it was loaded.
    """

    invitation: Invitation
    person: Person
    home: Place
    room: Place
    sealed: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Act:
    """One delivery being taken.

    seen  its id's hash.
    ride  its first card rides on the answer.
    home  where the person can be reached alone, if that is known.
    off   the workplace's days off.
    here  the place of the team that the person acts in, if there is one.
    team  what is agreed there.
    known the colleagues who can be asked there, by id.
    asked the question for company that this is about.
    key   as in `Context`.
    """

    inbound: Inbound
    who: Who
    seen: bytes
    ride: bool
    home: Place | None = None
    off: Container[date] = ()
    here: Here | None = None
    team: Team | None = None
    known: Mapping[str, Known] = field(default_factory=dict[str, Known], repr=False)
    asked: Asked | None = None
    key: str = field(default="", repr=False)


def card_id(seen: bytes, number: int, vault: Vault) -> bytes:
    """Of a turn's card, 0 for the first. By the delivery: serials begin anew for somebody who was
    forgotten.
    """
    return vault.hash("card", seen.hex(), str(number))
