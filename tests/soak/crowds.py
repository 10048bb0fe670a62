"""Workspaces full of people who have asked to hear from Landa at the same moment."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from bot.core.installation import Installation
from bot.core.nudge import Nudges, Slot
from bot.core.turn import Hints, Person, Place
from bot.runtime import codec, schema
from bot.runtime.installations import Registry
from bot.runtime.slots import Owner, reminder_row, slot_rows
from bot.runtime.store import Store
from bot.runtime.store.nudges import reminding, setting
from bot.runtime.store.postgres import PostgresStore
from bot.runtime.store.question import Ask
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.vault import Vault, parse_keys, unlock
from tests.standin_slack import StandIn
from tests.standin_slack.world import Grant

EVERY_DAY = frozenset(range(1, 8))
PART = 50


@dataclass(frozen=True)
class Crowd:
    """*workspaces* of *each* people, all due at *due*, aware UTC, a whole minute.

    name  tells it from another crowd, in capitals.
    """

    name: str
    workspaces: int
    each: int
    due: datetime
    reminders: bool = False

    def users(self) -> Iterator[tuple[str, str]]:
        """(team, user)."""
        for place in range(self.workspaces):
            team = f"T0{self.name}{place:02}"
            yield from ((team, f"U0{self.name}{place:02}X{n:05}") for n in range(self.each))


def this_minute() -> datetime:
    return datetime.now(UTC).replace(second=0, microsecond=0)


def soon(seconds: float) -> datetime:
    """The first whole minute that is at least so far away."""
    at = datetime.now(UTC) + timedelta(seconds=seconds, minutes=1)
    return at.replace(second=0, microsecond=0)


def settings(slack: StandIn, keys: str, faster: float) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": "",
        "SLACK_CLIENT_ID": slack.client_id,
        "SLACK_CLIENT_SECRET": slack.client_secret,
        "LANDA_SECRET_KEYS": keys,
        "LANDA_COUNTRY": "none",
        "PUBLIC_URL": "http://127.0.0.1:1",
        "FASTER": str(faster),
    }


async def fill(slack: StandIn, database: str, keys: str, *crowds: Crowd) -> None:
    """A new database in which Landa is installed everywhere, and everybody has said yes."""
    store = await asyncio.to_thread(_migrated, database)
    await store.open()
    before = await store.keyring()
    wrapping = unlock(parse_keys(keys), before)
    await store.set_keyring(wrapping.wrapped, before)
    for crowd in crowds:
        await _install(slack, store, wrapping.vault, crowd)
        users = crowd.users()
        while some := list(islice(users, PART)):
            people = [Person("slack", team, user) for team, user in some]
            asks = [ask for each in people for ask in _asks(wrapping.vault, crowd, each)]
            await store.ask(*asks)
    await store.close()


def _migrated(database: str) -> Store:
    if not database.startswith("sqlite"):
        schema.migrate(database)
        return PostgresStore(database)
    path = Path(database.removeprefix("sqlite:///"))
    schema.prepare_sqlite(path)
    return SqliteStore(path)


async def _install(slack: StandIn, store: Store, vault: Vault, crowd: Crowd) -> None:
    registry = Registry("slack", store, vault, lambda: datetime.now(UTC))
    for team in sorted({team for team, _ in crowd.users()}):
        token, since = f"xoxb-{team}", datetime.now(UTC) - timedelta(days=1)
        slack.grants[token] = Grant((team,))
        await registry.begin(Installation(team, "", token, slack.bot_user, ("chat:write",), since))
    slack.homes.update({user: team for team, user in crowd.users()})


def _asks(vault: Vault, crowd: Crowd, person: Person) -> tuple[Ask, ...]:
    workspace = vault.hash("workspace", "slack", person.workspace)
    owner = Owner(vault.hash("person", "slack", person.workspace, person.id), workspace, "slack")
    address: dict[str, Any] = {"team": person.workspace, "user": person.id, "dm": True}
    waiting = codec.Waiting(person, Place("private", address), 0, Hints("sv"), "after")
    bound_to = workspace + owner.hash
    payload = codec.seal_call(waiting, vault, bound_to)
    if crowd.reminders:
        return reminding(reminder_row(owner, "after", crowd.due, payload))
    nudges = Nudges("UTC", (Slot("pause", "pause", crowd.due.time(), EVERY_DAY),))
    rows = slot_rows(owner, nudges, payload, crowd.due - timedelta(minutes=1), ())
    return setting(owner.hash, workspace, codec.seal_nudges(nudges, vault, bound_to), rows)
