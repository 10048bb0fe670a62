"""The rows that the runtime and a database hand each other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from bot.runtime.store.question import Ask

NEVER_MS = 2**62
"""Later than any clock."""


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
    nudges: bytes | None = field(default=None, repr=False)
    mine: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """due_ms: not tried before then; whoever tries has moved it on first.

    doubts  tries that may have delivered it; whoever holds the row counts as one.
    once        a nudge: it is not tried before `depart` has said so, and never twice.
    expires_ms  not sent any more from then on.
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
    once: bool = False
    expires_ms: int = NEVER_MS

    @property
    def earlier(self) -> int:
        """Tries before this one that may have delivered it. What somebody waits for, a reminder or
        a question for company, is rather said once too often than never: no more than one counts.
        """
        if self.once:
            return 0
        return self.doubts - 1 if self.expires_ms >= NEVER_MS else min(self.doubts - 1, 1)


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


class NudgeRow(NamedTuple):
    """A slot or a reminder, as the clock sees it. A tuple: a hundred thousand may be due at once.

    minute      of the day, by the clock on the wall.
    days        bit 0 for Monday ... bit 6 for Sunday; 0: a reminder, only once.
    at_ms       when it is due next.
    due_ms      when the clock looks: then, at its place in a line, or when a claim has ended.
    pending_ms  what is being taken, as it was due; 0: nothing.
    until_ms    from then on it is too late for that.
    """

    id: int
    owner: bytes
    slot: str
    workspace: bytes
    platform: str
    minute: int
    days: int
    zone: str
    at_ms: int
    due_ms: int
    pending_ms: int
    until_ms: int
    tries: int
    payload: bytes

    def __repr__(self) -> str:
        return f"NudgeRow({self.id})"


class Moved(NamedTuple):
    """What a look of the clock changes in a `NudgeRow`."""

    at_ms: int
    due_ms: int
    pending_ms: int
    until_ms: int
    tries: int


class Tried(NamedTuple):
    """A claimed `NudgeRow` that is tried now.

    held_ms  its due_ms since it was claimed; by another, and it is not ours to try.
    """

    id: int
    held_ms: int
    due_ms: int
    tries: int


Move = Callable[[NudgeRow], Moved | None]
"""What becomes of a row whose time has come. None: it goes. Called again if a write is repeated."""


@dataclass(frozen=True, slots=True)
class Nudged:
    """Everything a nudge or a reminder changes. It is written only while the clock's claim of
    what was due at *due_ms* stands; nothing of the person's conversation is touched.

    known   the owner's nudges as they were loaded.
    nudges  in their place; None leaves them.
    """

    owner: bytes
    slot: str
    due_ms: int
    known: bytes | None = field(default=None, repr=False)
    nudges: bytes | None = field(default=None, repr=False)
    outbox: tuple[OutboxRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Commit:
    """Everything one turn changes, written in one transaction or not at all.

    expected  the serial that was loaded; None when nothing was.
    state     None at rest.
    profile   None leaves it as it is.
    due       the person's pause; None takes away the one there is.
    also      what few turns change, after all the rest and in order.
    needs     questions that must each find something still, or it is a conflict.
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
    needs: tuple[Ask, ...] = ()


Result = Literal["done", "seen", "conflict"]


@dataclass(frozen=True, slots=True)
class Backlog:
    """Counts for the operator; nothing in them belongs to a person.

    crowds  platform -> the most slots in one workspace that are due at one moment.
    """

    waiting: int
    given_up: Mapping[str, int]
    due: int
    set_aside: int
    oldest_due_ms: int | None
    nudges: int = 0
    nudges_set_aside: int = 0
    crowds: Mapping[str, int] = field(default_factory=dict[str, int])
