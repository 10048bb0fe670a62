"""What the runtime asks of a database, whichever it is."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.runtime.store.question import Ask
from bot.runtime.store.rows import (
    NEVER_MS,
    Backlog,
    Commit,
    DueRow,
    Later,
    Loaded,
    Move,
    Moved,
    Nudged,
    NudgeRow,
    OutboxRow,
    Result,
    Tried,
)

__all__ = [
    "NEVER_MS",
    "Backlog",
    "Commit",
    "DueRow",
    "Later",
    "Loaded",
    "Move",
    "Moved",
    "NudgeRow",
    "NudgeStore",
    "Nudged",
    "OutboxRow",
    "Result",
    "Store",
    "Tried",
]


class NudgeStore(Protocol):
    """Every method raises StorageError when the database fails; then nothing is written."""

    async def claim(
        self, now_ms: int, limit: int, move: Move
    ) -> list[tuple[NudgeRow, Moved | None]]:
        """Rows whose time has come, oldest first, each as it was and as it is now."""
        ...

    async def hold(self, rows: Sequence[Tried]) -> frozenset[int]:
        """Count a try of each, before it is made. The ids of those that were still held."""
        ...

    async def settle(self, rows: Sequence[tuple[int, int]]) -> None:
        """What was pending has been taken. rows: id and pending_ms of each."""
        ...

    async def commit(self, nudged: Nudged) -> Result:
        """ "seen": the claim does not stand any more. "conflict": the nudges are others by now."""
        ...


class Store(Protocol):
    """Every method raises StorageError when the database fails; then nothing is written."""

    @property
    def nudges(self) -> NudgeStore: ...

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def revision(self) -> str | None:
        """The schema's revision; None for an empty database."""
        ...

    async def keyring(self) -> Mapping[str, bytes]: ...
    async def set_keyring(self, wrapped: Mapping[str, bytes], before: Mapping[str, bytes]) -> None:
        """*wrapped* in the place of *before*. What another process has set meanwhile stands."""
        ...

    async def load(self, person: bytes, seen: bytes) -> Loaded: ...
    async def commit(self, commit: Commit) -> Result: ...
    async def claim_outbox(self, now_ms: int, until_ms: int, limit: int) -> list[OutboxRow]:
        """Rows whose time has come, held until *until_ms*, oldest first; none kept too long.

        Each counts one doubt more: its holder may die.
        """
        ...

    async def delivered(self, ids: Sequence[bytes]) -> None: ...
    async def postpone(self, rows: Sequence[Later]) -> None: ...
    async def give_up(self, id: bytes, reason: str) -> None: ...
    async def depart(self, id: bytes, held_ms: int) -> bool:
        """Whether the card of a nudge may be sent: now, or never again.

        held_ms  its due time, as long as it is ours.
        return   False: it is gone, or another's, or its person has done something since.
        """
        ...

    async def claim_due(self, now_ms: int, until_ms: int, limit: int) -> list[DueRow]:
        """Pauses that have ended, held until *until_ms*, oldest first; never one set aside."""
        ...

    async def clear_due(self, person: bytes, serial: int) -> None: ...
    async def prune(self, now_ms: int) -> int:
        """Takes away what has been kept for its time. Returns how many rows."""
        ...

    async def scrub(self) -> bool:
        """Nothing that was taken away stands in the files any more. False: ask again."""
        ...

    async def backlog(self, now_ms: int) -> Backlog: ...
    async def ask(self, *asks: Ask) -> list[list[Any]]:
        """The rows of each, all in one transaction."""
        ...
