"""land: after something heavy. Calm first, a choice on every card, nothing is asked."""

from collections.abc import Mapping

from bot.core import offer
from bot.core.card import choices, kept, standing
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace, Say
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, Turn
from bot.core.words import Words
from bot.flows.quiet import silent

KINDS = {"calm": ("breathing",), "feet": ("grounding",), "pause": ("pause",)}


WAYS = ("calm", "feet", "pause", "people", "peace", "support")


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "step" is "reminded" when it was asked for; "topic": one of WAYS, already chosen."""
    words = context.words
    if data.get("step") == "reminded":
        return _reminded(words)
    if data.get("topic") in WAYS:
        return _chosen(data["topic"], context)
    buttons = choices(words, "land", *WAYS, quiet=("support",))
    return Reply("choose", (Replace(Message(words("land.here"), buttons)),), kept(context))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Chose(way):
            return _chosen(way, context)
        case _:
            return start(context, {})


def _chosen(way: str, context: Context) -> Next:
    match way:
        case "calm" | "feet" | "pause":
            slip = offer.short(context, KINDS[way])[0]
            return Begin("guided", {"id": slip.id, "from": "land"})
        case "people" | "support":
            return Begin(way)
        case _ if context.nudges and context.reachable:
            return Begin("quiet")
        case _:
            card = Message(context.words("land.in_peace"))
            return Reply("", (Replace(card), *silent(context)))


def _reminded(words: Words) -> Next:
    """Comes by itself, when somebody has asked for it. What it begins, it begins at any time."""
    card = Message(
        words("land.here"),
        standing("land", choices(words, "land", *WAYS, quiet=("support",))),
        note=words("land.reminded"),
        preview=words("card.preview"),
        standing=True,
    )
    return Reply("", (Say(card),))


FLOW = Flow("land", start, respond)
