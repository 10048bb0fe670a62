"""What the runtime's tests are made of: rows, a store that fails when told to, a small Landa."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Awaitable, Callable, Container
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.core.errors import StorageError
from bot.core.library import Library
from bot.core.message import Message
from bot.core.play import Flows
from bot.core.port import Answer, Outgoing, Pace
from bot.core.turn import Commanded, Inbound, Person, Place, Pressed, Said, Turn
from bot.flows import FLOWS
from bot.runtime.bell import Bell
from bot.runtime.clock import Clock
from bot.runtime.codec import ms, seal_outgoing
from bot.runtime.handle import Turns
from bot.runtime.lane import each_ms
from bot.runtime.line import Line
from bot.runtime.outbox import LEASE_S, Outbox
from bot.runtime.reading import Plan
from bot.runtime.store import Commit, DueRow, OutboxRow, Store
from bot.runtime.vault import Vault
from tests.chat import SITES

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
T = ms(START)
HOUR = 3_600_000


def key(text: str) -> bytes:
    """16 bytes that are always the same for *text*."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def card(name: str, *, person: str = "anna", at: int = T, due: int = T, **more: Any) -> OutboxRow:
    return OutboxRow(key(name), key(person), key("T1"), "test", b"sealed", at, due, **more)


def pause(person: str = "anna", *, serial: int = 1, due: int = T) -> DueRow:
    return DueRow(key(person), key("T1"), "test", serial, due, b"sealed")


def commit(
    seen: str = "d1", *, person: str = "anna", expected: int | None = None, **more: Any
) -> Commit:
    fields: dict[str, Any] = {
        "serial": 1 if expected is None else expected + 1,
        "at_ms": T,
        "state": b"sealed",
    }
    return Commit(key(seen), key(person), key("T1"), expected, **{**fields, **more})


async def put(store: Store, *cards: OutboxRow, due: DueRow | None = None) -> None:
    """Lay rows into the database, each in a turn of its own person."""
    for row in cards:
        person = "of " + row.id.hex()
        done = await store.commit(commit(row.id.hex(), person=person, outbox=(row,)))
        assert done == "done"
    if due:
        turn = commit("p" + due.person.hex(), due=due)
        assert await store.commit(replace(turn, person=due.person, serial=due.serial)) == "done"


class Faulty:
    """A store whose methods fail or are slow when told to, or let something happen first."""

    def __init__(self, store: Any, prefix: str = "") -> None:
        self.store, self._prefix = store, prefix
        self.fails: Counter[str] = Counter()
        self.slow: dict[str, float] = {}
        self.calls: Counter[str] = Counter()
        self.before: dict[str, Callable[[], Awaitable[None]]] = {}
        self.after: dict[str, Callable[[], Awaitable[None]]] = {}

    @property
    def nudges(self) -> Any:
        """Its methods fail and are slow by the names "nudges.claim" ..."""
        part = Faulty(self.store.nudges, "nudges.")
        for name in ("fails", "slow", "calls", "before", "after"):
            setattr(part, name, getattr(self, name))
        return part

    def __getattr__(self, method: str) -> Any:
        real: Callable[..., Any] = getattr(self.store, method)
        name = self._prefix + method

        async def call(*args: Any, **named: Any) -> Any:
            self.calls[name] += 1
            if name in self.slow:
                await asyncio.sleep(self.slow[name])
            if self.fails[name]:
                self.fails[name] -= 1
                raise StorageError("OperationalError")
            if name in self.before:
                await self.before.pop(name)()
            done = await real(*args, **named)
            if name in self.after:
                await self.after.pop(name)()
            return done

        return call


def outgoing(text: str = "hej", who: str = "anna") -> Outgoing:
    return Outgoing("", {"who": who}, False, Message(text), "sv", START)


def sealed(
    name: str,
    vault: Vault,
    *,
    person: str = "anna",
    workspace: str = "T1",
    at: int = T,
    due: int = T,
    tries: int = 0,
) -> OutboxRow:
    """A row that can be delivered: its card says its name."""
    bound_to = key(workspace) + key(person)
    named = replace(outgoing(name, person), id=key(name).hex())
    payload = seal_outgoing(named, vault, bound_to)
    return OutboxRow(key(name), key(person), key(workspace), "test", payload, at, due, tries)


@dataclass
class Small:
    """A small Landa on one store; its clock is moved by hand, its platform is `deliver`."""

    library: Library
    store: Any
    vault: Vault
    now: datetime = START
    sent: list[Outgoing] = field(default_factory=list)
    answers: Callable[[Outgoing], Any] | None = None
    pace: Pace | None = None
    flows: Flows = field(default_factory=lambda: FLOWS)
    off: Container[date] = ()
    _count: int = 0

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """As after a start of the process: nothing is remembered but what the store holds."""
        paces = {"test": self.pace} if self.pace else None
        self.outbox = Outbox(
            self.store, self.vault, lambda: self.now, {"test": self._deliver}, paces
        )
        plan = Plan(self.library, self.flows, SITES, "sv", off=self.off)
        self.turns = Turns(plan, self.store, self.vault, self.outbox, lambda: self.now)
        line = Line(self.off, {"test": each_ms(self.pace)} if self.pace else None)
        bell = Bell(self.store, self.vault, self.turns, lambda: self.now, line)
        self.clock = Clock(self.store, bell, self.outbox, lambda: self.now)

    async def _deliver(self, outgoing: Outgoing) -> None:
        if self.answers:
            found = self.answers(outgoing)
            if asyncio.iscoroutine(found):
                await found
        self.sent.append(outgoing)

    def inbound(self, turn: Turn | Pressed, *, who: str = "anna", id: str = "") -> Inbound:
        self._count += 1
        address: dict[str, str | int | bool] = {"who": who}
        if isinstance(turn, Pressed):
            address["card"] = True
        return Inbound(
            id or f"delivery {self._count}",
            Person("test", "T1", who),
            Place("private", address),
            turn,
            self.now,
        )

    async def take(self, turn: Turn | Pressed, *, ride: bool = False, **named: str) -> Answer:
        """One turn, and everything that follows from it at once."""
        answer = await self.turns(self.inbound(turn, **named), ride=ride)
        if answer.taken == "late":  # on a busy machine
            await self.turns.drained()
        await self.outbox.settled()
        return answer

    async def command(self, words: str = "", **named: Any) -> Answer:
        return await self.take(Commanded(words), **named)

    async def say(self, words: str, **named: Any) -> Answer:
        return await self.take(Said(words), **named)

    async def press(self, number: int = 0, **named: Any) -> Answer:
        """Press a button of the newest card."""
        return await self.take(Pressed(self.sent[-1].card.choices[number].id), **named)

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    async def tick(self, seconds: float = 0) -> None:
        self.later(seconds)
        await self.clock.tick()
        await self.outbox.settled()

    @property
    def texts(self) -> list[str]:
        return [one.card.text for one in self.sent]


def person_key(vault: Vault, who: str = "anna") -> bytes:
    return vault.hash("person", "test", "T1", who)


LEASE = LEASE_S * 1000
