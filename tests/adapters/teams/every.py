"""Every card of every transcript, as Teams gets it."""

import json
import tempfile
from pathlib import Path
from typing import Any

from adapters.teams.render import render
from bot.core.library import Library
from bot.runtime.schema import prepare_sqlite
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.vault import Vault
from tests.adapters.teams.screen import PICTURES
from tests.chat import DOOR, STOCK, TRANSCRIPTS, Chat, boxed, header, messages, replay, sites_of


async def every_card(library: Library, vault: Vault) -> list[dict[str, Any]]:
    """Distinct cards, in the order of the transcripts; tokens are left out of what differs."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(TRANSCRIPTS.glob("**/*.chat")):
        for card in await _played(path.read_text(encoding="utf-8"), library, vault):
            found.setdefault(json.dumps(card["body"]), card)
    return [*found.values()]


async def _played(text: str, library: Library, vault: Vault) -> list[dict[str, Any]]:
    settings = header(text.splitlines())
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "landa.db"
        prepare_sqlite(database)
        store = SqliteStore(database)
        await store.open()
        box = boxed(library, settings.get("slips", STOCK))
        language, sites = settings.get("language", "sv"), sites_of(text.splitlines())
        door = "" if settings.get("door") else DOOR
        chat = Chat(box, store, vault, language, door=door, sites=sites)
        await replay(text, chat)
        await store.close()
    return [render(each, PICTURES) for each in messages(chat)]
