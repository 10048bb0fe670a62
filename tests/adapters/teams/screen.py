"""Cards in a real browser, drawn by Microsoft's renderer in the manner of Teams."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

from tests.adapters.teams.microsoft import HERE, PACKAGES

CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
PICTURES = "https://landa.example.se"
PHONE, DESKTOP = 320, 560
AVATAR = (Path(__file__).parents[3] / "adapters" / "web" / "page" / "landa.svg").read_text()
SCRIPTS = (
    PACKAGES / "adaptivecards/dist/adaptivecards.min.js",
    PACKAGES / "markdown-it/dist/browser/markdown-it.umd.min.js",
    HERE / "host.cjs",
    HERE / "screen.js",
)
STYLES = (PACKAGES / "adaptivecards/dist/adaptivecards.css", HERE / "screen.css")
Picture = Callable[[str], bytes]
"""The PNG behind an image's address."""


class Screen:
    """One card at a time, in each of *schemes* beside each other: scheme -> width."""

    def __init__(self, page: Page, schemes: dict[str, int], picture: Picture) -> None:
        self._page, self._schemes = page, schemes
        page.route(f"{PICTURES}/**", lambda route: self._answer(route, picture))
        page.set_viewport_size({"width": sum(schemes.values()), "height": 200})
        chats = (
            f'<form class="chat {scheme}" style="width: {width}px">'
            f'<p class="who">{AVATAR}Landa 10:24</p><div class="card"></div></form>'
            for scheme, width in schemes.items()
        )
        page.set_content(
            f'<!doctype html><html lang="sv"><title>Landa</title><main>{"".join(chats)}</main>'
        )
        for script in SCRIPTS:
            page.add_script_tag(path=script)
        for style in STYLES:
            page.add_style_tag(path=style)

    def show(self, card: dict[str, Any]) -> list[str]:
        """Draw it; what of it cannot be read or pressed, in the first scheme."""
        for scheme in self._schemes:
            self._page.evaluate("([card, scheme]) => show(card, scheme)", [card, scheme])
        self._page.wait_for_function("[...document.images].every((image) => image.complete)")
        return self._page.evaluate("lost()")

    def photograph(self, path: Path) -> None:
        self._page.locator("main").screenshot(path=path)

    @staticmethod
    def _answer(route: Route, picture: Picture) -> None:
        route.fulfill(body=picture(route.request.url), content_type="image/png")
