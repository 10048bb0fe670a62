"""From typed words to what they start: exactly, or as a guess."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.lexicon import Command, Lexicon, fold

SHORTEST_GUESS = 4
SHORTEST_FOREIGN_GUESS = 6
"""A short word of one language is soon like one of another: "tack" and "talk"."""
LIKENESS = 0.75
LONGEST_TYPED = 80
"""Longer texts are not compared letter by letter; nobody types a command that long."""


@dataclass(frozen=True, slots=True)
class Found:
    """sure: the words stand in a lexicon as they are. stop: they (nearly) mean stop."""

    command: Command | None
    word: str = field(repr=False)
    sure: bool = True
    stop: bool = False


def find(text: str, language: str, lexicons: Mapping[str, Lexicon]) -> Found | None:
    """What *text* asks for. A word of *language* goes before the same word of another."""
    typed = fold(text)
    ordered = sorted(lexicons.values(), key=lambda lexicon: lexicon.language != language)
    for lexicon in ordered:
        if command := lexicon.commands.get(typed):
            return Found(command, typed)
    if len(typed) > LONGEST_TYPED:
        return None
    return _phrase(typed, ordered) or _inside(typed, ordered) or _alike(typed, ordered)


def _phrase(typed: str, lexicons: list[Lexicon]) -> Found | None:
    """Several words in a sentence: "hon slog mig"."""
    for lexicon in lexicons:
        for phrase, command in lexicon.commands.items():
            if " " in phrase and f" {phrase} " in f" {typed} ":
                return Found(command, phrase, sure=False)
    return None


def _inside(typed: str, lexicons: list[Lexicon]) -> Found | None:
    """A single word in a sentence: "jag vill andas", or "jag vill sluta"."""
    words = [word for word in typed.split() if len(word) >= SHORTEST_GUESS]
    for word in words:
        for lexicon in lexicons:
            if command := lexicon.commands.get(word):
                return Found(command, word, sure=False)
    for word in typed.split():  # short ones in one's own language, where "hot" is no weather
        if command := lexicons[0].commands.get(word):
            return Found(command, word, sure=False)
    for word in words:
        if any(word in lexicon.stop for lexicon in lexicons):
            return Found(None, word, sure=False, stop=True)
    return None


def _alike(typed: str, lexicons: list[Lexicon]) -> Found | None:
    """A word with a slip of the finger: "anads", "slutta"."""
    if len(typed) < SHORTEST_GUESS:
        return None
    for lexicon in lexicons:
        near = lexicon is lexicons[0] or len(typed) >= SHORTEST_FOREIGN_GUESS
        known = (*(lexicon.commands if near else ()), *lexicon.stop)
        words = [word for word in known if len(word) >= SHORTEST_GUESS]
        best = process.extractOne(
            typed, words, scorer=OSA.normalized_similarity, score_cutoff=LIKENESS
        )
        if best:
            word = best[0]
            return Found(lexicon.commands.get(word), word, sure=False, stop=word in lexicon.stop)
    return None
