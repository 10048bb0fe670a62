"""What Slack sent, as one act of one person."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import cast

from adapters.slack.address import address_of, card, home_of, place_of, response_url, trigger
from adapters.slack.event import SLACKBOT, event_of
from adapters.slack.fields import Body, MalformedError, id_of, mapping, plain, text_of
from adapters.slack.question import values
from adapters.slack.sender import known_team_of
from bot.core.turn import Commanded, Inbound, Person, Place, Pressed

SHORTCUTS = {"shortcut": "landa", "message_action": "landa_after"}
"""The callback_id that the manifest gives to each kind of shortcut."""
FORM = "landa_form"
"""The callback_id of a form's window."""


def to_inbound(body: Body, at: datetime) -> Inbound | None:
    """None: authentic, but nothing for Landa to take.

    body    the payload, already verified. Whoever acted may be a stranger: see `sender`.
    at      when it reached us, aware UTC.
    raises  MalformedError where a field that is needed has another type than Slack describes.
    """
    match body.get("type"):
        case "block_actions":
            return _pressed(body, at)
        case "event_callback":
            return event_of(body, at)
        case "shortcut" | "message_action":
            return _shortcut(body, at)
        case "view_submission" | "view_closed":
            return _window(body, at)
        case None if "command" in body:
            return _commanded(body, at)
        case _:
            return None


def _commanded(body: Body, at: datetime) -> Inbound | None:
    channel, user = id_of(body, "channel_id"), id_of(body, "user_id")
    if user == SLACKBOT:
        return None
    person = Person("slack", known_team_of(body), user)
    address = {**address_of(channel, person), **response_url(body), **trigger(body)}
    return Inbound(
        id=f"command:{id_of(body, 'trigger_id')}",
        person=person,
        place=place_of(channel, address),
        turn=Commanded(plain(text_of(body, "text"))),
        at=at,
        home=home_of(person),
    )


def _pressed(body: Body, at: datetime) -> Inbound | None:
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions:
        raise MalformedError("actions")
    action = mapping(cast("object", actions[0]), "actions")
    if action.get("type") != "button" or action.get("value") is None:
        return None  # a link was opened, or an option chosen: only buttons are acts
    person = _person(body)
    return Inbound(
        id=f"action:{id_of(body, 'trigger_id')}",
        person=person,
        place=_pressed_at(body, person),
        turn=Pressed(text_of(action, "value"), _values(body)),
        at=at,
        home=home_of(person),
    )


def _pressed_at(body: Body, person: Person) -> Place:
    """A card's own place. A page has none: what it begins comes in the person's chat."""
    if body.get("view") is not None:
        home = home_of(person)
        return Place(home.kind, {**home.address, **trigger(body)})
    channel = id_of(mapping(body.get("channel"), "channel"), "id")
    address = {**address_of(channel, person), **response_url(body), **card(body), **trigger(body)}
    return place_of(channel, address)


def _shortcut(body: Body, at: datetime) -> Inbound | None:
    """Of a message that it was called on, neither text nor name is looked at."""
    kind = id_of(body, "type")
    if body.get("callback_id") != SHORTCUTS[kind]:
        return None
    person = _person(body)
    if kind == "shortcut":  # called from nowhere in particular
        place = home_of(person)
    else:
        channel = id_of(mapping(body.get("channel"), "channel"), "id")
        place = place_of(channel, {**address_of(channel, person), **response_url(body)})
    id = f"shortcut:{id_of(body, 'trigger_id')}"
    return Inbound(id, person, place, Commanded(""), at, home_of(person))


def _window(body: Body, at: datetime) -> Inbound | None:
    """A form's window was sent or closed. To send the same twice is one act.

    The window says nothing but which form it is, by a token that is its person's own: where it
    was asked, the conversation remembers.
    """
    view = mapping(body.get("view"), "view")
    if view.get("callback_id") != FORM:
        return None
    person, token = _person(body), text_of(view, "private_metadata")
    sent = values(view.get("state")) if body.get("type") == "view_submission" else None
    said = repr((id_of(view, "id"), token, sent and sorted(sent.items())))
    return Inbound(
        id=f"window:{sha256(said.encode()).hexdigest()}",
        person=person,
        place=home_of(person),
        turn=Pressed(token, sent, apart=True),
        at=at,
        home=home_of(person),
    )


def _person(body: Body) -> Person:
    who = mapping(body.get("user"), "user")
    return Person("slack", known_team_of(body), id_of(who, "id"))


def _values(body: Body) -> Mapping[str, str] | None:
    """Field id -> answer; None on a card without fields."""
    if not (state := body.get("state")):
        return None
    return values(state) or None
