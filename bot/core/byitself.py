"""What Landa says unasked: a card that stands, beside whatever its person is in; or nothing."""

from datetime import timedelta
from typing import assert_never

from bot.core import nudge
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Say
from bot.core.errors import StateError
from bot.core.flow import Begin
from bot.core.message import Message
from bot.core.play import Flows, Outcome, play
from bot.core.turn import ByItself, NudgeDue, Reminded

BUSY = timedelta(minutes=5)
"""Who did something this recently is in the middle of it: no nudge then."""
FLOW, TEAM_FLOW = "nudge", "teamcard"
"""Say it, to a person and to a team. `start` is given the "kind", and the "id" of the slot or the
reminder."""


def speak(conversation: Conversation, turn: ByItself, context: Context, flows: Flows) -> Outcome:
    """A card that stands, beside whatever the person is in; or nothing.

    raises  StateError when the flow says anything else.
    """
    kind, nudges, until = "", None, turn.until
    match turn:
        case Reminded(id, kind):
            pass
        case NudgeDue(id):
            if why := _held(turn, conversation, context):
                return Outcome(conversation, held=why)
            if context.nudges and (slot := context.nudges.slot(id)):
                kind, nudges = slot.kind, nudge.spoke(context.nudges, id, context.now)
                until = nudge.last_moment(nudges, until, context.now)
        case _:
            assert_never(turn)
    flow = FLOW if context.team is None else TEAM_FLOW
    said = play(Conversation(), turn, context, flows, Begin(flow, {"kind": kind, "id": id}))
    for effect in said.effects:
        match effect:
            case Say(Message(standing=True)):
                pass
            case _:
                raise StateError("by itself, Landa says only cards that stand")
    return Outcome(conversation, said.effects, said.language, nudges=nudges, until=until)


def _held(turn: NudgeDue, conversation: Conversation, context: Context) -> nudge.Held | None:
    if context.nudges is None:
        return "gone"
    if context.now >= turn.until:
        return "stale"
    if conversation.at is not None and context.now - conversation.at < BUSY:
        return "busy"
    return nudge.held(context.nudges, turn.slot, turn.due, context.now, context.off)
