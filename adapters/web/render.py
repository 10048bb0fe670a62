"""Outgoing -> what the page draws a card from: plain data, never markup. Pure."""

from typing import Any, assert_never

from bot.core.markup import paragraphs
from bot.core.message import Breath, Choice, Field, Form, Link, Message
from bot.core.port import Outgoing

Json = dict[str, Any]

_WAYS_OUT = ("https:", "tel:", "http://127.0.0.1:")
"""The last one: the preview's own pages."""


def render(outgoing: Outgoing) -> Json:
    """The card as JSON. A line break within a paragraph stays in its run."""
    card = outgoing.card
    match card:
        case Message():
            shown = _message(card)
        case Form():
            shown = _form(card)
        case _:
            assert_never(card)
    return {"language": outgoing.language, **shown}


def _message(card: Message) -> Json:
    return {
        "title": card.title,
        "paragraphs": _paragraphs(card.text),
        "picture": _picture(card.picture) if card.picture else None,
        "signed": f"{card.signed.words} {card.signed.name}" if card.signed else "",
        "note": card.note,
        "links": [
            _link(link) for link in card.links if link.account or link.url.startswith(_WAYS_OUT)
        ],
        "fields": [],
        "choices": [_choice(choice) for choice in card.choices],
    }


def _form(card: Form) -> Json:
    return {
        "title": card.title,
        "paragraphs": _paragraphs(card.text),
        "picture": None,
        "signed": "",
        "note": "",
        "links": [],
        "fields": [_field(field) for field in card.fields],
        "choices": [
            {**_choice(choice), "sends": number == 0} for number, choice in enumerate(card.choices)
        ],
    }


def _paragraphs(text: str) -> list[list[Json]]:
    """Each paragraph as runs of plain and strong words, in order."""
    return [[{"text": run.text, "strong": run.strong} for run in runs] for runs in paragraphs(text)]


def _picture(breath: Breath) -> Json:
    return {
        "phases": [{"move": phase.move, "seconds": phase.seconds} for phase in breath.phases],
        "times": breath.times,
        "alt": breath.alt,
        "moving": breath.moving,
    }


def _link(link: Link) -> Json:
    """A chat with somebody is no page here: only whom it would be with is shown."""
    if link.account:
        return {"label": f"{link.label}: {link.account}", "url": ""}
    return {"label": link.label, "url": link.url}


def _choice(choice: Choice) -> Json:
    return {
        "token": choice.id,
        "label": choice.label,
        "spoken": choice.spoken,
        "quiet": choice.quiet,
        "sends": False,
    }


def _field(field: Field) -> Json:
    return {
        "id": field.id,
        "label": field.label,
        "kind": field.kind,
        "options": [{"id": option.id, "label": option.label} for option in field.options],
        "value": field.value,
        "error": field.error,
        "optional": field.optional,
        "longest": field.longest,
        "hint": field.hint,
    }
