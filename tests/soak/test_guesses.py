"""Buttons, windows and forms that were changed in every way, by the thousand: none is taken."""

from pathlib import Path

import pytest

from bot.core.library import Library
from bot.runtime.schema import prepare_sqlite
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.test_matrix import page, slack, teams

EACH = 500
"""Guesses on each platform; each of them in every kind of request."""


@pytest.mark.soak
async def test_five_thousand(
    library: Library, tmp_path: Path, sqlite_store: Store, vault: Vault
) -> None:
    """Of 5,000 changed button values, private_metadata and Action.Submit bodies none is accepted:
    nothing changes for anybody, and nobody sees anything."""
    prepare_sqlite(tmp_path / "slack.db")
    sent = {
        "slack": await slack(library, tmp_path / "slack.db", EACH),
        "teams": await teams(library, sqlite_store, vault, EACH),
        "page": await page(library, sqlite_store, vault, EACH),
    }
    print(f"\n{sent}")
    assert sum(sent.values()) >= 5_000
