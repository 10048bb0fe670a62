"""home: two minutes at the end of the day."""

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
    """data: "step" is "end" when one of the slips has ended."""
    words = context.words
    if data.get("step") == "end":
        return Reply("", (Replace(Message(words("home.bye"))),))
    drawn = offer.of_kind(context, "home")
    text = f"{words('home.two_minutes')}\n\n{listing(words, drawn)}"
    buttons = (*slips(drawn), *choices(words, "home", "no"))
    return Reply("choose", (Replace(Message(text, buttons)),))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Chose("no"):
            return Reply("", (Replace(Message(context.words("practice.later"))),))
        case Chose(slip):
            return Begin("guided", {"id": slip, "from": "home"})
        case _:
            return start(context, {})


FLOW = Flow("home", start, respond)
