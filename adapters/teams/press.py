"""What a button carries, and what comes back when it is pressed. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from adapters.fields import clean
from bot.core.message import Choice, Field
from bot.core.turn import Pressed

VERB = "landa"
"""Of every Action.Execute: there is only one thing a button can mean."""
TOKEN, FIELDS = "token", "fields"
"""Teams puts the inputs' values beside these two, so no field may have their names."""


def data_of(choice: Choice, fields: Iterable[Field] = ()) -> dict[str, Any]:
    """fields: those that the choice sends, each with its kind: inputs left empty do not come."""
    sent = {field.id: field.kind for field in fields}
    return {TOKEN: choice.id, **({FIELDS: sent} if sent else {})}


def pressed_of(data: Mapping[str, object]) -> Pressed | None:
    """What was pressed; None for what no button of ours carries. All of *data* is the client's."""
    token, fields = data.get(TOKEN), data.get(FIELDS)
    if not isinstance(token, str):
        return None
    if not isinstance(fields, dict):
        return Pressed(clean(token))
    kinds = cast("Mapping[str, object]", fields)
    answers = {clean(id): _value(data.get(id), kind) for id, kind in kinds.items()}
    return Pressed(clean(token), answers)


def _value(value: object, kind: object) -> str:
    """An answer as a field has it: Teams parts several by commas, Landa by spaces."""
    if not isinstance(value, str):
        return ""
    return " ".join(filter(None, clean(value).split(","))) if kind == "many" else clean(value)
