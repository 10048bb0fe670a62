"""Delivers what was committed: one person's cards in order, again when it fails, then no more.

A card that waits for its next try does not hold up newer ones. A workspace that asks us
to wait gets nothing until then.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from bot.core.errors import DeliveryError, LandaError, StorageError
from bot.core.port import Deliver, Outgoing
from bot.runtime import metrics
from bot.runtime.codec import ms, open_outgoing
from bot.runtime.log import LOG, where
from bot.runtime.store import OutboxRow, Store
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
SPREAD_S = 4
"""Cards that were told to wait for the same moment are spread over as much."""
BATCH = 200
AT_ONCE = 32


@dataclass(frozen=True, slots=True)
class Item:
    """A row together with the card it holds, so that fresh ones need not be opened again."""

    row: OutboxRow
    outgoing: Outgoing = field(repr=False)


class Outbox:
    """One for each database. deliver: by platform."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        now: Callable[[], datetime],
        deliver: Mapping[str, Deliver],
    ) -> None:
        self._store, self._vault, self._now, self._deliver = store, vault, now, deliver
        self._orders: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()
        self._places = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        # Row -> until when it is ours to deliver.
        self._held: dict[bytes, int] = {}
        # Rows that are delivered and still stand in the database.
        self._gone: set[bytes] = set()
        self._finished: list[bytes] = []
        self._tidying = False
        # Workspace -> until when it takes nothing.
        self._closed: dict[bytes, int] = {}

    def take(self, item: Item) -> None:
        """Deliver a row that this process holds."""
        self._held[item.row.id] = item.row.due_ms
        self._start(self._send(item))

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
        now_ms = ms(self._now())
        rows = await self._store.claim_outbox(now_ms, now_ms + LEASE_S * 1000, BATCH)
        for row in rows:
            if row.id in self._gone:
                self._finish(row)
            elif row.id in self._held:
                self._held[row.id] = row.due_ms
            else:
                await self._open(row)
        return len(rows)

    async def _open(self, row: OutboxRow) -> None:
        try:
            outgoing = open_outgoing(row.payload, row.id, self._vault, row.workspace + row.person)
        except LandaError:
            LOG.error("outbox.unreadable")
            await self._quietly(self._store.give_up(row.id, "unreadable"))
        else:
            self.take(Item(row, outgoing))

    async def settled(self) -> None:
        """Wait until everything taken has been tried once."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, item: Item) -> None:
        row = item.row
        order = self._orders.setdefault(row.person, asyncio.Lock())
        deliver = self._deliver.get(row.platform)
        try:
            async with order, self._places:
                if deliver and await self._may(row):
                    await self._hand_over(item, deliver)
        finally:
            self._held.pop(row.id, None)

    async def _may(self, row: OutboxRow) -> bool:
        """Whether the row, after waiting for its turn, is still ours and its workspace open."""
        now_ms = ms(self._now())
        if row.id in self._gone or now_ms >= self._held[row.id]:
            return False
        closed_ms = self._closed.get(row.workspace, 0)
        if now_ms < closed_ms:
            at_ms = closed_ms + _part(row, SPREAD_S)
            await self._quietly(self._store.postpone(row.id, at_ms, row.tries))
            return False
        if closed_ms:
            del self._closed[row.workspace]
        return True

    async def _hand_over(self, item: Item, deliver: Deliver) -> None:
        try:
            async with asyncio.timeout(TRY_S):
                await deliver(item.outgoing)
        except DeliveryError as failure:
            await self._quietly(self._failed(item.row, failure))
        except Exception as fault:
            LOG.error("delivery.fault", fault=type(fault).__name__, where=where(fault))
            await self._quietly(self._failed(item.row, DeliveryError("fault", unknown=True)))
        else:
            metrics.DELIVERED.inc()
            self._finish(item.row)

    async def _failed(self, row: OutboxRow, failure: DeliveryError) -> None:
        tries = row.tries + 1
        if failure.permanent or tries >= MOST_TRIES:
            LOG.warning("delivery.given_up", reason=failure.reason, tries=tries)
            metrics.GIVEN_UP.inc()
            await self._store.give_up(row.id, failure.reason[:64])
            return
        LOG.info("delivery.later", reason=failure.reason, tries=tries)
        now_ms = ms(self._now())
        if failure.retry_after_s is None:
            at_ms = now_ms + _part(row, WAITS_S[tries - 1])
        else:
            closed_ms = now_ms + round(min(failure.retry_after_s, LONGEST_S) * 1000)
            self._closed[row.workspace] = max(closed_ms, self._closed.get(row.workspace, 0))
            at_ms = closed_ms + _part(row, SPREAD_S)
        await self._store.postpone(row.id, at_ms, tries)

    def _finish(self, row: OutboxRow) -> None:
        """Take the row away, together with those that finish meanwhile. Until it is gone, it is
        not delivered again."""
        self._gone.add(row.id)
        self._finished.append(row.id)
        if not self._tidying:
            self._tidying = True
            self._start(self._tidy())

    async def _tidy(self) -> None:
        try:
            while self._finished:
                ids, self._finished = self._finished, []
                await self._quietly(self._take_away(ids))
        finally:
            self._tidying = False

    async def _take_away(self, ids: list[bytes]) -> None:
        await self._store.delivered(ids)
        self._gone.difference_update(ids)

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        """A bookkeeping write that fails leaves its row to the next claim."""
        try:
            await work
        except StorageError as fault:
            LOG.error("outbox.storage", fault=str(fault))


def _part(row: OutboxRow, longest_s: float) -> int:
    """Milliseconds between a tenth of *longest_s* and all of it: by the person, so that many
    people's cards spread out while one person's keep their order."""
    share = int.from_bytes(row.person[:2]) / 0x10000
    return round(longest_s * 1000 * (0.1 + 0.9 * share))
