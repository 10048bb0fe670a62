"""The preview's doors: who may come in, what is refused, and what is told live."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web import app as app_module
from adapters.web.app import until_morning
from adapters.web.deliver import BEHIND, KEPT
from bot.core.errors import DeliveryError
from bot.core.message import Message
from bot.core.turn import Commanded, Pressed

from .fake import FakeLanda

JSON = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
ROUTES = (
    "/",
    "/preview/log?person=anna",
    "/preview/events?person=anna",
    "/preview/static/preview.css",
)


@pytest.fixture
def landa() -> FakeLanda:
    return FakeLanda()


@pytest.fixture
async def client(landa: FakeLanda) -> AsyncIterator[TestClient]:
    async with landa.serving() as server, TestClient(server) as client:
        yield client


def act(number: int = 1, **body: object) -> dict:
    return {"id": f"act-0000-{number}", "person": "anna", "room": "chat", **body}


async def log(client: TestClient, person: str = "anna") -> list[dict]:
    response = await client.get(f"/preview/log?person={person}")
    return (await response.json())["entries"]


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "landa.example"},
        {"Host": "localhost.evil.example:8000"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "192.168.1.5:8000"},
        {"Host": "0.0.0.0:8000"},
        {"Host": "localhost:80@evil.example"},
        {"Host": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"X-Forwarded-For": "10.0.0.1"},
        {"X-Forwarded-Host": "localhost"},
        {"X-Forwarded-Proto": "https"},
        {"Forwarded": "for=10.0.0.1"},
    ],
)
async def test_only_this_computer_comes_in(client: TestClient, path: str, headers: dict) -> None:
    """Another host, another origin, or a request passed on by a proxy gets one plain sentence."""
    response = await client.get(path, headers=headers)
    assert response.status == 403
    assert await response.text() == "refused sv"
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]", "[::1]:80"]
)
async def test_this_computer_comes_in_by_each_of_its_names(client: TestClient, host: str) -> None:
    """localhost, 127.0.0.1 and [::1] are all this computer, on any port."""
    assert (await client.get("/", headers={"Host": host})).status == 200


async def test_a_neighbour_on_the_network_stays_outside(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Calling oneself localhost is not enough: the connection must come from this computer."""
    monkeypatch.setattr(web.BaseRequest, "remote", "192.168.1.7")
    assert (await client.get("/", headers={"Host": "localhost"})).status == 403


@pytest.mark.parametrize("path", ["/preview/act", "/preview/forward"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json"},
        {"Content-Type": "application/json", "Sec-Fetch-Site": "none"},
        {"Content-Type": "text/plain", "Sec-Fetch-Site": "same-origin"},
        {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"},
        {**JSON, "Origin": "https://evil.example"},
        {**JSON, "Sec-Fetch-Site": "cross-site"},
    ],
)
async def test_only_the_page_itself_acts(
    client: TestClient, landa: FakeLanda, path: str, headers: dict
) -> None:
    """No other page can act for somebody, with a form or with a script."""
    body = json.dumps(act(text="/landa", step=60))
    assert (await client.post(path, data=body, headers=headers)).status == 403
    assert landa.inbounds == []
    assert landa.clock.forwarded == []


async def test_the_page_may_act_by_its_origin_alone(client: TestClient, landa: FakeLanda) -> None:
    """A browser that sends no Sec-Fetch-Site is known by its Origin."""
    origin = str(client.make_url("/")).rstrip("/")
    headers = {"Content-Type": "application/json", "Origin": origin}
    body = json.dumps(act(text="/landa"))
    assert (await client.post("/preview/act", data=body, headers=headers)).status == 200
    assert len(landa.inbounds) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b"[" * 30_000,
        b"1" * 6000,
        json.dumps(act(text="")).encode(),
        json.dumps(act(person="eve", text="hej")).encode(),
        json.dumps(act(text="half \ud83d")).encode(),
        json.dumps(act(token="t")).encode(),
        json.dumps({"step": 61}).encode(),
        json.dumps({"step": True}).encode(),
        json.dumps({"step": [60]}).encode(),
        json.dumps({"step": -60}).encode(),
    ],
)
@pytest.mark.parametrize("path", ["/preview/act", "/preview/forward"])
async def test_what_cannot_be_read_is_the_senders_fault(
    client: TestClient, landa: FakeLanda, path: str, body: bytes
) -> None:
    """A body that makes no sense is answered 400, and nothing happens."""
    response = await client.post(path, data=body, headers=JSON)
    assert response.status == 400
    assert landa.inbounds == []
    assert landa.clock.forwarded == []


async def test_a_body_may_be_64_kb(client: TestClient) -> None:
    """A long body is cut short, whether it tells its length or not."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b" " * 1024

    for data in (b" " * (64 * 1024 + 1), chunks()):
        assert (await client.post("/preview/act", data=data, headers=JSON)).status == 413


@pytest.mark.parametrize("path", ["/preview/log", "/preview/events", "/preview/log?person=eve"])
async def test_somebody_must_be_played(client: TestClient, path: str) -> None:
    """Nothing is shown to nobody."""
    assert (await client.get(path)).status == 400


@pytest.mark.parametrize("name", ["nothing.js", "index.html", "..%2Fapp.py", "%2e%2e%2fapp.py"])
async def test_only_the_pages_own_files_are_served(client: TestClient, name: str) -> None:
    """No other file of the computer can be fetched."""
    response = await client.get(f"/preview/static/{name}")
    assert response.status == 404
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_runs_nothing_of_others(client: TestClient) -> None:
    """The page allows no inline script or style, no frame around it, and leaves no trace."""
    response = await client.get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    text = await response.text()
    assert "style=" not in text
    assert "http://" not in text
    assert "https://" not in text


async def test_the_page_speaks_the_language_asked_for(client: TestClient) -> None:
    """?lang= changes the page's language, and an unknown one changes nothing."""
    for asked, lang in (("", "sv"), ("?lang=en", "en"), ("?lang=xx", "sv"), ("?lang=<b>", "sv")):
        text = await (await client.get(f"/{asked}")).text()
        assert f'<html lang="{lang}">' in text
        assert f"send {lang}" in text
        assert "$" not in text


async def test_the_rest_of_the_application_is_left_alone(landa: FakeLanda) -> None:
    """The preview guards its own routes and no others."""

    async def health(_: web.Request) -> web.Response:
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_get("/health", health)
    landa.preview.mount(app, landa, landa.clock)
    async with TestClient(TestServer(app)) as client:
        response = await client.get("/health", headers={"Host": "landa.example"})
        assert (response.status, "Content-Security-Policy" in response.headers) == (200, False)


async def test_an_act_is_taken_once(client: TestClient, landa: FakeLanda) -> None:
    """Sending the same act again writes no second line and gives no second card."""
    for expected in ("new", "seen"):
        response = await client.post("/preview/act", json=act(text="/landa"), headers=JSON)
        assert await response.json() == {"taken": expected}
    assert [inbound.turn for inbound in landa.inbounds] == [Commanded("")] * 2
    assert [entry["author"] for entry in await log(client)] == ["anna", "landa"]


async def test_a_card_is_rewritten_where_it_stands(client: TestClient, landa: FakeLanda) -> None:
    """A press rewrites its own card; a card that is gone gives a new one."""
    await client.post("/preview/act", json=act(text="/landa"), headers=JSON)
    card = (await log(client))[1]["id"]
    await client.post("/preview/act", json=act(2, text="hej"), headers=JSON)
    press = act(3, card=card, token="t-breathe")
    await client.post("/preview/act", json=press, headers=JSON)
    entries = await log(client)
    assert [(e["author"], e["version"]) for e in entries] == [
        ("anna", 1),
        ("landa", 2),
        ("anna", 1),
        ("landa", 1),
    ]
    assert entries[1]["card"]["title"] == "Lugn andning"
    assert landa.inbounds[-1].turn == Pressed("t-breathe")
    await client.post(
        "/preview/act", json={**press, "id": "act-0000-4", "card": "gone"}, headers=JSON
    )
    assert len(await log(client)) == 5


async def test_a_card_is_not_rewritten_in_another_room(client: TestClient) -> None:
    """A card can be rewritten only by the person and in the room it was shown to."""
    await client.post("/preview/act", json=act(text="/landa"), headers=JSON)
    card = (await log(client))[1]["id"]
    press = act(2, person="bashir", card=card, token="t-breathe")
    await client.post("/preview/act", json=press, headers=JSON)
    assert [entry["version"] for entry in await log(client)] == [1, 1]
    assert [entry["version"] for entry in await log(client, "bashir")] == [1]


async def test_landa_answers_privately_in_the_channel(client: TestClient, landa: FakeLanda) -> None:
    """The team sees its own talk; what Landa answers is seen by the asking person alone."""
    texts = ("hej alla", "/landa", "@Landa andas")
    for number, text in enumerate(texts):
        body = act(number, room="channel", text=text)
        await client.post("/preview/act", json=body, headers=JSON)
    own = [(e["author"], e["private"]) for e in await log(client)]
    assert own == [
        ("anna", False),
        ("anna", True),
        ("landa", True),
        ("anna", False),
        ("landa", True),
    ]
    assert [e["text"] for e in await log(client, "cecilia")] == ["hej alla", "@Landa andas"]
    assert len(landa.inbounds) == 2


async def test_an_act_that_was_not_kept_is_told(client: TestClient, landa: FakeLanda) -> None:
    """When nothing of an act is kept, the page gets to know it."""
    landa.taken = "refused"
    response = await client.post("/preview/act", json=act(text="/landa"), headers=JSON)
    assert await response.json() == {"taken": "refused"}


async def test_a_delivery_tried_twice_is_shown_once(client: TestClient, landa: FakeLanda) -> None:
    """The same outgoing card never stands twice in a room."""
    await landa.say(Message("En."))
    landa.sent -= 1
    await landa.say(Message("En."))
    assert len(await log(client)) == 1


@pytest.mark.parametrize(
    "address", [{"person": "eve", "room": "chat"}, {"person": "anna"}, {"x": 1}]
)
async def test_an_unknown_place_is_given_up(landa: FakeLanda, address: dict) -> None:
    """A card for nobody who is played is not tried again."""
    with pytest.raises(DeliveryError) as caught:
        await landa.say(Message("En."), address)
    assert caught.value.permanent


async def test_a_room_keeps_its_latest_cards(client: TestClient, landa: FakeLanda) -> None:
    """Memory is bounded: the oldest cards of a room are forgotten first."""
    for number in range(KEPT + 5):
        await landa.say(Message(f"{number}"))
    entries = await log(client)
    assert len(entries) == KEPT
    assert entries[0]["card"]["paragraphs"] == [[{"text": "5", "strong": False}]]


async def events(session: ClientSession, url: object) -> AsyncIterator[tuple[str, dict]]:
    async with session.get(url) as response:
        assert response.content_type == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-store"
        name = ""
        async for line in response.content:
            key, _, value = line.decode().rstrip("\n").partition(": ")
            if key == "event":
                name = value
            if key == "data":
                yield name, json.loads(value)


async def test_what_happens_is_told_live(client: TestClient, landa: FakeLanda) -> None:
    """A listener gets all there is, then each new card, and who else has something new."""
    await landa.say(Message("Före."))
    told = events(client.session, client.make_url("/preview/events?person=anna"))
    name, start = await anext(told)
    assert (name, len(start["entries"]), start["now"]) == ("start", 1, "2025-11-24T09:14:00+01:00")
    await landa.say(Message("Efter."))
    name, entry = await anext(told)
    assert (name, entry["card"]["paragraphs"][0][0]["text"]) == ("entry", "Efter.")
    await landa.say(Message("Till Bashir."), {"person": "bashir", "room": "chat"})
    assert await anext(told) == ("waiting", {"person": "bashir"})
    await client.post("/preview/forward", json={"step": 300}, headers=JSON)
    assert await anext(told) == ("time", {"now": "2025-11-24T09:19:00+01:00"})


async def test_a_quiet_stream_tells_the_time(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A listener can tell a quiet Landa from one that is gone."""
    monkeypatch.setattr(app_module, "BEAT_S", 0.01)
    told = events(client.session, client.make_url("/preview/events?person=anna"))
    assert [(await anext(told))[0] for _ in range(3)] == ["start", "time", "time"]


async def test_listeners_do_not_hold_up_the_end(landa: FakeLanda) -> None:
    """Landa can be stopped at once while pages are open."""
    async with asyncio.timeout(5), landa.serving() as server, ClientSession() as session:
        told = events(session, server.make_url("/preview/events?person=anna"))
        await anext(told)
        await server.close()
        with pytest.raises(StopAsyncIteration):
            await anext(told)


async def test_a_listener_that_lags_is_cut_off(landa: FakeLanda) -> None:
    """A page that reads nothing costs no endless memory."""
    listener = landa.preview._log.listen("anna")
    for _ in range(BEHIND + 20):
        landa.preview._log.tell(("time", {}))
    assert listener.qsize() == BEHIND + 1


@pytest.mark.parametrize(
    ("step", "seconds"), [(60, 60), (3600, 3600), ("morning", 22 * 3600 + 46 * 60)]
)
async def test_time_goes_forward_on_request(
    client: TestClient, landa: FakeLanda, step: object, seconds: int
) -> None:
    """The clock goes forward by the chosen step, or to the next morning."""
    response = await client.post("/preview/forward", json={"step": step}, headers=JSON)
    assert await response.json() == {"now": landa.clock.now().isoformat(timespec="seconds")}
    assert landa.clock.forwarded == [seconds]


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2025, 11, 24, 3), 5),
        (datetime(2025, 11, 24, 8), 24),
        (datetime(2026, 3, 28, 9), 22),
        (datetime(2025, 10, 25, 9), 24),
    ],
)
def test_morning_is_by_the_wall_clock(now: datetime, hours: int) -> None:
    """The next morning is at eight on the wall, also across a change of summer time."""
    assert until_morning(now.replace(tzinfo=ZoneInfo("Europe/Stockholm"))) == hours * 3600
