"""Drawing from a box: nothing twice before it is empty, and everything in time."""

from dataclasses import asdict
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from bot.core import deck
from bot.core.deck import Pile, Piles

DRAWS = 10_000
LARGEST = 200
DAYS = 400
KINDS = ("exercise", "question", "pride")


def _box(size: int, piles: int) -> dict[str, list[str]]:
    """*size* slips, laid in turn on each of *piles*."""
    ids = [f"slip-{number}" for number in range(size)]
    return {name: ids[at::piles] for at, name in enumerate(KINDS[:piles])}


def test_nothing_comes_twice_before_the_box_is_empty() -> None:
    """Ten thousand draws, over boxes of 1 to 200 slips: no repeat, and every slip comes."""
    chance = Random(4)
    draws = 0
    while draws < DRAWS:
        size = chance.randint(1, LARGEST) if draws else LARGEST
        box, piles = _box(size, chance.randint(1, 3)), dict[str, Pile]()
        for _ in range(chance.randint(1, 3)):
            out: list[str] = []
            while len(out) < size:
                drawn, piles = deck.draw(box, piles, chance.randrange(DAYS), chance.randint(1, 4))
                assert drawn
                assert deck.left(box, piles) == size - len(out) - len(drawn)
                out += drawn
                draws += 1
            assert sorted(out) == sorted(id for ids in box.values() for id in ids)


def test_every_size_of_box_is_drawn_to_its_end() -> None:
    """Each box of 1 to 200 slips is drawn, in threes, to its last slip, and then begins again."""
    for size in range(1, LARGEST + 1):
        box, piles, out = _box(size, 1), dict[str, Pile](), list[str]()
        while len(out) < size:
            drawn, piles = deck.draw(box, piles, size, 3)
            out += drawn
        assert sorted(out) == sorted(box["exercise"])
        assert len(deck.draw(box, piles, size + 1, 3)[0]) == min(3, size)


@given(st.text(), st.dates(), st.sampled_from(KINDS), st.integers(1, LARGEST))
def test_a_draw_can_be_repeated(who: str, day: object, pile: str, size: int) -> None:
    """The same person, day and deck draw the same; a turn that is taken twice draws once."""
    box = {pile: [f"slip-{number}" for number in range(size)]}
    today = deck.number(who, str(day))
    first, then = deck.draw(box, {}, today, 3)
    assert deck.draw(box, {}, deck.number(who, str(day)), 3) == (first, then)
    assert deck.draw(box, then, today, 3) == deck.draw(box, then, today + 1, 3) or size <= 3


def test_people_days_and_decks_have_orders_of_their_own() -> None:
    """Two people, two days and two decks do not share one order."""
    ids = [f"slip-{number}" for number in range(LARGEST)]
    orders = {
        deck.draw({name: ids}, {}, deck.number(who, day), LARGEST)[0]
        for who in ("anna", "bo")
        for day in ("2026-11-24", "2026-11-25")
        for name in ("work", "exercise")
    }
    assert len(orders) == 8


def test_a_pile_drawn_alone_is_not_drawn_again_with_the_others() -> None:
    """Who drew questions and then from the whole box sees none of those questions twice."""
    box = _box(30, 3)
    alone, piles = deck.draw({"question": box["question"]}, {}, 1, 4)
    rest: list[str] = []
    while deck.left(box, piles):
        drawn, piles = deck.draw(box, piles, 2, 3)
        rest += drawn
    assert sorted([*alone, *rest]) == sorted(id for ids in box.values() for id in ids)


def test_a_new_slip_comes_and_a_gone_one_moves_nothing() -> None:
    """When the box changes, what was drawn stays drawn, and what is new comes at last."""
    box, piles = _box(20, 1), dict[str, Pile]()
    drawn, piles = deck.draw(box, piles, 1, 8)
    changed = {"exercise": [*box["exercise"][1:], "new"]}
    later: list[str] = []
    after: Piles = piles
    while deck.left(changed, after):
        more, after = deck.draw(changed, after, 1, 3)
        later += more
    assert not set(drawn) & set(later)
    whole: list[str] = []
    for _ in range(7):
        more, after = deck.draw(changed, after, 2, 3)
        whole += more
    assert sorted(whole[:20]) == sorted(changed["exercise"])


def test_an_empty_box_gives_nothing() -> None:
    """A deck that nobody has filled yet is drawn from without a fault."""
    assert deck.draw({"team": ()}, {}, 1, 3)[0] == ()


def test_what_is_remembered_names_no_slip() -> None:
    """Two numbers for each pile."""
    _, piles = deck.draw(_box(9, 2), {}, 1, 3)
    for pile in piles.values():
        assert all(isinstance(value, int) for value in asdict(pile).values())
