"""The transcripts: what Landa says, kept as text. `make test-update` writes the `<` lines anew."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core.library import Library
from bot.runtime import content
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.adapters.teams.microsoft import Parser
from tests.chat import (
    DOOR,
    SLIPS,
    STOCK,
    TRANSCRIPTS,
    Chat,
    acts,
    boxed,
    draft,
    header,
    messages,
    replay,
    sites_of,
)
from tests.shown import problems

UPDATE = bool(os.environ.get("LANDA_UPDATE"))


def _follow_the_box() -> None:
    """A transcript for each slip as it is now, and none for one that is gone."""
    slips = content.read().library.exercises["sv"]
    SLIPS.mkdir(exist_ok=True)
    for path in SLIPS.glob("*.chat"):
        if path.stem not in slips:
            path.unlink()
    for id, slip in slips.items():
        path, drafted = SLIPS / f"{id}.chat", draft(slip)
        if not path.exists() or acts(path.read_text(encoding="utf-8")) != drafted:
            path.write_text(drafted, encoding="utf-8")


if UPDATE:
    _follow_the_box()
ALL = sorted(TRANSCRIPTS.glob("**/*.chat"))


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser() as started:
        yield started


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(TRANSCRIPTS)))
async def test_transcript(
    path: Path, library: Library, store: Store, vault: Vault, parser: Parser
) -> None:
    """A conversation goes as it is written, every delivery twice, on both databases; and every
    card of it can be shown on every platform.
    """
    text = path.read_text(encoding="utf-8")
    settings = header(text.splitlines())
    box = boxed(library, settings.get("slips", STOCK))
    language, reach = settings.get("language", "sv"), settings.get("reach", "")
    door, sites = "" if settings.get("door") else DOOR, sites_of(text.splitlines())
    chat = Chat(box, store, vault, language, reach, door=door, sites=sites)
    chat.lasting = settings.get("cards") == "lasting"
    played = await replay(text, chat)
    if UPDATE:
        path.write_text(played, encoding="utf-8")
    assert played == text
    assert problems(messages(chat), parser) == []
