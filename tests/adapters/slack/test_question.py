"""The fields of a form: asked as Slack asks, and read back as they were answered."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.fields import MalformedError
from adapters.slack.question import question, values
from bot.core.message import Field, Option
from tests.standin_slack import elements, payloads
from tests.standin_slack.world import Shown

DAYS = tuple(Option(str(n), f"Dag {n}") for n in range(1, 8))
LETTERS = tuple(Option(each, each.upper()) for each in "abcdefghijkl")
FIELDS = (
    Field("one", "En", DAYS, "2"),
    Field("few", "Några", DAYS, "1 5", kind="many"),
    Field("many", "Många", LETTERS, "a l", kind="many"),
    Field("word", "Ord", value="<tyst> & lugnt", kind="text", longest=40),
    Field("lines", "Rader", value="en\ntvå", kind="lines"),
    Field("time", "Tid", value="08:30", kind="time"),
    Field("date", "Dag", value="2026-12-24", kind="date"),
    Field("who", "Vem", value="U0BO00001", kind="account"),
)


def filled(field: Field, given: str | None = None) -> dict[str, str]:
    block = question(field, "card")
    elements.element(block["element"], "element", elements.INPUTS)
    card = Shown("D1", "1.0", "x", [block])
    state = payloads.state(card, {} if given is None else {field.id: given})
    return values({"values": state})


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.id)
def test_what_stands_there_comes_back(field: Field) -> None:
    """A form that is sent as it was shown gives the values it was shown with."""
    assert filled(field) == {field.id: field.value}


@pytest.mark.parametrize(
    ("number", "given", "value"),
    [
        (0, "Dag 7", "7"),
        (1, "Dag 1|Dag 2", "1 2"),
        (1, "", ""),
        (2, "B|C", "b c"),
        (3, "  nytt ", "nytt"),
        (3, "", ""),
        (5, "23:59", "23:59"),
        (6, "2027-01-01", "2027-01-01"),
        (7, "W0EVA0001", "W0EVA0001"),
    ],
)
def test_what_is_answered_comes_back(number: int, given: str, value: str) -> None:
    """Each kind of answer comes back as `FieldKind` says."""
    assert filled(FIELDS[number], given) == {FIELDS[number].id: value}


@pytest.mark.parametrize("field", FIELDS[1:], ids=lambda field: field.id)
def test_an_empty_field_is_asked(field: Field) -> None:
    """A field without an answer is within Slack's limits, and comes back empty."""
    assert filled(replace(field, value="", optional=True)) == {field.id: ""}


def test_what_is_no_person_is_not_chosen() -> None:
    """An account that Slack does not know would make it refuse the whole form."""
    assert "initial_user" not in question(replace(FIELDS[7], value="eva"), "card")["element"]


@pytest.mark.parametrize(
    "element",
    [
        {"type": "checkboxes", "selected_options": "a"},
        {"type": "checkboxes", "selected_options": [1]},
        {"type": "multi_static_select", "selected_options": [{"value": 1}]},
        {"type": "plain_text_input", "value": 7},
        {"type": "timepicker", "selected_time": []},
        {"type": "datepicker", "selected_date": {}},
        {"type": "users_select", "selected_user": ["U1"]},
    ],
)
def test_another_shape_is_refused(element: dict[str, Any]) -> None:
    """An answer of another type than Slack describes is no answer."""
    with pytest.raises(MalformedError):
        values({"values": {"f": {"a": element}}})
