"""What the page sends -> Inbound | None. Pure; nothing in it is believed before it is looked at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, cast

from bot.core.turn import Commanded, Hints, Inbound, Person, Place, Pressed, Said

PLATFORM, WORKSPACE = "web", "preview"
TEAM = "team"
PEOPLE = ("anna", "bashir", "cecilia")
"""The team that is played. The last one is its manager."""

Room = Literal["chat", "channel"]
ROOMS: tuple[Room, ...] = ("chat", "channel")

LONGEST_TEXT = 4000
LONGEST_TOKEN = 4000
MOST_VALUES = 50
LONGEST_VALUE = 4000

_ACT_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
_CARD_ID = re.compile(r"[\x21-\x7e]{1,128}")
_TOKEN = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_TOKEN}}}")
_COMMAND = re.compile(r"[/@]landa(?:[\s,:]+(?P<words>.*))?", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """Typed words as the page shows them to those who see them.

    id        of the act; a line that is sent again is the same line.
    for_team  everybody in the channel sees it.
    """

    id: str
    person: str
    room: Room
    text: str = field(repr=False)
    for_team: bool


def person_of(body: object) -> str | None:
    """Who is played, when it is one of PEOPLE."""
    person = entries_of(body).get("person")
    return person if isinstance(person, str) and person in PEOPLE else None


def to_inbound(body: object, person: str, at: datetime) -> Inbound | None:
    """One act for Landa; None for a line to the team, and for what is no act at all.

    body  {"id", "room", "text"} or {"id", "room", "card", "token", "values"?}
    at    aware UTC.
    """
    act, room = _act(body)
    turn = _turn(body)
    if not act or room is None or turn is None:
        return None
    address: dict[str, str | int | bool] = {"person": person, "room": room}
    if isinstance(turn, Pressed):
        card = _matching(_CARD_ID, entries_of(body).get("card"))
        if not card:
            return None
        address["card"] = card
    if room == "channel":
        place = Place("channel", address, TEAM, {"room": room, "all": True})
    else:
        place = Place("private", address)
    home = Place("private", {"person": person, "room": "chat"})
    hints = Hints(name=person.capitalize())
    return Inbound(act, Person(PLATFORM, WORKSPACE, person), place, turn, at, home, hints)


def to_line(body: object, person: str) -> Line | None:
    """The typed words of an act; None when a button was pressed, or for what is no act at all.

    A slash command is seen by its writer alone; a mention stands in the channel.
    """
    act, room = _act(body)
    text = _text(body)
    if not act or room is None or not text or "token" in entries_of(body):
        return None
    unseen = room == "chat" or (text.startswith("/") and _COMMAND.fullmatch(text) is not None)
    return Line(act, person, room, text, for_team=not unseen)


def _act(body: object) -> tuple[str, Room | None]:
    """The act's id, or nothing, and its room."""
    entries = entries_of(body)
    act = _matching(_ACT_ID, entries.get("id"))
    match entries.get("room"):
        case "chat":
            return act, "chat"
        case "channel":
            return act, "channel"
        case _:
            return act, None


def _turn(body: object) -> Commanded | Said | Pressed | None:
    entries = entries_of(body)
    if "token" in entries:
        return None if "text" in entries else _pressed(entries)
    text = _text(body)
    if not text:
        return None
    if command := _COMMAND.fullmatch(text):
        return Commanded((command["words"] or "").strip())
    return Said(text) if entries.get("room") == "chat" else None


def _pressed(entries: Mapping[str, object]) -> Pressed | None:
    token = _matching(_TOKEN, entries.get("token"))
    if not token:
        return None
    given = entries.get("values")
    if given is None:
        return Pressed(token)
    values = _values(given)
    return None if values is None else Pressed(token, values)


def _values(given: object) -> dict[str, str] | None:
    entries = entries_of(given)
    if not isinstance(given, dict) or len(entries) > MOST_VALUES:
        return None
    values = {key: _words(value) for key, value in entries.items()}
    known = {key: value for key, value in values.items() if value is not None and _words(key)}
    fitting = all(len(text) <= LONGEST_VALUE for pair in known.items() for text in pair)
    return known if fitting and len(known) == len(values) else None


def _text(body: object) -> str:
    text = _words(entries_of(body).get("text"))
    return text.strip() if text and len(text) <= LONGEST_TEXT else ""


def _words(value: object) -> str | None:
    """A string that can be written as UTF-8: JSON also allows halves of characters."""
    if not isinstance(value, str) or "\0" in value:
        return None
    return value if not any("\ud800" <= character <= "\udfff" for character in value) else None


def _matching(pattern: re.Pattern[str], value: object) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


def entries_of(body: object) -> Mapping[str, object]:
    """The entries of a JSON object; none of anything else."""
    return cast("Mapping[str, object]", body) if isinstance(body, dict) else {}
