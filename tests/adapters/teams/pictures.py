"""Makes the guide's pictures of cards: `python -m tests.adapters.teams.pictures`.

Microsoft's own renderer draws them, as wide as in a chat and as narrow as on a telephone.
"""

import asyncio
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from playwright.sync_api import sync_playwright

from adapters.teams.render import render
from bot.core.library import Library
from bot.runtime import content
from bot.runtime.picture import breaths, still
from bot.runtime.schema import prepare_sqlite
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.vault import Vault
from tests.adapters.teams.screen import CHROMIUM, DESKTOP, PHONE, PICTURES, QUIET, Screen
from tests.chat import STOCK, Chat, boxed, messages

FOLDER = Path(__file__).parents[3] / "docs" / "pictures"
SHOWN = {
    "landing": "> /landa",
    "breath": "> [Lugna kroppen]",
    "after": "> [Sluta]",
    "colour": "> /landa läge",
    "support": "> /landa stöd",
    "settings": "> /landa inställningar",
}
"""name -> what leads to the card, one after the other."""


async def cards(library: Library) -> Mapping[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "landa.db"
        prepare_sqlite(database)
        store = SqliteStore(database)
        await store.open()
        chat = Chat(boxed(library, STOCK), store, Vault(b"p" * 32, AESGCM(b"r" * 32)))
        found: dict[str, dict[str, Any]] = {}
        for name, line in SHOWN.items():
            await chat.play(line)
            found[name] = render(messages(chat)[-1], PICTURES)
        await store.close()
    return found


def main() -> None:
    library = content.read().library
    known = {breath.name: breath for breath in breaths(library)}

    def picture(url: str) -> bytes:
        return still(known[url.rsplit("/", 1)[1].rsplit(".", 1)[0]])

    found = asyncio.run(cards(library))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(device_scale_factor=2)
        screen = Screen(page, {"light": DESKTOP, "dark": PHONE}, picture)
        for name, card in found.items():
            assert screen.show(card) == []
            screen.photograph(FOLDER / f"teams-{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
