"""How long Landa keeps things: in words, for people, and in hours, for what prunes."""

from collections.abc import Mapping

TURN = "until the next turn; emptied when the conversation rests, at most 26 hours"
DELIVERY = "until delivered, at most 24 hours"
DAY = "26 hours"
GIVEN_UP = "7 days"
CHOSEN = "until the person changes it"
ASKED = "until the person takes it back; a reminder, at most 24 hours after its time"
INSTALLED = "until Landa is taken away from there"
AGREED = "until a lead ends it, or Landa is taken away from there"
OPEN = "until it is answered, taken back or asked of another; at most 2 hours"
OPENED = "until it is opened, at most 15 minutes"
GRACE = "until Landa is back there, or the days of grace are over, at most 30"
LEADING = "until they leave, or a lead ends it"
GOOD = "for good"

LONGEST_H: Mapping[str, float | None] = {
    TURN: 26,
    DELIVERY: 24,
    DAY: 26,
    GIVEN_UP: 7 * 24,
    CHOSEN: None,
    ASKED: None,
    INSTALLED: None,
    AGREED: None,
    OPEN: 2,
    OPENED: 0.25,
    GRACE: 30 * 24,
    LEADING: None,
    GOOD: None,
}
"""Every retention there is. None: it ends with an act, not with time."""
NAMES: Mapping[str, str] = {
    TURN: "turn",
    DELIVERY: "delivery",
    DAY: "day",
    GIVEN_UP: "given_up",
    CHOSEN: "chosen",
    ASKED: "asked",
    AGREED: "agreed",
    OPEN: "open",
    OPENED: "opened",
    LEADING: "leading",
}
"""What is kept of a person -> how catalogs call it: "held.kept_<name>"."""
HOUR_MS = 3_600_000


def longest_ms(retention: str) -> int:
    """How long it may be there. KeyError for what time does not end."""
    hours = LONGEST_H[retention]
    if hours is None:
        raise KeyError(retention)
    return round(hours * HOUR_MS)
