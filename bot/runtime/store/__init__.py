"""What the runtime asks of a database, whichever it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol


@dataclass(frozen=True, slots=True)
class Loaded:
    """serial: None when nothing is stored about the person's conversation.

    updated_ms  when its newest turn was taken.
    """

    seen: bool
    serial: int | None = None
    state: bytes | None = field(default=None, repr=False)
    profile: bytes | None = field(default=None, repr=False)
    updated_ms: int | None = field(default=None, compare=False)
    home: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """due_ms: not tried before then; whoever tries has moved it on first.

    doubts  tries that may have delivered it; whoever holds the row counts as one.
    """

    id: bytes
    person: bytes
    workspace: bytes
    platform: str
    payload: bytes = field(repr=False)
    created_ms: int
    due_ms: int
    tries: int = 0
    doubts: int = 1


@dataclass(frozen=True, slots=True)
class Later:
    """A row of the outbox that is put off: to when, and what is known of its tries."""

    id: bytes
    due_ms: int
    tries: int
    doubts: int


@dataclass(frozen=True, slots=True)
class DueRow:
    person: bytes
    workspace: bytes
    platform: str
    serial: int
    due_ms: int
    payload: bytes = field(repr=False)
    tries: int = 0


Question = Literal[
    "installation",
    "installations",
    "install",
    "change",
    "uninstall",
    "served",
    "serve",
    "members",
    "drop_cards",
    "drop_pauses",
    "drop_conversations",
    "drop_people",
    "drop_served",
    "use_once",
    "settle",
    "forget_conversation",
    "forget_person",
    "forget_pause",
    "forget_cards",
]
"""One statement of `bot.runtime.store.places`, about where Landa is installed, or of
`bot.runtime.store.people`, about one person."""
Ask = tuple[Question, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Commit:
    """Everything one turn changes, written in one transaction or not at all.

    expected  the serial that was loaded; None when nothing was.
    state     None at rest.
    profile   None leaves it as it is.
    due       the person's pause; None takes away the one there is.
    also      what few turns change, after all the rest and in order.
    """

    seen: bytes
    person: bytes
    workspace: bytes
    expected: int | None
    serial: int
    at_ms: int
    state: bytes | None = field(repr=False)
    profile: bytes | None = field(default=None, repr=False)
    outbox: tuple[OutboxRow, ...] = ()
    due: DueRow | None = None
    also: tuple[Ask, ...] = ()


Result = Literal["done", "seen", "conflict"]


@dataclass(frozen=True, slots=True)
class Backlog:
    """Counts for the operator; nothing in them belongs to a person."""

    waiting: int
    given_up: Mapping[str, int]
    due: int
    set_aside: int
    oldest_due_ms: int | None


class Store(Protocol):
    """Every method raises StorageError when the database fails; then nothing is written."""

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
    async def claim_due(self, now_ms: int, until_ms: int, limit: int) -> list[DueRow]:
        """Pauses that have ended, held until *until_ms*, oldest first; never one set aside."""
        ...

    async def clear_due(self, person: bytes, serial: int) -> None: ...
    async def prune(self, now_ms: int) -> int:
        """Takes away what has been kept for its time. Returns how many rows."""
        ...

    async def backlog(self, now_ms: int) -> Backlog: ...
    async def ask(self, *asks: Ask) -> list[list[Any]]:
        """The rows of each, all in one transaction."""
        ...
