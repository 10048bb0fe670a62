"""Makes the guide's pictures: `python -m tests.adapters.slack.pictures`.

The cards are those of a whole Landa in this process, spoken to through the stand-in.
"""

import asyncio
import io
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from PIL import Image
from playwright.async_api import async_playwright

from bot.core.library import Library
from bot.runtime import content
from bot.runtime.picture import breaths, still
from bot.runtime.vault import Vault
from tests.adapters.slack.blocks import Picture, page, view
from tests.adapters.slack.whole import landa
from tests.standin_slack import StandIn
from tests.standin_slack.views import View

FOLDER = Path(__file__).parents[3] / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
ANNA, BO, ROOM = "U0ANNA001", "U0BO00001", "C0ENHET01"
ALONE = "Only visible to you"


async def cards(library: Library, picture: Picture) -> Mapping[str, str]:
    """name -> page, of what one person meets."""
    vault = Vault(b"p" * 32, AESGCM(b"r" * 32))
    found: dict[str, str] = {}
    async with StandIn() as slack:
        with tempfile.TemporaryDirectory() as folder:
            async with landa(slack, Path(folder) / "landa.db", library, vault) as running:

                async def take(name: str) -> None:
                    await running.settled()
                    shown = slack.last(ANNA)
                    found[name] = page(shown.blocks, ALONE if shown.only else "", picture)

                async def seen(name: str, views: dict[str, View]) -> None:
                    await running.settled()
                    found[name] = view(views[ANNA].said, picture, views[ANNA].errors)

                await slack.command(ANNA, "", ROOM)
                await take("landing")
                await slack.press(ANNA, "Lugna kroppen")
                await take("breath")
                await running.later(600)
                await take("after")
                await slack.command(ANNA, "stöd", ROOM)
                await take("support")
                await slack.open_home(ANNA)
                await seen("home", slack.pages)
                await slack.press_home(ANNA, "Inställningar")
                await seen("settings", slack.windows)
                await slack.submit(ANNA, {"zone": "Helsingfors, 10:10"})
                await running.settled()
                await slack.press_home(ANNA, "Skicka ett prov till mig")
                await take("trial")
                await seen("home-after", slack.pages)
                slack.people[BO] = {"is_admin": True}
                await slack.open_home(BO)
                await running.settled()
                found["home-admin"] = view(slack.pages[BO].said, picture)
        assert slack.complaints == []
    return found


def small(png: bytes, path: Path) -> None:
    """With as many colours as text in two themes needs."""
    Image.open(io.BytesIO(png)).convert("RGB").quantize(96).save(path, optimize=True)


async def main() -> None:
    library = content.read().library
    known = {breath.name: breath for breath in breaths(library)}

    def picture(url: str) -> bytes:
        return still(known[url.rsplit("/", 1)[1].rsplit(".", 1)[0]])

    found = await cards(library, picture)
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        sheet = await browser.new_page(
            viewport={"width": 1040, "height": 200}, device_scale_factor=2
        )
        for name, shown in found.items():
            await sheet.set_content(shown)
            small(await sheet.locator("body").screenshot(), FOLDER / f"slack-{name}.png")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
