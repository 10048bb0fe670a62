"""What is done on the page reaches Landa, and what Landa says reaches the page."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient

from adapters.web import app as app_module
from adapters.web.app import until_morning
from adapters.web.deliver import BEHIND, KEPT
from adapters.web.inbound import PEOPLE
from bot.core.errors import DeliveryError
from bot.core.message import Message
from bot.core.port import Outgoing
from bot.core.turn import Commanded, Pressed

from .fake import JSON, FakeLanda, act


async def log(client: TestClient, person: str = "anna") -> list[dict]:
    response = await client.get(f"/preview/log?person={person}")
    return (await response.json())["entries"]


async def test_the_page_speaks_the_language_asked_for(client: TestClient) -> None:
    """?lang= changes the page's language, and an unknown one changes nothing."""
    for asked, lang in (("", "sv"), ("?lang=en", "en"), ("?lang=xx", "sv"), ("?lang=<b>", "sv")):
        text = await (await client.get(f"/{asked}")).text()
        assert f'<html lang="{lang}">' in text
        assert f"send {lang}" in text
        assert "$" not in text


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


async def test_a_card_for_all_stays_as_it_is(client: TestClient, landa: FakeLanda) -> None:
    """All three see a posted card; who presses it is answered alone, beside it."""
    at = datetime.now(ZoneInfo("Europe/Stockholm"))
    room = {"room": "channel", "all": True}
    for _ in range(2):
        await landa.preview.deliver(Outgoing("p-1", room, False, Message("Dags?"), "sv", at))
    for person in PEOPLE:
        shown = [(e["id"], e["room"], e["private"]) for e in await log(client, person)]
        assert shown == [("p-1", "channel", False)]
    answer = {"person": "bashir", "room": "channel", "card": "p-1"}
    await landa.preview.deliver(Outgoing("a-1", answer, True, Message("Bra."), "sv", at))
    shown = [(e["id"], e["version"], e["private"]) for e in await log(client, "bashir")]
    assert shown == [("p-1", 1, False), ("a-1", 1, True)]
    assert len(await log(client, "anna")) == 1


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
