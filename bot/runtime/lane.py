"""Each workspace's own way out: its pace, its places, and until when it takes nothing.

One that is slow, full or closed holds up no other.
"""

import asyncio
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from aiolimiter import AsyncLimiter

from bot.core.port import Pace, Rate

AT_ONCE = 32
"""Cards of one workspace that are with the platform at the same moment."""
WAITING = 32
"""Cards of one workspace that wait here for their turn. More lie in the database until theirs."""
WAITING_UNPACED = 1_000
SOON_S = 3.0
"""The longest wait for a turn; together with a try it is shorter than a lease."""
UNPACED_MS = 10
KEPT = 1.02
"""So much slower than its workspace's pace goes what nobody waits for. Half of what may go at once
is left for those who wait for an answer, and they go first."""
IDLE_S = 120.0
"""After that a lane is as good as a new one."""

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Idle(Generic[Key, Value]):
    """Values by key, made when they are asked for; those nobody asked for of late are dropped."""

    def __init__(self, make: Callable[[Key], Value]) -> None:
        self._make = make
        self._young: dict[Key, Value] = {}
        self._old: dict[Key, Value] = {}

    def __getitem__(self, key: Key) -> Value:
        if (found := self._young.get(key)) is None:
            found = self._old.pop(key, None) or self._make(key)
            self._young[key] = found
        return found

    def __iter__(self) -> Iterator[Value]:
        yield from self._young.values()
        yield from self._old.values()

    def turn_over(self, in_use: Callable[[Value], bool]) -> None:
        """Everything grows old; what was old already goes, unless it is *in_use*."""
        kept = {key: value for key, value in self._old.items() if in_use(value)}
        self._old, self._young = {**kept, **self._young}, {}


@dataclass(eq=False, slots=True)
class Person:
    """order: one card after the other."""

    pace: AsyncLimiter | None
    order: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def in_use(self) -> bool:
        return self.order.locked()


class Lane:
    """The way out to one workspace. Times are milliseconds since 1970."""

    def __init__(self, pace: Pace | None) -> None:
        self._workspace = _limiter(pace.workspace) if pace else None
        self._unhurried = _limiter(_slower(pace.workspace)) if pace else None
        self._hurried, self._calm = 0, asyncio.Event()
        self._calm.set()
        self._each_ms = each_ms(pace) if pace else UNPACED_MS
        self.people = Idle[bytes, Person](lambda _: Person(_limiter(pace.person) if pace else None))
        self.places = asyncio.Semaphore(AT_ONCE)
        self.waiting = 0
        self._most = WAITING if pace else WAITING_UNPACED
        self._closed_ms = self._line_ms = 0

    def takes(self, now_ms: int, *, hurry: bool = False) -> bool:
        """Whether one more may wait here for its turn."""
        return now_ms >= self._closed_ms and (hurry or self.waiting < self._most)

    def close(self, until_ms: int) -> None:
        """The platform takes nothing from us before then."""
        self._closed_ms = max(self._closed_ms, until_ms)

    def slot(self, now_ms: int, *, hurry: bool = False) -> int:
        """When a card that cannot go now may come again: each at a time of its own, behind those
        that were here before; one in a hurry behind nobody.
        """
        closed = now_ms < self._closed_ms
        first_ms = self._closed_ms if closed else now_ms + round(SOON_S * 1000)
        if hurry:
            return first_ms
        self._line_ms = max(self._line_ms + self._each_ms, first_ms)
        return self._line_ms

    def in_use(self, now_ms: int) -> bool:
        return bool(self.waiting) or now_ms < max(self._closed_ms, self._line_ms)

    async def turn(self, person: Person, *, hurry: bool) -> bool:
        """Wait for the pace that the platform wants. False when it would take too long."""
        try:
            async with asyncio.timeout(SOON_S):
                await self._turn(person, hurry=hurry)
        except TimeoutError:
            return False
        return True

    async def _turn(self, person: Person, *, hurry: bool) -> None:
        if person.pace:
            await person.pace.acquire()
        if self._workspace is None or self._unhurried is None:
            return
        if not hurry:
            await self._unhurried.acquire()
            await self._calm.wait()
            await self._workspace.acquire()
            return
        self._hurried += 1
        self._calm.clear()
        try:
            await self._workspace.acquire()
        finally:
            self._hurried -= 1
            if not self._hurried:
                self._calm.set()


class Lanes:
    """pace: of a platform, None where it sets none."""

    def __init__(self, pace: Callable[[str], Pace | None]) -> None:
        self._lanes = Idle[tuple[bytes, str], Lane](lambda key: Lane(pace(key[1])))
        self._tidied_ms = 0

    def of(self, workspace: bytes, platform: str) -> Lane:
        return self._lanes[workspace, platform]

    def tidy(self, now_ms: int) -> None:
        """Forget those that nothing goes through."""
        if abs(now_ms - self._tidied_ms) < IDLE_S * 1000:
            return
        self._tidied_ms = now_ms
        for lane in self._lanes:
            lane.people.turn_over(lambda person: person.in_use)
        self._lanes.turn_over(lambda lane: lane.in_use(now_ms))


def each_ms(pace: Pace) -> int:
    """Between two cards in one workspace for which nobody waits."""
    return max(1, round(pace.workspace.each_s * KEPT * 1000))


def _slower(rate: Rate) -> Rate:
    return Rate(max(1, rate.burst // 2), rate.each_s * KEPT)


def _limiter(rate: Rate) -> AsyncLimiter:
    return AsyncLimiter(rate.burst, rate.burst * rate.each_s)
