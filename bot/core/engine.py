"""One turn: what came in, and what should happen. Safety first, then global words, then the flow.

Pure: the same conversation, turn and context always give the same outcome.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from bot.core import command, safety
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Effect, Keep, Replace, Say
from bot.core.errors import StateError
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.lexicon import Lexicon, fold
from bot.core.turn import Chose, Commanded, PauseOver, Said, Submitted, Turn

Flows = Mapping[str, Flow]

STALE = timedelta(hours=8)
"""A conversation left longer than a working day is over: its card gets a fresh one."""
DOUBLE_PRESS = timedelta(seconds=5)
"""A second press on a card that was just answered is the same finger."""
LONGEST_CHAIN = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """conversation: as it is after the turn. effects: in order; empty when nothing is to happen.

    language  the effects' cards are written in it.
    """

    conversation: Conversation
    effects: tuple[Effect, ...] = ()
    language: str = ""


def respond(conversation: Conversation, turn: Turn, context: Context, flows: Flows) -> Outcome:
    """What *turn* leads to. An outcome with the same serial changes nothing and is not stored.

    raises  StateError when the conversation is in a flow that is not in *flows*.
    """
    if conversation.at is not None and context.now - conversation.at > STALE:
        conversation = Conversation(serial=conversation.serial)
    pressed = isinstance(turn, Chose | Submitted)
    match turn:
        case Commanded(words):
            language, move = _typed(words, context)
        case Said():
            turn, language, move = _heard(turn, conversation, context)
        case Chose() | Submitted():
            if _same_finger(turn.serial, conversation, context):
                return Outcome(conversation)
            language = context.language
            turn, move = _offered(turn, conversation)
        case PauseOver(serial):
            if serial != conversation.serial or not conversation.flow:
                return Outcome(conversation)
            language, move = context.language, None
        case _:
            assert_never(turn)
    if language != context.language:
        context = replace(context, language=language)
    if conversation.pressed != pressed:
        conversation = replace(conversation, pressed=pressed)
    return _play(conversation, turn, context, flows, move)


def _offered(
    turn: Chose | Submitted, conversation: Conversation
) -> tuple[Chose | Submitted, Next | None]:
    """A press on the newest card goes to its flow; one on an older card gets a gentle new one.

    Only a form's first choice sends it, though a platform may deliver the fields with any.
    """
    if turn.serial != conversation.serial or turn.choice not in conversation.offered:
        return turn, Begin("menu", {"step": "old"})
    if isinstance(turn, Submitted) and turn.choice != next(iter(conversation.offered)):
        return Chose(turn.choice, turn.serial), None
    return turn, None


def _heard(
    turn: Said, conversation: Conversation, context: Context
) -> tuple[Said | Chose, str, Next | None]:
    """A label that was typed is a press; anything else is words."""
    if choice := _as_label(turn.text, conversation, context):
        return Chose(choice, conversation.serial), context.language, None
    return turn, *_typed(turn.text, context)


def _typed(text: str, context: Context) -> tuple[str, Next]:
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
    if "no" in offered and any(typed in lexicon.no for lexicon in lexicons):
        return "no"
    return None


def _same_finger(serial: int, conversation: Conversation, context: Context) -> bool:
    """A second press on the card whose press was the newest turn, at once."""
    return (
        serial == conversation.serial - 1
        and conversation.pressed
        and conversation.at is not None
        and context.now - conversation.at < DOUBLE_PRESS
    )


def _play(
    conversation: Conversation, turn: Turn, context: Context, flows: Flows, move: Next | None
) -> Outcome:
    """Let the flow answer, and go on in other flows until one of them has replied."""
    name = conversation.flow
    for _ in range(LONGEST_CHAIN):
        if move is None:
            move = _flow(name, flows).respond(conversation, turn, context)
        if isinstance(move, Reply):
            after = _after(conversation, name, move, context)
            return Outcome(after, move.effects, _spoken(move, context))
        name = move.flow
        guess = move.data.get("guess")
        if guess and _flow(name, flows).careful:
            move, name = Begin("menu", {"step": "guess", "word": guess, "to": name}), "menu"
        move = _flow(name, flows).start(context, move.data)
    raise StateError(f"flows begin each other without end, last {name!r}")


def _spoken(reply: Reply, context: Context) -> str:
    """The language of the reply: the one that is chosen with it, if one is."""
    wishes = [effect.profile for effect in reply.effects if isinstance(effect, Keep)]
    return wishes[-1]["language"] if wishes else context.language


def _flow(name: str, flows: Flows) -> Flow:
    try:
        return flows[name]
    except KeyError:
        raise StateError(f"no flow is called {name!r}") from None


def _after(conversation: Conversation, name: str, reply: Reply, context: Context) -> Conversation:
    """The conversation after *reply*; at rest, only its serial is left."""
    serial = conversation.serial + 1
    cards = [effect.card for effect in reply.effects if isinstance(effect, Say | Replace)]
    offered = {choice.id: choice.label for card in cards[-1:] for choice in card.choices}
    if not reply.step:
        return Conversation(serial=serial, at=context.now, pressed=conversation.pressed)
    return Conversation(
        name,
        reply.step,
        serial,
        offered,
        dict(reply.data),
        context.now,
        context.language,
        conversation.pressed,
    )
