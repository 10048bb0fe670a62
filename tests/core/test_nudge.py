"""When Landa may speak by itself: clocks that are changed, days off, and what people want."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.nudge import (
    STALE,
    Hours,
    Nudges,
    Slot,
    held,
    last_moment,
    moment,
    next_due,
    rest_of_day,
    spoke,
    upcoming,
    zone_named,
)

DAY = timedelta(days=1)
EVERY_DAY, WORK_DAYS = frozenset(range(1, 8)), frozenset(range(1, 6))
NIGHT = [time(minute // 60, minute % 60) for minute in range(5 * 60)]
MONDAY = date(2026, 11, 23)
STOCKHOLM = "Europe/Stockholm"


def slot(at: time = time(9), days: frozenset[int] = WORK_DAYS, id: str = "pause") -> Slot:
    return Slot(id, "pause", at, days)


def nudges(*slots: Slot, zone: str = STOCKHOLM, **more: object) -> Nudges:
    return replace(Nudges(zone, slots or (slot(),)), **more)  # type: ignore[arg-type]


def local(day: date, at: time, zone: str = STOCKHOLM) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def occurrences(at: time, zone: ZoneInfo, first: date, last: date) -> Iterator[datetime]:
    """From the beginning of *first* to the end of *last*."""
    after = moment(first, time(), zone) - timedelta(microseconds=1)
    while (after := upcoming(after, at, EVERY_DAY, zone)).astimezone(zone).date() <= last:
        yield after


# zone, the day, the first wall time that is missing or repeated, how far the clock is moved
SWITCHES = [
    (STOCKHOLM, date(2026, 3, 29), time(2), 60),
    (STOCKHOLM, date(2026, 10, 25), time(2), -60),
    (STOCKHOLM, date(2027, 3, 28), time(2), 60),
    (STOCKHOLM, date(2027, 10, 31), time(2), -60),
    ("Australia/Lord_Howe", date(2026, 10, 4), time(2), 30),
    ("Australia/Lord_Howe", date(2027, 4, 4), time(1, 30), -30),
    ("America/St_Johns", date(2026, 3, 8), time(2), 60),
    ("America/St_Johns", date(2026, 11, 1), time(1), -60),
    ("Africa/Casablanca", date(2026, 3, 22), time(2), 60),
    ("Africa/Casablanca", date(2026, 2, 15), time(2), -60),
    ("Asia/Kathmandu", date(2026, 3, 29), time(2), 0),
    # Missing around midnight: the time moves into the next day.
    ("America/Nuuk", date(2026, 3, 28), time(23), 60),
    # A whole day that was left out.
    ("Pacific/Apia", date(2011, 12, 30), time(0), 24 * 60),
]


@pytest.mark.parametrize(("name", "day", "first", "moved"), SWITCHES)
def test_days_on_which_clocks_change(name: str, day: date, first: time, moved: int) -> None:
    """Every minute 00:00-05:00 comes once a day: a missing one moves forward by the gap, a
    repeated one comes the first time."""
    zone = zone_named(name)
    for at in (*NIGHT, time(23, 30)):
        found = list(occurrences(at, zone, day - DAY, day + DAY))
        assert len(found) == len(set(found))
        wall = datetime.combine(day, at)
        since = (wall - datetime.combine(day, first)) / timedelta(minutes=1)
        missing = 0 <= since < moved
        came = wall + timedelta(minutes=moved) if missing else wall
        on_time = [each.astimezone(zone).replace(tzinfo=None) for each in found]
        assert on_time.count(came) == 1
        if 0 <= since < -moved:  # an hour of which there were two
            again = came.replace(tzinfo=zone, fold=1).astimezone(UTC)
            assert again - found[on_time.index(came)] == timedelta(minutes=-moved)
        assert len(found) == 3 - (name == "Pacific/Apia")


def test_the_switches_are_where_they_are_said_to_be() -> None:
    """The days above are those on which this machine's zones change their clocks."""
    for name, day, _, moved in SWITCHES:
        zone = ZoneInfo(name)
        noon = datetime.combine(day - DAY, time(12), zone)
        late = datetime.combine(day + DAY, time(12), zone)
        assert late.utcoffset() - noon.utcoffset() == timedelta(minutes=moved)  # type: ignore[operator]


def test_a_time_that_moves_into_the_next_day_is_not_missed() -> None:
    """Saturday's half past eleven, moved past midnight by the gap, is found on Sunday."""
    zone, saturdays = zone_named("America/Nuuk"), frozenset({6})
    midnight = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert midnight.astimezone(zone).isoformat() == "2026-03-29T00:00:00-01:00"
    found = upcoming(midnight, time(23, 30), saturdays, zone)
    assert found == midnight + timedelta(minutes=30)


zones = st.sampled_from(
    (
        *(STOCKHOLM, "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu"),
        *("Africa/Casablanca", "UTC", "America/Nuuk", "Pacific/Chatham", "Pacific/Kiritimati"),
        *("Etc/GMT+12", "Asia/Gaza"),
    )
)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2036, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC)
)
minutes = st.integers(0, 1439).map(lambda minute: time(minute // 60, minute % 60))
weekdays = st.frozensets(st.integers(1, 7), min_size=1)


@given(moments, minutes, weekdays, zones)
def test_the_next_time_is_the_next(
    after: datetime, at: time, days: frozenset[int], name: str
) -> None:
    """The next time is later than now, at most eight days away, and nothing lies between."""
    zone = zone_named(name)
    found = upcoming(after, at, days, zone)
    assert after < found <= after + timedelta(days=8)
    assert upcoming(found - timedelta(microseconds=1), at, days, zone) == found
    between = after + (found - after) / 2
    assert upcoming(between, at, days, zone) == found


@given(moments, minutes, zones)
def test_every_day_has_its_own(after: datetime, at: time, name: str) -> None:
    """A time comes once for each day of a month, in every zone."""
    zone = zone_named(name)
    first = after.astimezone(zone).date()
    due, found = moment(first, at, zone) - timedelta(microseconds=1), list[datetime]()
    while len(found) < 31:
        found.append(due := upcoming(due, at, EVERY_DAY, zone))
    assert found == [moment(first + n * DAY, at, zone) for n in range(31)]


owners = st.builds(
    Nudges,
    zones,
    st.lists(st.builds(slot, minutes, weekdays), max_size=1).map(tuple),
    st.none() | st.builds(Hours, minutes, minutes),
    st.none() | moments,
    st.none() | st.dates(date(2024, 1, 1), date(2036, 1, 1)),
    st.integers(1, 3),
    st.dictionaries(st.sampled_from(["pause", "home"]), moments, max_size=2),
)


@given(owners, moments, st.frozensets(st.integers(0, 10)))
def test_what_is_planned_may_be_said(owner: Nudges, after: datetime, free: frozenset[int]) -> None:
    """What is planned is inside working hours and outside silence, pause and days off, and when
    it comes nothing holds it back but the day's number."""
    off = {after.date() + n * DAY for n in free}
    for each in owner.slots:
        due = next_due(owner, each, after, off)
        if due is None:
            assert owner.hours
            assert not owner.hours.hold(each.at)
            continue
        assert due > after
        assert held(owner, each.id, due, due, off) in (None, "cap")


def test_days_off_are_off() -> None:
    """Red days and weekends are left out, and the next working day is not."""
    red = {date(2026, 12, 24), date(2026, 12, 25)}
    found = next_due(nudges(), slot(), local(date(2026, 12, 23), time(9)), red)
    assert found == local(date(2026, 12, 28), time(9))


def test_a_pause_ends_by_itself() -> None:
    """Paused until a date, Landa speaks again on that date."""
    owner = nudges(paused_until=MONDAY + 7 * DAY)
    assert next_due(owner, slot(), local(MONDAY, time(8))) == local(MONDAY + 7 * DAY, time(9))
    due = local(MONDAY, time(9))
    assert held(owner, "pause", due, due) == "paused"


def test_a_pause_for_good_is_no_time_at_all() -> None:
    """Paused until the end of time, there is no next time."""
    assert next_due(nudges(paused_until=date.max), slot(), local(MONDAY, time(8))) is None


def test_the_rest_of_the_day_is_silent() -> None:
    """Silent for the rest of the day, Landa speaks again the next day."""
    now = local(MONDAY, time(8))
    owner = nudges(quiet_until=rest_of_day(now, nudges()))
    assert owner.quiet_until == local(MONDAY + DAY, time())
    assert next_due(owner, slot(), now) == local(MONDAY + DAY, time(9))
    due = local(MONDAY, time(9))
    assert held(owner, "pause", due, due) == "quiet"
    midnight = slot(time(), EVERY_DAY)
    assert next_due(replace(owner, slots=(midnight,)), midnight, now) == owner.quiet_until


def test_a_nights_rest_of_the_day_is_the_shift() -> None:
    """For those who work at night, the rest of the day ends with the shift."""
    owner = nudges(hours=Hours(time(21), time(7)))
    for hour, day in ((23, MONDAY), (3, MONDAY + DAY)):
        now = local(day, time(hour))
        assert rest_of_day(now, owner) == local(MONDAY + DAY, time(7))
    assert rest_of_day(local(MONDAY, time(12)), owner) == local(MONDAY + DAY, time())


def test_nothing_outside_working_hours() -> None:
    """A slot outside working hours never comes; one inside is not said when it is late for it."""
    owner = nudges(hours=Hours(time(8), time(17)))
    assert next_due(owner, slot(time(17)), local(MONDAY, time(8))) is None
    late = slot(time(16, 55))
    owner = replace(owner, slots=(late,))
    due = next_due(owner, late, local(MONDAY, time(8)))
    assert due == local(MONDAY, time(16, 55))
    assert held(owner, "pause", due, due) is None
    assert held(owner, "pause", due, due + timedelta(minutes=5)) == "hours"
    night = Hours(time(21), time(7))
    assert [night.hold(time(hour)) for hour in (20, 21, 0, 6, 7)] == [
        False,
        True,
        True,
        True,
        False,
    ]
    assert Hours(time(8), time(8)).hold(time(3))


def test_a_time_that_a_gap_moves_out_of_work_is_left_out() -> None:
    """A time that the change of clocks moves out of the working hours does not come that day."""
    owner = nudges(slot(time(2, 30), EVERY_DAY), hours=Hours(time(21), time(3)))
    switch = date(2026, 3, 29)
    found = next_due(owner, owner.slots[0], local(switch, time(1)))
    assert found == local(switch + DAY, time(2, 30))


def test_enough_is_enough() -> None:
    """Of several slots on a day, as many speak as the person wants in a day."""
    two = slot(time(10), id="home")
    owner = nudges(slot(), two)
    due = local(MONDAY, time(10))
    assert held(owner, "home", due, due) is None
    said = spoke(owner, "pause", local(MONDAY, time(9)))
    assert held(said, "home", due, due) == "cap"
    assert held(replace(said, most=2), "home", due, due) is None
    next_day = due + DAY
    assert held(said, "home", next_day, next_day) is None


def test_a_slot_that_is_moved_speaks_once_that_day() -> None:
    """A slot that has spoken and is moved to later, or said again, waits for the next day."""
    now = local(MONDAY, time(9, 30))
    said = spoke(nudges(), "pause", local(MONDAY, time(9)))
    later = replace(said, slots=(slot(time(15)),), most=3)
    assert next_due(later, later.slots[0], now) == local(MONDAY + DAY, time(15))
    due = local(MONDAY, time(15))
    assert held(later, "pause", due, due) == "moved"
    assert next_due(said, slot(), now) == local(MONDAY + DAY, time(9))
    # One that has not spoken yet comes at its new time, today.
    assert next_due(nudges(), slot(time(15)), now) == due
    assert next_due(nudges(), slot(time(8)), now) == local(MONDAY + DAY, time(8))


def test_what_was_changed_meanwhile_is_not_said() -> None:
    """A slot that was moved, or taken away, after it was planned says nothing at the old time."""
    due = local(MONDAY, time(9))
    assert held(nudges(), "pause", due, due) is None
    assert held(nudges(slot(time(9, 1))), "pause", due, due) == "moved"
    assert held(nudges(slot(days=frozenset({2}))), "pause", due, due) == "moved"
    assert held(nudges(slot(id="other")), "pause", due, due) == "gone"
    assert held(nudges(), "pause", due, due, {MONDAY}) == "off"


def test_people_who_move() -> None:
    """In another zone a slot keeps its wall time, and does not speak twice on one date there."""
    spoken_at = local(MONDAY, time(9), "Pacific/Auckland")
    moved = replace(
        spoke(nudges(zone="Pacific/Auckland"), "pause", spoken_at), zone="Pacific/Honolulu"
    )
    sunday = spoken_at.astimezone(ZoneInfo("Pacific/Honolulu")).date()
    assert sunday == MONDAY - DAY
    every = slot(days=EVERY_DAY)
    assert next_due(moved, every, spoken_at) == local(MONDAY, time(9), "Pacific/Honolulu")
    at_home = nudges()
    west = replace(at_home, zone="America/New_York")
    planned = next_due(at_home, slot(), local(MONDAY, time(8)))
    assert planned is not None
    assert held(west, "pause", planned, planned) == "moved"


def test_a_card_ends_with_the_working_hours() -> None:
    """What may be said until five past five is not said after work ends at five."""
    now = local(MONDAY, time(16, 57))
    until = now + STALE
    assert last_moment(nudges(), until, now) == until
    assert last_moment(nudges(hours=Hours(time(8), time(17))), until, now) == local(
        MONDAY, time(17)
    )
    assert last_moment(nudges(hours=Hours(time(8), time(18))), until, now) == until


def test_what_has_spoken_is_forgotten() -> None:
    """When a slot spoke is remembered for two days."""
    first = spoke(nudges(), "pause", local(MONDAY, time(9)))
    assert set(spoke(first, "home", local(MONDAY + DAY, time(9))).spoken) == {"pause", "home"}
    assert set(spoke(first, "home", local(MONDAY + 2 * DAY, time(9))).spoken) == {"home"}


@pytest.mark.parametrize("name", ["Europe/Nowhere", "", "../x", "Europe", "/etc/passwd"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    """What is no zone is a fault of whoever names it, not a zone."""
    with pytest.raises((KeyError, ValueError, OSError)):
        zone_named(name)
