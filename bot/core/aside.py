"""What stands beside the chat: pages that are looked at, and forms in a window of their own."""

from collections.abc import Iterable
from dataclasses import replace

from bot.core.conversation import Conversation
from bot.core.effect import Effect, Replace, Say
from bot.core.message import Form
from bot.core.turn import Submitted, Turn


def page(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """The cards alone: whoever looks changes nothing."""
    return tuple(effect for effect in effects if isinstance(effect, Say | Replace))


def leaving(conversation: Conversation) -> str:
    """The choice that leaves a form: its last. "" where the first, which sends it, is the only."""
    _, *leave = conversation.offered or ("",)
    return leave[-1] if leave else ""


def quiet(effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """Who closes a window is told nothing; the card that led there may say that it is over."""
    kept = (effect for effect in effects if not isinstance(effect, Say))
    return tuple(replace(e, in_place=True) if isinstance(e, Replace) else e for e in kept)


def again(
    before: Conversation, turn: Turn, after: Conversation, effects: tuple[Effect, ...]
) -> bool:
    """Whether a form that was sent is asked once more, and nothing else happens."""
    match turn, effects:
        case Submitted(), (Say(Form()) | Replace(Form()),):
            stays = (before.flow, before.step, before.data)
            return stays == (after.flow, after.step, after.data)
        case _:
            return False
