"""A team: the channel or group chat where somebody has set Landa up, and what was agreed there."""

from dataclasses import dataclass, field
from datetime import date

from bot.core.nudge import Nudges


@dataclass(frozen=True, slots=True)
class Team:
    """Who is in the team is not known here: whoever stands in its place is.

    language  of what is said to everybody.
    kinds     of slips that its cards show.
    acted     the day, in UTC, on which a lead last did something as one.
    nudges    what Landa says there by itself.
    leads     `Context.me` of each; none when all have left.
    asking    the last day on which whoever wants may become a lead too.
    """

    language: str
    kinds: frozenset[str]
    acted: date
    nudges: Nudges
    leads: frozenset[str] = field(default=frozenset(), repr=False)
    asking: date | None = None
