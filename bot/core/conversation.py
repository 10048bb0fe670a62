"""Where one person is: plain values that survive a restart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.core.errors import StateError
from bot.core.turn import Place

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
    place    where its form was asked; what is sent from a window of its own is answered there.
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
    place: Place | None = None


def to_json(conversation: Conversation) -> dict[str, Any]:
    """Plain JSON values, without the serial, which the store keeps in its own column."""
    at = conversation.at.isoformat() if conversation.at else None
    card = {"card": dict(conversation.card)} if conversation.card else {}
    place = {"place": _place_to_json(conversation.place)} if conversation.place else {}
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
        **place,
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
            _place_from_json(state["place"]) if "place" in state else None,
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise StateError("conversation of an unknown shape") from fault


def _place_to_json(place: Place) -> dict[str, Any]:
    return {
        "kind": place.kind,
        "address": dict(place.address),
        "team": place.team,
        "room": dict(place.room),
    }


def _place_from_json(state: Mapping[str, Any]) -> Place:
    return Place(state["kind"], dict(state["address"]), state["team"], dict(state["room"]))
