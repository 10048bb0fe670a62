"""What Microsoft's tools are told of Landa is what Landa is."""

import json
import re
from pathlib import Path

from adapters.teams.app import PATH
from bot.runtime.settings import Settings

from .microsoft import PACKAGES

ROOT = Path(__file__).parents[3]


def test_azure_sends_where_landa_listens() -> None:
    """The bot is registered for one tenant, without a key of its own, at the address of the route,
    and speaks to Teams alone."""
    text = (ROOT / "infra" / "azure.bicep").read_text()
    assert f"'${{publicUrl}}{PATH}'" in text
    assert "@allowed(['SingleTenant', 'UserAssignedMSI'])" in text
    assert "MultiTenant" not in text
    assert re.findall(r"channelName: '(\w+)'", text) == ["MsTeamsChannel"]
    assert text.count("{") == text.count("}")


def test_the_toolkit_sets_what_landa_knows() -> None:
    """Each setting the toolkit writes is one of Landa's, and its Playground is the tested one."""
    text = (ROOT / "m365agents.playground.yml").read_text()
    names = re.findall(r"^        ([A-Z_]+): ", text, re.MULTILINE)
    assert "LANDA_TEAMS_INSECURE" in names
    assert {name.lower() for name in names} <= set(Settings.model_fields)
    (version,) = re.findall(r"version: ~([\d.]+)", text)
    tested = json.loads((PACKAGES.parent / "package.json").read_text())["dependencies"]
    assert tested["@microsoft/m365agentsplayground"] == version


def test_no_package_names_where_it_came_from() -> None:
    """The lock holds each package by its hash, whoever delivers it."""
    lock = json.loads((PACKAGES.parent / "package-lock.json").read_text())
    packages = {name: each for name, each in lock["packages"].items() if name}
    assert packages
    assert all("integrity" in each and "resolved" not in each for each in packages.values())
