"""The next time of a slot, beside a second way of finding it, by none of the means of the first."""

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.core.nudge import upcoming, zone_named

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ZONES = sorted(name for name in available_timezones() if not name.startswith(("posix", "right")))


def offset(utc: datetime, zone: ZoneInfo) -> timedelta:
    """How far the wall clock is ahead at a UTC moment: the only thing the zone is asked."""
    ahead = utc.replace(tzinfo=UTC).astimezone(zone).utcoffset()
    assert ahead is not None
    return ahead


def comes(wall: datetime, zone: ZoneInfo) -> datetime:
    """The naive UTC moment at which clocks on walls first show *wall*. Where they never do: as
    much later as the clock jumped."""
    nearby = [offset(wall + hours * HOUR, zone) for hours in range(-27, 28, 3)]
    shown = [wall - ahead for ahead in nearby if offset(wall - ahead, zone) == ahead]
    return min(shown) if shown else wall - min(nearby)


def reference(
    after: datetime, at: time, days: frozenset[int], zone: ZoneInfo, off: set[date]
) -> datetime:
    today = (after + offset(after, zone)).date()
    near = (today + n * DAY for n in range(-2, 20))
    found = (comes(datetime.combine(each, at), zone) for each in near
             if each.isoweekday() in days and each not in off)  # fmt: skip
    return min(moment for moment in found if moment > after)


def differences(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    wrong: list[str] = []
    for number in range(count):
        name = rng.choice(ZONES)
        zone, after = ZoneInfo(name), _after(rng, name)
        at = time(rng.randrange(24), rng.choice((0, 15, 30, 45, rng.randrange(60))))
        days = frozenset(rng.sample(range(1, 8), rng.randint(1, 7)))
        off = {after.date() + rng.randrange(9) * DAY for _ in range(rng.randrange(4))}
        expected = reference(after, at, days, zone, off)
        found = upcoming(after.replace(tzinfo=UTC), at, days, zone_named(name), off)
        if found.replace(tzinfo=None) != expected:
            wrong.append(f"{number}: {name} {after} {at} {sorted(days)}: {found}, not {expected}")
    return wrong


def _after(rng: random.Random, name: str) -> datetime:
    """Half of them within a day of a change of clocks."""
    after = datetime(2024, 1, 1) + timedelta(seconds=rng.randrange(13 * 365 * 86_400))
    if rng.random() < 0.5:
        for _ in range(40):
            if offset(after, ZoneInfo(name)) != offset(after + DAY, ZoneInfo(name)):
                break
            after += 5 * DAY
            if offset(after - 5 * DAY, ZoneInfo(name)) != offset(after, ZoneInfo(name)):
                return after - rng.randrange(5 * 24 * 60) * timedelta(minutes=1)
    return after


@pytest.mark.soak
def test_two_hundred_thousand_times() -> None:
    """In 200,000 cases over all zones and 13 years, both ways find the same moment."""
    assert differences(200_000, seed=2) == []


def test_some_thousand_times() -> None:
    """In 5,000 cases over all zones and 13 years, both ways find the same moment."""
    assert differences(5_000, seed=1) == []
