"""The two marks that a card's text may hold: a blank line parts paragraphs, *stars* make strong."""

import re
from dataclasses import dataclass

_STRONG = re.compile(r"\*([^*\s](?:[^*\n]*[^*\s])?)\*")
_PARAGRAPHS = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Run:
    """Words that look alike, never empty. A line break in *text* stays one."""

    text: str
    strong: bool = False


def paragraphs(text: str) -> list[list[Run]]:
    """Each paragraph as runs of plain and strong words, in order; empty for an empty text."""
    return [runs(part.strip()) for part in _PARAGRAPHS.split(text) if part.strip()]


def runs(text: str) -> list[Run]:
    parts = _STRONG.split(text)  # what the pattern caught stands at the odd places
    return [Run(part, bool(number % 2)) for number, part in enumerate(parts) if part]


def plain(text: str) -> str:
    """The words without their marks."""
    return _STRONG.sub(r"\1", text)
