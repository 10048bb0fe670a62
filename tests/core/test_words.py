"""The catalogs and the code name the same texts."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.core.library import Library
from bot.runtime import telling
from bot.runtime.content.catalogs import CATALOGS, catalogs
from bot.runtime.content.reader import ROOT, Reader

KEY = re.compile(r"[a-z]+\.[a-z_]+")
CODE = sorted(
    path
    for folder in ("bot", "adapters")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
PAGES = sorted(
    path for path in (ROOT / "adapters").rglob("*") if path.suffix in {".html", ".js", ".svg"}
)


@dataclass
class Named:
    """keys: asked for in full, with where. patterns: of keys put together from parts.

    texts  every other text in the code; a key may be among them, to be asked for later.
    """

    keys: dict[str, str] = field(default_factory=dict)
    patterns: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)


def in_catalogs() -> dict[str, set[str]]:
    found = catalogs(CATALOGS, Reader())
    return {
        language: {entry.msgid for entry in catalog if entry.msgid}
        for language, catalog in found.items()
    }


def named() -> Named:
    """Everything that the code asks the catalogs for."""
    found = Named()
    for path in CODE:
        where = str(path.relative_to(ROOT))
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.texts.add(node.value)
            if not isinstance(node, ast.Call):
                continue
            for key in _asked(node):
                found.keys[key] = f"{where}:{node.lineno}"
            for key in _buttons(node, path):
                found.keys[key] = f"{where}:{node.lineno}"
            for pattern in _put_together(node):
                found.patterns[pattern] = f"{where}:{node.lineno}"
    for page in PAGES:
        found.texts.update(KEY.findall(page.read_text(encoding="utf-8")))
    # Columns and fields, each called by its name in the code.
    found.texts.update(f"held.{name}" for name in telling.names())
    return found


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _is_words(node: ast.Call) -> bool:
    match node.func:
        case ast.Attribute(value=ast.Name("words") | ast.Attribute(attr="words"), attr="count"):
            return True
        case _:
            return _called(node) == "words"


def _asked(node: ast.Call) -> Iterator[str]:
    """`words("a.b")`, `context.words("a.b")`, `words.count("a.b", n)`."""
    if _is_words(node) and node.args:
        key = node.args[0]
        for part in (key.body, key.orelse) if isinstance(key, ast.IfExp) else (key,):
            if isinstance(part, ast.Constant):
                yield str(part.value)


def _put_together(node: ast.Call) -> Iterator[str]:
    """`words(f"a.{b}")` as a pattern with one group for each part."""
    if _is_words(node) or _called(node) in {"each", "translate"}:
        for part in ast.walk(node):
            if isinstance(part, ast.JoinedStr) and isinstance(part.values[0], ast.Constant):
                yield "".join(
                    re.escape(str(piece.value)) if isinstance(piece, ast.Constant) else r"(\w+)"
                    for piece in part.values
                )


def _buttons(node: ast.Call, path: Path) -> Iterator[str]:
    """`choices(words, "flow", "a", *MORE, spoken=("a",))`."""
    if _called(node) != "choices" or len(node.args) < 2:
        return
    _, flow, *ids = node.args
    if not isinstance(flow, ast.Constant):
        return
    for keyword in node.keywords:
        if keyword.arg == "spoken" and isinstance(keyword.value, ast.Tuple):
            for id in keyword.value.elts:
                assert isinstance(id, ast.Constant)
                yield f"{flow.value}.{id.value}_spoken"
    for id in ids:
        match id:
            case ast.Constant(str(one)):
                yield f"{flow.value}.{one}"
            case ast.Starred(ast.Name(name)):
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                for one in getattr(importlib.import_module(module), name):
                    yield f"{flow.value}.{one}"
            case _:
                raise AssertionError(f"{path.name}:{node.lineno}: which buttons are these?")


def test_something_is_named() -> None:
    """The search below finds what it looks for, in each way it is written."""
    found = named()
    assert {"preview.languages", "menu.old", "menu.sorry"} <= found.texts
    assert {"land.here", "card.minutes", "menu.colour", "after.need", "air.begun"} <= set(
        found.keys
    )
    assert r"privacy\.(\w+)" in found.patterns


@pytest.mark.parametrize("language", sorted(in_catalogs()))
def test_every_key_has_its_text(language: str, library: Library) -> None:
    """What the code asks for stands in the catalog of every language that is whole."""
    if not library.lexicons[language].complete:
        return
    known, found = in_catalogs()[language], named()
    missing = {key: where for key, where in found.keys.items() if key not in known}
    assert missing == {}
    for pattern, where in found.patterns.items():
        assert any(re.fullmatch(pattern, key) for key in known), where


def test_every_text_is_used() -> None:
    """No catalog holds a text that nothing in the code says."""
    found = named()
    unused = {
        key
        for keys in in_catalogs().values()
        for key in keys
        if key not in found.keys and key not in found.texts and not _fits(key, found)
    }
    assert unused == set()


def _fits(key: str, found: Named) -> bool:
    """Put together by a pattern, from parts that the code knows."""
    for pattern in found.patterns:
        if (match := re.fullmatch(pattern, key)) and all(
            part in found.texts or part.removesuffix("_role") in found.texts
            for part in match.groups()
        ):
            return True
    return False


def test_a_key_without_a_text(library: Library) -> None:
    """A key that no catalog has comes back as itself, where a test can see it."""
    for words in library.words.values():
        assert words("land.nowhere") == "land.nowhere"


def test_numbers(library: Library) -> None:
    """One is said as one, and more as more, in each language."""
    said = {
        language: [words.count("card.minutes", n) for n in (1, 2, 10)]
        for language, words in library.words.items()
    }
    assert said["sv"] == ["1 minut", "2 minuter", "10 minuter"]
    assert said["en"] == ["1 minute", "2 minutes", "10 minutes"]
