"""What Slack tells about Landa itself: that it was taken away somewhere."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from adapters.slack.fields import Body, MalformedError, id_of, mapping
from adapters.slack.sender import enterprise_of, team_of

EVENTS = ("app_uninstalled", "team_access_revoked", "tokens_revoked")
"""Subscribed to only where several workspaces install Landa."""


@dataclass(frozen=True, slots=True)
class Gone:
    """team: "" for a whole organisation."""

    team: str = field(repr=False)
    enterprise: str = field(repr=False)
    at: datetime


def news_of(body: Body) -> tuple[Gone, ...] | None:
    """None where the payload is about something else.

    raises  MalformedError
    """
    event = body.get("event")
    if body.get("type") != "event_callback" or not isinstance(event, dict):
        return None
    event = cast("Body", event)
    match event.get("type"):
        case "app_uninstalled":
            return (_gone(body),)
        case "tokens_revoked":
            # A person's own token is nothing of ours: Landa only ever has the bot's.
            return (_gone(body),) if mapping(event.get("tokens"), "tokens").get("bot") else ()
        case "team_access_revoked":
            teams = event.get("team_ids")
            if not isinstance(teams, list):
                raise MalformedError("team_ids")
            named = ({"id": team} for team in cast("list[object]", teams))
            return tuple(Gone(id_of(team, "id"), "", _at(body)) for team in named)
        case _:
            return None


def _gone(body: Body) -> Gone:
    team, enterprise = team_of(body), enterprise_of(body)
    if _is_whole(body, team):
        enterprise = enterprise or team
        if not enterprise:
            raise MalformedError("team_id")
        return Gone("", enterprise, _at(body))
    return Gone(team, enterprise, _at(body))


def _is_whole(body: Body, team: str) -> bool:
    """Whether a whole organisation's installation is meant, not one workspace's."""
    if not team or team.startswith("E"):
        return True
    authorizations = body.get("authorizations")
    if not isinstance(authorizations, list):
        return body.get("is_enterprise_install") is True
    return any(
        isinstance(one, dict) and cast("Body", one).get("is_enterprise_install") is True
        for one in cast("list[object]", authorizations)
    )


def _at(body: Body) -> datetime:
    stamp = body.get("event_time")
    if not isinstance(stamp, int) or not 0 < stamp < 10**11:
        raise MalformedError("event_time")
    return datetime.fromtimestamp(stamp, UTC)
