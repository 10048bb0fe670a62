"""A lead's question: what may be asked, what comes each week, and what a button carries."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import asking
from bot.core.asking import Question
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Say
from bot.core.flow import Reply
from bot.core.library import Library
from bot.core.nudge import Nudges
from bot.core.team import Team, Weekly
from bot.core.turn import Submitted
from bot.flows import question

START = datetime(2026, 11, 30, 8, tzinfo=UTC)
WEEKLY = Weekly(1, time(8, 45), START.date(), "anna", "question", lead="a1")


def context(library: Library, weekly: Weekly | None = WEEKLY, weeks: int = 0) -> Context:
    team = Team("sv", frozenset({"pause"}), date(2026, 11, 24), Nudges("UTC"), weekly=weekly)
    return Context(START + timedelta(weeks=weeks), library, "sv", here="place", team=team)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "empty"),
        (" \u200b\n", "empty"),
        ("x" * 201, "long"),
        ("x" * 200, None),
        ("Hur mår familjen på Storgatan 4?", "client"),
        ("Ring 0046701234567, vad säger ni?", "client"),
        ("Vad säger ni om 19811218-9876?", "client"),
        ("Har ni sett https://example.org/x?", "link"),
        ("Vad tycker @bo?", "link"),
        ("<!channel> vad säger ni?", "link"),
        ("Skriv till kim@example.org", "link"),
        ("Läs mer på exempel.se", "link"),
        ("mailto:kim", "link"),
        ("Vad ger luft i dag.Vad tar den?", None),
        ("Vad hände i går?", "event"),
        ("What happened?", "event"),
        ("Vilken klient var tyngst?", "event"),
        ("Hur kan vi boosta teamet?", "words"),
        ("Vad gör en bra måndag?", None),
        ("What makes a Monday good?", None),
    ],
)
def test_what_may_be_asked(text: str, fault: str | None, library: Library) -> None:
    """Nothing about clients, nobody in particular, no links, and nothing about what happened."""
    assert asking.fault(context(library), text) == fault


def test_nothing_unseen_goes_out(library: Library) -> None:
    """What is looked through is what goes out: no sign that turns or hides the words around it."""
    text = " Vad ger \u202eluft\u200b?\n"
    assert asking.tidy(text) == "Vad ger luft?"
    lead = replace(context(library), me="c3", name="Cecilia")
    lead = replace(lead, team=lead.team and replace(lead.team, leads=frozenset({"c3"})))
    asked = question.FLOW.respond(
        Conversation("question", "write", data={"deck": "question"}),
        Submitted("look", {"text": text}, 1),
        lead,
    )
    assert isinstance(asked, Reply)
    shown = [effect.card for effect in asked.effects if isinstance(effect, Say)]
    assert [card.text for card in shown] == ["Vad ger luft?"]


@given(st.text(min_size=1, max_size=asking.LONGEST).filter(lambda text: text.isprintable()))
def test_own_words_travel(text: str) -> None:
    """What a lead has written comes out of a button as it went in."""
    assert asking.named(Question(own=text).named).own == text


@given(st.text(max_size=40))
def test_any_name_is_a_question_or_none(name: str) -> None:
    """A name that is no question of ours is an empty one, and never an error."""
    asking.named(name)


@pytest.mark.parametrize("deck", asking.DECKS)
def test_weeks_without_repeat(deck: str, library: Library) -> None:
    """A deck comes to its end before anything comes again, round after round."""
    weekly = replace(WEEKLY, deck=deck)
    size = sum(slip.kind == deck for slip in library.exercises["sv"].values())
    cards = [asking.due(context(library, weekly, week)) for week in range(3 * size)]
    texts = [card.text for card in cards if card]
    rounds = [texts[start : start + size] for start in range(0, 3 * size, size)]
    assert all(len(set(each)) == size for each in rounds)
    assert rounds[0] != rounds[1]


def test_nothing_weekly_nothing_said(library: Library) -> None:
    """Without a weekly question, or when its slip is gone, nothing is said."""
    assert asking.due(context(library, None)) is None
    assert asking.due(context(library, replace(WEEKLY, deck="", slip="gone"))) is None
    assert asking.due(context(library, replace(WEEKLY, deck="gone"))) is None


def test_a_card_for_all_names_who_asks(library: Library) -> None:
    """A question is never anonymous, and its preview on a lock screen says nothing of it."""
    card = asking.due(context(library))
    assert card
    assert card.signed
    assert card.signed.name == "anna"
    assert card.preview
    assert card.preview not in card.text


def test_pride_warns(library: Library) -> None:
    """The round of pride says that nobody may be recognised."""
    card = asking.due(context(library, replace(WEEKLY, deck="pride")))
    assert card
    assert card.note.startswith(library.words["sv"]("asked.nameless"))
