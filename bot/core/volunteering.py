"""What somebody answers who says yes to being asked for company: called what, and when."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time

from bot.core import safety
from bot.core.card import choices
from bot.core.colleague import Colleague
from bot.core.context import Context
from bot.core.form import again, clock, day
from bot.core.message import Field, FieldKind, Form

LONGEST_NAME = 24
"""A button is no longer."""
USUAL = (time(8), time(17))
FIELDS: Mapping[str, FieldKind] = {
    "name": "text",
    "first": "time",
    "last": "time",
    "until": "date",
}
Values = Mapping[str, str]


def answers(context: Context, mine: Colleague | None) -> Values:
    """What a form begins with. mine: as it is until now."""
    name, (first, last), until = context.called[:LONGEST_NAME], USUAL, ""
    if mine:
        name, first, last = mine.name, mine.first, mine.last
        until = mine.paused_until.isoformat() if mine.paused_until else ""
    return {"name": name, "first": f"{first:%H:%M}", "last": f"{last:%H:%M}", "until": until}


def faults(context: Context, values: Values) -> Mapping[str, str]:
    """Field -> the key of what is wrong with it."""
    name, until = _name(values), values.get("until", "")
    first, last = clock(values.get("first", "")), clock(values.get("last", ""))
    wrong: dict[str, str] = {}
    if not name or safety.client_data(name, context.library.lexicons.values()):
        wrong["name"] = "colleague.no_name"
    if first is None:
        wrong["first"] = "colleague.no_time"
    if last is None:
        wrong["last"] = "colleague.no_time"
    elif first is not None and first >= last:
        wrong["last"] = "colleague.too_early"
    if until and day(until) is None:
        wrong["until"] = "colleague.no_day"
    return wrong


def made(context: Context, values: Values) -> Colleague | None:
    """None where something is wrong. A day that is over pauses nothing."""
    first, last = clock(values.get("first", "")), clock(values.get("last", ""))
    if faults(context, values) or first is None or last is None:
        return None
    until = day(values.get("until", ""))
    zone, language = context.zone.key, context.language
    mine = Colleague(context.me, _name(values), language, zone, first, last)
    return replace(mine, paused_until=_later(context, until))


def _later(context: Context, until: date | None) -> date | None:
    return until if until and until > context.local_now.date() else None


def _name(values: Values) -> str:
    return " ".join(values.get("name", "").replace("*", " ").split())[:LONGEST_NAME].strip()


def form(context: Context, title: str, values: Values, *, checked: bool) -> Form:
    """checked: what is wrong is said beside its field. Its first choice is "save"."""
    words = context.words
    wrong = faults(context, values) if checked else dict[str, str]()
    shown = {id: again(values.get(id, "")) for id in FIELDS}
    shown["name"] = "" if "name" in wrong else _name(values)
    fields = tuple(
        Field(
            id,
            words(f"colleague.{id}"),
            value=shown[id],
            error=words(wrong[id]) if id in wrong else "",
            kind=kind,
            optional=id == "until",
            longest=LONGEST_NAME,
            hint=words("colleague.hint") if id == "name" else "",
        )
        for id, kind in FIELDS.items()
    )
    return Form(title, words("colleague.when"), fields, choices(words, "colleague", "save", "keep"))


def in_words(context: Context, mine: Colleague, told: str) -> str:
    """told: a key that says when *mine* can be asked, and as what."""
    words = context.words
    first, last = f"{mine.first:%H:%M}", f"{mine.last:%H:%M}"
    said = words(told, name=mine.name, first=first, last=last)
    if mine.paused_until and mine.paused_until > context.local_now.date():
        said = f"{said} {words('colleague.paused', day=mine.paused_until.isoformat())}"
    return f"{said}\n\n{words('colleague.who_sees')}"
