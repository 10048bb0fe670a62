"""Days off, in Sweden and elsewhere."""

from datetime import date

import pytest

from bot.runtime.redday import RedDays, known


def test_swedens_red_days() -> None:
    """Red days are off, and so are the eves that everybody has off; an ordinary day is not."""
    found = RedDays("SE")
    for day in ("01-01", "01-06", "05-14", "06-06", "06-19", "12-24", "12-25", "12-31"):
        assert date.fromisoformat(f"2026-{day}") in found, day
    assert date(2026, 11, 29) not in found, "a Sunday is a day off only for those who say so"
    assert date(2026, 11, 24) not in found


def test_every_year_is_known() -> None:
    """Whatever the year, its red days are known."""
    days = RedDays("SE")
    assert all(
        date(year, 1, 6) in days and date(year, 1, 7) not in days for year in range(2026, 2040)
    )


@pytest.mark.parametrize(
    ("country", "day", "off"),
    [
        ("NO", "2026-05-17", True),
        ("NO", "2026-06-06", False),
        ("FI", "2026-06-19", True),
        ("DE-BY", "2026-01-06", True),
        ("DE", "2026-01-06", False),
        ("", "2026-12-25", False),
    ],
)
def test_other_countries(country: str, day: str, off: bool) -> None:
    """Another country, or a part of it, has its own days; and there may be none at all."""
    assert (date.fromisoformat(day) in RedDays(country)) is off


def test_the_workplace_has_its_own() -> None:
    """Days on which the workplace is closed are off, also where no country is named."""
    closed = date(2026, 8, 3)
    for country in ("SE", ""):
        assert closed in RedDays(country, [closed])


@pytest.mark.parametrize(
    ("country", "yes"),
    [("SE", True), ("DE-BY", True), ("", True), ("XX", False), ("SE-ZZ", False), ("se", False)],
)
def test_a_country_is_known_or_not(country: str, yes: bool) -> None:
    """A country nobody knows is told before it is used."""
    assert known(country) is yes
