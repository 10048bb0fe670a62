"""Tells somebody outside that the clock goes on. When it stops, they say so."""

import asyncio
from collections.abc import Callable
from time import monotonic

import aiohttp

from bot.runtime.log import LOG

EVERY_S = 60
TRY_S = 10


class Heartbeat:
    """url: asked for at most once a minute; "": never. It may hold a secret, and is not told."""

    def __init__(self, url: str, monotonic: Callable[[], float] = monotonic) -> None:
        self._url, self._monotonic = url, monotonic
        self._beaten_s = -float(EVERY_S)
        self._task: asyncio.Task[None] | None = None

    def beat(self) -> None:
        """Never waits, and never raises."""
        now_s = self._monotonic()
        if not self._url or now_s - self._beaten_s < EVERY_S:
            return
        if self._task is None or self._task.done():
            self._beaten_s = now_s
            self._task = asyncio.create_task(self._ask())

    async def close(self) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _ask(self) -> None:
        limit = aiohttp.ClientTimeout(total=TRY_S)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit, trust_env=True) as session,
                session.get(self._url, allow_redirects=False) as answer,
            ):
                if answer.status >= 300:
                    LOG.warning("heartbeat.refused", reason=str(answer.status))
        except (aiohttp.ClientError, OSError, ValueError) as fault:
            LOG.warning("heartbeat.failed", fault=type(fault).__name__)
