"""What should happen after a turn. The runtime commits it, and only then acts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.between import Dismiss, Inform, Invite, TakeBack, Tell, Volunteer, Withdraw
from bot.core.deck import Piles
from bot.core.message import Card, Message
from bot.core.mine import Mine
from bot.core.nudge import Nudges
from bot.core.team import OwnSlip, Team


@dataclass(frozen=True, slots=True)
class Say:
    """Send a new card to the person.

    home  to their own chat, where that is known, wherever they acted.
    """

    card: Card = field(repr=False)
    home: bool = False


@dataclass(frozen=True, slots=True)
class Replace:
    """Rewrite the card that this turn came from; where there is none, send a new one.

    in_place  where there is none, say nothing.
    """

    card: Card = field(repr=False)
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """Wake this conversation with PauseOver after *seconds*, unless a turn comes first."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Remember how the person wants Landa to be. profile: a `context.Profile`, as plain values."""

    profile: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeepMine:
    """Remember *mine* of the box, and nothing that was remembered of it before."""

    mine: Mine = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settle:
    """Remember where the person can be reached alone, as `Inbound.home` says."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Take away everything that is kept about the person. Cards of this turn still go out."""


@dataclass(frozen=True, slots=True)
class Admit:
    """`Context.door` leads to all that is held about the person, once and within a quarter of an
    hour; what led there before leads nowhere.
    """


@dataclass(frozen=True, slots=True)
class SetNudges:
    """From now on the person wants *nudges*, and nothing that was planned before."""

    nudges: Nudges


@dataclass(frozen=True, slots=True)
class ClearNudges:
    """The person wants to hear nothing by itself: no slot and no reminder remains."""


@dataclass(frozen=True, slots=True)
class Remind:
    """Come back with Reminded at *at*, whatever happens until then.

    id    one among the person's slots and reminders, at most 16 characters; a new one takes the
          place of an older one.
    kind  as in `nudge.Slot`; with ".<slip>" after it, that slip comes.
    at    aware UTC.
    """

    id: str = field(repr=False)
    kind: str = field(repr=False)
    at: datetime


@dataclass(frozen=True, slots=True)
class Unremind:
    """The reminder *id* is not wanted any more; there may be none."""

    id: str


@dataclass(frozen=True, slots=True)
class SetTeam:
    """From now on *team* is what was agreed in the place that the person acts in. Leads that are
    added or gone since it was read are; those that others have changed meanwhile stand.
    """

    team: Team


@dataclass(frozen=True, slots=True)
class EndTeam:
    """Nothing is agreed there any more, and nothing of the team remains."""


@dataclass(frozen=True, slots=True)
class AddSlip:
    """A slip of the team's own is kept, in the place that the person acts in."""

    slip: OwnSlip = field(repr=False)


@dataclass(frozen=True, slots=True)
class ChangeSlip:
    """That slip is otherwise from now on; nothing, where it is gone meanwhile."""

    slip: OwnSlip = field(repr=False)


@dataclass(frozen=True, slots=True)
class DropSlip:
    """The slip of that id is gone."""

    id: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeepDrawn:
    """How far down its box the team is from now on. If somebody drew meanwhile, the turn is
    answered anew.

    piles  as in `deck.draw`.
    """

    piles: Piles = field(repr=False)


@dataclass(frozen=True, slots=True)
class Post:
    """Put a card into the team's channel, for all who are there. It stands, or has no choices."""

    card: Message = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True)
class Finish:
    """Rewrite a card that the conversation has left, at an *address* of the platform's own."""

    card: Card = field(repr=False)
    address: Mapping[str, str | int | bool] = field(repr=False)


_OfTeam = SetTeam | EndTeam | AddSlip | ChangeSlip | DropSlip | KeepDrawn | Post
_OfCompany = Volunteer | Withdraw | Dismiss | Invite | Inform | Tell | TakeBack
Effect = (
    Say
    | Replace
    | Pause
    | Keep
    | KeepMine
    | Settle
    | Forget
    | Admit
    | SetNudges
    | ClearNudges
    | Remind
    | Unremind
    | Finish
    | _OfTeam
    | _OfCompany
)
