"""The page in a real browser."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from .fake import BREATHING, STILL, SUPPORT, FakeLanda, settings

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE, NARROW, ZOOMED = (1280, 800), (360, 740), (320, 640), (640, 400)
FOCUSED = "() => document.activeElement.textContent.trim() || document.activeElement.id"
HEARD = """() => {
  window.heard = [];
  for (const log of document.querySelectorAll('[role="log"]')) {
    new MutationObserver((changes) => {
      if (log.getAttribute("aria-live") !== "polite") return;
      for (const { addedNodes } of changes)
        for (const node of addedNodes) window.heard.push(node.textContent);
    }).observe(log, { childList: true });
  }
}"""


@dataclass
class Stage:
    """A Landa, and a browser that can open its page in many ways."""

    landa: FakeLanda
    browser: Browser
    url: str

    async def open(
        self, size: tuple[int, int] = DESKTOP, scheme: str = "light", motion: str = "no-preference"
    ) -> Page:
        """The page, live. What goes wrong in its scripts, or against its policy, fails the test."""
        page = await self.browser.new_page(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            reduced_motion=motion,
        )
        page.set_default_timeout(8000)
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda line: line.type == "error" and page.faults.append(line.text))
        page.on(
            "request", lambda asked: asked.url.startswith(self.url) or page.faults.append(asked.url)
        )
        await page.goto(self.url)
        await expect(page.get_by_test_id("now")).not_to_be_empty()
        await page.wait_for_selector('#chat [role="log"][aria-live="polite"]', state="attached")
        await page.evaluate(HEARD)
        return page


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def stage(browser: Browser) -> AsyncIterator[Stage]:
    landa = FakeLanda()
    async with landa.serving() as server:
        yield Stage(landa, browser, str(server.make_url("/")))
        faults = [
            fault for each in browser.contexts for page in each.pages for fault in page.faults
        ]
        for context in browser.contexts:
            await context.close()
    assert faults == []


async def say(page: Page, text: str, room: str = "chat") -> None:
    await page.get_by_test_id(f"{room}-text").fill(text)
    await page.keyboard.press("Enter")


async def fill(stage: Stage) -> None:
    """Every kind of card in both rooms."""
    for room in ("chat", "channel"):
        address = {"person": "anna", "room": room}
        for card in (SUPPORT, settings("Välj ett av svaren."), STILL, BREATHING):
            await stage.landa.say(card, address)
