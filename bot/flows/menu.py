"""menu: what Landa can do, and a gentle answer to whatever else came in."""

from collections.abc import Mapping

from bot.core.card import choices
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Choice, Message
from bot.core.turn import Chose, Turn

ENTRIES = {
    "land": "land",
    "colour": "colour",
    "home": "home",
    "support": "support",
    "threat": "threat",
    "nudges": "nudges",
    "privacy": "privacy",
    "settings": "settings",
    "overview": "overview",
}
TEXTS = {"old": "menu.old", "nonsense": "menu.nonsense", "client": "menu.client"}


def start(context: Context, data: Mapping[str, str]) -> Next:
    """data: "step": "" for help, a key of TEXTS, "stop", "thanks", "guess" with "word" and "to"."""
    words = context.words
    match data.get("step", ""):
        case "thanks":
            return Reply("", (Replace(Message(words("menu.thanks"))),))
        case "stop":
            return Begin("stopped")
        case "guess":
            asks_stop = data["to"] == "stop"
            text = words("menu.guess_stop") if asks_stop else words("menu.guess", word=data["word"])
            buttons = (
                Choice(
                    "yes", words("menu.yes"), spoken=words("menu.yes_spoken", word=data["word"])
                ),
                Choice("no", words("menu.no"), spoken=words("menu.no_spoken", word=data["word"])),
            )
            return Reply("guess", (Replace(Message(text, buttons)),), {"to": data["to"]})
        case "":
            return _help(context)
        case step:
            buttons = choices(words, "menu", "land", "help", "support", quiet=("support",))
            return Reply("short", (Replace(Message(words(TEXTS[step]), buttons)),))


def _help(context: Context) -> Next:
    words = context.words
    buttons = choices(words, "menu", *ENTRIES, quiet=("privacy", "settings", "overview"))
    return Reply("help", (Replace(Message(words("menu.can"), buttons, note=words("menu.words"))),))


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Chose("yes") if conversation.data["to"] == "stop":
            return start(context, {"step": "stop"})
        case Chose("yes"):
            return Begin(conversation.data["to"])
        case Chose("no" | "help"):
            return _help(context)
        case Chose(entry) if entry in ENTRIES:
            return Begin(ENTRIES[entry])
        case _:
            return _help(context)


FLOW = Flow("menu", start, respond)
