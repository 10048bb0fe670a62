"""Which slips to offer: short ones first, longer ones next, and what a colour is served by."""

from collections.abc import Iterable

from bot.core.context import Context
from bot.core.exercise import Exercise

FIRST_S = (20, 90)
"""The first offer is short: one can stand it between two doors."""
LONGER_S = 240

CALM, SLOWER, GROUNDED = (
    ("breathing", "grounding", "kindness"),
    ("pause", "body"),
    ("grounding", "body"),
)


def short(
    context: Context, kinds: Iterable[str], tried: str = "", count: int = 1, circle: str = ""
) -> list[Exercise]:
    """Slips of *kinds* that take 20-90 s at a desk and ask for nothing else.

    circle  only those that serve it: "green" also those that lead there.
    """
    least, most = FIRST_S
    fitting = [
        slip
        for slip in _of(context, kinds)
        if least <= slip.seconds <= most and slip.circle.endswith(circle)
    ]
    plain = [slip for slip in fitting if not slip.requires and "desk" in slip.where]
    return context.draw(plain or fitting or _of(context, kinds), count, tried)


def longer(context: Context, tried: str = "", count: int = 3) -> list[Exercise]:
    """Slips of at least four minutes, of any kind that is not a question."""
    kinds = ("breathing", "grounding", "body", "pause", "after")
    every = _of(context, kinds)
    fitting = [slip for slip in every if slip.seconds >= LONGER_S]
    return context.draw(fitting or every, count, tried)


def of_kind(context: Context, kind: str, tried: str = "", count: int = 3) -> list[Exercise]:
    """Any slips of one kind."""
    return context.draw(_of(context, (kind,)), count, tried)


def _of(context: Context, kinds: Iterable[str]) -> list[Exercise]:
    """Any slips at all where a language has none of *kinds* yet: an offer is never empty."""
    wanted, every = set(kinds), list(context.exercises.values())
    return [slip for slip in every if slip.kind in wanted] or every
