"""What Teams sent, as one act of one person."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import cast

from adapters.fields import Body, clean, id_of, mapping, text_of
from adapters.teams.gate import service_of, tenant_of
from adapters.teams.press import pressed_of
from bot.core.turn import (
    Commanded,
    Hints,
    Inbound,
    Joined,
    Left,
    Person,
    Place,
    Pressed,
    Said,
    Turn,
)

Address = dict[str, str | int | bool]

INSTALLED = {"add": Joined(), "remove": Left()}
"""Upgrades are no news to the person. `conversationUpdate` tells of the same once more."""
PRESS = "adaptiveCard/action"
BOT = "28:"  # learn.microsoft.com, bot API reference, read 2026-11
LONGEST_ID = 1_000
LONGEST_HINT = 64
MOST_ENTITIES = 200
MENTION = re.compile(r"<at(?:\s[^<>]{0,200})?>[^<>]{0,400}</at>")
CALLED = re.compile(r"[/@]?landa(?:[\s,:.!?]+(?P<words>.*))?", re.IGNORECASE | re.DOTALL)


def to_inbound(activity: Body, at: datetime) -> Inbound | None:
    """None: authentic, but nothing for Landa to take.

    activity  admitted by the gate.
    at        when it reached us, aware UTC.
    raises    MalformedError where a field that is needed has another type than Teams describes.
    """
    if activity.get("type") not in ("message", "invoke", "installationUpdate"):
        return None
    sender = mapping(activity.get("from"), "from")
    person = Person("teams", tenant_of(activity), id_of(sender, "id", LONGEST_ID))
    turn = None if person.id.startswith(BOT) else _turn(activity)
    if turn is None:
        return None
    address = _address(activity, person)
    home = Place("private", address) if is_private(activity) else None
    place = _place(activity, address, turn)
    return Inbound(_id(activity), person, place, turn, at, home, _hints(activity))


def is_private(activity: Body) -> bool:
    """Whether only this person and Landa are there."""
    kind = mapping(activity.get("conversation"), "conversation").get("conversationType")
    return kind == "personal"


def _turn(activity: Body) -> Turn | Pressed | None:
    match activity.get("type"):
        case "installationUpdate":
            return INSTALLED.get(text_of(activity, "action")) if is_private(activity) else None
        case "invoke":
            return _pressed(activity) if activity.get("name") == PRESS else None
        case _:
            return _submitted(activity) or _said(activity)


def _id(activity: Body) -> str:
    """Ids of messages are unique in their conversation only."""
    return f"{_talk(activity)}:{id_of(activity, 'id', LONGEST_ID)}"


def _talk(activity: Body) -> str:
    return id_of(mapping(activity.get("conversation"), "conversation"), "id", LONGEST_ID)


def _me(activity: Body) -> str:
    return id_of(mapping(activity.get("recipient"), "recipient"), "id", LONGEST_ID)


def _pressed(activity: Body) -> Pressed | None:
    """None for a button that is not ours."""
    action = mapping(mapping(activity.get("value"), "value").get("action"), "action")
    data = action.get("data")
    return pressed_of(cast("Body", data)) if isinstance(data, dict) else None


def _submitted(activity: Body) -> Pressed | None:
    """What clients send that know no Action.Execute: a message with the button's data."""
    data = activity.get("value")
    return pressed_of(cast("Body", data)) if isinstance(data, dict) else None


def _said(activity: Body) -> Commanded | Said | None:
    """None for what is said among others and not to Landa."""
    told = MENTION.sub(" ", text_of(activity, "text").replace("&nbsp;", " ")).strip()
    called = CALLED.fullmatch(told)
    words = (called["words"] or "").strip() if called else told
    if _mentioned(activity):
        return Commanded(words)
    if not is_private(activity):
        return None
    return Commanded(words) if called else Said(told)


def _mentioned(activity: Body) -> bool:
    me = _me(activity)
    named = (each.get("mentioned") for each in _entities(activity))
    return any(isinstance(one, dict) and cast("Body", one).get("id") == me for one in named)


def _hints(activity: Body) -> Hints:
    """What Teams says of the person's own settings, at one of two places."""
    told = [activity, *_entities(activity)]
    language = _first(each.get("locale") for each in told)
    zone = _first(each.get(key) for each in told for key in ("localTimezone", "timezone"))
    return Hints(language.replace("_", "-"), zone, _name(activity))


def _name(activity: Body) -> str:
    """As Teams shows it; nothing hangs on it."""
    name = mapping(activity.get("from"), "from").get("name")
    return clean(name)[:LONGEST_HINT].strip() if isinstance(name, str) else ""


def _first(values: Iterator[object]) -> str:
    plain = (each for each in values if isinstance(each, str) and each.isascii())
    return next((each for each in plain if 0 < len(each) <= LONGEST_HINT), "")


def _entities(activity: Body) -> Iterator[Body]:
    found = activity.get("entities")
    if isinstance(found, list):
        some = cast("list[object]", found)[:MOST_ENTITIES]
        yield from (cast("Body", each) for each in some if isinstance(each, dict))


def _address(activity: Body, person: Person) -> Address:
    """Everything to reach the person with; their own chat's id where it is known."""
    address: Address = {
        "service": service_of(activity),
        "tenant": person.workspace,
        "bot": _me(activity),
        "person": person.id,
    }
    return {**address, "talk": _talk(activity)} if is_private(activity) else address


def _place(activity: Body, address: Address, turn: Turn | Pressed) -> Place:
    """A card among others is never named: what one person is answered must not stand there."""
    pressed = isinstance(turn, Pressed)
    if not is_private(activity):
        room = _talk(activity)
        more = {"room": room, "pressed": pressed}
        channel = room.partition(";")[0]
        shared = {name: address[name] for name in ("service", "tenant", "bot")}
        for_all = {**shared, "room": channel, "all": True}
        return Place("channel", {**address, **more}, channel, for_all)
    if pressed and activity.get("replyToId") is not None:
        card = id_of(activity, "replyToId", LONGEST_ID)
        return Place("private", {**address, "card": card, "lasting": True})
    return Place("private", address)
