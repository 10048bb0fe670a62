"""The guide's pictures show what a card says, and nothing in a card can be more than words."""

import json
import re
from pathlib import Path

import pytest

from tests.adapters.slack.blocks import page, text
from tests.adapters.slack.test_render import CARDS, GOLDEN

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", GOLDEN)
def test_every_card_can_be_shown(name: str) -> None:
    """Each kind of card becomes a page, twice: light and dark."""
    blocks = json.loads((CARDS / f"{name}.json").read_text())["blocks"]
    shown = page(blocks, "Bara synligt för dig", lambda _: b"")
    assert shown.count('class="message"') == 2
    assert "<script" not in shown


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("*stark* & <b>", "<strong>stark</strong> &amp; &lt;b&gt;"),
        ("<tel:112|Ring 112>", '<a href="tel:112">Ring 112</a>'),
        ("&lt;script&gt; &amp;amp;", "&lt;script&gt; &amp;amp;"),
        ("<javascript:x|y>", "&lt;javascript:x|y&gt;"),
        ('"><img>', "&quot;&gt;&lt;img&gt;"),
    ],
)
def test_marks(words: str, shown: str) -> None:
    """Slack's marks are shown; everything else is text."""
    assert text({"type": "mrkdwn", "text": words}) == shown


def test_the_guide_has_its_pictures() -> None:
    """Every picture that the guide shows is there, with words for those who do not see it."""
    guide = (ROOT / "docs" / "slack.md").read_text()
    named = re.findall(r"!\[([^\]]*)\]\((pictures/[a-z-]+\.png)\)", guide)
    assert len(named) == 9
    for words, path in named:
        assert len(words) > 20
        assert (ROOT / "docs" / path).stat().st_size < 250_000
