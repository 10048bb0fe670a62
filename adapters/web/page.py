"""The page itself: one HTML file filled with the words of a language, and what it loads."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from string import Template

from adapters.web.inbound import PEOPLE
from bot.core.words import Words

FOLDER = Path(__file__).parent / "page"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

SPOKEN = (
    "only_you",
    "you",
    "landa",
    *PEOPLE,
    "offline",
    "refused_act",
    "not_sent",
    "moved",
    "still",
    "moving",
    "choose",
    "new",
)
"""Words that the scripts need, under "preview.<name>"."""
MOVES = ("in", "top", "hold", "out", "rest")


class Page(Template):
    """`${preview.title}` stands for a word; `${lang}` and the like for a part made here."""

    idpattern = r"[a-z_]+(?:\.[a-z_]+)?"


class _Filling(Mapping[str, str]):
    """The parts by name, and every other name as a word, escaped."""

    def __init__(self, words: Words, parts: Mapping[str, str]) -> None:
        self._words, self._parts = words, parts

    def __getitem__(self, name: str) -> str:
        return self._parts[name] if name in self._parts else escape(self._words(name))

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


def static_files() -> dict[str, tuple[bytes, str]]:
    """Everything the page loads: name -> content and its type."""
    return {
        path.name: (path.read_bytes(), TYPES[path.suffix])
        for path in sorted(FOLDER.iterdir())
        if path.suffix in TYPES
    }


def html(language: str, catalog: Mapping[str, Words]) -> str:
    words = catalog[language]
    parts = {
        "lang": escape(language),
        "languages": "".join(
            _language(words, words.language == language) for words in catalog.values()
        ),
        "people": "".join(_person(words, person) for person in PEOPLE),
        "words": _data_block(words, catalog),
    }
    template = (FOLDER / "index.html").read_text(encoding="utf-8")
    return Page(template).substitute(_Filling(words, parts))


def _language(words: Words, current: bool) -> str:  # noqa: FBT001
    lang, name = escape(words.language), escape(words("preview.language"))
    mark = ' aria-current="true"' if current else ""
    return f'<a href="?lang={lang}" lang="{lang}" hreflang="{lang}"{mark}>{name}</a>'


def _person(words: Words, person: str) -> str:
    name, role = escape(words(f"preview.{person}")), escape(words(f"preview.{person}_role"))
    checked = " checked" if person == PEOPLE[0] else ""
    return (
        f'<label class="pick"><input type="radio" name="person" value="{person}"{checked}>'
        f'<span class="pick-face"><span class="pick-name">{name}</span>'
        f'<span class="pick-role">{role}</span><span class="dot" hidden></span></span></label>'
    )


def _data_block(words: Words, catalog: Mapping[str, Words]) -> str:
    """JSON that can stand in HTML: no "<" can end the block early."""
    spoken = {name: words(f"preview.{name}") for name in SPOKEN}
    breath = {
        language: {move: each(f"preview.breath_{move}") for move in MOVES}
        for language, each in catalog.items()
    }
    data = json.dumps({"spoken": spoken, "breath": breath}, ensure_ascii=False)
    return data.replace("<", "\\u003c")
