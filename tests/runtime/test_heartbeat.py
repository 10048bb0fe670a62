"""Somebody outside notices when the clock stops."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from bot.core.library import Library
from bot.runtime.clock import Clock
from bot.runtime.heartbeat import EVERY_S, Heartbeat
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.runtime.parts import Small


class Outside:
    def __init__(self) -> None:
        self.count, self.status = 0, 200
        self.gate = asyncio.Event()
        self.gate.set()

    async def hear(self, _: web.Request) -> web.Response:
        self.count += 1
        await self.gate.wait()
        return web.Response(status=self.status)


@pytest.fixture
def outside() -> Outside:
    return Outside()


@pytest.fixture
async def url(outside: Outside) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/kanariefagel", outside.hear)
    async with TestServer(app) as server:
        yield str(server.make_url("/kanariefagel"))


class Time:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


async def beaten(heartbeat: Heartbeat) -> None:
    heartbeat.beat()
    if heartbeat._task:
        await heartbeat._task


async def test_once_a_minute(outside: Outside, url: str) -> None:
    """However often the clock ticks, it is told of once a minute."""
    time = Time()
    heartbeat = Heartbeat(url, time)
    for _ in range(2 * EVERY_S + 1):
        await beaten(heartbeat)
        time.now_s += 1
    assert outside.count == 3


async def test_nobody_waits_for_it(outside: Outside, url: str) -> None:
    """One that does not answer is not waited for, and not asked twice at a time."""
    outside.gate.clear()
    time = Time()
    heartbeat = Heartbeat(url, time)
    async with asyncio.timeout(2):
        for _ in range(5):
            heartbeat.beat()
            time.now_s += EVERY_S
            await asyncio.sleep(0.02)
        assert outside.count == 1
        await heartbeat.close()
    outside.gate.set()


async def test_a_failure_is_told(outside: Outside, url: str) -> None:
    """A heartbeat that is refused, or cannot be sent, is a line for the operator, without where."""
    time = Time()
    outside.status = 404
    with capture_logs() as logs:
        await beaten(Heartbeat(url, time))
        await beaten(Heartbeat("http://127.0.0.1:1/kanariefagel", time))
        await beaten(Heartbeat("http://", time))
    assert [line["event"] for line in logs] == [
        "heartbeat.refused",
        "heartbeat.failed",
        "heartbeat.failed",
    ]
    assert "kanarie" not in str(logs)


async def test_none_is_wanted() -> None:
    """Where no address is set, nobody is asked."""
    heartbeat = Heartbeat("")
    heartbeat.beat()
    assert heartbeat._task is None
    await heartbeat.close()


async def test_the_tick_beats(
    library: Library, store: Store, vault: Vault, outside: Outside, url: str
) -> None:
    """Each round of the clock is a beat; after the last one there is none."""
    small = Small(library, store, vault)
    heartbeat = Heartbeat(url)
    clock = Clock(store, small.clock._bell, small.outbox, lambda: small.now, heartbeat)
    await clock.tick()
    assert heartbeat._task
    await heartbeat._task
    await clock.tick()
    await clock.finished()
    assert outside.count == 1
