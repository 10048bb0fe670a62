"""On which line of a TOML file each key stands: the parser does not tell."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, cast

Key = tuple[str | int, ...]
"""Names from the outermost to the innermost; a number for a place in an array."""
LONGEST = 400
"""Lines of one statement. A longer one is not looked through, nor what comes after it."""


def lines(text: str) -> Mapping[Key, int]:
    """Key -> the line, from 1, that its statement begins on. text: TOML without faults."""
    found: dict[Key, int] = {}
    base: Key = ()
    tables: Counter[Key] = Counter()
    for number, statement in _statements(text):
        said = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            base = _header(said, tables)
            found.setdefault(base, number)
        else:
            for key in _keys(said):
                found.setdefault((*base, *key), number)
    return found


def line_of(key: Key, found: Mapping[Key, int]) -> int | None:
    """Of *key*, or of the nearest thing around it that has a line."""
    while key and key not in found:
        key = key[:-1]
    return found.get(key)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each by itself is TOML: a header, or one key with its value, however many lines long."""
    begun, first = "", 1
    for number, line in enumerate(text.split("\n"), 1):
        begun += f"{line}\n"
        try:
            tomllib.loads(begun)
        except tomllib.TOMLDecodeError:
            if number - first > LONGEST:
                return
            continue
        yield first, begun
        begun, first = "", number + 1


def _header(said: dict[str, Any], tables: Counter[Key]) -> Key:
    """ "[a.b]" is a, b; the second "[[a]]" is a, 1."""
    key: list[str | int] = []
    value: Any = said
    while value:
        if isinstance(value, list):
            place: Key = tuple(key)
            key.append(tables[place])
            tables[place] += 1
            break
        name, value = next(iter(value.items()))
        key.append(name)
    return tuple(key)


def _keys(value: Any) -> Iterator[Key]:
    inside: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inside += cast("dict[str, Any]", value).items()
    elif isinstance(value, list):
        inside += enumerate(cast("list[Any]", value))
    for name, each in inside:
        yield (name,)
        for key in _keys(each):
            yield (name, *key)
