"""The two marks of a card's text, and nothing more."""

import pytest

from bot.core.markup import Run, paragraphs, plain, runs


def test_paragraphs() -> None:
    """A blank line parts paragraphs; a single break stays in its paragraph."""
    assert paragraphs("a\nb\n\n \n c ") == [[Run("a\nb")], [Run("c")]]
    assert paragraphs("  \n\n ") == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a *b* c", [Run("a "), Run("b", True), Run(" c")]),
        ("*b*", [Run("b", True)]),
        ("2 * 3 * 4", [Run("2 * 3 * 4")]),
        ("*a\nb*", [Run("*a\nb*")]),
    ],
)
def test_stars(text: str, parts: list[Run]) -> None:
    """Stars make words strong where they embrace them, and are stars elsewhere."""
    assert runs(text) == parts
    assert plain(text) == "".join(part.text for part in parts)
