"""What came in: one act of one person, or of the clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

PlaceKind = Literal["private", "channel"]
PersonKind = Literal["person", "team"]


@dataclass(frozen=True, slots=True)
class Person:
    """Who acted, in the platform's own ids. Only the runtime looks inside.

    kind  "team": what the clock makes Landa say to a team; then id is `Place.team`.
    """

    platform: str
    workspace: str = field(repr=False)
    id: str = field(repr=False)
    kind: PersonKind = "person"


@dataclass(frozen=True, slots=True)
class Place:
    """Where to answer.

    kind     "private": seen by this person only; "channel": asked among others,
             still answered privately.
    address  plain JSON that only the platform's adapter understands. An address
             with the key "card" names a card that can be rewritten; with "lasting" too, one
             that stays in sight, and gets a neutral word when its conversation goes on
             elsewhere. That word comes with "left": where it has no card, it is not sent.
             The key "trigger" lets a form open in a window of its own, at once and once.
    team     the platform's id of the channel or group chat, where a team may have set
             Landa up; "" in a talk with Landa alone.
    room     where there is a team: the address of that channel itself, for all who are in it.
             It names nobody, and holds for as long as the channel is there.
    """

    kind: PlaceKind
    address: Mapping[str, str | int | bool] = field(repr=False)
    team: str = field(default="", repr=False)
    room: Mapping[str, str | int | bool] = field(
        default_factory=dict[str, str | int | bool], repr=False
    )


@dataclass(frozen=True, slots=True)
class Hints:
    """What the platform says of a person, unasked. Each may be empty; what they chose goes before.

    language  a tag such as "sv" or "en-US".
    zone      an IANA name; not yet believed to exist.
    name      as in `message.Signed`; empty where the person's id is one.
    admin     the platform lets them set things up for the whole workplace.
    """

    language: str = ""
    zone: str = ""
    name: str = field(default="", repr=False)
    admin: bool = False


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
    """A form of turn *serial* was sent. values: field id -> answer, as in `message.Field`."""

    choice: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    serial: int


@dataclass(frozen=True, slots=True)
class Closed:
    """A form of turn *serial* that stood in a window of its own was closed, without an answer."""

    serial: int


@dataclass(frozen=True, slots=True)
class PauseOver:
    """The pause set at turn *serial* has ended."""

    serial: int


@dataclass(frozen=True, slots=True)
class Picked:
    """A choice was pressed on a standing card, whenever that was made: begin *flow*.

    topic  the flow's own business, may be empty.
    """

    flow: str = field(repr=False)
    topic: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Looked:
    """A page of the person's own is shown, as *flow* makes it: nothing about them moves."""

    flow: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Joined:
    """The person has taken Landa in: installed it for themselves."""


@dataclass(frozen=True, slots=True)
class Left:
    """The person has taken Landa away, or is gone from the workspace: nothing of them remains."""


@dataclass(frozen=True, slots=True)
class NudgeDue:
    """The time of a slot of `nudge.Nudges` has come.

    due    as it was planned, aware UTC.
    until  from then on it is too late, aware UTC.
    """

    slot: str
    due: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Reminded:
    """The time has come that `effect.Remind` named. due, until: as in `NudgeDue`."""

    id: str = field(repr=False)
    kind: str = field(repr=False)
    due: datetime
    until: datetime


ByItself = NudgeDue | Reminded
"""What the clock makes Landa say, unasked. The person stays where they are."""
Turn = (
    Commanded
    | Said
    | Chose
    | Submitted
    | Closed
    | PauseOver
    | Picked
    | Looked
    | Joined
    | Left
    | ByItself
)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button as the platform delivers it: its token is not believed yet.

    values  what stands in the form's fields, when the button belongs to a form.
    apart   the form stood in a window of its own: it is answered where it was asked. Without
            values the window was closed.
    """

    token: str = field(repr=False)
    values: Mapping[str, str] | None = field(default=None, repr=False)
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Inbound:
    """One delivery. Two deliveries with the same *id* are one act.

    id     unique within the platform; kept only as a keyed hash.
    at     when the person acted, as it reached us, aware UTC; of a pause, when they set it.
    home   where the person alone can be reached at any later time; None where the platform
           does not say so with this delivery.
    hints  where the platform says nothing, empty.
    """

    id: str = field(repr=False)
    person: Person
    place: Place
    turn: Turn | Pressed
    at: datetime
    home: Place | None = None
    hints: Hints = Hints()
