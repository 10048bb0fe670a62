"""people: the way to somebody to talk to: a colleague, the boss, those of the workplace, and the
lines that always answer."""

from collections.abc import Mapping

from bot.core import contacts
from bot.core.card import choices, kept, less
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, Turn

WAYS = ("colleague", "boss", "health", "lines", "land", "done")
"""In this order: whoever is nearest comes first."""


def start(context: Context, data: Mapping[str, str]) -> Next:
    words = context.words
    hidden = () if contacts.health(context) else ("health",)
    buttons = less(choices(words, "people", *WAYS, quiet=("land", "done")), *hidden)
    return Reply("show", (Replace(Message(words("people.near"), buttons)),), kept(context))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Chose("colleague"):
            return Begin("company")
        case Chose("boss"):
            return Begin("company", {"topic": "boss"})
        case Chose("health") if contacts.health(context):
            return _health(context)
        case Chose("lines"):
            return Begin("support")
        case Chose("land"):
            return Begin("land")
        case Chose("done"):
            return Reply("", (Replace(Message(context.words("after.ready"))),))
        case _:
            return start(context, {})


def _health(context: Context) -> Next:
    """The health service, and whoever else is there for those who work here."""
    words = context.words
    told = "\n".join(filter(None, (contacts.health(context), contacts.safety(context))))
    text = "\n\n".join((words("people.at_work"), told, words("people.unseen")))
    links = (*contacts.health_call(context), *contacts.safety_call(context))
    buttons = choices(words, "people", "lines", "land", "done", quiet=("land", "done"))
    return Reply("health", (Replace(Message(text, buttons, links=links)),), kept(context))


FLOW = Flow("people", start, respond)
