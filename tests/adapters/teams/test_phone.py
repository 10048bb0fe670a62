"""Every card can be read and pressed on a telephone, and by who uses a screen reader."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from bot.core.library import Library
from bot.runtime.picture import breaths, still
from bot.runtime.vault import Vault

from .every import every_card
from .screen import CHROMIUM, DESKTOP, PHONE, QUIET, Screen
from .test_render import GOLDEN, rendered

AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.fixture(scope="module")
def cards(library: Library, vault: Vault) -> list[dict[str, Any]]:
    return asyncio.run(every_card(library, vault))


@pytest.fixture(scope="module")
def page(cards: list[dict[str, Any]]) -> Iterator[Page]:
    """Opened after the cards are known: both need a loop of their own in this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser.new_page()
        browser.close()


@pytest.fixture(scope="module")
def picture(library: Library) -> bytes:
    return still(next(iter(breaths(library))))


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_every_card_has_room(
    page: Page, width: int, picture: bytes, cards: list[dict[str, Any]]
) -> None:
    """No word and no button of any card of any transcript is cut off or sticks out."""
    assert len(cards) > 300
    screen = Screen(page, {"light": width}, lambda _: picture)
    assert [lost for card in cards if (lost := screen.show(card))] == []


def test_room_is_measured(page: Page, picture: bytes) -> None:
    """What is too wide is seen: the measure is one."""
    screen = Screen(page, {"light": PHONE}, lambda _: picture)
    card = rendered(GOLDEN["landing"])
    card["body"][-1]["actions"][0]["title"] = "x" * 60
    assert screen.show(card)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", GOLDEN)
def test_nothing_to_stumble_on(page: Page, picture: bytes, name: str, scheme: str) -> None:
    """axe finds nothing in a card, in light and in dark."""
    Screen(page, {scheme: PHONE}, lambda _: picture).show(rendered(GOLDEN[name]))
    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()
