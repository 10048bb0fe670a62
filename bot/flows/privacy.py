"""privacy: who sees what, said as it is."""

from collections.abc import Mapping

from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, Turn

PARTS = ("boss", "kept", "box", "team", "company", "runs", "platform", "yours", "not_on_call")


def start(context: Context, data: Mapping[str, str]) -> Next:
    words = context.words
    text = "\n\n".join(words(f"privacy.{part}") for part in PARTS)
    buttons = choices(
        words, "privacy", "land", "mydata", "erase", "done", quiet=("mydata", "erase")
    )
    card = Message(text, buttons, words("privacy.title"))
    return Reply("show", (Replace(card),))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Chose("land"):
            return Begin("land")
        case Chose("mydata" | "erase" as flow):
            return Begin(flow)
        case Chose("done"):
            return Reply("", (Replace(Message(context.words("after.ready"))),))
        case _:
            return start(context, {})


FLOW = Flow("privacy", start, respond)
