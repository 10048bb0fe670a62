"""Days off: a country's red days, those that are red in practice, and the workplace's own."""

from collections.abc import Container, Iterable
from datetime import date
from typing import Any

CATEGORIES = {"public", "de_facto"}
"""De facto: julafton, midsommarafton and nyårsafton in Sweden. Other countries have only some."""
ALWAYS_KNOWN = {"", "SE"}
"""Nothing need be loaded at a start to know that."""


class RedDays(Container[date]):
    """Holds the days that are off. A year is looked up when one of its days is asked for.

    country  as in ISO 3166, with or without a part of it: "SE", "DE-BY". "": none at all.
    closed   the workplace's own days off.
    """

    def __init__(self, country: str, closed: Iterable[date] = ()) -> None:
        self._country, self._closed = country, frozenset(closed)
        self._years: dict[int, frozenset[date]] = {}

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        if day.year not in self._years:
            self._years[day.year] = self._closed.union(_red(self._country, day.year))
        return day in self._years[day.year]


def known(country: str) -> bool:
    """Whether the red days of *country* are known."""
    if country in ALWAYS_KNOWN:
        return True
    import holidays  # noqa: PLC0415  a tenth of a second, and only for nudges

    name, _, part = country.partition("-")
    parts: dict[str, list[str]] = holidays.list_supported_countries()
    return name in parts and (not part or part in parts[name])


def _red(country: str, year: int) -> Iterable[date]:
    if not country:
        return ()
    import holidays  # noqa: PLC0415

    name, _, part = country.partition("-")
    calendar: Any = holidays.country_holidays(name, subdiv=part or None)
    found = CATEGORIES.intersection(calendar.supported_categories)
    return holidays.country_holidays(name, subdiv=part or None, years=year, categories=found)
