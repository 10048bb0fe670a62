"""Which moment is meant by a time as people write it: "14:30", "om en halvtimme"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.lexicon import Lexicon, TimeWords, fold
from bot.core.nudge import DAY, moment

NEAR = timedelta(hours=12)
"""Farther away than this, people have often meant something else."""
LONGEST = 80
_PARTS = re.compile(r"\d+|[^\W\d_]+")

Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """at: aware UTC, later than now. near: within NEAR. wished: said as a wish, not only as a time.

    language  of the words, where they are of one.
    """

    at: datetime
    near: bool
    wished: bool
    language: str


def read(text: str, now: datetime, zone: ZoneInfo, lexicons: Iterable[Lexicon]) -> Asked | None:
    """The moment that the whole of *text* names. None: it names none.

    now     aware UTC. A time of day is the next one there is; "3" is three o'clock, night or day.
    return  never much more than a day away.
    """
    parts: Parts = tuple(_PARTS.findall(fold(text[: LONGEST + 1])))
    if not parts or len(text) > LONGEST:
        return None
    for lexicon in lexicons:
        words = lexicon.times
        rest, wished = _opened(parts, words)
        if minutes := _amount(rest, words):
            at = now + timedelta(minutes=minutes)
        elif found := _of_day(rest, words):
            at = _next(found, now, zone)
        else:
            continue
        return Asked(at, at - now <= NEAR, wished, lexicon.language)
    return None


def _opened(parts: Parts, words: TimeWords) -> tuple[Parts, bool]:
    """What is left between the words around a time, and whether they make it a wish."""
    wished = False
    while True:
        openers = (*words.remind, *words.at, *words.within)
        if (rest := _after(parts, openers)) is not None:
            parts, wished = rest, True
            continue
        rest = _after(parts, words.idle)
        if rest is None:
            rest = _before(parts, words.idle)
        if rest is None:
            return parts, wished
        parts = rest


def _after(parts: Parts, phrases: Iterable[str]) -> Parts | None:
    """*parts* without the longest of *phrases* that they begin with."""
    lengths = [len(p) for phrase in phrases if parts[: len(p := phrase.split())] == tuple(p)]
    return parts[max(lengths) :] if lengths else None


def _before(parts: Parts, phrases: Iterable[str]) -> Parts | None:
    """*parts* without the longest of *phrases* that they end with."""
    backwards = _after(parts[::-1], (" ".join(phrase.split()[::-1]) for phrase in phrases))
    return None if backwards is None else backwards[::-1]


def _amount(parts: Parts, words: TimeWords) -> int | None:
    """Minutes. A day and longer is none: nobody means to count that far."""
    if minutes := words.amounts.get(" ".join(parts)):
        return minutes
    match tuple(part for part in parts if part not in words.joins):
        case (n, unit) if n.isdecimal() and unit in words.minutes:
            total = int(n)
        case (n, unit) if n.isdecimal() and unit in words.hours:
            total = int(n) * 60
        case (n, unit, m, small) if n.isdecimal() and m.isdecimal():
            fits = unit in words.hours and small in words.minutes
            total = int(n) * 60 + int(m) if fits else 0
        case _:
            return None
    return total if 0 < total <= DAY // timedelta(minutes=1) else None


def _of_day(parts: Parts, words: TimeWords) -> tuple[time, ...]:
    """The wall times it may be: one, or one of the night and one of the day."""
    for marks, half in ((words.am, 0), (words.pm, 1)):
        if (rest := _before(parts, marks)) is not None:
            found = _wall(rest)
            return (_halves(found)[half],) if found and 1 <= found.hour <= 12 else ()
    found = _wall(parts)
    if found is None:
        return ()
    either = 1 <= found.hour <= 12 and not parts[0].startswith("0")
    return _halves(found) if either else (found,)


def _halves(found: time) -> tuple[time, time]:
    """Of the night, and of the day."""
    hour = found.hour % 12
    return found.replace(hour=hour), found.replace(hour=hour + 12)


def _wall(parts: Parts) -> time | None:
    """(14,), (14, 30), (1430,)"""
    match parts:
        case (whole,) if whole.isdecimal() and len(whole) == 4:
            hour, minute = whole[:2], whole[2:]
        case (hour,) if hour.isdecimal() and len(hour) <= 2:
            minute = "00"
        case (hour, minute) if hour.isdecimal() and len(hour) <= 2:
            if not minute.isdecimal() or len(minute) != 2:
                return None
        case _:
            return None
    if int(hour) > 23 or int(minute) > 59:
        return None
    return time(int(hour), int(minute))


def _next(walls: tuple[time, ...], now: datetime, zone: ZoneInfo) -> datetime:
    today = now.astimezone(zone).date()
    days = (today - DAY, today, today + DAY, today + 2 * DAY)
    moments = (moment(day, wall, zone) for day in days for wall in walls)
    return min(each for each in moments if each > now).astimezone(UTC)
