"""The transcripts: what Landa says, kept as text. `make test-update` writes the `<` lines anew."""

import os
from pathlib import Path

import pytest

from bot.core.library import Library
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.chat import STOCK, TRANSCRIPTS, Chat, boxed, header, replay

ALL = sorted(TRANSCRIPTS.glob("**/*.chat"))


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(TRANSCRIPTS)))
async def test_transcript(path: Path, library: Library, store: Store, vault: Vault) -> None:
    """A conversation goes as it is written, every delivery twice, on both databases."""
    text = path.read_text(encoding="utf-8")
    settings = header(text.splitlines())
    box = boxed(library, settings.get("slips", STOCK))
    played = await replay(text, Chat(box, store, vault, settings.get("language", "sv")))
    if os.environ.get("LANDA_UPDATE"):
        path.write_text(played, encoding="utf-8")
    assert played == text
