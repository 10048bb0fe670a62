"""What Landa shows Microsoft: asked for once, in a thread, in bounded time; with each kit."""

import asyncio
import sys
import time
from typing import Any

import pytest

from adapters.teams import login
from adapters.teams.app import TeamsPlatform
from adapters.teams.config import AppType, TeamsConfig
from adapters.teams.kit import kit_of
from adapters.teams.wire import Tokens
from bot.core.errors import DeliveryError, LandaError, SettingsError
from tests.adapters.teams.conftest import KITS, config, now, speech
from tests.standin_teams import APP, SECRET, TENANT, StandIn


def tokens(teams: StandIn, kit: str, **other: Any) -> Tokens:
    return Tokens(kit_of(config(teams, kit=kit, **other)).token)


@pytest.mark.parametrize("kit", KITS)
async def test_one_for_all(teams: StandIn, kit: str) -> None:
    """A hundred cards at once ask for one token, and the loop goes on meanwhile."""
    teams.login_s = 0.3
    asked = tokens(teams, kit)
    ticks = asyncio.create_task(_longest_stop())
    got = await asyncio.gather(*(asked.get() for _ in range(100)))
    assert len(set(got)) == 1
    assert teams.login.given == 1
    assert await asked.get() in teams.tokens
    ticks.cancel()
    assert not teams.complaints


async def _longest_stop() -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        assert time.perf_counter() - began < 0.25


@pytest.mark.parametrize("kit", KITS)
@pytest.mark.parametrize("kind", ["SingleTenant", "MultiTenant"])
async def test_which_tenant(teams: StandIn, kit: str, kind: AppType) -> None:
    """A bot of one tenant asks there; one of many asks where such bots belong."""
    await tokens(teams, kit, app_type=kind).get()
    assert teams.login.tenants == [TENANT if kind == "SingleTenant" else "botframework.com"]


@pytest.mark.parametrize("kit", KITS)
async def test_a_managed_identity(
    teams: StandIn, kit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Azure knows the machine, no secret is needed."""
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{teams.url}/identity/token")
    monkeypatch.setenv("IDENTITY_HEADER", SECRET)
    given = await tokens(teams, kit, app_type="UserAssignedMSI", password="").get()
    assert given in teams.tokens


@pytest.mark.parametrize("kit", KITS)
async def test_a_wrong_secret(teams: StandIn, kit: str) -> None:
    """A secret that Microsoft does not know is a card that waits; its reason tells no secret."""
    asked = tokens(teams, kit, password="wrong-secret")
    with pytest.raises(DeliveryError) as failure:
        await asked.get()
    assert not failure.value.permanent
    assert "wrong" not in str(failure.value)


@pytest.mark.parametrize("kit", KITS)
async def test_a_login_that_does_not_answer(
    teams: StandIn, kit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Silence is waited for a bounded time, and then asked again."""
    monkeypatch.setattr(login, "TIMEOUT_S", 0.2)
    teams.login_s = 2
    asked = tokens(teams, kit)
    with pytest.raises(DeliveryError):
        await asked.get()
    teams.login_s = 0
    assert await asked.get() in teams.tokens


NOBODY: list[dict[str, Any]] = [
    {},
    {"app_id": APP},
    {"app_id": APP, "password": SECRET},
    {"app_id": APP, "tenant": TENANT},
    {"app_id": APP, "password": SECRET, "tenant": "contoso.onmicrosoft.com"},
    {"app_id": "landa", "password": SECRET, "tenant": TENANT},
    {"app_id": APP, "password": SECRET, "tenant": TENANT, "app_type": "Whatever"},
    {"app_id": APP, "password": SECRET, "tenant": TENANT, "insecure": True},
    {"app_id": APP, "app_type": "UserAssignedMSI"},
    {"password": SECRET, "tenant": TENANT},
]


@pytest.mark.parametrize("fields", NOBODY, ids=lambda fields: " ".join(fields) or "nothing")
def test_no_credentials(fields: dict[str, Any]) -> None:
    """Without everything that lets Landa tell Microsoft from a stranger there is no route."""
    with pytest.raises(SettingsError, match=r"^(Microsoft\w+|LANDA_TEAMS_INSECURE): "):
        TeamsConfig(**fields)


def test_a_kit_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for the other kit without having it reads what to install."""
    monkeypatch.setitem(sys.modules, "microsoft_agents.activity", None)
    monkeypatch.delitem(sys.modules, "adapters.teams.kit_agents", raising=False)
    with pytest.raises(SettingsError, match=r"requirements-agents\.lock"):
        kit_of(TeamsConfig(APP, SECRET, "SingleTenant", TENANT, kit="agents"))


def test_no_secret_is_printed() -> None:
    """A configuration that lands in a log tells no secret."""
    assert SECRET not in repr(TeamsConfig(APP, SECRET, "SingleTenant", TENANT))


@pytest.mark.parametrize("kit", KITS)
async def test_what_the_operator_is_told(teams: StandIn, kit: str) -> None:
    """The operator is told whom the bot serves, or what Microsoft does not know."""
    told = await TeamsPlatform(config(teams, kit=kit), speech(), now).check()
    assert told == f"SingleTenant bot for {TENANT}, at /api/messages, with {kit}"
    with pytest.raises(LandaError, match="no token"):
        await TeamsPlatform(config(teams, kit=kit, password="wrong"), speech(), now).check()
    teams.login.down = True
    with pytest.raises(LandaError):
        await TeamsPlatform(config(teams, kit=kit), speech(), now).check()
