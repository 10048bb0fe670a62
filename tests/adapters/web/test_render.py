"""Cards as the page gets them, held against golden files."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.web.render import render
from bot.core.message import Card, Link, Message
from bot.core.port import Outgoing

from .fake import BREATHING, SUPPORT, settings

GOLDEN = Path(__file__).parent / "cards"
TEXTS = Message(
    "*Stark* och 2 * 3 * 4.\nNästa rad <b>.\n\n\n  Nytt *stycke utan slut", note="Smått."
)


def shown(card: Card) -> dict:
    return render(Outgoing("1", {}, False, card, "sv", datetime(2025, 11, 24, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("name", "card"),
    [
        ("breathing", BREATHING),
        ("support", SUPPORT),
        ("form", settings("Välj ett av svaren.")),
        ("texts", TEXTS),
    ],
)
def test_a_card_is_drawn_as_before(name: str, card: Card) -> None:
    """What the page draws a card from changes only on purpose. LANDA_UPDATE=1 writes it anew."""
    path = GOLDEN / f"{name}.json"
    if os.environ.get("LANDA_UPDATE"):
        path.write_text(json.dumps(shown(card), ensure_ascii=False, indent=2) + "\n")
    golden = json.loads(path.read_text(encoding="utf-8"))
    assert json.loads(json.dumps(shown(card))) == golden


def test_links_lead_only_to_pages_and_telephones() -> None:
    """A link can't run a script or open a file."""
    urls = ("javascript:alert(1)", "data:text/html,x", "http://x.se", "tel:112", "https://1177.se")
    links = shown(Message("x", links=tuple(Link("x", url) for url in urls)))["links"]
    assert [link["url"] for link in links] == ["tel:112", "https://1177.se"]


def test_a_chat_with_somebody_says_whom_and_leads_nowhere() -> None:
    """The preview has no such chat to open."""
    card = Message("x", links=(Link("Skriv", "chat:cecilia", "Hej"),))
    assert shown(card)["links"] == [{"label": "Skriv: cecilia", "url": ""}]


def test_only_the_first_choice_sends_a_form() -> None:
    """Leaving a form sends none of its answers."""
    assert [choice["sends"] for choice in shown(settings())["choices"]] == [True, False]
    assert not any(choice["sends"] for choice in shown(BREATHING)["choices"])
