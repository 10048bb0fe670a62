"""What holds for any conversation, however it goes."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.conversation import Conversation, from_json, to_json
from bot.core.effect import Effect, Pause
from bot.core.library import Library
from bot.core.message import Card, Form, Message
from bot.core.mine import Mine
from bot.core.nudge import Nudges, Slot
from bot.core.play import Outcome
from bot.core.proof import LABEL_MAX, wording
from bot.core.turn import Chose, Commanded, NudgeDue, PauseOver, Picked, Said, Submitted
from bot.core.wanted import KINDS
from bot.flows import FLOWS
from bot.runtime import content
from bot.runtime.content.catalogs import CATALOGS, catalogs
from bot.runtime.content.reader import Reader
from tests.core.talk import Talk, cards

LIBRARY = content.read().library
PREFIXES = {
    entry.msgid.split(".")[0]
    for found in catalogs(CATALOGS, Reader()).values()
    for entry in found
    if entry.msgid
}
KEY = re.compile(rf"\b(?:{'|'.join(sorted(PREFIXES | set(FLOWS)))})\.[a-z_]+\b")
WRITTEN = re.compile("[🟢🔵🔴]")
SPOKEN_MAX = 75
WORDS = sorted({word for lexicon in LIBRARY.lexicons.values() for word in lexicon.commands})
STOPS = sorted({word for lexicon in LIBRARY.lexicons.values() for word in lexicon.stop})
NUDGING = ("påminnelser", "påminn mig", "tyst", "kl 3", "in 45 minutes", "påminn mig 07:00")
REPLIES = ("ja", "nej tack", "jag vill dö", "811218-9876", "slutta", "anads", "blåhaj", "Nästa", "")

texts = st.one_of(
    st.sampled_from(WORDS), st.sampled_from(STOPS), st.sampled_from(REPLIES), st.text(max_size=60)
)
field_values = st.one_of(
    st.dictionaries(
        st.sampled_from(["language", "motion", "other", "kind", "at", "days", "until", "time"]),
        st.sampled_from(
            [*LIBRARY.languages, "moving", "still", "klingon", "25:00", "1 9", "9999-12-31", ""]
        ),
    ),
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["pause", "home", "question", "fact"]),
            "at": st.sampled_from(["08:00", "09:00", "10:30"]),
            "days": st.sampled_from(["2", "1 2 3 4 5", "6 7"]),
            "begins": st.sampled_from(["", "07:00", "22:00"]),
            "ends": st.sampled_from(["", "06:00", "17:00"]),
            "zone": st.sampled_from(["Europe/Stockholm", "Asia/Kathmandu", "Mars"]),
            "language": st.sampled_from(["sv", "en", "klingon"]),
            "motion": st.sampled_from(["moving", "still", ""]),
            "most": st.sampled_from(["1", "3", "9"]),
            "until": st.sampled_from(["2026-11-25", "2026-11-20", "2027-01-07"]),
            "time": st.sampled_from(["14:30", "om 45 min", "08:00", "nyss"]),
        }
    ),
)
STANDING = (
    "nudge/go.box nudge/go.gone nudge/later.pause nudge/later.x nudge/no nudge/stop nudge/ "
    "land/calm land/people land/x gone/"
)
standing = st.sampled_from(STANDING.split())
back = st.integers(0, 3)
acts = st.one_of(
    st.tuples(st.just("command"), texts),
    st.tuples(st.just("say"), texts),
    st.tuples(st.just("press"), st.integers(0, 8)),
    st.tuples(st.just("press"), st.integers(0, 8)),
    st.tuples(st.just("press an old card"), st.text(max_size=8), back),
    st.tuples(st.just("submit"), field_values, back),
    st.tuples(st.just("wake"), back),
    st.tuples(st.just("pick"), standing),
    st.tuples(st.just("begin"), st.sampled_from(NUDGING)),
    st.tuples(st.just("wait"), st.sampled_from([0, 2, 6, 60, 3600, 30_000, 90_000])),
)
RARELY = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def do(talk: Talk, act: tuple[object, ...]) -> Outcome | None:
    match act:
        case ("command", str(words)):
            return talk.take(Commanded(words))
        case ("say", str(words)):
            return talk.take(Said(words))
        case ("press", int(number)):
            offered = list(talk.conversation.offered)
            choice = offered[number % len(offered)] if offered else "nothing"
            return talk.take(Chose(choice, talk.serial))
        case ("press an old card", str(choice), int(ago)):
            return talk.take(Chose(choice, talk.serial - ago))
        case ("submit", dict(values), int(ago)):
            return talk.take(Submitted("save", values, talk.serial - ago))
        case ("pick", str(choice)):
            flow, _, topic = choice.partition("/")
            return talk.take(Picked(flow, topic))
        case ("begin", str(words)):
            return talk.take(Said(words))
        case ("wake", int(ago)):
            return talk.take(PauseOver(talk.serial - ago))
        case ("wait", int(seconds)):
            talk.wait(seconds)
        case _:
            raise AssertionError(act)
    return None


def shown(card: Card) -> Iterator[str]:
    """Every text of a card that a person may see or hear."""
    yield card.title
    yield card.text
    yield from (choice.label for choice in card.choices)
    yield from (choice.spoken for choice in card.choices)
    match card:
        case Form():
            for field in card.fields:
                yield from (field.label, field.error, *(option.label for option in field.options))
        case Message():
            yield from (card.note, card.preview, *(link.label for link in card.links))
            yield card.picture.alt if card.picture else ""


def check_card(card: Card, language: str) -> None:
    """Fit to be shown: no label too long, no key in place of words, no word that is not Landa's."""
    ids = [choice.id for choice in card.choices]
    assert len(ids) == len(set(ids)), ids
    labels = [choice.label for choice in card.choices]
    assert len(labels) == len(set(labels)), labels
    for label in labels:
        assert 0 < len(label) <= LABEL_MAX, label
    for choice in card.choices:
        said = WRITTEN.sub("", choice.label).strip()
        assert not choice.spoken or said in choice.spoken, "what is seen is what is said"
        assert len(choice.spoken) <= SPOKEN_MAX, choice.spoken
    assert card.text.strip()
    for text in shown(card):
        assert not KEY.search(text), text
        assert "{" not in text, text
        assert not list(wording(_own(text), LIBRARY.lexicons[language])), text


def _own(text: str) -> str:
    """Without the titles of studies, which are quoted as they are."""
    return "\n".join(line for line in text.splitlines() if line.removeprefix("• ") not in CITED)


def check(talk: Talk, outcome: Outcome) -> None:
    """What holds after every turn."""
    conversation = outcome.conversation
    assert from_json(to_json(conversation), conversation.serial) == conversation
    for card in cards(outcome):
        check_card(card, outcome.language)
    if outcome.effects and conversation.flow:
        newest = cards(outcome)[-1]
        assert dict(conversation.offered) == {each.id: each.label for each in newest.choices}
    if conversation.flow:
        assert conversation.flow in FLOWS
        assert conversation.offered, "nobody is left without a way on"
    else:
        assert not conversation.data
        assert not any(isinstance(effect, Pause) for effect in outcome.effects)
    assert sum(isinstance(effect, Pause) for effect in outcome.effects) <= 1


def check_spoken(outcome: Outcome) -> None:
    """What is said by itself stands, and shows nothing of it on a locked screen."""
    for card in cards(outcome):
        check_card(card, outcome.language)
        assert isinstance(card, Message)
        assert card.standing
        assert card.preview == LIBRARY.words[outcome.language]("card.preview")


@RARELY
@given(
    st.lists(acts, max_size=25),
    st.sampled_from(LIBRARY.languages),
    st.integers(0, 2**32 - 1),
    st.sampled_from(STOPS),
    st.booleans(),
)
def test_any_conversation(
    turns: list[tuple[object, ...]], language: str, variety: int, stop: str, as_words: bool
) -> None:
    """No turn raises, every card is fit to be shown, and after stop nothing comes by itself."""
    talk = Talk(LIBRARY, language, variety=variety)
    for turn in turns:
        for said in talk.ring():
            check_spoken(said)
        before = talk.serial
        if outcome := do(talk, turn):
            check(talk, outcome)
            assert talk.serial == before + bool(outcome.effects)
    wanted = talk.nudges is not None and talk.nudges.slots
    outcome = talk.take(Said(stop) if as_words else Commanded(stop))
    check(talk, outcome)
    assert talk.nudges is None
    assert talk.reminders == {}
    if wanted:
        assert list(talk.conversation.offered) == ["undo"]
    else:
        rest = Conversation(serial=talk.serial, at=talk.now, pressed=False)
        assert outcome.conversation == rest
    due = [NudgeDue(slot, talk.now, talk.now + timedelta(hours=1)) for slot in ("s1", "s2", "s3")]
    for turn in (PauseOver(talk.serial), *due):
        assert talk.take(turn).effects == ()


@RARELY
@given(st.text(max_size=300), st.sampled_from(LIBRARY.languages))
def test_any_text(text: str, language: str) -> None:
    """Any text at all is answered, and nothing of it that was not Landa's own is repeated."""
    talk = Talk(LIBRARY, language)
    outcome = talk.say(text)
    check(talk, outcome)
    assert outcome.effects


CITED = {source.text for source in LIBRARY.sources.values()}
KEPT = Mine(saved=("box", "first-sign"))
"""What somebody has saved wherever they are."""


def everywhere(
    start: str, library: Library, language: str, variety: int = 0, nudges: Nudges | None = None
) -> Iterator[Outcome]:
    """Every answer there is on every way on from the word *start*: all presses, all waits.

    Two places are the same when they offer the same and play the same step: what was
    tried before only changes what is drawn. The box is as full as at first in each of them.
    """
    talk = Talk(library, language, variety=variety, nudges=nudges)
    talk.mine = KEPT
    first = talk.command(start)
    yield first
    seen: set[object] = set()
    waiting = [(first, talk.nudges)]
    while waiting:
        outcome, nudges = waiting.pop()
        here = outcome.conversation
        data = {key: value for key, value in here.data.items() if key != "tried"}
        place = (here.flow, here.step, *sorted(data.items()), *sorted(here.offered))
        if not here.flow or place in seen:
            continue
        seen.add(place)
        for turn in (
            *(Chose(choice, here.serial) for choice in here.offered),
            *((PauseOver(here.serial),) if _pauses(outcome.effects) else ()),
        ):
            talk.mine = KEPT
            talk.conversation, talk.now, talk.nudges = here, here.at or talk.now, nudges
            talk.wait(6)
            after = talk.take(turn)
            assert after.effects, (place, turn)
            yield after
            waiting.append((after, talk.nudges))


def _pauses(effects: tuple[Effect, ...]) -> bool:
    return any(isinstance(effect, Pause) for effect in effects)


OPENERS = {(each.flow, each.topic): word for word, each in LIBRARY.lexicons["sv"].commands.items()}
STARTS = ["", *sorted(OPENERS.values())]
"""A word for everything that a word can start."""


@pytest.mark.parametrize("language", LIBRARY.languages)
@pytest.mark.parametrize("start", STARTS)
def test_every_choice_can_be_pressed(start: str, language: str, library: Library) -> None:
    """Whatever is offered, anywhere, is answered; and never as something old."""
    old = {words("menu.old") for words in library.words.values()}
    for outcome in everywhere(start, library, language):
        check(Talk(library), outcome)
        assert not any(card.text in old for card in cards(outcome))


WANTED = Nudges(
    "Europe/Stockholm",
    tuple(Slot(f"s{n}", kind, time(10), frozenset({n})) for n, kind in enumerate(KINDS, 1)),
    most=3,
)


@pytest.mark.parametrize("language", LIBRARY.languages)
@pytest.mark.parametrize("start", ["påminnelser", "tyst", "sluta"])
def test_every_choice_about_nudges(start: str, language: str, library: Library) -> None:
    """Whoever has times of their own finds an answer behind every button."""
    old = {words("menu.old") for words in library.words.values()}
    seen: set[str] = set()
    for outcome in everywhere(start, library, language, nudges=WANTED):
        check(Talk(library), outcome)
        seen.add(outcome.conversation.flow)
        assert not any(card.text in old for card in cards(outcome))
    assert "nudges" in seen or start == "tyst"


@pytest.mark.parametrize("variety", range(4))
@pytest.mark.parametrize("start", ["", "efter"])
def test_after_a_visit_nothing_is_asked(start: str, variety: int, library: Library) -> None:
    """No card after a visit has a field to write in, or asks what happened."""
    count = 0
    for language, lexicon in library.lexicons.items():
        word = next(w for w, c in lexicon.commands.items() if c.topic == "after") if start else ""
        for outcome in everywhere(word, library, language, variety):
            for card in cards(outcome):
                count += 1
                assert isinstance(card, Message)
                for text in shown(card):
                    assert not list(lexicon.found(text, lexicon.event)), text
    assert count > 100


def test_every_slip_can_be_reached(library: Library) -> None:
    """Whoever goes on looking finds every slip in the box."""
    for language in library.languages:
        seen: set[str] = set()
        for start in STARTS:
            for variety in range(12):
                for outcome in everywhere(start, library, language, variety):
                    seen.add(outcome.conversation.data.get("id", ""))
        assert seen >= set(library.exercises[language])


def test_every_slip_has_cards_fit_to_be_shown(library: Library) -> None:
    """Each slip is played from its first card to its last, by pressing what is there."""
    for language, box in library.exercises.items():
        for slip in box.values():
            alone = replace(library, exercises={**library.exercises, language: {slip.id: slip}})
            talk = Talk(alone, language)
            word = next(
                word
                for word, command in library.lexicons[language].commands.items()
                if slip.kind in (command.topic, command.flow) and command.flow != "box"
            )
            talk.command(word)
            check(talk, talk.press(slip.id))
            for _ in range(2 * len(slip.steps)):
                if talk.conversation.flow == "guided":
                    first = next(iter(talk.conversation.offered))
                    timed = first == "other"
                    check(talk, talk.wake() if timed else talk.press(first))
            assert talk.conversation.flow in {"after", "before", ""}, slip.id
