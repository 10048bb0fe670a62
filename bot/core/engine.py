"""One turn: what came in, and what should happen. Safety first, then global words, then the flow.

Pure: the same conversation, turn and context always give the same outcome.
"""

from dataclasses import replace
from datetime import timedelta
from typing import assert_never

from bot.core import aside, byitself, safety, typed
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Forget
from bot.core.flow import Begin, Next, Reply
from bot.core.play import Flows, Outcome, play
from bot.core.turn import (
    ByItself,
    Chose,
    Closed,
    Commanded,
    Joined,
    Left,
    Looked,
    NudgeDue,
    PauseOver,
    Picked,
    Reminded,
    Said,
    Submitted,
    Turn,
)

STALE = timedelta(hours=8)
"""A conversation left longer than a working day is over: its card gets a fresh one."""
DOUBLE_PRESS = timedelta(seconds=5)
"""A second press on a card that was just answered is the same finger."""
PRESSES = (Chose, Submitted, Picked)


def respond(conversation: Conversation, turn: Turn, context: Context, flows: Flows) -> Outcome:
    """What *turn* leads to. An outcome with the same serial changes nothing and is not stored;
    its cards are for who looks, or what Landa says by itself.

    raises  StateError when the conversation is in a flow that is not in *flows*.
    """
    if isinstance(turn, ByItself):
        return byitself.speak(conversation, turn, context, flows)
    if isinstance(turn, Looked):
        shown = play(Conversation(), turn, context, flows, Begin(turn.flow, {"topic": "page"}))
        return Outcome(conversation, aside.page(shown.effects), shown.language)
    if conversation.at is not None and context.now - conversation.at > STALE:
        conversation = Conversation(serial=conversation.serial)
    if isinstance(turn, Closed):
        return _closed(turn, conversation, context, flows)
    wanted = _wanted(turn, conversation, context, flows)
    if wanted is None:
        return Outcome(conversation)
    turn, language, move = wanted
    if language != context.language:
        context = replace(context, language=language)
    pressed = isinstance(turn, PRESSES)
    if conversation.pressed != pressed:
        conversation = replace(conversation, pressed=pressed)
    return play(conversation, turn, context, flows, move)


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
        case Closed() | Looked() | NudgeDue() | Reminded():
            return None
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


def _closed(turn: Closed, conversation: Conversation, context: Context, flows: Flows) -> Outcome:
    """To close a form's window is to leave the form, without a word."""
    leave = aside.leaving(conversation)
    if turn.serial != conversation.serial or not leave:
        return Outcome(conversation)
    pressed = replace(conversation, pressed=True)
    outcome = play(pressed, Chose(leave, turn.serial), context, flows, None)
    return replace(outcome, effects=aside.quiet(outcome.effects))


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
