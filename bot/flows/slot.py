"""slot: one more time at which somebody wants to hear from Landa, or one less."""

from collections.abc import Mapping
from dataclasses import replace

from bot.core import wanted
from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace, SetNudges
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.form import again, clock
from bot.core.message import Choice, Field, Form, Message, Option
from bot.core.nudge import Nudges, Slot
from bot.core.turn import Chose, Submitted, Turn

USUAL = {"kind": "pause", "at": "10:00", "days": "1 2 3 4 5"}
MANY_IDS = 100


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "step" is "remove" to choose one that goes."""
    if not context.reachable:
        return Begin("nudges")
    if data.get("step") == "remove":
        return _which(context)
    return _form(context, USUAL, {})


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Submitted("save", values):
            return _added(context, values)
        case Chose(id) if conversation.step == "remove" and id != "leave":
            return _removed(context, id)
        case Chose("leave"):
            return _left(context)
        case _:
            return start(context, {"step": conversation.step})


def _added(context: Context, values: Mapping[str, str]) -> Next:
    nudges = context.nudges or Nudges(context.zone.key)
    wrong = _wrong(context, nudges, values)
    at = clock(values.get("at", ""))
    if wrong or at is None:
        return _form(context, values, wrong)
    days = frozenset(map(int, values["days"].split()))
    slot = Slot(_new_id(nudges), values["kind"], at, days)
    slots = sorted((*nudges.slots, slot), key=lambda each: each.at)
    return Begin("nudges", effects=(SetNudges(replace(nudges, slots=tuple(slots))),))


def _new_id(nudges: Nudges) -> str:
    """One that no other has, nor had today: what has spoken does not speak again."""
    taken = {slot.id for slot in nudges.slots} | set(nudges.spoken)
    return next(id for n in range(1, MANY_IDS) if (id := f"s{n}") not in taken)


def _wrong(context: Context, nudges: Nudges, values: Mapping[str, str]) -> dict[str, str]:
    """Field -> what is wrong with it."""
    words, wrong = context.words, dict[str, str]()
    kind, at = values.get("kind"), clock(values.get("at", ""))
    if kind not in wanted.kinds(context):
        wrong["kind"] = words("settings.choose_one")
    if at is None:
        wrong["at"] = words("slot.no_time")
    elif nudges.hours and not nudges.hours.hold(at):
        hours = wanted.hours_in_words(nudges.hours)
        wrong["at"] = words("slot.outside", hours=hours)
    elif any(slot.kind == kind and slot.at == at for slot in nudges.slots):
        wrong["at"] = words("slot.twice")
    days = values.get("days", "").split()
    if not days or not {str(day) for day in wanted.WEEK}.issuperset(days):
        wrong["days"] = words("slot.no_days")
    return wrong


def _form(context: Context, values: Mapping[str, str], wrong: Mapping[str, str]) -> Next:
    words = context.words
    offered = {
        "kind": tuple(Option(kind, words(f"wanted.{kind}")) for kind in wanted.kinds(context)),
        "days": tuple(
            Option(str(day), words(f"date.{wanted.DAYS[day - 1]}_full")) for day in wanted.WEEK
        ),
    }
    kind, at, days = (
        Field(id, words(f"slot.{id}"), offered.get(id, ()), values.get(id, ""), wrong.get(id, ""))
        for id in ("kind", "at", "days")
    )
    fields = (kind, replace(at, kind="time", value=again(at.value)), replace(days, kind="many"))
    buttons = choices(words, "slot", "save", "leave")
    form = Form(words("slot.title"), words("slot.about"), fields, buttons)
    return Reply("form", (Replace(form),))


def _which(context: Context) -> Next:
    words, slots = context.words, context.nudges.slots if context.nudges else ()
    if not slots:
        return Begin("nudges")
    buttons = tuple(Choice(slot.id, wanted.label(words, slot)) for slot in slots)
    card = Message(words("slot.which"), (*buttons, *choices(words, "slot", "leave")))
    return Reply("remove", (Replace(card),))


def _removed(context: Context, id: str) -> Next:
    nudges = context.nudges
    if nudges is None or not nudges.slot(id):
        return Begin("nudges")
    slots = tuple(slot for slot in nudges.slots if slot.id != id)
    if not slots:
        return Begin("stopped", {"from": "nudge"})
    return Begin("nudges", effects=(SetNudges(replace(nudges, slots=slots)),))


def _left(context: Context) -> Next:
    if context.nudges and context.nudges.slots:
        return Begin("nudges")
    return Reply("", (Replace(Message(context.words("practice.later"))),))


FLOW = Flow("slot", start, respond)
