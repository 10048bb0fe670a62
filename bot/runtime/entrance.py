"""The way in to all that is held about a person: an address that is good once, and not for long.

What stands in the address is nowhere in the database: only its hash is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.core.errors import StateError
from bot.core.turn import Person
from bot.runtime import codec, retention
from bot.runtime.act import Act
from bot.runtime.entry import Entrance, open_entrance, seal_entrance
from bot.runtime.held import Piece, held
from bot.runtime.store import Store
from bot.runtime.store.question import Ask
from bot.runtime.vault import Vault

KEPT_MS = retention.longest_ms(retention.OPENED)
KEY_LENGTH = 32


def admitting(act: Act, language: str, now: datetime, vault: Vault) -> tuple[Ask, ...]:
    """What is written so that `Context.door` leads somewhere."""
    who, row = act.who, _row(act.key, vault)
    entrance = Entrance(act.inbound.person, language)
    values = {
        "id": row,
        "who": who.person,
        "where": who.workspace,
        "sealed": seal_entrance(entrance, vault, who.workspace + row),
        "until": codec.ms(now) + KEPT_MS,
    }
    return ("drop_entry", {"who": who.person}), ("keep_entry", values)


@dataclass(frozen=True, slots=True)
class Entrances:
    """now: aware UTC. Every method raises StorageError when the database fails."""

    store: Store
    vault: Vault
    now: Callable[[], datetime]

    async def find(self, key: str) -> Entrance | None:
        """For whom *key* opens, as long as it does. To look does not use it up."""
        if len(key) != KEY_LENGTH:
            return None
        row = _row(key, self.vault)
        (found,) = await self.store.ask(("entry", self._now(row)))
        if not found:
            return None
        sealed, workspace = map(bytes, found[0])
        try:
            return open_entrance(sealed, self.vault, workspace + row)
        except StateError:
            return None

    async def enter(self, key: str, person: Person) -> tuple[Piece, ...] | None:
        """Everything about *person*, for whom *key* was found; None where somebody was faster."""
        pieces = await held(person, self.store, self.vault)
        (used,) = await self.store.ask(("use_entry", self._now(_row(key, self.vault))))
        return pieces if used else None

    def _now(self, row: bytes) -> dict[str, bytes | int]:
        return {"id": row, "now": codec.ms(self.now())}


def _row(key: str, vault: Vault) -> bytes:
    return vault.hash("entry", key)
