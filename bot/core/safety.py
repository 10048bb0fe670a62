"""What always wins over a flow: crisis words, stop, and the guard against client data."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

from bot.core.lexicon import Lexicon, fold, visible

Alarm = Literal["crisis", "stop", "client"]

_NUMBER = re.compile(r"(?<!\d)(?:\d{2})?(\d{2})-?(\d{2})-?(\d{2})\s{0,2}[-+]?\s{0,2}(\d{4})(?!\d)")
_PHONE = re.compile(r"(?<![\d+])(?:\+|00?)[1-9](?:[ ()/-]{0,2}\d){6,11}(?!\d)")
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def alarm(text: str, lexicons: Iterable[Lexicon]) -> Alarm | None:
    """What in *text* must be answered before anything else, in any language we know."""
    known = tuple(lexicons)
    folded = fold(text)
    if crisis(folded, known):
        return "crisis"
    if any(folded in lexicon.stop for lexicon in known):
        return "stop"
    if client_data(text, known):
        return "client"
    return None


def crisis(text: str, lexicons: Iterable[Lexicon]) -> str:
    """The first language in which *text* holds crisis words; empty when there are none."""
    folded = fold(text)
    frightening = (one for one in lexicons if next(one.found(folded, one.crisis), None))
    return next((lexicon.language for lexicon in frightening), "")


def client_data(text: str, lexicons: Iterable[Lexicon]) -> bool:
    """Whether *text* holds a personal identity number, a phone number or a street address."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", visible(text)))
    if any(_is_identity("".join(match.groups())) for match in _NUMBER.finditer(plain)):
        return True
    if _PHONE.search(plain):
        return True
    return any(_is_address(fold(plain), lexicon) for lexicon in lexicons)


def _is_identity(number: str) -> bool:
    """A personnummer, or a samordningsnummer (the day plus 60), by date and check digit.

    number  ten digits. Skatteverket SKV 704 and 707: Luhn over yymmdd and three digits.
    """
    month, date = int(number[2:4]), int(number[4:6])
    if not 1 <= month <= 12 or not 1 <= (date - 60 if date > 60 else date) <= 31:
        return False
    digits = [int(c) * (2 - i % 2) for i, c in enumerate(number)]
    return sum(d // 10 + d % 10 for d in digits) % 10 == 0


def _is_address(folded: str, lexicon: Lexicon) -> bool:
    """A street with a house number after it, or up to two words before it."""
    words = folded.split()
    return any(
        _is_street(word, lexicon)
        and (_house(words[i + 1 : i + 2]) or _house(words[max(0, i - 2) : i]))
        for i, word in enumerate(words)
    )


def _is_street(word: str, lexicon: Lexicon) -> bool:
    if word in lexicon.street_words:
        return True
    return any(word.endswith(end) and word != end for end in lexicon.street_endings)


def _house(words: list[str]) -> bool:
    return any(re.fullmatch(r"\d{1,4}[a-z]?", word) for word in words)
