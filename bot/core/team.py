"""A team: the channel or group chat where somebody has set Landa up, and what was agreed there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from bot.core.deck import Pile
from bot.core.nudge import Nudges


@dataclass(frozen=True, slots=True)
class Weekly:
    """The question that is asked each week. Its time is the slot "question" of the team's nudges;
    without that slot it rests.

    deck   a new one each week, of this kind of slips; "" where it is the same each week.
    slip   the id of the one that is the same; "" where it is in a lead's own words.
    text   those words.
    day    ISO weekday, and at: wall time; kept while it rests.
    since  what is drawn is counted from this day.
    by     the lead it comes from, as in `message.Signed`; "" when they are gone: until another one
           takes it on, it rests.
    lead   `Context.me` of that lead.
    """

    day: int
    at: time
    since: date
    by: str = field(default="", repr=False)
    deck: str = ""
    slip: str = ""
    text: str = ""
    lead: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OwnSlip:
    """A slip that somebody in the team has written.

    id        16 hexadecimal digits.
    kind      one of `ownslips.KINDS`.
    seconds   how long it takes.
    approved  a second person has put it into the box.
    author    `Context.me` of who wrote it; "" when they wanted to be forgotten, or when it was
              a question that all saw.
    """

    id: str
    kind: str
    text: str = field(repr=False)
    seconds: int
    approved: bool = False
    author: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Team:
    """Who is in the team is not known here: whoever stands in its place is.

    language  of what is said to everybody.
    kinds     of slips that its cards show.
    acted     the day, in UTC, on which a lead last did something as one.
    nudges    what Landa says there by itself.
    leads     `Context.me` of each; none when all have left.
    asking    the last day on which whoever wants may become a lead too.
    weekly    the question of each week, if there is one.
    slips     the team's own, also those that nobody has approved yet.
    boss      the account of whom a lead has named as the team's boss, as in `message.FieldKind`, as
              long as they have not said yes; "" for nobody.
    piles     how far down its box the team is at its meetings, as in `deck.draw`.
    """

    language: str
    kinds: frozenset[str]
    acted: date
    nudges: Nudges
    leads: frozenset[str] = field(default=frozenset(), repr=False)
    asking: date | None = None
    weekly: Weekly | None = None
    slips: tuple[OwnSlip, ...] = field(default=(), repr=False)
    boss: str = field(default="", repr=False)
    piles: Mapping[str, Pile] = field(default_factory=dict[str, Pile], repr=False)
