"""nudge: what Landa says by itself, at a time that somebody chose; and what is answered to it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from zlib import crc32

from bot.core import firstdays, nudge, offer, wanted
from bot.core.card import choices, listing, standing
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Effect, Remind, Replace, Say, SetNudges, Unremind
from bot.core.exercise import Exercise
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Choice, Message
from bot.core.turn import Chose, Turn

LATER = {"m15": timedelta(minutes=15), "h1": timedelta(hours=1)}
LUNCH_OVER = time(13)
NOT_AFTER_LUNCH = time(12, 45)
"""From then on, the end of lunch is too near."""


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "kind" and "id" of what is due; or "topic", pressed on such a card: "go.<slip>",
    "later.<kind>.<slip>", "no", "stop". A "kind" may be followed by ".<slip>": that one comes."""
    if kind := data.get("kind"):
        return _due(context, kind, data.get("id", ""))
    wish, _, of = data.get("topic", "").partition(".")
    match wish:
        case "go":
            slip = context.exercises.get(of)
            return Begin("guided", {"id": of, "from": "home" if _is_home(slip) else ""})
        case "later":
            return _later(context, of)
        case "no":
            return _said(context, "nudge.another_time")
        case "stop":
            return Begin("stopped", {"from": "nudge"})
        case _:
            return Begin("menu", {"step": "old"})


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    kind = conversation.data["kind"]
    match turn:
        case Chose("m15" | "h1" as wait):
            return _put_off(context, kind, context.now + LATER[wait])
        case Chose("lunch"):
            today = context.local_now.date()
            return _put_off(context, kind, nudge.moment(today, LUNCH_OVER, context.zone))
        case Chose("today"):
            effects: tuple[Effect, ...] = (Unremind("later"), *firstdays.silent(context))
            if nudges := context.nudges:
                rest = nudge.rest_of_day(context.now, nudges)
                effects = (*effects, SetNudges(replace(nudges, quiet_until=rest)))
            return _said(context, "quiet.today_said", *effects)
        case _:
            return _later(context, kind)


def _due(context: Context, kind: str, id: str) -> Next:
    if kind.startswith("company."):
        return Begin("company", {"step": "silent"})
    if firstdays.read(kind):
        return Begin("explore", {"kind": kind})
    if kind.startswith("where."):
        return Begin("where", {"step": "due", "topic": kind})
    if kind == "land":
        return Begin("land", {"step": "reminded"})
    kind, _, same = kind.partition(".")
    drawn = _same(context, same) or _draw(_varied(context, id), kind)
    if not drawn:
        return Reply("", ())
    words = context.words
    ways = (
        Choice(f"go.{drawn[0].id}", words("nudge.go")),
        Choice(f"later.{kind}.{drawn[0].id}", words("nudge.later")),
        *choices(words, "nudge", "no", "stop", quiet=("stop",)),
    )
    card = Message(
        f"{words(f'nudge.{kind}')}\n\n{listing(words, drawn)}",
        standing("nudge", ways),
        note=words("nudge.try" if id == "try" else "nudge.why"),
        preview=words("card.preview"),
        standing=True,
    )
    return Reply("", (Say(card),))


def _same(context: Context, id: str) -> list[Exercise]:
    """What was put off, if it is still in the box."""
    return [context.exercises[id]] if id in context.exercises else []


def _varied(context: Context, id: str) -> Context:
    """Two times on one day bring two slips."""
    return replace(context, variety=context.variety ^ crc32(id.encode()))


def _draw(context: Context, kind: str) -> list[Exercise]:
    match kind:
        case "home" | "question":
            return offer.of_kind(context, kind, count=1)
        case "fact":
            return offer.of_kind(context, "knowledge", count=1)
        case _:
            return offer.short(context, ("pause", "body", "breathing"))


def _is_home(slip: Exercise | None) -> bool:
    return slip is not None and slip.kind == "home"


def _later(context: Context, kind: str) -> Next:
    """Without limit: putting off is no failure."""
    known = kind.partition(".")[0] in wanted.KINDS or firstdays.read(kind)
    if not context.reachable or not known:
        return Begin("menu", {"step": "old"})
    ways = choices(context.words, "nudge", *LATER, "lunch", "today")
    over = context.local_now.time() >= NOT_AFTER_LUNCH
    buttons = tuple(way for way in ways if not (over and way.id == "lunch"))
    card = Message(context.words("nudge.when"), buttons)
    return Reply("later", (Replace(card),), {"kind": kind})


def _put_off(context: Context, kind: str, at: datetime) -> Next:
    if at <= context.now:
        return _later(context, kind)
    time = wanted.time_in_words(context.words, at.astimezone(context.zone), context.local_now)
    card = Message(context.words("remind.set", time=time))
    id = firstdays.LATER if firstdays.read(kind) else "later"
    return Reply("", (Replace(card), Remind(id, kind, at)))


def _said(context: Context, key: str, *effects: Effect) -> Next:
    return Reply("", (Replace(Message(context.words(key))), *effects))


FLOW = Flow("nudge", start, respond)
