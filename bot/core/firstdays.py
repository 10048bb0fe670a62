"""Five days to feel what suits somebody who is new: which days, at what time, and what comes.

Where they are stands in what is still to come: a reminder for each day that is left. Nothing else
is kept of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.core import nudge, offer
from bot.core.agreed import WORKDAYS
from bot.core.context import Context
from bot.core.effect import Remind, Unremind
from bot.core.exercise import Exercise

TIMES = {"morning": time(9, 30), "midday": time(11, 30), "afternoon": time(14, 30)}
KINDS = ("breathing", "body", "pause", "grounding", "kindness")
"""Of the slip of each day: five different ways."""
HOW_MANY = len(KINDS)
LATER = "dlater"
"""The id of one that was put off."""
_MARK = "first"
_NUMBERS = tuple(str(number) for number in range(1, HOW_MANY + 1))


@dataclass(frozen=True, slots=True)
class Day:
    """number: 1..HOW_MANY. when: one of TIMES."""

    number: int
    when: str

    @property
    def kind(self) -> str:
        """As in `effect.Remind`."""
        return f"{_MARK}-{self.when}-{self.number}"


def read(kind: str) -> Day | None:
    """The day behind `Day.kind`, which a slip may follow; None for anything else."""
    match kind.partition(".")[0].split("-"):
        case [mark, when, number] if mark == _MARK and when in TIMES and number in _NUMBERS:
            return Day(int(number), when)
        case _:
            return None


def named(day: date) -> str:
    """The id of what comes on *day*, as in `effect.Remind`; it says no more than the day."""
    return f"d{day:%m%d}"


def coming(context: Context, first: Day) -> dict[date, Day]:
    """*first* on the next working day, and one day for each that is left after it."""
    numbers = range(first.number, HOW_MANY + 1)
    return {
        day: Day(number, first.when)
        for day, number in zip(_working(context), numbers, strict=False)
    }


def reminding(context: Context, first: Day) -> tuple[Remind | Unremind, ...]:
    """*first* and those after it are to come; nothing of an earlier round is."""
    return (
        *ending(context),
        *(
            Remind(named(day), each.kind, due(context, day, each))
            for day, each in coming(context, first).items()
        ),
    )


def ending(context: Context) -> tuple[Unremind, ...]:
    """None of them comes any more."""
    return silent(context, date.max)


def silent(context: Context, until: date | None = None) -> tuple[Unremind, ...]:
    """None of them comes before *until*, or today; those that were to are passed over."""
    today, days = context.local_now.date(), _working(context)
    nearest = (today, *(next(days) for _ in KINDS))
    quiet = (day for day in nearest if day == today or (until and day < until))
    return Unremind(LATER), *(Unremind(named(day)) for day in quiet)


def due(context: Context, day: date, each: Day) -> datetime:
    """Aware UTC."""
    return nudge.moment(day, TIMES[each.when], context.zone)


def slip(context: Context, day: Day) -> Exercise:
    """A short one of the day's kind."""
    return offer.short(context, (KINDS[day.number - 1],))[0]


def _working(context: Context) -> Iterator[date]:
    """The workplace's working days after today, without end."""
    day = context.local_now.date()
    while True:
        day += timedelta(days=1)
        if day.isoweekday() in WORKDAYS and day not in context.off:
            yield day
