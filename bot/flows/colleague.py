"""colleague: somebody says that their team may ask them for company; and that no more."""

from collections.abc import Mapping
from datetime import date, time

from bot.core import safety
from bot.core.card import choices
from bot.core.colleague import Colleague
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Effect, Replace, Volunteer, Withdraw
from bot.core.flow import Flow, Next, Reply
from bot.core.form import again, clock, day
from bot.core.message import Card, Field, FieldKind, Form, Message
from bot.core.turn import Chose, Submitted, Turn

LONGEST_NAME = 24
"""A button is no longer."""
USUAL = (time(8), time(17))
FIELDS: Mapping[str, FieldKind] = {
    "name": "text",
    "first": "time",
    "last": "time",
    "until": "date",
}
Values = Mapping[str, str]


def start(context: Context, data: Mapping[str, str]) -> Next:
    words, mine = context.words, _mine(context)
    if not context.here:
        return _end(context, "where")
    if not context.reachable:
        return _end(context, "alone")
    if mine is None:
        buttons = choices(words, "colleague", "yes", "no")
        return _show(context, Message(words("colleague.about"), buttons, words("colleague.title")))
    buttons = choices(words, "colleague", "change", "leave", "done", quiet=("leave", "done"))
    return _show(context, Message(_told(context, mine), buttons, words("colleague.title")))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    mine = _mine(context)
    match turn:
        case Chose("yes" | "change") if context.here and context.reachable:
            return _form(context, _answers(context, mine))
        case Submitted("save", values) if context.here and context.reachable:
            return _kept(context, values)
        case Chose("leave"):
            return _end(context, "left", Withdraw(everywhere=False))
        case Chose("no" | "keep" | "done"):
            return _end(context, "as_it_is")
        case _:
            return start(context, {})


def _mine(context: Context) -> Colleague | None:
    return next((each for each in context.colleagues if each.id == context.me), None)


def _told(context: Context, mine: Colleague) -> str:
    words = context.words
    first, last = f"{mine.first:%H:%M}", f"{mine.last:%H:%M}"
    told = words("colleague.you_can", name=mine.name, first=first, last=last)
    if mine.paused_until and mine.paused_until > context.local_now.date():
        told = f"{told} {words('colleague.paused', day=mine.paused_until.isoformat())}"
    return f"{told}\n\n{words('colleague.who_sees')}"


def _answers(context: Context, mine: Colleague | None) -> Values:
    if mine is None:
        return {
            "name": context.called[:LONGEST_NAME],
            "first": f"{USUAL[0]:%H:%M}",
            "last": f"{USUAL[1]:%H:%M}",
            "until": "",
        }
    return {
        "name": mine.name,
        "first": f"{mine.first:%H:%M}",
        "last": f"{mine.last:%H:%M}",
        "until": mine.paused_until.isoformat() if mine.paused_until else "",
    }


def _faults(context: Context, values: Values) -> Mapping[str, str]:
    """Field -> the key of what is wrong with it."""
    name, until = _name(values), values.get("until", "")
    first, last = clock(values.get("first", "")), clock(values.get("last", ""))
    wrong: dict[str, str] = {}
    if not name or safety.client_data(name, context.library.lexicons.values()):
        wrong["name"] = "colleague.no_name"
    if first is None:
        wrong["first"] = "colleague.no_time"
    if last is None:
        wrong["last"] = "colleague.no_time"
    elif first is not None and first >= last:
        wrong["last"] = "colleague.too_early"
    if until and day(until) is None:
        wrong["until"] = "colleague.no_day"
    return wrong


def _name(values: Values) -> str:
    return " ".join(values.get("name", "").replace("*", " ").split())[:LONGEST_NAME].strip()


def _kept(context: Context, values: Values) -> Next:
    wrong = _faults(context, values)
    first, last = clock(values.get("first", "")), clock(values.get("last", ""))
    if wrong or first is None or last is None:
        return _form(context, values, wrong)
    until = _still(context, day(values.get("until", "")))
    zone = context.zone.key
    mine = Colleague(context.me, _name(values), context.language, zone, first, last, until)
    return _end(context, "kept", Volunteer(mine))


def _still(context: Context, until: date | None) -> date | None:
    """A day that is over pauses nothing."""
    return until if until and until > context.local_now.date() else None


def _form(context: Context, values: Values, wrong: Mapping[str, str] | None = None) -> Next:
    words, faults = context.words, wrong or {}
    label = {id: words(f"colleague.{id}") for id in FIELDS}
    error = {id: words(faults[id]) if id in faults else "" for id in FIELDS}
    value = {id: again(values.get(id, "")) for id in FIELDS}
    value["name"] = "" if "name" in faults else _name(values)
    hint = words("colleague.hint")
    fields = tuple(
        Field(
            id,
            label[id],
            value=value[id],
            error=error[id],
            kind=kind,
            optional=id == "until",
            longest=LONGEST_NAME,
            hint=hint if id == "name" else "",
        )
        for id, kind in FIELDS.items()
    )
    buttons = choices(words, "colleague", "save", "keep")
    return _show(context, Form(words("colleague.title"), words("colleague.when"), fields, buttons))


def _show(context: Context, card: Card) -> Next:
    return Reply("show", (Replace(card),), {"here": context.here})


def _end(context: Context, key: str, *more: Effect) -> Next:
    return Reply("", (Replace(Message(context.words(f"colleague.{key}"))), *more))


FLOW = Flow("colleague", start, respond, careful=True)
