"""People who have asked to hear from Landa, and what it says then: a flow for tests alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time

from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import ClearNudges, Effect, Remind, Say, SetNudges
from bot.core.flow import Flow, Next, Reply
from bot.core.message import Choice, Message
from bot.core.nudge import Hours, Nudges, Slot, rest_of_day
from bot.core.play import Flows
from bot.core.turn import Turn
from bot.flows import FLOWS

ZONE = "Europe/Stockholm"
WORK_DAYS = frozenset(range(1, 6))
TEN = Slot("pause", "pause", time(10), WORK_DAYS)
ASKED = Nudges(ZONE, (TEN,), Hours(time(8), time(17)))


def _nudge(context: Context, data: Mapping[str, str]) -> Next:
    """Says what is said by itself."""
    card = Message(
        f"{data['kind']} {data['id']}", (Choice("practice/pause", "Starta"),), standing=True
    )
    return Reply("", (Say(card),))


def _wish(context: Context, data: Mapping[str, str]) -> Next:
    """Does as it is told; "pause" and "quiet" by what was asked for already."""
    return Reply("", _effects(context, data["topic"]))


def _effects(context: Context, topic: str) -> tuple[Effect, ...]:
    had = context.nudges or ASKED
    match topic.split(" "):
        case ["ask"]:
            return (SetNudges(ASKED),)
        case ["ask", at]:
            slot = replace(TEN, at=time.fromisoformat(at))
            return (SetNudges(replace(had, slots=(slot,))),)
        case ["more", id, at]:
            slot = replace(TEN, id=id, at=time.fromisoformat(at))
            return (SetNudges(replace(had, slots=(*had.slots, slot), most=3)),)
        case ["stop"]:
            return (ClearNudges(),)
        case ["pause"]:
            until = context.now.date().replace(year=context.now.year + 1)
            return (SetNudges(replace(had, paused_until=until)),)
        case ["quiet"]:
            return (SetNudges(replace(had, quiet_until=rest_of_day(context.now, had))),)
        case ["zone", zone]:
            return (SetNudges(replace(had, zone=zone)),)
        case ["remind", id, at]:
            day = context.now.date()
            due = context.now.fromisoformat(f"{day}T{at}+00:00")
            return (Remind(id, "after", due),)
        case _:
            raise AssertionError(topic)


def _respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    raise AssertionError("nobody is ever in these flows")


BY_ITSELF: Flows = {
    **FLOWS,
    "nudge": Flow("nudge", _nudge, _respond),
    "wish": Flow("wish", _wish, _respond),
}
