"""What should happen between two people: effects, as in `bot.core.effect`."""

from dataclasses import dataclass, field

from bot.core.colleague import Colleague
from bot.core.message import Message


@dataclass(frozen=True, slots=True)
class Volunteer:
    """The person can be asked for company by those of the team that they act in, as it says."""

    colleague: Colleague


@dataclass(frozen=True, slots=True)
class Withdraw:
    """The person can be asked no more, and what was on its way to them is not sent.

    everywhere  in no team; else not in the one that they act in.
    """

    everywhere: bool


@dataclass(frozen=True, slots=True)
class Dismiss:
    """The boss of that id is asked as the boss of this team no more; what was on its way to them is
    not sent."""

    id: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Invite:
    """Ask a colleague of this team for company, in the place of whatever was asked before. Where
    they can be asked no more, the turn is answered anew.

    to    `Colleague.id`.
    card  stands; its choices name `Context.key`, which is the invitation's id.
    tried as in `Invitation`, with *to* as the last.
    """

    to: str = field(repr=False)
    card: Message = field(repr=False)
    tried: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Inform:
    """Tell a colleague of this team something that needs no answer. Where they say yes no more, the
    turn is answered anew.

    to    `Colleague.id`.
    card  stands.
    """

    to: str = field(repr=False)
    card: Message = field(repr=False)


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell who asked what was answered. If the question was taken back meanwhile, the turn is
    answered anew.

    card  stands, or has no choices; in the asker's language.
    over  nothing of the invitation is needed any more.
    """

    card: Message = field(repr=False)
    over: bool


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The person's question is taken back. If it was answered meanwhile, the turn is answered
    anew."""
