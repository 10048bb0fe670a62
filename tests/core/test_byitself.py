"""What Landa says unasked: to whom, when not, and that nobody is moved by it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from bot.core.byitself import BUSY
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import ClearNudges, Effect, Pause, Replace, Say
from bot.core.engine import respond
from bot.core.errors import StateError
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.library import Library
from bot.core.message import Choice, Form, Message
from bot.core.nudge import STALE, Hours, Nudges, Slot
from bot.core.play import Outcome
from bot.core.turn import ByItself, NudgeDue, Reminded, Said
from bot.flows import FLOWS
from tests.core.talk import Talk

NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
WANTED = Nudges("Europe/Stockholm", (Slot("morning", "pause", time(9), frozenset({2})),))
DUE = NudgeDue("morning", NINE, NINE + STALE)
STANDS = Message("Dags för en paus?", (Choice("practice/pause", "Starta"),), standing=True)
IN_THE_MIDDLE = Conversation("land", "start", 7, {"calm": "Lugna kroppen"}, at=NINE - 2 * BUSY)


def say(
    library: Library,
    turn: ByItself = DUE,
    conversation: Conversation = IN_THE_MIDDLE,
    nudges: Nudges | None = WANTED,
    effects: tuple[Effect, ...] = (Say(STANDS),),
    now: datetime = NINE,
) -> Outcome:
    given: list[Mapping[str, str]] = []

    def start(context: Context, data: Mapping[str, str]) -> Next:
        given.append(data)
        return Reply("", effects)

    flows = {**FLOWS, "nudge": Flow("nudge", start, lambda *_: Begin("menu"))}
    context = Context(now, library, "sv", nudges=nudges)
    outcome = respond(conversation, turn, context, flows)
    for data in given:
        slot = turn.slot if isinstance(turn, NudgeDue) else turn.id
        kind = "pause" if isinstance(turn, NudgeDue) else turn.kind
        assert data == {"kind": kind, "id": slot}
    return outcome


def test_a_nudge_moves_nobody(library: Library) -> None:
    """A nudge says its card, remembers that it spoke, and leaves the person where they were."""
    outcome = say(library)
    assert outcome.effects == (Say(STANDS),)
    assert outcome.conversation == IN_THE_MIDDLE
    assert outcome.nudges == replace(WANTED, spoken={"morning": NINE})
    assert outcome.until == NINE + STALE


def test_a_reminder_moves_nobody(library: Library) -> None:
    """A reminder comes whatever the person is in, and whatever they want of nudges."""
    turn = Reminded("after", "land", NINE, NINE + timedelta(days=1))
    busy = replace(IN_THE_MIDDLE, at=NINE)
    outcome = say(library, turn, busy, nudges=None)
    assert outcome.effects == (Say(STANDS),)
    assert outcome.conversation == busy
    assert outcome.nudges is None


@pytest.mark.parametrize(
    ("held", "change"),
    [
        ("gone", {"nudges": None}),
        ("gone", {"nudges": replace(WANTED, slots=())}),
        ("busy", {"conversation": replace(IN_THE_MIDDLE, at=NINE - timedelta(seconds=299))}),
        ("busy", {"conversation": Conversation(serial=3, at=NINE)}),
        ("stale", {"now": NINE + STALE}),
        ("quiet", {"nudges": replace(WANTED, quiet_until=NINE + timedelta(hours=1))}),
        ("paused", {"nudges": replace(WANTED, paused_until=NINE.date() + timedelta(days=1))}),
        ("hours", {"nudges": replace(WANTED, hours=Hours(time(10), time(17)))}),
        ("cap", {"nudges": replace(WANTED, spoken={"other": NINE - timedelta(hours=1)})}),
    ],
)
def test_what_holds_it_back(library: Library, held: str, change: dict[str, object]) -> None:
    """A nudge that is not wanted at this moment says nothing and changes nothing."""
    outcome = say(library, **change)  # type: ignore[arg-type]
    assert outcome.held == held
    assert outcome.effects == ()
    assert outcome.conversation == change.get("conversation", IN_THE_MIDDLE)


@pytest.mark.parametrize(
    "effects",
    [
        (Say(Message("Hej", (Choice("a", "A"),))),),
        (Say(Form("Hej", "", (), ())),),
        (Replace(STANDS),),
        (Say(STANDS), Pause(60)),
    ],
)
def test_only_cards_that_stand(library: Library, effects: tuple[Effect, ...]) -> None:
    """A card that is bound to a turn, or a timer, would tear the person away: it is a fault."""
    with pytest.raises(StateError):
        say(library, effects=effects)


@pytest.mark.parametrize("word", ["stopp", "sluta", "stop"])
def test_stop_is_stop(library: Library, word: str) -> None:
    """Whoever says stop hears nothing by itself any more, whatever they are in."""
    talk = Talk(library)
    for begin in ("", "läge"):
        talk.command(begin)
        outcome = talk.take(Said(word))
        assert ClearNudges() in outcome.effects
        assert not outcome.conversation.flow
