"""A time as people write it."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.library import Library
from bot.core.when import NEAR, Asked, read
from bot.runtime import content

STOCKHOLM = ZoneInfo("Europe/Stockholm")
LEXICONS = content.read().library.lexicons
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
"""Nine in the morning in Stockholm."""
ZONES = ["Europe/Stockholm", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu", "UTC"]


def asked(text: str, now: datetime = NOW) -> Asked | None:
    return read(text, now, STOCKHOLM, LEXICONS.values())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("påminn mig 14:30", "14:30"),
        ("Påminn mig efteråt kl. 14.30, tack", "14:30"),
        ("kl 14.30", "14:30"),
        ("kl 1430", "14:30"),
        ("klockan 2.30", "14:30"),
        ("om 45 min", "09:45"),
        ("om 45min", "09:45"),
        ("om en halvtimme", "09:30"),
        ("om 1 timme och 15 minuter", "10:15"),
        ("om 2h", "11:00"),
        ("efter mötet 15", "15:00"),
        ("paminn mig om tre kvart", "09:45"),
        ("kl 9", "21:00"),
        ("kl 12", "12:00"),
        ("in 45 minutes", "09:45"),
        ("at 2:30 pm", "14:30"),
        ("at 2.30 p.m.", "14:30"),
        ("remind me at 3", "15:00"),
        ("remind me in an hour and a half please", "10:30"),
        ("after the meeting at 11 am", "11:00"),
        ("remind me at 12 pm", "12:00"),
    ],
)
def test_wished(text: str, expected: str) -> None:
    """The next such time is meant, in either language."""
    found = asked(text)
    assert found
    assert f"{found.at.astimezone(STOCKHOLM):%H:%M}" == expected
    assert found.wished
    assert found.near


@pytest.mark.parametrize("text", ["14:30", "45 min", "3", "en kvart", "2 pm"])
def test_only_a_time(text: str) -> None:
    """A time alone is read in its own field, and is no wish when it is said."""
    found = asked(text)
    assert found
    assert not found.wished


@pytest.mark.parametrize(
    "text",
    ["", "om", "kl", "påminn mig", "kl 25", "kl 14:61", "om 0 min", "om 45", "efter mötet",
     "om 5 minuter orkar jag inte", "om 1441 minuter", "om " + "9" * 60 + " min", "13 pm",
     "remind me at lunch", "kl 1 2 3", "811218-9876", "14:3", "om min 5", "kl 14" + " " * 90],
)  # fmt: skip
def test_no_time(text: str) -> None:
    """Whatever is not a time from the first word to the last is none."""
    assert asked(text) is None


@pytest.mark.parametrize("text", ["kl 08:30", "kl 0900", "om 13 timmar", "at 8 am"])
def test_far(text: str) -> None:
    """What is over for today, or half a day away, is not taken for granted."""
    found = asked(text)
    assert found
    assert not found.near


def test_a_time_that_is_missing() -> None:
    """In the night when clocks go forward, a missing time comes an hour later."""
    night = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)
    found = asked("kl 02:30", night)
    assert found
    assert found.at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.times(),
    st.sampled_from(ZONES),
)
def test_always_ahead(now: datetime, wall: time, zone: str) -> None:
    """A time of day is ahead, at most a day and a clock's change away, and is that time."""
    found = read(f"kl {wall:%H:%M}", now, ZoneInfo(zone), LEXICONS.values())
    assert found
    assert timedelta(0) < found.at - now <= timedelta(hours=26)
    assert found.near == (found.at - now <= NEAR)
    local = found.at.astimezone(ZoneInfo(zone))
    assert local.minute in {wall.minute, (wall.minute + 30) % 60}


@given(st.integers(1, 1440), st.sampled_from(["om {} min", "in {} minutes", "påminn mig om {} m"]))
def test_any_length(minutes: int, said: str) -> None:
    """A length of time is counted from now, to the minute."""
    found = asked(said.format(minutes))
    assert found
    assert found.at - NOW == timedelta(minutes=minutes)


@given(st.text(max_size=120))
def test_any_text(text: str) -> None:
    """Any text is a time ahead, or none."""
    found = asked(text)
    assert found is None or found.at > NOW


def test_words_of_each_language(library: Library) -> None:
    """Each language has words for minutes, hours and what opens a time."""
    for lexicon in library.lexicons.values():
        times = lexicon.times
        assert all((times.remind, times.at, times.within, times.minutes, times.hours))
        assert times.amounts
