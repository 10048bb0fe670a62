"""What somebody keeps of the box for themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.core.deck import Pile

MOST_SAVED = 60
MOST_FINISHED = 20


@dataclass(frozen=True, slots=True)
class Mine:
    """saved, finished: ids of slips, the newest last; they may be gone from the box.

    piles     how far down the box they are, as in `deck.draw`.
    finished  the newest MOST_FINISHED, and only for those who want suggestions.
    """

    piles: Mapping[str, Pile] = field(default_factory=dict[str, Pile], repr=False)
    saved: tuple[str, ...] = field(default=(), repr=False)
    finished: tuple[str, ...] = field(default=(), repr=False)


def saving(mine: Mine, id: str) -> Mine:
    """With *id* among the saved ones; there is room for it while they are under MOST_SAVED."""
    return mine if id in mine.saved else replace(mine, saved=(*mine.saved, id))


def without(mine: Mine, id: str) -> Mine:
    return replace(mine, saved=tuple(each for each in mine.saved if each != id))


def finishing(mine: Mine, id: str) -> Mine:
    return replace(mine, finished=(*mine.finished, id)[-MOST_FINISHED:])
