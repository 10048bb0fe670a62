"""The address that opens somebody's own page: once, for a quarter of an hour, and for a person."""

import asyncio
import json
import logging
import re
from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.core.library import Library
from bot.runtime import sheet
from bot.runtime.entrance import Entrances
from bot.runtime.held import Cell, Piece
from bot.runtime.ownpage import PATH, OwnPage
from bot.runtime.reading import STOCKHOLM
from bot.runtime.sheet import HEADERS
from bot.runtime.store import Store
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.telling import Teller
from bot.runtime.vault import Vault
from tests.chat import DOOR, START, STOCK, Chat, boxed
from tests.runtime.parts import Faulty

SHOW = "<button>Visa mina uppgifter</button>"
OVER = "Den här adressen öppnar inget mer."


class Desk:
    """A chat, and a browser before the address that it was given."""

    def __init__(self, chat: Chat, store: Faulty, client: TestClient) -> None:
        self.chat, self.store, self.client = chat, store, client

    async def address(self, who: str = "anna", line: str = "> /landa mina-uppgifter") -> str:
        await self.chat.play(line)
        card = self.chat.said[who][-1].card
        assert card.links[0].url.startswith(DOOR)
        return PATH + card.links[0].url.removeprefix(DOOR)

    async def seen(self, method: str, address: str, **named: str) -> tuple[int, str]:
        async with self.client.request(method, address, headers=named) as answer:
            for name, value in HEADERS.items():
                assert answer.headers[name] == value
            return answer.status, await answer.text()


@pytest.fixture
async def desk(library: Library, store: Store, vault: Vault) -> AsyncIterator[Desk]:
    chat, faulty = Chat(boxed(library, STOCK), store, vault), Faulty(store)
    app = web.Application()
    OwnPage(chat.plan, Entrances(faulty, vault, lambda: chat.now)).mount(app)
    async with TestClient(TestServer(app)) as client:
        yield Desk(chat, faulty, client)


async def test_it_opens_once(desk: Desk) -> None:
    """Behind the address is a button; pressed, it shows all of it, and from then on nothing."""
    address = await desk.address()
    status, page = await desk.seen("GET", address)
    assert (status, SHOW in page) == (200, True)
    status, page = await desk.seen("POST", address)
    assert status == 200
    assert "Var du är i ett samtal" in page
    for method in ("GET", "POST"):
        status, page = await desk.seen(method, address)
        assert (status, OVER in page) == (404, True)
        assert "Var du är" not in page


async def test_looking_uses_nothing_up(desk: Desk) -> None:
    """Whatever only looks, as programs do that preview links, leaves the address as it was."""
    address = await desk.address()
    for method in ("HEAD", "GET", "OPTIONS", "PUT", "GET", "HEAD"):
        async with desk.client.request(method, address) as answer:
            assert answer.status == (200 if method in ("GET", "HEAD") else 405)
            assert "Var du är" not in await answer.text()
    assert (await desk.seen("POST", address))[0] == 200


async def test_two_at_once_are_one(desk: Desk) -> None:
    """Of presses at the same moment one is shown the page, and the others the same sentence."""
    address = await desk.address()
    answers = await asyncio.gather(*(desk.seen("POST", address) for _ in range(5)))
    assert sorted(status for status, _ in answers) == [200, 404, 404, 404, 404]
    assert sum(OVER in page for _, page in answers) == 4


async def test_it_ends_with_time(desk: Desk) -> None:
    """After a quarter of an hour it opens nothing, and nothing of it remains."""
    address = await desk.address()
    desk.chat.now += timedelta(minutes=14, seconds=59)
    assert (await desk.seen("GET", address))[0] == 200
    desk.chat.now += timedelta(seconds=1)
    for method in ("GET", "POST"):
        status, page = await desk.seen(method, address)
        assert (status, OVER in page) == (404, True)
    await desk.chat.store.prune(int(desk.chat.now.timestamp() * 1000) + 1)
    (left,) = await desk.chat.store.ask(("drop_entries", {"where": desk.chat.vault.hash(
        "workspace", "test", "T1")}))  # fmt: skip
    assert left == []


async def test_a_new_one_ends_the_old(desk: Desk) -> None:
    """Whoever asks again gets another address; the one before opens nothing. Others' stay."""
    old, other = await desk.address(), await desk.address("bo", "@bo > /landa mina-uppgifter")
    new = await desk.address()
    assert len({old, new, other}) == 3
    assert (await desk.seen("POST", old))[0] == 404
    assert (await desk.seen("POST", new))[0] == 200
    assert (await desk.seen("POST", other))[0] == 200


async def test_it_goes_with_everything_else(desk: Desk) -> None:
    """Once somebody has erased all about them, there is nothing to open."""
    address = await desk.address()
    await desk.chat.play("> /landa radera")
    await desk.chat.play("> [Radera allt]")
    assert (await desk.seen("POST", address))[0] == 404


@pytest.mark.parametrize("key", ["0" * 32, "a" * 5000, "%00", "..%2f..%2fhealthz", "å", "'--"])
async def test_other_addresses_open_nothing(desk: Desk, key: str) -> None:
    """An address that nobody was given says the same, in the browser's language."""
    await desk.address()
    for method in ("GET", "POST"):
        named = {"Accept-Language": "fr, en-GB;q=0.8"}
        async with desk.client.request(method, PATH + key, headers=named) as answer:
            text = await answer.text()
        assert answer.status == 404
        assert "Var du är" not in text
        if "2f" not in key and "%00" not in key:
            assert "This address opens nothing any more." in text


async def test_changed_addresses_open_nothing(desk: Desk) -> None:
    """Changed in one letter, cut, longer or in capitals, an address opens nothing; the right one
    still does."""
    address = await desk.address()
    key = address.removeprefix(PATH)
    letters = (f"{key[:n]}{'0' if key[n] != '0' else '1'}{key[n + 1 :]}" for n in range(len(key)))
    for other in (*letters, key[:-1], key[1:], f"{key}0", key.upper(), key[::-1], f"{key}%20"):
        for method in ("GET", "POST"):
            assert (await desk.seen(method, PATH + other))[0] == 404, (method, other)
    assert (await desk.seen("POST", address))[0] == 200


@pytest.mark.parametrize("before", [0, 1, 2])
async def test_nothing_is_lost_by_a_fault(desk: Desk, before: int) -> None:
    """Wherever the database fails, it is said kindly, and the address is good for another try."""
    address = await desk.address()
    fail_after(desk.store, before)
    status, page = await desk.seen("POST", address)
    assert (status, "försök igen" in page) == (503, True)
    assert (await desk.seen("POST", address))[0] == 200


def fail_after(store: Faulty, questions: int) -> None:
    """The question fails that comes after so many."""
    if not questions:
        store.fails["ask"] = 1
        return

    async def count() -> None:
        fail_after(store, questions - 1)

    store.after["ask"] = count


async def test_the_file_holds_the_same(desk: Desk) -> None:
    """What is taken along is whole: every kind, with what it is and how long it is kept."""
    _, page = await desk.seen("POST", await desk.address())
    found = re.search(r'download="landa.json" href="data:application/json;base64,([^"]+)"', page)
    assert found
    taken = json.loads(b64decode(found[1]))
    assert taken["held"]["conversation"]["rows"]
    assert taken["held"]["person"]["columns"]["profile"]["kept"] == "tills du ändrar det"


def test_words_stay_words(library: Library) -> None:
    """What somebody has written never becomes a part of the page."""
    bad = '<script>alert(1)</script>"&'
    cells = (Cell("sealed", "opened", {"text": bad, bad: [bad]}),)
    teller = Teller(library, "sv", STOCKHOLM)
    page = sheet.sheet(teller, (Piece("slip", cells),), START)
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3


async def test_no_log_and_no_row_has_the_address(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """What stands in the address is written down nowhere, and neither is that it was opened."""
    caplog.set_level(logging.DEBUG)
    address = await desk.address()
    await desk.seen("POST", address)
    key = address.removeprefix(PATH)
    said = [record.getMessage() for record in caplog.records if record.name.startswith("landa")]
    assert [line for line in said if key in line or PATH in line] == []
    if isinstance(desk.chat.store, SqliteStore):
        path: Path = getattr(desk.chat.store, "_path")  # noqa: B009
        data = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
        assert key.encode() not in data
        assert bytes.fromhex(key) not in data
