"""before: ahead of a visit. Three slips, one of them an anchor; a colleague who knows where one is;
and a reminder for afterwards."""

from collections.abc import Mapping

from bot.core import offer
from bot.core.card import choices, kept, listing, slips
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.exercise import Exercise
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, Turn

ANCHOR = "anchor"
HOW_MANY, MANY = 3, 1000


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "step" is "end" when one of the slips has ended; "tried": ids not to draw again."""
    words, tried = context.words, data.get("tried", "")
    if data.get("step") == "end":
        ways = choices(words, "before", "tell_colleague", "remind_me", "done")
        return Reply("end", (Replace(Message(words("before.go"), ways)),), kept(context))
    drawn = _draw(context, tried)
    text = f"{words('before.choose')}\n\n{listing(words, drawn)}"
    ways = choices(words, "before", "show_others", "tell_colleague", "remind_me", "not_now")
    others = len(offer.of_kind(context, "before", count=MANY)) > len(drawn)
    buttons = (*slips(drawn), *(ways if others else ways[1:]))
    seen = " ".join([tried, *(slip.id for slip in drawn)]).strip()
    return Reply("choose", (Replace(Message(text, buttons)),), {**kept(context), "tried": seen})


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Chose("show_others"):
            return start(context, conversation.data)
        case Chose("tell_colleague"):
            return Begin("where")
        case Chose("remind_me"):
            return Begin("remind")
        case Chose("not_now"):
            return Reply("", (Replace(Message(context.words("practice.later"))),))
        case Chose("done"):
            return Reply("", (Replace(Message(context.words("after.ready"))),))
        case Chose(slip):
            return Begin("guided", {"id": slip, "from": "before"})
        case _:
            return start(context, {})


def _draw(context: Context, tried: str) -> list[Exercise]:
    """The anchor is always among the first three."""
    drawn = offer.of_kind(context, "before", tried, HOW_MANY)
    anchor = context.exercises.get(ANCHOR)
    if tried or anchor is None or anchor in drawn:
        return drawn
    return [*drawn[: HOW_MANY - 1], anchor]


FLOW = Flow("before", start, respond)
