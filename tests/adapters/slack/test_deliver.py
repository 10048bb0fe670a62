"""A card reaches its person by the nearest way that is open, once, or it is said why not."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientTimeout

from adapters.slack.app import SlackConfig, SlackPlatform
from adapters.slack.failure import UNTOLD_S
from bot.core.errors import DeliveryError
from bot.core.message import Choice, Message
from bot.core.port import Outgoing
from tests.adapters.slack.conftest import Landa, now
from tests.standin_slack import Shown, StandIn

CARD = Message("Hemliga ord.", (Choice("tok-1", "Vidare"),))
ANNA = "U0ANNA001"
ROOM = "C0ENHET01"
FINAL = [
    *("account_inactive", "channel_not_found", "is_archived", "not_in_channel", "user_not_found"),
    *("token_revoked", "invalid_auth", "cannot_dm_bot", "messages_tab_disabled", "invalid_blocks"),
]


def outgoing(address: dict[str, Any], *, new: bool = False, minutes: float = 0) -> Outgoing:
    since = now() - timedelta(minutes=minutes)
    return Outgoing("row-1", address, not new, CARD, "sv", since)


def in_dm(**more: Any) -> dict[str, Any]:
    return {"channel": "D0ANNA001", "user": ANNA, "dm": True, **more}


def in_room(slack: StandIn, shown: Shown | None = None, **more: Any) -> dict[str, Any]:
    url = slack.response_url(slack.url, ROOM, ANNA, shown)
    return {"channel": ROOM, "user": ANNA, "dm": False, "response_url": url, **more}


def ephemeral(slack: StandIn) -> Shown:
    return slack.put(Shown(ROOM, slack.ts(), "före", [], ANNA))


def methods(slack: StandIn) -> list[str]:
    return [call.method for call in slack.calls if call.method != "auth.test"]


async def refused(landa: Landa, address: dict[str, Any], **how: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await landa.platform.deliver(outgoing(address, **how))
    error = caught.value
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    assert "Hemliga" not in repr(error)
    return error


async def test_rewrites_an_ephemeral_card(slack: StandIn, landa: Landa) -> None:
    """A card in a channel is rewritten in place, for its person alone."""
    card = ephemeral(slack)
    await landa.platform.deliver(outgoing(in_room(slack, card, card=True)))
    assert card.text.startswith("Hemliga ord.")
    assert slack.messages == [card]
    assert slack.complaints == []


async def test_answers_beside_what_was_done(slack: StandIn, landa: Landa) -> None:
    """A new card in a channel is seen by its person alone."""
    await landa.platform.deliver(outgoing(in_room(slack), new=True))
    assert [(m.channel, m.only) for m in slack.messages] == [(ROOM, ANNA)]


@pytest.mark.parametrize("minutes", [25, 25.1, 600])
@pytest.mark.parametrize("card", [True, False])
async def test_an_old_place_is_left(
    slack: StandIn, landa: Landa, minutes: float, card: bool
) -> None:
    """From 25 minutes on the card goes to the person's own chat."""
    address = in_room(slack, ephemeral(slack), card=card)
    await landa.platform.deliver(outgoing(address, new=not card, minutes=minutes))
    assert methods(slack) == ["chat.postMessage"]
    assert slack.last(ANNA).channel == slack.dm(ANNA)


async def test_a_young_place_is_used(slack: StandIn, landa: Landa) -> None:
    """Until then it is rewritten where it stands."""
    address = in_room(slack, ephemeral(slack), card=True)
    await landa.platform.deliver(outgoing(address, minutes=24.9))
    assert methods(slack) == ["response_url"]


async def test_a_direct_message_is_rewritten_however_old(slack: StandIn, landa: Landa) -> None:
    """In the person's own chat a card can be rewritten after the response_url has closed."""
    card = slack.put(Shown("D0ANNA001", slack.ts(), "före", []))
    url = slack.response_url(slack.url, "D0ANNA001", ANNA, card)
    address = in_dm(card=True, ts=card.ts, response_url=url)
    await landa.platform.deliver(outgoing(address, minutes=600))
    assert methods(slack) == ["chat.update"]
    assert card.text.startswith("Hemliga")


async def test_a_card_that_was_deleted_comes_again(slack: StandIn, landa: Landa) -> None:
    """Where there is nothing left to rewrite, a new card is sent."""
    await landa.platform.deliver(outgoing(in_dm(card=True, ts="1.000001")))
    assert methods(slack) == ["chat.update", "chat.postMessage"]
    assert slack.last(ANNA).text.startswith("Hemliga")


async def test_a_direct_message_gets_a_message(slack: StandIn, landa: Landa) -> None:
    """Words in the person's own chat are answered there, without mentions or previews."""
    await landa.platform.deliver(outgoing(in_dm(response_url=slack.url), new=True))
    fields = slack.calls[-1].fields
    assert fields["channel"] == ANNA
    assert (fields["parse"], fields["link_names"]) == ("none", False)
    assert (fields["unfurl_links"], fields["unfurl_media"]) == (False, False)


async def test_a_talk_between_two_people(slack: StandIn, landa: Landa) -> None:
    """What was asked in a talk with somebody else is never posted into that talk."""
    address = {"channel": "D0OTHERS1", "user": ANNA, "dm": True}
    await landa.platform.deliver(outgoing(address, new=True))
    assert slack.messages[-1].channel == slack.dm(ANNA)


def mentioned(**more: Any) -> dict[str, Any]:
    return {"channel": ROOM, "user": ANNA, "dm": False, **more}


@pytest.mark.parametrize("thread", ["", "1795420800.000100"])
async def test_a_mention_is_answered_where_it_was(
    slack: StandIn, landa: Landa, thread: str
) -> None:
    """Who called Landa by name sees the card there, and nobody else does."""
    slack.joined.add(ROOM)
    await landa.platform.deliver(outgoing(mentioned(**({"thread": thread} if thread else {}))))
    assert methods(slack) == ["chat.postEphemeral"]
    assert [(m.channel, m.only) for m in slack.messages] == [(ROOM, ANNA)]
    assert slack.calls[-1].fields.get("thread_ts", "") == thread
    assert slack.complaints == []


@pytest.mark.parametrize("why", ["Landa is not there", "the person left", "a private one"])
async def test_a_channel_that_is_closed(slack: StandIn, landa: Landa, why: str) -> None:
    """Where nothing can be shown in the channel, the card goes to the person's own chat."""
    address = mentioned(channel="G0PRIVAT1") if why == "a private one" else mentioned()
    if why == "the person left":
        slack.joined.add(ROOM)
        slack.outside.add((ROOM, ANNA))
    await landa.platform.deliver(outgoing(address))
    assert methods(slack) == ["chat.postEphemeral", "chat.postMessage"]
    assert slack.last(ANNA).channel == slack.dm(ANNA)


async def test_an_old_mention(slack: StandIn, landa: Landa) -> None:
    """What only those see who look just now is not used for what comes much later."""
    slack.joined.add(ROOM)
    await landa.platform.deliver(outgoing(mentioned(), minutes=25))
    assert methods(slack) == ["chat.postMessage"]


@pytest.mark.parametrize("code", ["token_revoked", "invalid_blocks", "ratelimited"])
async def test_no_second_way_for_what_would_fail_there_too(
    slack: StandIn, landa: Landa, code: str
) -> None:
    """A refusal that is not about the channel is told, not worked around."""
    slack.fail("chat.postEphemeral", "error", code=code)
    error = await refused(landa, mentioned())
    assert (error.reason, methods(slack)) == (code, ["chat.postEphemeral"])


async def test_called_from_nowhere(slack: StandIn, landa: Landa) -> None:
    """A shortcut from Slack's menu has no channel: the card goes to the person's own chat."""
    await landa.platform.deliver(outgoing({"user": ANNA, "dm": True}, new=True))
    assert slack.last(ANNA).channel == slack.dm(ANNA)


async def test_a_private_channel_without_landa(slack: StandIn, landa: Landa) -> None:
    """A command is answered wherever it can be typed, also where Landa is no member."""
    for room in ("G0PRIVAT1", "C0MPDM001"):
        url = slack.response_url(slack.url, room, ANNA, None)
        address = {"channel": room, "user": ANNA, "dm": False, "response_url": url}
        await landa.platform.deliver(outgoing(address, new=True))
        assert (slack.last(ANNA).channel, slack.last(ANNA).only) == (room, ANNA)
    assert methods(slack) == ["response_url"] * 2


async def test_too_fast(slack: StandIn, landa: Landa) -> None:
    """Slack's pace in each channel is passed on as the wait that it asks for."""
    slack.pace_s = 1.0
    await landa.platform.deliver(outgoing(in_dm(), new=True))
    error = await refused(landa, in_dm(), new=True)
    assert (error.permanent, error.retry_after_s) == (False, 1.0)
    await landa.platform.deliver(outgoing({"user": "U0BO00001", "dm": True}, new=True))


@pytest.mark.parametrize("how", ["used", "expired", "unknown"])
async def test_a_closed_response_url(slack: StandIn, landa: Landa, how: str) -> None:
    """A card is not lost with its response_url: it goes to the person's own chat."""
    address = in_room(slack, ephemeral(slack), card=True)
    url = next(reversed(slack.urls.values()))
    if how == "used":
        url.uses = 5
    elif how == "expired":
        url.made -= 1_801
    else:
        address["response_url"] += "x"
    await landa.platform.deliver(outgoing(address))
    assert methods(slack) == ["response_url", "chat.postMessage"]


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest",
        "https://hooks.slack.com.evil.example/x",
        "https://hooks.slack.com@evil.example/x",
        "https://evil.example/?https://hooks.slack.com",
        "http://hooks.slack.com/x",
        "https://hooks.slack.com:8443/x",
        "file:///etc/passwd",
        "//hooks.slack.com/x",
        "https://[::1/x",
        "http://127.0.0.1:1/x",
        "x",
    ],
)
async def test_no_other_address_is_called(slack: StandIn, landa: Landa, url: str) -> None:
    """A response_url leads to Slack or nowhere."""
    error = await refused(landa, {**in_room(slack), "response_url": url})
    assert error.permanent
    assert methods(slack) == []


@pytest.mark.parametrize("code", FINAL)
async def test_final_refusals(slack: StandIn, landa: Landa, code: str) -> None:
    """A person or a place that is closed to Landa is not tried again."""
    slack.fail("chat.postMessage", "error", code=code)
    error = await refused(landa, in_dm(), new=True)
    assert (error.permanent, error.unknown, error.reason) == (True, False, code)


@pytest.mark.parametrize("code", ["team_added_to_org", "ratelimited"])
async def test_passing_refusals(slack: StandIn, landa: Landa, code: str) -> None:
    """What will pass is tried again, and was surely not delivered."""
    slack.fail("chat.postMessage", "error", code=code)
    error = await refused(landa, in_dm(), new=True)
    assert (error.permanent, error.unknown) == (False, False)


@pytest.mark.parametrize("method", ["chat.postMessage", "response_url"])
@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [
        ("12", 12),
        ("0", 0),
        ("3600", 3_600),
        ("99999", 86_400),
        (None, UNTOLD_S),
        ("soon", UNTOLD_S),
        ("-1", UNTOLD_S),
        ("1.5", UNTOLD_S),
        ("9" * 9, UNTOLD_S),
    ],
)
async def test_asked_to_wait(
    slack: StandIn, landa: Landa, method: str, retry_after: str | None, seconds: float
) -> None:
    """The wait that Slack asks for is passed on, a day at most; garbage is half a minute."""
    slack.fail(method, "ratelimited", retry_after=retry_after)
    address = in_room(slack) if method == "response_url" else in_dm()
    error = await refused(landa, address, new=True)
    assert (error.permanent, error.unknown, error.retry_after_s) == (False, False, seconds)
    assert methods(slack) == [method]


METHODS = ("chat.postMessage", "chat.postEphemeral", "chat.update", "response_url")
UNKNOWN = ("reset_before", "reset_after", "html", "text", "json", "hang")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", [*UNKNOWN, "500", "502", "503", "302", "internal_error"])
async def test_answers_that_are_lost(
    slack: StandIn, landa: Landa, method: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the card may have arrived, that is said, and no second way is tried."""
    if kind.isdigit():
        slack.fail(method, "status", status=int(kind))
    elif kind == "internal_error":
        slack.fail(method, "error", code=kind)
    else:
        slack.fail(method, kind, seconds=5)
    session = landa.platform._client.session
    monkeypatch.setattr(session, "_timeout", ClientTimeout(total=0.5 if kind == "hang" else 10))
    address = {
        "chat.postMessage": in_dm(),
        "chat.postEphemeral": mentioned(),
        "chat.update": in_dm(card=True, ts="1.000001"),
        "response_url": in_room(slack),
    }[method]
    error = await refused(landa, address, new=method != "chat.update")
    assert (error.permanent, error.unknown) == (False, True)
    assert methods(slack) == [method]


async def test_nobody_listens(slack: StandIn) -> None:
    """Without a connection the card was surely not delivered."""
    nowhere = "http://127.0.0.1:1"
    landa = Landa(SlackPlatform(SlackConfig("xoxb", "secret", f"{nowhere}/api/"), now))
    await landa.platform.open()
    for where in ({**in_room(slack), "response_url": f"{nowhere}/x"}, in_dm()):
        error = await refused(landa, where, new=True)
        assert (error.permanent, error.unknown) == (False, False)
    await landa.platform.close()


async def test_one_connection_for_all(slack: StandIn, landa: Landa) -> None:
    """A hundred cards do not open a hundred connections."""
    for _ in range(100):
        await landa.platform.deliver(outgoing(in_dm(), new=True))
    session = landa.platform._client.session
    assert sum(map(len, session.connector._conns.values())) <= 2


async def test_not_open_yet(slack: StandIn, landa: Landa) -> None:
    """While Slack is closed a delivery fails as one that may be tried again."""
    await landa.platform.close()
    error = await refused(landa, in_dm(), new=True)
    assert not error.permanent


async def test_another_workspaces_card(slack: StandIn, landa: Landa) -> None:
    """With one token, a card of another workspace goes to nobody; one of our own does."""
    error = await refused(landa, in_dm(team="T0OTHER01"), new=True)
    assert (error.reason, error.permanent) == ("another_workspace", True)
    assert methods(slack) == []
    await landa.platform.deliver(outgoing(in_dm(team=slack.team), new=True))
    assert methods(slack) == ["chat.postMessage"]
