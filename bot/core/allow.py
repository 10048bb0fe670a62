"""Who may do what in a team, in one place. A flow asks at each act, also of a card shown before."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal, assert_never

from bot.core.context import Context
from bot.core.team import Team

Verb = Literal[
    "see", "begin", "change", "rest", "end", "ask", "join", "take_over", "post", "name", "accept"
]
"""rest: be silent until a day, or speak again. ask: who else wants to be a lead, or ask no more.
post: a question, now or every week; and let the weekly ones rest, or end. name: who is the team's
boss, or that nobody is. accept: to be asked as the boss that was named."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts in the team's place.

    me        as in `Context`.
    today     in UTC, as in `Team.acted`.
    takeover, account  as in `Context`.
    """

    me: str = field(repr=False)
    today: date
    takeover: int | None
    account: str = field(default="", repr=False)


def may(context: Context, verb: Verb) -> bool:
    """Whether the person of *context* may, in the team that they act in."""
    if not context.here:
        return False
    today = context.now.date()
    return allow(Actor(context.me, today, context.takeover, context.account), verb, context.team)


def allow(actor: Actor, verb: Verb, team: Team | None) -> bool:
    """team: None where nothing is set up."""
    if team is None:
        return verb in ("see", "begin")
    leads = actor.me in team.leads
    match verb:
        case "see":
            return True
        case "begin":
            return False
        case "change" | "rest" | "end" | "ask" | "post" | "name":
            return leads
        case "accept":
            # Where no platform tells who was meant, the channel sees who said yes.
            return bool(actor.me and team.boss) and actor.account in ("", team.boss)
        case "join":
            return not leads and team.asking is not None and actor.today <= team.asking
        case "take_over":
            return not leads and _abandoned(team, actor)
        case _:
            assert_never(verb)


def _abandoned(team: Team, actor: Actor) -> bool:
    if actor.takeover is None:
        return False
    return actor.today - team.acted >= timedelta(days=actor.takeover)
