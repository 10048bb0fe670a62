"""What Slack tells of a person: that something about them has changed, or that they are gone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from adapters.slack.address import home_of
from adapters.slack.fields import Body, id_of, mapping
from adapters.slack.people import teams_of
from adapters.slack.sender import known_team_of
from bot.core.turn import Inbound, Left, Person

EVENT = "user_change"


@dataclass(frozen=True, slots=True)
class Change:
    """people: one for each workspace that they belong to. gone: deactivated."""

    id: str = field(repr=False)
    people: tuple[Person, ...]
    gone: bool

    def leaving(self, at: datetime, served: Iterable[Person]) -> tuple[Inbound, ...]:
        """Nothing of them remains, in any workspace that is *served*."""
        return tuple(
            Inbound(f"{self.id}:{each.workspace}", each, home_of(each), Left(), at)
            for each in served
        )


def change_of(body: Body) -> Change | None:
    """None where the payload is about something else. raises  MalformedError"""
    event = body.get("event")
    if body.get("type") != "event_callback" or not isinstance(event, dict):
        return None
    if cast("Body", event).get("type") != EVENT:
        return None
    user, team = mapping(cast("Body", event).get("user"), "user"), known_team_of(body)
    people = (Person("slack", each, id_of(user, "id")) for each in {team} | teams_of(user, team))
    id = f"event:{id_of(body, 'event_id')}"
    return Change(id, tuple(people), user.get("deleted") is True)
