"""What stands apart from the chat, pages and windows: what is stored, and where it is answered."""

from dataclasses import replace

from bot.core.play import Outcome
from bot.core.turn import ByItself, Closed, Inbound, Looked, Pressed, Submitted, Turn
from bot.runtime.reading import Before


def changes(outcome: Outcome, turn: Turn, before: Before) -> bool:
    """Whether anything is to be stored. What Landa says by itself moves nobody, and is."""
    if isinstance(turn, ByItself) and outcome.effects:
        return True
    return outcome.conversation.serial != before.conversation.serial


def answered_at(inbound: Inbound, turn: Turn, before: Before) -> Inbound:
    """What is sent from a window of its own is answered where its form was asked."""
    place, serial = before.conversation.place, before.conversation.serial
    match turn:
        case Submitted(serial=asked) | Closed(serial=asked) if (
            asked == serial and place is not None and stays_apart(inbound)
        ):
            return replace(inbound, place=place)
        case _:
            return inbound


def stays_apart(inbound: Inbound) -> bool:
    """A window has told what there is to tell; a page is shown, or it is not."""
    turn = inbound.turn
    return isinstance(turn, Looked) or (isinstance(turn, Pressed) and turn.apart)
