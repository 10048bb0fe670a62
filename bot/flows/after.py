"""after: when a slip has ended. What is needed now: more, air, somebody, or nothing."""

from collections.abc import Mapping

from bot.core import offer
from bot.core.card import choices, listing, slips
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
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
    buttons = choices(words, "after", "more", "air", "people", "done")
    return Reply("need", (Replace(Message(words("after.need"), buttons)),), data)


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    data = conversation.data
    tried = data.get("tried", "")
    match turn:
        case Chose("more"):
            return _longer(context, data)
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


def _longer(context: Context, data: Mapping[str, str]) -> Next:
    """The second offer: something longer, or one more short one."""
    words = context.words
    longer = offer.longer(context, data.get("tried", ""))
    text = f"{words('after.longer')}\n\n{listing(words, longer)}"
    buttons = (*slips(longer), *choices(words, "after", "short", "done"))
    return Reply("longer", (Replace(Message(text, buttons)),), data)


FLOW = Flow("after", start, respond)
