"""One turn: what came in, and what should happen. Safety first, then global words, then the flow.

Pure: the same conversation, turn and context always give the same outcome.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from bot.core import safety, typed
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Effect, Forget, Keep, Replace, Say
from bot.core.errors import StateError
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Form
from bot.core.turn import (
    Chose,
    Commanded,
    Joined,
    Left,
    PauseOver,
    Picked,
    Said,
    Submitted,
    Turn,
)

Flows = Mapping[str, Flow]

STALE = timedelta(hours=8)
"""A conversation left longer than a working day is over: its card gets a fresh one."""
DOUBLE_PRESS = timedelta(seconds=5)
"""A second press on a card that was just answered is the same finger."""
LONGEST_CHAIN = 5
PRESSES = (Chose, Submitted, Picked)


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
    wanted = _wanted(turn, conversation, context, flows)
    if wanted is None:
        return Outcome(conversation)
    turn, language, move = wanted
    if language != context.language:
        context = replace(context, language=language)
    pressed = isinstance(turn, PRESSES)
    if conversation.pressed != pressed:
        conversation = replace(conversation, pressed=pressed)
    return _play(conversation, turn, context, flows, move)


def _wanted(
    turn: Turn, conversation: Conversation, context: Context, flows: Flows
) -> tuple[Turn, str, Next | None] | None:
    """What is answered: the turn as it is meant, the language to answer in, and where it leads
    unless to the flow the person is in. None: it changes nothing.
    """
    language = context.language
    match turn:
        case Commanded(words):
            return turn, *typed.wish(words, context)
        case Said():
            return typed.heard(turn, conversation, context)
        case Chose() | Submitted():
            if _same_finger(turn.serial, conversation, context):
                return None
            turn, move = _offered(turn, conversation, context)
            return turn, language, move
        case PauseOver(serial):
            wakes = serial == conversation.serial and conversation.flow
            return (turn, language, None) if wakes else None
        case Picked(flow, topic):
            return turn, language, _picked(flow, topic, flows)
        case Joined():
            return turn, language, Begin("welcome")
        case Left():
            return turn, language, Reply("", (Forget(),))
        case _:
            assert_never(turn)


def _offered(
    turn: Chose | Submitted, conversation: Conversation, context: Context
) -> tuple[Chose | Submitted, Next | None]:
    """A press on the newest card goes to its flow; one on an older card gets a gentle new one.

    Only a form's first choice sends it, though a platform may deliver the fields with any.
    Crisis words in a field are answered before the form is.
    """
    if turn.serial != conversation.serial or turn.choice not in conversation.offered:
        return turn, Begin("menu", {"step": "old"})
    if isinstance(turn, Submitted) and turn.choice != next(iter(conversation.offered)):
        return Chose(turn.choice, turn.serial), None
    if isinstance(turn, Submitted):
        lexicons = tuple(context.library.lexicons.values())
        if any(safety.crisis(each, lexicons) for each in turn.values.values()):
            return turn, Begin("support", {"step": "crisis"})
    return turn, None


def _picked(flow: str, topic: str, flows: Flows) -> Begin:
    """What a standing card's choice begins. Its flow may be gone with an older version."""
    if flow not in flows:
        return Begin("menu", {"step": "old"})
    return Begin(flow, {"topic": topic} if topic else {})


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
    cards = [card for card in cards if isinstance(card, Form) or not card.standing]
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
