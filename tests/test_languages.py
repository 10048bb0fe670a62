"""Every language that Landa speaks, whole or not: each of its words opens a card in it."""

import re

import pytest

from bot.core.library import Library
from bot.core.message import Message
from bot.runtime import content
from tests.core.talk import Talk, cards

KEY = re.compile(r"[a-z]+\.[a-z_]+")


@pytest.mark.parametrize("language", content.read().library.languages)
def test_every_word(language: str, library: Library) -> None:
    """Each word that a language understands is answered in it, with words and never with a key."""
    for word, command in library.lexicons[language].commands.items():
        said = cards(Talk(library, language).command(word))[0]
        assert said.text.strip(), word
        assert command.language == language
        if isinstance(said, Message):
            assert not any(KEY.fullmatch(each.label) for each in said.choices), word


@pytest.mark.parametrize("language", content.read().library.languages)
def test_it_can_be_chosen(language: str, library: Library) -> None:
    """The settings offer every language, by its own name."""
    form = cards(Talk(library).command("inställningar"))[0]
    assert library.lexicons[language].name in str(form)
