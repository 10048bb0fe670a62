"""Buttons that only we can have made: bound to one person and one turn of their conversation."""

from dataclasses import replace

from bot.core.message import Card, Choice
from bot.core.turn import Chose, Pressed, Submitted
from bot.runtime.vault import Vault

_SEPARATOR = "~"


def sign(card: Card, person: bytes, serial: int, vault: Vault) -> Card:
    """*card* with each choice's id turned into a token."""
    return replace(
        card,
        choices=tuple(
            Choice(_token(choice.id, person, serial, vault), choice.label, choice.quiet)
            for choice in card.choices
        ),
    )


def _token(choice: str, person: bytes, serial: int, vault: Vault) -> str:
    said = f"{serial:x}{_SEPARATOR}{choice}"
    return f"{said}{_SEPARATOR}{vault.mac(person + said.encode())}"


def read(pressed: Pressed, person: bytes, vault: Vault) -> Chose | Submitted | None:
    """The choice behind a token; None when we did not make it for *person*."""
    said, _, mac = pressed.token.rpartition(_SEPARATOR)
    if not vault.is_mac(mac, person + said.encode("utf-8", "replace")):
        return None
    serial, _, choice = said.partition(_SEPARATOR)
    if pressed.values is None:
        return Chose(choice, int(serial, 16))
    return Submitted(choice, pressed.values, int(serial, 16))
