"""stopped: Landa says nothing by itself any more. What was wanted can be taken up again at once."""

from collections.abc import Mapping

from bot.core import wanted
from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import ClearNudges, Effect, Replace, SetNudges, Withdraw
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, Turn


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "from" is "nudge" when it is about nudges alone, and nothing else ends."""
    words, nudges = context.words, context.nudges
    text = words("stopped.silent" if data.get("from") == "nudge" else "stopped.all")
    alone: tuple[Effect, ...] = (ClearNudges(),)
    if data.get("from") != "nudge":
        alone = (*alone, Withdraw(everywhere=True))
    if nudges is None or not nudges.slots:
        return Reply("", (Replace(Message(text)), *alone))
    card = Message(text, choices(words, "stopped", "undo"))
    return Reply("undo", (Replace(card), *alone), {"nudges": wanted.to_text(nudges)})


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Chose("undo") if context.reachable:
            nudges = wanted.from_text(conversation.data["nudges"])
            return Begin("nudges", effects=(SetNudges(nudges),))
        case Chose("undo"):
            return Begin("nudges")
        case _:
            return Begin("menu")


FLOW = Flow("stopped", start, respond)
