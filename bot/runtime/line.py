"""One look of the clock at rows whose time has come: taken, put in line, dropped, or set aside.

A workspace takes only so many messages a minute. Who does not fit into the moment gets the next
free place in its line, in an order that is chance for all but the same each day.
"""

from collections.abc import Container, Mapping
from datetime import date, datetime, time
from functools import cache
from typing import Literal

from bot.core.nudge import REMINDER_STALE, STALE, upcoming, zone_named
from bot.runtime.codec import from_ms, ms
from bot.runtime.slots import weekdays
from bot.runtime.store import NEVER_MS, Moved, NudgeRow, Tried

MOST_TRIES = 5
LEASE_MS = 20_000
"""How long a claim stands until it is tried, and the first try; each further one four times as
long. Only what was tried counts as a try, so whoever is killed blames none that only waited."""
SOON_MS = 1_000
"""Whose place in the line comes before the next look is taken now."""
LONGEST_MS = 3_600_000
"""The longest line. Who would wait longer than that gets nothing that day."""

STALE_MS, REMINDER_STALE_MS = (
    round(each.total_seconds()) * 1000 for each in (STALE, REMINDER_STALE)
)
Fate = Literal["taken", "line", "stale", "full", "set_aside"]


_weekdays = cache(weekdays)


class Line:
    """The next free place of each workspace.

    off      the workplace's days off.
    each_ms  by platform, between two messages in one workspace.
    """

    def __init__(self, off: Container[date] = (), each_ms: Mapping[str, int] | None = None) -> None:
        self.off = off
        self._each_ms = each_ms or {}
        self._free_ms: dict[bytes, int] = {}

    def place(self, row: NudgeRow, now_ms: int) -> int:
        """When *row* may be said; the place is taken from then on."""
        each_ms = self._each_ms.get(row.platform, 0)
        if not each_ms:
            return now_ms
        free_ms = self._free_ms.get(row.workspace, 0)
        # A line that is longer than it can be comes from a clock that was put back.
        found = free_ms if now_ms < free_ms <= now_ms + LONGEST_MS + each_ms else now_ms
        if found <= now_ms + LONGEST_MS:
            self._free_ms[row.workspace] = found + each_ms
        return found

    def tidy(self, now_ms: int) -> None:
        """Forget lines that nobody stands in."""
        gone = [key for key, free_ms in self._free_ms.items() if free_ms <= now_ms]
        for key in gone:
            del self._free_ms[key]


class Look:
    """Is a `store.Move`, once for each row. now: aware UTC."""

    def __init__(self, now: datetime, line: Line) -> None:
        self._now, self.now_ms, self._line = now, ms(now), line
        # Those that are due together mostly are again: computed once.
        self._next: dict[tuple[str, int, int, int], Moved] = {}
        self._lined: set[int] = set()

    def __call__(self, row: NudgeRow) -> Moved | None:
        if row.tries >= MOST_TRIES:
            return _set_aside(row)
        if row.pending_ms:
            return self._again(row)
        try:
            first = self._first(row)
        except (KeyError, ValueError, OSError):  # a zone that is not known here any more
            return _set_aside(row)
        if self.now_ms >= first.until_ms:
            return self._missed(row, first.at_ms)
        place_ms = self._line.place(row, self.now_ms)
        if place_ms <= self.now_ms + SOON_MS:
            return first if not row.tries else first._replace(tries=row.tries)
        late_ms = place_ms - row.at_ms
        if late_ms > LONGEST_MS and row.days:
            return self._missed(row, first.at_ms)
        until_ms = first.until_ms + late_ms
        self._lined.add(row.id)
        return first._replace(due_ms=place_ms - SOON_MS, until_ms=until_ms, tries=row.tries)

    def _again(self, row: NudgeRow) -> Moved | None:
        """Its claim has ended, or its place in the line has come."""
        if self.now_ms >= row.until_ms:
            return self._missed(row, row.at_ms)
        lease_ms = self.now_ms + LEASE_MS
        return Moved(row.at_ms, lease_ms, row.pending_ms, row.until_ms, row.tries)

    def _missed(self, row: NudgeRow, at_ms: int) -> Moved | None:
        return Moved(at_ms, at_ms, 0, 0, row.tries) if row.days else None

    def fate(self, row: NudgeRow, to: Moved | None) -> Fate:
        """What `__call__` made of *row*."""
        if to is None:
            return "stale"
        if to.due_ms >= NEVER_MS:
            return "set_aside"
        if not to.pending_ms:
            on_time = not row.pending_ms and self.now_ms < row.at_ms + _grace_ms(row)
            return "full" if on_time else "stale"
        return "line" if row.id in self._lined else "taken"

    def _first(self, row: NudgeRow) -> Moved:
        """A row that nobody has tried, when it is taken at once."""
        key = (row.zone, row.minute, row.days, row.at_ms)
        if (found := self._next.get(key)) is None:
            lease_ms, until_ms = self.now_ms + LEASE_MS, row.at_ms + _grace_ms(row)
            found = Moved(self._next_ms(row), lease_ms, row.at_ms, until_ms, 0)
            self._next[key] = found
        return found

    def _next_ms(self, row: NudgeRow) -> int:
        if not row.days:
            return NEVER_MS
        after = from_ms(row.at_ms) if row.at_ms > self.now_ms else self._now
        at = time(row.minute // 60, row.minute % 60)
        days, zone = _weekdays(row.days), zone_named(row.zone)
        return ms(upcoming(after, at, days, zone, self._line.off))


def tried(row: NudgeRow, to: Moved, now_ms: int) -> Tried:
    """What a try of *row*, claimed as *to*, changes in it."""
    return Tried(row.id, to.due_ms, now_ms + LEASE_MS * 4**row.tries, row.tries + 1)


def _set_aside(row: NudgeRow) -> Moved:
    """The operator sees it; whoever changes what they want begins anew."""
    return Moved(row.at_ms, NEVER_MS, row.pending_ms, row.until_ms, MOST_TRIES)


def _grace_ms(row: NudgeRow) -> int:
    return STALE_MS if row.days else REMINDER_STALE_MS
