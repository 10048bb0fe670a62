"""A form's questions as the inputs of an Adaptive Card. Pure."""

from collections.abc import Iterator
from typing import Any, assert_never

from adapters.teams.words import block, clip, defused
from bot.core.markup import Run
from bot.core.message import Field

Element = dict[str, Any]

LABEL, HINT, OPTION, OPTIONS, WRITTEN = 150, 300, 75, 100, 2_000
SHOWN = 5
"""So many options are all shown; more of them are folded into a list."""


def input_of(field: Field) -> Iterator[Element]:
    """The question, and beside it what was wrong with the answer, and what helps to answer it."""
    yield {"id": field.id, "label": clip(field.label, LABEL), **_asked(field)}
    if field.error:
        yield _beside(field.error, color="attention")
    if field.hint:
        yield _beside(field.hint, size="small", isSubtle=True)


def _beside(text: str, **looks: Any) -> Element:
    return {**block([Run(clip(text, HINT))], **looks), "spacing": "small"}


def _asked(field: Field) -> Element:
    match field.kind:
        case "choice":
            few = len(field.options) <= SHOWN
            return _choices(field, field.value, "expanded" if few else "compact")
        case "many":
            several = ",".join(field.value.split())
            return {**_choices(field, several, "expanded"), "isMultiSelect": True}
        case "text" | "lines":
            longest = min(field.longest, WRITTEN)
            lines = {"isMultiline": True} if field.kind == "lines" else {}
            return {
                "type": "Input.Text",
                "maxLength": longest,
                **lines,
                **_value(field.value[:longest]),
            }
        case "account":
            return {
                "type": "Input.Text",
                "style": "email",
                "maxLength": min(field.longest, WRITTEN),
                **_value(field.value),
            }
        case "time":
            return {"type": "Input.Time", **_value(field.value)}
        case "date":
            return {"type": "Input.Date", **_value(field.value)}
        case _:
            assert_never(field.kind)


def _choices(field: Field, chosen: str, style: str) -> Element:
    options = [
        {"title": defused(clip(option.label, OPTION)), "value": option.id}
        for option in field.options[:OPTIONS]
    ]
    asked = {"type": "Input.ChoiceSet", "style": style, "wrap": True, "choices": options}
    return asked | _value(chosen)


def _value(value: str) -> Element:
    """No value at all where there is none: some clients show an empty one as an answer."""
    return {"value": value} if value else {}
