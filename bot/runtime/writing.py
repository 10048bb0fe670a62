"""What one turn writes: its outcome as rows, each sealed to its person."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from bot.core.effect import Forget, Keep, Pause, Replace, Say, Settle
from bot.core.engine import Outcome
from bot.core.port import Outgoing
from bot.core.turn import Inbound, Place
from bot.runtime import codec, press
from bot.runtime.outbox import LEASE_S, Item
from bot.runtime.store import Ask, Commit, DueRow, OutboxRow
from bot.runtime.store.people import forgetting, settling
from bot.runtime.vault import Vault

RIDE_S = 5
"""How long a card may take to ride out before the outbox sends it."""


@dataclass(frozen=True, slots=True)
class Who:
    """person, workspace: as they stand in the database. bound_to: what their rows are sealed to."""

    person: bytes
    workspace: bytes

    @property
    def bound_to(self) -> bytes:
        return self.workspace + self.person


@dataclass(frozen=True, slots=True)
class Act:
    """One delivery being taken.

    seen  its id's hash.
    ride  its first card rides on the answer.
    home  where the person can be reached alone, if that is known.
    """

    inbound: Inbound
    who: Who
    seen: bytes
    ride: bool
    home: Place | None = None


def rows(
    act: Act, expected: int | None, outcome: Outcome, now: datetime, vault: Vault
) -> tuple[Commit, tuple[Item, ...]]:
    """Everything *outcome* changes, and its cards. expected: the serial that was loaded."""
    who, conversation, now_ms = act.who, outcome.conversation, codec.ms(now)
    items: list[Item] = []
    profile: bytes | None = None
    due: DueRow | None = None
    also: list[Ask] = []
    for effect in outcome.effects:
        match effect:
            case Say() | Replace():
                items.append(_item(act, effect, outcome, (len(items), now_ms), vault))
            case Pause(seconds):
                due = DueRow(
                    who.person,
                    who.workspace,
                    act.inbound.person.platform,
                    conversation.serial,
                    now_ms + seconds * 1000,
                    codec.seal_waiting(act.inbound, vault, who.bound_to),
                )
            case Keep(wish):
                profile = codec.seal_profile(wish, vault, who.bound_to)
            case Settle():
                if act.home:
                    home = codec.seal_home(act.home, vault, who.bound_to)
                    also.append(settling(who.person, who.workspace, home))
            case Forget():
                also += forgetting(who.person, now_ms)
            case _:
                assert_never(effect)
    return Commit(
        act.seen,
        who.person,
        who.workspace,
        expected,
        conversation.serial,
        now_ms,
        codec.seal_conversation(conversation, vault, who.bound_to),
        profile,
        tuple(item.row for item in items),
        due,
        tuple(also),
    ), tuple(items)


def _item(
    act: Act, effect: Say | Replace, outcome: Outcome, place: tuple[int, int], vault: Vault
) -> Item:
    """place: the card's number within its turn, and now."""
    number, now_ms = place
    inbound, who, serial = act.inbound, act.who, outcome.conversation.serial
    row_id = vault.hash("card", who.person.hex(), str(serial), str(number))
    stamp = press.Stamp(who.person, serial, now_ms)
    rewrites = isinstance(effect, Replace) and "card" in inbound.place.address
    outgoing = Outgoing(
        row_id.hex(),
        inbound.place.address,
        rewrites,
        press.sign(effect.card, stamp, vault),
        outcome.language,
        inbound.at,
        act.home.address if act.home else {},
    )
    held_s = RIDE_S if act.ride and number == 0 else LEASE_S
    row = OutboxRow(
        row_id,
        who.person,
        who.workspace,
        inbound.person.platform,
        codec.seal_outgoing(outgoing, vault, who.bound_to),
        now_ms + number,
        now_ms + held_s * 1000,
    )
    return Item(row, outgoing, hurry=True)
