"""Over Socket Mode nothing is lost, nothing is taken for granted, and the line mends itself."""

import asyncio
import gc
import logging
import re

import pytest
from aiohttp import ClientSession, ClientTimeout, web

from adapters.slack import line
from adapters.slack.app import SlackConfig, SlackPlatform
from bot.core.errors import LandaError, SettingsError
from bot.core.message import Choice, Message
from bot.core.port import Answer
from bot.core.turn import Inbound, Pressed, Said
from tests.adapters.slack.conftest import Landa, now, outgoing, running, until
from tests.adapters.slack.test_inbound import payload
from tests.standin_slack import StandIn

ANNA = "U0ANNA001"
ROOM = "C0ENHET01"


class Slow:
    """A `Handle` that answers when it is told to."""

    def __init__(self, landa: Landa) -> None:
        self.landa, self.begun, self.go = landa, asyncio.Event(), asyncio.Event()

    async def __call__(
        self, inbound: Inbound, *, ride: bool = False, patient: bool = False
    ) -> Answer:
        self.begun.set()
        await self.go.wait()
        return await self.landa(inbound, ride=ride)


@pytest.fixture
def slow(by_socket: Landa, monkeypatch: pytest.MonkeyPatch) -> Slow:
    slow = Slow(by_socket)
    taker = by_socket.platform._line
    assert taker is not None
    monkeypatch.setattr(taker, "_take", by_socket.platform._dispatch(slow))
    return slow


async def test_no_card_is_shown_before_it_was_committed(slack: StandIn, slow: Slow) -> None:
    """An envelope is acknowledged after its turn, not on arrival."""
    asked = asyncio.create_task(slack.command(ANNA, "", ROOM))
    await slow.begun.wait()
    await asyncio.sleep(0.05)
    assert slack.sockets.acks == []
    assert slow.landa.ridden == 0
    slow.go.set()
    card = (await asked).card
    assert card is not None
    assert (card.only, slow.landa.ridden, slack.complaints) == (ANNA, 1, [])


async def test_a_press_rides_nothing(slack: StandIn, by_socket: Landa) -> None:
    """Only a command's answer carries a card."""
    by_socket.card = Message("Ett", (Choice("tok-1", "Vidare"),))
    await slack.command(ANNA, "", ROOM)
    by_socket.answer = Answer("new", outgoing(Message("Två"), by_socket.taken[0]), by_socket.rode)
    ack = await slack.press(ANNA, "Vidare")
    assert (ack.status, ack.body, by_socket.taken[1].turn) == (200, "", Pressed("tok-1"))
    assert slack.complaints == []


async def test_a_card_that_nobody_would_read(slack: StandIn, by_socket: Landa) -> None:
    """Where Slack takes no card in the answer, its ride is not confirmed: it is sent."""
    ack = await slack.sockets.send("interactive", payload("command_channel"))
    assert (ack.status, ack.body, by_socket.ridden, slack.complaints) == (200, "", 0, [])


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_in_flight_while_slack_takes_the_line_away(
    slack: StandIn, slow: Slow, reason: str
) -> None:
    """What came by the old socket is acknowledged by the new one."""
    asked = asyncio.create_task(slack.command(ANNA, "", ROOM))
    await slow.begun.wait()
    await slack.sockets.refresh(reason)
    await slack.sockets.up()
    await until(lambda: len(slack.sockets.links) == 1)
    slow.go.set()
    assert (await asked).card is not None
    assert [number for _, number in slack.sockets.acks] == [2]
    assert (slow.landa.ridden, slack.complaints) == (1, [])


async def test_no_gap_between_two_sockets(slack: StandIn, by_socket: Landa) -> None:
    """The new socket stands before the old one goes."""
    for count in range(2, 5):
        await slack.sockets.refresh()
        await slack.sockets.up()
        assert slack.sockets.opened == count
        assert (await slack.command(ANNA)).status == 200
        await until(lambda: len(slack.sockets.links) == 1)
    assert slack.sockets.together == [1, 2, 2, 2]


async def test_a_cut_in_flight(slack: StandIn, slow: Slow) -> None:
    """After the wire broke, an answer finds its way over the next line, within Slack's patience."""
    asked = asyncio.create_task(slack.command(ANNA, "", ROOM))
    await slow.begun.wait()
    slack.sockets.cut()
    await until(lambda: not slow.landa.platform.ready)
    slow.go.set()
    ack = await asked
    assert ack.card is not None
    assert ack.seconds < 2.5
    assert slow.landa.ridden == 1


async def test_a_ride_that_did_not_arrive(
    slack: StandIn, slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While there is no line, a card's ride is not confirmed, so that it is sent."""
    monkeypatch.setattr(line, "ACK_S", 0.1)
    slack.ack_s = 0.5
    for _ in range(10):
        slack.fail("apps.connections.open", "status", status=500)
    asked = asyncio.create_task(slack.command(ANNA, "", ROOM))
    await slow.begun.wait()
    slack.sockets.cut()
    await until(lambda: not slow.landa.platform.ready)
    slow.go.set()
    assert (await asked).status == 0
    assert slow.landa.ridden == 0


@pytest.mark.parametrize("silence", ["cut", "frozen"])
async def test_a_dead_line_is_noticed(
    slack: StandIn, by_socket: Landa, silence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Soon after the wire broke, or fell silent, there is a new line, and events come again."""
    monkeypatch.setattr(line, "HEARTBEAT_S", 0.2)
    await slack.sockets.refresh()  # the next socket beats faster
    await slack.sockets.up()
    slack.ack_s, slack.retry_waits_s = 1.0, (0.0, 0.5, 1.0)
    if silence == "cut":
        slack.sockets.cut()
    else:
        slack.sockets.freeze()
        await until(lambda: slack.sockets.opened == 3)
    acks = await slack.say(ANNA, "paus")
    assert acks[-1].status == 200
    assert {inbound.id for inbound in by_socket.taken} == {by_socket.taken[0].id}
    assert by_socket.taken[0].turn == Said("paus")


async def test_an_event_that_was_not_acknowledged_comes_again(slack: StandIn, slow: Slow) -> None:
    """An event whose line broke before its answer is handed on again, under the same id."""
    slack.ack_s = 0.3
    said = asyncio.create_task(slack.say(ANNA, "paus"))
    await slow.begun.wait()
    await asyncio.sleep(0.35)
    slow.go.set()
    assert [ack.status for ack in await said] == [0, 200]
    assert len({inbound.id for inbound in slow.landa.taken}) == 1


async def test_waits_grow(slack: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack that gives no line is asked again, ever less often, and never in step."""
    waits: list[float] = []
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await real(0)

    for _ in range(9):
        slack.fail("apps.connections.open", "error", code="internal_error")
    monkeypatch.setattr(line.asyncio, "sleep", sleep)
    async with running(slack, by_socket=True) as landa:
        await slack.sockets.up()
        tried = [wait for wait in waits if wait][:8]
        for wait, most in zip(tried, (*line.WAITS_S[1:], line.WAITS_S[-1]), strict=True):
            assert most / 2 <= wait <= most
        assert landa.platform.ready
    assert len(set(tried)) == len(tried)


async def test_asked_to_wait(slack: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack's own wish is kept."""
    slack.fail("apps.connections.open", "ratelimited", retry_after="1")
    monkeypatch.setattr("adapters.slack.app.FIRST_TRY_S", 0.1)
    async with running(slack, by_socket=True) as landa:
        assert not landa.platform.ready
        start = asyncio.get_running_loop().time()
        await slack.sockets.up()
        assert asyncio.get_running_loop().time() - start > 0.8
        await until(lambda: landa.platform.ready)


async def test_each_address_works_once(slack: StandIn, by_socket: Landa) -> None:
    """Every try gets an address of its own: a spent one would be refused for ever."""
    for _ in range(3):
        slack.sockets.cut()
        await slack.sockets.up()
    asked = [call for call in slack.calls if call.method == "apps.connections.open"]
    assert len(asked) == slack.sockets.opened == 4


async def test_a_line_outlives_the_limits_of_a_request(slack: StandIn) -> None:
    """The time limit of requests does not end the line."""
    async with running(slack, by_socket=True) as landa:
        session = landa.platform._client.session
        assert session is not None
        session._timeout = ClientTimeout(total=0.3)
        slack.sockets.cut()
        await slack.sockets.up()
        await asyncio.sleep(0.6)
        assert (await slack.command(ANNA)).status == 200
        assert slack.sockets.opened == 2


async def test_stopping_finishes_what_is_under_way(slack: StandIn) -> None:
    """Landa stops taking, answers what it has taken, and hangs up like a polite caller."""
    async with running(slack, by_socket=True) as landa:
        pass
    landa = Landa(SlackPlatform(config(slack), now), card=Message("Hej."))
    slow = Slow(landa)
    await landa.platform.open()
    asked = None
    async with landa.platform.listen(slow):
        await slack.sockets.up()
        asked = asyncio.create_task(slack.command(ANNA))
        await slow.begun.wait()
        asyncio.get_running_loop().call_later(0.1, slow.go.set)
    assert (await asked).card is not None
    assert landa.ridden == 1
    await until(lambda: slack.sockets.links == [])
    await landa.platform.close()
    assert not landa.platform.ready
    assert {t for t in asyncio.all_tasks() if "line" in repr(t.get_coro())} == set()


def config(slack: StandIn) -> SlackConfig:
    return SlackConfig(slack.token, "", slack.api_url, app_token=slack.app_token)


NOISE = [
    *('{"type": "hello"}', "not json", "[]", "null", "{}", '{"type": "disconnect", "reason": 1}'),
    *('{"envelope_id": 1}', '{"envelope_id": null, "payload": []}', '{"type": "goodbye"}'),
    '{"envelope_id": "x", "payload": {"type": "event_callback", "team_id": "T0LANDA01"}}',
    '{"envelope_id": "x", "payload": {"type": "block_actions", "team": "x", "user": []}}',
    "[" * 5_000,
]


@pytest.mark.parametrize("text", NOISE, ids=lambda text: text[:24])
async def test_noise(slack: StandIn, by_socket: Landa, text: str) -> None:
    """Whatever is said on the line, nothing breaks and nothing of it is acknowledged."""
    gc.collect()  # what others left behind must not be tidied up inside the deepest of it
    await slack.sockets.links[-1].ws.send_str(text)
    await slack.sockets.links[-1].ws.send_bytes(b"\xff")
    await slack.sockets.up()
    await until(lambda: by_socket.platform.ready)
    assert (await slack.command(ANNA)).card is not None
    assert by_socket.taken[0].person.id == ANNA
    assert [id for id, _ in slack.sockets.acks if id == "x"] == []


async def test_nothing_a_person_writes_is_logged(
    slack: StandIn, by_socket: Landa, caplog: pytest.LogCaptureFixture
) -> None:
    """Not even at DEBUG does a word, an id, an address or a secret reach a log."""
    caplog.set_level(logging.DEBUG)
    by_socket.card = Message("kanariefågel")
    await slack.command(ANNA, "kanariefågel", ROOM)
    await slack.say(ANNA, "kanariefågel")
    await slack.mention(ANNA, "kanariefågel", ROOM)
    await slack.sockets.refresh("kanariefågel")
    await slack.sockets.links[-1].ws.send_str('{"kanariefågel')
    await slack.sockets.up()
    slack.sockets.cut()
    await slack.sockets.up()
    by_socket.fault = RuntimeError("kanariefågel")
    slack.ack_s = 0.1
    await slack.command(ANNA, "kanariefågel", ROOM)
    assert "RuntimeError" in caplog.text
    secrets = (slack.token, slack.app_token, slack.secret)
    for word in ("kanarie", ANNA, ROOM, "ticket=", *secrets):
        assert word not in caplog.text


async def test_before_slack_has_told_who_we_are(
    slack: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until Landa knows its workspace it acknowledges nothing; events wait for it."""
    monkeypatch.setattr("adapters.slack.workspace.FIRST_TRY_S", 0.05)
    slack.ack_s = 0.1
    slack.retry_waits_s = (0.0, 1.5)
    slack.fail("auth.test", "status", status=500)
    async with running(slack, by_socket=True) as landa:
        assert not landa.platform.ready
        assert (await slack.command(ANNA)).status == 0
        assert [ack.status for ack in await slack.say(ANNA, "paus")] == [0, 0, 200]
        assert len(landa.taken) == 1


async def test_one_way_in(slack: StandIn, by_socket: Landa, landa_app: web.Application) -> None:
    """With an app token there is no public route, and without one no line."""
    with pytest.raises(SettingsError):
        by_socket.platform.mount(landa_app, by_socket)
    assert not list(landa_app.router.routes())
    other = SlackPlatform(SlackConfig(slack.token, slack.secret, slack.api_url), now)
    with pytest.raises(SettingsError):
        async with other.listen(by_socket):
            pass


@pytest.fixture
def landa_app() -> web.Application:
    return web.Application()


async def test_check(slack: StandIn, by_socket: Landa) -> None:
    """The operator is told that the app token works, or what is wrong with it."""
    told = await by_socket.platform.check()
    assert told == "@landa in Socialtjänsten (T0LANDA01), over Socket Mode"
    slack.app_token = "xapp-another"
    with pytest.raises(LandaError, match="SLACK_APP_TOKEN: invalid_auth"):
        await by_socket.platform.check()


def test_settings() -> None:
    """An app token needs no signing secret; something else in its place is told."""
    assert "xapp-1" not in repr(SlackConfig("xoxb-1", "", app_token="xapp-1"))
    with pytest.raises(SettingsError, match="xapp-"):
        SlackConfig("xoxb-1", "", app_token="xoxb-1")
    with pytest.raises(SettingsError, match=re.escape("SLACK_SIGNING_SECRET")):
        SlackConfig("xoxb-1", "")


@pytest.mark.parametrize("url", ["http://127.0.0.1/x", "file:///x", "", 7, None])
async def test_a_strange_address(slack: StandIn, url: object) -> None:
    """Landa connects to a socket or not at all."""

    async def answer(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "url": url})

    app = web.Application()
    app.router.add_post("/api/{method}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api_url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    platform = SlackPlatform(SlackConfig("xoxb-1", "", api_url, app_token="xapp-1"), now)
    platform._client.session = ClientSession()
    with pytest.raises(LandaError, match="unreadable answer"):
        await line.address(platform._client, "xapp-1")
    await platform._client.session.close()
    await runner.cleanup()


async def test_many_at_once(slack: StandIn, by_socket: Landa) -> None:
    """Two hundred people, while Slack takes the line away: each gets one card."""
    people = [f"U{number}" for number in range(200)]
    asked = [asyncio.create_task(slack.command(user, "", ROOM)) for user in people]
    await asyncio.sleep(0)
    await slack.sockets.refresh()
    acks = await asyncio.gather(*asked)
    assert all(ack.card for ack in acks)
    assert by_socket.ridden == len(people)
    assert slack.complaints == []
    assert sorted(shown.only for shown in slack.messages) == sorted(people)
