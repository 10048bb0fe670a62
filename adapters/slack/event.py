"""What Slack tells of by an event: words to Landa, its name called, its page opened."""

from datetime import datetime

from adapters.slack.address import address_of, home_of, place_of
from adapters.slack.fields import Body, id_of, mapping, plain, text_of, unmentioned
from adapters.slack.sender import is_ours, known_team_of
from bot.core.turn import Commanded, Inbound, Looked, Person, Place, Said

SLACKBOT = "USLACKBOT"
HOME = "overview"
"""The flow that makes the page."""


def event_of(body: Body, at: datetime) -> Inbound | None:
    """None for what no person did, or was not done to Landa."""
    event = mapping(body.get("event"), "event")
    # Edits, deletions, joins and files come as subtypes; hidden ones are Slack's own book-keeping.
    if any(event.get(key) for key in ("subtype", "hidden", "bot_id", "bot_profile", "edited")):
        return None
    match event.get("type"), event.get("channel_type"):
        case "message", "im":
            take = _said
        case "app_mention", _:
            take = _mentioned
        case "app_home_opened", _:
            take = _looked
        case _:
            return None
    user, team = id_of(event, "user"), known_team_of(body)
    if user == SLACKBOT or is_ours(body, user):
        return None
    person = Person("slack", team, user)
    found = take(event, person)
    if found is None:
        return None
    id = f"event:{id_of(body, 'event_id')}"
    return Inbound(id, person, found[0], found[1], at, home_of(person))


def _said(event: Body, person: Person) -> tuple[Place, Said]:
    place = Place("private", {**address_of(id_of(event, "channel"), person), "dm": True})
    return place, Said(plain(unmentioned(text_of(event, "text"))))


def _mentioned(event: Body, person: Person) -> tuple[Place, Commanded] | None:
    """None in a direct message: there it also comes as a message."""
    channel = id_of(event, "channel")
    if channel.startswith("D"):
        return None
    address = address_of(channel, person)
    if event.get("thread_ts") is not None:
        address["thread"] = id_of(event, "thread_ts")
    return place_of(channel, address), Commanded(plain(unmentioned(text_of(event, "text"))))


def _looked(event: Body, person: Person) -> tuple[Place, Looked] | None:
    """None when the person came for the messages: those are no page."""
    return (home_of(person), Looked(HOME)) if event.get("tab") == "home" else None
