"""What no slip may hold: characters that cannot be seen, calls to people, ways elsewhere."""

import re
import unicodedata
from collections.abc import Iterator

UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Unicode's categories of characters that show as nothing, or turn the text around them."""
MARKS_MAX = 2
_CALL = re.compile(r"@\w+|<[!@#][^>]*>?|</?at\b[^>]*>?", re.IGNORECASE)
_ADDRESS = re.compile(
    r"\w+://\S*|\bwww\.\S*|\b(?:mailto|javascript|data|tel):\S+|\]\s*\(", re.IGNORECASE
)
_SITE = re.compile(r"\b[\w-]{3,}\.[a-z]{2,}\b", re.IGNORECASE)


def oddities(text: str) -> Iterator[str]:
    """What *text* has that plain words do not; what cannot be seen is told by its number."""
    for unseen in sorted({c for c in text if unicodedata.category(c) in UNSEEN}):
        yield f"has a character that cannot be seen: U+{ord(unseen):04X}"
    if _piled(text):
        yield "has letters with marks piled on them"
    if called := call(text):
        yield f"calls people: {called!r}"
    if site := address(text) or _first(_SITE, text):
        yield f"leads elsewhere: {site!r}"


def call(text: str) -> str:
    """What calls people in *text*, somebody or all; "" where nothing does."""
    return _first(_CALL, text)


def address(text: str) -> str:
    """What leads elsewhere without any doubt; "" where nothing does."""
    return _first(_ADDRESS, text)


def shown(text: str, most: int = 200) -> str:
    """*text* on one line, fit for a terminal: what cannot be seen is written as its number."""
    cut = text if len(text) <= most else f"{text[:most]} ..."
    return "".join(f"\\u{ord(c):04x}" if unicodedata.category(c) in UNSEEN else c for c in cut)


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""


def _piled(text: str) -> bool:
    many = 0
    for letter in text:
        many = many + 1 if unicodedata.combining(letter) else 0
        if many > MARKS_MAX:
            return True
    return False
