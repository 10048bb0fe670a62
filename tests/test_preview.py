"""The whole of Landa in a real browser: from `/landa` to `Klar för nu`, in the running preview."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bot.runtime.redday import RedDays
from tests.postgres import free_port

CHROMIUM = "/usr/bin/chromium"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
PICTURES = os.environ.get("LANDA_PICTURES", "")
"""A folder to write a picture of each step to: `make pictures`."""

SETTLED = """() => [...document.querySelectorAll('.fresh')]
    .every((card) => card.getAnimations().every((a) => a.playState === 'finished'))"""
"""New cards have faded in: a colour half-way there has no contrast to speak of."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`landa run` with nothing set, as somebody starts it who has just met Landa."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "PORT": str(port),
        "LANDA_VAR": str(tmp_path_factory.mktemp("var")),
        "DATABASE_URL": f"sqlite:///{tmp_path_factory.mktemp('db')}/landa.db",
    }
    landa = subprocess.Popen([Path(sys.executable).with_name("landa"), "run"], env=environment)
    url = f"http://127.0.0.1:{port}"
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{url}/readyz", timeout=1)
            break
        except OSError:
            time.sleep(0.05)
    yield url
    landa.terminate()
    assert landa.wait(15) == 0


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield opened
        opened.close()


@pytest.fixture(params=[(1280, 860, "light"), (360, 740, "dark")], ids=["wide", "narrow"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    width, height, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, locale="sv-SE"
    )
    context.set_default_timeout(15_000)
    opened = context.new_page()
    opened.goto(address)
    yield opened
    context.close()


def step(page: Page, name: str) -> None:
    """A picture of where we are, and nothing that a screen reader would stumble on."""
    if PICTURES:
        page.wait_for_timeout(2600)
        width = (page.viewport_size or {"width": 0})["width"]
        page.screenshot(path=f"{PICTURES}/{name}-{width}.png")
    cards = page.get_by_role("article")
    while True:
        page.wait_for_function(SETTLED)
        there = cards.count()
        found = Axe().run(page)
        if cards.count() == there and page.evaluate(SETTLED):
            break  # nothing has come meanwhile that was still fading in
    assert found.violations_count == 0, found.generate_report()


def write(page: Page, text: str) -> None:
    page.get_by_test_id("chat-text").fill(text)
    page.get_by_test_id("chat-text").press("Enter")


def forward(page: Page, button: str) -> None:
    page.get_by_test_id("clock").locator("summary").click()
    page.get_by_test_id("clock").get_by_role("button", name=button).click()
    page.get_by_test_id("clock").locator("summary").click()


def card(page: Page, says: str) -> None:
    expect(page.get_by_test_id("chat-log")).to_contain_text(says)


def press(page: Page, label: str) -> None:
    page.get_by_test_id("chat-log").get_by_role("button", name=label, exact=True).last.click()


def test_landing(page: Page) -> None:
    """Somebody types /landa, calms the body to the end with time moved forward, and is done."""
    step(page, "preview-begin")
    write(page, "/landa")
    card(page, "Du är här nu. Ingen bråttom.")
    step(page, "preview-land")
    press(page, "Lugna kroppen")
    expect(page.get_by_test_id("breath").last).to_be_visible()
    step(page, "preview-breathe")
    forward(page, "+5 min")
    card(page, "Vad behöver du nu?")
    expect(page.get_by_test_id("chat-log").get_by_role("button", name="Sluta")).to_have_count(0)
    step(page, "preview-need")
    press(page, "Klar för nu")
    card(page, "Det är bra så.")
    step(page, "preview-ready")


def test_settings_form(page: Page) -> None:
    """The settings are a form that can be filled in and sent, and pictures then stand still."""
    write(page, "inställningar")
    log = page.get_by_test_id("chat-log")
    expect(log.get_by_role("button", name="Spara").last).to_be_visible()
    step(page, "preview-settings")
    log.get_by_label("Stilla").last.check()
    press(page, "Spara")
    card(page, "Då gör Landa så från och med nu.")


def test_only_the_person_sees_it(page: Page, address: str, browser: Browser) -> None:
    """What one colleague does is not on another's page, nor in anybody's channel."""
    write(page, "/landa stöd")
    card(page, "112")
    other = browser.new_context().new_page()
    other.goto(address)
    other.get_by_test_id("people").get_by_text("Cecilia").click()
    other.wait_for_timeout(500)
    assert not re.search("112|stöd", other.get_by_test_id("chat-log").inner_text())
    assert "112" not in other.get_by_test_id("channel-log").inner_text()
    other.context.close()


def in_channel(page: Page) -> Locator:
    """The channel's log. On a narrow page one room is seen at a time."""
    switch = page.locator('label:has(input[name="room"][value="channel"])')
    if switch.is_visible():
        switch.click()
    return page.get_by_test_id("channel-log")


def played(page: Page, name: str) -> None:
    page.get_by_test_id("people").get_by_text(name).click()


def to_ten(page: Page) -> date:
    """To ten o'clock in the next morning, which day that is."""
    clock, now = page.get_by_test_id("clock"), ""
    clock.locator("summary").click()
    for button in ("Nästa morgon", "+1 h", "+1 h"):
        with page.expect_response("**/preview/forward", timeout=60_000) as answer:
            clock.get_by_role("button", name=button, exact=True).click()
        now = answer.value.json()["now"]
        page.wait_for_timeout(200)
    clock.locator("summary").click()
    return date.fromisoformat(now[:10])


def test_a_teams_week(page: Page) -> None:
    """A team sets up its pause, and a week goes by: each day's card is everybody's, whoever presses
    it is answered alone, and when it is ended it does not come any more."""
    log = in_channel(page)
    write_to_all(page, "/landa team")
    press_in(log, "Ställ in")
    expect(log.get_by_role("button", name="Spara").last).to_be_visible()
    step(page, "preview-team-form")
    log.get_by_label("Klockslag").last.fill("10:00")
    for day in ("lör", "sön"):
        log.get_by_label(day, exact=True).last.check()
    press_in(log, "Spara")
    expect(log).to_contain_text("Här kommer en liten paus varje dag 10:00.")
    cards = log.get_by_text("Svaret syns bara för dig, och ingen räknas.")
    before, red = cards.count(), RedDays("SE")
    due = sum(to_ten(page) not in red for _ in range(7))
    expect(cards).to_have_count(before + due)
    step(page, "preview-team")
    played(page, "Bashir")
    expect(cards).to_have_count(before + due)
    press_in(log, "Byt lapp")
    private = log.locator(".private")
    expect(private.last).to_contain_text("En liten paus")
    step(page, "preview-team-other")
    press_in(log, "Inte nu", private.last)
    expect(private.last).to_contain_text("en annan gång")
    played(page, "Cecilia")
    expect(cards).to_have_count(before + due)
    expect(private.get_by_role("button", name="Byt lapp")).to_have_count(0)
    write_to_all(page, "/landa team")
    expect(private.last).to_contain_text("Den som är ansvarig kan ändra den.")
    played(page, "Anna")
    write_to_all(page, "/landa team")
    expect(private.last.get_by_role("button", name="Avsluta")).to_be_visible()
    step(page, "preview-team-lead")
    press_in(log, "Avsluta")
    press_in(log, "Ja, avsluta den")
    expect(log).to_contain_text("Den lilla pausen kommer inte mer.")
    to_ten(page)
    expect(cards).to_have_count(before + due)


def write_to_all(page: Page, text: str) -> None:
    page.get_by_test_id("channel-text").fill(text)
    page.get_by_test_id("channel-text").press("Enter")


def press_in(log: Locator, label: str, card: Locator | None = None) -> None:
    """Later than a double press: a second one within five seconds is the same finger's."""
    log.page.wait_for_timeout(5100)
    (card or log).get_by_role("button", name=label, exact=True).last.click()
