"""What a flow may see while it answers."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from zlib import crc32
from zoneinfo import ZoneInfo

from bot.core.colleague import Colleague, Invitation
from bot.core.exercise import Exercise
from bot.core.lexicon import Lexicon
from bot.core.library import Library, SupportLine
from bot.core.mine import Mine
from bot.core.nudge import Nudges
from bot.core.site import Site
from bot.core.team import Team
from bot.core.words import Words

Motion = Literal["moving", "still"]
Suggest = Literal["no", "yes"]


@dataclass(frozen=True, slots=True)
class Profile:
    """How the person wants Landa to be. language, zone: empty until chosen.

    trial  they have been shown how it looks when Landa speaks first.
    suggest  "yes": they want suggestions, and that what they finish is remembered for it.
    """

    language: str = ""
    motion: Motion = "moving"
    zone: str = ""
    trial: Literal["", "shown"] = ""
    suggest: Suggest = "no"


def zone_of(*names: str) -> ZoneInfo | None:
    """The first of *names* that is a time zone."""
    for name in filter(None, names):
        try:
            return ZoneInfo(name)
        except (KeyError, ValueError, OSError):  # unknown; or no name of a zone, but of a folder
            continue
    return None


@dataclass(frozen=True, slots=True)
class Context:
    """now: aware UTC. zone: the person's, as far as known.

    site       who helps where the person is: in the team of *here*, or in their workspace.
    variety    repeatable number of this person and day, for what should vary.
    nudges     None: nothing was ever asked for, or all of it was taken back.
    off        the workplace's days off.
    reachable  the person can be reached alone, at any later time.
    me         stands for the person among the leads and colleagues of teams, and nowhere
               else; "" like *here*.
    here       names the place of the team that they act in; "" where there is none. A flow that
               goes on elsewhere, in a talk with Landa alone, keeps it in its data as "here".
    team       what is set up there; None: nothing.
    name       of the person, as in `message.Signed`.
    admin      as in `turn.Hints`.
    mine       what the person keeps of the box.
    called     how the platform writes their name; may be empty.
    key        names what begins with this turn; the same when the turn is answered anew.
    colleagues who can be asked for company in that team, whatever their hours.
    boss       the team's boss, once they have said that they can be asked; whatever their hours.
    account    the person's own, as in `message.FieldKind`; "" where the platform does not say so.
    door       where the person can see all that is held about them, once this turn says `Admit`; ""
               where Landa has no address of its own.
    held       the same as texts, each for one card; only for a flow that says `Flow.holds`.
    invitation what a press on a question for company, or on its answer, is about.
    takeover   after so many days without an act of a lead anybody in the team may become one; None:
               never.
    """

    now: datetime
    library: Library
    language: str
    profile: Profile = field(default_factory=Profile, repr=False)
    site: Site = field(default_factory=Site, repr=False)
    variety: int = field(default=0, repr=False)
    zone: ZoneInfo = field(default=ZoneInfo("UTC"), repr=False)
    nudges: Nudges | None = field(default=None, repr=False)
    off: Container[date] = ()
    reachable: bool = True
    me: str = field(default="", repr=False)
    here: str = field(default="", repr=False)
    team: Team | None = field(default=None, repr=False)
    name: str = field(default="", repr=False)
    mine: Mine = field(default_factory=Mine, repr=False)
    takeover: int | None = 60
    admin: bool = False
    called: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    door: str = field(default="", repr=False)
    held: tuple[str, ...] = field(default=(), repr=False)
    colleagues: tuple[Colleague, ...] = field(default=(), repr=False)
    boss: Colleague | None = field(default=None, repr=False)
    account: str = field(default="", repr=False)
    invitation: Invitation | None = field(default=None, repr=False)

    @property
    def local_now(self) -> datetime:
        """Aware, in the person's zone."""
        return self.now.astimezone(self.zone)

    @property
    def words(self) -> Words:
        return self.library.words[self.language]

    @property
    def lexicon(self) -> Lexicon:
        return self.library.lexicons[self.language]

    @property
    def exercises(self) -> Mapping[str, Exercise]:
        return self.library.exercises[self.language]

    @property
    def support(self) -> tuple[SupportLine, ...]:
        return self.library.support[self.language]

    def draw(self, slips: Sequence[Exercise], count: int, tried: str = "") -> list[Exercise]:
        """Up to *count* of *slips*, other than those named in *tried* while such remain.

        tried  ids parted by spaces. The order is fixed by `variety`, so that a repeated
               turn draws the same, and a new slip in the box leaves the others' order alone.
        """
        fresh = [slip for slip in slips if slip.id not in tried.split()] or list(slips)
        return sorted(fresh, key=lambda slip: crc32(f"{self.variety}{slip.id}".encode()))[:count]
