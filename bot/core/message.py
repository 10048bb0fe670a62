"""What we say, before any platform sees it.

Text is plain, with two marks: a blank line parts paragraphs, and *stars* make
words strong. Everything else is shown as it is written; renderers escape it.
"""

import re
from dataclasses import dataclass, field
from typing import Literal

Move = Literal["in", "top", "hold", "out", "rest"]
CHAT = "chat:"


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of a breath. seconds: over 0; hold and rest at most 4."""

    move: Move
    seconds: float


@dataclass(frozen=True, slots=True)
class Breath:
    """A moving picture of a rhythm: *phases* in order, played *times* times, then still.

    alt     the same in words, for those who do not see it.
    moving  False where the person wants still pictures.
    """

    phases: tuple[Phase, ...]
    times: int
    alt: str
    moving: bool = True

    @property
    def cycle_s(self) -> float:
        return sum(phase.seconds for phase in self.phases)

    @property
    def name(self) -> str:
        """The rhythm as a file name, the same for equal rhythms: "in4-out6-x12"."""
        phases = (f"{phase.move}{phase.seconds:g}" for phase in self.phases)
        return f"{'-'.join(phases)}-x{self.times}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A button. label: at most 24 characters. quiet: less prominent than the others.

    spoken  what is read aloud instead, where the label says too little by itself, or shows a
            picture: the label's own words are in it; at most 75 characters.
    """

    id: str
    label: str
    quiet: bool = False
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A way out of the chat. url: https: or tel:; http: to this machine alone; or chat: and an
    account, which opens an ordinary chat with that person.

    words  what is written there already, where the platform can do that.
    """

    label: str
    url: str = field(repr=False)
    words: str = ""

    @property
    def written(self) -> str:
        """The label, and the address behind it where the label does not say it already."""
        said = bool(self.account) or self.said_in(self.label)
        return self.label if said else f"{self.label}: {self._address}"

    def said_in(self, text: str) -> bool:
        """Whether *text* says the address. Numbers are the same however they are grouped."""
        if _TELEPHONE.fullmatch(self.url):
            return _digits(self._address) in _digits(text)
        return self.url in text

    @property
    def account(self) -> str:
        """Of whom a chat is opened with; "" where it leads elsewhere."""
        return self.url.removeprefix(CHAT) if self.url.startswith(CHAT) else ""

    @property
    def _address(self) -> str:
        number = _TELEPHONE.fullmatch(self.url)
        return number[1] if number else self.url


@dataclass(frozen=True, slots=True)
class Signed:
    """Whom a card comes from. words: "Från".

    name  of the person, as the platform gave it: a renderer shows an id as the name behind it.
    """

    words: str
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Message:
    """A card.

    note     small print under the text.
    preview  the words of the notification, when *text* must not be seen on a lock screen;
             empty for cards that answer what the person just did.
    standing its choices begin something at any time within a month, whoever sees the card and
             whatever they are in: each id is "<flow>" or "<flow>/<topic>".
    signed   who made Landa say it to others, in small print above the note.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    title: str = ""
    note: str = ""
    links: tuple[Link, ...] = ()
    picture: Breath | None = None
    preview: str = ""
    standing: bool = False
    signed: Signed | None = None


@dataclass(frozen=True, slots=True)
class Option:
    id: str
    label: str


FieldKind = Literal["choice", "many", "text", "lines", "time", "date", "account"]
"""choice: the id of one option. many: ids of options, parted by single spaces. text, lines:
words, on one line or several. time: "08:30". date: "2026-11-24". account: of one person, as the
platform names them where a chat is opened with them. "" where nothing is answered."""


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. value: its answer so far, as `FieldKind` says.

    error     shown beside the field.
    optional  may be left empty.
    longest   characters of a text; the platform need not hold it, the flow does.
    hint      small print under the field.
    """

    id: str
    label: str
    options: tuple[Option, ...] = ()
    value: str = ""
    error: str = ""
    kind: FieldKind = "choice"
    optional: bool = False
    longest: int = 300
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A card with questions. choices: the first one sends the form, the others leave it."""

    title: str
    text: str
    fields: tuple[Field, ...]
    choices: tuple[Choice, ...]


Card = Message | Form

_TELEPHONE = re.compile(r"tel:(\+?[0-9][0-9 -]*)")


def _digits(number: str) -> str:
    """Numbers are the same however they are grouped: 90 390 and 90390."""
    return number.replace(" ", "").replace("-", "")
