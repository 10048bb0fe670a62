"""after: when a slip has ended. What is needed now: more, air, somebody, or nothing. After one that
was only thought about, less is asked.
"""

from collections.abc import Mapping

from bot.core import offer
from bot.core.card import choices, less, listing, slips
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.exercise import LIGHT, Exercise
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, Turn


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "from" and "tried" of the slip that ended."""
    words = context.words
    if data.get("from") == "home":
        return Begin("home", {"step": "end"})
    if data.get("from") == "before":
        return Begin("before", {"step": "end"})
    slip, known = _ended(context, data), _last(data) in context.mine.saved
    hidden = ("save",) if known or not slip else ()
    if slip and slip.kind in LIGHT:
        buttons = choices(words, "after", "another", "save", "done", quiet=("done",))
        card = Message(words("after.light"), less(buttons, *hidden))
        return Reply("light", (Replace(card),), data)
    buttons = choices(words, "after", "more", "air", "people", "save", "done", quiet=("save",))
    return Reply("need", (Replace(Message(words("after.need"), less(buttons, *hidden))),), data)


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    data = conversation.data
    tried = data.get("tried", "")
    match turn:
        case Chose("more"):
            return _longer(context, data)
        case Chose("another") if slip := _ended(context, data):
            return Begin("practice", {"topic": slip.kind, "tried": tried})
        case Chose("save"):
            return Begin("mine", {"step": "save", "id": _last(data)})
        case Chose("air" | "people" as flow):
            return Begin(flow)
        case Chose("done"):
            return Reply("", (Replace(Message(context.words("after.ready"))),))
        case Chose("short"):
            kinds = ("breathing", "grounding", "body", "pause", "kindness")
            slip = offer.short(context, kinds, tried)[0]
            return Begin("guided", {"id": slip.id, "from": data.get("from", ""), "tried": tried})
        case Chose(slip):
            return Begin("guided", {"id": slip, "from": data.get("from", ""), "tried": tried})
        case _:
            return start(context, data)


def _last(data: Mapping[str, str]) -> str:
    """The id of the slip that ended."""
    return data.get("tried", "").rpartition(" ")[2]


def _ended(context: Context, data: Mapping[str, str]) -> Exercise | None:
    return context.exercises.get(_last(data))


def _longer(context: Context, data: Mapping[str, str]) -> Next:
    """The second offer: something longer, or one more short one."""
    words = context.words
    longer = offer.longer(context, data.get("tried", ""))
    text = f"{words('after.longer')}\n\n{listing(words, longer)}"
    buttons = (*slips(longer), *choices(words, "after", "short", "done"))
    return Reply("longer", (Replace(Message(text, buttons)),), data)


FLOW = Flow("after", start, respond)
