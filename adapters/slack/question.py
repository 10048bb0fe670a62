"""One field of a form as Slack asks it, and the answer as Slack gives it back.

Limits: docs.slack.dev, read 2026-11; lengths in code points.
"""

import re
from collections.abc import Iterator
from typing import Any, assert_never, cast

from adapters.slack.fields import Body, MalformedError, clean, mapping, plain, text_of
from bot.core.message import Field

Block = dict[str, Any]

LABEL = 2_000
OPTIONS = 100
OPTION = 75
BOXES = 10
PERSON = re.compile(r"[UW][A-Z0-9]{1,30}")
WRITTEN = 3_000


def question(field: Field, id: str) -> Block:
    """An input block. id: of the card; names the element anew for each card.

    Slack's clients keep what was chosen under an id they have seen, and would show that rather
    than the value of this card.
    """
    block: Block = {
        "type": "input",
        "block_id": field.id,
        "label": plain_text(field.label, LABEL),
        "element": {**_element(field), "action_id": f"{field.id}-{id}"},
    }
    if field.optional:
        block["optional"] = True
    if field.hint:
        block["hint"] = plain_text(field.hint, LABEL)
    return block


def _element(field: Field) -> Block:
    value = field.value
    match field.kind:
        case "choice":
            return {"type": "static_select", **_offered(field, "initial_option")}
        case "many":
            few = len(field.options) <= BOXES
            kind = "checkboxes" if few else "multi_static_select"
            return {"type": kind, **_offered(field, "initial_options")}
        case "text" | "lines":
            longest = min(field.longest, WRITTEN)
            written = {"initial_value": clip(value, longest)} if value else {}
            many = field.kind == "lines"
            return {"type": "plain_text_input", "multiline": many, "max_length": longest, **written}
        case "time":
            return {"type": "timepicker", **({"initial_time": value} if value else {})}
        case "date":
            return {"type": "datepicker", **({"initial_date": value} if value else {})}
        case "account":
            return {
                "type": "users_select",
                **({"initial_user": value} if PERSON.fullmatch(value) else {}),
            }
        case _:
            assert_never(field.kind)


def _offered(field: Field, initial: str) -> Block:
    options = {
        option.id: {"text": plain_text(option.label, OPTION), "value": option.id}
        for option in field.options[:OPTIONS]
    }
    element: Block = {"options": [*options.values()]}
    ids = [field.value] if field.kind == "choice" else field.value.split()
    chosen = [options[id] for id in ids if id in options]
    if chosen:
        element[initial] = chosen[0] if field.kind == "choice" else chosen
    return element


def answered(field: Field) -> str:
    """The question with its answer so far, as one line."""
    ids = field.value.split() if field.kind == "many" else [field.value]
    chosen = [option.label for option in field.options if option.id in ids]
    given = ", ".join(chosen) if field.options else field.value
    said = f"{field.label}: {given}" if given else field.label
    return said + (f" ({field.error})" if field.error else "")


def values(state: object) -> dict[str, str]:
    """Field id -> answer, of a card's or a view's state.

    raises  MalformedError
    """
    found: dict[str, str] = {}
    for field, elements in mapping(mapping(state, "state").get("values"), "values").items():
        for element in mapping(elements, "values").values():
            answer = _answer(mapping(element, "values"))
            if answer is not None:
                found[clean(field)] = answer
    return found


def _answer(element: Body) -> str | None:
    """None where nothing has been answered."""
    match element.get("type"):
        case "checkboxes" | "multi_static_select":
            return " ".join(_chosen(element))
        case "plain_text_input":
            return plain(text_of(element, "value")).strip()
        case "timepicker":
            return text_of(element, "selected_time")
        case "datepicker":
            return text_of(element, "selected_date")
        case "users_select":
            return text_of(element, "selected_user")
        case _:
            option = element.get("selected_option")
            return None if option is None else _value(option)


def _chosen(element: Body) -> Iterator[str]:
    chosen = element.get("selected_options")
    if not isinstance(chosen, list):
        raise MalformedError("selected_options")
    options = cast("list[object]", chosen)
    for option in options[:OPTIONS]:
        yield _value(option)


def _value(option: object) -> str:
    return text_of(mapping(option, "selected_option"), "value")


def plain_text(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": clip(text, limit), "emoji": True}


def clip(text: str, limit: int) -> str:
    """At most *limit* long, with an ellipsis where something is lost; no entity is cut in two."""
    if len(text) <= limit:
        return text
    return re.sub(r"&[a-z]*$", "", text[: limit - 1]) + "…"
