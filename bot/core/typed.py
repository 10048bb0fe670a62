"""What typed words lead to: a press on the card at hand, safety, or what they ask for."""

from bot.core import command, safety, when
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.flow import Begin, Next
from bot.core.lexicon import Lexicon, fold
from bot.core.turn import Chose, Said

NO = ("no", "not_now")
"""Choices that a typed no means; the second stands beside slips, none of which is called so."""


def heard(
    turn: Said, conversation: Conversation, context: Context
) -> tuple[Said | Chose, str, Next | None]:
    """A label that was typed is a press; anything else is words."""
    if choice := _as_label(turn.text, conversation, context):
        return Chose(choice, conversation.serial), context.language, None
    return turn, *wish(turn.text, context)


def wish(text: str, context: Context) -> tuple[str, Next]:
    """The language to answer typed words in, and where they lead."""
    if not text.strip():
        return context.language, Begin("land")
    known = context.library.lexicons.values()
    ordered = sorted(known, key=lambda each: each.language != context.language)
    match safety.alarm(text, ordered):
        case "crisis":
            language = context.profile.language or safety.crisis(text, ordered)
            return language, Begin("support", {"step": "crisis"})
        case "stop":
            return context.language, Begin("menu", {"step": "stop"})
        case "client":
            return context.language, Begin("menu", {"step": "client"})
        case None:
            return _wanted(text, ordered, context)


def _wanted(text: str, lexicons: list[Lexicon], context: Context) -> tuple[str, Next]:
    """What harmless words ask for, surely or as a guess."""
    if not fold(text):
        return context.language, Begin("land")
    if any(fold(text) in lexicon.thanks for lexicon in lexicons):
        return context.language, Begin("menu", {"step": "thanks"})
    asked_for = when.read(text, context.now, context.zone, lexicons)
    if asked_for and asked_for.wished:
        language = context.profile.language or asked_for.language
        return language, Begin("remind", {"at": asked_for.at.isoformat()})
    found = command.find(text, context.language, context.library.lexicons)
    if found is None:
        return context.language, Begin("menu", {"step": "nonsense"})
    if found.command is None or found.stop:
        return context.language, Begin("menu", {"step": "guess", "word": found.word, "to": "stop"})
    asked = found.command
    language = context.profile.language or asked.language
    start = {"topic": asked.topic} if asked.topic else {}
    if not found.sure:
        return language, Begin(asked.flow, {**start, "guess": found.word})
    return language, Begin(asked.flow, start)


def _as_label(text: str, conversation: Conversation, context: Context) -> str | None:
    """The choice whose label, or whose yes or no, was typed instead of pressed.

    What always wins goes before a label: "sluta" stops, whatever a button says.
    """
    typed, offered = fold(text), conversation.offered
    lexicons = context.library.lexicons.values()
    if not typed or not offered or safety.alarm(text, lexicons):
        return None
    for choice, label in offered.items():
        if fold(label) == typed:
            return choice
    if "yes" in offered and any(typed in lexicon.yes for lexicon in lexicons):
        return "yes"
    no = next((each for each in NO if each in offered), None)
    return no if any(typed in lexicon.no for lexicon in lexicons) else None
