"""What a button carries comes back as the same press, and what a client makes up is nothing."""

import pytest

from adapters.teams.press import data_of, pressed_of
from bot.core.message import Choice, Field
from bot.core.turn import Pressed

CHOICE = Choice("tok-1", "Spara")
FIELDS = (
    Field("motion", "Bilder", (), "", kind="choice"),
    Field("days", "Dagar", (), "", kind="many"),
    Field("line", "En rad", (), "", kind="text"),
)


def test_a_choice_comes_back() -> None:
    """A button without questions is a press alone."""
    assert pressed_of(data_of(CHOICE)) == Pressed("tok-1")


def test_answers_come_back() -> None:
    """What stands in the inputs comes with the button that sends, as fields have it."""
    data = {**data_of(CHOICE, FIELDS), "motion": "still", "days": "mon,wed", "line": "a,b"}
    assert pressed_of(data) == Pressed(
        "tok-1", {"motion": "still", "days": "mon wed", "line": "a,b"}
    )


def test_inputs_left_empty_are_empty_answers() -> None:
    """Teams leaves out what nobody filled in: the form is sent all the same."""
    assert pressed_of(data_of(CHOICE, FIELDS)) == Pressed(
        "tok-1", {"motion": "", "days": "", "line": ""}
    )


@pytest.mark.parametrize("data", [{}, {"token": 1}, {"token": None}, {"token": ["x"]}])
def test_what_no_button_carries(data: dict[str, object]) -> None:
    """Without a token there was no press."""
    assert pressed_of(data) is None


@pytest.mark.parametrize("value", [1, None, True, ["a"], {"b": "c"}])
def test_answers_that_are_no_text(value: object) -> None:
    """An answer of another kind than Teams sends is none."""
    pressed = pressed_of({**data_of(CHOICE, FIELDS), "motion": value})
    assert pressed
    assert pressed.values
    assert pressed.values["motion"] == ""


def test_fields_that_are_no_fields() -> None:
    """A list of fields that is none makes a press without answers."""
    assert pressed_of({"token": "tok-1", "fields": ["motion"]}) == Pressed("tok-1")
