"""Buttons that only we can have made: bound to who may press them, and to when.

Of an ordinary card to one person and one turn of their conversation; of a standing card to
its owner, a person or a team, and to the day it was made.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.core.message import Card, Choice, Message
from bot.core.turn import Chose, Closed, Picked, Pressed, Submitted
from bot.runtime.vault import Vault

STANDS_DAYS = 31
_SEPARATOR, _STANDING, _TOPIC = "~", "s", "/"
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Stamp:
    """owner: the hash of the person, or the team, that the card is for. at_ms: when it is made."""

    owner: bytes
    serial: int
    at_ms: int


def sign(card: Card, stamp: Stamp, vault: Vault) -> Card:
    """*card* with each choice's id turned into a token."""
    if isinstance(card, Message) and card.standing:
        made = f"{_STANDING}{stamp.at_ms // _DAY_MS:x}"
    else:
        made = f"{stamp.serial:x}"
    return replace(
        card,
        choices=tuple(
            Choice(
                _token(f"{made}{_SEPARATOR}{choice.id}", stamp.owner, vault),
                choice.label,
                choice.quiet,
                choice.spoken,
            )
            for choice in card.choices
        ),
    )


def _token(said: str, owner: bytes, vault: Vault) -> str:
    return f"{said}{_SEPARATOR}{vault.mac(owner + said.encode())}"


def read(
    pressed: Pressed, owners: Iterable[bytes], now_ms: int, vault: Vault
) -> Chose | Submitted | Closed | Picked | None:
    """The choice behind a token; None when we did not make it for one of *owners*.

    owners  the person who pressed first; then the team of the place where it was pressed, which
            owns nothing but standing cards.
    """
    said, _, mac = pressed.token.rpartition(_SEPARATOR)
    person, *teams = owners
    if not _is_ours(said, mac, person, vault):
        standing = said.startswith(_STANDING)
        if not (standing and any(_is_ours(said, mac, team, vault) for team in teams)):
            return None
    made, _, choice = said.partition(_SEPARATOR)
    if made.startswith(_STANDING):
        return _picked(int(made[1:], 16), choice, now_ms)
    if pressed.values is None:
        return Closed(int(made, 16)) if pressed.apart else Chose(choice, int(made, 16))
    return Submitted(choice, pressed.values, int(made, 16))


def _is_ours(said: str, mac: str, owner: bytes, vault: Vault) -> bool:
    return vault.is_mac(mac, owner + said.encode("utf-8", "replace"))


def _picked(day: int, choice: str, now_ms: int) -> Picked:
    if now_ms // _DAY_MS - day > STANDS_DAYS:
        return Picked("")  # too old for any flow
    flow, _, topic = choice.partition(_TOPIC)
    return Picked(flow, topic)
