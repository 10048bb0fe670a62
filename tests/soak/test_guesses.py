"""Buttons, windows and forms that were changed in every way, by the thousand: none is taken."""

from pathlib import Path

import pytest

from bot.core.library import Library
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.test_matrix import page, slack, teams

EACH = 500


@pytest.mark.soak
async def test_five_thousand(
    library: Library, sqlite_path: Path, store: Store, vault: Vault
) -> None:
    """Of 5,000 changed button values, private_metadata and Action.Submit bodies none is accepted:
    nothing changes for anybody, and nobody sees anything."""
    sent = {
        "slack": await slack(library, sqlite_path, EACH),
        "teams": await teams(library, store, vault, EACH),
        "page": await page(library, store, vault, EACH),
    }
    print(f"\n{sent}")
    assert sum(sent.values()) >= 5_000
