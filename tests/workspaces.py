"""A Landa for several workspaces, with the real runtime, in front of the stand-in for Slack."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientSession, CookieJar, web
from pydantic import SecretStr

from adapters.slack.app import SlackPlatform
from bot.core.library import Library
from bot.platforms import registry_of, several_of, slack_of
from bot.runtime.installations import Registry
from bot.runtime.settings import Settings
from bot.runtime.site import EXAMPLE
from bot.runtime.slots import Owner, reminder_row
from bot.runtime.store import Commit, DueRow, OutboxRow, Store
from bot.runtime.store.nudges import reminding
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.tables import METADATA
from bot.runtime.vault import new_key
from bot.wiring import Room, plan_of, room
from tests.postgres import free_port
from tests.standin_slack import StandIn
from tests.standin_slack.world import Site

A, B = Site("T0LANDA01"), Site("T0BBBB001")
REGION = Site("", "E0REGION1", ("T0CCCC001", "T0DDDD001"))
HOMES = {
    "U0ANNA001": A.team,
    "C0ENHET01": A.team,
    "U0BODIL01": B.team,
    "C0BBBB001": B.team,
    "U0CECIL01": "T0CCCC001",
    "U0DORIS01": "T0DDDD001",
}


@dataclass
class Time:
    """Everybody's clock: Landa's and Slack's."""

    shift: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def later(self, **by: float) -> None:
        self.shift += timedelta(**by)


@dataclass
class Many:
    slack: StandIn
    platform: SlackPlatform
    room: Room
    registry: Registry
    time: Time
    url: str

    async def install(self, site: Site | None) -> Any:
        """Somebody says yes on Slack's page. The status and text of where they end."""
        if site:
            self.slack.approving["next"] = site
        async with visitor() as them, them.get(f"{self.url}/slack/install") as answer:
            return answer.status, await answer.text()

    def workspace(self, team: str) -> bytes:
        return self.room.vault.hash("workspace", "slack", team)

    def person(self, team: str, user: str) -> bytes:
        return self.room.vault.hash("person", "slack", team, user)

    async def leave(self, team: str, user: str) -> None:
        """Everything that may lie in the database about one person of a workspace."""
        now_ms = round(self.time.now().timestamp() * 1000)
        person, workspace = self.person(team, user), self.workspace(team)
        card = OutboxRow(person, person, workspace, "slack", b"sealed", now_ms, now_ms + 60_000)
        due = DueRow(person, workspace, "slack", 1, now_ms + 60_000, b"sealed")
        owner, at = Owner(person, workspace, "slack"), self.time.now() + timedelta(minutes=1)
        wanted = reminding(reminder_row(owner, "after", at, b"sealed"))
        turn = Commit(person, person, workspace, None, 1, now_ms, b"s", b"p", (card,), due, wanted)
        assert await self.room.store.commit(turn) == "done"

    async def rows(self, table: str) -> list[dict[str, Any]]:
        return await rows(self.room.store, table)

    async def of(self, team: str) -> dict[str, int]:
        """How many rows there are of that workspace's people that still say something."""
        place, count = self.workspace(team), {}
        for table in ("conversation", "person", "outbox", "due", "nudge", "team", "lead"):
            found = [row for row in await self.rows(table) if bytes(row["workspace"]) == place]
            count[table] = sum(row.get("given_up") is None for row in found)
        return count

    async def settled(self) -> None:
        await self.room.turns.drained()
        await self.room.outbox.settled()
        await self.platform.settled()
        await self.room.outbox.settled()


async def rows(store: Store, table: str) -> list[dict[str, Any]]:
    """As they lie in the database."""
    assert table in METADATA.tables
    if isinstance(store, SqliteStore):
        found = store._reader.execute(f"SELECT * FROM {table}")
        names = [each[0] for each in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    pool: Any = getattr(store, "_pool")  # noqa: B009
    return [dict(row) for row in await pool.fetch(f"SELECT * FROM {table}")]


def visitor() -> ClientSession:
    """A browser of its own."""
    return ClientSession(cookie_jar=CookieJar(unsafe=True))


def settings_of(slack: StandIn, url: str, keys: str) -> Settings:
    return Settings.model_construct(
        public_url=url,
        slack_client_id=slack.client_id,
        slack_client_secret=SecretStr(slack.client_secret),
        slack_signing_secret=SecretStr(slack.secret),
        slack_api_url=slack.api_url,
        slack_authorize_url=f"{slack.url}/oauth/v2/authorize",
        landa_secret_keys=SecretStr(keys),
        landa_site=EXAMPLE,
    )


@asynccontextmanager
async def many(
    slack: StandIn, library: Library, store: Store, time: Time, keys: str = ""
) -> AsyncGenerator[Many]:
    """A running Landa on *store*, which is opened and closed here."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = settings_of(slack, url, keys or new_key())
    plan = plan_of(settings, library)
    platform = slack_of(settings, time.now)
    slack.clock = lambda: time.now().timestamp()
    slack.landa = url
    slack.homes.update(HOMES)
    async with AsyncExitStack() as stack:
        deliver = {"slack": platform.deliver}
        main = await stack.enter_async_context(room(settings, plan, store, deliver, time.now))
        await platform.open(several_of(settings, plan, main.store, main.vault, time.now))
        stack.push_async_callback(platform.close)
        app = web.Application()
        platform.mount(app, main.turns)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", port).start()
        registry = registry_of(main.store, main.vault, time.now)
        running = Many(slack, platform, main, registry, time, url)
        yield running
        await running.settled()
