"""Broken requests by the thousand at a running Landa, and afterwards `/landa` still works."""

from pathlib import Path

import pytest

from tests.soak.landa import Process
from tests.soak.slack_fuzz import fuzz
from tests.standin_slack import StandIn


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
