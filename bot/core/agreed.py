"""What a team has agreed, in words and as the answers of a form."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta

from bot.core.card import choices
from bot.core.context import Context
from bot.core.message import Field, Form, Message, Option
from bot.core.nudge import Nudges, Slot
from bot.core.team import Team
from bot.core.wanted import day_in_words
from bot.core.words import Words

KINDS = ("breathing", "grounding", "body", "pause", "kindness")
"""Of slips that suit a short pause at work."""
USUAL_KINDS = KINDS[:4]
WORKDAYS = frozenset(range(1, 6))
WEEK = ("1", "2", "3", "4", "5", "6", "7")
USUAL_TIME = time(10)
SLOT, KIND = "pause", "pause"
LONGEST_REST = timedelta(days=366)

Values = Mapping[str, str]
Shown = Message | Form


def usual(context: Context) -> Values:
    """What a form begins with that nobody has filled in."""
    return {
        "time": f"{USUAL_TIME:%H:%M}",
        "days": " ".join(WEEK[:5]),
        "kinds": " ".join(USUAL_KINDS),
        "language": context.language,
    }


def answers(team: Team) -> Values:
    slot = _slot(team)
    return {
        "time": f"{slot.at:%H:%M}",
        "days": " ".join(str(day) for day in sorted(slot.days)),
        "kinds": " ".join(kind for kind in KINDS if kind in team.kinds),
        "language": team.language,
    }


def faults(context: Context, values: Values) -> frozenset[str]:
    """The fields whose answers cannot be used."""
    found = {id for id in ("days", "kinds") if not _many(values.get(id, ""), id)}
    if _time(values) is None:
        found.add("time")
    if values.get("language") not in context.library.words:
        found.add("language")
    return frozenset(found)


def made(context: Context, values: Values) -> Team:
    """The team as *values*, which have no faults, want it; all else as it is."""
    days = frozenset(int(day) for day in _many(values["days"], "days"))
    slot = Slot(SLOT, KIND, _time(values) or USUAL_TIME, days)
    kinds = frozenset(_many(values["kinds"], "kinds"))
    before, language = context.team, values["language"]
    if before is None:
        nudges = Nudges(context.zone.key, (slot,))
        return Team(language, kinds, context.now.date(), nudges)
    others = tuple(each for each in before.nudges.slots if each.id != SLOT)
    nudges = replace(before.nudges, slots=(slot, *others))
    return replace(before, language=language, kinds=kinds, nudges=nudges)


def form(context: Context, values: Values, *, checked: bool) -> Form:
    words = context.words
    wrong = faults(context, values) if checked else frozenset[str]()
    options = {
        "days": tuple(Option(day, words(f"team.day_{day}")) for day in WEEK),
        "kinds": tuple(Option(kind, words(f"team.kind_{kind}")) for kind in KINDS),
        "language": tuple(
            Option(language, lexicon.name) for language, lexicon in context.library.lexicons.items()
        ),
    }
    fields = tuple(
        Field(
            id,
            words(f"team.{id}"),
            options.get(id, ()),
            "" if id in wrong and id == "time" else values.get(id, ""),  # no picker shows it
            words(f"team.wrong_{id}") if id in wrong else "",
            "time" if id == "time" else "choice" if id == "language" else "many",
            hint=words("team.red_days") if id == "days" else "",
        )
        for id in ("time", "days", "kinds", "language")
    )
    buttons = choices(words, "team", "save", "leave")
    return Form(words("team.title"), words("team.form_about"), fields, buttons)


def rest_form(context: Context, values: Values | None = None) -> Form:
    """values: what was answered and cannot be used."""
    words = context.words
    error = words("team.wrong_until") if values is not None else ""
    field = Field("until", words("team.until_field"), (), "", error, "date")
    buttons = choices(words, "team", "until", "leave")
    return Form(words("team.title"), words("team.rest_about"), (field,), buttons)


def day_of(context: Context, values: Values) -> date | None:
    """The day until which it rests: a later one than today, and within LONGEST_REST."""
    today = context.local_now.date()
    try:
        found = date.fromisoformat(values.get("until", ""))
    except ValueError:
        return None
    return found if today < found <= today + LONGEST_REST else None


def line(context: Context, team: Team, name: str) -> Message:
    """One line for all in the channel, in the team's own language."""
    words, slot, until = context.library.words[team.language], _slot(team), team.nudges.paused_until
    when = {"days": days(words, slot.days), "time": f"{slot.at:%H:%M}"}
    day = day_in_words(words, until) if until else ""
    return Message(words(f"team.line_{name}", **when, day=day))


def in_words(context: Context, team: Team) -> str:
    """When it comes, with which slips, and whether it rests."""
    words, slot, until = context.words, _slot(team), team.nudges.paused_until
    kinds = ", ".join(words(f"team.kind_{kind}").lower() for kind in KINDS if kind in team.kinds)
    at = f"{slot.at:%H:%M}"
    parts = [
        words("team.is_set", days=days(words, slot.days), time=at),
        words("team.is_of", kinds=kinds),
    ]
    if until and resting(team, context):
        parts.append(words("team.is_resting", day=day_in_words(words, until)))
    return " ".join(parts)


def days(words: Words, chosen: frozenset[int]) -> str:
    if chosen == WORKDAYS:
        return words("team.workdays")
    if len(chosen) == len(WEEK):
        return words("team.every_day")
    *most, last = (words(f"team.on_{day}") for day in sorted(chosen))
    named = words("team.and", first=", ".join(most), last=last) if most else last
    return words("team.on", days=named)


def resting(team: Team, context: Context) -> bool:
    until = team.nudges.paused_until
    return until is not None and context.local_now.date() < until


def asking(team: Team, context: Context) -> bool:
    """Whether a card in the channel asks who wants to be a lead too."""
    return team.asking is not None and context.now.date() <= team.asking


def _slot(team: Team) -> Slot:
    return team.nudges.slot(SLOT) or Slot(SLOT, KIND, USUAL_TIME, WORKDAYS)


def _many(value: str, id: str) -> list[str]:
    """The options among those chosen, in order; none when one is not known."""
    known, chosen = WEEK if id == "days" else KINDS, value.split()
    if any(each not in known for each in chosen):
        return []
    return [each for each in known if each in chosen]


def _time(values: Values) -> time | None:
    given = values.get("time", "")
    try:
        found = time.fromisoformat(given)
    except ValueError:
        return None
    return found if f"{found:%H:%M}" == given else None
