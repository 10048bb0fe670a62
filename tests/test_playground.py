"""Landa in Microsoft's own Agents Playground: from its first word to `Klar för nu`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.playground import Landa, playground

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update"]  # fmt: skip
PICTURES = os.environ.get("LANDA_PICTURES", "")
"""A folder to write a picture of each step to: `make pictures`."""
PATIENCE_MS = 20_000


class Chat:
    """What a person has before them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cards = page.locator(".ac-adaptiveCard")

    def go(self, place: str) -> None:
        self.page.get_by_role("treeitem", name=place).click()

    def write(self, text: str) -> None:
        self.page.get_by_role("textbox").last.click()
        self.page.keyboard.type(text)
        self.page.keyboard.press("Enter")

    def press(self, label: str) -> None:
        self.cards.last.get_by_role("button", name=label, exact=True).click()

    def card(self, says: str) -> Locator:
        expect(self.cards.last).to_contain_text(says)
        return self.cards.last

    def picture(self, name: str) -> None:
        if PICTURES:
            if self.cards.count():
                self.cards.last.evaluate("card => card.scrollIntoView({ block: 'end' })")
            self.page.wait_for_timeout(1000)
            self.page.screenshot(path=f"{PICTURES}/playground-{name}.png")


@pytest.fixture
def landa(tmp_path: Path) -> Iterator[Landa]:
    landa = Landa(tmp_path)
    landa.start()
    yield landa
    landa.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def chat(landa: Landa, browser: Browser, tmp_path: Path) -> Iterator[Chat]:
    """Anna's, just opened: she has installed Landa for herself."""
    with playground(f"{landa.url}/api/messages", tmp_path) as url:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        page = context.new_page()
        page.goto(url)
        page.get_by_text("Log Panel").locator("xpath=../..").get_by_role("button").last.click()
        yield Chat(page)
        context.close()


def test_landing(chat: Chat, landa: Landa) -> None:
    """Landa says hello by itself; a landing goes from card to card in one place; and a card whose
    time comes after Landa was killed and started again is rewritten without anybody asking.
    """
    chat.card("Hello, this is Landa")
    chat.picture("welcome")
    chat.write("settings")
    chat.card("This is how I want Landa").get_by_label("Svenska").check()
    chat.press("Save")
    chat.card("Då gör Landa så från och med nu.")
    chat.write("landa")
    chat.card("Du är här nu. Ingen bråttom.")
    expect(chat.cards).to_have_count(3)
    chat.picture("landing")
    chat.press("Lugna kroppen")
    moving = chat.card("Sluta").get_by_role("img")
    expect(moving).to_have_js_property("naturalWidth", 220)
    chat.picture("breath")
    landa.kill()
    landa.let_time_pass()
    landa.start()
    chat.card("Vad behöver du nu?")
    chat.picture("after")
    chat.press("Klar för nu")
    chat.card("Det är bra så.")
    expect(chat.cards).to_have_count(3)
    expect(chat.cards.last.get_by_role("button")).to_have_count(0)
    chat.picture("done")


def test_a_message_that_was_asked_for(chat: Chat, landa: Landa) -> None:
    """Asked to come back, Landa writes by itself at that time, even if it was killed meanwhile."""
    chat.card("Hello, this is Landa")
    chat.write("in 45 minutes")
    chat.card("Landa will come back at")
    expect(chat.cards).to_have_count(2)
    landa.kill()
    landa.let_time_pass()
    landa.start()
    chat.card("You asked Landa to come back now.")
    expect(chat.cards).to_have_count(3)
    chat.picture("reminder")
    chat.press("Be left alone")
    chat.card("Landa stays quiet until you get in touch.")


def test_a_card_that_is_left(chat: Chat) -> None:
    """What somebody was in the middle of is not to be read in their chat when they have gone on."""
    chat.card("Hello, this is Landa")
    chat.write("colour")
    chat.card("Which colour are you right now?")
    chat.press("🔴 Red")
    chat.card("What does your colour need?")
    chat.write("breathe")
    chat.card("Take whichever suits you")
    expect(chat.cards.nth(1)).to_have_text("Done")
    expect(chat.cards.nth(1).get_by_role("button")).to_have_count(0)
    expect(chat.page.locator("body")).not_to_contain_text("Your body is on guard")
    chat.picture("left")


def test_in_a_channel(chat: Chat) -> None:
    """Called by name among others, Landa answers the one who called alone, and nothing of it is
    seen where they called.
    """
    chat.card("Hello, this is Landa")
    chat.go("Barn och unga - General")
    chat.page.get_by_role("textbox").last.click()
    chat.page.keyboard.type("@La")
    chat.page.get_by_text("Landa", exact=True).last.click()
    chat.page.keyboard.type(" stöd")
    chat.page.get_by_role("button", name="Post").click()
    expect(chat.page.locator("body")).to_contain_text("Landa stöd")
    chat.go("Personal Chat")
    chat.card("Vid fara för liv: ring 112.")
    chat.picture("private")
    chat.go("Barn och unga - General")
    expect(chat.page.locator("body")).to_contain_text("Landa stöd")
    expect(chat.cards).to_have_count(0)
    expect(chat.page.locator("body")).not_to_contain_text("112")
    chat.picture("channel")
