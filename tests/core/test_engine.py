"""One turn: serials, stale cards, double presses, pauses, chains, and what always wins."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from bot.core.context import Context, Profile, zone_of
from bot.core.conversation import Conversation
from bot.core.effect import Pause, Replace
from bot.core.engine import DOUBLE_PRESS, STALE
from bot.core.errors import StateError
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.lexicon import Command
from bot.core.library import Library
from bot.core.message import Choice, Message
from bot.core.play import LONGEST_CHAIN, Flows
from bot.core.turn import Chose, Commanded, PauseOver, Said, Submitted, Turn
from bot.flows import FLOWS
from tests.core.talk import Talk, cards, text


@pytest.fixture
def talk(library: Library) -> Talk:
    return Talk(library)


def made_up(start: Next, careful: bool = False, name: str = "made-up") -> Flow:
    """A flow that always answers *start*."""

    def begin(context: Context, data: Mapping[str, str]) -> Next:
        return start

    def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
        return start

    return Flow(name, begin, respond, careful)


def test_serials(talk: Talk) -> None:
    """Every turn that is answered has the next serial, also one that ends at rest."""
    for serial, words in enumerate(["", "läge", "blåhaj", "sluta", "jag vill dö"], 1):
        assert talk.command(words).conversation.serial == serial


def test_a_choice_of_the_newest_card(talk: Talk) -> None:
    """A press on the newest card is answered by the flow that made it."""
    talk.command()
    talk.press("calm")
    assert talk.conversation.flow == "guided"


def test_an_old_card(talk: Talk) -> None:
    """A press on an older card brings a gentle fresh one, whatever the newer card offers."""
    for newer in ("läge", ""):
        talk.command()
        old = talk.serial
        talk.command(newer)
        answer = talk.press("support", old)
        assert talk.conversation.step == "short"
        assert talk.library.words["sv"]("menu.old") in text(answer)


def test_a_choice_that_was_not_offered(talk: Talk) -> None:
    """A choice that does not stand on the card is not played, even with its serial."""
    talk.command()
    talk.press("enough")
    assert talk.conversation.flow == "menu"


def test_a_choice_at_rest(talk: Talk) -> None:
    """At rest nothing is offered, so a press brings the gentle card."""
    talk.command("sluta")
    talk.press("calm")
    assert talk.conversation.flow == "menu"


def test_two_presses_of_one_finger(talk: Talk) -> None:
    """A second press on a card that was just answered changes nothing."""
    talk.command()
    talk.take(Chose("calm", talk.serial))
    before = talk.conversation
    talk.wait(DOUBLE_PRESS.total_seconds() - 0.1)
    for again in ("calm", "peace"):
        outcome = talk.take(Chose(again, talk.serial - 1))
        assert outcome.effects == ()
        assert outcome.conversation == before


def test_two_presses_far_apart(talk: Talk) -> None:
    """Later than five seconds a press on an answered card is a wish of its own."""
    talk.command()
    talk.take(Chose("calm", talk.serial))
    talk.wait(DOUBLE_PRESS.total_seconds())
    assert talk.take(Chose("calm", talk.serial - 1)).effects


def test_a_card_two_turns_old(talk: Talk) -> None:
    """Two turns back is no double press, however quick."""
    talk.command()
    talk.command()
    talk.command()
    assert talk.take(Chose("calm", talk.serial - 2)).effects


def test_stale(talk: Talk) -> None:
    """After a working day the card is over; a moment before it still is the newest."""
    talk.command()
    talk.now += STALE - timedelta(seconds=6)
    talk.press("calm")
    assert talk.conversation.flow == "guided"
    talk.now += STALE
    talk.press("next" if "next" in talk.conversation.offered else "leave")
    assert talk.conversation.flow == "menu"


def test_a_typed_word_on_a_stale_conversation(talk: Talk) -> None:
    """The next day a typed label of yesterday's card is no answer to it."""
    talk.command("läge")
    talk.now += STALE + timedelta(seconds=1)
    talk.say("blandat")
    assert talk.conversation.flow == "menu"


def test_a_pause_ends(talk: Talk) -> None:
    """The pause of the newest turn goes on where the person is."""
    talk.command()
    outcome = talk.press("calm")
    assert any(isinstance(effect, Pause) for effect in outcome.effects)
    assert talk.wake().conversation.flow == "after"


def test_a_pause_of_an_older_serial(talk: Talk) -> None:
    """A pause that was set before the person went on is silent."""
    talk.command()
    talk.press("calm")
    talk.command("läge")
    before = talk.conversation
    outcome = talk.wake(talk.serial - 1)
    assert outcome.effects == ()
    assert outcome.conversation == before


def test_a_pause_at_rest(talk: Talk) -> None:
    """A pause that ends after the conversation has is silent, whatever its serial."""
    talk.command("luft")
    talk.press("10")
    talk.say("sluta")
    for serial in (talk.serial, talk.serial - 1):
        assert talk.wake(serial).effects == ()


def test_a_pause_of_yesterday(talk: Talk) -> None:
    """A pause that ends after a working day finds nobody waiting."""
    talk.command("luft")
    talk.press("30")
    talk.now += STALE + timedelta(seconds=1)
    assert talk.wake().effects == ()


def test_unknown_flow(talk: Talk) -> None:
    """A conversation in a flow that is gone is a fault with a name, not a silence."""
    talk.conversation = Conversation("gone", "play", 3, {"next": "Nästa"}, at=talk.now)
    with pytest.raises(StateError, match="gone"):
        talk.press("next")


def test_a_flow_that_begins_an_unknown_one(library: Library) -> None:
    """A flow that leads to nowhere is a fault with a name."""
    talk = Talk(library, flows={**FLOWS, "land": made_up(Begin("nowhere"))})
    with pytest.raises(StateError, match="nowhere"):
        talk.command()


def test_a_chain(library: Library) -> None:
    """One turn may go through several flows, but not without end."""
    last = Reply("show", (Replace(Message("x", (Choice("a", "A"),))),))
    names = ["land", *(f"link-{n}" for n in range(1, LONGEST_CHAIN))]
    links: dict[str, Flow] = {
        name: made_up(Begin(after), name=name) for name, after in pairwise(names)
    }
    flows: Flows = {**FLOWS, **links, names[-1]: made_up(last, name=names[-1])}
    with pytest.raises(StateError, match="without end"):
        Talk(library, flows=flows).command()
    shorter = {**flows, names[-2]: made_up(last, name=names[-2])}
    assert Talk(library, flows=shorter).command().conversation.flow == names[-2]


def test_circle(library: Library) -> None:
    """Flows that begin each other are a fault, not a hang."""
    flows = {
        **FLOWS,
        "land": made_up(Begin("colour"), name="land"),
        "colour": made_up(Begin("land"), name="colour"),
    }
    with pytest.raises(StateError, match="without end"):
        Talk(library, flows=flows).command()


@pytest.fixture
def careful(library: Library) -> Talk:
    """A Landa in which "radera" starts a flow that is not to be started by mistake."""
    lexicon = library.lexicons["sv"]
    commands = {**lexicon.commands, "radera": Command("erase", "", "sv")}
    lexicons = {**library.lexicons, "sv": replace(lexicon, commands=commands)}
    gone = made_up(Reply("", (Replace(Message("Borta.")),)), careful=True, name="erase")
    return Talk(replace(library, lexicons=lexicons), flows={**FLOWS, "erase": gone})


def test_careful_and_sure(careful: Talk) -> None:
    """A careful flow starts at once when its word is written as it is."""
    assert text(careful.say("radera")) == "Borta."


@pytest.mark.parametrize("typed", ["radeera", "kan du radera det nu"])
def test_careful_and_guessed(careful: Talk, typed: str) -> None:
    """A careful flow is asked about first when its word was guessed."""
    assert text(careful.say(typed)) == "Menade du radera?"
    assert text(careful.press("yes")) == "Borta."
    careful.say(typed)
    assert careful.press("no").conversation.flow == "menu"
    careful.say(typed)
    assert text(careful.say("ja tack")) == "Borta."


def test_a_guess_of_something_harmless(talk: Talk) -> None:
    """A guess that can do no harm is simply followed."""
    assert talk.say("anads").conversation.flow == "practice"


def test_a_guess_of_stop(talk: Talk) -> None:
    """What is nearly stop is asked about in good Swedish, and yes stops."""
    talk.command()
    assert text(talk.say("det räckerr")) == "Menade du sluta?"
    assert talk.press("yes").conversation.flow == ""


@pytest.mark.parametrize("typed", ["Nästa", "nasta", "  NÄSTA. "])
def test_a_typed_label(talk: Talk, typed: str) -> None:
    """A button's words may be written instead of pressed."""
    talk.command()
    talk.press("feet")
    assert talk.say(typed).conversation.flow == "after"


def test_a_label_in_a_command(talk: Talk) -> None:
    """After /landa stand commands; a label there is not a press."""
    talk.command()
    assert talk.command("en kort paus").conversation.flow == "practice"


@pytest.mark.parametrize("typed", ["nej tack", "inte i dag", "not now", "Inte nu"])
def test_a_typed_no(talk: Talk, typed: str) -> None:
    """Every way to say no is a no where one is offered."""
    talk.command("andas")
    assert talk.say(typed).conversation.flow == ""


def test_stop_before_a_label(talk: Talk) -> None:
    """ "Sluta" stops, also where a button of that name would ask what comes next."""
    talk.command()
    talk.press("feet")
    assert "Sluta" in talk.conversation.offered.values()
    assert talk.say("Sluta").conversation.flow == ""


@pytest.mark.parametrize("words", ["", "läge", "hem", "andas", "inställningar", "hjälp", "hot"])
def test_what_always_wins(talk: Talk, words: str) -> None:
    """Crisis words and stop are answered alike from anywhere, as a command and as text."""
    for turn in (Commanded, Said):
        talk.command(words)
        assert talk.take(turn("jag vill dö")).conversation.flow == "support"
        talk.command(words)
        assert talk.take(turn("sluta")).conversation.flow == ""
        talk.command(words)
        outcome = talk.take(turn("811218-9876"))
        assert "811218" not in repr(outcome)
        assert text(outcome) == talk.library.words["sv"]("menu.client")


def test_client_data_is_not_kept(talk: Talk) -> None:
    """Words a person writes are in no conversation and on no card."""
    for said in ("Anna 811218-9876 mår dåligt", "kaffet är slut hos Anna", "anads Anna"):
        talk.command()
        outcome = talk.say(said)
        assert "Anna" not in str(talk.conversation.data)
        assert "Anna" not in text(outcome)


def test_the_language_of_a_word(talk: Talk) -> None:
    """A word is answered in its own language, and so is what follows it."""
    talk.say("breathe")
    assert talk.conversation.language == "en"
    talk.press("show_others")
    assert talk.conversation.language == "en"
    talk.say("andas")
    assert talk.conversation.language == "sv"


def test_the_language_of_a_crisis(talk: Talk) -> None:
    """Who writes crisis words is answered in the language of those words."""
    assert talk.say("I want to die").language == "en"
    assert talk.say("jag vill dö").language == "sv"


def test_the_chosen_language(library: Library) -> None:
    """A language that was chosen is kept to, whatever is typed."""
    talk = Talk(library, profile=Profile("sv"))
    for typed in ("breathe", "I want to die", "hello", "stop"):
        assert talk.say(typed).language == "sv"


def test_a_form(talk: Talk) -> None:
    """A form is taken when it is the newest card, and not when it is old."""
    talk.command("inställningar")
    old = talk.serial
    talk.command("läge")
    talk.wait(6)
    values = {"language": "en", "motion": "still", "zone": "Europe/Oslo"}
    talk.take(Submitted("save", values, old))
    assert talk.profile == Profile()
    talk.command("inställningar")
    talk.submit("save", values)
    assert talk.profile == Profile("en", "still", "Europe/Oslo")


def test_the_same_turn_twice(library: Library) -> None:
    """The same conversation, turn and context always give the same outcome."""
    one, two = Talk(library, variety=7), Talk(library, variety=7)
    for words in ("", "andas", "fråga", "hem", "läge"):
        assert one.command(words) == two.command(words)


def test_a_chosen_slip_that_is_gone(library: Library) -> None:
    """A slip that left the box while somebody was in it brings the gentle card."""
    talk = Talk(library)
    talk.command()
    talk.press("feet")
    slip = talk.conversation.data["id"]
    fewer = {
        language: {id: one for id, one in box.items() if id != slip}
        for language, box in library.exercises.items()
    }
    talk.library = replace(library, exercises=fewer)
    assert talk.library.words["sv"]("menu.old") in text(talk.press("next"))


def test_a_breath_after_a_breath(library: Library) -> None:
    """A breathing card that came by itself has a button that goes on."""
    slip = library.exercises["sv"]["double-sigh"]
    twice = replace(slip, steps=slip.steps * 2)
    box = {**library.exercises["sv"], "double-sigh": twice}
    talk = Talk(replace(library, exercises={**library.exercises, "sv": box}))
    data = {"from": "land", "id": slip.id, "tried": slip.id, "n": "0"}
    offered = {"other": "x", "leave": "y"}
    talk.conversation = Conversation("guided", "play", 5, offered, data, talk.now, "sv")
    outcome = talk.wake()
    assert not any(isinstance(effect, Pause) for effect in outcome.effects)
    assert "next" in talk.conversation.offered
    assert cards(talk.press("next"))
    assert talk.conversation.flow == "after"


def test_a_pause_over_that_nobody_set(talk: Talk) -> None:
    """A pause that ends where none was set shows the card again, at the most."""
    for words in ("", "läge", "hem", "andas", "hjälp", "stöd", "hot", "vem-ser-vad"):
        talk.command(words)
        flow = talk.conversation.flow
        assert talk.take(PauseOver(talk.serial)).conversation.flow == flow


def test_crisis_words_in_a_field(talk: Talk) -> None:
    """Crisis words in any field of a form bring the support card before the form is looked at."""
    talk.command("inställningar")
    values = {"language": "sv", "motion": "moving", "words": "jag vill dö"}
    shown = text(talk.submit("save", values))
    assert talk.library.words["sv"]("support.crisis") in shown
    assert talk.profile == Profile()


@pytest.mark.parametrize(
    "name", ["Europe/Stockholm", "Nowhere/Land", "../../etc/passwd", "", "Europe"]
)
def test_a_time_zone_is_looked_at(name: str) -> None:
    """What a platform calls a time zone is one, or nothing."""
    found = zone_of("", name)
    assert found == (ZoneInfo(name) if name == "Europe/Stockholm" else None)


def test_settings_leave_the_zone_alone(library: Library) -> None:
    """Who changes the language keeps the time zone that was chosen for their times."""
    talk = Talk(library, profile=Profile("sv", zone="Europe/Helsinki"))
    talk.command("inställningar")
    talk.submit("save", {"language": "en", "motion": "still"})
    assert talk.profile == Profile("en", "still", "Europe/Helsinki")
