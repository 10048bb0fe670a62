"""Where one person is: plain values that survive a restart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.core.errors import StateError

VERSION = 1


@dataclass(frozen=True, slots=True)
class Conversation:
    """flow, step  where the person is; both empty at rest.

    serial   counts the turns taken; a card belongs to the serial it was made in.
    offered  choice id -> label, of the newest card.
    data     what the flow needs to remember until it ends; never what a person felt.
    at       when the newest turn was taken, aware UTC; None before the first.
    language what it is held in; empty: the person's own, or the site's.
    pressed  the newest turn was a press.
    card     the address of the card it is held in, where that is not to stay as it is when the
             conversation goes on elsewhere; a platform's own, empty otherwise.
    """

    flow: str = ""
    step: str = ""
    serial: int = 0
    offered: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    data: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    at: datetime | None = None
    language: str = ""
    pressed: bool = True
    card: Mapping[str, str | int | bool] = field(
        default_factory=dict[str, str | int | bool], repr=False
    )


def to_json(conversation: Conversation) -> dict[str, Any]:
    """Plain JSON values, without the serial, which the store keeps in its own column."""
    at = conversation.at.isoformat() if conversation.at else None
    card = {"card": dict(conversation.card)} if conversation.card else {}
    return {
        "v": VERSION,
        "flow": conversation.flow,
        "step": conversation.step,
        "at": at,
        "offered": dict(conversation.offered),
        "data": dict(conversation.data),
        "language": conversation.language,
        "pressed": conversation.pressed,
        **card,
    }


def from_json(state: Mapping[str, Any], serial: int) -> Conversation:
    """The conversation that `to_json` wrote.

    raises  StateError for a version this code does not know, or a broken shape.
    """
    try:
        if state["v"] != VERSION:
            raise StateError(f"conversation of schema version {state['v']!r}")
        at = datetime.fromisoformat(state["at"]) if state["at"] else None
        return Conversation(
            state["flow"],
            state["step"],
            serial,
            dict(state["offered"]),
            dict(state["data"]),
            at,
            state["language"],
            state["pressed"],
            dict(state.get("card", {})),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise StateError("conversation of an unknown shape") from fault
