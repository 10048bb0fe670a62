"""support: numbers to people who answer; also after crisis words. Nobody is told."""

from collections.abc import Mapping

from bot.core import contacts
from bot.core.card import choices, kept
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, Turn


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "step" is "crisis" when somebody wrote words that frighten: then only those who answer
    at any hour, or help at work, and nothing to report."""
    words, crisis = context.words, data.get("step") == "crisis"
    opening = words("support.crisis" if crisis else "support.opening")
    near = "" if crisis else contacts.safety(context)
    parts = (opening, contacts.numbers(context), near, words("support.not_on_call"))
    links = contacts.calls(context)
    if not crisis:
        links = (
            *links,
            *contacts.safety_call(context),
            *contacts.incident(context, "support.incident"),
        )
    buttons = choices(words, "support", "land", "done")
    card = Message("\n\n".join(filter(None, parts)), buttons, links=links)
    return Reply("show", (Replace(card),), kept(context))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Chose("land"):
            return Begin("land")
        case Chose("done"):
            return Reply("", (Replace(Message(context.words("support.closed"))),))
        case _:
            return start(context, {})


FLOW = Flow("support", start, respond)
