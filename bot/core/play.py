"""Lets a flow answer, and those it goes on to, until one of them has replied."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import aside, nudge, right
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import ClearNudges, Effect, Keep, KeepMine, Replace, Say, SetNudges
from bot.core.errors import StateError
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.message import Form
from bot.core.turn import Turn

Flows = Mapping[str, Flow]
LONGEST_CHAIN = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """conversation: as it is after the turn. effects: in order; empty when nothing is to happen.

    language  the effects' cards are written in it.
    held      why a nudge says nothing.
    nudges    what their owner wants, now that one has spoken.
    until     of what is said by itself: not sent any more from then on, aware UTC.
    again     the form that was sent is asked once more, for what is wrong in it; nothing else
              has changed.
    """

    conversation: Conversation
    effects: tuple[Effect, ...] = ()
    language: str = ""
    held: nudge.Held | None = None
    nudges: nudge.Nudges | None = None
    until: datetime | None = None
    again: bool = False


def play(
    conversation: Conversation, turn: Turn, context: Context, flows: Flows, move: Next | None
) -> Outcome:
    """Let the flow answer, and go on in other flows until one of them has replied.

    raises  NotAllowedError when that is more than the person of *context* may do.
    """
    name, seen = conversation.flow, context
    first: tuple[Effect, ...] = ()
    for _ in range(LONGEST_CHAIN):
        if move is None:
            move = _flow(name, flows).respond(conversation, turn, context)
        if isinstance(move, Reply):
            if first:
                move = replace(move, effects=(*first, *move.effects))
            right.check(move.effects, seen)
            after = _after(conversation, name, move, context)
            again = aside.again(conversation, turn, after, move.effects)
            return Outcome(after, move.effects, _spoken(move, context), again=again)
        name, first = move.flow, (*first, *move.effects)
        context = _since(context, move.effects)
        guess = move.data.get("guess")
        if guess and _flow(name, flows).careful:
            move, name = Begin("menu", {"step": "guess", "word": guess, "to": name}), "menu"
        move = _flow(name, flows).start(context, move.data)
    raise StateError(f"flows begin each other without end, last {name!r}")


def _since(context: Context, effects: tuple[Effect, ...]) -> Context:
    """*context* as a flow sees it that comes after *effects*."""
    for effect in effects:
        match effect:
            case SetNudges(nudges):
                context = replace(context, nudges=nudges)
            case ClearNudges():
                context = replace(context, nudges=None)
            case KeepMine(mine):
                context = replace(context, mine=mine)
            case _:
                pass
    return context


def _spoken(reply: Reply, context: Context) -> str:
    """The language of the reply: the one that is chosen with it, if one is."""
    wishes = [effect.profile for effect in reply.effects if isinstance(effect, Keep)]
    return (wishes[-1]["language"] if wishes else "") or context.language


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
