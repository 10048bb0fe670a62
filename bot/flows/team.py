"""team: the micro-pause that a team has set up in its channel, and those who answer for it.

Everything is answered privately; what all should know stands in the channel in one line, without
a name. Who may do what, `bot.core.allow` says, at each press anew; who may not sees what is set.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from bot.core import agreed, ready
from bot.core.allow import Verb, may
from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Dismiss, EndTeam, Post, Replace, SetTeam
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Choice, Message
from bot.core.team import Team
from bot.core.turn import Chose, Submitted, Turn
from bot.core.wanted import day_in_words

ASKING = timedelta(days=7)
"""How long a card in the channel asks who wants to be a lead too."""
VERBS: Mapping[str, Verb] = {
    "set_up": "begin",
    "change": "change",
    "rest": "rest",
    "again": "rest",
    "ask": "ask",
    "hush": "ask",
    "boss": "name",
    "end": "end",
    "end_it": "end",
    "take_over": "take_over",
}
"""What each button asks to be allowed."""


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "topic" is "join" when somebody pressed the card that asks for more leads."""
    words = context.words
    if not context.here:
        return _end(context, "where")
    if data.get("topic") == "join":
        return _joined(context)
    if context.team is None:
        buttons = choices(words, "team", "set_up", "no")
        return _show(context, Message(words("team.about"), buttons, words("team.title")))
    return _show(context, _summary(context, context.team), *_seen(context, context.team))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Submitted("save", values):
            return _kept(context, values)
        case Submitted("until", values):
            return _rested(context, values)
        case Chose("no" | "done"):
            return Reply("", (Replace(Message(context.words("after.ready"))),))
        case Chose("leave" | "keep"):
            return _end(context, "unchanged")
        case Chose("boss") if may(context, VERBS["boss"]):
            return Begin("boss", {"topic": "name"})
        case Chose(choice) if choice in VERBS:
            return _verb(choice, context)
        case _:
            return start(context, {})


def _verb(choice: str, context: Context) -> Next:
    team = context.team
    if not may(context, VERBS[choice]):
        return start(context, {})
    if team is None:
        first = ready.first(context)
        return _show(context, first) if first else _form(context, agreed.usual(context))
    match choice:
        case "change":
            return _form(context, agreed.answers(team))
        case "rest":
            return _show(context, agreed.rest_form(context))
        case "again":
            nudges = replace(team.nudges, paused_until=None)
            return _told(context, replace(team, nudges=nudges), "again", "kept")
        case "ask":
            return _asked(context, team)
        case "hush":
            return _told(context, replace(team, asking=None), "", "hushed")
        case "end":
            buttons = choices(context.words, "team", "end_it", "keep")
            return _show(context, Message(context.words("team.sure"), buttons))
        case "end_it":
            line = Post(agreed.line(context, team, "ended"), team.language)
            boss = (Dismiss(context.boss.id),) if context.boss else ()
            return _end(context, "ended", EndTeam(), *boss, line)
        case _:
            return _told(context, _with_me(context, team), "taken", "taken_over")


def _seen(context: Context, team: Team) -> tuple[SetTeam, ...]:
    """A lead who looks after the team has acted as one."""
    acted = _acted(context, team)
    return (SetTeam(acted),) if may(context, "change") and acted != team else ()


def _summary(context: Context, team: Team) -> Message:
    """What is set, and what the person may do about it."""
    words = context.words
    resting = agreed.resting(team, context)
    offered = (
        "change",
        "again" if resting else "rest",
        "hush" if agreed.asking(team, context) else "ask",
        "boss",
        "end",
        "take_over",
    )
    allowed = {each for each in offered if may(context, VERBS[each])}
    buttons = tuple(
        button
        for button in choices(words, "team", *VERBS, "done", quiet=("end", "done"))
        if button.id in {*allowed, "done"}
    )
    who = "you_lead" if may(context, "change") else "who_may"
    if may(context, "take_over"):
        who = "may_take"
    left = "\n".join(ready.left(context)) if may(context, "change") else ""
    is_set = f"{agreed.in_words(context, team)}{_boss(context, team)}"
    parts = (is_set, words(f"team.{who}"), left)
    return Message("\n\n".join(filter(None, parts)), buttons, words("team.title"))


def _boss(context: Context, team: Team) -> str:
    if context.boss:
        return f" {context.words('team.boss_is', name=context.boss.name)}"
    return f" {context.words('team.boss_named')}" if team.boss and may(context, "name") else ""


def _form(context: Context, values: Mapping[str, str], *, checked: bool = False) -> Next:
    return _show(context, agreed.form(context, values, checked=checked))


def _kept(context: Context, values: Mapping[str, str]) -> Next:
    before = context.team
    if not may(context, "change" if before else "begin"):
        return start(context, {})
    if before is None and (first := ready.first(context)):
        return _show(context, first)
    if agreed.faults(context, values):
        return _form(context, values, checked=True)
    team = agreed.made(context, values)
    if before is None:
        return _told(context, _with_me(context, team), "begun", "kept")
    if team == before:
        return _end(context, "unchanged")
    return _told(context, team, "changed", "kept")


def _rested(context: Context, values: Mapping[str, str]) -> Next:
    team = context.team
    if team is None or not may(context, "rest"):
        return start(context, {})
    until = agreed.day_of(context, values)
    if until is None:
        return _show(context, agreed.rest_form(context, values))
    return _told(
        context, replace(team, nudges=replace(team.nudges, paused_until=until)), "rests", "kept"
    )


def _asked(context: Context, team: Team) -> Next:
    last = context.now.date() + ASKING
    team = replace(team, asking=last)
    words = context.library.words[team.language]
    card = Message(
        words("team.who_wants"),
        (Choice("team/join", words("team.join")),),
        words("team.title"),
        words("team.until_day", day=day_in_words(words, last)),
        standing=True,
    )
    return _end(context, "asked", SetTeam(_acted(context, team)), Post(card, team.language))


def _joined(context: Context) -> Next:
    team = context.team
    if team and context.me in team.leads:
        return _end(context, "joined_already")
    if team is None or not may(context, "join"):
        return _end(context, "not_asked")
    return _told(context, _with_me(context, team), "", "joined")


def _with_me(context: Context, team: Team) -> Team:
    return replace(team, leads=team.leads | {context.me})


def _acted(context: Context, team: Team) -> Team:
    """After a lead has done something as one."""
    return replace(team, acted=context.now.date())


def _told(context: Context, team: Team, line: str, answer: str) -> Next:
    """Keep *team*, and say *line* to all, if there is one."""
    kept = SetTeam(_acted(context, team))
    if not line:
        return _end(context, answer, kept)
    return _end(context, answer, kept, Post(agreed.line(context, team, line), team.language))


def _end(context: Context, answer: str, *more: Dismiss | EndTeam | Post | SetTeam) -> Next:
    return Reply("", (Replace(Message(context.words(f"team.{answer}"))), *more))


def _show(context: Context, card: agreed.Shown, *more: SetTeam) -> Next:
    return Reply("show", (Replace(card), *more), {"here": context.here})


FLOW = Flow("team", start, respond, careful=True)
