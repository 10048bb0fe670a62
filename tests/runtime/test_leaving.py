"""The card that a conversation leaves behind."""

from datetime import UTC, datetime

import pytest

from bot.core.conversation import Conversation
from bot.core.effect import Effect, Finish, Forget, Replace, Say
from bot.core.engine import Outcome
from bot.core.library import Library
from bot.core.message import Card, Form, Link, Message
from bot.core.turn import Chose, Inbound, Person, Place
from bot.runtime.leaving import leaving

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)
HERE = {"talk": "a:1", "card": "2", "lasting": True}
THERE = {"talk": "a:1", "card": "1", "lasting": True}
GOING_ON = Conversation("land", "choose", 5)


def left(
    library: Library,
    address: dict[str, str | int | bool],
    *effects: Effect,
    before: dict[str, str | int | bool] | None = None,
    after: Conversation = GOING_ON,
) -> Outcome:
    person = Person("teams", "t", "anna")
    inbound = Inbound("1", person, Place("private", address), Chose("calm", 4), AT)
    was = Conversation("colour", "needs", 4, card=before or {})
    return leaving(was, Outcome(after, effects, "sv"), inbound, library.words["sv"])


def test_a_card_that_goes_on_is_remembered(library: Library) -> None:
    """A conversation knows the lasting card it goes on in, and leaves nothing behind."""
    outcome = left(library, HERE, Replace(Message("x")), before=HERE)
    assert outcome.conversation.card == HERE
    assert outcome.effects == (Replace(Message("x")),)


@pytest.mark.parametrize("address", [{"talk": "a:1"}, HERE])
def test_another_card_takes_over(library: Library, address: dict[str, str | int | bool]) -> None:
    """Going on elsewhere leaves one neutral word in the card before, after everything else."""
    outcome = left(library, address, Replace(Message("x")), before=THERE)
    assert outcome.effects == (
        Replace(Message("x")),
        Finish(Message("Klart"), {**THERE, "left": True}),
    )
    assert outcome.conversation.card == (address if "card" in address else {})


@pytest.mark.parametrize(
    ("address", "card", "after"),
    [
        ({"talk": "a:1", "card": "2"}, Message("x"), GOING_ON),
        (HERE, Message("x", links=(Link("Ring 112", "tel:112"),)), GOING_ON),
        (HERE, Message("x"), Conversation(serial=5)),
    ],
)
def test_what_stays_as_it_is(
    library: Library, address: dict[str, str | int | bool], card: Card, after: Conversation
) -> None:
    """Cards that do not last, that have a way to people, or that ended are not touched later."""
    assert left(library, address, Replace(card), after=after).conversation.card == {}


def test_a_form_is_left_like_any_card(library: Library) -> None:
    """A form that nobody sent does not stay open."""
    form = Form("x", "y", (), ())
    assert left(library, HERE, Replace(form)).conversation.card == HERE


def test_who_goes_is_sent_nothing(library: Library) -> None:
    """Where a turn says nothing, nothing is rewritten either."""
    outcome = left(library, {}, Forget(), before=THERE, after=Conversation(serial=5))
    assert outcome.effects == (Forget(),)


def test_a_new_card_beside_the_old(library: Library) -> None:
    """A press that is answered with a message of its own leaves the pressed card as it is."""
    outcome = left(library, HERE, Say(Message("x")), before=HERE)
    assert outcome.effects == (Say(Message("x")),)
    assert outcome.conversation.card == {}
