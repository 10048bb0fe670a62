"""What a platform keeps for us is remembered, told to nobody, and goes when Landa is taken away."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.library import Library
from bot.platforms import album_of, registry_of
from bot.runtime.picture import Pictures
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.runtime.parts import START
from tests.workspaces import rows


@pytest.fixture
def pictures(library: Library, tmp_path: Path) -> Pictures:
    return Pictures(tmp_path / "pictures", library)


async def test_kept_by_workspace(store: Store, vault: Vault, pictures: Pictures) -> None:
    """Each workspace has its own; a new id takes the place of the old one."""
    album = album_of(store, vault, pictures)
    await album.keep("T1", "a.gif", "F1")
    await album.keep("T1", "b.gif", "F2")
    await album.keep("T2", "a.gif", "F3")
    await album.keep("T1", "a.gif", "F4")
    assert await album.kept("T1") == {"a.gif": "F4", "b.gif": "F2"}
    assert await album.kept("T2") == {"a.gif": "F3"}
    assert await album.kept("T3") == {}


async def test_sealed_to_its_row(store: Store, vault: Vault, pictures: Pictures) -> None:
    """The database does not say what is kept; a row that was moved, or sealed by another key, is
    as if it were not there."""
    album = album_of(store, vault, pictures)
    await album.keep("T1", "a.gif", "F0KANARIE")
    (row,) = await rows(store, "upload")
    assert b"KANARIE" not in bytes(row["sealed"])
    moved = {"row": b"x" * 16, "where": vault.hash("workspace", "slack", "T2")}
    await store.ask(("keep_upload", {**moved, "new": bytes(row["sealed"])}))
    assert await album.kept("T2") == {}
    other = album_of(store, Vault(b"p" * 32, AESGCM(b"x" * 32)), pictures)
    assert await other.kept("T1") == {}


async def test_gone_with_landa(store: Store, vault: Vault, pictures: Pictures) -> None:
    """When Landa is taken away from a workspace, nothing is kept of it; others keep theirs."""
    album = album_of(store, vault, pictures)
    for team in ("T1", "T2"):
        await album.keep(team, "a.gif", "F1")
    await registry_of(store, vault, lambda: START).forget("T1", "", START)
    assert await album.kept("T1") == {}
    assert await album.kept("T2") == {"a.gif": "F1"}


async def test_every_rhythm_is_there(store: Store, vault: Vault, pictures: Pictures) -> None:
    """Each moving picture that a slip has is named once, and can be drawn."""
    album = album_of(store, vault, pictures)
    assert len(album.names) == len(set(album.names)) > 5
    assert (await album.draw(album.names[0]) or b"").startswith(b"GIF8")
    assert await album.draw("unknown.gif") is None
