"""From typed words to what they start."""

import pytest

from bot.core.command import LONGEST_TYPED, Found, find
from bot.core.lexicon import fold
from bot.core.library import Library


def found(text: str, library: Library, language: str = "sv") -> Found | None:
    return find(text, language, library.lexicons)


def target(text: str, library: Library, language: str = "sv") -> str:
    """ "flow.topic" of what *text* starts; empty for nothing."""
    one = found(text, library, language)
    if one is None or one.command is None:
        return ""
    return ".".join(part for part in (one.command.flow, one.command.topic) if part)


def test_every_word(library: Library) -> None:
    """Every word of every lexicon starts what it stands for, without a doubt."""
    for language, lexicon in library.lexicons.items():
        for word, command in lexicon.commands.items():
            one = found(word, library, language)
            assert one == Found(command, word)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LÄGE", "colour"),
        ("  läge. ", "colour"),
        ("lage", "colour"),
        ("infor", "before"),
        ("Inför!", "before"),
        ("fotfaste", "practice.grounding"),
        ("vem-ser-vad?", "privacy"),
        ("vem  ser  vad", "privacy"),
        ("sto\u0308d", "support"),
        ("l\u200bäge", "colour"),
        ("ＡＮＤＡＳ", "practice.breathing"),
    ],
)
def test_folded(text: str, expected: str, library: Library) -> None:
    """Capitals, dots, accents and invisible marks do not matter."""
    one = found(text, library)
    assert target(text, library) == expected
    assert one
    assert one.sure


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("anads", "practice.breathing"),
        ("andsa", "practice.breathing"),
        ("fotfäset", "practice.grounding"),
        ("inställnigar", "settings"),
        ("hjällp", "menu"),
        ("braethe", "practice.breathing"),
        ("suport", "support"),
        ("vem ser vda", "privacy"),
    ],
)
def test_typos(text: str, expected: str, library: Library) -> None:
    """A slip of the finger is understood, but not as something sure."""
    one = found(text, library)
    assert target(text, library) == expected
    assert one
    assert not one.sure


@pytest.mark.parametrize("text", ["slutta", "sluat", "stoppp", "jag vill sluta nu", "qiut"])
def test_nearly_stop(text: str, library: Library) -> None:
    """What is nearly a stop word is told apart, so that Landa can ask."""
    one = found(text, library)
    assert one
    assert one.stop
    assert not one.sure


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jag skulle vilja andas lite", "practice.breathing"),
        ("jag fick ett hot i dag", "threat"),
        ("hej hej", "menu"),
        ("hej, jag vill andas", "practice.breathing"),
        ("kan vi prata?", "people"),
    ],
)
def test_inside(text: str, expected: str, library: Library) -> None:
    """A word in a sentence is found; a longer one before a greeting."""
    assert target(text, library) == expected


def test_short_words_of_another_language(library: Library) -> None:
    """In an English sentence "hot" is the weather, and "hi there" a greeting."""
    assert target("hi there", library, "en") == "menu"
    assert target("it is hot today", library, "en") == ""
    assert target("hot", library, "en") == "threat"


@pytest.mark.parametrize("text", ["blåhaj", "12", "x", "ab", "zzzzzzzz", "§§§", "0701"])
def test_nothing(text: str, library: Library) -> None:
    """What means nothing to Landa starts nothing."""
    assert found(text, library) is None


def test_empty(library: Library) -> None:
    """Empty text is nothing that could be found."""
    for text in ("", "   ", "\u200b", "…", "👍"):
        assert fold(text) == ""
        assert found(text, library) is None


def test_long_text(library: Library) -> None:
    """A long text is not compared letter by letter, however alike, and takes no time."""
    assert found("andas " * 20, library) is None
    assert found("a" * (LONGEST_TYPED + 1), library) is None
    assert found("anads" * 10_000, library) is None


def test_language(library: Library) -> None:
    """A word that two languages share is taken in the person's own; others in theirs."""
    for language in ("sv", "en"):
        one = found("paus" if language == "sv" else "pause", library, language)
        assert one
        assert one.command
        assert one.command.language == language
    for language in ("sv", "en"):
        shared = set(library.lexicons["sv"].commands) & set(library.lexicons["en"].commands)
        for word in shared:
            one = found(word, library, language)
            assert one
            assert one.command
            assert one.command.language == language
    one = found("breathe", library, "sv")
    assert one
    assert one.command
    assert one.command.language == "en"
