"""Colleagues who have said that they can be asked for company, and a question on its way to one."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Literal

from bot.core.nudge import zone_named


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who said yes, in one team.

    id            as `Context.me`.
    name          as they want to be called; at most 24 characters.
    zone          IANA name.
    first, last   wall time from and until when they can be asked; first is the earlier one.
    paused_until  the first day on which they can be asked again.
    boss          asked as the team's boss, and not among the colleagues.
    account       of a boss, as the team had named them; as in `message.FieldKind`.
    """

    id: str = field(repr=False)
    name: str = field(repr=False)
    language: str
    zone: str
    first: time
    last: time
    paused_until: date | None = None
    boss: bool = False
    account: str = field(default="", repr=False)

    def can_be_asked(self, now: datetime) -> bool:
        """now: aware."""
        local = now.astimezone(zone_named(self.zone))
        if self.paused_until and local.date() < self.paused_until:
            return False
        return self.first <= local.time() < self.last


@dataclass(frozen=True, slots=True)
class Invitation:
    """A question for company.

    part      which of the two the person of this turn is.
    asked     the name of the one who is asked. language: of the one who asks.
    tried     ids of all who were asked in turn, the newest last.
    answered  it was answered with no; nothing else leaves an invitation behind.
    """

    id: str
    part: Literal["asker", "asked"]
    asked: str = field(repr=False)
    language: str
    tried: tuple[str, ...] = field(default=(), repr=False)
    answered: bool = False
