"""Sealed rows and what stands in them, as JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

from bot.core.context import Profile
from bot.core.conversation import Conversation, from_json, to_json
from bot.core.deck import Pile, Piles
from bot.core.errors import StateError
from bot.core.message import Form, Message
from bot.core.mine import Mine
from bot.core.nudge import Nudges
from bot.core.port import Outgoing
from bot.core.team import OwnSlip, Team
from bot.core.turn import Hints, Inbound, Person, Place
from bot.runtime.vault import Vault


@dataclass(frozen=True, slots=True)
class Parcel:
    """What an outbox row holds."""

    address: dict[str, str | int | bool] = field(repr=False)
    replace: bool
    language: str
    since_ms: int
    home: dict[str, str | int | bool] = field(
        default_factory=dict[str, str | int | bool], repr=False
    )
    in_place: bool = False
    message: Message | None = field(default=None, repr=False)
    form: Form | None = field(default=None, repr=False)


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a due row holds: enough to be the person's turn again, where they were; and what a
    row of a slot or a reminder holds.

    kind  what a reminder is to say.
    """

    person: Person
    place: Place
    since_ms: int
    hints: Hints = NO_HINTS
    kind: str = field(default="", repr=False)


_PARCEL, _WAITING = TypeAdapter(Parcel), TypeAdapter(Waiting)
_PROFILE, _PLACE = TypeAdapter(Profile), TypeAdapter(Place)
_NUDGES, _TEAM, _SLIP = TypeAdapter(Nudges), TypeAdapter(Team), TypeAdapter(OwnSlip)
_MINE: TypeAdapter[Mine] = TypeAdapter(Mine)
_PILES: TypeAdapter[Piles] = TypeAdapter(dict[str, Pile])


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def from_ms(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def seal_outgoing(outgoing: Outgoing, vault: Vault, bound_to: bytes) -> bytes:
    """Sealed to its row as well: one person's cards cannot change places."""
    card = outgoing.card
    parcel = Parcel(
        dict(outgoing.address),
        outgoing.replace,
        outgoing.language,
        ms(outgoing.since),
        dict(outgoing.home),
        outgoing.in_place,
        card if isinstance(card, Message) else None,
        card if isinstance(card, Form) else None,
    )
    return vault.seal(_PARCEL.dump_json(parcel), _for_row(outgoing.id, bound_to))


def open_outgoing(sealed: bytes, row_id: bytes, vault: Vault, bound_to: bytes) -> Outgoing:
    """raises  StateError when the row cannot be read."""
    parcel = _validated(_PARCEL, vault.open(sealed, _for_row(row_id.hex(), bound_to)))
    card = parcel.message or parcel.form
    if card is None:
        raise StateError("an outbox row without a card")
    return Outgoing(
        row_id.hex(),
        parcel.address,
        parcel.replace,
        card,
        parcel.language,
        from_ms(parcel.since_ms),
        parcel.home,
        in_place=parcel.in_place,
    )


def _for_row(id: str, bound_to: bytes) -> bytes:
    return b"outbox" + bound_to + bytes.fromhex(id)


def seal_waiting(inbound: Inbound, vault: Vault, bound_to: bytes) -> bytes:
    at = inbound.place
    place = Place(at.kind, dict(at.address), at.team, dict(at.room))
    waiting = Waiting(inbound.person, place, ms(inbound.at))
    return vault.seal(_WAITING.dump_json(waiting, exclude_defaults=True), b"due" + bound_to)


def open_waiting(sealed: bytes, vault: Vault, bound_to: bytes) -> Waiting:
    return _validated(_WAITING, vault.open(sealed, b"due" + bound_to))


def seal_call(waiting: Waiting, vault: Vault, bound_to: bytes) -> bytes:
    return vault.seal(_WAITING.dump_json(waiting, exclude_defaults=True), b"nudge" + bound_to)


def open_call(sealed: bytes, vault: Vault, bound_to: bytes) -> Waiting:
    """raises  StateError when it cannot be read."""
    return _validated(_WAITING, vault.open(sealed, b"nudge" + bound_to))


def seal_nudges(nudges: Nudges, vault: Vault, bound_to: bytes) -> bytes:
    return vault.seal(_NUDGES.dump_json(nudges), b"nudges" + bound_to)


def open_nudges(sealed: bytes, vault: Vault, bound_to: bytes) -> Nudges:
    """raises  StateError when it cannot be read."""
    return _validated(_NUDGES, vault.open(sealed, b"nudges" + bound_to))


def seal_mine(mine: Mine, vault: Vault, bound_to: bytes) -> bytes:
    return vault.seal(_MINE.dump_json(mine), b"mine" + bound_to)


def open_mine(sealed: bytes, vault: Vault, bound_to: bytes) -> Mine:
    """raises  StateError when it cannot be read."""
    return _validated(_MINE, vault.open(sealed, b"mine" + bound_to))


def seal_team(team: Team, vault: Vault, bound_to: bytes) -> bytes:
    """Without its leads, nudges, slips and piles, and the name under its question: they stand
    elsewhere.
    """
    elsewhere: Any = dict.fromkeys(("leads", "nudges", "slips", "piles"), True)
    if team.weekly:
        elsewhere["weekly"] = {"by"}
    return vault.seal(_TEAM.dump_json(team, exclude=elsewhere), b"team" + bound_to)


def open_team(
    sealed: bytes, nudges: Nudges, leads: frozenset[str], vault: Vault, bound_to: bytes
) -> Team:
    """raises  StateError when it cannot be read."""
    plain = vault.open(sealed, b"team" + bound_to)
    try:
        return _TEAM.validate_python({**json.loads(plain), "nudges": nudges, "leads": leads})
    except (ValueError, TypeError):
        raise StateError("a sealed row of an unknown shape") from None


def seal_drawn(piles: Piles, vault: Vault, bound_to: bytes) -> bytes:
    return vault.seal(_PILES.dump_json(piles), b"drawn" + bound_to)


def open_drawn(sealed: bytes, vault: Vault, bound_to: bytes) -> Piles:
    """raises  StateError when it cannot be read."""
    return _validated(_PILES, vault.open(sealed, b"drawn" + bound_to))


def seal_signed(name: str, vault: Vault, bound_to: bytes) -> bytes:
    """bound_to: the team's, and the lead."""
    return vault.seal(name.encode(), b"signed" + bound_to)


def open_signed(sealed: bytes, vault: Vault, bound_to: bytes) -> str:
    """raises  StateError when it cannot be read."""
    return vault.open(sealed, b"signed" + bound_to).decode()


def seal_slip(slip: OwnSlip, vault: Vault, bound_to: bytes) -> bytes:
    """Without its author, who stands beside it."""
    return vault.seal(_SLIP.dump_json(slip, exclude={"author"}), b"slip" + bound_to)


def open_slip(sealed: bytes, author: str, vault: Vault, bound_to: bytes) -> OwnSlip:
    """raises  StateError when it cannot be read."""
    return replace(_validated(_SLIP, vault.open(sealed, b"slip" + bound_to)), author=author)


def seal_conversation(conversation: Conversation, vault: Vault, bound_to: bytes) -> bytes | None:
    """None at rest: there is nothing to remember but the serial."""
    if not conversation.flow:
        return None
    plain = json.dumps(to_json(conversation), ensure_ascii=False, separators=(",", ":"))
    return vault.seal(plain.encode(), b"conversation" + bound_to)


def open_conversation(sealed: bytes, serial: int, vault: Vault, bound_to: bytes) -> Conversation:
    """raises  StateError when it cannot be read."""
    plain = vault.open(sealed, b"conversation" + bound_to)
    try:
        return from_json(json.loads(plain), serial)
    except ValueError:
        raise StateError("a sealed row of an unknown shape") from None


def seal_profile(profile: Mapping[str, str], vault: Vault, bound_to: bytes) -> bytes:
    checked = _PROFILE.validate_python(dict(profile))
    return vault.seal(_PROFILE.dump_json(checked), b"profile" + bound_to)


def open_profile(sealed: bytes, vault: Vault, bound_to: bytes) -> Profile:
    return _validated(_PROFILE, vault.open(sealed, b"profile" + bound_to))


def seal_home(home: Place, vault: Vault, bound_to: bytes) -> bytes:
    kept = Place(home.kind, dict(home.address))
    return vault.seal(_PLACE.dump_json(kept), b"home" + bound_to)


def open_home(sealed: bytes, vault: Vault, bound_to: bytes) -> Place:
    """raises  StateError when it cannot be read."""
    return _validated(_PLACE, vault.open(sealed, b"home" + bound_to))


def _validated(adapter: TypeAdapter[Any], plain: bytes) -> Any:
    try:
        return adapter.validate_json(plain)
    except ValueError:
        raise StateError("a sealed row of an unknown shape") from None
