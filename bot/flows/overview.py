"""overview: what Landa is, how it is set for this person, and what is left to do. A page that
stands: each of its buttons begins something, whenever it is pressed.
"""

from collections.abc import Iterator, Mapping

from bot.core import ready, zone
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.flow import Flow, Next, Reply
from bot.core.message import Choice, Message
from bot.core.turn import Turn

MAIN = {
    "land": "menu.land",
    "colour": "menu.colour",
    "home": "menu.home",
    "support": "menu.support",
    "threat": "menu.threat",
    "menu": "menu.help",
}
QUIET = {
    "settings": "menu.settings",
    "nudges": "menu.nudges",
    "trial": "overview.trial",
    "privacy": "menu.privacy",
}
"""The flow that a button begins -> its label."""


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "topic": "page" where it stands outside the chat, "setup" to see what there is to set
    up for the whole workplace.
    """
    return Reply("", (Replace(page(context, data.get("topic", ""))),))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    return start(context, {})


def page(context: Context, topic: str = "") -> Message:
    words = context.words
    parts = [words("overview.about"), _yours(context), *_left(context)]
    if context.admin or topic == "setup":
        parts.append(_setup(context))
    parts.append(words("overview.privacy"))
    return Message(
        "\n\n".join(parts),
        tuple(
            Choice(flow, words(key), quiet=flow in QUIET) for flow, key in (MAIN | QUIET).items()
        ),
        words("overview.title"),
        words("overview.where") if topic == "page" else "",
        standing=True,
    )


def _yours(context: Context) -> str:
    words = context.words
    return words(
        "overview.yours",
        language=context.lexicon.name,
        zone=zone.named(context.zone, words),
        motion=words(f"settings.{context.profile.motion}"),
    )


def _left(context: Context) -> Iterator[str]:
    """What is the person's own to look at in the beginning; nothing once all of it is done."""
    done = {"settings": bool(context.profile.language), "trial": bool(context.profile.trial)}
    if not all(done.values()):
        words = context.words
        told = (words(f"overview.{what}_{ready.HOW[is_done]}") for what, is_done in done.items())
        yield "\n".join((words("overview.first"), *told))


def _setup(context: Context) -> str:
    """For whoever sets Landa up. Nothing about those who use it, here or anywhere."""
    words = context.words
    told = (*ready.lines(context), words("overview.channel"), words("overview.nobody"))
    return "\n".join((words("overview.setup"), *told))


FLOW = Flow("overview", start, respond)
