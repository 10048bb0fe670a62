"""quiet: no nudges for the rest of the day, or until a date. They come back by themselves."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.core import firstdays
from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Effect, Replace, SetNudges, Unremind
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.form import again, day
from bot.core.message import Field, Form, Message
from bot.core.nudge import Nudges, rest_of_day, zone_named
from bot.core.turn import Chose, Submitted, Turn

LONGEST = timedelta(days=366)
ASKED_FOR = ("later", "after")
"""Reminders that are still to come. Whoever wants quiet wants it of them too."""


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "step": "" for quiet today, "choose" to be asked how long, "again" to end it."""
    nudges = context.nudges
    match data.get("step"):
        case "choose" if nudges and context.reachable:
            card = Message(context.words("quiet.how_long"), choices(context.words, "quiet", *WAYS))
            return Reply("choose", (Replace(card),))
        case "again" if nudges and context.reachable:
            awake = replace(nudges, quiet_until=None, paused_until=None)
            return Begin("nudges", effects=(SetNudges(awake),))
        case "choose" | "again":
            return Begin("nudges")
        case _ if nudges and not context.reachable:
            return Begin("nudges")
        case _:
            card = Message(context.words("quiet.today_said"))
            return Reply("", (Replace(card), *_today(context)))


WAYS = ("today", "date", "leave")


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    nudges = context.nudges
    match turn:
        case Chose("today"):
            return Begin("nudges", effects=_today(context))
        case Chose("date"):
            return _form(context, "", "")
        case Submitted("save", values) if nudges and context.reachable:
            return _paused(context, nudges, values.get("until", ""))
        case _:
            return Begin("nudges")


def silent(context: Context, until: date | None = None) -> tuple[Unremind, ...]:
    """Nothing that was asked for comes today, and none of the five first days before *until*."""
    asked = (Unremind(id) for id in ASKED_FOR)
    return *asked, *firstdays.silent(context, until)


def _today(context: Context) -> tuple[Effect, ...]:
    if context.nudges is None:
        return silent(context)
    rest = rest_of_day(context.now, context.nudges)
    return (SetNudges(replace(context.nudges, quiet_until=rest)), *silent(context))


def _paused(context: Context, nudges: Nudges, written: str) -> Next:
    today, until = context.now.astimezone(zone_named(nudges.zone)).date(), day(written)
    if (wrong := _wrong(until, today)) or until is None:
        return _form(context, written, context.words(wrong))
    paused = SetNudges(replace(nudges, paused_until=until))
    return Begin("nudges", effects=(paused, *silent(context, until)))


def _wrong(until: date | None, today: date) -> str:
    """The key of what is wrong with it."""
    if until is None:
        return "quiet.no_date"
    if until <= today:
        return "quiet.past"
    return "quiet.too_far" if until - today > LONGEST else ""


def _form(context: Context, value: str, wrong: str) -> Next:
    words = context.words
    field = Field("until", words("quiet.until"), value=again(value), error=wrong, kind="date")
    buttons = choices(words, "quiet", "save", "leave")
    form = Form(words("quiet.title"), words("quiet.about"), (field,), buttons)
    return Reply("form", (Replace(form),))


FLOW = Flow("quiet", start, respond, careful=True)
