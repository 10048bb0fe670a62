"""Broken requests by the hundred, to the real endpoint with a fake handle."""

from tests.adapters.slack.conftest import Landa
from tests.soak.slack_fuzz import fuzz
from tests.standin_slack import StandIn


async def test_fuzz(slack: StandIn, landa: Landa) -> None:
    """Of 500 broken requests none without a signature is accepted, and none breaks anything."""
    tally = await fuzz(landa.url, slack.secret, 500, seed=1)
    assert tally["examples"] == []
    assert (tally["accepted"], tally["broken"]) == (0, 0)
    assert set(tally["statuses"]) == {200, 400, 401}


async def test_the_same_seed_sends_the_same(slack: StandIn, landa: Landa) -> None:
    """A finding can be repeated from its seed."""
    tallies = [await fuzz(landa.url, slack.secret, 100, seed=7) for _ in range(2)]
    assert tallies[0] == tallies[1]
