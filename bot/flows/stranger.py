"""stranger: somebody whom Landa does not serve, such as a guest. Nothing about them is kept."""

from collections.abc import Mapping

from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Say
from bot.core.flow import Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Turn


def start(context: Context, data: Mapping[str, str]) -> Next:
    """With the lines that answer everybody: they may have written words that frighten."""
    lines = "\n".join(line.label for line in context.support)
    return Reply("", (Say(Message(f"{context.words('stranger.sorry')}\n\n{lines}")),))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    return start(context, {})


FLOW = Flow("stranger", start, respond)
