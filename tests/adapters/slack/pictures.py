"""Makes the guide's pictures: `python -m tests.adapters.slack.pictures`.

The cards are those of a whole Landa in this process, spoken to through the stand-in.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from playwright.async_api import async_playwright

from bot.core.library import Library
from bot.runtime import content
from bot.runtime.picture import breaths, still
from bot.runtime.vault import Vault
from tests.adapters.slack.blocks import Block, page
from tests.adapters.slack.test_same import landa
from tests.standin_slack import StandIn

FOLDER = Path(__file__).parents[3] / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
ANNA, ROOM = "U0ANNA001", "C0ENHET01"
ALONE = "Only visible to you"


async def cards(library: Library) -> Mapping[str, list[Block]]:
    """name -> blocks, of what one person meets."""
    vault = Vault(b"p" * 32, AESGCM(b"r" * 32))
    found: dict[str, list[Block]] = {}
    async with StandIn() as slack:
        with tempfile.TemporaryDirectory() as folder:
            async with landa(slack, Path(folder) / "landa.db", library, vault) as running:

                async def take(name: str) -> None:
                    await running.settled()
                    found[name] = slack.last(ANNA).blocks

                await slack.command(ANNA, "", ROOM)
                await take("landing")
                await slack.press(ANNA, "Lugna kroppen")
                await take("breath")
                await running.later(600)
                await take("after")
                await slack.command(ANNA, "inställningar", ROOM)
                await take("settings")
                await slack.command(ANNA, "stöd", ROOM)
                await take("support")
        assert slack.complaints == []
    return found


async def main() -> None:
    library = content.read().library
    known = {breath.name: breath for breath in breaths(library)}

    def picture(url: str) -> bytes:
        return still(known[url.rsplit("/", 1)[1].rsplit(".", 1)[0]])

    found = await cards(library)
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        sheet = await browser.new_page(
            viewport={"width": 1040, "height": 200}, device_scale_factor=2
        )
        for name, blocks in found.items():
            await sheet.set_content(page(blocks, ALONE, picture))
            await sheet.locator("body").screenshot(path=FOLDER / f"slack-{name}.png")
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
