"""remind: at a time that the person names, the landing card comes by itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.core import safety, wanted, when
from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Remind, Replace, Unremind
from bot.core.flow import Flow, Next, Reply
from bot.core.message import Field, Form, Message
from bot.core.turn import Chose, Submitted, Turn

MINUTES = {"m30": 30, "h1": 60, "h2": 120}
LONGEST = 40


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "at": the moment, as ISO 8601 in UTC; without it, it is asked for."""
    if not context.reachable:
        return Reply("", (Replace(Message(context.words("nudges.not_here"))),))
    if "at" in data:
        return _meant(context, datetime.fromisoformat(data["at"]))
    words = context.words
    buttons = choices(words, "remind", *MINUTES, "other", "no")
    return Reply("choose", (Replace(Message(words("remind.when"), buttons)),))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    if not context.reachable:
        return start(context, {})
    match turn:
        case Chose("m30" | "h1" | "h2" as wait):
            return _set(context, context.now + timedelta(minutes=MINUTES[wait]))
        case Chose("other"):
            return _form(context, "", "")
        case Submitted("save", values):
            return _written(context, values.get("time", ""))
        case Chose("yes"):
            at = datetime.fromisoformat(conversation.data["at"])
            return _set(context, at) if at > context.now else start(context, {})
        case Chose("back"):
            card = Message(context.words("remind.taken_back"))
            return Reply("", (Replace(card), Unremind("after")))
        case Chose("no"):
            return Reply("", (Replace(Message(context.words("practice.later"))),))
        case _:
            return start(context, {})


def _written(context: Context, written: str) -> Next:
    lexicons = context.library.lexicons.values()
    ordered = sorted(lexicons, key=lambda each: each.language != context.language)
    asked = when.read(written, context.now, context.zone, ordered)
    if asked:
        return _meant(context, asked.at)
    # What may be about a client is not shown again.
    kept = "" if safety.client_data(written, ordered) else written[:LONGEST]
    return _form(context, kept, context.words("remind.no_time"))


def _meant(context: Context, at: datetime) -> Next:
    """Far away, it is asked back: "14:30" may have been meant for today, and be over."""
    if at - context.now <= when.NEAR:
        return _set(context, at)
    words = context.words
    card = Message(words("remind.sure", time=_told(context, at)), choices(words, "remind", *SURE))
    return Reply("sure", (Replace(card),), {"at": at.isoformat()})


SURE = ("yes", "other", "no")


def _set(context: Context, at: datetime) -> Next:
    words = context.words
    card = Message(
        words("remind.set", time=_told(context, at)),
        choices(words, "remind", "move", "back"),
        note=words("remind.one"),
    )
    return Reply("set", (Replace(card), Remind("after", "land", at)))


def _told(context: Context, at: datetime) -> str:
    local = at.astimezone(context.zone)
    return wanted.time_in_words(context.words, local, context.local_now)


def _form(context: Context, value: str, wrong: str) -> Next:
    words = context.words
    field = Field(
        "time", words("remind.time"), value=value, error=wrong, kind="text", longest=LONGEST
    )
    buttons = choices(words, "remind", "save", "no")
    form = Form(words("remind.title"), words("remind.about"), (field,), buttons)
    return Reply("form", (Replace(form),))


FLOW = Flow("remind", start, respond)
