"""What somebody wants to hear, as rows for the clock: one for each slot, one for each reminder."""

import secrets
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime
from zlib import crc32

from bot.core.nudge import REMINDER_STALE, Nudges, Slot, next_due
from bot.runtime.codec import ms
from bot.runtime.store import NudgeRow

REMINDER_ZONE = "UTC"


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose rows they are. payload: sealed, who and where."""

    hash: bytes
    workspace: bytes
    platform: str


def slot_rows(
    owner: Owner, nudges: Nudges, payload: bytes, now: datetime, off: Container[date]
) -> tuple[NudgeRow, ...]:
    """A row for each slot that is due at all, as things are *now*."""
    planned = ((slot, next_due(nudges, slot, now, off)) for slot in nudges.slots)
    return tuple(
        _row(owner, slot.id, _time(slot, nudges.zone), ms(due), payload)
        for slot, due in planned
        if due
    )


def reminder_row(owner: Owner, id: str, at: datetime, payload: bytes) -> NudgeRow:
    time = (at.hour * 60 + at.minute, 0, REMINDER_ZONE)
    row = _row(owner, id, time, ms(at), payload)
    return row._replace(until_ms=ms(at + REMINDER_STALE))


def weekdays(days: int) -> frozenset[int]:
    """ISO weekdays of `NudgeRow.days`."""
    return frozenset(day for day in range(1, 8) if days >> (day - 1) & 1)


def _time(slot: Slot, zone: str) -> tuple[int, int, str]:
    days = sum(1 << (day - 1) for day in slot.days)
    return slot.at.hour * 60 + slot.at.minute, days, zone


def _row(
    owner: Owner, slot: str, time: tuple[int, int, str], at_ms: int, payload: bytes
) -> NudgeRow:
    minute, days, zone = time
    return NudgeRow(
        _id(zone, minute),
        owner.hash,
        slot,
        owner.workspace,
        owner.platform,
        minute,
        days,
        zone,
        at_ms,
        due_ms=at_ms,
        pending_ms=0,
        until_ms=0,
        tries=0,
        payload=payload,
    )


def _id(zone: str, minute: int) -> int:
    """63 bits: those that are due together lie together on the disk; it halves a claim's cost."""
    return (crc32(zone.encode()) & 0x3FF) << 53 | minute << 42 | secrets.randbits(42)
