"""What Slack sends is taken once and acknowledged as Slack expects."""

import asyncio
import json
from typing import Any

import pytest
from aiohttp import ClientSession, web

from adapters.slack import workspace
from adapters.slack.app import SlackConfig, SlackPlatform
from bot.core.errors import LandaError, SettingsError
from bot.core.message import Choice, Message
from bot.core.port import Answer
from bot.core.turn import Commanded, Pressed, Said
from tests.adapters.slack.conftest import Landa, now, outgoing, until
from tests.adapters.slack.test_inbound import payload
from tests.standin_slack import Ack, Shown, StandIn
from tests.standin_slack.payloads import event, message

ANNA = "U0ANNA001"
ROOM = "C0ENHET01"


async def send(slack: StandIn, body: dict[str, Any]) -> Ack:
    """A recorded payload, sent the way its kind is sent."""
    if "command" in body:
        return await slack.hand("slash_commands", body)
    kind = "events_api" if "event" in body or "challenge" in body else "interactive"
    return await slack.hand(kind, body)


async def test_a_command_is_answered_at_once(slack: StandIn, either: Landa) -> None:
    """The card rides on the answer, for its person alone, and its ride is confirmed."""
    either.card = Message("Du är här nu.", (Choice("tok-1", "Lugna kroppen"),))
    ack = await slack.command(ANNA, "landa", ROOM)
    assert ack.card is not None
    assert (ack.card.only, ack.card.labels) == (ANNA, ["Lugna kroppen"])
    assert either.taken[0].turn == Commanded("landa")
    assert either.ridden == 1
    assert slack.complaints == []


@pytest.mark.parametrize("taken", ["new", "seen", "late", "refused"])
async def test_a_command_without_a_card(slack: StandIn, either: Landa, taken: Any) -> None:
    """A command whose card comes later gets an empty 200: nothing is shown twice."""
    either.card, either.answer = None, Answer(taken)
    ack = await slack.command(ANNA)
    assert (ack.status, ack.body, ack.card) == (200, "", None)


async def test_an_apology_rides_too(slack: StandIn, either: Landa) -> None:
    """A command that could not be taken still shows the card it was given."""
    either.answer = Answer("refused")
    ack = await slack.command(ANNA)
    assert ack.card is not None


async def test_a_ride_that_did_not_arrive(slack: StandIn, landa: Landa) -> None:
    """A card whose answer could not be written is not confirmed, so that it is sent again."""
    begun, go = asyncio.Event(), asyncio.Event()

    async def slow(inbound: Any, **_: bool) -> Answer:
        begun.set()
        await go.wait()
        return Answer("new", outgoing(Message("Hej."), inbound), landa.rode)

    app = web.Application()
    landa.platform.mount(app, slow)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.landa = f"http://127.0.0.1:{runner.addresses[0][1]}"
    asked = asyncio.create_task(slack.command(ANNA))
    await begun.wait()
    asked.cancel()
    await until(lambda: all(c.transport is None for c in runner.server.connections))
    go.set()
    await asyncio.sleep(0.05)
    await runner.cleanup()
    assert landa.ridden == 0


@pytest.mark.parametrize("taken", ["new", "seen", "late", "refused"])
async def test_a_press_is_acknowledged_empty(slack: StandIn, either: Landa, taken: Any) -> None:
    """A press gets an empty 200 whatever became of it: its card follows by itself."""
    either.answer = Answer(taken)
    ack = await send(slack, payload("press_form"))
    assert (ack.status, ack.body) == (200, "")
    assert isinstance(either.taken[0].turn, Pressed)


@pytest.mark.parametrize(("taken", "tries"), [("new", 1), ("seen", 1), ("late", 4), ("refused", 4)])
async def test_an_event_comes_again(slack: StandIn, either: Landa, taken: Any, tries: int) -> None:
    """Words that could not be taken are asked for again; taken ones are not."""
    either.answer = Answer(taken)
    acks = await slack.say(ANNA, "paus & <vila>")
    failed = 0 if slack.by_socket else 503
    assert [ack.status for ack in acks] == [200 if tries == 1 else failed] * tries
    assert "x-slack-no-retry" not in (acks[-1].headers or {})
    assert len({inbound.id for inbound in either.taken}) == 1
    assert either.taken[0].turn == Said("paus & <vila>")


async def test_a_retry_is_not_dropped_for_its_header(slack: StandIn, landa: Landa) -> None:
    """A repeated event is handed on: only `handle` knows whether the first one was taken."""
    body = json.dumps(event(slack, message(slack, ANNA, "paus", "1.000001"))).encode()
    retry = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    ack = await slack.send(body, "application/json", retry)
    assert (ack.status, len(landa.taken)) == (200, 1)


NOTHING = (
    "channel_join command_slackbot home_opened_messages mention_bot mention_dm mention_edited "
    "mention_own mention_workflow message_bot message_broadcast message_changed message_channel "
    "message_deleted message_own press_link shortcut_other submission_other user_change"
)


@pytest.mark.parametrize("name", NOTHING.split())
async def test_everything_authentic_is_acknowledged(
    slack: StandIn, either: Landa, name: str
) -> None:
    """What Landa does not take is acknowledged in silence, or Slack would send it on and on."""
    ack = await send(slack, payload(name))
    assert (ack.status, ack.body, either.taken) == (200, "", [])
    assert [call.method for call in slack.calls if call.method.startswith("chat.")] == []


@pytest.mark.parametrize(
    "name", ["command_grid", "press_grid", "message_grid", "shortcut_grid", "submission_grid"]
)
async def test_organisation_installs(slack: StandIn, either: Landa, name: str) -> None:
    """People are served where the whole organisation installed Landa."""
    ack = await send(slack, payload(name))
    assert (ack.status, len(either.taken)) == (200, 1)


STRANGE = (
    "app_mention command_channel message_im press_ephemeral press_grid press_home shortcut "
    "submission closed home_opened user_deleted"
)


@pytest.mark.parametrize("name", [*STRANGE.split(), "message_action", "command_other_workspace"])
async def test_another_workspace(slack: StandIn, either: Landa, name: str) -> None:
    """Nothing of another workspace is taken, and nothing is sent anywhere."""
    body = json.loads(json.dumps(payload(name)).replace("T0LANDA01", "T0OTHER01"))
    ack = await send(slack, body)
    assert (ack.status, ack.body, either.taken) == (200, "", [])
    assert {call.method for call in slack.calls} <= {"auth.test", "apps.connections.open"}


async def test_challenge(slack: StandIn, landa: Landa) -> None:
    """Slack's check of the address is answered."""
    ack = await send(slack, payload("url_verification"))
    assert json.loads(ack.body) == {"challenge": payload("url_verification")["challenge"]}


async def test_certificate_check(slack: StandIn, landa: Landa) -> None:
    """Slack's check of the certificate is answered and taken for nothing else."""
    ack = await slack.send_form({"ssl_check": "1", "token": "x", "command": "/landa"})
    assert (ack.status, landa.taken) == (200, [])


async def test_before_slack_has_told_who_we_are(
    slack: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until Landa knows its workspace it takes nothing, says so, and asks again by itself."""
    monkeypatch.setattr(workspace, "FIRST_TRY_S", 0.1)
    monkeypatch.setattr(workspace, "WAITS_S", (1.0,))
    slack.fail("auth.test", "status", status=500)
    landa = Landa(SlackPlatform(SlackConfig(slack.token, slack.secret, slack.api_url), now))
    app = web.Application()
    await landa.platform.open()
    landa.platform.mount(app, landa)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.landa = f"http://127.0.0.1:{runner.addresses[0][1]}"
    assert not landa.platform.ready
    assert (await slack.command(ANNA)).status == 503
    assert [ack.status for ack in await slack.say(ANNA, "paus")] == [503] * 4
    await until(lambda: landa.platform.ready)
    assert (await slack.command(ANNA)).status == 200
    await landa.platform.close()
    await runner.cleanup()


async def test_check(slack: StandIn, landa: Landa) -> None:
    """The operator is told which bot in which workspace the token belongs to, or what is wrong."""
    assert await landa.platform.check() == (
        "@landa in Socialtjänsten (T0LANDA01), at /slack/events"
    )
    slack.scopes.discard("files:write")
    with pytest.raises(LandaError, match=r"lacks files:write\. To do: paste the manifest again"):
        await landa.platform.check()
    slack.token = "another"
    with pytest.raises(LandaError, match="invalid_auth"):
        await landa.platform.check()


def test_secrets() -> None:
    """No secret is printed, and an empty one is refused."""
    assert "xoxb" not in repr(SlackConfig("xoxb-1", "s3cret"))
    assert "s3cret" not in repr(SlackConfig("xoxb-1", "s3cret"))
    for wrong in (("", "x"), ("x", " "), ("x", "x", "slack.com")):
        with pytest.raises(SettingsError):
            SlackConfig(*wrong)


async def test_a_whole_talk(slack: StandIn, either: Landa) -> None:
    """Command, press and rewriting, seen from the person's side."""
    either.card = Message("Ett", (Choice("tok-1", "Vidare"),))
    await slack.command(ANNA, "", ROOM)
    await slack.press(ANNA, "Vidare")
    assert either.taken[1].turn == Pressed("tok-1")
    await either.platform.deliver(outgoing(Message("Två"), either.taken[1]))
    shown: Shown = slack.last(ANNA)
    assert (shown.text, shown.only, len(slack.messages)) == ("Två", ANNA, 1)


async def test_only_posts(landa: Landa) -> None:
    """There is nothing to look at."""
    async with ClientSession() as session, session.get(f"{landa.url}/slack/events") as answer:
        assert answer.status == 405
