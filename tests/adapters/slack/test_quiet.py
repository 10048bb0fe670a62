"""Nothing leaks: not to a log, not through the environment."""

import logging

import pytest
from aiohttp import web

from adapters.slack.app import SlackConfig, SlackPlatform
from bot.core.errors import LandaError
from bot.core.message import Message
from tests.adapters.slack.conftest import Landa, now, outgoing
from tests.standin_slack import StandIn

ANNA = "U0ANNA001"
ROOM = "C0ENHET01"


async def test_the_environment_changes_nothing(
    slack: StandIn, landa: Landa, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names that the kit itself reads from the environment do not alter what was configured."""
    for name in ("BOT_TOKEN", "SIGNING_SECRET", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.setenv(f"SLACK_{name}", "xoxb-other")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    other = SlackPlatform(SlackConfig(slack.token, slack.secret, slack.api_url), now)
    await other.open()
    other.mount(web.Application(), landa)
    assert other.ready
    await other.close()


async def test_nothing_a_person_writes_is_logged(
    slack: StandIn, landa: Landa, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even at DEBUG does a word, an id or a secret reach a log."""
    caplog.set_level(logging.DEBUG)
    landa.card = Message("kanariefågel")
    await slack.command(ANNA, "kanariefågel", ROOM)
    await slack.say(ANNA, "kanariefågel")
    await landa.platform.deliver(outgoing(Message("kanariefågel"), landa.taken[-1]))
    slack.fail("chat.postMessage", "html")
    with pytest.raises(LandaError):
        await landa.platform.deliver(outgoing(Message("kanariefågel"), landa.taken[-1]))
    await slack.send(b'{"kanariefagel', "application/json")
    for word in ("kanarie", ANNA, slack.token, slack.secret):
        assert word not in caplog.text


async def test_a_failing_handle(
    slack: StandIn, landa: Landa, caplog: pytest.LogCaptureFixture
) -> None:
    """Even an error that should not be possible tells the log only its kind."""

    landa.fault = RuntimeError("kanariefågel")
    assert (await slack.command(ANNA)).status == 500
    assert "RuntimeError" in caplog.text
    assert "kanarie" not in caplog.text
