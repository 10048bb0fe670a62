"""What the tests of the Teams adapter share."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from adapters.teams.app import Speech, TeamsPlatform
from adapters.teams.config import TeamsConfig
from adapters.teams.gate import Gate
from bot.core.message import Card, Message
from bot.core.port import Answer, Outgoing
from bot.core.turn import Inbound
from bot.runtime import content
from tests.standin_teams import APP, SECRET, TENANT, StandIn

KITS = ("botbuilder", "agents")


@dataclass
class Landa:
    """A `Handle` that takes everything down and answers what it was told to."""

    platform: TeamsPlatform
    url: str = ""
    taken: list[Inbound] = field(default_factory=list)
    answer: Answer = field(default_factory=lambda: Answer("new"))
    card: Card | None = None
    fault: Exception | None = None

    async def __call__(
        self, inbound: Inbound, *, ride: bool = False, patient: bool = False
    ) -> Answer:
        self.taken.append(inbound)
        if self.fault:
            raise self.fault
        if self.card and "card" in inbound.place.address:
            return Answer(self.answer.taken, rewrite=outgoing(self.card, inbound))
        return self.answer

    @property
    def gate(self) -> Gate:
        return self.platform._gate


def outgoing(card: Card, inbound: Inbound, *, replace: bool = True) -> Outgoing:
    return Outgoing("row-1", inbound.place.address, replace, card, "sv", inbound.at)


def now() -> datetime:
    return datetime.now(UTC)


def config(teams: StandIn, **other: Any) -> TeamsConfig:
    """As an operator has it, pointed at the stand-in."""
    fields = {
        "app_id": APP,
        "password": SECRET,
        "tenant": TENANT,
        "openid_url": teams.openid_url,
        "login_url": teams.login_url,
        "service_url": teams.service_url,
        **other,
    }
    return TeamsConfig(**fields)


def speech() -> Speech:
    return Speech(content.read().library.words, "sv")


@asynccontextmanager
async def running(teams: StandIn, **other: Any) -> AsyncGenerator[Landa]:
    """Landa with a fake `handle`, pointed at the stand-in, and the stand-in at it."""
    landa = Landa(TeamsPlatform(config(teams, **other), speech(), now), card=Message("Klart."))
    await landa.platform.open()
    app = web.Application()
    landa.platform.mount(app, landa)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    landa.url = teams.landa = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield landa
    finally:
        await runner.cleanup()
        await landa.platform.close()


@pytest.fixture
async def teams() -> AsyncIterator[StandIn]:
    async with StandIn() as standin:
        yield standin


@pytest.fixture
async def landa(teams: StandIn) -> AsyncIterator[Landa]:
    async with running(teams) as landa:
        yield landa


@pytest.fixture(params=KITS)
async def either(teams: StandIn, request: pytest.FixtureRequest) -> AsyncIterator[Landa]:
    """The same tests with each kit behind the door."""
    async with running(teams, kit=request.param) as landa:
        yield landa


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():
            await asyncio.sleep(0.01)
