"""Drawing slips from a box: none comes twice before the box is empty, and every one comes.

A box is made of piles. Each pile has an order of its own, and all that is remembered is how far
down in it somebody is; which slips that were is written nowhere.

    box = {"exercise": ids, "question": ids}                  one pile, or several at once
    drawn, piles = deck.draw(box, piles, context.variety, 3)  somebody alone; kept in their `Mine`
    drawn, piles = deck.draw(box, piles, deck.number(context.here, day.isoformat()), 1)
                                                              a team, at its meeting

Whoever draws keeps the new *piles* (plain values), and draws from them the next time. Drawing the
same from the same piles gives the same slips, so a turn that is taken twice draws once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

BEFORE_ALL = -1


@dataclass(frozen=True, slots=True)
class Pile:
    """How far down a pile somebody is. seed: 0..2**64, fixes its order.

    mark  what has been drawn lies up to there; BEFORE_ALL: nothing yet.
    """

    seed: int
    mark: int = BEFORE_ALL


Piles = Mapping[str, Pile]


def number(*parts: str) -> int:
    """0..2**64: the same for the same *parts*."""
    return int.from_bytes(blake2b("\0".join(parts).encode(), digest_size=8).digest())


def draw(
    box: Mapping[str, Iterable[str]], piles: Piles, today: int, count: int
) -> tuple[tuple[str, ...], Piles]:
    """The next slips of *box*, and its piles after that. Fewer than *count* where the box ends:
    only once it is empty is everything laid back, in a new order.

    box    pile -> ids of its slips. A slip that is new or gone moves no other.
    piles  as they were returned last; those that are not in *box* stay as they are.
    today  a number of whoever draws, and their day: fixes the order of a pile that begins.
    """
    known = {name: piles.get(name) or _begun(name, None, today) for name in box}
    waiting = _waiting(box, known)
    if not waiting:
        known = {name: _begun(name, pile, today) for name, pile in known.items()}
        waiting = _waiting(box, known)
    drawn = sorted(waiting)[:count]
    marks = {name: Pile(known[name].seed, place) for place, name, _ in drawn}
    return tuple(id for _, _, id in drawn), {**piles, **known, **marks}


def left(box: Mapping[str, Iterable[str]], piles: Piles) -> int:
    """How many slips can be drawn before everything is laid back. 0: it is, with the next draw."""
    known = {name: piles.get(name) or Pile(0) for name in box}
    return len(_waiting(box, known))


def _waiting(box: Mapping[str, Iterable[str]], piles: Piles) -> list[tuple[int, str, str]]:
    """(place, pile, id) of all that has not been drawn."""
    return [
        (place, name, id)
        for name, ids in box.items()
        for id in ids
        if (place := number(str(piles[name].seed), id)) > piles[name].mark
    ]


def _begun(name: str, before: Pile | None, today: int) -> Pile:
    """Emptied twice on one day, a pile has another order each time."""
    return Pile(number(str(today), name, str(before.seed) if before else ""))
