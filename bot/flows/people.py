"""people: the way to somebody to talk to: a colleague, the boss, the lines that always answer."""

from collections.abc import Mapping

from bot.core.card import choices, kept
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, Turn
from bot.flows import support


def start(context: Context, data: Mapping[str, str]) -> Next:
    words = context.words
    text = "\n\n".join([words("people.near"), words("people.or_call"), support.numbers(context)])
    buttons = choices(words, "people", "colleague", "boss", "land", "done")
    card = Message(text, buttons, links=support.calls(context))
    return Reply("show", (Replace(card),), kept(context))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Chose("colleague"):
            return Begin("company")
        case Chose("boss"):
            return Begin("company", {"topic": "boss"})
        case Chose("land"):
            return Begin("land")
        case Chose("done"):
            return Reply("", (Replace(Message(context.words("after.ready"))),))
        case _:
            return start(context, {})


FLOW = Flow("people", start, respond)
