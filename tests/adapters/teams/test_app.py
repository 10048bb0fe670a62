"""A request from its first byte to its answer."""

import asyncio
import json
import socket
from typing import Any

import pytest
from aiohttp import ClientSession, web

from adapters import body as body_of
from adapters.teams import app as app_of
from adapters.teams.app import TeamsPlatform
from adapters.teams.config import TeamsConfig
from bot.core.errors import SettingsError
from bot.core.message import Choice, Message
from bot.core.port import Answer, Taken
from bot.core.turn import Commanded, Joined, Left, Pressed, Said
from tests.adapters.teams.conftest import Landa, now, outgoing, running, speech
from tests.adapters.teams.test_inbound import NOTHING, TURNS, payload
from tests.standin_teams import Shown, StandIn
from tests.standin_teams.payloads import message
from tests.standin_teams.world import ROOM

CARD = Shown("a:1anna-with-landa", "1764000000007", {
    "type": "AdaptiveCard",
    "body": [{"type": "ActionSet", "actions": [
        {"type": "Action.Execute", "title": "Vidare", "verb": "landa", "data": {"token": "tok-1"}}
    ]}],
})  # fmt: skip


def here(teams: StandIn, name: str, **changes: Any) -> dict[str, Any]:
    """A recorded payload as it would come to this tenant's stand-in."""
    body = {**payload(name), "serviceUrl": teams.service_url, **changes}
    body["recipient"] = {"id": f"28:{teams.app}", "name": "Landa"}
    return body


async def test_a_message(teams: StandIn, landa: Landa) -> None:
    """A message is taken, answered with nothing, and answered for by a card of its own."""
    (ack,) = await teams.say("anna", "paus")
    assert (ack.status, ack.body) == (200, "")
    assert [inbound.turn for inbound in landa.taken] == [Said("paus")]


@pytest.mark.parametrize(("taken", "tries"), [("new", 1), ("seen", 1), ("late", 4), ("refused", 4)])
async def test_a_message_comes_again(
    teams: StandIn, landa: Landa, taken: Taken, tries: int
) -> None:
    """Words that could not be taken are asked for again, with the same id; taken ones are not."""
    landa.answer = Answer(taken)
    acks = await teams.say("anna", "paus")
    assert [ack.status for ack in acks] == [200 if tries == 1 else 503] * tries
    assert len({inbound.id for inbound in landa.taken}) == 1


async def test_a_press_shows_its_card(teams: StandIn, landa: Landa) -> None:
    """The card that rewrites the pressed one is in the answer already."""
    landa.card = Message("Två", (Choice("tok-2", "Vidare"),))
    ack = await teams.press("anna", "Vidare", CARD)
    assert landa.taken[0].turn == Pressed("tok-1")
    assert "tok-2" in json.dumps(ack.card)
    assert not teams.complaints


@pytest.mark.parametrize("taken", ["new", "seen", "late", "refused"])
async def test_a_press_is_answered(teams: StandIn, landa: Landa, taken: Taken) -> None:
    """A press comes once: whatever became of it, it is answered with a word, never an error."""
    landa.card, landa.answer = None, Answer(taken)
    ack = await teams.press("anna", "Vidare", CARD)
    assert ack.status == 200
    assert ack.said == speech().words["sv"](f"teams.{taken}")
    assert not teams.complaints


async def test_a_press_among_others(teams: StandIn, landa: Landa) -> None:
    """In a channel the answer is a general sentence to the one who pressed, and changes no card."""
    shared = Shown(ROOM, "1", CARD.card)
    ack = await teams.press("anna", "Vidare", shared)
    assert not ack.card
    assert ack.said == speech().words["sv"]("teams.private")
    assert landa.taken[0].place.kind == "channel"


async def test_in_their_language(teams: StandIn, landa: Landa) -> None:
    """Words in an answer are in the language of the person's Teams, if Landa speaks it."""
    landa.card, landa.answer = None, Answer("late")
    for locale, language in (("en-GB", "en"), ("fi-FI", "sv")):
        body = here(teams, "press", locale=locale)
        ack = await teams.post(body)
        assert ack.said == speech().words[language]("teams.late")


async def test_installed_and_removed(teams: StandIn, landa: Landa) -> None:
    """Teams tells of an installation twice; it is one. A removal is one, too."""
    assert [ack.status for ack in await teams.install("anna")] == [200, 200]
    assert [ack.status for ack in await teams.remove("anna")] == [200]
    assert [inbound.turn for inbound in landa.taken] == [Joined(), Left()]


@pytest.mark.parametrize("name", TURNS)
async def test_everything_is_taken(teams: StandIn, landa: Landa, name: str) -> None:
    """Each recorded act is taken and answered well."""
    ack = await teams.post(here(teams, name))
    assert (ack.status, len(landa.taken)) == (200, 1)


@pytest.mark.parametrize("name", NOTHING)
async def test_everything_is_tolerated(teams: StandIn, landa: Landa, name: str) -> None:
    """Everything else is acknowledged, or said to be unknown, and nothing comes of it."""
    body = here(teams, name)
    ack = await teams.post(body)
    assert (ack.status, landa.taken) == (501 if body["type"] == "invoke" else 200, [])
    assert teams.calls == []


RAW = (
    b"", b"{", b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b"[" * 5_000, b'{"a":' * 5_000, b"NaN",
    b"\0", b'{"type":', b"{}{}",
)  # fmt: skip


@pytest.mark.parametrize("raw", RAW, ids=lambda raw: repr(raw[:20]))
async def test_no_json(teams: StandIn, landa: Landa, raw: bytes) -> None:
    """A body that is no object of JSON is answered 400."""
    assert (await teams.post(raw)).status == 400
    assert landa.taken == []


@pytest.mark.parametrize("raw", RAW, ids=lambda raw: repr(raw[:20]))
async def test_strangers_are_not_read(teams: StandIn, landa: Landa, raw: bytes) -> None:
    """Without a token nothing of the body is looked at."""
    assert (await teams.post(raw, "")).status == 401


async def test_too_large(teams: StandIn, landa: Landa) -> None:
    """Over one MiB is too much, told or untold."""
    raw = b'{"text": "' + b"x" * body_of.BODY_LIMIT + b'"}'
    assert (await teams.post(raw)).status == 413

    async def untold() -> Any:
        for start in range(0, len(raw), 65_536):
            yield raw[start : start + 65_536]

    headers = {"Authorization": f"Bearer {teams.bearer()}", "Content-Type": "application/json"}
    async with (
        ClientSession() as session,
        session.post(f"{landa.url}/api/messages", data=untold(), headers=headers) as answer,
    ):
        assert answer.status == 413
    assert landa.taken == []


async def test_too_slow(teams: StandIn, landa: Landa, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that never ends is not waited for."""
    monkeypatch.setattr(app_of, "READ_S", 0.1)
    host, port = landa.url.removeprefix("http://").split(":")
    head = (
        f"POST /api/messages HTTP/1.1\r\nHost: {host}\r\nContent-Length: 100\r\n"
        f"Authorization: Bearer {teams.bearer()}\r\n\r\n{{"
    )
    reader, writer = await asyncio.open_connection(host, int(port), family=socket.AF_INET)
    writer.write(head.encode())
    async with asyncio.timeout(5):
        assert (await reader.readline()).startswith(b"HTTP/1.1 408")
    writer.close()


async def test_a_fault_of_ours(
    teams: StandIn, landa: Landa, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong inside is told in one line without anybody's words, and comes again."""
    landa.fault = RuntimeError("hemligheten")
    ack = await teams.post(message(teams, "anna", "hemligheten", teams.service_url))
    assert (ack.status, ack.body) == (503, "")
    assert "hemlig" not in caplog.text
    assert "RuntimeError" in caplog.text


async def test_only_posts(landa: Landa) -> None:
    """There is nothing to look at."""
    async with ClientSession() as session, session.get(f"{landa.url}/api/messages") as answer:
        assert answer.status == 405


def test_not_open() -> None:
    """A platform that has not been opened mounts nothing."""
    teams = TeamsPlatform(TeamsConfig(insecure=True), speech(), now)
    with pytest.raises(SettingsError):
        teams.mount(web.Application(), Landa(teams))


OPEN = {"insecure": True, "app_id": "", "password": "", "tenant": ""}


async def test_insecure(teams: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    """For local clients alone nobody is asked who they are, which is said loudly; what comes
    through something else, or would be answered elsewhere, is refused all the same.
    """
    async with running(teams, **OPEN) as landa:
        assert landa.platform.ready
        assert "LANDA_TEAMS_INSECURE" in caplog.text
        body = message(teams, "anna", "landa", teams.service_url)
        assert (await teams.post(body, "")).status == 200
        assert landa.taken[0].turn == Commanded("")
        for service in ("https://smba.trafficmanager.net/emea/", "http://example.org/", ""):
            assert (await teams.post({**body, "serviceUrl": service}, "")).status == 403
        headers = {"X-Forwarded-For": "192.0.2.1", "Content-Type": "application/json"}
        async with (
            ClientSession() as session,
            session.post(f"{landa.url}/api/messages", json=body, headers=headers) as answer,
        ):
            assert answer.status == 403
        assert len(landa.taken) == 1


async def test_insecure_goes_out_without_a_token(teams: StandIn) -> None:
    """A local client is shown no token, for there is none."""
    teams.secret = ""
    async with running(teams, **OPEN) as landa:
        teams.added.add("anna")
        await teams.post(message(teams, "anna", "landa", teams.service_url), "")
        await landa.platform.deliver(outgoing(Message("Ett"), landa.taken[0]))
        assert teams.last("anna").words == "Ett"
        assert teams.login.given == 0
