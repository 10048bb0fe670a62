"""What Slack sent, as one act of one person."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from adapters.slack.fields import (
    Body,
    MalformedError,
    id_of,
    mapping,
    plain,
    text_of,
    unmentioned,
)
from adapters.slack.question import values
from bot.core.turn import Commanded, Inbound, Person, Place, Pressed, Said

Address = dict[str, str | int | bool]

URL_LENGTH = 3_000  # docs.slack.dev, read 2026-11
SLACKBOT = "USLACKBOT"
SHORTCUTS = {"shortcut": "landa", "message_action": "landa_after"}
"""The callback_id that the manifest gives to each kind of shortcut."""


def to_inbound(body: Body, at: datetime) -> Inbound | None:
    """None: authentic, but nothing for Landa to take.

    body    the payload, already verified.
    at      when it reached us, aware UTC.
    raises  MalformedError where a field that is needed has another type than Slack describes.
    """
    match body.get("type"):
        case "block_actions":
            return _pressed(body, at)
        case "event_callback":
            return _event(body, at)
        case "shortcut" | "message_action":
            return _shortcut(body, at)
        case None if "command" in body:
            return _commanded(body, at)
        case _:
            return None


def team_of(body: Body) -> str:
    """The workspace that the payload belongs to; "" when it names none.

    Organisation-wide installs leave `team` empty in presses and in an event's
    `authorizations`: the person's own workspace, or `team_id`, stands for it.
    """
    if isinstance(team := body.get("team"), dict):
        return id_of(cast("Body", team), "id")
    if body.get("team_id") is not None:
        return id_of(body, "team_id")
    if isinstance(user := body.get("user"), dict) and cast("Body", user).get("team_id") is not None:
        return id_of(cast("Body", user), "team_id")
    return ""


def enterprise_of(body: Body) -> str:
    """The organisation that the workspace belongs to; "" when the payload names none."""
    if isinstance(enterprise := body.get("enterprise"), dict):
        return id_of(cast("Body", enterprise), "id")
    if body.get("enterprise_id") is not None:
        return id_of(body, "enterprise_id")
    return ""


def _commanded(body: Body, at: datetime) -> Inbound | None:
    channel, user = id_of(body, "channel_id"), id_of(body, "user_id")
    if user == SLACKBOT:
        return None
    person = Person("slack", _team(body), user)
    return Inbound(
        id=f"command:{id_of(body, 'trigger_id')}",
        person=person,
        place=_place(channel, {**_address(channel, person), **_response_url(body)}),
        turn=Commanded(plain(text_of(body, "text"))),
        at=at,
        home=home_of(person),
    )


def _pressed(body: Body, at: datetime) -> Inbound | None:
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions:
        raise MalformedError("actions")
    action = mapping(cast("object", actions[0]), "actions")
    if action.get("type") != "button" or action.get("value") is None or body.get("view"):
        return None  # a link was opened, or an option chosen: only buttons of cards are acts
    who, team = mapping(body.get("user"), "user"), _team(body)
    if _is_external(team, body, who.get("team_id")):
        return None
    person = Person("slack", team, id_of(who, "id"))
    channel = id_of(mapping(body.get("channel"), "channel"), "id")
    return Inbound(
        id=f"action:{id_of(body, 'trigger_id')}",
        person=person,
        place=_place(channel, {**_address(channel, person), **_response_url(body), **_card(body)}),
        turn=Pressed(text_of(action, "value"), _values(body)),
        at=at,
        home=home_of(person),
    )


def _shortcut(body: Body, at: datetime) -> Inbound | None:
    """Of a message that it was called on, neither text nor name is looked at."""
    kind = id_of(body, "type")
    if body.get("callback_id") != SHORTCUTS[kind]:
        return None
    who, team = mapping(body.get("user"), "user"), _team(body)
    person = Person("slack", team, id_of(who, "id"))
    if _is_external(team, body, who.get("team_id")):
        return None
    if kind == "shortcut":  # called from nowhere in particular
        place = home_of(person)
    else:
        channel = id_of(mapping(body.get("channel"), "channel"), "id")
        place = _place(channel, {**_address(channel, person), **_response_url(body)})
    id = f"shortcut:{id_of(body, 'trigger_id')}"
    return Inbound(id, person, place, Commanded(""), at, home_of(person))


def _event(body: Body, at: datetime) -> Inbound | None:
    event = mapping(body.get("event"), "event")
    # Edits, deletions, joins and files come as subtypes; hidden ones are Slack's own book-keeping.
    if any(event.get(key) for key in ("subtype", "hidden", "bot_id", "bot_profile", "edited")):
        return None
    match event.get("type"), event.get("channel_type"):
        case "message", "im":
            take = _said
        case "app_mention", _:
            take = _mentioned
        case _:
            return None
    user, team = id_of(event, "user"), _team(body)
    teams = (event.get(key) for key in ("team", "user_team", "source_team"))
    if user == SLACKBOT or _is_ours(body, user) or _is_external(team, body, *teams):
        return None
    person = Person("slack", team, user)
    found = take(event, person)
    if found is None:
        return None
    id = f"event:{id_of(body, 'event_id')}"
    return Inbound(id, person, found[0], found[1], at, home_of(person))


def _said(event: Body, person: Person) -> tuple[Place, Said]:
    place = Place("private", {**_address(id_of(event, "channel"), person), "dm": True})
    return place, Said(plain(unmentioned(text_of(event, "text"))))


def _mentioned(event: Body, person: Person) -> tuple[Place, Commanded] | None:
    """None in a direct message: there it also comes as a message."""
    channel = id_of(event, "channel")
    if channel.startswith("D"):
        return None
    address = _address(channel, person)
    if event.get("thread_ts") is not None:
        address["thread"] = id_of(event, "thread_ts")
    return _place(channel, address), Commanded(plain(unmentioned(text_of(event, "text"))))


def _is_ours(body: Body, user: str) -> bool:
    """True for what our own bot user wrote."""
    authorizations = body.get("authorizations")
    if not isinstance(authorizations, list):
        return False
    bots = (
        cast("Body", one) for one in cast("list[object]", authorizations) if isinstance(one, dict)
    )
    return any(bot.get("is_bot") is True and bot.get("user_id") == user for bot in bots)


def _is_external(team: str, body: Body, *teams: object) -> bool:
    """True for people of other organisations in shared channels: Landa does not serve them."""
    home = (team, body.get("enterprise_id"))
    return any(isinstance(other, str) and other not in home for other in teams)


def _place(channel: str, address: Address) -> Place:
    if channel.startswith("D"):
        return Place("private", address)
    room: Address = {"team": address["team"], "channel": channel, "all": True}
    return Place("channel", address, channel, room)


def home_of(person: Person) -> Place:
    """The person's own chat with Landa: Slack opens it by itself."""
    return Place("private", {"team": person.workspace, "user": person.id, "dm": True})


def _address(channel: str, person: Person) -> Address:
    """With the workspace: a card goes out with the token of its own, or not at all."""
    dm = channel.startswith("D")
    return {"team": person.workspace, "channel": channel, "user": person.id, "dm": dm}


def _response_url(body: Body) -> Address:
    url = text_of(body, "response_url")
    if len(url) > URL_LENGTH:
        raise MalformedError("response_url")
    return {"response_url": url} if url else {}


def _card(body: Body) -> Address:
    """Names the card that was pressed, if it is this person's alone.

    A card that others see must never be rewritten with what one person is
    answered, so a message in a channel is not named.
    """
    container = mapping(body.get("container"), "container")
    if container.get("is_ephemeral") is True:
        return {"card": True}
    if not id_of(mapping(body.get("channel"), "channel"), "id").startswith("D"):
        return {}
    return {"card": True, "ts": id_of(container, "message_ts")}


def _values(body: Body) -> Mapping[str, str] | None:
    """Field id -> answer; None on a card without fields."""
    if not (state := body.get("state")):
        return None
    return values(state) or None


def _team(body: Body) -> str:
    team = team_of(body)
    if not team:
        raise MalformedError("team_id")
    return team
