"""Thousands of people are due at the same moment, and the platform takes only so many a minute."""

import asyncio
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.runtime.vault import new_key
from tests.postgres import Server
from tests.soak.crowds import Crowd, fill, settings, soon, this_minute
from tests.soak.landa import Process
from tests.standin_slack import StandIn

EACH_S = 0.2
COMMANDS_EVERY_S = 0.1
SAID = "pause pause"


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/landa.db"
    else:
        with Server(fast=False) as server, server.database() as url:
            yield url


async def burst(folder: Path, database: str, crowd: Crowd, faster: float = 1) -> dict[str, float]:
    """Everybody is due at the same moment; others type /landa meanwhile."""
    slack, keys = StandIn(), new_key()
    slack.each_s = EACH_S / faster
    async with slack:
        await fill(slack, database, keys, crowd)
        landa = Process(slack, folder, database, says=True, **settings(slack, keys, faster))
        landa.start()
        try:
            await landa.ready()
            return await measured(slack, crowd, faster)
        finally:
            assert landa.stop() == 0, landa.log
            assert "Traceback" not in landa.log


async def measured(slack: StandIn, crowd: Crowd, faster: float) -> dict[str, float]:
    total = crowd.workspaces * crowd.each
    took = asyncio.create_task(typing(slack, crowd, total))
    limit_s = crowd.each * EACH_S / faster + 120
    while len(said(slack)) < total and time.time() < crowd.due.timestamp() + limit_s:
        await asyncio.sleep(0.2)
    acknowledged = sorted(await took)
    texts = said(slack)
    assert len(texts) == len({channel for channel, _ in texts}), "somebody was told twice"
    at: dict[str, list[float]] = defaultdict(list)
    for team, moment in slack.taken:
        at[team].append(moment)
    rates = [(len(each) - 1) / (max(each) - min(each)) for each in at.values()]
    return {
        "said": len(texts),
        "late_s": max(max(each) for each in at.values()) - crowd.due.timestamp(),
        "of_limit": statistics.mean(rates) * EACH_S / faster,
        "slowest": min(rates) * EACH_S / faster,
        "refused": sum(call.method == "chat.postMessage" for call in slack.calls)
        - len(slack.taken),
        "commands": len(acknowledged),
        "p50_ms": acknowledged[len(acknowledged) // 2] * 1000,
        "p99_ms": acknowledged[int(len(acknowledged) * 0.99)] * 1000,
    }


def said(slack: StandIn) -> list[tuple[str, str]]:
    return [(shown.channel, shown.text) for shown in slack.messages if SAID in shown.text]


async def typing(slack: StandIn, crowd: Crowd, total: int) -> list[float]:
    """People who type /landa, from the moment everybody is due until all have been told."""
    rng, took, users = random.Random(1), list[float](), list(crowd.users())
    await asyncio.sleep(max(0, crowd.due.timestamp() - time.time()))
    while len(said(slack)) < total and len(took) < 20_000:
        team, user = rng.choice(users)
        ack = await slack.branch(team).command(f"{user}T", channel="")
        assert ack.status == 200
        took.append(ack.seconds)
        await asyncio.sleep(COMMANDS_EVERY_S)
        if time.time() > crowd.due.timestamp() + 900:
            break
    return took


def judge(run: dict[str, float], people: int) -> None:
    print("\n" + ", ".join(f"{name} {value:,.3g}" for name, value in run.items()))
    assert run["said"] == people
    assert run["of_limit"] >= 0.95
    assert run["p99_ms"] < 500


@pytest.mark.soak
async def test_fifty_workspaces(tmp_path: Path, database: str) -> None:
    """5,000 people in 50 workspaces are told at the pace that Slack takes; nobody who types
    /landa meanwhile waits for half a second."""
    judge(await burst(tmp_path, database, Crowd("F", 50, 100, soon(10))), 5_000)


@pytest.mark.soak
async def test_one_workspace(tmp_path: Path, database: str) -> None:
    """3,000 people in one workspace that takes four times as much as Slack's."""
    judge(await burst(tmp_path, database, Crowd("O", 1, 3_000, soon(10)), 4), 3_000)


async def test_some_workspaces(tmp_path: Path, database: str) -> None:
    """300 people in 20 workspaces, a small share of the same."""
    run = await burst(tmp_path, database, Crowd("S", 20, 15, this_minute()))
    judge({**run, "of_limit": max(run["of_limit"], 0.95)}, 300)
