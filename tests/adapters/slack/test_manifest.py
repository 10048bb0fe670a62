"""The manifest asks for what the code uses, says what is so, and is one that Slack takes."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.inbound import SHORTCUTS
from adapters.slack.manifest import APP_SCOPE, COLOUR, EVENTS, LENGTHS, SCOPES, manifest
from adapters.slack.news import EVENTS as NEWS
from bot.core.errors import ContentError
from bot.core.library import Library
from tests.standin_slack.api import ARGUMENTS

ROOT = Path(__file__).parents[3]
URL = "https://landa.example.se"
TOP = {"_metadata", "display_information", "features", "oauth_config", "settings"}
METHODS = {
    "auth.test": "",
    "apps.connections.open": "",
    "oauth.v2.access": "",
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "conversations.history": "im:history",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "users.info": "users:read",
    "views.open": "",
    "views.publish": "",
}
"""What each method of Slack's needs. docs.slack.dev, read 2026-11"""
NEEDS = {
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "user_change": "users:read",
}


def say(key: str) -> str:
    """Some word of a fitting length."""
    return key.ljust(LENGTHS[key][0], ".")


def calls() -> set[str]:
    """Every method of Slack's that the adapter names."""
    found: set[str] = set()
    for path in (ROOT / "adapters" / "slack").glob("*.py"):
        text = path.read_text()
        found |= set(
            re.findall(
                r'"((?:chat|conversations|users|views|auth|apps|files|oauth\.v2)\.\w+)"', text
            )
        )
        names = {node.attr for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Attribute)}
        found |= {"auth.test"} if "auth_test" in names else set()
        found |= {"apps.connections.open"} if "apps_connections_open" in names else set()
        kit = {n for n in names if re.match(r"(chat|conversations|users|views|files|im)_", n)}
        assert not kit, f"{path.name}: {kit}"
    return found


def test_scopes_are_those_that_the_code_uses() -> None:
    """No scope is asked for that nothing uses, and none is missing."""
    assert calls() == set(METHODS)
    assert set(METHODS) <= set(ARGUMENTS)
    assert set(NEEDS) == set(EVENTS)
    # A team's pause is posted where nobody has invited Landa: no method tells that by its name.
    used = {*METHODS.values(), *NEEDS.values(), "commands", "chat:write.public"} - {""}
    assert used == set(SCOPES)
    assert manifest(None, say)["oauth_config"] == {"scopes": {"bot": sorted(SCOPES)}}


def test_files_are_written_only_where_they_must_be() -> None:
    """Where Slack can fetch pictures from Landa, there is no scope to put any into Slack."""
    bot = {url: set(manifest(url, say)["oauth_config"]["scopes"]["bot"]) for url in (None, URL)}
    assert bot[None] - bot[URL] == {"files:write"}
    assert not bot[URL] - bot[None]


def test_over_socket_mode_there_is_no_address() -> None:
    """Without a public address the manifest names none, and Socket Mode is on."""
    made = manifest(None, say)
    assert "http" not in json.dumps(made)
    assert made["settings"]["socket_mode_enabled"] is True


def test_over_http_every_way_in_has_the_address() -> None:
    """With a public address commands, buttons and events all go to Landa's one route."""
    made = manifest(URL + "/", say)
    assert json.dumps(made).count(f'"{URL}/slack/events"') == 3
    assert made["settings"]["socket_mode_enabled"] is False


def test_several_workspaces() -> None:
    """Where each workspace installs Landa for itself, the manifest names the way back, lets
    organisations in, lets tokens end, and asks to be told when Landa is taken away."""
    made, one = manifest(URL, say, several=True), manifest(URL, say)
    assert made["oauth_config"]["redirect_urls"] == [f"{URL}/slack/oauth_redirect"]
    assert made["oauth_config"]["scopes"] == one["oauth_config"]["scopes"]
    settings = made["settings"]
    assert settings["event_subscriptions"]["bot_events"] == [*EVENTS, *NEWS]
    assert settings["org_deploy_enabled"] is settings["token_rotation_enabled"] is True
    assert settings["socket_mode_enabled"] is False
    assert not set(NEWS) & set(one["settings"]["event_subscriptions"]["bot_events"])


@pytest.mark.parametrize("url", [None, URL])
def test_shape(url: str | None) -> None:
    """Only fields that Slack knows, each within its limits."""
    made = manifest(url, say)
    assert set(made) == TOP
    shown, features, settings = made["display_information"], made["features"], made["settings"]
    assert len(shown["name"]) <= 35
    assert re.fullmatch(r"#[0-9a-f]{6}", COLOUR)
    assert set(features) == {"app_home", "bot_user", "shortcuts", "slash_commands"}
    assert features["app_home"]["home_tab_enabled"] is True
    assert features["app_home"]["messages_tab_enabled"] is True
    assert [(s["type"], s["callback_id"]) for s in features["shortcuts"]] == [
        ("global", SHORTCUTS["shortcut"]),
        ("message", SHORTCUTS["message_action"]),
    ]
    (command,) = features["slash_commands"]
    assert re.fullmatch(r"/[a-z]{1,31}", command["command"])
    off = ("org_deploy_enabled", "token_rotation_enabled")
    assert [settings[name] for name in off] == [False, False]
    assert settings["interactivity"]["is_enabled"] is True
    assert settings["event_subscriptions"]["bot_events"] == [*EVENTS]


@pytest.mark.parametrize("key", LENGTHS)
@pytest.mark.parametrize("end", [0, 1])
def test_words_that_do_not_fit(key: str, end: int) -> None:
    """A word at Slack's limit is taken; one past it is told by its key."""

    def words(length: int) -> Any:
        return lambda each: "x" * length if each == key else say(each)

    edge = LENGTHS[key][end]
    manifest(None, words(edge))
    with pytest.raises(ContentError, match=key):
        manifest(None, words(edge + (1 if end else -1)))


def test_catalogs(library: Library) -> None:
    """Every language has words for the manifest, and they fit."""
    for words in library.words.values():
        made = manifest(None, words)
        assert "slack." not in json.dumps(made["features"])


def test_the_guide_lists_the_scopes() -> None:
    """The table in the guide is the list in the code."""
    text = (ROOT / "docs" / "slack.md").read_text()
    rows = dict(re.findall(r"^\| `([a-z_:.]+)` \| (.+) \|$", text, re.MULTILINE))
    assert rows == {**SCOPES, APP_SCOPE: rows[APP_SCOPE]}


def test_hooks() -> None:
    """`slack run` finds the manifest and the start, and leaves the connection to Landa."""
    hooks = json.loads((ROOT / ".slack" / "hooks.json").read_text())
    assert hooks["hooks"]["get-manifest"].endswith("landa slack manifest")
    assert hooks["hooks"]["start"].endswith("landa run")
    assert hooks["config"] == {"sdk-managed-connection-enabled": True}
