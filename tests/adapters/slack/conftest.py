"""What the tests of the Slack adapter share."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from aiohttp import web

from adapters.slack.app import SlackConfig, SlackPlatform
from bot.core.message import Card, Message
from bot.core.port import Answer, Outgoing
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

    async def __call__(self, inbound: Inbound, *, ride: bool = False) -> Answer:
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


@pytest.fixture
async def landa(slack: StandIn) -> AsyncIterator[Landa]:
    """Landa with a fake `handle`, listening on loopback, pointed at the stand-in."""
    config = SlackConfig(slack.token, slack.secret, slack.api_url)
    landa = Landa(SlackPlatform(config, now), card=Message("Du är här nu."))
    app = web.Application()
    landa.platform.mount(app, landa)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await landa.platform.open()
    landa.url = slack.landa = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield landa
    await landa.platform.close()
    await runner.cleanup()
