"""What people fill in, as values; what it is not is None."""

import re
from datetime import date, time

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")


def clock(text: str) -> time | None:
    """ "08:30" """
    match = _CLOCK.fullmatch(text.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return time(int(match[1]), int(match[2]))


def day(text: str) -> date | None:
    """ "2026-11-24" """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def again(text: str) -> str:
    """*text* as its field may show it once more: a time, a date, or nothing."""
    at = clock(text)
    if at is not None:
        return f"{at:%H:%M}"
    return found.isoformat() if (found := day(text)) else ""
