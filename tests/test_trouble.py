"""Whatever Slack answers: no card is lost, none comes twice, and other workspaces do not notice."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientTimeout

from bot.core.library import Library
from bot.runtime.store import Store
from tests.standin_slack import StandIn
from tests.trouble import FAULTS, QUICK, Route, trouble
from tests.workspaces import A, B, Many, Time, many

HANG_S = 0.3


@pytest.fixture
async def slack() -> AsyncIterator[StandIn]:
    async with StandIn() as standin:
        # On a busy machine a turn may be late, and then its event comes again.
        standin.retry_waits_s = (0.1, 0.5, 1.0, 2.0)
        yield standin


@pytest.fixture
async def landa(
    slack: StandIn, library: Library, closed_store: Store, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Many]:
    monkeypatch.setattr("bot.wiring.paces_of", lambda _: {"slack": QUICK})
    monkeypatch.setattr("adapters.slack.outlet.TIMEOUT", ClientTimeout(total=HANG_S))
    async with many(slack, library, closed_store, Time()) as running:
        for site in (A, B):
            await running.install(site)
        yield running


@pytest.mark.parametrize("route", ["message", "rewrite", "aside"])
@pytest.mark.parametrize("fault", FAULTS)
async def test_trouble(slack: StandIn, landa: Many, fault: str, route: Route) -> None:
    """Each fault, for each way that a card goes: every card comes, once, after the time that Slack
    asked for. Only where nobody can look whether it arrived may one come twice."""
    outcome = await trouble(landa, fault, route, 6, "0")
    assert (outcome.lost, outcome.oftener, outcome.early) == (0, 0, 0)
    unseen = route == "aside" and fault == "reset after"
    assert outcome.doubled <= (6 if unseen else 0)
    assert max(outcome.seconds) < 3
    if fault != "429 3600":  # after an hour a card goes another way than the one it waited for
        assert not any(slack.faults.values()), "every fault was met"
    assert slack.complaints == slack.strays == []
