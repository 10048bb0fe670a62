"""practice: three slips of one kind, or for one wish, to choose from."""

from collections.abc import Mapping

from bot.core import offer
from bot.core.card import choices, listing, slips
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.exercise import Exercise
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, Turn

WISHES = {"calmer": offer.CALM, "slower": offer.SLOWER}
HOW_MANY = 3


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "topic": a kind of slip, or one of WISHES; "tried": ids not to draw again."""
    topic, tried = data.get("topic", "pause"), data.get("tried", "")
    drawn = _draw(context, topic, tried)
    words = context.words
    text = f"{words('practice.choose')}\n\n{listing(words, drawn)}"
    buttons = (*slips(drawn), *choices(words, "practice", "show_others", "not_now"))
    seen = " ".join([tried, *(slip.id for slip in drawn)]).strip()
    return Reply("choose", (Replace(Message(text, buttons)),), {"topic": topic, "tried": seen})


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Chose("show_others"):
            return start(context, conversation.data)
        case Chose("not_now"):
            return Reply("", (Replace(Message(context.words("practice.later"))),))
        case Chose(slip):
            return Begin("guided", {"id": slip, "tried": conversation.data["tried"]})
        case _:
            return start(context, conversation.data)


def _draw(context: Context, topic: str, tried: str) -> list[Exercise]:
    if wish := WISHES.get(topic):
        return offer.short(context, wish, tried, HOW_MANY, "green")
    return offer.of_kind(context, topic, tried, HOW_MANY)


FLOW = Flow("practice", start, respond)
