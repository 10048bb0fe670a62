"""Somebody's own page in a real browser: by keyboard, on a small screen, aloud, and on paper."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from bot.core.library import Library
from bot.runtime.entrance import Entrances
from bot.runtime.ownpage import PATH, OwnPage
from bot.runtime.schema import prepare_sqlite
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.vault import Vault
from tests.adapters.web.browser import DESKTOP, NARROW, PHONE, browser
from tests.chat import DOOR, Chat
from tests.runtime.test_held import lived

__all__ = ["browser"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
SHOW = "Visa mina uppgifter"
WIDER = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


@dataclass
class Desk:
    chat: Chat
    browser: Browser
    server: TestServer
    faults: list[str]

    async def open(self, size: tuple[int, int] = DESKTOP, scheme: str = "light") -> Page:
        """The page behind a new address, before its button is pressed."""
        await self.chat.play("> /landa mina-uppgifter")
        key = self.chat.said["anna"][-1].card.links[0].url.removeprefix(DOOR)
        page = await self.browser.new_page(
            viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale="sv"
        )
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: line.type == "error" and self.faults.append(line.text))
        await page.goto(str(self.server.make_url(PATH + key)))
        return page


@pytest_asyncio.fixture(loop_scope="module")
async def desk(
    browser: Browser, library: Library, vault: Vault, tmp_path: Path
) -> AsyncIterator[Desk]:
    prepare_sqlite(tmp_path / "landa.db")
    store = SqliteStore(tmp_path / "landa.db")
    await store.open()
    chat, app = await lived(library, store, vault), web.Application()
    OwnPage(chat.plan, Entrances(store, vault, lambda: chat.now)).mount(app)
    faults: list[str] = []
    async with TestServer(app) as server:
        yield Desk(chat, browser, server, faults)
        for context in browser.contexts:
            await context.close()
    await store.close()
    assert faults == []


@pytest.mark.parametrize(
    ("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark"), (NARROW, "light")]
)
async def test_it_is_read_by_anybody(desk: Desk, size: tuple[int, int], scheme: str) -> None:
    """Axe finds nothing, before and after the button, light or dark, and nothing lies beside a
    narrow screen."""
    page = await desk.open(size, scheme)
    for _ in range(2):
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert not await page.evaluate(WIDER)
        if (folder := os.environ.get("LANDA_PICTURES")) and size == PHONE:
            there = "page" if await page.get_by_role("button").count() == 0 else "door"
            name = f"mydata-{there}-{size[0]}.png"
            await page.screenshot(path=Path(folder) / name)
        if button := await page.get_by_role("button", name=SHOW).all():
            await button[0].click()
            await expect(page.get_by_role("heading", name="Hur du vill ha Landa")).to_be_visible()


async def test_a_finger_that_presses_twice(desk: Desk) -> None:
    """Two presses at once are one: the page stays, and is not taken for used up."""
    page = await desk.open()
    await page.get_by_role("button", name=SHOW).dblclick()
    await expect(page.get_by_text("Europe/Berlin").first).to_be_visible()


async def test_the_keyboard_is_enough(desk: Desk) -> None:
    """Tab and Enter open the page, and take the file along; it holds what the page does."""
    page = await desk.open()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Mina uppgifter i Landa")
    await expect(page.get_by_text("Europe/Berlin").first).to_be_visible()
    await page.keyboard.press("Tab")
    async with page.expect_download() as coming:
        await page.keyboard.press("Enter")
    taken = await coming.value
    assert taken.suggested_filename == "landa.json"
    text = await asyncio.to_thread(Path(await taken.path()).read_text, "utf-8")
    assert json.loads(text)["held"]["person"]["rows"][0]["profile"]["zone"] == "Europe/Berlin"


async def test_it_can_be_printed(desk: Desk) -> None:
    """On paper all of it is there, without what only a screen can use."""
    page = await desk.open()
    await page.get_by_role("button", name=SHOW).click()
    await page.emulate_media(media="print")
    await expect(page.get_by_role("link")).to_be_hidden()
    await expect(page.get_by_text("Annika").first).to_be_visible()
    assert len(await page.pdf()) > 10_000


async def test_a_second_look_is_kind(desk: Desk) -> None:
    """Whoever loads the page again is told in one sentence that it is over."""
    page = await desk.open()
    address = page.url
    await page.get_by_role("button", name=SHOW).click()
    await expect(page.get_by_text("Europe/Berlin").first).to_be_visible()
    await page.goto(address)
    await expect(page.locator("main p")).to_have_count(1)
    await expect(page.get_by_text("Den här adressen öppnar inget mer.")).to_be_visible()
    desk.faults.clear()  # a browser calls 404 a fault
