"""All content of one start of Landa, read-only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.core.exercise import Exercise
from bot.core.lexicon import Lexicon
from bot.core.words import Words


@dataclass(frozen=True, slots=True)
class SupportLine:
    """A number to call. checked: the day somebody last looked it up."""

    id: str
    phone: str
    label: str
    checked: date


@dataclass(frozen=True, slots=True)
class Source:
    """Where something is known from. text: as it is cited. url: https:, or empty."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Library:
    """Everything by language, then by id or in order. Every language has all of it.

    sources  by their keys, the same in all languages.
    """

    exercises: Mapping[str, Mapping[str, Exercise]] = field(repr=False)
    words: Mapping[str, Words] = field(repr=False)
    lexicons: Mapping[str, Lexicon] = field(repr=False)
    support: Mapping[str, tuple[SupportLine, ...]] = field(repr=False)
    sources: Mapping[str, Source] = field(default_factory=dict[str, Source], repr=False)

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.words)
