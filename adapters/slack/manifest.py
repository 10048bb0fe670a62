"""What Landa is in Slack, and the least it asks for: the app's manifest.

Limits: github.com/slackapi/manifest-schema 1.0.0 and docs.slack.dev, read 2026-11.
"""

from collections.abc import Callable, Mapping
from typing import Any

from adapters.slack.change import EVENT as CHANGED
from adapters.slack.inbound import SHORTCUTS
from adapters.slack.news import EVENTS as NEWS
from bot.core.errors import ContentError

NAME = "Landa"
COMMAND = "/landa"
PATH, BACK = "/slack/events", "/slack/oauth_redirect"
COLOUR = "#1f5a4c"
EVENTS = ("app_home_opened", "app_mention", "message.im", CHANGED)
SCOPES: Mapping[str, str] = {
    "app_mentions:read": "to be told when somebody writes @Landa in a channel that Landa is in",
    "chat:write": "to answer, in a person's own chat with Landa or in a channel for their eyes",
    "chat:write.public": "to put a team's pause into its public channel without being invited; "
    "in a private one somebody has to",
    "commands": "to offer /landa and the two shortcuts",
    "files:write": "Socket Mode alone: to put the moving circles into Slack, once, since Slack "
    "cannot fetch them from Landa",
    "im:history": "to be told what a person writes in their own chat with Landa; and to look "
    "there, after a broken connection, whether a card has arrived",
    "users:read": "to see which language and time zone a person has, that they belong to the "
    "workspace, and when they have left it; of all else that Slack tells, nothing is looked at",
}
"""Each scope of the bot, and what it is there for."""
UNREACHED = frozenset({"files:write"})
"""Of these, what is needed only where Slack does not reach Landa."""
APP_SCOPE = "connections:write"
"""Of the app-level token, for Socket Mode."""
LENGTHS: Mapping[str, tuple[int, int]] = {
    "slack.about": (1, 140),
    "slack.more": (175, 4_000),
    "slack.command": (1, 2_000),
    "slack.hint": (1, 1_000),
    "slack.shortcut": (1, 24),
    "slack.shortcut_about": (1, 150),
    "slack.after": (1, 24),
    "slack.after_about": (1, 150),
}
"""Every word that the catalogs give to the manifest: at least and at most so many characters."""

REACHED = tuple(sorted(SCOPES.keys() - UNREACHED))
"""What is asked for where Slack reaches Landa."""

Say = Callable[[str], str]
"""The word of a key; bot.core.words.Words is one."""
Part = dict[str, Any]


def manifest(public_url: str | None, words: Say, *, several: bool = False) -> Part:
    """For "Create an app from a manifest".

    public_url  where Slack reaches Landa, https; None for Socket Mode, which needs no address.
    several     workspaces install Landa at *public_url*, each for itself.
    raises      ContentError where a catalog's words do not fit.
    """
    say = {key: _fitting(key, words(key)) for key in LENGTHS}
    base = public_url.rstrip("/") if public_url else ""
    url = f"{base}{PATH}" if base else ""
    back = {"redirect_urls": [f"{base}{BACK}"]} if several else {}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": NAME,
            "description": say["slack.about"],
            "long_description": say["slack.more"],
            "background_color": COLOUR,
        },
        "features": _features(say, url),
        "oauth_config": {**back, "scopes": {"bot": list(REACHED) if url else sorted(SCOPES)}},
        "settings": _settings(url, several=several),
    }


def _features(say: Mapping[str, str], url: str) -> Part:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": NAME, "always_online": True},
        "shortcuts": [
            _shortcut("global", SHORTCUTS["shortcut"], say, "slack.shortcut"),
            _shortcut("message", SHORTCUTS["message_action"], say, "slack.after"),
        ],
        "slash_commands": [
            {
                "command": COMMAND,
                "description": say["slack.command"],
                "usage_hint": say["slack.hint"],
                # Names and channels then arrive as they were typed, not as ids of somebody.
                "should_escape": False,
                **({"url": url} if url else {}),
            }
        ],
    }


def _shortcut(kind: str, callback_id: str, say: Mapping[str, str], key: str) -> Part:
    return {
        "type": kind,
        "callback_id": callback_id,
        "name": say[key],
        "description": say[f"{key}_about"],
    }


def _settings(url: str, *, several: bool) -> Part:
    where = {"request_url": url} if url else {}
    return {
        "event_subscriptions": {"bot_events": [*EVENTS, *(NEWS if several else ())], **where},
        "interactivity": {"is_enabled": True, **where},
        "org_deploy_enabled": several,
        "socket_mode_enabled": not url,
        "token_rotation_enabled": several,
    }


def _fitting(key: str, text: str) -> str:
    least, most = LENGTHS[key]
    if not least <= len(text) <= most:
        why = f"has {len(text)} characters; Slack takes {least} to {most}"
        raise ContentError("bot/locale", key, why)
    return text
