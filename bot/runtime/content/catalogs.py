"""What Landa says, from gettext catalogs that a translator can open in any editor for them."""

import gettext
import io
import re
from collections.abc import Iterator
from pathlib import Path

import polib

from bot.core.lexicon import Lexicon
from bot.core.proof import LABEL_MAX, wording
from bot.core.words import Words
from bot.runtime.content.reader import ROOT, Reader

CATALOGS = ROOT / "bot" / "locale"
SOURCE = "sv"
"""The language that is written first; the others must have all its keys."""
LABEL = "label"
"""A comment on an entry that is the text of a button."""


def catalogs(root: Path, reader: Reader) -> dict[str, polib.POFile]:
    found: dict[str, polib.POFile] = {}
    for path in sorted(root.glob("*/LC_MESSAGES/landa.po")):
        try:
            found[path.parts[-3]] = polib.pofile(str(path), check_for_duplicates=True)
        except (OSError, ValueError) as wrong:  # UnicodeDecodeError is a ValueError
            reader.fault(path, "", f"cannot be read: {wrong}")
    return found


def words(language: str, found: dict[str, polib.POFile]) -> Words:
    """What *language* lacks is said in the language that is written first."""
    catalog = _filled(found[language], found.get(SOURCE, found[language]))
    compiled = gettext.GNUTranslations(io.BytesIO(catalog.to_binary()))
    # Looked up once: a card asks for a dozen texts.
    texts = {entry.msgid: compiled.gettext(entry.msgid) for entry in catalog}
    return Words(language, lambda key: texts.get(key, key), compiled.ngettext)


def _filled(catalog: polib.POFile, source: polib.POFile) -> polib.POFile:
    known = {entry.msgid for entry in catalog if entry.translated()}
    rest = [entry for entry in source if entry.msgid not in known]
    if not rest:
        return catalog
    whole = polib.POFile()
    whole.metadata = catalog.metadata
    whole.extend([*(entry for entry in catalog if entry.msgid in known), *rest])
    return whole


def check(language: str, found: dict[str, polib.POFile], lexicon: Lexicon, reader: Reader) -> None:
    """Notes what is missing from one catalog, and every text in it that Landa would not say."""
    path = Path(found[language].fpath)
    if SOURCE not in found:
        reader.fault(path, "", f"there is no catalog of {SOURCE} to compare it with")
        return
    mine = {entry.msgid: entry for entry in found[language] if not entry.obsolete}
    source = {entry.msgid: entry for entry in found[SOURCE] if not entry.obsolete}
    if lexicon.complete:
        for key in source.keys() - mine.keys():
            reader.fault(path, key, "is missing")
    for key in mine.keys() - source.keys():
        reader.fault(path, key, f"is not in the catalog of {SOURCE}")
    for key, entry in mine.items():
        for text in _texts(entry):
            for why in _faults(text, entry, source.get(key), lexicon):
                reader.fault(path, key, why)


def _texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) or [entry.msgstr]


def _faults(
    text: str, entry: polib.POEntry, source: polib.POEntry | None, lexicon: Lexicon
) -> Iterator[str]:
    if not text.strip() or entry.fuzzy:
        yield "is not translated"
        return
    if source and _places(text) != _places(_texts(source)[0]):
        yield f"has other placeholders than {SOURCE}: {', '.join(sorted(_places(text))) or 'none'}"
    if LABEL in entry.comment.split() and len(text) > LABEL_MAX:
        yield f"is a label of {len(text)} characters; at most {LABEL_MAX}"
    yield from wording(text, lexicon)


def _places(text: str) -> set[str]:
    return set(re.findall(r"{(\w*)}", text))
