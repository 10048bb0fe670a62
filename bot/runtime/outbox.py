"""Delivers what was committed: one person's cards in order, again when it fails, then no more.

A card that waits for its next try does not hold up newer ones. Workspaces do not hold up each
other: each has a lane of its own.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.core.errors import DeliveryError, LandaError, StorageError
from bot.core.port import Deliver, Outgoing, Pace
from bot.runtime import metrics
from bot.runtime.codec import ms, open_outgoing
from bot.runtime.lane import Lane, Lanes
from bot.runtime.log import LOG, where
from bot.runtime.store import Later, OutboxRow, Store
from bot.runtime.store.people import SHUT, unsettling
from bot.runtime.together import Together
from bot.runtime.vault import Vault

LEASE_S = 15
"""How long a process may try before another one does."""
TRY_S = 12
"""A platform that has not answered by then has failed; shorter than the lease."""
MOST_TRIES = 5
WAITS_S = (4, 20, 100, 500)
"""The longest wait after each failed try."""
LONGEST_S = 3600
"""A platform may ask for more; then it is asked again after this long."""
BATCH = 200
ROUNDS = 50
"""How many batches are claimed at once, so that nobody waits behind the cards of one workspace."""


@dataclass(frozen=True, slots=True)
class Item:
    """A row together with the card it holds, so that fresh ones need not be opened again.

    hurry  somebody waits for it.
    rides  it may be put into the platform's answer.
    """

    row: OutboxRow
    outgoing: Outgoing = field(repr=False)
    hurry: bool = False
    rides: bool = False


class Outbox:
    """One for each database. deliver, paces: by platform."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        now: Callable[[], datetime],
        deliver: Mapping[str, Deliver],
        paces: Mapping[str, Pace] | None = None,
    ) -> None:
        self._store, self._vault, self._now, self._deliver = store, vault, now, deliver
        self._lanes = Lanes((paces or {}).get)
        self._tasks: set[asyncio.Task[None]] = set()
        # Row -> until when it is ours to deliver.
        self._held: dict[bytes, int] = {}
        # Rows that are delivered and still stand in the database.
        self._gone: set[bytes] = set()
        self._delivered = Together(self._take_away, self._start)
        self._later = Together(store.postpone, self._start)

    def take(self, item: Item) -> None:
        """Deliver a row that this process holds, or leave it until its workspace takes more."""
        row = item.row
        lane, now_ms = self._lanes.of(row.workspace, row.platform), ms(self._now())
        if lane.takes(now_ms, hurry=item.hurry):
            self._held[row.id] = row.due_ms
            lane.waiting += 1
            self._start(self._send(item, lane))
        else:
            self._put_off(row, lane.slot(now_ms, hurry=item.hurry))

    def once(self, platform: str, outgoing: Outgoing) -> None:
        """Deliver a card that could not be stored, if it can be done now."""
        self._start(self._try(platform, outgoing))

    async def _try(self, platform: str, outgoing: Outgoing) -> None:
        try:
            await self._deliver[platform](outgoing)
        except Exception as fault:
            LOG.error("delivery.fault", fault=type(fault).__name__, where=where(fault))

    def ridden(self, row: OutboxRow) -> None:
        """The card has been written into the platform's answer."""
        self._finish(row)

    async def claim(self) -> int:
        """Take over what nobody is delivering. Returns how many rows."""
        count = 0
        for _ in range(ROUNDS):
            now_ms = ms(self._now())
            rows = await self._store.claim_outbox(now_ms, now_ms + LEASE_S * 1000, BATCH)
            for row in rows:
                await self._claimed(row)
            count += len(rows)
            if len(rows) < BATCH:
                break
        self._lanes.tidy(ms(self._now()))
        return count

    async def _claimed(self, row: OutboxRow) -> None:
        lane, now_ms = self._lanes.of(row.workspace, row.platform), ms(self._now())
        if row.id in self._gone:
            self._finish(row)
        elif row.id in self._held:
            self._held[row.id] = row.due_ms
        elif lane.takes(now_ms):
            await self._open(row)
        else:
            self._put_off(row, lane.slot(now_ms))

    async def _open(self, row: OutboxRow) -> None:
        try:
            outgoing = open_outgoing(row.payload, row.id, self._vault, row.workspace + row.person)
        except LandaError:
            LOG.error("outbox.unreadable")
            await self._give_up(row, DeliveryError("unreadable", permanent=True))
        else:
            self.take(Item(row, replace(outgoing, doubts=row.earlier)))

    async def settled(self) -> None:
        """Wait until everything taken has been tried once."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, item: Item, lane: Lane) -> None:
        row, person = item.row, lane.people[item.row.person]
        deliver = self._deliver.get(row.platform)
        try:
            async with person.order:
                if deliver is None or not self._is_ours(row):
                    return
                in_time = await lane.turn(person, hurry=item.hurry)
                async with lane.places:
                    now_ms = ms(self._now())
                    if not self._is_ours(row):
                        return
                    if in_time and lane.takes(now_ms, hurry=True):
                        if not row.once or await self._departs(row):
                            await self._hand_over(item, deliver, lane)
                    else:
                        self._put_off(row, lane.slot(now_ms, hurry=item.hurry))
        finally:
            lane.waiting -= 1
            self._held.pop(row.id, None)

    def _is_ours(self, row: OutboxRow) -> bool:
        """Whether the row, after waiting for its turn, is still ours to deliver."""
        return row.id not in self._gone and ms(self._now()) < self._held[row.id]

    async def _departs(self, row: OutboxRow) -> bool:
        """Whether a nudge goes out: once, or not at all. Its row says so before it does."""
        try:
            if await self._store.depart(row.id, self._held[row.id]):
                return True
        except StorageError as fault:
            LOG.error("outbox.storage", fault=str(fault))
            return False
        self._drop(row, "unwanted")
        return False

    async def _hand_over(self, item: Item, deliver: Deliver, lane: Lane) -> None:
        try:
            async with asyncio.timeout(TRY_S):
                await deliver(item.outgoing)
        except DeliveryError as failure:
            await self._failed(item.row, failure, lane)
        except Exception as fault:
            LOG.error("delivery.fault", fault=type(fault).__name__, where=where(fault))
            await self._failed(item.row, DeliveryError("fault", unknown=True), lane)
        else:
            metrics.DELIVERED.inc()
            self._finish(item.row)

    async def _failed(self, row: OutboxRow, failure: DeliveryError, lane: Lane) -> None:
        busy_s = failure.retry_after_s
        # To be told to wait is no failure of the card's own.
        tried = replace(row, tries=row.tries + (busy_s is None))
        if failure.permanent or tried.tries >= MOST_TRIES:
            LOG.warning("delivery.given_up", reason=failure.reason, tries=tried.tries)
            metrics.GIVEN_UP.inc()
            await self._give_up(row, failure)
            return
        LOG.info("delivery.later", reason=failure.reason, tries=tried.tries)
        now_ms = ms(self._now())
        if busy_s is None:
            at_ms = now_ms + _part(row, WAITS_S[row.tries])
        else:
            lane.close(now_ms + round(min(busy_s, LONGEST_S) * 1000))
            at_ms = lane.slot(now_ms)
        self._put_off(tried, at_ms, unknown=failure.unknown)

    def _put_off(self, row: OutboxRow, at_ms: int, *, unknown: bool = False) -> None:
        """unknown: a try has just ended, nobody knows how."""
        if row.once and (unknown or at_ms >= row.expires_ms):
            self._drop(row, "unknown" if unknown else "expired")
            return
        self._later.add(Later(row.id, at_ms, row.tries, row.doubts - 1 + unknown))

    def _drop(self, row: OutboxRow, why: str) -> None:
        """A nudge that nobody misses."""
        metrics.NUDGES.labels(why).inc()
        self._finish(row)

    def _finish(self, row: OutboxRow) -> None:
        """Take the row away. Until it is gone, it is not delivered again."""
        self._gone.add(row.id)
        self._delivered.add(row.id)

    async def _take_away(self, ids: Sequence[bytes]) -> None:
        await self._store.delivered(ids)
        self._gone.difference_update(ids)

    async def _give_up(self, row: OutboxRow, failure: DeliveryError) -> None:
        """Where this cannot be written either, the row is left to the next claim."""
        try:
            if failure.shut:
                await self._store.ask(unsettling(row.person))
            reason = SHUT if failure.shut else failure.reason
            await self._store.give_up(row.id, reason[:64])
        except StorageError as fault:
            LOG.error("outbox.storage", fault=str(fault))


def _part(row: OutboxRow, longest_s: float) -> int:
    """Milliseconds between a tenth of *longest_s* and all of it: by the person, so that many
    people's cards spread out while one person's keep their order."""
    share = int.from_bytes(row.person[:2]) / 0x10000
    return round(longest_s * 1000 * (0.1 + 0.9 * share))
