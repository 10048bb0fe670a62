"""Puts the parts together. The only file that knows all of them."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from aiohttp import web as http

from bot.core.errors import NotReadyError, SettingsError
from bot.core.library import Library
from bot.core.port import Deliver
from bot.flows import FLOWS
from bot.platforms import album_of, paces_of, several_of, slack_of, teams_of
from bot.runtime import content, faults, schema, site, web
from bot.runtime import settings as settings_of
from bot.runtime.bell import Bell
from bot.runtime.clock import Clock, schedule
from bot.runtime.entrance import Entrances
from bot.runtime.handle import Turns
from bot.runtime.heartbeat import Heartbeat
from bot.runtime.lane import each_ms
from bot.runtime.line import Line
from bot.runtime.log import LOG
from bot.runtime.outbox import Outbox
from bot.runtime.own import own
from bot.runtime.ownpage import PATH, OwnPage
from bot.runtime.picture import Pictures
from bot.runtime.playtime import MovableClock
from bot.runtime.process import settle_memory, stop_signal
from bot.runtime.reading import Plan
from bot.runtime.redday import RedDays
from bot.runtime.settings import Settings
from bot.runtime.store import Store
from bot.runtime.vault import Vault, unlock

DRAIN_S = 6
"""With the two that open requests get, well under the ten that a service manager waits."""
Now = Callable[[], datetime]


class Platform(Protocol):
    @property
    def ready(self) -> bool: ...


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Room:
    """One database with everything that works on it."""

    store: Store
    vault: Vault
    turns: Turns
    outbox: Outbox
    clock: Clock

    async def drain(self) -> None:
        """Finish what is under way. What cannot be, lies in the database for the next start."""
        try:
            async with asyncio.timeout(DRAIN_S):
                await self.clock.finished()
                await self.turns.drained()
                await self.outbox.settled()
        except TimeoutError:
            LOG.warning("stopping.unfinished")

    async def ready(self) -> None:
        """raises  LandaError when the database does not answer or has another schema."""
        await schema.check(self.store)


def store_of(settings: Settings) -> Store:
    path = settings.sqlite_path
    if path is None:
        from bot.runtime.store.postgres import PostgresStore  # noqa: PLC0415  its driver is not small

        return PostgresStore(settings.database_url)
    return _sqlite(path)


def _sqlite(path: Path) -> Store:
    from bot.runtime.store.sqlite import SqliteStore  # noqa: PLC0415

    return SqliteStore(path)


def library_of(settings: Settings) -> Library:
    """raises  SettingsError with every fault of the content, packs and all."""
    found = content.read(packs=content.named(settings.landa_packs))
    if found.faults:
        raise SettingsError(tuple(map(str, found.faults)))
    return found.library


def plan_of(settings: Settings, library: Library) -> Plan:
    """raises  SettingsError when there are no words in the site's language."""
    if wrong := faults.language(library, settings.landa_locale):
        raise SettingsError(tuple(wrong))
    if wrong := faults.country(settings.country):
        raise SettingsError(tuple(wrong))
    zone, sites = ZoneInfo(settings.landa_timezone), site.read(_site_file(settings))
    off, days = RedDays(settings.country, sites.everywhere.closed), settings.landa_takeover
    takeover = None if days == "never" else days
    door = settings.public_url and settings.public_url + PATH
    return Plan(library, FLOWS, sites, settings.landa_locale, zone, off, takeover, door)


def _site_file(settings: Settings) -> Path | None:
    """Where only the preview runs, made-up people help, so that all of it can be tried."""
    return settings.landa_site or (site.EXAMPLE if settings.preview_alone else None)


@asynccontextmanager
async def room(
    settings: Settings, plan: Plan, store: Store, deliver: Mapping[str, Deliver], now: Now = utc_now
) -> AsyncGenerator[Room]:
    """An open database at work. An SQLite file is made and brought up to date by itself."""
    async with AsyncExitStack() as stack:
        await store.open()
        stack.push_async_callback(store.close)
        await schema.check(store)
        vault = await _unlocked(settings, store)
        paces = paces_of(settings)
        outbox = Outbox(store, vault, now, deliver, paces)
        turns = Turns(plan, store, vault, outbox, now)
        line = Line(plan.off, {name: each_ms(pace) for name, pace in paces.items()})
        bell = Bell(store, vault, turns, now, line)
        heartbeat = Heartbeat(settings.landa_heartbeat_url.get_secret_value())
        clock = Clock(store, bell, outbox, now, heartbeat)
        yield Room(store, vault, turns, outbox, clock)


async def _unlocked(settings: Settings, store: Store) -> Vault:
    keys, before = settings_of.secret_keys(settings), await store.keyring()
    wrapping = unlock(keys, before)
    if wrapping.changed:
        await store.set_keyring(wrapping.wrapped, before)
        # Another process may have been first: what stands in the database counts.
        wrapping = unlock(keys, await store.keyring())
    return wrapping.vault


async def serve(settings: Settings, *, web_side: bool = True, clock_side: bool = True) -> None:
    """Run until asked to stop, then finish what is under way."""
    stop = stop_signal()
    async with AsyncExitStack() as stack:
        plan = plan_of(settings, library_of(settings))
        app = http.Application()
        main = await _main_room(settings, plan, app, stack, web_side=web_side)
        rooms = [main]
        if web_side and settings.platforms:
            _own_page(plan, main, utc_now).mount(app)
        if web_side and clock_side and settings.preview:
            rooms.append(await _preview(settings, plan, app, stack))
        if web_side:
            await web.listen(app, settings.host, settings.port, stack)
        if clock_side:
            schedule([each.clock for each in rooms], stack)
        settle_memory()
        LOG.info("ready", host=settings.host, port=settings.port)
        await stop.wait()
        LOG.info("stopping")


async def _main_room(
    settings: Settings, plan: Plan, app: http.Application, stack: AsyncExitStack, *, web_side: bool
) -> Room:
    path = settings.sqlite_path
    if path is not None:
        own(path, "DATABASE_URL", stack)
    pictures = Pictures(settings.landa_var / "pictures", plan.library)
    deliver: dict[str, Deliver] = {}
    slack = slack_of(settings, utc_now) if settings.slack else None
    teams = teams_of(settings, plan, utc_now) if settings.teams else None
    if slack:
        deliver["slack"] = slack.deliver
    if teams:
        deliver["teams"] = teams.deliver
    main = await stack.enter_async_context(room(settings, plan, store_of(settings), deliver))
    if slack:
        several = several_of(settings, plan, main.store, main.vault, utc_now)
        await slack.open(several, album_of(main.store, main.vault, pictures))
        stack.push_async_callback(slack.close)
        if web_side and not slack.by_socket:
            slack.mount(app, main.turns)
    if teams:
        await teams.open()
        stack.push_async_callback(teams.close)
        if web_side:
            teams.mount(app, main.turns)
    stack.push_async_callback(main.drain)
    if slack and web_side and slack.by_socket:
        # Left before the drain: nothing new comes in while what is under way is finished.
        await stack.enter_async_context(slack.listen(main.turns))
    if web_side:
        open_doors = [each for each in (slack, teams) if each]
        web.mount(app, partial(_ready, main, open_doors), pictures)
    return main


def _own_page(plan: Plan, room: Room, now: Now) -> OwnPage:
    return OwnPage(plan, Entrances(room.store, room.vault, now))


async def _ready(main: Room, platforms: Sequence[Platform]) -> None:
    await main.ready()
    if not all(each.ready for each in platforms):
        raise NotReadyError


async def _preview(
    settings: Settings, plan: Plan, app: http.Application, stack: AsyncExitStack
) -> Room:
    """A team to play with: its own database, its own time, reached from this machine alone."""
    from adapters.web.app import Preview, PreviewConfig  # noqa: PLC0415

    path = settings.landa_var / "preview.db"
    own(path, "LANDA_VAR", stack)
    schema.empty(path)  # its page begins empty too, and its time begins now
    preview = Preview(PreviewConfig(plan.library.words, plan.language))
    clock = MovableClock(ZoneInfo(settings.landa_timezone))
    port = settings.port if settings.preview_alone else settings.landa_preview_port
    plan = replace(plan, door=f"http://127.0.0.1:{port}{PATH}")
    settings = settings.model_copy(update={"landa_heartbeat_url": settings_of.NOTHING})
    played = await stack.enter_async_context(
        room(settings, plan, _sqlite(path), {"web": preview.deliver}, clock.now_utc)
    )
    clock.clock, clock.outbox = played.clock, played.outbox
    stack.push_async_callback(played.drain)
    there = app if settings.preview_alone else http.Application()
    preview.mount(there, played.turns, clock)
    _own_page(plan, played, clock.now_utc).mount(there)
    if there is not app:
        await web.listen(there, "127.0.0.1", port, stack, key="LANDA_PREVIEW_PORT")
    return played
