"""mydata: all that is held about the person, on a page of their own or card by card."""

from collections.abc import Mapping

from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Admit, Replace
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Link, Message
from bot.core.turn import Chose, Turn

WAYS = ("privacy", "erase", "done")


def start(context: Context, data: Mapping[str, str]) -> Next:
    words = context.words
    if not context.door:
        buttons = choices(words, "mydata", "show", *WAYS, quiet=("privacy", "erase"))
        return Reply("here", (Replace(Message(words("mydata.here"), buttons, _title(context))),))
    card = Message(
        words("mydata.page"),
        choices(words, "mydata", *WAYS, quiet=("privacy", "erase")),
        _title(context),
        links=(Link(words("mydata.open"), context.door),),
    )
    return Reply("page", (Admit(), Replace(card)))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Chose("privacy" | "erase" as flow):
            return Begin(flow)
        case Chose("done"):
            return Reply("", (Replace(Message(context.words("after.ready"))),))
        case Chose("show"):
            return _shown(context, 0)
        case Chose("next"):
            return _shown(context, int(conversation.data["shown"]) + 1)
        case _:
            return start(context, {})


def _shown(context: Context, number: int) -> Next:
    """It may have become less since the card before."""
    words, held = context.words, context.held
    if not held:
        return start(context, {})
    number = min(number, len(held) - 1)
    last = choices(words, "mydata", *WAYS, quiet=("privacy", "erase"))
    more = choices(words, "mydata", "next", "done")
    card = Message(
        held[number],
        more if number + 1 < len(held) else last,
        _title(context),
        words("mydata.part", n=str(number + 1), of=str(len(held))),
    )
    return Reply("here", (Replace(card),), {"shown": str(number)})


def _title(context: Context) -> str:
    return context.words("mydata.title")


FLOW = Flow("mydata", start, respond, holds=True)
