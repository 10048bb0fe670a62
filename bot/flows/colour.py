"""colour: green, blue, red or mixed, for oneself. The colour is answered and forgotten at once."""

from collections.abc import Mapping

from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Message
from bot.core.turn import Chose, Turn


def start(context: Context, data: Mapping[str, str]) -> Next:
    words = context.words
    buttons = choices(
        words,
        "colour",
        "green",
        "blue",
        "red",
        "mixed",
        "skip",
        quiet=("skip",),
        spoken=("green", "blue", "red"),
    )
    card = Message(words("colour.which"), buttons, note=words("colour.private"))
    return Reply("which", (Replace(card),))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    words = context.words
    match turn:
        case Chose("green" | "blue" | "red" | "mixed" as colour):
            text = f"{words(f'colour.is_{colour}')}\n\n{words('colour.needs')}"
            buttons = choices(words, "colour", "calmer", "slower", "people", "nothing")
            return Reply("needs", (Replace(Message(text, buttons)),))
        case Chose("calmer" | "slower" as wish):
            return Begin("practice", {"topic": wish})
        case Chose("people"):
            return Begin("people")
        case Chose("nothing" | "skip"):
            return Reply("", (Replace(Message(words("colour.fine"))),))
        case _:
            return start(context, {})


FLOW = Flow("colour", start, respond)
