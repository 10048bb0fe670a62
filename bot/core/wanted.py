"""What a person wants to hear: in words, and as text while it may still be taken back."""

import json
from datetime import date, datetime, time
from typing import Any

from bot.core import zone
from bot.core.context import Context
from bot.core.nudge import Hours, Nudges, Slot, zone_named
from bot.core.words import Words

KINDS = ("pause", "home", "question", "fact")
"""What there is to choose among, as in `nudge.Slot`."""
WEEK = range(1, 8)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)


def kinds(context: Context) -> tuple[str, ...]:
    """Those of KINDS that the box has something for."""
    facts = any(slip.kind == "knowledge" for slip in context.exercises.values())
    return KINDS if facts else tuple(kind for kind in KINDS if kind != "fact")


def slot_in_words(words: Words, slot: Slot) -> str:
    """ "En liten paus · 10:00 · mån–fre" """
    return f"{label(words, slot)} · {days_in_words(words, slot.days)}"


def label(words: Words, slot: Slot) -> str:
    """ "En liten paus · 10:00", short enough for a button."""
    return f"{words(f'wanted.{slot.kind}')} · {slot.at:%H:%M}"


def days_in_words(words: Words, days: frozenset[int]) -> str:
    """ "alla dagar"; "mån–fre"; "mån–ons, fre" """
    if len(days) == len(WEEK):
        return words("wanted.every_day")
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(part for run in runs for part in _run(words, run))


def _run(words: Words, run: list[int]) -> list[str]:
    names = [words(f"date.{DAYS[day - 1]}") for day in run]
    return [f"{names[0]}–{names[-1]}"] if len(run) > 2 else names


def day_in_words(words: Words, day: date) -> str:
    """ "7 januari", "7 January" """
    return words("date.day", day=str(day.day), month=words(f"date.{MONTHS[day.month - 1]}"))


def time_in_words(words: Words, at: datetime, now: datetime) -> str:
    """ "14:30", "i morgon 14:30". Both aware, in the same zone, at most a day apart."""
    time = f"{at:%H:%M}"
    key = "wanted.today" if at.date() == now.date() else "wanted.tomorrow"
    return words(key, time=time)


def in_words(nudges: Nudges, context: Context) -> str:
    """Each time on a line of its own, then all that holds them back."""
    words = context.words
    slots = "\n".join(f"• {slot_in_words(words, slot)}" for slot in nudges.slots)
    bounds = [words.count("wanted.most", nudges.most)]
    if nudges.hours:
        bounds.append(words("wanted.hours", hours=hours_in_words(nudges.hours)))
    bounds.append(words("wanted.zone", place=zone.named(zone_named(nudges.zone), words)))
    bounds.append(words("wanted.red_days"))
    parts = [words("wanted.listen"), slots, " ".join(bounds), _silence(nudges, context)]
    if _too_many(nudges):
        parts.append(words("wanted.too_many"))
    return "\n\n".join(part for part in parts if part)


def hours_in_words(hours: Hours) -> str:
    return f"{hours.begins:%H:%M}–{hours.ends:%H:%M}"


def silent(nudges: Nudges, context: Context) -> bool:
    """Paused, or quiet for today."""
    return bool(_silence(nudges, context))


def _silence(nudges: Nudges, context: Context) -> str:
    today = context.now.astimezone(zone_named(nudges.zone)).date()
    if nudges.paused_until and nudges.paused_until > today:
        day = day_in_words(context.words, nudges.paused_until)
        return context.words("wanted.paused", day=day)
    if nudges.quiet_until and nudges.quiet_until > context.now:
        return context.words("wanted.quiet")
    return ""


def _too_many(nudges: Nudges) -> bool:
    """On some day, more is wished for than is let through."""
    return any(sum(day in slot.days for slot in nudges.slots) > nudges.most for day in WEEK)


def to_text(nudges: Nudges) -> str:
    """Everything, for `from_text`."""
    hours = nudges.hours
    return json.dumps(
        {
            "zone": nudges.zone,
            "slots": [[s.id, s.kind, s.at.isoformat(), sorted(s.days)] for s in nudges.slots],
            "hours": [hours.begins.isoformat(), hours.ends.isoformat()] if hours else None,
            "quiet": nudges.quiet_until.isoformat() if nudges.quiet_until else None,
            "paused": nudges.paused_until.isoformat() if nudges.paused_until else None,
            "most": nudges.most,
            "spoken": {id: at.isoformat() for id, at in nudges.spoken.items()},
        }
    )


def from_text(text: str) -> Nudges:
    """What `to_text` wrote."""
    kept: dict[str, Any] = json.loads(text)
    return Nudges(
        kept["zone"],
        tuple(
            Slot(id, kind, time.fromisoformat(at), frozenset(days))
            for id, kind, at, days in kept["slots"]
        ),
        Hours(*map(time.fromisoformat, kept["hours"])) if kept["hours"] else None,
        datetime.fromisoformat(kept["quiet"]) if kept["quiet"] else None,
        date.fromisoformat(kept["paused"]) if kept["paused"] else None,
        kept["most"],
        {id: datetime.fromisoformat(at) for id, at in kept["spoken"].items()},
    )
