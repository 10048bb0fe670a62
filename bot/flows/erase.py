"""erase: everything that Landa keeps about the person goes, at once, once they have said so."""

from collections.abc import Mapping

from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Forget, Replace
from bot.core.flow import Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, Turn


def start(context: Context, data: Mapping[str, str]) -> Next:
    words = context.words
    text = "\n\n".join(words(f"erase.{part}") for part in ("goes", "stays"))
    card = Message(text, choices(words, "erase", "all", "leave"), words("erase.title"))
    return Reply("sure", (Replace(card),))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    words = context.words
    match turn:
        case Chose("all"):
            return Reply("", (Forget(), Replace(Message(words("erase.done")))))
        case Chose("leave"):
            return Reply("", (Replace(Message(words("erase.unchanged"))),))
        case _:
            return start(context, {})


FLOW = Flow("erase", start, respond, careful=True)
