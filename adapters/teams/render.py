"""A card as Teams shows it: an Adaptive Card, and words that are enough by themselves."""

from typing import Any

from bot.core.message import Form
from bot.core.port import Outgoing

VERSION = "1.5"


def render(outgoing: Outgoing, pictures: str = "") -> dict[str, Any]:
    """pictures: public base URL of the moving pictures; empty where there is none."""
    card = outgoing.card
    form = {"form": True} if isinstance(card, Form) else {}
    body: list[dict[str, Any]] = [{"type": "TextBlock", "text": card.text, "wrap": True}]
    if isinstance(card, Form):
        body += [
            {
                "type": "Input.ChoiceSet",
                "id": field.id,
                "label": field.label,
                "value": field.value,
                "choices": [{"title": each.label, "value": each.id} for each in field.options],
            }
            for field in card.fields
        ]
    return {
        "type": "AdaptiveCard",
        "version": VERSION,
        "body": body,
        "actions": [
            {
                "type": "Action.Execute",
                "title": choice.label,
                "verb": "landa",
                "data": {"token": choice.id, **form},
            }
            for choice in card.choices
        ],
    }


def summary(outgoing: Outgoing) -> str:
    """What a notification shows."""
    return getattr(outgoing.card, "preview", "") or outgoing.card.text
