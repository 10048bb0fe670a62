"""Where a card goes: the address of a place, made of what Slack said with an act."""

from adapters.slack.fields import Body, MalformedError, id_of, mapping, text_of
from bot.core.turn import Person, Place

Address = dict[str, str | int | bool]

URL_LENGTH = 3_000  # docs.slack.dev, read 2026-11


def place_of(channel: str, address: Address) -> Place:
    if channel.startswith("D"):
        return Place("private", address)
    room: Address = {"team": address["team"], "channel": channel, "all": True}
    return Place("channel", address, channel, room)


def home_of(person: Person) -> Place:
    """The person's own chat with Landa: Slack opens it by itself."""
    return Place("private", {"team": person.workspace, "user": person.id, "dm": True})


def address_of(channel: str, person: Person) -> Address:
    """With the workspace: a card goes out with the token of its own, or not at all."""
    dm = channel.startswith("D")
    return {"team": person.workspace, "channel": channel, "user": person.id, "dm": dm}


def trigger(body: Body) -> Address:
    """What opens a window: once, within three seconds."""
    return {"trigger": id_of(body, "trigger_id")}


def response_url(body: Body) -> Address:
    url = text_of(body, "response_url")
    if len(url) > URL_LENGTH:
        raise MalformedError("response_url")
    return {"response_url": url} if url else {}


def card(body: Body) -> Address:
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
