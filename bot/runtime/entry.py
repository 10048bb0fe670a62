"""What the row of a way in to somebody's own data holds: for whom it is, and in which language."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from bot.core.errors import StateError
from bot.core.turn import Person
from bot.runtime.vault import Vault


@dataclass(frozen=True, slots=True)
class Entrance:
    person: Person
    language: str


_ENTRANCE = TypeAdapter(Entrance)


def seal_entrance(entrance: Entrance, vault: Vault, bound_to: bytes) -> bytes:
    """bound_to: the workspace's, and the row's."""
    return vault.seal(_ENTRANCE.dump_json(entrance), b"entry" + bound_to)


def open_entrance(sealed: bytes, vault: Vault, bound_to: bytes) -> Entrance:
    """raises  StateError when it cannot be read."""
    try:
        return _ENTRANCE.validate_json(vault.open(sealed, b"entry" + bound_to))
    except ValueError:
        raise StateError("a sealed row of an unknown shape") from None
