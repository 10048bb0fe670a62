"""Who may do what, in one place. A flow asks at each act, also of a card shown before; and whatever
it answers is asked once more, by `bot.core.right`, before any of it happens.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, assert_never

from bot.core.colleague import Colleague, Invitation
from bot.core.context import Context
from bot.core.team import OwnSlip, Team

Own = Literal["talk", "keep", "plan", "withdraw", "forget"]
"""talk: be answered, and shown what is held about oneself. keep: have something remembered. plan:
hear something by itself. withdraw: be asked for company no more. Always allowed: nobody's but
their own can be named."""
Among = Literal["speak", "volunteer", "choose"]
"""speak: so that all in the channel see it. volunteer: as somebody who can be asked for company.
choose: see who they are. Whoever stands in a team's place may."""
InTeam = Literal[
    "see",
    "begin",
    "change",
    "rest",
    "end",
    "ask",
    "join",
    "take_over",
    "appoint",
    "post",
    "name",
    "accept",
    "write",
    "draw",
]
"""rest: be silent until a day, or speak again. ask: who else wants to be a lead, or ask no more.
appoint: say of others that they are leads, or are none. post: a question, now or every week; and
let the weekly ones rest, or end. name: who is the team's boss, or that nobody is. accept: to be
asked as the boss that was named. write: a slip of the team's own. draw: from
its box, so that it is kept how far down they are."""
About = Literal["approve", "take_back", "invite", "inform", "resign", "answer", "call_off"]
"""Of a slip of the team's own, a colleague or boss, a question for company: approve or take back
the first, ask the second, tell them something (at any hour: they may have been told of it before)
or be it no more, answer or call off the third."""
Verb = Own | Among | InTeam | About
Thing = Team | OwnSlip | Colleague | Invitation | None
"""What it is done to. In a team's place, None: nothing is set up there."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts. me, takeover, account: as in `Context`. leads: the team they act in.

    here  they stand in a team's place, whether or not anything is set up there.
    now   aware UTC.
    """

    me: str = field(repr=False)
    here: bool
    leads: bool
    now: datetime
    takeover: int | None
    account: str = field(default="", repr=False)


def may(context: Context, verb: Verb, about: Thing = None) -> bool:
    """Whether the person of *context* may. about: the team that they act in, if nothing else."""
    team = context.team
    leads = team is not None and context.me in team.leads
    me, here, now = context.me, bool(context.here), context.now
    actor = Actor(me, here, leads, now, context.takeover, context.account)
    return allow(actor, verb, about or team)


def allow(actor: Actor, verb: Verb, thing: Thing) -> bool:
    match verb:
        case "talk" | "keep" | "plan" | "withdraw" | "forget":
            return True
        case "answer":
            return isinstance(thing, Invitation) and thing.part == "asked" and not thing.answered
        case "call_off":
            return isinstance(thing, Invitation) and thing.part == "asker"
        case "invite":
            return actor.here and isinstance(thing, Colleague) and _can_ask(actor, thing)
        case "inform":
            return actor.here and isinstance(thing, Colleague) and thing.id != actor.me
        case "resign":
            return actor.here and isinstance(thing, Colleague) and thing.id == actor.me
        case "approve" | "take_back":
            return actor.here and isinstance(thing, OwnSlip) and _with_slip(actor, verb, thing)
        case "speak" | "volunteer" | "choose":
            return actor.here
        case _:
            return actor.here and _in_team(actor, verb, thing)


def _with_slip(actor: Actor, verb: Literal["approve", "take_back"], slip: OwnSlip) -> bool:
    """A second person approves, whoever that is. Who wrote it takes it back; so does a lead, who
    answers for what stands in the channel."""
    own = bool(actor.me) and slip.author == actor.me
    return not (own or slip.approved) if verb == "approve" else own or actor.leads


def _can_ask(actor: Actor, colleague: Colleague) -> bool:
    return colleague.id != actor.me and colleague.can_be_asked(actor.now)


def _in_team(actor: Actor, verb: InTeam, team: Thing) -> bool:
    if not isinstance(team, Team):
        return team is None and verb in ("see", "begin")
    match verb:
        case "see" | "write" | "draw":
            return True
        case "begin" | "appoint":
            return False
        case "change" | "rest" | "end" | "ask" | "post" | "name":
            return actor.leads
        case "accept":  # where no platform tells who was meant, the channel sees who said yes
            return bool(actor.me and team.boss) and actor.account in ("", team.boss)
        case "join":
            asking = team.asking is not None and actor.now.date() <= team.asking
            return not actor.leads and asking
        case "take_over":
            return not actor.leads and _abandoned(team, actor)
        case _:
            assert_never(verb)


def _abandoned(team: Team, actor: Actor) -> bool:
    if actor.takeover is None:
        return False
    return actor.now.date() - team.acted >= timedelta(days=actor.takeover)
