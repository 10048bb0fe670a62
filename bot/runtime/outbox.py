"""Delivers what was committed: one person's cards in order, again when it fails, then no more."""

import asyncio
import random
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

LEASE_S = 30
"""How long a process may try before another one does."""
MOST_TRIES = 5
FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 600.0
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
        self._finished: list[bytes] = []
        self._tidying = False
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, item: Item) -> None:
        """Deliver a row that this process holds."""
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
            try:
                outgoing = open_outgoing(
                    row.payload, row.id, self._vault, row.workspace + row.person
                )
            except LandaError:
                await self._quietly(self._store.give_up(row.id, "unreadable"))
                continue
            self.take(Item(row, outgoing))
        return len(rows)

    async def settled(self) -> None:
        """Wait until everything taken has been tried once."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _send(self, item: Item) -> None:
        order = self._orders.setdefault(item.row.person, asyncio.Lock())
        async with order, self._places:
            deliver = self._deliver.get(item.row.platform)
            if deliver is None:
                return
            try:
                await deliver(item.outgoing)
            except DeliveryError as failure:
                await self._quietly(self._failed(item.row, failure))
            except Exception as fault:
                LOG.error("delivery.fault", fault=type(fault).__name__, where=where(fault))
                await self._quietly(self._failed(item.row, DeliveryError("fault", unknown=True)))
            else:
                metrics.DELIVERED.inc()
                self._finish(item.row)

    def _finish(self, row: OutboxRow) -> None:
        """Take the row away, together with those that finish meanwhile."""
        self._finished.append(row.id)
        if len(self._finished) == 1 and not self._tidying:
            self._start(self._tidy())

    async def _tidy(self) -> None:
        self._tidying = True
        while self._finished:
            ids, self._finished = self._finished, []
            await self._quietly(self._store.delivered(ids))
        self._tidying = False

    async def _failed(self, row: OutboxRow, failure: DeliveryError) -> None:
        tries = row.tries + 1
        if failure.permanent or tries >= MOST_TRIES:
            LOG.warning("delivery.given_up", reason=failure.reason, tries=tries)
            metrics.GIVEN_UP.inc()
            await self._store.give_up(row.id, failure.reason[:64])
            return
        wait_s = failure.retry_after_s
        if wait_s is None:
            longest = min(FIRST_WAIT_S * 2**tries, LONGEST_WAIT_S)
            wait_s = random.uniform(longest / 4, longest)  # noqa: S311  spreads retries
        LOG.info("delivery.later", reason=failure.reason, tries=tries)
        await self._store.postpone(row.id, ms(self._now()) + round(wait_s * 1000), tries)

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        """A bookkeeping write that fails leaves its row to the next claim."""
        try:
            await work
        except StorageError as fault:
            LOG.error("outbox.storage", fault=str(fault))
