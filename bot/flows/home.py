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

MANY = 1000


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "step" is "end" when one of the slips has ended; "tried": ids not to draw again."""
    words = context.words
    if data.get("step") == "end":
        return Reply("", (Replace(Message(words("home.bye"))),))
    tried = data.get("tried", "")
    drawn = offer.of_kind(context, "home", tried)
    others = len(offer.of_kind(context, "home", count=MANY)) > len(drawn)
    ways = choices(words, "home", "show_others", "not_now")
    text = f"{words('home.two_minutes')}\n\n{listing(words, drawn)}"
    buttons = (*slips(drawn), *(ways if others else ways[1:]))
    seen = " ".join([tried, *(slip.id for slip in drawn)]).strip()
    return Reply("choose", (Replace(Message(text, buttons)),), {"tried": seen})


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Chose("show_others"):
            return start(context, conversation.data)
        case Chose("not_now"):
            return Reply("", (Replace(Message(context.words("practice.later"))),))
        case Chose(slip):
            return Begin("guided", {"id": slip, "from": "home"})
        case _:
            return start(context, {})


FLOW = Flow("home", start, respond)
