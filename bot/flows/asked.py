"""asked: the private answer to who presses a question in the channel. It asks for no words, keeps
none, and tells nobody."""

from collections.abc import Mapping

from bot.core import asking
from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Pause, Replace
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, PauseOver, Turn

WAYS = ("two", "done")
QUIET_S = 120
"""Time to think, for who wants it."""


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "topic": "alone/" and what stands for the question, as in `asking.named`."""
    what, _, name = data.get("topic", "").partition("/")
    text = asking.text_of(context, asking.named(name), context.language)
    if what != "alone" or not text:
        return Begin("menu", {"step": "old"})
    return _shown(context, text)


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    text = conversation.data["text"]
    match turn:
        case Chose("two"):
            reply = Replace(_card(context, text, "asked.quiet"))
            return Reply("quiet", (reply, Pause(QUIET_S)), {"text": text})
        case PauseOver():
            reply = Replace(_card(context, text, "asked.over"))
            return Reply("over", (reply,), {"text": text})
        case Chose("done"):
            return Reply("", (Replace(Message(context.words("after.ready"))),))
        case _:
            return _shown(context, text)


def _shown(context: Context, text: str) -> Next:
    return Reply("alone", (Replace(_card(context, text, "asked.think")),), {"text": text})


def _card(context: Context, text: str, below: str) -> Message:
    words = context.words
    ways = choices(words, "asked", *WAYS)
    buttons = ways if below == "asked.think" else ways[1:]
    return Message(f"{text}\n\n{words(below)}", buttons, note=words("asked.kept_nowhere"))


FLOW = Flow("asked", start, respond)
