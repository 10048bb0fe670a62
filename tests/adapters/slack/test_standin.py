"""The stand-in is as strict as Slack: at each limit it accepts, one past it it refuses."""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.standin_slack import StandIn
from tests.standin_slack.api import SlackError, content
from tests.standin_slack.elements import BlockError
from tests.standin_slack.limits import check_blocks, check_view

Part = dict[str, Any]


def plain(n: int) -> Part:
    return {"type": "plain_text", "text": "å" * n}


def mrkdwn(n: int) -> Part:
    return {"type": "mrkdwn", "text": "å" * n}


def section(n: int = 1, **more: Any) -> Part:
    return {"type": "section", "text": mrkdwn(n), **more}


def button(number: int = 0, text: int = 1, **more: Any) -> Part:
    return {"type": "button", "text": plain(text), "action_id": f"a{number}", **more}


def actions(*elements: Part) -> Part:
    return {"type": "actions", "elements": list(elements)}


def option(number: int = 0, text: int = 1, value: int = 0) -> Part:
    return {"text": plain(text), "value": "v" * value or f"v{number}"}


def chosen(kind: str, n: int = 1, **more: Any) -> Part:
    return {"type": kind, "action_id": "a", "options": [option(i) for i in range(n)], **more}


def question(element: Part, label: int = 1) -> Part:
    return {"type": "input", "block_id": "b", "label": plain(label), "element": element}


def image(url: int = 20, alt: int = 1) -> Part:
    return {"type": "image", "image_url": "https://" + "x" * (url - 8), "alt_text": "å" * alt}


def asked(title: int = 1, text: int = 1, yes: int = 1, no: int = 1) -> list[Part]:
    confirm = {"title": plain(title), "text": plain(text), "confirm": plain(yes), "deny": plain(no)}
    return [actions(button(confirm=confirm))]


LIMITS: dict[str, tuple[int, Callable[[int], list[Part]]]] = {
    "blocks": (50, lambda n: [section() for _ in range(n)]),
    "section text": (3_000, lambda n: [section(n)]),
    "section fields": (10, lambda n: [{"type": "section", "fields": [plain(1)] * n}]),
    "section field": (2_000, lambda n: [{"type": "section", "fields": [plain(n)]}]),
    "header": (150, lambda n: [{"type": "header", "text": plain(n)}]),
    "context": (10, lambda n: [{"type": "context", "elements": [mrkdwn(1)] * n}]),
    "actions": (25, lambda n: [actions(*(button(i) for i in range(n)))]),
    "button text": (75, lambda n: [actions(button(text=n))]),
    "button value": (2_000, lambda n: [actions(button(value="v" * n))]),
    "button url": (3_000, lambda n: [actions(button(url="https://" + "x" * (n - 8)))]),
    "accessibility label": (75, lambda n: [actions(button(accessibility_label="å" * n))]),
    "action_id": (255, lambda n: [actions({**button(), "action_id": "a" * n})]),
    "block_id": (255, lambda n: [section(block_id="b" * n)]),
    "options": (100, lambda n: [question(chosen("static_select", n))]),
    "option text": (
        75,
        lambda n: [question({**chosen("radio_buttons"), "options": [option(0, n)]})],
    ),
    "option value": (
        150,
        lambda n: [actions({**chosen("overflow"), "options": [option(0, 1, n)]})],
    ),
    "overflow": (5, lambda n: [actions(chosen("overflow", n))]),
    "checkboxes": (10, lambda n: [question(chosen("checkboxes", n))]),
    "radio buttons": (10, lambda n: [question(chosen("radio_buttons", n))]),
    "placeholder": (150, lambda n: [question(chosen("static_select", placeholder=plain(n)))]),
    "confirm title": (100, lambda n: asked(title=n)),
    "confirm text": (300, lambda n: asked(text=n)),
    "confirm yes": (30, lambda n: asked(yes=n)),
    "confirm no": (30, lambda n: asked(no=n)),
    "alt text": (2_000, lambda n: [image(alt=n)]),
    "image url": (3_000, lambda n: [image(url=n)]),
    "input label": (2_000, lambda n: [question(chosen("static_select"), n)]),
    "all text": (13_200, lambda n: [*(section(3_000) for _ in range(4)), section(n - 12_000)]),
}


@pytest.mark.parametrize("name", LIMITS)
def test_limits(name: str) -> None:
    """A block at its limit is accepted, one past it is refused."""
    edge, make = LIMITS[name]
    check_blocks(make(edge))
    with pytest.raises(BlockError):
        check_blocks(make(edge + 1))


WRONG: dict[str, list[Any]] = {
    "no blocks": [],
    "no object": ["x"],
    "unknown block": [{"type": "card"}],
    "unknown key": [section(colour="red")],
    "unknown key in text": [{"type": "section", "text": {**mrkdwn(1), "emoji": True}}],
    "unknown key in button": [actions(button(id="x"))],
    "empty text": [section(0)],
    "empty actions": [actions()],
    "no alt text": [{"type": "image", "image_url": "https://x"}],
    "mrkdwn header": [{"type": "header", "text": mrkdwn(1)}],
    "mrkdwn button": [actions({**button(), "text": mrkdwn(1)})],
    "other style": [actions(button(style="secondary"))],
    "telephone button": [actions(button(url="tel:112"))],
    "same block_id": [section(block_id="b"), section(block_id="b")],
    "same action_id": [actions(button(1), button(1))],
    "input in actions": [actions(chosen("checkboxes"), {"type": "input"})],
    "button in input": [question(button())],
    "strange first option": [question(chosen("static_select", initial_option=option(9)))],
    "no text": [{"type": "section"}],
    "no string": [{"type": "section", "text": {"type": "mrkdwn", "text": 1}}],
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_blocks(name: str) -> None:
    """What Slack does not know it refuses, also where a client might show it."""
    with pytest.raises(BlockError):
        check_blocks(WRONG[name])


VIEWS: dict[str, tuple[int, Callable[[int], Part]]] = {
    "title": (24, lambda n: {"title": plain(n)}),
    "submit": (24, lambda n: {"submit": plain(n)}),
    "close": (24, lambda n: {"close": plain(n)}),
    "private_metadata": (3_000, lambda n: {"private_metadata": "x" * n}),
    "blocks": (100, lambda n: {"blocks": [section() for _ in range(n)]}),
}


@pytest.mark.parametrize("name", VIEWS)
def test_views(name: str) -> None:
    """A view at its limit is accepted, one past it is refused; inputs need a way to submit."""
    edge, make = VIEWS[name]
    view = {"type": "modal", "title": plain(1), "blocks": [section()]}
    check_view({**view, **make(edge)})
    with pytest.raises(BlockError):
        check_view({**view, **make(edge + 1)})
    with pytest.raises(BlockError):
        check_view({**view, "blocks": [question(chosen("static_select"))]})


@pytest.mark.parametrize(("length", "fine"), [(0, False), (1, True), (3_999, True), (4_000, False)])
def test_top_level_text(length: int, fine: bool) -> None:
    """A message always has a text that is enough by itself, under 4,000 characters."""
    if fine:
        content({"text": "å" * length}, 40_000)
        return
    with pytest.raises(SlackError):
        content({"text": "å" * length}, 40_000)


async def call(slack: StandIn, path: str, bearer: str = "", **fields: Any) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {bearer or slack.token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(slack.url + path, json=fields) as answer,
    ):
        return await answer.json()


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"channel": "U1", "text": "x"}, None),
        ({"channel": "U1", "text": "x", "colour": 1}, "invalid_arg_name"),
        ({"channel": "U1", "text": ""}, "no_text"),
        ({"channel": "U1", "text": "x", "blocks": [{"type": "x"}]}, "invalid_blocks"),
        ({"channel": "U1", "text": "x", "blocks": [section(3_000)] * 5}, "msg_blocks_too_long"),
        ({"channel": "U1", "text": "x", "token": "xoxb"}, "invalid_arg_name"),
        ({"channel": "C1", "text": "x"}, "not_in_channel"),
        ({"channel": "", "text": "x"}, "channel_not_found"),
    ],
)
async def test_methods(slack: StandIn, fields: dict[str, Any], error: str | None) -> None:
    """A method takes its documented arguments and no others."""
    answer = await call(slack, "/api/chat.postMessage", **fields)
    assert answer.get("error") == error
    assert answer["ok"] is (error is None)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"channel": "C1", "user": "U1", "text": "x"}, None),
        ({"channel": "C1", "user": "U1", "text": "x", "unfurl_links": False}, "invalid_arg_name"),
        ({"channel": "C1", "user": "U1", "text": ""}, "no_text"),
        ({"channel": "C1", "user": "U2", "text": "x"}, "user_not_in_channel"),
        ({"channel": "C2", "user": "U1", "text": "x"}, "not_in_channel"),
        ({"channel": "G2", "user": "U1", "text": "x"}, "channel_not_found"),
        ({"channel": "", "user": "U1", "text": "x"}, "channel_not_found"),
    ],
)
async def test_ephemeral(slack: StandIn, fields: dict[str, Any], error: str | None) -> None:
    """What one person alone sees needs both of them in the channel."""
    slack.joined, slack.outside = {"C1"}, {("C1", "U2")}
    assert (await call(slack, "/api/chat.postEphemeral", **fields)).get("error") == error


async def test_pace(slack: StandIn) -> None:
    """One message a second into each channel, where that is asked for."""
    time = 1_000_000.0
    slack.clock, slack.pace_s = lambda: time, 1.0
    post = "/api/chat.postMessage"
    assert (await call(slack, post, channel="U1", text="x"))["ok"]
    assert (await call(slack, post, channel="U1", text="x"))["error"] == "ratelimited"
    assert (await call(slack, post, channel="U2", text="x"))["ok"]
    time += 1
    assert (await call(slack, post, channel="U1", text="x"))["ok"]


async def test_sockets(slack: StandIn) -> None:
    """An address works once, only an app's own token gives one, and an ack is checked."""
    method = "/api/apps.connections.open"
    assert (await call(slack, method))["error"] == "not_allowed_token_type"
    assert (await call(slack, method, "xapp-other"))["error"] == "invalid_auth"
    url = (await call(slack, method, slack.app_token))["url"]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as ws:
            assert (await ws.receive_json())["type"] == "hello"
            for ack in ({"envelope_id": "x"}, {"envelope_id": "y", "colour": 1}):
                await ws.send_json(ack)
            sent = asyncio.create_task(slack.sockets.send("interactive", {"type": "x"}))
            envelope = await ws.receive_json()
            assert envelope["accepts_response_payload"] is False
            await ws.send_json({"envelope_id": envelope["envelope_id"], "payload": {}})
            assert (await sent).status == 200
        assert len(slack.complaints) == 4
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_tokens_and_names(slack: StandIn) -> None:
    """Another token, an unknown method and an unknown message are refused."""
    assert (await call(slack, "/api/auth.test", "xoxb-other"))["error"] == "invalid_auth"
    assert (await call(slack, "/api/chat.delete"))["error"] == "unknown_method"
    gone = await call(slack, "/api/chat.update", channel="D1", ts="1.1", text="x")
    assert gone["error"] == "message_not_found"


async def test_response_urls(slack: StandIn) -> None:
    """A response_url works five times and for thirty minutes."""
    time = 1_000_000.0
    slack.clock = lambda: time
    path = slack.response_url("", "C1", "U1", None)
    for _ in range(5):
        assert (await call(slack, path, text="x"))["ok"]
    assert (await call(slack, path, text="x"))["error"] == "used_url"
    path = slack.response_url("", "C1", "U1", None)
    time += 1_800
    assert (await call(slack, path, text="x"))["ok"]
    time += 1
    assert (await call(slack, path, text="x"))["error"] == "expired_url"


async def test_faults_come_once_and_in_order(slack: StandIn) -> None:
    """A scripted fault hits the next call of its method, and only that."""
    slack.fail("auth.test", "error", code="fatal_error")
    slack.fail("auth.test", "ratelimited", retry_after="3")
    errors = [(await call(slack, "/api/auth.test")).get("error") for _ in range(3)]
    assert errors == ["fatal_error", "ratelimited", None]


async def test_as_a_process() -> None:
    """The stand-in runs on its own, and can be told what people do."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.standin_slack", "http://127.0.0.1:1"),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout is not None
    told = json.loads(await process.stdout.readline())
    async with aiohttp.ClientSession() as session:
        act = {"act": "command", "user": "U1", "text": "paus"}
        async with session.post(f"{told['url']}/_act", json=act) as answer:
            assert (await answer.json())[0]["status"] == 0
        async with session.get(f"{told['url']}/_seen?user=U1") as answer:
            assert await answer.json() == []
    process.terminate()
    await process.wait()
