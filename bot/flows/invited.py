"""invited: somebody was asked for company, and answers. Who asked is told, and nobody else."""

from collections.abc import Mapping

from bot.core.card import choices
from bot.core.colleague import Invitation
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Effect, Replace, Tell, Withdraw
from bot.core.flow import Flow, Next, Reply
from bot.core.message import Choice, Message
from bot.core.turn import Turn

SAID = {"come": "said_come", "soon": "said_soon", "cannot": "said_cannot"}


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "topic": "come", "soon", "cannot" or "never", pressed on the invitation."""
    answer, asked = data.get("topic", "").partition(".")[0], context.invitation
    known = asked is not None and asked.part == "asked" and not asked.answered
    match answer:
        case "never":
            told = (_told(context, asked, "cannot"),) if asked and known else ()
            return _end(context, "left", *told, Withdraw(everywhere=True))
        case "come" | "soon" | "cannot" if asked and known:
            return _end(context, SAID[answer], _told(context, asked, answer))
        case _:
            return _end(context, "over")


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    return _end(context, "over")


def _told(context: Context, asked: Invitation, answer: str) -> Tell:
    words = context.library.words.get(asked.language, context.words)
    over = answer != "cannot"
    ways = () if over else choices(words, "company", "next", "no", quiet=("no",))
    card = Message(
        words(f"company.{answer}", name=asked.asked),
        tuple(Choice(f"company/{way.id}.{asked.id}", way.label, way.quiet) for way in ways),
        preview=words("card.preview"),
        standing=not over,
    )
    return Tell(card, over)


def _end(context: Context, key: str, *more: Effect) -> Next:
    return Reply("", (Replace(Message(context.words(f"invited.{key}"))), *more))


FLOW = Flow("invited", start, respond)
