"""Landa is killed again and again while it says what people have asked for."""

import asyncio
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import asyncpg
import pytest

from bot.runtime.vault import new_key
from tests.postgres import Server
from tests.soak.crowds import Crowd, fill, settings, this_minute
from tests.soak.landa import Process
from tests.soak.test_kill import leftovers
from tests.standin_slack import StandIn

SAID, REMINDED = "pause pause", "after after"
IN_FLIGHT = 4
"""Cards that are on the wire at the same moment: one for each workspace, at this pace."""
LONGEST_S = 900
"""What a kill left behind is claimed again after 20 seconds, and then ever more seldom."""


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Server | None]]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            yield f"sqlite:///{tmp_path}/landa.db", None
        else:
            server = stack.enter_context(Server(fast=False))
            yield stack.enter_context(server.database()), server


async def survive(
    folder: Path, database: tuple[str, Server | None], each: int, kills: int, faster: float
) -> None:
    """Two workspaces of *each* people with nudges, two with reminders."""
    where, server = database
    keys, due = new_key(), this_minute()
    nudged, reminded = Crowd("N", 2, each, due), Crowd("R", 2, each, due, reminders=True)
    async with StandIn() as slack:
        await fill(slack, where, keys, nudged, reminded)
        # A busy machine takes long to start Landa two hundred times: nothing is too late for that.
        env = {**settings(slack, keys, faster), "PATIENT": "1"}
        landa = Process(slack, folder, where, says=True, **env)
        landa.start()
        try:
            await landa.ready()
            await killed(landa, server, kills)
            async with asyncio.timeout(LONGEST_S):
                while await outstanding(where):
                    await asyncio.sleep(0.5)
            assert landa.stop() == 0, landa.log
        finally:
            landa.kill()
        await judge(slack, where, 2 * each, kills)


async def killed(landa: Process, server: Server | None, kills: int) -> None:
    rng = random.Random(7)
    crashes = rng.sample(range(kills), 3) if server else []
    for number in range(kills):
        await asyncio.sleep(rng.uniform(0.05, 1.2))
        if server and number in crashes:
            await asyncio.to_thread(server.stop, "immediate")
            await asyncio.to_thread(server.start)
        landa.kill()
        landa.start()
        await landa.ready()


async def outstanding(database: str) -> int:
    """How many are still to be told: due and not taken, or a card that may still be sent."""
    now_ms = time.time_ns() // 1_000_000
    due = f"SELECT count(*) FROM nudge WHERE pending_ms > 0 OR due_ms <= {now_ms}"
    cards = "SELECT count(*) FROM outbox WHERE due_ms < expires_ms AND given_up IS NULL"
    if database.startswith("sqlite"):
        connection = sqlite3.connect(database.removeprefix("sqlite:///"), timeout=10)
        found = [connection.execute(sql).fetchone()[0] for sql in (due, cards)]
        connection.close()
        return sum(found)
    opened = await asyncpg.connect(database)
    found = [await opened.fetchval(sql) for sql in (due, cards)]
    await opened.close()
    return sum(found)


async def judge(slack: StandIn, database: str, people: int, kills: int) -> None:
    nudged, reminded = count(slack, SAID), count(slack, REMINDED)
    doubled = sum(nudged.values()) - len(nudged), sum(reminded.values()) - len(reminded)
    lost = people - len(nudged), people - len(reminded)
    print(f"\n{kills} kills, nudges and reminders: doubled {doubled}, lost {lost}")
    assert doubled[0] == 0
    assert lost[0] <= kills * IN_FLIGHT
    assert lost[1] == 0
    assert doubled[1] <= kills * IN_FLIGHT
    assert (await leftovers(database))["integrity"] == "ok"


def count(slack: StandIn, text: str) -> Counter[str]:
    """How often each was told."""
    return Counter(shown.channel for shown in slack.messages if text in shown.text)


@pytest.mark.soak
async def test_two_hundred_kills(tmp_path: Path, database: tuple[str, Server | None]) -> None:
    """Of 5,000 people, told while Landa is killed 200 times and PostgreSQL crashes 3 times, nobody
    is nudged twice, and nobody's reminder is lost."""
    await survive(tmp_path, database, each=1_250, kills=200, faster=1)


async def test_some_kills(tmp_path: Path, database: tuple[str, Server | None]) -> None:
    """Of 160 people, told while Landa is killed 5 times, nobody is nudged twice, and nobody's
    reminder is lost."""
    await survive(tmp_path, database, each=40, kills=5, faster=2)
