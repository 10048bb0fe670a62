"""Faults of content and settings, for `landa check`."""

from datetime import UTC, date, datetime

from bot.core.errors import SettingsError
from bot.core.library import Library
from bot.runtime import content, redday, settings, site


def check() -> tuple[list[str], list[str]]:
    """(faults, warnings), each one line."""
    try:
        wished = settings.read()
    except SettingsError as wrong:
        found = content.read()
        return [*map(str, found.faults), *wrong.faults], numbers(found.library)
    found = content.read(packs=content.named(wished.landa_packs))
    faults = [str(fault) for fault in found.faults]
    try:
        faults += language(found.library, wished.landa_locale)
        faults += country(wished.country)
        site.read(wished.landa_site)
    except SettingsError as wrong:
        faults.extend(wrong.faults)
    return faults, numbers(found.library)


def language(library: Library, wished: str) -> list[str]:
    """A line when Landa does not speak the site's language."""
    known = library.languages
    return [] if wished in known else [f"LANDA_LOCALE: Landa speaks {', '.join(known)}."]


def country(wished: str) -> list[str]:
    """A line when nobody knows the red days of the workplace's country."""
    why = "LANDA_COUNTRY: its red days are not known. Name another, or set it to none."
    return [] if redday.known(wished) else [why]


def numbers(library: Library, today: date | None = None) -> list[str]:
    """A line for each crisis number that nobody has looked up for a year."""
    today = today or datetime.now(UTC).date()
    return [
        f"exercises/support.toml: {line.id}: {line.phone} was last checked {line.checked}. "
        "Look it up and set a new date."
        for line in content.old_numbers(library, today)
    ]
