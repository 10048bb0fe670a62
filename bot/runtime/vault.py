"""Seals what is sensitive and hashes who it belongs to.

The operator's keys (LANDA_SECRET_KEYS) only wrap two keys of Landa's own, which lie
wrapped in the database: rotating the operator's keys rewrites two rows, not every row,
and a person's hash stays the same.
"""

import base64
import hmac
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.errors import SettingsError, StateError

KEY_BYTES, NONCE_BYTES, HASH_BYTES, MAC_BYTES = 32, 12, 16, 9
_KEY = re.compile(r"[A-Za-z0-9_-]{43}=?")
PURPOSES = ("people", "rows")
CLASSES = (256, 512, 1024, 4096, 16384, 65536)
"""Sealed texts have one of these lengths, so that a length tells little."""


def parse_keys(text: str) -> tuple[bytes, ...]:
    """LANDA_SECRET_KEYS: comma-separated base64url of 32 bytes each, newest first."""
    keys: list[bytes] = []
    for number, part in enumerate((part.strip() for part in text.split(",")), 1):
        if not _KEY.fullmatch(part):
            raise SettingsError(
                (
                    f"LANDA_SECRET_KEYS: key number {number} is not base64url of "
                    "32 bytes. Make one: landa new-key",
                )
            )
        keys.append(base64.urlsafe_b64decode(part.rstrip("=") + "="))
    return tuple(keys)


def new_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Wrapping:
    """wrapped: purpose -> wrapped key, to be stored. changed: it differs from what was stored."""

    vault: "Vault"
    wrapped: Mapping[str, bytes]
    changed: bool


def unlock(keys: Sequence[bytes], stored: Mapping[str, bytes]) -> Wrapping:
    """Landa's keys out of the keyring, made anew where there are none, wrapped by the newest key.

    raises  SettingsError when no key of *keys* opens what is stored.
    """
    own = {
        purpose: _unwrap(keys, purpose, stored[purpose])
        if purpose in stored
        else os.urandom(KEY_BYTES)
        for purpose in PURPOSES
    }
    newest = AESGCM(keys[0])
    fresh = all(purpose in stored and _opens(keys[0], purpose, stored[purpose]) for purpose in own)
    wrapped = dict(stored) if fresh else {p: _wrap(newest, p, key) for p, key in own.items()}
    return Wrapping(Vault(own["people"], AESGCM(own["rows"])), wrapped, not fresh)


def _wrap(key: AESGCM, purpose: str, own: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + key.encrypt(nonce, own, purpose.encode())


def _opens(key: bytes, purpose: str, wrapped: bytes) -> bytes | None:
    try:
        return AESGCM(key).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], purpose.encode())
    except (InvalidTag, ValueError):
        return None


def _unwrap(keys: Sequence[bytes], purpose: str, wrapped: bytes) -> bytes:
    for key in keys:
        if own := _opens(key, purpose, wrapped):
            return own
    raise SettingsError(
        (
            "LANDA_SECRET_KEYS: none of the keys opens this database. "
            "Put the key it was made with last in the list.",
        )
    )


@dataclass(frozen=True, slots=True)
class Vault:
    _people: bytes = field(repr=False)
    _rows: AESGCM = field(repr=False)

    def hash(self, *parts: str) -> bytes:
        """16 bytes that stand for *parts* and cannot be turned back without the key."""
        return self._digest("\x1f".join(parts).encode("utf-8", "replace"), HASH_BYTES)

    def mac(self, text: bytes) -> str:
        """18 characters that only we can make for *text*."""
        return blake2b(text, key=self._people, digest_size=MAC_BYTES).hexdigest()

    def is_mac(self, mac: str, text: bytes) -> bool:
        return hmac.compare_digest(mac.encode("utf-8", "replace"), self.mac(text).encode())

    def seal(self, plain: bytes, bound_to: bytes) -> bytes:
        """*plain*, padded and encrypted; opens only with the same *bound_to*."""
        length = len(plain) + 4
        size = next((size for size in CLASSES if length <= size), length)
        nonce = os.urandom(NONCE_BYTES)
        padded = len(plain).to_bytes(4) + plain + bytes(size - length)
        return nonce + self._rows.encrypt(nonce, padded, bound_to)

    def open(self, sealed: bytes, bound_to: bytes) -> bytes:
        """raises  StateError when it was sealed by another key, for another row, or changed."""
        try:
            padded = self._rows.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
        except (InvalidTag, ValueError):  # ValueError: hardly anything is left of it
            raise StateError("a sealed row does not open with our keys") from None
        return padded[4 : 4 + int.from_bytes(padded[:4])]

    def _digest(self, text: bytes, size: int) -> bytes:
        return blake2b(text, key=self._people, digest_size=size).digest()
