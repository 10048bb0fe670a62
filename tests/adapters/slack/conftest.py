"""What the tests of the Slack adapter share."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from aiohttp import web

from adapters.slack.app import SlackConfig, SlackPlatform
from bot.core.message import Card, Message
from bot.core.port import Album, Answer, Handle, Outgoing
from bot.core.turn import Inbound
from tests.standin_slack import StandIn


@dataclass
class Landa:
    """A `Handle` that takes everything down and answers what it was told to."""

    platform: SlackPlatform
    url: str = ""
    taken: list[Inbound] = field(default_factory=list)
    answer: Answer = field(default_factory=lambda: Answer("new"))
    card: Card | None = None
    fault: Exception | None = None
    ridden: int = 0

    async def __call__(
        self, inbound: Inbound, *, ride: bool = False, patient: bool = False
    ) -> Answer:
        self.taken.append(inbound)
        if self.fault:
            raise self.fault
        if ride and self.card:
            return Answer(self.answer.taken, outgoing(self.card, inbound), self.rode)
        return self.answer

    def rode(self) -> None:
        self.ridden += 1


def outgoing(card: Card, inbound: Inbound, *, replace: bool = True) -> Outgoing:
    return Outgoing("row-1", inbound.place.address, replace, card, "sv", inbound.at)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
async def slack() -> AsyncIterator[StandIn]:
    async with StandIn() as standin:
        standin.retry_waits_s = (0.0, 0.0, 0.0)
        yield standin


@asynccontextmanager
async def running(
    slack: StandIn, *, by_socket: bool = False, album: Album | None = None
) -> AsyncGenerator[Landa]:
    """Landa with a fake `handle`, pointed at the stand-in, and the stand-in at it."""
    app_token = slack.app_token if by_socket else ""
    config = SlackConfig(slack.token, slack.secret, slack.api_url, app_token=app_token)
    landa = Landa(SlackPlatform(config, now), card=Message("Du är här nu."))
    slack.by_socket = by_socket
    await landa.platform.open(album=album)
    if by_socket:
        async with landa.platform.listen(landa):
            yield landa
    else:
        async with listening(landa.platform, landa) as url:
            landa.url = slack.landa = url
            yield landa
    await landa.platform.close()


@asynccontextmanager
async def listening(platform: SlackPlatform, handle: Handle) -> AsyncGenerator[str]:
    """The platform mounted on loopback. Gives its address."""
    app = web.Application()
    platform.mount(app, handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def landa(slack: StandIn) -> AsyncIterator[Landa]:
    async with running(slack) as landa:
        yield landa


@pytest.fixture(params=["http", "socket"])
async def either(slack: StandIn, request: pytest.FixtureRequest) -> AsyncIterator[Landa]:
    """The same tests by both ways in."""
    slack.ack_s = 0.3
    async with running(slack, by_socket=request.param == "socket") as landa:
        yield landa


@pytest.fixture
async def by_socket(slack: StandIn) -> AsyncIterator[Landa]:
    async with running(slack, by_socket=True) as landa:
        yield landa


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)
