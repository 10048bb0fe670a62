"""When Landa may speak by itself: the times somebody chose, and all that holds them back.

A day is a date on the owner's own calendar. Days off (red days, closure days) are passed in.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

STALE = timedelta(minutes=10)
"""A nudge that is this late is dropped; the next one comes at its own time."""
REMINDER_STALE = timedelta(hours=24)
"""Somebody asked for a reminder: late is better than never, until the next day."""
MOST_A_DAY = 3
LAST_DAY = date(9000, 1, 1)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)
EVERY_DAY = range(1, 8)

Held = Literal["gone", "stale", "quiet", "paused", "hours", "off", "moved", "cap", "busy"]
"""Why a nudge is not sent. gone: nobody wants it any more. off: a day off. moved: its time was
changed. cap: enough for today. busy: its person is in the middle of something."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at which somebody wants to hear from Landa.

    id    one among its owner's slots, at most 16 characters; it stays when the time is changed.
    kind  what is said then: "pause", "home", "question", "fact" ...
    at    wall time in the owner's zone, whole minutes.
    days  ISO weekdays 1..7.
    """

    id: str
    kind: str
    at: time
    days: frozenset[int]


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours as wall times, the end not among them. A night's work ends before it begins;
    the same time twice is all day."""

    begins: time
    ends: time

    def hold(self, at: time) -> bool:
        if self.begins < self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


@dataclass(frozen=True, slots=True)
class Nudges:
    """Everything one owner, a person or a team, has said yes to. No slots: they want none.

    zone          IANA name of a zone that exists here.
    quiet_until   aware UTC: silent until then.
    paused_until  the first day on which Landa speaks again.
    most          nudges on one day, 1..MOST_A_DAY.
    spoken        slot id -> when it last spoke, aware UTC; today's are enough.
    """

    zone: str
    slots: tuple[Slot, ...] = ()
    hours: Hours | None = None
    quiet_until: datetime | None = None
    paused_until: date | None = None
    most: int = 1
    spoken: Mapping[str, datetime] = field(default_factory=dict[str, datetime], repr=False)

    def slot(self, id: str) -> Slot | None:
        return next((slot for slot in self.slots if slot.id == id), None)


@cache
def zone_named(name: str) -> ZoneInfo:
    """raises  ZoneInfoNotFoundError, a KeyError; ValueError for what is no name at all."""
    return ZoneInfo(name)


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC moment of a wall time. A missing one moves forward by the gap, a repeated one is
    its first occurrence (PEP 495)."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def upcoming(
    after: datetime, at: time, days: Container[int], zone: ZoneInfo, off: Container[date] = ()
) -> datetime:
    """The first time *at* strictly later than *after*, on one of *days* that is not *off*.

    after   aware, UTC.
    days    ISO weekdays, at least one.
    return  aware, UTC; without days off at most 8 days after *after*.
    """
    # A gap may move yesterday's time into today.
    day = after.astimezone(zone).date() - DAY
    while True:
        if day.isoweekday() in days and day not in off:
            found = moment(day, at, zone)
            if found > after:
                return found
        day += DAY


def next_due(
    nudges: Nudges, slot: Slot, after: datetime, off: Container[date] = ()
) -> datetime | None:
    """When *slot* is due next, strictly later than *after*. None: never, as things are now.

    A slot that has spoken today does not speak again today, wherever it is moved.
    """
    if not slot.days or (nudges.hours and not nudges.hours.hold(slot.at)):
        return None
    zone = zone_named(nudges.zone)
    if nudges.quiet_until:
        after = max(after, nudges.quiet_until - INSTANT)
    first = _first_day(nudges, slot, zone)
    if first > LAST_DAY:
        return None
    after = max(after, moment(first, time(), zone) - INSTANT)
    while True:
        found = upcoming(after, slot.at, slot.days, zone, off)
        # A time that a gap has moved may have left the working hours, or the day before.
        local = found.astimezone(zone)
        if local.date() >= first and (not nudges.hours or nudges.hours.hold(local.time())):
            return found
        after = found


def _first_day(nudges: Nudges, slot: Slot, zone: ZoneInfo) -> date:
    spoken = nudges.spoken.get(slot.id)
    tomorrow = spoken.astimezone(zone).date() + DAY if spoken else date(1970, 1, 1)
    return max(tomorrow, nudges.paused_until or tomorrow)


def held(
    nudges: Nudges, id: str, due: datetime, now: datetime, off: Container[date] = ()
) -> Held | None:
    """Why the slot *id*, due at *due*, says nothing *now*. None: it may speak.

    Asked when a nudge's turn comes, of what its owner wants by then.
    """
    slot, zone = nudges.slot(id), zone_named(nudges.zone)
    today = now.astimezone(zone)
    if slot is None:
        return "gone"
    if nudges.quiet_until and now < nudges.quiet_until:
        return "quiet"
    if nudges.paused_until and today.date() < nudges.paused_until:
        return "paused"
    if nudges.hours and not nudges.hours.hold(today.time()):
        return "hours"
    if today.date() in off:
        return "off"
    if next_due(nudges, slot, due - INSTANT, off) != due:
        return "moved"
    said = [at for at in nudges.spoken.values() if at.astimezone(zone).date() == today.date()]
    return "cap" if len(said) >= nudges.most else None


def last_moment(nudges: Nudges, until: datetime, now: datetime) -> datetime:
    """*until*, or the end of the working hours that *now* is in, if that is sooner."""
    if nudges.hours is None:
        return until
    return min(until, upcoming(now, nudges.hours.ends, EVERY_DAY, zone_named(nudges.zone)))


def spoke(nudges: Nudges, id: str, now: datetime) -> Nudges:
    """After the slot *id* has spoken. What spoke the day before yesterday is forgotten."""
    recent = {each: at for each, at in nudges.spoken.items() if now - at < 2 * DAY}
    return replace(nudges, spoken={**recent, id: now})


def rest_of_day(now: datetime, nudges: Nudges) -> datetime:
    """When "the rest of the day" is over: at midnight, or at the end of a night's work."""
    zone, ends = zone_named(nudges.zone), time()
    hours, local = nudges.hours, now.astimezone(zone)
    if hours and hours.ends < hours.begins and hours.hold(local.time()):
        ends = hours.ends
    return upcoming(now, ends, EVERY_DAY, zone)
