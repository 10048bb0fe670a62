"""What Teams and Landa ask of a card, where Microsoft's parser is lenient.

Sources: adaptivecards.io, schema 1.5; learn.microsoft.com/microsoftteams; both read 2026-11.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

Part = dict[str, Any]

BYTES = 28_000
ACTIONS = 6
BUTTON = 28
PHONE = 220
"""The widest picture that a card on a telephone of 320 points has room for."""
KEYS = {
    "AdaptiveCard": "type version lang fallbackText speak body",
    "TextBlock": "type text style weight wrap",
    "RichTextBlock": "type inlines spacing",
    "TextRun": "type text weight size isSubtle color",
    "Image": "type url altText width",
    "ActionSet": "type spacing actions",
    "Action.Execute": "type title verb data associatedInputs fallback",
    "Action.Submit": "type title data associatedInputs",
    "Action.OpenUrl": "type title url",
    "Input.ChoiceSet": "type id label style wrap choices value isMultiSelect",
    "Input.Text": "type id label value maxLength isMultiline style",
    "Input.Time": "type id label value",
    "Input.Date": "type id label value",
}
"""All that a card of Landa's is made of. A mention or a style of a button has no place in it."""
MARKUP = re.compile(r"\]\(|\{\{|<\w|^[-+*#>]|^\d+[.)]|://", re.MULTILINE)
"""What some client would take for a link, a macro, a mention, a list or a heading."""


def complaints(card: Part) -> Iterator[str]:
    """Everything that is wrong with a rendered card."""
    if (size := len(json.dumps(card, ensure_ascii=False).encode("utf-16-le"))) > BYTES:
        yield f"{size} bytes"
    if card.get("version") != "1.5" or not card.get("body"):
        yield "not an Adaptive Card 1.5 with something in it"
    if not card.get("fallbackText") or not card.get("lang"):
        yield "a card without words or without a language"
    ids = [part["id"] for part in parts(card) if "id" in part]
    if len(ids) != len(set(ids)) or {"token", "fields"} & set(ids):
        yield f"ids {ids}"
    for part in parts(card):
        yield from _part(part)


def parts(value: Any) -> Iterator[Part]:
    """Every element, run, action and input of a card, in order."""
    if isinstance(value, dict):
        if "type" in value:
            yield value
        for each in value.values():
            yield from parts(each)
    elif isinstance(value, list):
        for each in value:
            yield from parts(each)


def _part(part: Part) -> Iterator[str]:
    kind = part["type"]
    if unknown := set(part) - set(KEYS.get(kind, "").split()):
        yield f"{kind}: {unknown}"
    if empty := [key for key in ("text", "title", "label", "altText") if part.get(key, "x") == ""]:
        yield f"{kind}: empty {empty}"
    if kind == "ActionSet" and not 0 < len(part["actions"]) <= ACTIONS:
        yield f"{len(part['actions'])} buttons in a set"
    if kind.startswith("Input.") and not (part["id"] and part["label"]):
        yield "a question without a label"
    if kind in {"TextBlock", "TextRun"}:
        yield from _words(kind, part["text"])
    if kind.startswith("Action."):
        yield from _action(part)
    if kind == "Image":
        yield from _image(part)


def _words(kind: str, text: str) -> Iterator[str]:
    if kind == "TextBlock" and MARKUP.search(text):
        yield f"markup in {text!r}"
    if "{{" in text:
        yield f"a macro in {text!r}"


def _action(part: Part) -> Iterator[str]:
    if not 0 < len(part["title"]) <= BUTTON:
        yield f"a button {part['title']!r}"
    if "url" in part and not re.match("https://|tel:", part["url"]):
        yield f"a way out to {part['url']}"
    if "url" not in part and (part.get("verb", "landa") != "landa" or not part["data"]["token"]):
        yield "a button without a token"
    older = {key: part[key] for key in ("title", "data", "associatedInputs") if key in part}
    if part["type"] == "Action.Execute" and part["fallback"] != {"type": "Action.Submit", **older}:
        yield "a button that older clients do not have"


def _image(part: Part) -> Iterator[str]:
    if not part["altText"] or int(part["width"].removesuffix("px")) > PHONE:
        yield "a picture without words, or too wide for a telephone"
    if not part["url"].startswith("https://"):
        yield f"a picture at {part['url']}"
