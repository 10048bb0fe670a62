"""Landa is killed again and again while people land."""

import asyncio
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.postgres import Server
from tests.soak.landa import Process
from tests.soak.people import anew, doubles, land
from tests.standin_slack import StandIn

AT_ONCE = 20


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server(fast=False) as running:
        yield running


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/landa.db"
    else:
        with request.getfixturevalue("server").database() as url:
            yield url


async def survive(slack: StandIn, landa: Process, people: int, kills: int, seed: int) -> list[int]:
    """Everybody lands while Landa is killed *kills* times. Returns the acts each took."""
    rng = random.Random(seed)
    room = asyncio.Semaphore(AT_ONCE)

    async def one(number: int) -> int:
        async with room:
            waits = kills > 10 and number % 25 == 0
            return await land(slack, f"U{number:05}", random.Random(number), wait=waits)

    async def killer() -> None:
        for _ in range(kills):
            await asyncio.sleep(rng.uniform(0.1, 2.5))
            landa.kill()
            landa.start()
            await landa.ready()

    acts, _ = await asyncio.gather(asyncio.gather(*map(one, range(people))), killer())
    return acts


async def check(slack: StandIn, landa: Process, database: str, kills: int, acts: list[int]) -> None:
    await asyncio.sleep(20)  # whatever a kill left behind has its lease run out
    assert landa.stop() == 0
    again = anew(slack, (f"U{number:05}" for number in range(len(acts))))
    left = await leftovers(database)
    print(f"\n{sum(acts)} acts, {kills} kills, {doubles(slack)} cards twice, left behind: {left}")
    assert not slack.complaints or all("/landa failed: 0" in c for c in slack.complaints)
    assert left == {"outbox": 0, "due": 0, "in the middle": again, "integrity": "ok"}
    assert doubles(slack) <= kills * AT_ONCE


async def leftovers(database: str) -> dict[str, object]:
    """What is in the database when everybody is done."""
    counts = {
        "outbox": "SELECT count(*) FROM outbox",
        "due": "SELECT count(*) FROM due",
        "in the middle": "SELECT count(*) FROM conversation WHERE state IS NOT NULL",
    }
    if database.startswith("sqlite"):
        connection = sqlite3.connect(database.removeprefix("sqlite:///"))
        found: dict[str, object] = {
            name: connection.execute(sql).fetchone()[0] for name, sql in counts.items()
        }
        return {**found, "integrity": connection.execute("PRAGMA integrity_check").fetchone()[0]}
    opened = await asyncpg.connect(database)
    found = {name: await opened.fetchval(sql) for name, sql in counts.items()}
    await opened.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
    await opened.execute(
        "SELECT bt_index_check(c.oid) FROM pg_class c JOIN pg_index i "
        "ON i.indexrelid = c.oid JOIN pg_am a ON a.oid = c.relam "
        "WHERE a.amname = 'btree' AND c.relpersistence = 'p'"
    )
    await opened.close()
    return {**found, "integrity": "ok"}


async def run(tmp_path: Path, database: str, people: int, kills: int) -> None:
    async with StandIn() as slack:
        landa = Process(slack, tmp_path, database)
        if not database.startswith("sqlite"):
            landa.run("migrate")
        landa.start()
        try:
            await landa.ready()
            acts = await survive(slack, landa, people, kills, seed=1)
            await check(slack, landa, database, kills, acts)
        finally:
            landa.kill()


@pytest.mark.soak
async def test_fifty_kills(tmp_path: Path, database: str) -> None:
    """Five hundred people land although Landa is killed fifty times; nothing is lost or stuck."""
    await run(tmp_path, database, people=500, kills=50)


async def test_a_few_kills(tmp_path: Path, database: str) -> None:
    """Thirty people land although Landa is killed three times; nothing is lost or stuck."""
    await run(tmp_path, database, people=30, kills=3)
