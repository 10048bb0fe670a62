"""Who may do what: every actor, every verb, everything it is done to; and every effect."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, get_args

import pytest

from bot.core import deck
from bot.core.allow import Actor, Own, Thing, Verb, allow, may
from bot.core.colleague import Colleague, Invitation
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import (
    AddSlip,
    Admit,
    ChangeSlip,
    ClearNudges,
    Dismiss,
    DropSlip,
    Effect,
    EndTeam,
    Finish,
    Forget,
    Inform,
    Invite,
    Keep,
    KeepDrawn,
    KeepMine,
    Pause,
    Post,
    Remind,
    Replace,
    Say,
    SetNudges,
    SetTeam,
    Settle,
    TakeBack,
    Tell,
    Unremind,
    Volunteer,
    Withdraw,
)
from bot.core.engine import respond
from bot.core.errors import NotAllowedError
from bot.core.flow import Flow, Next, Reply
from bot.core.library import Library
from bot.core.message import Message
from bot.core.mine import Mine
from bot.core.nudge import Nudges
from bot.core.right import right
from bot.core.team import OwnSlip, Team
from bot.core.turn import Picked, Turn

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY = NOW.date()
LEAD, MEMBER, OTHER = "a1", "b2", "c3"
NUDGES = Nudges("Europe/Stockholm")
LATELY, LONG_AGO = date(2026, 9, 26), date(2026, 9, 25)


def verbs(kind: Any) -> Iterator[Verb]:
    """All that a `Literal`, or several of them, name."""
    for each in get_args(kind):
        yield from (each,) if isinstance(each, str) else verbs(each)  # type: ignore[misc]


VERBS, OWN = frozenset(verbs(Verb)), frozenset(verbs(Own))


def team(*leads: str, acted: date = LATELY, asking: date | None = None, boss: str = "") -> Team:
    return Team("sv", frozenset({"pause"}), acted, NUDGES, frozenset(leads), asking, boss=boss)


QUESTION = OwnSlip(
    f"{deck.number('place', 'Vad ger luft?'):016x}", "question", "Vad ger luft?", 60, approved=True
)
SLIP = OwnSlip("0" * 16, "question", "Vad ger luft?", 60, author=MEMBER)
COLLEAGUE = Colleague(OTHER, "Bo", "sv", "UTC", time(8), time(17))
INVITATION = Invitation("0" * 32, "asked", "Bo", "sv")
AMONG = {"speak", "volunteer", "choose"}
SEES = {"see", "write", "draw"}
LEADS = {*SEES, "change", "rest", "end", "ask", "post", "name"}
NOBODY = team()

Row = tuple[str, str, Thing, set[str]]
TABLE: list[Row] = [
    ("nothing is set up", MEMBER, None, {"see", "begin"}),
    ("a lead", LEAD, team(LEAD), LEADS),
    ("one lead of two", LEAD, team(LEAD, MEMBER), LEADS),
    ("a lead who was away for long", LEAD, team(LEAD, acted=LONG_AGO), LEADS),
    ("a lead while more are asked for", LEAD, team(LEAD, asking=TODAY), LEADS),
    ("a member", MEMBER, team(LEAD), SEES),
    ("a member while more are asked for", MEMBER, team(LEAD, asking=TODAY), {*SEES, "join"}),
    ("a day too late", MEMBER, team(LEAD, asking=date(2026, 11, 23)), SEES),
    ("a member of an abandoned team", MEMBER, team(LEAD, acted=LONG_AGO), {*SEES, "take_over"}),
    ("all leads have left, lately", MEMBER, team(), SEES),
    ("all leads have left, long ago", MEMBER, team(acted=LONG_AGO), {*SEES, "take_over"}),
    ("a lead of another team", OTHER, team(LEAD), SEES),
    ("who wrote a slip", MEMBER, SLIP, {"take_back"}),
    ("somebody else in the team", OTHER, SLIP, {"approve"}),
    ("a lead, and a slip", LEAD, SLIP, {"approve", "take_back"}),
    ("a lead who wrote it", LEAD, replace(SLIP, author=LEAD), {"take_back"}),
    ("who wrote one that is in the box", MEMBER, replace(SLIP, approved=True), {"take_back"}),
    ("a slip that is in the box", OTHER, replace(SLIP, approved=True), set()),
    ("a slip whose author is forgotten", OTHER, replace(SLIP, author=""), {"approve"}),
    ("somebody who can be asked", MEMBER, COLLEAGUE, {"invite", "inform"}),
    ("oneself", OTHER, COLLEAGUE, {"resign"}),
    ("where a boss was named", MEMBER, team(LEAD, boss="U1"), {*SEES, "accept"}),
    ("a lead who was named", LEAD, team(LEAD, boss="U1"), {*LEADS, "accept"}),
    ("after their hours", MEMBER, replace(COLLEAGUE, last=time(9)), {"inform"}),
    ("while they pause", MEMBER, replace(COLLEAGUE, paused_until=date(2026, 11, 25)), {"inform"}),
    ("who is asked", MEMBER, INVITATION, {"answer"}),
    ("who is asked, once more", MEMBER, replace(INVITATION, answered=True), set()),
    ("who asks", MEMBER, replace(INVITATION, part="asker"), {"call_off"}),
    ("who asked, after a no", MEMBER, replace(INVITATION, part="asker", answered=True),
     {"call_off"}),
]  # fmt: skip
ELSEWHERE: list[Row] = [
    ("nothing is set up", MEMBER, None, set()),
    ("a lead in a talk with Landa alone", LEAD, team(LEAD, asking=TODAY, acted=LONG_AGO), set()),
    ("who wrote a slip", MEMBER, SLIP, set()),
    ("somebody who can be asked", MEMBER, COLLEAGUE, set()),
    ("who is asked, in their own chat", MEMBER, INVITATION, {"answer"}),
    ("who asks, in their own chat", MEMBER, replace(INVITATION, part="asker"), {"call_off"}),
]


def actor(me: str, thing: Thing, *, here: bool, takeover: int | None = 60) -> Actor:
    leads = me in thing.leads if isinstance(thing, Team) else me == LEAD
    return Actor(me, here, leads, NOW, takeover)


def allowed(who: Actor, thing: Thing) -> set[str]:
    return {verb for verb in VERBS if allow(who, verb, thing)}


def named(table: list[Row]) -> list[Any]:
    return [pytest.param(*row, id=name) for name, *row in table]


@pytest.mark.parametrize(("me", "thing", "expected"), named(TABLE))
def test_every_verb(me: str, thing: Thing, expected: set[str]) -> None:
    """In a team's place, exactly the verbs of the table are allowed, besides one's own and what
    whoever stands there may."""
    assert allowed(actor(me, thing, here=True), thing) == {*OWN, *AMONG, *expected}


@pytest.mark.parametrize(("me", "thing", "expected"), named(ELSEWHERE))
def test_outside_a_team(me: str, thing: Thing, expected: set[str]) -> None:
    """In a talk with Landa alone there is no team, whoever one is: only one's own is left, and a
    question for company that one has a part in."""
    assert allowed(actor(me, thing, here=False), thing) == {*OWN, *expected}


def test_where_nothing_is_taken_over() -> None:
    """Where the operator says so, an abandoned team stays with its leads."""
    left = team(acted=LONG_AGO)
    assert allowed(actor(MEMBER, left, here=True, takeover=None), left) == {*OWN, *AMONG, *SEES}


@pytest.mark.parametrize(
    ("account", "named", "expected"),
    [
        ("U1", "U1", True),
        ("U2", "U1", False),
        ("", "eva@example.org", True),  # no platform tells; the channel sees who it was
        ("U1", "", False),
        ("", "", False),
    ],
)
def test_only_who_was_named_accepts(account: str, named: str, expected: bool) -> None:
    """Nobody says yes in the boss's place where the platform can tell, nor where none is named."""
    there = team(LEAD, boss=named)
    for me in (LEAD, MEMBER):
        who = replace(actor(me, there, here=True), account=account)
        assert allow(who, "accept", there) == expected
        assert not allow(who, "accept", None)
    assert not allow(Actor("", True, False, NOW, 60, account), "accept", there)


def without_a_row(some: Iterable[str], table: list[Row]) -> set[str]:
    """Verbs that no row of *table* allows, though they may be refused; `appoint` nobody may."""
    given = {*OWN, *AMONG, "appoint", *(verb for *_, expected in table for verb in expected)}
    return set(some) - given


def test_every_verb_has_a_row() -> None:
    """No verb is in no row: a new one without any is found."""
    assert without_a_row(VERBS, TABLE) == set()
    assert without_a_row({*VERBS, "promote"}, TABLE) == {"promote"}


def test_an_unknown_verb_is_no_verb() -> None:
    """What is not in the table is a fault of ours, and never a yes."""
    new: Any = "promote"
    with pytest.raises(AssertionError):
        allow(actor(LEAD, team(LEAD), here=True), new, team(LEAD))


def context(library: Library, me: str = MEMBER, **seen: Any) -> Context:
    usual = {"here": "place", "team": replace(team(LEAD), slips=(SLIP,))}
    return Context(NOW, library, "sv", me=me, **{**usual, **seen})


@dataclass(frozen=True)
class Says:
    """A flow that wants *effect*, whoever it is that asks for it."""

    effect: Any

    def start(self, context: Context, data: Mapping[str, str]) -> Next:
        return Reply("", (self.effect,))

    def respond(self, conversation: Conversation, turn: Turn, context: Context) -> Next:
        return Reply("", (self.effect,))


def said(effect: Any, seen: Context) -> tuple[Effect, ...]:
    """What comes of it on the way of every turn."""
    flow = Says(effect)
    flows = {"rogue": Flow("rogue", flow.start, flow.respond)}
    return respond(Conversation(), Picked("rogue"), seen, flows).effects


CARD = Message("Hej.")
CHANGED = replace(team(LEAD), language="en")
ALWAYS: tuple[Effect, ...] = (
    *(
        Say(CARD),
        Replace(CARD),
        Finish(CARD, {}),
        Pause(60),
        Keep({"language": "sv"}),
        KeepMine(Mine()),
    ),
    *(Admit(), Settle(), Forget(), SetNudges(NUDGES), ClearNudges(), Remind("after", "land", NOW)),
    *(Unremind("after"), Withdraw(everywhere=True)),
)
ALONE: dict[str, Any] = {"me": "", "here": "", "team": None}
ROSTER = {"colleagues": (COLLEAGUE,)}
BOSS = replace(COLLEAGUE, boss=True, account="U1")
NAMED = team(LEAD, boss="U1")
ASKER = replace(INVITATION, part="asker")
Case = tuple[Effect, dict[str, Any], dict[str, Any]]
SOMETIMES: list[Case] = [
    (SetTeam(team(MEMBER)), {"team": None}, ALONE),
    (SetTeam(team(OTHER)), {}, {"team": None}),
    (SetTeam(CHANGED), {"me": LEAD, "team": team(LEAD)}, {}),
    (SetTeam(CHANGED), {"me": LEAD, "team": team(LEAD)}, {"me": OTHER}),
    (SetTeam(team(LEAD, MEMBER)), {"team": team(LEAD, asking=TODAY)}, {"team": team(LEAD)}),
    (SetTeam(team(LEAD, MEMBER)), {"team": team(LEAD, acted=LONG_AGO)}, {"team": team(LEAD)}),
    (SetTeam(team(LEAD, OTHER)), {}, {"me": LEAD, "team": team(LEAD)}),
    (SetTeam(team(MEMBER)), {}, {"team": team(LEAD, MEMBER)}),
    (EndTeam(), {"me": LEAD}, {}),
    (Post(CARD, "sv"), {}, ALONE),
    (AddSlip(SLIP), {}, {"team": None}),
    (AddSlip(replace(SLIP, approved=True)), {}, {"me": LEAD, "team": team(LEAD)}),
    (AddSlip(QUESTION), {"team": team(LEAD)}, {"team": None}),
    (AddSlip(replace(QUESTION, text="En annan")), {}, {"me": LEAD, "team": team(LEAD)}),
    (DropSlip(QUESTION.id), {"me": OTHER, "team": replace(team(LEAD), slips=(QUESTION,))}, ALONE),
    (KeepDrawn({}), {}, {"team": None}),
    (ChangeSlip(replace(SLIP, approved=True)), {"me": OTHER}, {}),
    (ChangeSlip(replace(SLIP, id="1" * 16)), {}, {"me": OTHER}),
    (DropSlip(SLIP.id), {}, {"me": OTHER}),
    (DropSlip("1" * 16), {}, {"me": LEAD}),
    (Volunteer(COLLEAGUE), {}, ALONE),
    (Invite(OTHER, CARD, ()), ROSTER, {}),
    (Invite(OTHER, CARD, ()), ROSTER, {**ROSTER, "me": OTHER}),
    (Invite(OTHER, CARD, ()), {"boss": BOSS}, {"boss": replace(BOSS, id=MEMBER)}),
    (Inform(OTHER, CARD), ROSTER, {}),
    (Inform(OTHER, CARD), ROSTER, {**ROSTER, "me": OTHER}),
    (Inform(OTHER, CARD), ROSTER, {**ROSTER, **ALONE}),
    (Volunteer(BOSS), {"me": OTHER, "team": NAMED}, {"me": OTHER, "team": team(LEAD)}),
    (Volunteer(BOSS), {"me": OTHER, "boss": BOSS}, {"boss": BOSS}),
    (SetTeam(team(LEAD)), {"me": OTHER, "team": NAMED}, {"team": NAMED, "account": "U2"}),
    (SetTeam(NAMED), {"me": OTHER, "team": team(LEAD), "boss": BOSS}, {"team": team(LEAD)}),
    (SetTeam(NAMED), {"me": LEAD, "team": team(LEAD)}, {"team": team(LEAD), "boss": BOSS}),
    (Dismiss(OTHER), {"me": LEAD, "boss": BOSS}, {"boss": BOSS}),
    (Tell(CARD, over=True), {"invitation": INVITATION}, {}),
    (Tell(CARD, over=True), {"invitation": INVITATION}, {"invitation": ASKER}),
    (TakeBack(), {"invitation": ASKER}, {}),
    (TakeBack(), {"invitation": ASKER}, {"invitation": INVITATION}),
]  # fmt: skip
"""An effect; what is the case when it is allowed, if ever; and when it is not."""


@pytest.mark.parametrize(("effect", "fine", "wrong"), SOMETIMES)
def test_no_flow_does_more_than_its_person_may(
    effect: Effect, fine: dict[str, Any], wrong: dict[str, Any], library: Library
) -> None:
    """Whatever a flow answers, by a mistake of ours: nothing happens that is not allowed."""
    if fine:
        assert said(effect, context(library, **fine)) == (effect,)
    with pytest.raises(NotAllowedError):
        said(effect, context(library, **wrong))


@pytest.mark.parametrize("effect", ALWAYS, ids=lambda each: type(each).__name__)
def test_ones_own_is_always_allowed(effect: Effect, library: Library) -> None:
    """What concerns the person alone is allowed wherever they are."""
    for seen in (context(library), context(library, **ALONE)):
        assert said(effect, seen) == (effect,)


def without_a_case(effects: Iterable[type]) -> set[str]:
    tried = {type(each) for each in ALWAYS} | {type(each) for each, *_ in SOMETIMES}
    return {each.__name__ for each in set(effects) - tried}


@dataclass(frozen=True)
class Shout:
    """An effect that somebody has just thought of."""


def test_every_effect_is_tried(library: Library) -> None:
    """A new effect without a case here is found; without a right, nothing comes of it."""
    assert without_a_case(get_args(Effect)) == set()
    assert without_a_case({*get_args(Effect), Shout}) == {"Shout"}
    with pytest.raises(AssertionError):
        said(Shout(), context(library, me=LEAD))


def test_every_right_is_in_the_table(library: Library) -> None:
    """What effects ask for are verbs of the table."""
    cases = [(each, {}) for each in ALWAYS] + [(each, fine) for each, fine, _ in SOMETIMES]
    assert {right(each, context(library, **fine))[0] for each, fine in cases} <= VERBS


def test_flows_know_no_other_effects() -> None:
    """Every effect that a flow names is one of those that are asked for their right."""
    known = {each.__name__ for each in get_args(Effect)} | {"Effect"}
    names = {
        alias.name
        for path in Path("bot/flows").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "bot.core.effect"
        for alias in node.names
    }
    assert {"Say", "SetTeam"} <= names <= known


def test_a_lead_of_nothing(library: Library) -> None:
    """Who would be a lead of a team that is not there is none."""
    assert not may(context(library, LEAD, team=None), "change")
