"""The five first days: on working days, one at a time, and all of them can be taken back."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.core import firstdays
from bot.core.context import Context
from bot.core.effect import Remind, Unremind
from bot.core.firstdays import HOW_MANY, TIMES, Day
from bot.core.library import Library

FIRST = date(2026, 12, 14)
moments = st.datetimes(datetime(2026, 12, 14), datetime(2027, 4, 20), timezones=st.just(UTC))
closed = st.frozensets(st.integers(0, 140).map(lambda n: FIRST + timedelta(days=n)), max_size=40)
zones = st.sampled_from(["Europe/Stockholm", "Pacific/Auckland", "America/Los_Angeles"])


def context(library: Library, now: datetime, off: frozenset[date], zone: str) -> Context:
    return Context(now, library, "sv", zone=ZoneInfo(zone), off=off)


def ids(effects: Iterable[Unremind]) -> set[str]:
    return {each.id for each in effects}


@given(moments, closed, zones, st.sampled_from(sorted(TIMES)), st.data())
def test_they_come_on_working_days_and_end(
    library: Library, now: datetime, off: frozenset[date], zone: str, when: str, data: st.DataObject
) -> None:
    """Each of the five comes on a working day of its own, at the time that was chosen; whenever
    somebody has had enough, all that are left are taken back, and quiet spares only what is later.
    """
    begun = context(library, now, off, zone)
    come = [e for e in firstdays.reminding(begun, Day(1, when)) if isinstance(e, Remind)]
    days = [each.at.astimezone(begun.zone).date() for each in come]
    assert [firstdays.read(each.kind) for each in come] == [
        Day(number, when) for number in range(1, HOW_MANY + 1)
    ]
    assert len({each.id for each in come}) == HOW_MANY
    assert all(len(each.id) <= 16 for each in come)
    assert days == sorted(set(days))
    assert all(day.isoweekday() <= 5 and day not in off for day in days)
    assert min(days) > begun.local_now.date()
    assert all(each.at.astimezone(begun.zone).time() == TIMES[when] for each in come)
    later = context(library, data.draw(st.sampled_from([now, *(e.at for e in come)])), off, zone)
    today = later.local_now.date()
    left = {each.id for each, day in zip(come, days, strict=True) if day >= today}
    assert left <= ids(firstdays.ending(later))
    tomorrow = {each.id for each, day in zip(come, days, strict=True) if day > today}
    assert not tomorrow & ids(firstdays.silent(later))


@given(st.text(max_size=40))
def test_what_is_no_day_is_none(text: str) -> None:
    """Nothing but the days themselves is read as one."""
    day = firstdays.read(text)
    assert day is None or text.startswith(day.kind)
    for known in (Day(n, when) for n in range(1, HOW_MANY + 1) for when in TIMES):
        assert firstdays.read(f"{known.kind}.window") == known
