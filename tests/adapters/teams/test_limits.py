"""What looks at the cards can see: each kind of fault is told."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from .limits import complaints, parts
from .microsoft import Parser
from .test_render import GOLDEN, rendered

Card = dict[str, Any]


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser() as started:
        yield started


def first(card: Card, kind: str) -> Card:
    return next(part for part in parts(card) if part["type"] == kind)


SPOILT: dict[str, tuple[str, Callable[[Card], Any]]] = {
    "too large": ("plain", lambda card: first(card, "TextRun").update(text="å" * 15_000)),
    "empty": ("plain", lambda card: card.update(body=[])),
    "another version": ("plain", lambda card: card.update(version="1.6")),
    "no fallback": ("plain", lambda card: card.update(fallbackText="")),
    "a mention": ("plain", lambda card: card.update(msteams={"entities": []})),
    "an empty text": ("plain", lambda card: first(card, "TextRun").update(text="")),
    "a macro": ("plain", lambda card: first(card, "TextRun").update(text="{{DATE(x)}}")),
    "a link": ("form", lambda card: first(card, "TextBlock").update(text="[a](https://b)")),
    "a style": ("landing", lambda card: first(card, "Action.Execute").update(style="positive")),
    "a long label": ("landing", lambda card: first(card, "Action.Execute").update(title="x" * 31)),
    "another verb": ("landing", lambda card: first(card, "Action.Execute").update(verb="x")),
    "no older button": ("landing", lambda card: first(card, "Action.Execute").update(fallback={
        **first(card, "Action.Execute")["fallback"], "data": {"token": "x"}})),
    "seven buttons": ("menu", lambda card: first(card, "ActionSet").update(
        actions=[first(card, "Action.Execute")] * 7)),
    "a script": ("support", lambda card: first(card, "Action.OpenUrl").update(url="javascript:x")),
    "a picture without words": ("breath", lambda card: first(card, "Image").update(altText="")),
    "a picture over http": ("breath", lambda card: first(card, "Image").update(url="http://x")),
    "a wide picture": ("breath", lambda card: first(card, "Image").update(width="400px")),
    "the same id twice": ("form", lambda card: first(card, "Input.Time").update(id="motion")),
    "an id of ours": ("form", lambda card: first(card, "Input.Time").update(id="token")),
    "a question without words": ("form", lambda card: first(card, "Input.Time").update(label="")),
}  # fmt: skip


@pytest.mark.parametrize("fault", SPOILT)
def test_a_fault_is_seen(fault: str) -> None:
    """A card that was right, and then spoilt in one way, is complained of."""
    name, spoil = SPOILT[fault]
    card = json.loads(json.dumps(rendered(GOLDEN[name])))
    spoil(card)
    assert list(complaints(card))


def test_microsofts_parser_sees_faults(parser: Parser) -> None:
    """The parser at work is the real one: it knows what it does not know."""
    card = rendered(GOLDEN["form"])
    assert parser.faults({**card, "body": [{"type": "Landa"}]})
    first(card, "Input.ChoiceSet")["style"] = "sideways"
    assert parser.faults(card)
    assert parser.faults(rendered(GOLDEN["form"])) == []


@pytest.mark.parametrize("text", ["[a](https://b)", "<https://b>", "- a", "# a", "1. a", "---"])
def test_markdown_is_seen(parser: Parser, text: str) -> None:
    """Words that Markdown would make something of are told, wherever Markdown may be read."""
    card = rendered(GOLDEN["form"])
    assert parser.faults({**card, "fallbackText": text})
    first(card, "TextBlock")["text"] = text
    assert parser.faults(card)
