"""A form in a window of its own, and what the window is told when it is sent.

Limits: docs.slack.dev, Views, read 2026-11; lengths in code points.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from adapters.slack.inbound import FORM
from adapters.slack.question import Block, clip, plain_text
from adapters.slack.render import header, questions
from bot.core.message import Form
from bot.core.port import Outgoing

TITLE = 24
"""Also of the two buttons."""
ERROR = 300
BUTTONS = 2
METADATA = 3_000
View = dict[str, Any]


def window(outgoing: Outgoing) -> View | None:
    """None where the card is no form, or one that a window has too few buttons for."""
    card = outgoing.card
    if not isinstance(card, Form) or not 0 < len(card.choices) <= BUTTONS:
        return None
    send, *leave = card.choices
    if len(send.id) > METADATA:
        return None
    close = {"close": plain_text(leave[0].label, TITLE)} if leave else {}
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain_text(card.title, TITLE),
        "submit": plain_text(send.label, TITLE),
        **close,
        # To close it is to leave the form.
        "notify_on_close": True,
        # The form's own token, and nothing else: it is its person's, and of one turn.
        "private_metadata": send.id,
        "blocks": list(_blocks(card, outgoing.id)),
    }


def _blocks(card: Form, id: str) -> Iterator[Block]:
    if len(card.title) > TITLE:
        yield from header(card.title)
    yield from questions(card, id)


def corrected(outgoing: Outgoing, asked: Mapping[str, object]) -> View | None:
    """What the window is told when its form is asked once more: what is wrong, each beside its
    field; or the new form, where it asks for something else. None: nothing that it can show.

    asked  the fields that it asks for, by their ids.
    """
    card = outgoing.card
    if not isinstance(card, Form):
        return None
    errors = {field.id: clip(field.error, ERROR) for field in card.fields if field.error}
    if errors and {field.id for field in card.fields} == set(asked):
        return {"response_action": "errors", "errors": errors}
    view = window(outgoing)
    return {"response_action": "update", "view": view} if view else None


def kept_open(said: str, asked: Mapping[str, object]) -> View | None:
    """The window stays, with all that was written in it, and says why."""
    for field in asked:
        return {"response_action": "errors", "errors": {field: clip(said, ERROR)}}
    return None
