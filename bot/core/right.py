"""What each effect asks to be allowed: whatever a flow answers, nothing else happens."""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from bot.core import ownslips
from bot.core.allow import Thing, Verb, may
from bot.core.context import Context
from bot.core.effect import (
    AddSlip,
    Admit,
    ChangeSlip,
    ClearNudges,
    Dismiss,
    DropSlip,
    Effect,
    EndTeam,
    Finish,
    Forget,
    Inform,
    Invite,
    Keep,
    KeepDrawn,
    KeepMine,
    Pause,
    Post,
    Remind,
    Replace,
    Say,
    SetNudges,
    SetTeam,
    Settle,
    TakeBack,
    Tell,
    Unremind,
    Volunteer,
    Withdraw,
)
from bot.core.errors import NotAllowedError
from bot.core.team import Team

Right = tuple[Verb, Thing]


def check(effects: Iterable[Effect], context: Context) -> None:
    """raises  NotAllowedError when the person of *context* may not do one of *effects*."""
    for effect in effects:
        verb, thing = right(effect, context)
        if not may(context, verb, thing):
            raise NotAllowedError(verb)


def right(effect: Effect, context: Context) -> Right:
    """What must be allowed, and to what: None where that is the team, or is not there."""
    match effect:
        case Say() | Replace() | Finish() | Pause() | Admit():
            return "talk", None
        case Keep() | KeepMine() | Settle():
            return "keep", None
        case SetNudges() | ClearNudges() | Remind() | Unremind():
            return "plan", None
        case Forget():
            return "forget", None
        case SetTeam() | EndTeam() | Post() | KeepDrawn():
            return _of_team(effect, context)
        case AddSlip() | ChangeSlip() | DropSlip():
            return _of_slip(effect, context)
        case Volunteer() | Withdraw() | Dismiss() | Invite() | Inform() | Tell() | TakeBack():
            return _of_company(effect, context)
        case _:
            assert_never(effect)


def _of_team(effect: SetTeam | EndTeam | Post | KeepDrawn, context: Context) -> Right:
    match effect:
        case SetTeam(team):
            return _set(team, context)
        case EndTeam():
            return "end", None
        case Post():
            return "speak", None
        case KeepDrawn():
            return "draw", None
        case _:
            assert_never(effect)


def _of_slip(effect: AddSlip | ChangeSlip | DropSlip, context: Context) -> Right:
    """A question that all have seen is anybody's to put in, and to take out of it again."""
    match effect:
        case AddSlip(slip):
            seen = not slip.approved or ownslips.is_question(context, slip)
            return ("write", None) if seen else ("approve", slip)
        case ChangeSlip(slip):
            return "approve", ownslips.found(context, slip.id)
        case DropSlip(id):
            slip = ownslips.found(context, id)
            if slip and ownslips.is_question(context, slip):
                return "write", None
            return "take_back", slip
        case _:
            assert_never(effect)


def _set(team: Team, context: Context) -> Right:
    """By what is otherwise than before."""
    before, me = context.team, context.me
    if before is None:
        return "begin" if team.leads == frozenset((me,)) else "appoint", None
    if team == replace(before, boss=team.boss):
        return _boss(team, context)
    if team.leads == before.leads:
        return "change", None
    if team.leads != before.leads | {me}:
        return "appoint", None
    return "join" if may(context, "join") else "take_over", None


def _boss(team: Team, context: Context) -> Right:
    """A lead names who it is; who was named says yes; and who said yes, no more."""
    boss = context.boss
    if may(context, "name"):
        return "name", None
    if boss and team.boss == boss.account:
        return "resign", boss
    return "name" if team.boss else "accept", None


def _of_company(
    effect: Volunteer | Withdraw | Dismiss | Invite | Inform | Tell | TakeBack, context: Context
) -> Right:
    match effect:
        case Volunteer(colleague):
            new = colleague.boss and not may(context, "resign", context.boss)
            return "accept" if new else "volunteer", None
        case Withdraw():
            return "withdraw", None
        case Dismiss():
            return "name", None
        case Invite(to):
            there = (*context.colleagues, *((context.boss,) if context.boss else ()))
            return "invite", next((each for each in there if each.id == to), None)
        case Inform(to):
            return "inform", next((each for each in context.colleagues if each.id == to), None)
        case Tell():
            return "answer", context.invitation
        case TakeBack():
            return "call_off", context.invitation
        case _:
            assert_never(effect)
