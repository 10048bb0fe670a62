"""air: a quiet timer of 10, 15 or 30 minutes with nothing booked."""

from collections.abc import Mapping

from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Pause, Replace
from bot.core.flow import Flow, Next, Reply
from bot.core.message import Choice, Message
from bot.core.turn import Chose, PauseOver, Turn

MINUTES = ("10", "15", "30")


def start(context: Context, data: Mapping[str, str]) -> Next:
    words = context.words
    labels = {n: words.count("card.minutes", int(n)) for n in MINUTES}
    lengths = tuple(
        Choice(n, label, spoken=words("air.spoken", length=label)) for n, label in labels.items()
    )
    buttons = (*lengths, *choices(words, "air", "no"))
    return Reply("choose", (Replace(Message(words("air.how_long"), buttons)),))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    words = context.words
    match turn:
        case Chose("10" | "15" | "30" as minutes):
            length = words.count("card.minutes", int(minutes))
            card = Message(words("air.begun", length=length), choices(words, "air", "enough"))
            return Reply("wait", (Replace(card), Pause(int(minutes) * 60)))
        case PauseOver():
            card = Message(words("air.over"), preview=words("card.preview"))
            return Reply("", (Replace(card),))
        case Chose("enough"):
            return Reply("", (Replace(Message(words("air.enough_said"))),))
        case Chose("no"):
            return Reply("", (Replace(Message(words("after.ready"))),))
        case _:
            return start(context, {})


FLOW = Flow("air", start, respond)
