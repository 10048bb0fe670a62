"""A team's own slips: what may stand on one, and who may do what."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.core import ownslips
from bot.core.allow import may
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.flow import Reply
from bot.core.library import Library
from bot.core.nudge import Nudges
from bot.core.team import OwnSlip, Team
from bot.core.turn import Chose
from bot.flows import lapp

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
SLIP = OwnSlip("0" * 16, "question", "Vad ger luft?", 60, author="a1")
FINE = {"kind": "question", "length": "60", "text": "Vem gör det lättare att gå hem?"}


def context(library: Library, me: str, *slips: OwnSlip) -> Context:
    leads = frozenset({"c3"})
    team = Team("sv", frozenset({"pause"}), date(2026, 11, 24), Nudges("UTC"), leads, slips=slips)
    return Context(NOW, library, "sv", me=me, here="place", team=team)


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({}, {}),
        ({"kind": "breathing"}, {"kind": "kind"}),
        ({"kind": ""}, {"kind": "kind"}),
        ({"length": "61"}, {"length": "length"}),
        ({"length": "30", "text": "a " * 99}, {"length": "short"}),
        ({"text": ""}, {"text": "empty"}),
        ({"text": "Gör så här!"}, {"text": "words"}),
        ({"text": "Det här minskar stress."}, {"text": "words"}),
        ({"text": " Vad ger luft? "}, {"text": "twice"}),
    ],
)
def test_what_may_stand_there(
    answers: dict[str, str], wrong: dict[str, str], library: Library
) -> None:
    """Each fault is named beside its own field."""
    assert ownslips.faults(context(library, "a1", SLIP), {**FINE, **answers}) == wrong


def test_a_box_has_an_end(library: Library) -> None:
    """More than MOST slips are not taken in."""
    many = (replace(SLIP, id=f"{n:016x}", text=str(n)) for n in range(ownslips.MOST))
    assert ownslips.faults(context(library, "a1", *many), FINE) == {"text": "full"}


@pytest.mark.parametrize(
    ("me", "approves", "takes_back"),
    [("a1", False, True), ("b2", True, False), ("c3", True, True), ("", True, False)],
    ids=["author", "member", "lead", "nobody known"],
)
def test_who_may(me: str, library: Library, *, approves: bool, takes_back: bool) -> None:
    """Somebody else puts it in; who wrote it, or a lead, takes it back."""
    seen = context(library, me, SLIP)
    assert may(seen, "approve", SLIP) == approves
    assert may(seen, "take_back", SLIP) == takes_back
    assert not may(seen, "approve", ownslips.put_in(SLIP))


def test_a_forgotten_author_is_nobody(library: Library) -> None:
    """Nobody is taken for the author of a slip that has none any more."""
    assert not may(context(library, ""), "take_back", replace(SLIP, author=""))


def test_a_full_box_can_be_looked_through(library: Library) -> None:
    """However many there are, a lead comes to each of them, a few on a card."""
    many = tuple(replace(SLIP, id=f"{n:016x}", text=f"Fråga {n}?") for n in range(ownslips.MOST))
    seen, lead, choice = list[str](), context(library, "c3", *many), "list"
    data: Mapping[str, str] = {}
    while choice:
        move = lapp.FLOW.respond(Conversation("lapp", "list", data=data), Chose(choice, 1), lead)
        assert isinstance(move, Reply)
        (card,) = (effect.card for effect in move.effects if isinstance(effect, Replace))
        found = [each.id for each in card.choices if len(each.id) == len(SLIP.id)]
        assert 0 < len(found) <= lapp.AT_ONCE
        seen += found
        data, choice = move.data, "more" if "more" in {each.id for each in card.choices} else ""
    assert seen == [slip.id for slip in many]
