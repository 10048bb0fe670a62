"""What lies in the box: its decks, and the piles each is drawn from."""

from collections.abc import Mapping

from bot.core import deck
from bot.core.context import Context
from bot.core.exercise import ASKING, OF_THEIR_MOMENT, Exercise

HOW_MANY = 3
ALL = "all"
DECKS: Mapping[str, tuple[str, ...]] = {
    ALL: ("exercise", "question", "pride"),
    "exercise": ("exercise",),
    "question": ("question",),
    "pride": ("pride",),
    "work": ("work",),
}
"""Deck -> its piles. A team's own slips would be a deck here, and a pile in `pile_of`."""


def pile_of(slip: Exercise) -> str:
    """The pile that a slip lies in: one for each kind that asks, and one for all to be done."""
    return slip.kind if slip.kind in ASKING else "exercise"


def contents(exercises: Mapping[str, Exercise], name: str) -> Mapping[str, tuple[str, ...]]:
    """Pile -> ids, of the deck *name*, for `deck.draw`."""
    drawn = [slip for slip in exercises.values() if slip.kind not in OF_THEIR_MOMENT]
    return {pile: tuple(slip.id for slip in drawn if pile_of(slip) == pile) for pile in DECKS[name]}


def decks(exercises: Mapping[str, Exercise]) -> tuple[str, ...]:
    """Those of DECKS that have something in them."""
    return tuple(name for name in DECKS if any(contents(exercises, name).values()))


def fan(context: Context, name: str) -> tuple[tuple[str, ...], deck.Piles, bool]:
    """The next slips for somebody alone, their piles after that, and whether these were the last
    before all are laid back."""
    box = contents(context.exercises, name)
    drawn, piles = deck.draw(box, context.mine.piles, context.variety, HOW_MANY)
    return drawn, piles, not deck.left(box, piles)
