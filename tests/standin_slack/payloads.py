"""What Slack sends, with all the fields that it really has."""

import hashlib
import hmac
from typing import Any

from tests.standin_slack.world import Shown, World

FORGED = "forged:"


def sign(secret: str, body: bytes, at: float) -> dict[str, str]:
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256)
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest.hexdigest()}",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
    }


def command(world: World, user: str, text: str, channel: str, response_url: str) -> dict[str, str]:
    return {
        "token": "stand-in-verification",
        "team_id": world.team,
        "team_domain": "socialtjansten",
        "channel_id": channel,
        "channel_name": "directmessage" if channel.startswith("D") else "enhet-1",
        "user_id": user,
        "user_name": "anna",
        "command": "/landa",
        "text": text,
        "api_app_id": world.app,
        "is_enterprise_install": "true" if world.enterprise else "false",
        **({"enterprise_id": world.enterprise} if world.enterprise else {}),
        "response_url": response_url,
        "trigger_id": world.trigger(user, "ab"),
    }


def press(
    world: World, user: str, card: Shown, element: dict[str, Any], values: dict[str, Any]
) -> dict[str, Any]:
    """Without response_url: the stand-in adds it."""
    container = {
        "type": "message",
        "message_ts": card.ts,
        "channel_id": card.channel,
        "is_ephemeral": bool(card.only),
    }
    action = {
        "action_id": element["action_id"],
        "block_id": _block_of(card, element),
        "text": element["text"],
        "type": "button",
        "action_ts": world.ts(),
    }
    return {
        "type": "block_actions",
        "user": {"id": user, "username": "anna", "name": "anna", "team_id": world.team},
        "api_app_id": world.app,
        "token": "stand-in-verification",
        "container": container,
        "trigger_id": world.trigger(user, "cd"),
        "team": None if world.enterprise else {"id": world.team, "domain": "socialtjansten"},
        "enterprise": {"id": world.enterprise, "name": "Region"} if world.enterprise else None,
        "is_enterprise_install": bool(world.enterprise),
        "channel": {"id": card.channel, "name": "directmessage"},
        **({} if card.only else {"message": _message(world, card)}),
        "state": {"values": values},
        "actions": [{**action, **({"value": element["value"]} if "value" in element else {})}],
    }


def view_act(world: World, user: str, kind: str, view: dict[str, Any]) -> dict[str, Any]:
    """What is done with a window or a page. kind: as Slack names it."""
    return {
        "type": kind,
        "user": {"id": user, "username": "anna", "name": "anna", "team_id": world.team},
        "api_app_id": world.app,
        "token": "stand-in-verification",
        "team": None if world.enterprise else {"id": world.team, "domain": "socialtjansten"},
        "enterprise": {"id": world.enterprise, "name": "Region"} if world.enterprise else None,
        "is_enterprise_install": bool(world.enterprise),
        "view": view,
        **({"is_cleared": False} if kind == "view_closed" else {}),
        **({} if kind == "view_closed" else {"trigger_id": world.trigger(user, "5f")}),
        **({"response_urls": []} if kind == "view_submission" else {}),
    }


def page_press(
    world: World, user: str, view: dict[str, Any], element: dict[str, Any]
) -> dict[str, Any]:
    """A button on a page: no channel, no message, no response_url."""
    action = {key: element[key] for key in ("action_id", "text", "value", "type")}
    return {
        **view_act(world, user, "block_actions", view),
        "container": {"type": "view", "view_id": view["id"]},
        "actions": [{**action, "block_id": "b0", "action_ts": world.ts()}],
    }


def page_opened(world: World, user: str, tab: str, view: dict[str, Any] | None) -> dict[str, Any]:
    return {
        "type": "app_home_opened",
        "user": user,
        "channel": world.dm(user),
        "tab": tab,
        "event_ts": world.ts(),
        **({"view": view} if view else {}),
    }


def user_changed(world: World, described: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "user_change",
        "user": described,
        "cache_ts": int(world.clock()),
        "event_ts": world.ts(),
    }


def shortcut(world: World, user: str) -> dict[str, Any]:
    """Called from Slack's menu or search: no channel, no response_url."""
    return {
        "type": "shortcut",
        "token": "stand-in-verification",
        "action_ts": world.ts(),
        "team": {"id": world.team, "domain": "socialtjansten"},
        "user": {"id": user, "username": "anna", "team_id": world.team},
        "is_enterprise_install": False,
        "enterprise": None,
        "callback_id": "landa",
        "trigger_id": world.trigger(user, "ef"),
    }


def message_shortcut(world: World, user: str, on: Shown, response_url: str) -> dict[str, Any]:
    """Called on a message that somebody wrote, with all of it."""
    written = {"type": "message", "user": on.author, "ts": on.ts, "text": on.text}
    return {
        **shortcut(world, user),
        "type": "message_action",
        "callback_id": "landa_after",
        "trigger_id": world.trigger(user, "09"),
        "response_url": response_url,
        "message_ts": on.ts,
        "channel": {"id": on.channel, "name": "enhet-1"},
        "message": {**written, "team": world.team, "blocks": on.blocks, "client_msg_id": "5f0d"},
    }


def mention(world: World, user: str, text: str, channel: str, ts: str) -> dict[str, Any]:
    return {
        "user": user,
        "type": "app_mention",
        "ts": ts,
        "client_msg_id": "5f0d1c1e-0000-4000-8000-000000000001",
        "text": f"<@{world.bot_user}> {escape(text)}",
        "team": world.team,
        "blocks": [],
        "channel": channel,
        "event_ts": ts,
    }


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def message(world: World, user: str, text: str, ts: str) -> dict[str, Any]:
    """The event of a message in the person's own chat with Landa."""
    return {
        "client_msg_id": "5f0d1c1e-0000-4000-8000-000000000000",
        "type": "message",
        "user": user,
        "text": escape(text),
        "ts": ts,
        "team": world.team,
        "blocks": [],
        "channel": world.dm(user),
        "event_ts": ts,
        "channel_type": "im",
    }


def event(world: World, inner: dict[str, Any]) -> dict[str, Any]:
    return {
        "token": "stand-in-verification",
        "team_id": world.team,
        "context_team_id": world.team,
        "context_enterprise_id": world.enterprise or None,
        **({"enterprise_id": world.enterprise} if world.enterprise else {}),
        "api_app_id": world.app,
        "event": inner,
        "type": "event_callback",
        "event_id": f"Ev{world.number():09d}",
        "event_time": int(world.clock()),
        "authorizations": [
            {
                "enterprise_id": world.enterprise or None,
                "team_id": None if world.enterprise else world.team,
                "user_id": world.bot_user,
                "is_bot": True,
                "is_enterprise_install": bool(world.enterprise),
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-stand-in",
    }


def state(card: Shown, chosen: dict[str, str]) -> dict[str, Any]:
    """What stands in the card's fields, over what stood there first.

    chosen  block_id -> label of the option, labels parted by "|", or what is written. A label
            that begins with FORGED is no option's: it carries the value behind that.
    """
    return {
        block["block_id"]: {
            block["element"]["action_id"]: _filled(block["element"], chosen.get(block["block_id"]))
        }
        for block in card.blocks
        if block["type"] == "input"
    }


def _option(options: dict[str, Any], label: str) -> dict[str, Any]:
    if label.startswith(FORGED):
        value = label.removeprefix(FORGED)
        return {"text": {"type": "plain_text", "text": value}, "value": value}
    return options[label]


def _filled(element: dict[str, Any], given: str | None) -> dict[str, Any]:
    options = {option["text"]["text"]: option for option in element.get("options", ())}
    kind = element["type"]
    match kind:
        case "static_select" | "radio_buttons":
            option = element.get("initial_option") if given is None else _option(options, given)
            return {"type": kind, "selected_option": option}
        case "checkboxes" | "multi_static_select":
            first = element.get("initial_options", [])
            labels = None if given is None else filter(None, given.split("|"))
            picked = first if labels is None else [_option(options, each) for each in labels]
            return {"type": kind, "selected_options": picked}
        case "plain_text_input":
            written = element.get("initial_value") if given is None else given
            return {"type": kind, "value": written or None}
        case _:
            name = kind.removesuffix("picker") if kind != "users_select" else "user"
            at = element.get(f"initial_{name}") if given is None else given
            return {"type": kind, f"selected_{name}": at or None}


def _message(world: World, card: Shown) -> dict[str, Any]:
    return {
        "user": world.bot_user,
        "type": "message",
        "ts": card.ts,
        "bot_id": world.bot,
        "app_id": world.app,
        "text": card.text,
        "team": world.team,
        "blocks": card.blocks,
    }


def _block_of(card: Shown, element: dict[str, Any]) -> str:
    number = next(n for n, b in enumerate(card.blocks) if element in b.get("elements", ()))
    return card.blocks[number].get("block_id", f"b{number}")
