"""Broken requests by the thousand at a running Landa, and afterwards it still lands people."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.soak.landa import Process
from tests.soak.slack_fuzz import fuzz
from tests.soak.teams_fuzz import fuzz as teams_fuzz
from tests.standin_slack import StandIn
from tests.standin_teams import StandIn as StandInTeams


async def survive(tmp_path: Path, count: int) -> None:
    async with StandIn() as slack:
        landa = Process(slack, tmp_path, f"sqlite:///{tmp_path}/landa.db", LANDA_LOG_LEVEL="debug")
        landa.start()
        try:
            await landa.ready()
            await slack.command("U1")
            tally = await fuzz(slack.landa, slack.secret, count, seed=count)
            print(f"\n{tally}")
            assert tally["accepted"] == 0, tally["examples"]
            assert tally["broken"] == 0, tally["examples"]
            after = await slack.command("U0")
            assert after.card is not None
            assert "Du är här nu" in after.card.words
            assert landa.stop() == 0
            assert "Traceback" not in landa.log
        finally:
            landa.kill()


@pytest.mark.soak
async def test_ten_thousand(tmp_path: Path) -> None:
    """Of 10,000 fuzzed requests none is accepted without a signature, and none is answered 500."""
    await survive(tmp_path, 10_000)


async def test_five_hundred(tmp_path: Path) -> None:
    """Of 500 fuzzed requests none is accepted without a signature, and none is answered 500."""
    await survive(tmp_path, 500)


async def survive_teams(tmp_path: Path, count: int) -> None:
    async with StandInTeams() as teams:
        database = f"sqlite:///{tmp_path}/landa.db"
        landa = Process(teams, tmp_path, database, LANDA_LOG_LEVEL="debug")
        landa.start()
        try:
            await landa.ready()
            teams.tries = 40  # until Microsoft's keys are there
            await teams.say("kim", "landa")
            teams.paced = False
            tally = await teams_fuzz(teams, count, seed=count)
            print(f"\n{tally}")
            assert tally["accepted"] == 0, tally["examples"]
            assert tally["broken"] == 0, tally["examples"]
            assert set(tally["statuses"]) <= {200, 400, 401, 403, 501}
            acks = await teams.say("bo", "landa")
            assert acks[-1].status == 200
            assert await until(lambda: "Du är här nu" in teams.last("bo").words)
            assert landa.stop() == 0
            assert "Traceback" not in landa.log
        finally:
            landa.kill()


async def until(true: Callable[[], bool]) -> bool:
    for _ in range(200):
        with suppress(IndexError):  # nothing is there yet
            if true():
                return True
        await asyncio.sleep(0.05)
    return False


@pytest.mark.soak
async def test_ten_thousand_activities(tmp_path: Path) -> None:
    """Of 10,000 fuzzed activities none is accepted without a token, and none is answered 500."""
    await survive_teams(tmp_path, 10_000)


async def test_five_hundred_activities(tmp_path: Path) -> None:
    """Of 500 fuzzed activities none is accepted without a token, and none is answered 500."""
    await survive_teams(tmp_path, 500)
