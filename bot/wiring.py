"""Puts the parts together. The only file that knows all of them."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from aiohttp import web as http

from bot.core.errors import SchemaError, SettingsError
from bot.core.library import Library
from bot.core.port import Deliver
from bot.flows import FLOWS
from bot.runtime import content, schema, site, web
from bot.runtime import settings as settings_of
from bot.runtime.clock import TICK_S, Clock
from bot.runtime.handle import Plan, Turns
from bot.runtime.lock import only_one
from bot.runtime.log import LOG
from bot.runtime.outbox import Outbox
from bot.runtime.picture import Pictures
from bot.runtime.settings import Settings
from bot.runtime.store import Store
from bot.runtime.vault import unlock

if TYPE_CHECKING:
    from adapters.slack.app import SlackPlatform

DRAIN_S = 10
Now = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Room:
    """One database with everything that works on it."""

    store: Store
    turns: Turns
    outbox: Outbox
    clock: Clock

    async def ready(self) -> None:
        """raises  LandaError when the database does not answer or has another schema."""
        await check_schema(self.store)

    async def drain(self) -> None:
        async with asyncio.timeout(DRAIN_S):
            await self.turns.drained()
            await self.outbox.settled()


def store_of(settings: Settings) -> Store:
    path = settings.sqlite_path
    if path is None:
        from bot.runtime.store.postgres import PostgresStore  # noqa: PLC0415  its driver is not small

        return PostgresStore(settings.database_url)
    return _sqlite(path)


def _sqlite(path: Path) -> Store:
    from bot.runtime.store.sqlite import SqliteStore  # noqa: PLC0415

    return SqliteStore(path)


async def check_schema(store: Store) -> None:
    if await store.revision() != schema.newest():
        raise SchemaError


def library_of() -> Library:
    """raises  SettingsError with every fault of the content."""
    found = content.read()
    if found.faults:
        raise SettingsError(tuple(map(str, found.faults)))
    return found.library


def plan_of(settings: Settings, library: Library) -> Plan:
    """raises  SettingsError when there are no words in the site's language."""
    if settings.landa_locale not in library.languages:
        known = ", ".join(library.languages)
        raise SettingsError((f"LANDA_LOCALE: Landa speaks {known}.",))
    return Plan(library, FLOWS, site.read(settings.landa_site), settings.landa_locale)


@asynccontextmanager
async def room(
    settings: Settings, plan: Plan, store: Store, deliver: Mapping[str, Deliver], now: Now = utc_now
) -> AsyncIterator[Room]:
    """An open database at work. An SQLite file is made and brought up to date by itself."""
    async with AsyncExitStack() as stack:
        await store.open()
        stack.push_async_callback(store.close)
        await check_schema(store)
        wrapping = unlock(settings_of.secret_keys(settings), await store.keyring())
        if wrapping.changed:
            await store.set_keyring(wrapping.wrapped)
        outbox = Outbox(store, wrapping.vault, now, deliver)
        turns = Turns(plan, store, wrapping.vault, outbox, now)
        yield Room(store, turns, outbox, Clock(store, wrapping.vault, turns, outbox, now))


def prepare_sqlite(path: Path) -> None:
    """A new or older file gets this version's tables."""
    if _revision(path) != schema.newest():
        path.parent.mkdir(parents=True, exist_ok=True)
        schema.migrate(f"sqlite:///{path}")
        path.chmod(0o600)


def _revision(path: Path) -> str | None:
    import sqlite3  # noqa: PLC0415

    if not path.exists():
        return None
    connection = sqlite3.connect(path)
    try:
        rows = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.Error:
        return None
    finally:
        connection.close()
    return rows[0][0] if rows else None


@dataclass(slots=True)
class MovableClock:
    """The preview's time: ours, moved forward by hand. In the site's zone."""

    zone: ZoneInfo
    room: Room | None = None
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return utc_now().astimezone(self.zone) + self.ahead

    def now_utc(self) -> datetime:
        return self.now().astimezone(UTC)

    async def forward(self, seconds: int) -> None:
        self.ahead += timedelta(seconds=seconds)
        if self.room:
            await self.room.clock.tick()
            await self.room.outbox.settled()


def slack_of(settings: Settings, now: Now = utc_now) -> "SlackPlatform":
    from adapters.slack.app import SlackConfig, SlackPlatform  # noqa: PLC0415  only when switched on

    config = SlackConfig(
        settings.slack_bot_token.get_secret_value(),
        settings.slack_signing_secret.get_secret_value(),
        settings.slack_api_url,
        settings.public_url,
    )
    return SlackPlatform(config, now)


async def serve(settings: Settings, *, web_side: bool = True, clock_side: bool = True) -> None:
    """Run until asked to stop, then finish what is under way."""
    stop = _stop_signal()
    async with AsyncExitStack() as stack:
        plan = plan_of(settings, library_of())
        pictures = Pictures(settings.landa_var / "pictures")
        app = http.Application()
        main = await _main_room(settings, plan, app, stack, web_side=web_side)
        if web_side:
            web.mount(app, main.ready, plan.library, pictures)
        rooms = [main]
        if web_side and clock_side and settings.preview:
            rooms.append(await _preview(settings, plan, app, stack))
        if web_side:
            await _listen(app, settings.host, settings.port, stack)
        if clock_side:
            _tick([each.clock for each in rooms], stack)
        LOG.info("ready", host=settings.host, port=settings.port)
        await stop.wait()
        LOG.info("stopping")
        for each in rooms:
            await _drained(each)


async def _main_room(
    settings: Settings, plan: Plan, app: http.Application, stack: AsyncExitStack, *, web_side: bool
) -> Room:
    path = settings.sqlite_path
    if path is not None:
        stack.enter_context(only_one(path))
        prepare_sqlite(path)
    deliver: dict[str, Deliver] = {}
    slack = slack_of(settings) if settings.slack else None
    if slack:
        deliver["slack"] = slack.deliver
    main = await stack.enter_async_context(room(settings, plan, store_of(settings), deliver))
    if slack:
        await slack.open()
        stack.push_async_callback(slack.close)
        if web_side:
            slack.mount(app, main.turns)
    return main


async def _preview(
    settings: Settings, plan: Plan, app: http.Application, stack: AsyncExitStack
) -> Room:
    """A team to play with: its own database, its own time, reached from this machine alone."""
    from adapters.web.app import Preview, PreviewConfig  # noqa: PLC0415

    path = settings.landa_var / "preview.db"
    stack.enter_context(only_one(path))
    prepare_sqlite(path)
    preview = Preview(PreviewConfig(plan.library.words, plan.language))
    clock = MovableClock(ZoneInfo(settings.landa_timezone))
    played = await stack.enter_async_context(
        room(settings, plan, _sqlite(path), {"web": preview.deliver}, clock.now_utc)
    )
    clock.room = played
    if settings.preview_alone:
        preview.mount(app, played.turns, clock)
    else:
        own = http.Application()
        preview.mount(own, played.turns, clock)
        await _listen(own, "127.0.0.1", settings.landa_preview_port, stack)
    return played


async def _listen(app: http.Application, host: str, port: int, stack: AsyncExitStack) -> None:
    runner = http.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await http.TCPSite(runner, host, port).start()


def _tick(clocks: list[Clock], stack: AsyncExitStack) -> None:
    """The one scheduled job."""
    from apscheduler.schedulers.asyncio import AsyncIOScheduler  # noqa: PLC0415

    async def tick() -> None:
        for each in clocks:
            await each.tick()

    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(
        tick, "interval", seconds=TICK_S, max_instances=1, coalesce=True, misfire_grace_time=None
    )
    scheduler.start()
    stack.callback(scheduler.shutdown, wait=False)


async def _drained(each: Room) -> None:
    try:
        await each.drain()
    except TimeoutError:
        LOG.warning("stopping.unfinished")


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop
