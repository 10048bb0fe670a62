"""Who a payload is of: the workspace, its organisation, and whether somebody from outside acted."""

from collections.abc import Iterator
from typing import cast

from adapters.slack.fields import Body, MalformedError, id_of


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


def known_team_of(body: Body) -> str:
    """raises  MalformedError when the payload names none"""
    team = team_of(body)
    if not team:
        raise MalformedError("team_id")
    return team


def enterprise_of(body: Body) -> str:
    """The organisation that the workspace belongs to; "" when the payload names none."""
    if isinstance(enterprise := body.get("enterprise"), dict):
        return id_of(cast("Body", enterprise), "id")
    if body.get("enterprise_id") is not None:
        return id_of(body, "enterprise_id")
    return ""


def is_external(body: Body) -> bool:
    """True for people of other organisations, in channels that are shared with them."""
    home = (team_of(body), body.get("enterprise_id"))
    return any(isinstance(team, str) and team not in home for team in _teams(body))


def is_ours(body: Body, user: str) -> bool:
    """True for what our own bot user wrote."""
    authorizations = body.get("authorizations")
    if not isinstance(authorizations, list):
        return False
    bots = (
        cast("Body", one) for one in cast("list[object]", authorizations) if isinstance(one, dict)
    )
    return any(bot.get("is_bot") is True and bot.get("user_id") == user for bot in bots)


def _teams(body: Body) -> Iterator[object]:
    """Every workspace that the payload gives to its person."""
    if isinstance(user := body.get("user"), dict):
        yield cast("Body", user).get("team_id")
    if isinstance(event := body.get("event"), dict):
        for name in ("team", "user_team", "source_team"):
            yield cast("Body", event).get(name)
