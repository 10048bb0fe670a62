"""The pictures that cards show, and what a platform calls those that it keeps for us: sealed, and
gone with everything else when Landa is taken away from a workspace.
"""

import json
from collections.abc import Mapping, Sequence

from bot.core.errors import StateError
from bot.runtime.picture import Pictures
from bot.runtime.store import Store
from bot.runtime.vault import Vault


class SealedAlbum:
    """A `bot.core.port.Album` of one platform."""

    def __init__(self, platform: str, store: Store, vault: Vault, pictures: Pictures) -> None:
        self._platform, self._store, self._vault = platform, store, vault
        self._pictures = pictures

    @property
    def names(self) -> Sequence[str]:
        return self._pictures.names

    async def draw(self, name: str) -> bytes | None:
        drawn = await self._pictures.get(name)
        return drawn.data if drawn else None

    async def kept(self, team: str) -> Mapping[str, str]:
        (rows,) = await self._store.ask(("uploads", {"where": self._workspace(team)}))
        found: dict[str, str] = {}
        for id, sealed in rows:
            try:
                name, kept = json.loads(self._vault.open(bytes(sealed), b"upload" + bytes(id)))
            except (StateError, ValueError):
                continue  # it is put there again
            found[name] = kept
        return found

    async def keep(self, team: str, name: str, id: str) -> None:
        row = self._vault.hash("upload", self._platform, team, name)
        sealed = self._vault.seal(json.dumps([name, id]).encode(), b"upload" + row)
        kept = {"row": row, "where": self._workspace(team), "new": sealed}
        await self._store.ask(("keep_upload", kept))

    def _workspace(self, team: str) -> bytes:
        return self._vault.hash("workspace", self._platform, team)
