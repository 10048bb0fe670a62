"""Pages that are looked at, and forms in a window of their own."""

from dataclasses import replace

import pytest

from bot.core.conversation import Conversation
from bot.core.effect import Forget, Keep, Replace, Say
from bot.core.errors import StateError
from bot.core.flow import Begin, Flow, Reply
from bot.core.library import Library
from bot.core.message import Choice, Field, Form, Message
from bot.core.turn import Chose, Closed, Looked
from tests.core.talk import Talk, cards, text

FORM = Form("Fråga", "Hur?", (Field("a", "A"),), (Choice("send", "Skicka"),))


@pytest.fixture
def talk(library: Library) -> Talk:
    return Talk(library)


def test_looking_moves_nothing(talk: Talk) -> None:
    """Whoever looks at their page stays where they are, and can press on as before."""
    talk.command("läge")
    before = talk.conversation
    talk.wait(30)
    looked = talk.take(Looked("overview"))
    assert looked.conversation == before
    (card,) = cards(looked)
    assert isinstance(card, Message)
    assert card.standing
    talk.press("green")
    assert talk.conversation.step == "needs"


def test_looking_does_nothing_else(talk: Talk) -> None:
    """What a flow would do besides showing a card is left undone, also where it would forget."""
    done = (Keep({"language": "en"}), Say(Message("hej")), Forget())
    flow = Flow("page", lambda _, __: Reply("", done), lambda _, __, ___: Reply("", done))
    talk.flows = {**talk.flows, "page": flow}
    assert talk.take(Looked("page")).effects == (Say(Message("hej")),)


def test_looking_at_nothing(talk: Talk) -> None:
    """A page that no flow makes is a fault of ours."""
    with pytest.raises(StateError):
        talk.take(Looked("nowhere"))


def test_closing_is_leaving(talk: Talk) -> None:
    """Who closes a form's window has left it: the card that led there says so, if there is one."""
    talk.command("inställningar")
    closed = talk.take(Closed(talk.serial))
    assert talk.conversation.flow == ""
    assert text(closed) == talk.library.words["sv"]("settings.unchanged")
    assert closed.effects == (Replace(cards(closed)[0], in_place=True),)


def test_closing_late(talk: Talk) -> None:
    """A window that is closed after something else has begun changes nothing."""
    talk.command("inställningar")
    old = talk.serial
    talk.command("läge")
    before = talk.conversation
    closed = talk.take(Closed(old))
    assert (closed.conversation, closed.effects) == (before, ())
    talk.command("sluta")
    assert talk.take(Closed(talk.serial)).effects == ()


def test_closing_says_nothing_new(talk: Talk) -> None:
    """A flow that answers its leaving with a new card is not heard; what it keeps is kept."""
    left = Reply("", (Keep({"language": "sv"}), Say(Message("hej då"))))
    asks = Reply("ask", (Say(replace(FORM, choices=(*FORM.choices, Choice("leave", "Nej")))),))
    seen: list[object] = []

    def respond(_: Conversation, turn: object, __: object) -> Reply:
        seen.append(turn)
        return left

    talk.flows = {**talk.flows, "settings": Flow("settings", lambda _, __: asks, respond)}
    talk.command("inställningar")
    assert talk.take(Closed(talk.serial)).effects == (Keep({"language": "sv"}),)
    assert seen == [Chose("leave", talk.serial - 1)]


def test_a_form_that_can_only_be_sent(talk: Talk) -> None:
    """Closing a form that has no way of leaving is not sending it."""
    talk.flows = {
        **talk.flows,
        "settings": Flow("settings", lambda _, __: Reply("ask", (Say(FORM),)), pytest.fail),
    }
    talk.command("inställningar")
    assert talk.take(Closed(talk.serial)).effects == ()


def test_asked_again(talk: Talk) -> None:
    """A form with a fault in it is asked again; one that is kept, or leads elsewhere, is not."""
    good = {"language": "sv", "zone": "Europe/Stockholm", "motion": "still"}
    assert not talk.command("inställningar").again
    assert talk.submit("save", {**good, "motion": "loud"}).again
    assert not talk.submit("save", good).again
    talk.command("inställningar")
    assert not talk.submit("leave", good).again


def test_another_question_is_not_the_same(talk: Talk) -> None:
    """A form that leads to another one has moved on: also within its flow."""
    asks = Reply("ask", (Replace(FORM),))
    for after in (
        Reply("more", (Replace(FORM),)),
        Reply("ask", (Replace(FORM),), {"a": "1"}),
        Reply("ask", (Keep({"language": "sv"}), Replace(FORM))),
        Reply("ask", (Replace(Message("hej", (Choice("x", "X"),))),)),
        Begin("land"),
    ):
        flow = Flow("settings", lambda _, __: asks, lambda _, __, ___, after=after: after)
        talk.flows = {**talk.flows, "settings": flow}
        talk.command("inställningar")
        assert not talk.submit("send", {"a": "1"}).again
