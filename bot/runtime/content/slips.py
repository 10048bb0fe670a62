"""Slips out of their files: facts once, words per language."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.core.exercise import (
    Answer,
    AskStep,
    BreatheStep,
    ChooseStep,
    Exercise,
    SayStep,
    Step,
)
from bot.core.message import Move, Phase
from bot.runtime.content.reader import FactsFile, Reader, StepFile, WordsFile

SECONDS = re.compile(r"\d{1,3}(\.\d)?")
MOVES: dict[str, Move] = {"in": "in", "top": "top", "hold": "hold", "out": "out", "rest": "rest"}


Facts = tuple[Path, FactsFile]


def facts(paths: Sequence[Path], reader: Reader) -> Iterator[Facts]:
    """Every slip's facts, in the order of *paths*. A language in a file's name: it holds words."""
    ids: dict[str, Path] = {}
    there = set(paths)
    for path in paths:
        if reader.full:
            return
        if len(path.suffixes) > 1:
            if facts_of(path) not in there:
                reader.fault(path, "", "has words, but there is no file with its facts")
            continue
        if path.stem in ids:
            reader.fault(path, "", f"the name is taken by {ids[path.stem].parent.name}/{path.name}")
        ids[path.stem] = path
        if read := reader.toml(path, FactsFile):
            yield path, read


def facts_of(path: Path) -> Path:
    """The file with the facts for the words at *path*."""
    return path.parent / f"{path.name.split('.')[0]}.toml"


def slip(path: Path, read: FactsFile, language: str, reader: Reader) -> Exercise | None:
    """The slip at *path* in *language*; None with a fault noted when its files don't fit."""
    words_path = path.with_suffix(f".{language}.toml")
    words = reader.toml(words_path, WordsFile)
    if words is None:
        return None
    if len(words.steps) != len(read.steps):
        reader.fault(
            words_path, "steps", f"has {len(words.steps)} texts for {len(read.steps)} steps"
        )
        return None
    try:
        steps = tuple(
            _step(fact, text, words) for fact, text in zip(read.steps, words.steps, strict=True)
        )
    except (ValueError, KeyError) as wrong:
        reader.fault(words_path if isinstance(wrong, KeyError) else path, "steps", str(wrong))
        return None
    used = {option for fact in read.steps for option in fact.options}
    for spare in set(words.options) - used:
        reader.fault(words_path, f"options.{spare}", "is not an option of this slip")
    return Exercise(
        path.stem,
        path.parent.name,
        read.seconds,
        read.circle,
        read.evidence,
        tuple(read.sources),
        tuple(read.where),
        tuple(read.requires),
        words.title,
        words.why,
        steps,
    )


def _step(fact: StepFile, text: str, words: WordsFile) -> Step:
    kinds = (fact.breathe, fact.say, fact.ask, fact.choose)
    if sum(kind is not None for kind in kinds) != 1:
        raise ValueError("a step is exactly one of breathe, say, ask, choose")
    if fact.breathe is not None:
        return BreatheStep(
            text, tuple(_phase(part) for part in fact.breathe.split(",")), fact.times
        )
    if fact.say is not None:
        return SayStep(text, fact.say)
    if fact.ask is not None:
        return AskStep(text, fact.ask)
    answers = tuple(
        Answer(id, words.options[id].label, words.options[id].reply) for id in fact.options
    )
    return ChooseStep(text, fact.choose or 0, answers)


def _phase(part: str) -> Phase:
    try:
        move, seconds = part.split()
        return Phase(MOVES[move], float(seconds if SECONDS.fullmatch(seconds) else ""))
    except (ValueError, KeyError):
        raise ValueError(
            f"{part.strip()!r} is not a move ({', '.join(MOVES)}) and seconds"
        ) from None
