"""What always wins over a flow: crisis words, stop, and the guard against client data."""

import pytest

from bot.core.library import Library
from bot.core.safety import alarm, client_data, crisis

IDENTITIES = {
    "a personnummer": "811218-9876",
    "with its century": "19811218-9876",
    "without a dash": "8112189876",
    "with its century, without a dash": "198112189876",
    "of somebody over a hundred": "811218+9876",
    "with a space": "811218 9876",
    "with a space before a dash": "811218 -9876",
    "with spaces about the dash": "811218 - 9876",
    "with a no-break space": "811218\u00a09876",
    "with a long dash": "811218–9876",
    "with a true minus": "811218−9876",
    "with the date in parts": "1981-12-18-9876",
    "with the date in parts and a space": "1981-12-18 9876",
    "full-width digits": "８１１２１８-９８７６",
    "a full-width dash too": "８１１２１８－９８７６",
    "Arabic digits": "٨١١٢١٨-٩٨٧٦",
    "with a zero-width space": "811218\u200b-9876",
    "with a soft hyphen": "8112\u00ad18-9876",
    "with a word joiner in it": "81\u206012189876",
    "with direction marks": "\u202a811218-\u200e9876\u202c",
    "with a variation selector": "811218\ufe0f-9876",
    "with a joiner of letters": "811218\u034f-9876",
    "in a sentence": "Anna, 811218-9876, mår inte bra",
    "glued to a word": "pnr:811218-9876.",
    "in brackets": "(811218-9876)",
    "a samordningsnummer": "701063-2391",
    "a samordningsnummer with its century": "19701063-2391",
    "a samordningsnummer, the last day": "811278-9873",
    "a samordningsnummer, the first day": "811261-9872",
}
OTHER_DATA = {
    "a mobile": "070-123 45 67",
    "a mobile without spaces": "0701234567",
    "a mobile with its country": "+46 70 123 45 67",
    "a mobile with a nought in brackets": "+46 (0)70 123 45 67",
    "a mobile with two noughts": "0046701234567",
    "a number with an area": "0911-123 45",
    "a number in full-width digits": "０７０ー１２３ ４５ ６７".replace("ー", "-"),
    "a number with an invisible mark": "070-\u200b123 45 67",
    "a foreign number": "+44 20 7946 0018",
    "a street": "hon bor på Storgatan 12",
    "a street and a letter": "Björkvägen 4b",
    "a street without dots": "bjorkvagen 4 b",
    "a square": "Stora torget 3",
    "an English street": "12 Baker Street",
}
HARMLESS = (
    "2026-11-23",
    "23/11 2026",
    "2026-11-23 kl. 13.00",
    "2026-11-23 13:00",
    "13.00-14.30",
    "08:30-09:45",
    "kl 8-16",
    "112",
    "ring 112",
    "90101",
    "90 390",
    "1177",
    "12 500 kr",
    "1 250 000 kronor",
    "25 000,50",
    "vecka 47",
    "3 av 5",
    "10 minuter",
    "4-6-8",
    "811218-9877",
    "1234567890123456",
    "7778112189876",
    "8112189876123",
    "kl 08-16",
    "08-09 10",
    "rum 4012",
    "SoL 11 kap 1 §",
    "5 möten på vägen",
    "gatan utanför",
    "i backen",
    "10 000 steg",
    "",
    "   ",
    "\u200b",
)
NO_SUCH_DAY = (
    "811318-9875",
    "811200-9876",
    "811240-9878",
    "811260-9873",
    "811292-9875",
    "810018-9870",
    "817818-9877",
)
"""Numbers whose check digit is right, of a month or a day that there is not."""
CRISIS = {
    "sv": (
        "jag vill dö",
        "JAG VILL DÖ",
        "jag vill do",
        "Jag  vill…  dö.",
        "jag vill\u200b dö",
        "ibland tänker jag på att ta mitt liv",
        "jag orkar inte leva längre",
        "det vore bättre om jag inte fanns",
        "självmord",
        "sjalvmord",
        "hon har skadat sig, och jag vill skada mig själv",
        "jag vill inte leva",
        "andas? jag vill hellre dö",
        "jag vill sluta andas",
    ),
    "en": (
        "i want to die",
        "I WANT TO DIE",
        "I don’t want to live any more",
        "i dont want to live",
        "thinking of suicide",
        "I could kill myself",
        "end it all",
        "I just want to stop breathing",
    ),
}
CALM = (
    "jag vill dokumentera",
    "jag vill dölja",
    "vill döpa om filen",
    "I want to diet",
    "det tar livet på allvar",
    "mitt liv är bra",
    "jag tar min paus",
    "kill the process",
    "trött på mötet",
    "livet",
    "dö",
)
"""Almost crisis words."""


def guarded(text: str, library: Library) -> bool:
    return client_data(text, library.lexicons.values())


@pytest.mark.parametrize("what", IDENTITIES)
def test_identity_numbers(what: str, library: Library) -> None:
    """A personal identity number is seen, however it is written."""
    assert guarded(IDENTITIES[what], library), what


@pytest.mark.parametrize("what", OTHER_DATA)
def test_phones_and_addresses(what: str, library: Library) -> None:
    """A phone number and a street address are seen."""
    assert guarded(OTHER_DATA[what], library), what


@pytest.mark.parametrize("text", [*HARMLESS, *NO_SUCH_DAY])
def test_harmless_numbers(text: str, library: Library) -> None:
    """Times, dates, amounts and public numbers belong to nobody."""
    assert not guarded(text, library)


@pytest.mark.parametrize("digit", range(10))
def test_check_digit(digit: int, library: Library) -> None:
    """Of ten numbers that differ in their last digit, one is a number of somebody."""
    assert guarded(f"811218-987{digit}", library) == (digit == 6)
    assert guarded(f"811278-987{digit}", library) == (digit == 3)


@pytest.mark.parametrize("language", CRISIS)
def test_crisis(language: str, library: Library) -> None:
    """Crisis words are seen in every language, whichever is spoken, anywhere in a text; words that
    two languages share are taken in the one that is asked first."""
    known = list(library.lexicons.values())
    own_first = sorted(known, key=lambda one: one.language != language)
    whole = [one for one in known if one.complete]
    for text in CRISIS[language]:
        assert alarm(text, known) == alarm(text, known[::-1]) == "crisis", text
        for ordered in (own_first, whole, whole[::-1]):
            assert crisis(text, ordered) == language, text
        assert alarm(f"Hej. {text} Nu. " + "x " * 2000, known) == "crisis"


@pytest.mark.parametrize("text", CALM)
def test_not_crisis(text: str, library: Library) -> None:
    """Words that only look like crisis words bring no crisis card."""
    assert alarm(text, library.lexicons.values()) is None


def test_crisis_goes_first(library: Library) -> None:
    """Crisis words win over client data and over stop."""
    known = library.lexicons.values()
    assert alarm("jag vill dö 811218-9876", known) == "crisis"
    assert alarm("sluta, jag vill dö", known) == "crisis"


def test_stop(library: Library) -> None:
    """A text that is a stop word stops, in either language; a text with one in it does not."""
    known = library.lexicons.values()
    for lexicon in known:
        for word in lexicon.stop:
            assert alarm(f"  {word.upper()}. ", known) == "stop"
    assert alarm("jag vill inte sluta", known) is None
    assert alarm("stoppa", known) is None


def test_every_crisis_phrase_is_found(library: Library) -> None:
    """Each phrase of each lexicon brings the card when it is all that is written."""
    known = library.lexicons.values()
    for lexicon in known:
        for phrase in lexicon.crisis:
            assert alarm(phrase, known) == "crisis", phrase
