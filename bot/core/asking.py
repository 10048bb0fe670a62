"""The question that a lead asks a team: what may be asked, how it looks to all, and when it comes.

What a lead has written themselves travels with its own buttons, sealed by them: nothing is kept.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Literal

from bot.core import agreed, deck, plain, safety
from bot.core.context import Context
from bot.core.exercise import Exercise
from bot.core.form import clock
from bot.core.lexicon import visible
from bot.core.message import Choice, Message, Signed
from bot.core.nudge import MOST_A_DAY, Slot, next_due
from bot.core.team import Team, Weekly
from bot.core.words import Words

DECKS = ("question", "pride", "work")
"""Kinds of slips that a team can talk about."""
SLOT, KIND = "question", "question"
LONGEST = 200
USUAL_DAY, PRIDE_DAY, USUAL_TIME = 1, 5, time(8, 45)
OWN = "="
"""Begins what stands for a question in a lead's own words, where else the id of a slip stands."""
ANSWER = "asked"
"""The flow of whoever presses the card."""
_SITE = re.compile(r"(?i)\b[\w-]+\.(?:se|com|org|nu|net|eu|io)\b")
"""Only endings that are common here: somebody may forget the space after a full stop."""

Fault = Literal["empty", "long", "client", "link", "event", "words"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. deck: as in `Weekly`. own: in a lead's own words; slip: its id, otherwise."""

    deck: str = "question"
    slip: str = ""
    own: str = ""

    @property
    def named(self) -> str:
        """What stands for it in the id of a choice."""
        if not self.own:
            return self.slip
        return OWN + urlsafe_b64encode(self.own.encode()).decode().rstrip("=")


def named(name: str) -> Question:
    """The question behind `Question.named`; an empty one where there is none."""
    if not name.startswith(OWN):
        return Question(slip=name)
    packed = name.removeprefix(OWN)
    try:
        own = urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    except ValueError:
        return Question()
    return Question(own=own)


def fault(context: Context, text: str) -> Fault | None:
    """Why a lead's own words cannot be asked."""
    lexicons, words = tuple(context.library.lexicons.values()), tidy(text)
    if not words:
        return "empty"
    if len(words) > LONGEST:
        return "long"
    if safety.client_data(words, lexicons):
        return "client"
    if plain.call(words) or plain.address(words) or _SITE.search(words):
        return "link"
    if any(True for each in lexicons for _ in each.found(words, each.event)):
        return "event"
    if any(True for each in lexicons for _ in each.found(words, each.forbidden)):
        return "words"
    return None


def tidy(text: str) -> str:
    """Somebody's own words as all will see them: without what cannot be seen."""
    return visible(text).strip()


def text_of(context: Context, question: Question, language: str) -> str | None:
    """The words of *question*; None when its slip is gone."""
    if question.own:
        return question.own
    slip = context.library.exercises[language].get(question.slip)
    return told(slip) if slip and slip.kind in DECKS else None


def told(slip: Exercise) -> str:
    return "\n\n".join(step.text for step in slip.steps)


def card(context: Context, question: Question, by: str, *, first: bool = False) -> Message | None:
    """As all in the channel see it. None when its slip is gone.

    first  who asks sees it before all others do.
    """
    language = context.team.language if context.team else context.language
    words, text = context.library.words[language], text_of(context, question, language)
    if text is None:
        return None
    slip = context.library.exercises[language].get(question.slip)
    kind = slip.kind if slip else question.deck
    how = words("asked.how")
    alone = Choice(f"{ANSWER}/alone/{question.named}", words("asked.alone"))
    put = f"{ANSWER}/{'first' if first else 'put'}/{question.named}"
    keep = Choice(put, words("asked.put"), quiet=True, spoken=words("asked.put_spoken"))
    return Message(
        text,
        (alone, keep) if question.own else (alone,),
        words(f"asked.title_{kind}"),
        f"{words('asked.nameless')} {how}" if kind == "pride" else how,
        preview=words("card.preview"),
        standing=True,
        signed=Signed(words("asked.from"), by),
    )


def due(context: Context) -> Message | None:
    """The card of this week. None: there is nothing to ask."""
    team = context.team
    weekly = team.weekly if team else None
    if team is None or weekly is None or not weekly.by:
        return None
    if not weekly.deck:
        return card(context, Question(slip=weekly.slip, own=weekly.text), weekly.by)
    slip = _of_week(context, team, weekly)
    return card(context, Question(weekly.deck, slip.id), weekly.by) if slip else None


def _of_week(context: Context, team: Team, weekly: Weekly) -> Exercise | None:
    """One a week until the deck is empty. Nothing is kept of it: all weeks are drawn anew."""
    known = context.library.exercises[team.language]
    box = {weekly.deck: [id for id, slip in known.items() if slip.kind == weekly.deck]}
    weeks = (context.local_now.date() - weekly.since).days // 7
    piles: deck.Piles = {}
    drawn: tuple[str, ...] = ()
    for _ in range(weeks + 1):
        begun = deck.number(context.here, weekly.since.isoformat())
        drawn, piles = deck.draw(box, piles, begun, 1)
    return known[drawn[0]] if drawn else None


def usual(question: Question) -> Mapping[str, str]:
    """What the form of a weekly question begins with."""
    day = PRIDE_DAY if question.deck == "pride" else USUAL_DAY
    return {
        "day": str(day),
        "time": f"{USUAL_TIME:%H:%M}",
        "which": "same" if question.own else "new",
    }


def faults(question: Question, values: Mapping[str, str]) -> frozenset[str]:
    """The fields whose answers cannot be used."""
    found = {id for id, known in (("day", agreed.WEEK), ("which", ("new", "same")))
             if values.get(id) not in known}  # fmt: skip
    if question.own:
        found.discard("which")
    if clock(values.get("time", "")) is None:
        found.add("time")
    return frozenset(found)


def planned(context: Context, team: Team, question: Question, values: Mapping[str, str]) -> Team:
    """*team* with *question* every week, as *values*, which have no faults, want it."""
    at = clock(values["time"]) or USUAL_TIME
    new = values.get("which") == "new" and not question.own
    weekly = Weekly(
        int(values["day"]),
        at,
        context.local_now.date(),
        context.name,
        question.deck if new else "",
        "" if new else question.slip,
        question.own,
        context.me,
    )
    return slotted(replace(team, weekly=weekly))


def taken_on(context: Context, team: Team) -> Team:
    """*team* so that its question comes again; in this lead's name where it has lost its own."""
    weekly = team.weekly
    if weekly and not weekly.by:
        weekly = replace(weekly, by=context.name, lead=context.me)
    return slotted(replace(team, weekly=weekly))


def slotted(team: Team) -> Team:
    """*team* so that its weekly question comes, beside all else that it wants."""
    weekly, nudges = team.weekly, rested(team).nudges
    if weekly is None:
        return team
    slots = (*nudges.slots, Slot(SLOT, KIND, weekly.at, frozenset({weekly.day})))
    most = min(MOST_A_DAY, max(nudges.most, len(slots)))
    return replace(team, nudges=replace(nudges, slots=slots, most=most))


def rested(team: Team) -> Team:
    """*team* without the time of its question."""
    slots = tuple(slot for slot in team.nudges.slots if slot.id != SLOT)
    return replace(team, nudges=replace(team.nudges, slots=slots))


def rests(team: Team) -> bool:
    return team.nudges.slot(SLOT) is None or team.weekly is None or not team.weekly.by


def when(words: Words, weekly: Weekly) -> Mapping[str, str]:
    return {"days": agreed.days(words, frozenset({weekly.day})), "time": f"{weekly.at:%H:%M}"}


def first(context: Context, team: Team) -> datetime | None:
    """When it comes next, in the person's zone; red days are passed over."""
    slot = None if rests(team) else team.nudges.slot(SLOT)
    at = next_due(team.nudges, slot, context.now, context.off) if slot else None
    return at.astimezone(context.zone) if at else None
