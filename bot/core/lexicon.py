"""The words of one language: those Landa understands, and those it never uses."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_NOT_WORD = re.compile(r"[^\w]+")


def visible(text: str) -> str:
    """*text* without characters that cannot be seen."""
    return _INVISIBLE.sub("", text)


def fold(text: str) -> str:
    """*text* for comparing: lower case, no accents or dots, no punctuation, single spaces.

    "  Vem-ser-vad? " and "vem ser vad" become the same, as do "LÅDAN" and "ladan".
    """
    plain = unicodedata.normalize("NFKD", visible(text).casefold())
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", letters).strip()


@dataclass(frozen=True, slots=True)
class Command:
    """What a word starts. topic: the flow's own business, may be empty."""

    flow: str
    topic: str
    language: str


@dataclass(frozen=True, slots=True)
class TimeWords:
    """How a time is said. All phrases are folded.

    remind   opens a wish to be reminded: "påminn mig".
    at       opens a time of day; within a length of time.
    amounts  lengths that are said without a number, in minutes.
    idle     may stand around it and changes nothing.
    """

    remind: tuple[str, ...]
    at: tuple[str, ...]
    within: tuple[str, ...]
    minutes: tuple[str, ...]
    hours: tuple[str, ...]
    joins: tuple[str, ...]
    am: tuple[str, ...]
    pm: tuple[str, ...]
    idle: tuple[str, ...]
    amounts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """commands: folded word -> Command. All phrases are folded.

    street_words    words that name a street by themselves: "road", "vägen".
    street_endings  ends of longer words that do: "gata" of "storgata".
    nameless        what a slip says that asks for nobody's name.
    complete        False: only some slips have their words in this language.
    """

    language: str
    name: str
    commands: Mapping[str, Command] = field(repr=False)
    stop: frozenset[str] = field(repr=False)
    thanks: frozenset[str] = field(repr=False)
    yes: frozenset[str] = field(repr=False)
    no: frozenset[str] = field(repr=False)
    crisis: tuple[str, ...] = field(repr=False)
    street_words: frozenset[str] = field(repr=False)
    street_endings: tuple[str, ...] = field(repr=False)
    forbidden: tuple[str, ...] = field(repr=False)
    promises: tuple[str, ...] = field(repr=False)
    event: tuple[str, ...] = field(repr=False)
    nameless: tuple[str, ...] = field(repr=False)
    times: TimeWords = field(repr=False)
    complete: bool = True

    def found(self, text: str, phrases: Iterable[str]) -> Iterator[str]:
        """The *phrases* that stand in *text* as whole words."""
        folded = f" {fold(text)} "
        for phrase in phrases:
            if f" {phrase} " in folded:
                yield phrase
