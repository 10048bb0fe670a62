"""What is sealed opens only for whom it was sealed; keys can be changed."""

import base64
import itertools
import re
from collections import Counter

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.core.errors import SettingsError, StateError
from bot.runtime.vault import CLASSES, Vault, new_key, parse_keys, unlock

GOOD = base64.urlsafe_b64encode(bytes(range(32))).decode().rstrip("=")
OLD, NEW = parse_keys(new_key())[0], parse_keys(new_key())[0]


def test_keys_are_read_in_order() -> None:
    """Keys are parted by commas, newest first; spaces and padding do no harm."""
    one, two = new_key(), new_key()
    assert parse_keys(f" {one} ,{two}=") == (*parse_keys(one), *parse_keys(two))
    assert len({*parse_keys(one), *parse_keys(two)}) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        "short",
        GOOD[:-1],
        GOOD + "A",
        f"{GOOD},",
        f",{GOOD}",
        f"{GOOD},short",
        f'"{GOOD}"',
        f"{GOOD[:20]} {GOOD[20:]}",
        "å" * 43,
        "+/" + GOOD[2:],
        base64.b16encode(bytes(32)).decode(),
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    """A key that is not one is refused by its number, and not shown."""
    with pytest.raises(SettingsError) as refused:
        parse_keys(text)
    told = str(refused.value)
    assert re.fullmatch(r"LANDA_SECRET_KEYS: key number \d is not [^\n]+ landa new-key", told)
    assert len(text) < 2 or text not in told


def test_a_new_key_is_a_key() -> None:
    """What `landa new-key` makes can be used, and is never the same."""
    assert len({parse_keys(new_key()) for _ in range(50)}) == 50


def test_keys_are_changed_without_losing_anything() -> None:
    """With a new key first, everything stays readable and the old key can then be taken away."""
    first = unlock([OLD], {})
    assert first.changed
    sealed, who = first.vault.seal(b"words", b"row"), first.vault.hash("anna")

    second = unlock([NEW, OLD], first.wrapped)
    assert second.changed
    third = unlock([NEW], second.wrapped)
    assert not third.changed
    assert third.wrapped == second.wrapped
    for vault in (second.vault, third.vault):
        assert vault.open(sealed, b"row") == b"words"
        assert vault.hash("anna") == who
    with pytest.raises(SettingsError):
        unlock([OLD], second.wrapped)


def test_a_change_broken_off_is_finished() -> None:
    """When only one of two keys was wrapped anew before a crash, the next start finishes it."""
    first = unlock([OLD], {})
    second = unlock([NEW, OLD], first.wrapped)
    half = {"people": second.wrapped["people"], "rows": first.wrapped["rows"]}
    mended = unlock([NEW, OLD], half)
    assert mended.changed
    sealed = first.vault.seal(b"words", b"row")
    assert unlock([NEW], mended.wrapped).vault.open(sealed, b"row") == b"words"


def test_a_wrong_key_is_told() -> None:
    """With keys that do not open the database, the operator reads one sentence about them."""
    wrapped = unlock([OLD], {}).wrapped
    with pytest.raises(SettingsError, match="LANDA_SECRET_KEYS: none of the keys opens"):
        unlock([NEW], wrapped)
    with pytest.raises(SettingsError):
        unlock([OLD], {**wrapped, "people": b"torn"})


def test_a_key_for_one_purpose_does_not_serve_another() -> None:
    """A wrapped key moved to the place of another does not open."""
    wrapped = unlock([OLD], {}).wrapped
    with pytest.raises(SettingsError):
        unlock([OLD], {"people": wrapped["rows"], "rows": wrapped["people"]})


def test_keys_in_the_database_say_nothing() -> None:
    """A keyring alone opens nothing: Landa's own keys are not in it in the clear."""
    first = unlock([OLD], {})
    for wrapped in first.wrapped.values():
        assert first.vault._people not in wrapped
        assert OLD not in wrapped


def test_a_row_opens_only_in_its_place(vault: Vault) -> None:
    """What was sealed for one row or person does not open for another."""
    sealed = vault.seal(b"words", b"conversation" + b"anna")
    assert vault.open(sealed, b"conversation" + b"anna") == b"words"
    for other in (b"conversation" + b"bo", b"outbox" + b"anna", b""):
        with pytest.raises(StateError):
            vault.open(sealed, other)


def test_a_changed_row_does_not_open(vault: Vault) -> None:
    """No byte of a sealed row can be changed, taken away or put to it."""
    sealed = vault.seal(b"words", b"row")
    changed = [sealed[:n] + bytes([sealed[n] ^ 1]) + sealed[n + 1 :] for n in range(len(sealed))]
    cut = [sealed[:n] for n in range(len(sealed))]
    for each in (*changed, *cut, sealed + b"\0"):
        with pytest.raises(StateError):
            vault.open(each, b"row")


def test_another_key_does_not_open(vault: Vault) -> None:
    """What was sealed by one key does not open with another."""
    other = Vault(b"p" * 32, AESGCM(b"x" * 32))
    with pytest.raises(StateError, match="does not open with our keys"):
        other.open(vault.seal(b"words", b"row"), b"row")


def test_lengths_tell_little(vault: Vault) -> None:
    """Whatever is sealed has one of five lengths."""
    lengths = Counter(len(vault.seal(b"x" * n, b"")) for n in range(0, 60_000, 97))
    assert len(lengths) <= len(CLASSES) == 6


@pytest.mark.parametrize("length", [0, 1, 251, 252, 253, 1020, 65532, 65533, 200_000])
def test_every_length_comes_back(vault: Vault, length: int) -> None:
    """What was sealed comes back as it was, however long."""
    assert vault.open(vault.seal(b"x" * length, b"r"), b"r") == b"x" * length


def test_nothing_stands_in_the_clear(vault: Vault) -> None:
    """The same words sealed twice look different, and neither shows them."""
    words = "kanariefågel" * 20
    one, two = vault.seal(words.encode(), b""), vault.seal(words.encode(), b"")
    assert one != two
    for sealed in (one, two):
        assert b"kanarie" not in sealed


def test_hashes_part_what_differs(vault: Vault) -> None:
    """Different people have different hashes, also when their names could be cut differently."""
    parts = ["a", "b", "ab", "", "a\ud800", "å"]
    pairs = list(itertools.product(parts, repeat=2))
    hashes = {vault.hash("person", *pair) for pair in pairs}
    assert len(hashes) == len(pairs)
    assert all(len(each) == 16 for each in hashes)
    assert Vault(b"q" * 32, AESGCM(b"r" * 32)).hash("a") != vault.hash("a")


def test_a_vault_shows_no_keys(vault: Vault) -> None:
    """Printing a vault prints no key."""
    assert repr(vault) == "Vault()"
