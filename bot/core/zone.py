"""Time zones to choose among: where they are called something, and what the clock shows there."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.core.context import zone_of
from bot.core.message import Option
from bot.core.words import Words

KNOWN = {
    "Europe/Stockholm": "stockholm",
    "Europe/Helsinki": "helsinki",
    "Europe/Copenhagen": "copenhagen",
    "Europe/Oslo": "oslo",
    "Atlantic/Reykjavik": "reykjavik",
    "Europe/London": "london",
    "Europe/Lisbon": "lisbon",
    "Europe/Madrid": "madrid",
    "Europe/Paris": "paris",
    "Europe/Berlin": "berlin",
    "Europe/Rome": "rome",
    "Europe/Warsaw": "warsaw",
    "Europe/Athens": "athens",
    "Europe/Kyiv": "kyiv",
    "Europe/Istanbul": "istanbul",
    "Asia/Dubai": "dubai",
    "Asia/Kolkata": "kolkata",
    "Asia/Bangkok": "bangkok",
    "Asia/Shanghai": "shanghai",
    "Asia/Tokyo": "tokyo",
    "Australia/Sydney": "sydney",
    "Pacific/Auckland": "auckland",
    "America/Sao_Paulo": "sao_paulo",
    "America/New_York": "new_york",
    "America/Chicago": "chicago",
    "America/Denver": "denver",
    "America/Los_Angeles": "los_angeles",
}
"""Zone -> its key in the catalog. Near ones first; each hour of the world that has many people."""


def options(first: ZoneInfo, now: datetime, words: Words) -> tuple[Option, ...]:
    """*first*, then those that are KNOWN, each with the time there: whoever knows what the clock
    shows where they are finds theirs. now: aware.
    """
    others = (zone_of(name) for name in KNOWN if name != first.key)
    zones = (first, *(zone for zone in others if zone is not None))
    return tuple(Option(zone.key, _told(zone, now, words)) for zone in zones)


def _told(zone: ZoneInfo, now: datetime, words: Words) -> str:
    time = f"{now.astimezone(zone):%H:%M}"
    return words("zone.told", place=named(zone, words), time=time)


def named(zone: ZoneInfo, words: Words) -> str:
    """In words. Where there is no word of ours, what the zone itself is called."""
    key = KNOWN.get(zone.key)
    return words(f"zone.{key}") if key else zone.key.rpartition("/")[2].replace("_", " ")
