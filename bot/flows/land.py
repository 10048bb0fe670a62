"""land: after something heavy. Calm first, a choice on every card, nothing is asked."""

from collections.abc import Mapping

from bot.core import offer
from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, Turn

KINDS = {"calm": ("breathing",), "feet": ("grounding",), "pause": ("pause",)}


def start(context: Context, data: Mapping[str, str]) -> Next:
    words = context.words
    buttons = choices(
        words, "land", "calm", "feet", "pause", "people", "peace", "support", quiet=("support",)
    )
    return Reply("choose", (Replace(Message(words("land.here"), buttons)),))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Chose("calm" | "feet" | "pause" as wish):
            slip = offer.short(context, KINDS[wish])[0]
            return Begin("guided", {"id": slip.id, "from": "land"})
        case Chose("people" | "support" as flow):
            return Begin(flow)
        case Chose("peace"):
            return Reply("", (Replace(Message(context.words("land.in_peace"))),))
        case _:
            return start(context, {})


FLOW = Flow("land", start, respond)
