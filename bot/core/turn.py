"""What came in: one act of one person, or of the clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

PlaceKind = Literal["private", "channel"]


@dataclass(frozen=True, slots=True)
class Person:
    """Who acted, in the platform's own ids. Only the runtime looks inside."""

    platform: str
    workspace: str = field(repr=False)
    id: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where to answer.

    kind     "private": seen by this person only; "channel": asked among others,
             still answered privately.
    address  plain JSON that only the platform's adapter understands. An address
             with the key "card" names a card that can be rewritten.
    """

    kind: PlaceKind
    address: Mapping[str, str | int | bool] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Commanded:
    """A command: what stands after `/landa`, or after the mention. May be empty."""

    words: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Said:
    """Words written to Landa alone, without a command."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Chose:
    """A choice was pressed on the card of turn *serial* of the conversation."""

    choice: str = field(repr=False)
    serial: int


@dataclass(frozen=True, slots=True)
class Submitted:
    """A form of turn *serial* was sent. values: field id -> option id."""

    choice: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    serial: int


@dataclass(frozen=True, slots=True)
class PauseOver:
    """The pause set at turn *serial* has ended."""

    serial: int


Turn = Commanded | Said | Chose | Submitted | PauseOver


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button as the platform delivers it: its token is not believed yet.

    values  what stands in the form's fields, when the button belongs to a form.
    """

    token: str = field(repr=False)
    values: Mapping[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Inbound:
    """One delivery. Two deliveries with the same *id* are one act.

    id  unique within the platform; kept only as a keyed hash.
    at  when the person acted, as it reached us, aware UTC; of a pause, when they set it.
    """

    id: str = field(repr=False)
    person: Person
    place: Place
    turn: Turn | Pressed
    at: datetime
