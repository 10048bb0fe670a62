"""What is wrong with a slip, or with any other text that Landa says."""

import re
from collections.abc import Iterator, Sequence

from bot.core.exercise import (
    ASKING,
    CIRCLES,
    EVIDENCE,
    KINDS,
    NEEDS,
    PLACES,
    AskStep,
    BreatheStep,
    ChooseStep,
    Exercise,
)
from bot.core.lexicon import Lexicon
from bot.core.plain import oddities

LABEL_MAX = 24
TEXT_MAX, SHORT_MAX = 300, 200
STEPS_MAX = 4
OWN_CHOICES = ("next", "other", "leave", "know")
"""Buttons that a guided slip has itself."""
HOLD_MAX_S = 4
WORDS_PER_S = 3  # normal silent reading: about 180 words a minute
LIX_MAX = {"knowledge": 45}
LIX_MAX_OTHERS = 30

Fault = tuple[str, str]
"""(key, why)"""


def fact_problems(exercise: Exercise) -> Iterator[Fault]:
    """What is wrong with the facts, whatever the language."""
    yield from _known(exercise)
    total = sum(step.seconds for step in exercise.steps)
    if total != exercise.seconds:
        yield "seconds", f"says {exercise.seconds} s, but its steps take {total} s"
    if not exercise.sources:
        yield "sources", "a slip names at least one source"
    if not exercise.where:
        yield "where", "a slip works somewhere"
    if not 1 <= len(exercise.steps) <= STEPS_MAX:
        yield "steps", f"a slip has one step, and at most {STEPS_MAX}"
    yield from _of_its_kind(exercise)
    for number, step in enumerate(exercise.steps, 1):
        if isinstance(step, BreatheStep):
            yield from _breath(f"steps[{number}]", step)
        if isinstance(step, ChooseStep):
            yield from _options(f"steps[{number}]", step)


def _of_its_kind(exercise: Exercise) -> Iterator[Fault]:
    """What a slip of this kind must have, so that its card says all it should."""
    used = {type(step) for step in exercise.steps}
    if exercise.kind == "breathing" and BreatheStep not in used:
        yield (
            "steps",
            "a breathing slip breathes: its card then has another way, and says when to stop",
        )
    if exercise.kind in ASKING and ChooseStep in used:
        yield "steps", "is to be thought about, never answered: it has nothing to choose"
    if exercise.kind in ASKING and AskStep not in used:
        yield "steps", "has nothing to think about: one of its steps asks"
    last = {type(step) for step in exercise.steps[-1:]}
    if exercise.kind == "knowledge" and AskStep not in last:
        yield "steps", "ends by asking: a fact must not go away while somebody reads it"


def _options(key: str, step: ChooseStep) -> Iterator[Fault]:
    if not step.answers:
        yield key, "has nothing to choose from"
    for answer in step.answers:
        if answer.id in OWN_CHOICES:
            yield key, f"{answer.id!r} is a button of Landa's own; name the option otherwise"


def word_problems(exercise: Exercise, lexicon: Lexicon) -> Iterator[Fault]:
    """What is wrong with the words in the lexicon's language."""
    yield from _lengths(exercise)
    yield from _words(exercise, lexicon)


def _known(exercise: Exercise) -> Iterator[Fault]:
    for key, value, known in (
        ("kind", exercise.kind, KINDS),
        ("circle", exercise.circle, CIRCLES),
        ("evidence", exercise.evidence, EVIDENCE),
    ):
        if value not in known:
            yield key, f"{value!r} is not one of {', '.join(known)}"
    for key, values, known in (
        ("where", exercise.where, PLACES),
        ("requires", exercise.requires, NEEDS),
    ):
        for value in set(values) - set(known):
            yield key, f"{value!r} is not one of {', '.join(known)}"


def _breath(key: str, step: BreatheStep) -> Iterator[Fault]:
    if step.times < 1 or not step.phases:
        yield key, "a breath is played at least once"
    for phase in step.phases:
        if phase.seconds <= 0:
            yield key, f"{phase.move} takes no time"
        if phase.move in {"hold", "rest"} and phase.seconds > HOLD_MAX_S:
            yield key, f"a breath is held {phase.seconds:g} s; at most {HOLD_MAX_S} s"


def _lengths(exercise: Exercise) -> Iterator[Fault]:
    for number, step in enumerate(exercise.steps, 1):
        reading_s = len(step.text.split()) / WORDS_PER_S
        if reading_s > step.seconds:
            yield f"steps[{number}]", f"takes {reading_s:.0f} s to read, but has {step.seconds} s"
    for key, text in exercise.texts():
        most = _longest(key)
        if len(text) > most:
            yield key, f"is {len(text)} characters; at most {most}"
        if not text.strip():
            yield key, "is empty"
    if exercise.title.endswith("."):
        yield "title", "is also a button: no full stop"


def _is_button(key: str) -> bool:
    return key == "title" or key.endswith(".label")


def _longest(key: str) -> int:
    if _is_button(key):
        return LABEL_MAX
    return SHORT_MAX if key == "why" or key.endswith(".reply") else TEXT_MAX


def _words(exercise: Exercise, lexicon: Lexicon) -> Iterator[Fault]:
    for key, text in exercise.texts():
        for why in (*oddities(text), *wording(text, lexicon)):
            yield key, why
    said = (text for key, text in exercise.texts() if key.startswith("steps"))
    if exercise.kind == "pride" and not any(lexicon.found(" ".join(said), lexicon.nameless)):
        yield "steps", f"leaves room for clients: a slip about pride says {lexicon.nameless[0]!r}"
    if lexicon.language == "sv":
        readability = weight(exercise)
        most = LIX_MAX.get(exercise.kind, LIX_MAX_OTHERS)
        if readability > most:
            yield "steps", f"reads heavily: LIX {readability:.0f}, at most {most}"


def weight(exercise: Exercise) -> float:
    """How heavy a slip is to read, as LIX. Its buttons are not counted: they are no sentences."""
    return lix([text for key, text in exercise.texts() if not _is_button(key)])


def wording(text: str, lexicon: Lexicon) -> Iterator[str]:
    """What is wrong with a text that Landa says, slip or card."""
    if "!" in text:
        yield "has an exclamation mark"
    for word in lexicon.found(text, lexicon.forbidden):
        yield f"uses {word!r}, a word Landa does not use"
    for phrase in lexicon.found(text, lexicon.promises):
        yield f"promises an effect: {phrase!r}"
    for phrase in lexicon.found(text, lexicon.event):
        yield f"asks what happened: {phrase!r}"
    if re.search(r"\d\s*(%|procent|per cent|percent)", text):
        yield "promises a figure in per cent"


def lix(texts: Sequence[str]) -> float:
    """Björnsson's readability index: words per sentence + per cent of words over six letters.

    texts: whole sentences each; the last of a text ends with it.
    """
    words = re.findall(r"[^\W\d_]+", " ".join(texts))
    sentences = sum(max(1, len(re.findall(r"[.:?][”\"’)]*(?=\s|$)", text))) for text in texts)
    if not words:
        return 0.0
    long = sum(len(word) > 6 for word in words)
    return len(words) / sentences + 100 * long / len(words)
