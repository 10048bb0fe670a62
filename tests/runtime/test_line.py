"""One look of the clock: what is taken, what waits in line, what is dropped."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.runtime.codec import ms
from bot.runtime.line import (
    LEASE_MS,
    LONGEST_MS,
    MOST_TRIES,
    REMINDER_STALE_MS,
    SOON_MS,
    STALE_MS,
    Fate,
    Line,
    Look,
    tried,
)
from bot.runtime.slots import weekdays
from bot.runtime.store import NEVER_MS, Moved, NudgeRow, Tried

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
T = ms(NINE)
DAY_MS = 86_400_000
MINUTE_MS = 60_000
WORK_DAYS = 0b0011111


def row(number: int = 0, workspace: bytes = b"w", **more: object) -> NudgeRow:
    """Monday at ten in Stockholm."""
    slot = NudgeRow(
        number, b"o", "pause", workspace, "slack", 600, WORK_DAYS, "Europe/Stockholm",
        T, T, 0, 0, 0, b"",
    )  # fmt: skip
    return slot._replace(**more)  # type: ignore[arg-type]


def look(row: NudgeRow, now_ms: int = T, line: Line | None = None) -> tuple[Fate, Moved | None]:
    at = Look(NINE + timedelta(milliseconds=now_ms - T), line or Line())
    to = at(row)
    return at.fate(row, to), to


def test_what_is_due_is_taken() -> None:
    """What is due is claimed for a while, and the next time is planned."""
    fate, to = look(row())
    assert fate == "taken"
    assert to == Moved(T + DAY_MS, T + LEASE_MS, T, T + STALE_MS, 0)


def test_friday_is_before_monday_and_red_days_are_left_out() -> None:
    """The next time is the next working day that is not off."""
    friday = T + 4 * DAY_MS
    _, to = look(row(at_ms=friday, due_ms=friday), friday)
    assert to
    assert to.at_ms == T + 7 * DAY_MS
    _, to = look(row(), line=Line({date(2026, 11, 24)}))
    assert to
    assert to.at_ms == T + 2 * DAY_MS


def test_a_claim_that_ended_is_taken_again() -> None:
    """What was tried in vain is claimed again, each time after longer, while in time."""
    _, to = look(row())
    claimed = row()._replace(**to._asdict())  # type: ignore[union-attr]
    now = T
    for tries in range(1, 6):
        attempt = tried(claimed, to, now)  # type: ignore[arg-type]
        assert attempt == Tried(
            claimed.id, claimed.due_ms, now + LEASE_MS * 4 ** (tries - 1), tries
        )
        claimed = claimed._replace(due_ms=attempt.due_ms, tries=attempt.tries)
        now = claimed.due_ms
        fate, to = look(claimed, now)
        if now >= T + STALE_MS:
            assert (fate, to) == ("stale", Moved(T + DAY_MS, T + DAY_MS, 0, 0, tries))
            assert tries > 2
            return
        assert fate == "taken"
        assert to == Moved(T + DAY_MS, now + LEASE_MS, T, T + STALE_MS, tries)
        claimed = claimed._replace(**to._asdict())
    raise AssertionError("it is tried for ever")


def test_waiting_is_no_try() -> None:
    """Whoever is claimed again and again, and never tried, is claimed as at first."""
    _, to = look(row())
    waiting = row()._replace(**to._asdict())  # type: ignore[union-attr]
    for _ in range(2 * MOST_TRIES):
        now = waiting.due_ms
        fate, to = look(waiting, now)
        assert (fate, to) == ("taken", Moved(T + DAY_MS, now + LEASE_MS, T, T + STALE_MS, 0))
        waiting = waiting._replace(**to._asdict())  # type: ignore[union-attr]


@pytest.mark.parametrize(("late_ms", "fate"), [(STALE_MS - 1, "taken"), (STALE_MS, "stale")])
def test_ten_minutes_late(late_ms: int, fate: Fate) -> None:
    """Ten minutes late is too late; the next time is planned."""
    found, to = look(row(), T + late_ms)
    assert found == fate
    assert to
    assert to.at_ms == T + DAY_MS


def test_a_long_stop_is_skipped() -> None:
    """After a week's stop the next time is in the future, not one of those that were missed."""
    fate, to = look(row(), T + 7 * DAY_MS + 3_600_000)
    assert fate == "stale"
    assert to == Moved(T + 8 * DAY_MS, T + 8 * DAY_MS, 0, 0, 0)


def test_a_clock_that_is_put_back_repeats_nothing() -> None:
    """What was claimed at a time that has not come yet, by the clock now, is planned after it."""
    ahead = row(at_ms=T + DAY_MS, due_ms=T - 1)
    _, to = look(ahead)
    assert to
    assert to.at_ms == T + 2 * DAY_MS


def test_a_reminder_comes_once() -> None:
    """A reminder is taken up to a day late, and then goes."""
    reminder = row(days=0, zone="UTC")
    fate, to = look(reminder, T + REMINDER_STALE_MS - 1)
    assert fate == "taken"
    assert to
    assert to.at_ms == NEVER_MS
    assert look(reminder, T + REMINDER_STALE_MS) == ("stale", None)


def test_what_keeps_failing_is_set_aside() -> None:
    """After five tries a row is looked at no more."""
    fate, to = look(row(tries=MOST_TRIES))
    assert fate == "set_aside"
    assert to
    assert (to.due_ms, to.tries) == (NEVER_MS, MOST_TRIES)


def test_a_zone_that_is_gone_stops_no_other() -> None:
    """A row whose zone is not known here any more is set aside."""
    fate, to = look(row(zone="Europe/Atlantis"))
    assert fate == "set_aside"
    assert to


def test_a_line() -> None:
    """Who does not fit into the moment gets a place of their own, at the pace that is taken;
    another workspace does not notice."""
    line = Line(each_ms={"slack": 200})
    fates = [look(row(number), line=line) for number in range(20)]
    taken = SOON_MS // 200 + 1
    assert [fate for fate, _ in fates] == ["taken"] * taken + ["line"] * (20 - taken)
    places = [to.due_ms for fate, to in fates if to and fate == "line"]
    assert places == [T + number * 200 - SOON_MS for number in range(taken, 20)]
    waits = fates[-1][1]
    assert waits
    assert (waits.pending_ms, waits.tries) == (T, 0)
    assert waits.until_ms == T + 19 * 200 + STALE_MS
    fate, _ = look(row(99, workspace=b"other"), line=line)
    assert fate == "taken"
    in_line = row(19)._replace(**waits._asdict())
    assert look(in_line, waits.due_ms, line)[0] == "taken"


def test_a_line_that_is_too_long() -> None:
    """Who would wait for more than an hour gets nothing that day, and is there the next."""
    line = Line(each_ms={"slack": 60_000})
    fates = [look(row(number), line=line) for number in range(70)]
    last = LONGEST_MS // 60_000
    assert [fate for fate, _ in fates[2 : last + 1]] == ["line"] * (last - 1)
    assert [fate for fate, _ in fates[last + 2 :]] == ["full"] * (70 - last - 2)
    _, to = fates[-1]
    assert to == Moved(T + DAY_MS, T + DAY_MS, 0, 0, 0)


def test_a_line_ends() -> None:
    """When nobody stands in it any more, a line is forgotten; so it is when clocks are put back."""
    line = Line(each_ms={"slack": 1_000})
    for number in range(5):
        look(row(number), line=line)
    line.tidy(T + 4_999)
    assert line.place(row(), T + 4_999) == T + 5_000
    line.tidy(T + 6_000)
    assert line._free_ms == {}
    line.place(row(), T + 10 * DAY_MS)
    assert line.place(row(), T) == T


def test_weekdays() -> None:
    """Seven bits are seven days."""
    assert weekdays(WORK_DAYS) == {1, 2, 3, 4, 5}
    assert weekdays(0b1000001) == {1, 7}
