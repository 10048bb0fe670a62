"""What Slack sent, as one act of one person."""

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from bot.core.turn import Commanded, Inbound, Person, Place, Pressed, Said

Body = Mapping[str, object]
Address = dict[str, str | int | bool]

ID_LENGTH = 255  # Block Kit ids; Slack's own ids are shorter. docs.slack.dev, read 2026-11
URL_LENGTH = 3_000  # docs.slack.dev, read 2026-11
SLACKBOT = "USLACKBOT"


class MalformedError(ValueError):
    """The payload does not have the shape that Slack describes."""


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
            return _said(body, at)
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
        return _id(cast("Body", team), "id")
    if body.get("team_id") is not None:
        return _id(body, "team_id")
    if isinstance(user := body.get("user"), dict) and cast("Body", user).get("team_id") is not None:
        return _id(cast("Body", user), "team_id")
    return ""


def _commanded(body: Body, at: datetime) -> Inbound:
    channel, user = _id(body, "channel_id"), _id(body, "user_id")
    return Inbound(
        id=f"command:{_id(body, 'trigger_id')}",
        person=Person("slack", _team(body), user),
        place=_place(channel, {**_address(channel, user), **_response_url(body)}),
        turn=Commanded(_plain(_text(body, "text"))),
        at=at,
    )


def _pressed(body: Body, at: datetime) -> Inbound | None:
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions:
        raise MalformedError("actions")
    action = _mapping(cast("object", actions[0]), "actions")
    if action.get("type") != "button" or action.get("value") is None or body.get("view"):
        return None  # a link was opened, or an option chosen: only buttons of cards are acts
    person = _mapping(body.get("user"), "user")
    team = _team(body)
    if _is_external(team, body, person.get("team_id")):
        return None
    user, channel = _id(person, "id"), _id(_mapping(body.get("channel"), "channel"), "id")
    return Inbound(
        id=f"action:{_id(body, 'trigger_id')}",
        person=Person("slack", team, user),
        place=_place(channel, {**_address(channel, user), **_response_url(body), **_card(body)}),
        turn=Pressed(_text(action, "value"), _values(body)),
        at=at,
    )


def _said(body: Body, at: datetime) -> Inbound | None:
    event = _mapping(body.get("event"), "event")
    if event.get("type") != "message" or event.get("channel_type") != "im":
        return None
    # Edits, deletions, joins and files come as subtypes; hidden ones are Slack's own book-keeping.
    if any(event.get(key) for key in ("subtype", "hidden", "bot_id", "bot_profile")):
        return None
    user, team = _id(event, "user"), _team(body)
    teams = (event.get(key) for key in ("team", "user_team", "source_team"))
    if user == SLACKBOT or _is_ours(body, user) or _is_external(team, body, *teams):
        return None
    channel = _id(event, "channel")
    return Inbound(
        id=f"event:{_id(body, 'event_id')}",
        person=Person("slack", team, user),
        place=Place("private", {**_address(channel, user), "dm": True}),
        turn=Said(_plain(_text(event, "text"))),
        at=at,
    )


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
    return Place("private" if channel.startswith("D") else "channel", address)


def _address(channel: str, user: str) -> Address:
    return {"channel": channel, "user": user, "dm": channel.startswith("D")}


def _response_url(body: Body) -> Address:
    url = _text(body, "response_url")
    if len(url) > URL_LENGTH:
        raise MalformedError("response_url")
    return {"response_url": url} if url else {}


def _card(body: Body) -> Address:
    """Names the card that was pressed, if it is this person's alone.

    A card that others see must never be rewritten with what one person is
    answered, so a message in a channel is not named.
    """
    container = _mapping(body.get("container"), "container")
    if container.get("is_ephemeral") is True:
        return {"card": True}
    if not _id(_mapping(body.get("channel"), "channel"), "id").startswith("D"):
        return {}
    return {"card": True, "ts": _id(container, "message_ts")}


def _values(body: Body) -> Mapping[str, str] | None:
    """Field id -> id of the chosen option; None on a card without fields."""
    if not (state := body.get("state")):
        return None
    chosen: dict[str, str] = {}
    for field, elements in _mapping(_mapping(state, "state").get("values"), "values").items():
        for element in _mapping(elements, "values").values():
            option = _mapping(element, "values").get("selected_option")
            if option is not None:
                chosen[_clean(field)] = _text(_mapping(option, "selected_option"), "value")
    return chosen or None


def _team(body: Body) -> str:
    team = team_of(body)
    if not team:
        raise MalformedError("team_id")
    return team


def _mapping(value: object, name: str) -> Body:
    if not isinstance(value, dict):
        raise MalformedError(name)
    return cast("Body", value)


def _id(body: Body, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= ID_LENGTH:
        raise MalformedError(name)
    if not (value.isascii() and value.isprintable()):
        raise MalformedError(name)
    return value


def _text(body: Body, name: str) -> str:
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MalformedError(name)
    return _clean(value)


def _clean(text: str) -> str:
    """Without NUL and lone surrogates, which no database and no encoder takes."""
    if text.isprintable():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "�")


def _plain(text: str) -> str:
    """As the person wrote it: Slack escapes three characters in what it delivers."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
