"""threat: after threats or violence. Safety first, then a person, then the report."""

from collections.abc import Mapping

from bot.core import contacts
from bot.core.card import choices, kept
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Link, Message
from bot.core.turn import Chose, Turn


def start(context: Context, data: Mapping[str, str]) -> Next:
    words = context.words
    card = Message(
        words("threat.safe_now"),
        choices(words, "threat", "safe", "unsafe"),
        links=_emergency(context),
    )
    return Reply("safe", (Replace(card),), kept(context))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    words = context.words
    match turn:
        case Chose("unsafe"):
            card = Message(
                words("threat.get_safe", phone=_emergency_phone(context)),
                choices(words, "threat", "safe"),
                links=_emergency(context),
            )
            return Reply("unsafe", (Replace(card),), kept(context))
        case Chose("safe"):
            return _next_steps(context)
        case Chose("report"):
            card = Message(
                words("threat.how_to_report"),
                choices(words, "threat", "calm", "done"),
                links=contacts.incident(context, "threat.incident"),
            )
            return Reply("steps", (Replace(card),), kept(context))
        case Chose("calm"):
            return Begin("land")
        case Chose("people"):
            return Begin("people")
        case Chose("done"):
            return Reply("", (Replace(Message(words("threat.closed"))),))
        case _:
            return start(context, {})


def _next_steps(context: Context) -> Next:
    """One thing at a time: tell somebody, report, know who stands beside you."""
    words = context.words
    parts = [words("threat.tell_somebody")]
    if told := contacts.safety(context):
        parts.append(told)
    parts.append(words("threat.not_your_fault"))
    buttons = choices(words, "threat", "report", "people", "calm", "done")
    links = (*contacts.safety_call(context), *contacts.incident(context, "threat.incident"))
    card = Message("\n\n".join(parts), buttons, links=links)
    return Reply("steps", (Replace(card),), kept(context))


def _emergency(context: Context) -> tuple[Link, ...]:
    dialled = f"tel:{_emergency_phone(context)}"
    return tuple(link for link in contacts.calls(context) if link.url == dialled)[:1]


def _emergency_phone(context: Context) -> str:
    return next((line.phone for line in context.support if line.id == "emergency"), "")


FLOW = Flow("threat", start, respond)
