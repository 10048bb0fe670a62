"""welcome: somebody has taken Landa in. Said once, and then Landa waits."""

from collections.abc import Mapping

from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Say, Settle
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, Turn


def start(context: Context, data: Mapping[str, str]) -> Next:
    words = context.words
    text = "\n\n".join((words("welcome.here"), words("welcome.quiet")))
    ways = choices(words, "menu", "land", "explore", "help", "privacy")
    card = Message(text, ways, words("welcome.title"))
    return Reply("greeted", (Say(card), Settle()))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Chose("land" | "explore" | "privacy" as flow):
            return Begin(flow)
        case _:
            return Begin("menu")


FLOW = Flow("welcome", start, respond)
