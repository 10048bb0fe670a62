"""A whole Landa in front of the stand-in: the real runtime, a database, a clock moved by hand."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from adapters.slack.app import SlackConfig, SlackPlatform
from bot.core.library import Library
from bot.core.play import Flows
from bot.flows import FLOWS
from bot.runtime.bell import Bell
from bot.runtime.clock import Clock
from bot.runtime.handle import Turns
from bot.runtime.line import Line
from bot.runtime.outbox import Outbox
from bot.runtime.reading import Plan
from bot.runtime.schema import prepare_sqlite
from bot.runtime.site import Sites
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.vault import Vault
from tests.adapters.slack.conftest import listening
from tests.chat import OFF, SITES, START
from tests.standin_slack import StandIn

ANNA, BO = "U0ANNA001", "U0BO00001"
PICTURES = "https://landa.example.se"
ROOM, CLOSED = "C0ENHET01", "G0STANGD1"


@dataclass
class Time:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def timestamp(self) -> float:
        return self.now.timestamp()


@dataclass
class Landa:
    """A whole Landa in this process, with a database of its own and a clock moved by hand."""

    platform: SlackPlatform
    store: SqliteStore
    turns: Turns
    outbox: Outbox
    clock: Clock
    time: Time

    async def settled(self) -> None:
        """Wait for what follows by itself."""
        await self.turns.drained()
        await self.outbox.settled()
        await self.platform.settled()
        await self.outbox.settled()

    async def later(self, seconds: int) -> None:
        self.time.now += timedelta(seconds=seconds)
        await self.clock.tick()
        await self.settled()


@asynccontextmanager
async def landa(
    slack: StandIn,
    path: Path,
    library: Library,
    vault: Vault,
    language: str = "sv",
    flows: Flows = FLOWS,
    sites: Sites = SITES,
    door: str = "",
) -> AsyncGenerator[Landa]:
    prepare_sqlite(path)
    time, store = Time(), SqliteStore(path)
    app_token = slack.app_token if slack.by_socket else ""
    config = SlackConfig(slack.token, slack.secret, slack.api_url, PICTURES, app_token)
    platform = SlackPlatform(config, time)
    slack.clock = time.timestamp
    await store.open()
    outbox = Outbox(store, vault, time, {"slack": platform.deliver})
    plan = Plan(library, flows, sites, language, off=OFF, door=door)
    turns = Turns(plan, store, vault, outbox, time)
    clock = Clock(store, Bell(store, vault, turns, time, Line(OFF)), outbox, time)
    running = Landa(platform, store, turns, outbox, clock, time)
    await platform.open()
    if slack.by_socket:
        async with platform.listen(turns):
            yield running
    else:
        async with listening(platform, turns) as slack.landa:
            yield running
    await running.settled()
    await platform.close()
    await store.close()
