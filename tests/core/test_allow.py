"""Who may do what in a team: every actor, every verb, every team."""

from datetime import UTC, date, datetime
from typing import get_args

import pytest

from bot.core.allow import Actor, Verb, allow, may
from bot.core.context import Context
from bot.core.library import Library
from bot.core.nudge import Nudges
from bot.core.team import Team

TODAY = date(2026, 11, 24)
VERBS: tuple[Verb, ...] = get_args(Verb)
LEAD, MEMBER = "a1", "b2"
NUDGES = Nudges("Europe/Stockholm")
LATELY, LONG_AGO = date(2026, 9, 26), date(2026, 9, 25)


def team(*leads: str, acted: date = LATELY, asking: date | None = None, boss: str = "") -> Team:
    return Team("sv", frozenset({"pause"}), acted, NUDGES, frozenset(leads), asking, boss=boss)


A_LEADS = {"see", "change", "rest", "end", "ask", "post", "name"}
TABLE: list[tuple[str, str, Team | None, int | None, set[str]]] = [
    ("nothing is set up", MEMBER, None, 60, {"see", "begin"}),
    ("a lead", LEAD, team(LEAD), 60, A_LEADS),
    ("one lead of two", LEAD, team(LEAD, MEMBER), 60, A_LEADS),
    ("a lead who was away for long", LEAD, team(LEAD, acted=LONG_AGO), 60, A_LEADS),
    ("a lead while more are asked for", LEAD, team(LEAD, asking=TODAY), 60, A_LEADS),
    ("a member", MEMBER, team(LEAD), 60, {"see"}),
    ("a member while more are asked for", MEMBER, team(LEAD, asking=TODAY), 60, {"see", "join"}),
    ("a day too late", MEMBER, team(LEAD, asking=date(2026, 11, 23)), 60, {"see"}),
    ("a member of an abandoned team", MEMBER, team(LEAD, acted=LONG_AGO), 60, {"see", "take_over"}),
    ("where it is never taken over", MEMBER, team(LEAD, acted=LONG_AGO), None, {"see"}),
    ("all leads have left, lately", MEMBER, team(), 60, {"see"}),
    ("all leads have left, long ago", MEMBER, team(acted=LONG_AGO), 60, {"see", "take_over"}),
    ("a lead of another team", "c3", team(LEAD), 60, {"see"}),
    ("nobody", "", team(LEAD), 60, {"see"}),
]


@pytest.mark.parametrize(("me", "where", "takeover", "allowed"), [row[1:] for row in TABLE],
                         ids=[row[0] for row in TABLE])  # fmt: skip
def test_every_verb(me: str, where: Team | None, takeover: int | None, allowed: set[str]) -> None:
    """Exactly the verbs of the table are allowed, and no other."""
    actor = Actor(me, TODAY, takeover)
    assert {verb for verb in VERBS if allow(actor, verb, where)} == allowed


@pytest.mark.parametrize(
    ("account", "named", "allowed"),
    [
        ("U1", "U1", True),
        ("U2", "U1", False),
        ("", "eva@example.org", True),  # no platform tells; the channel sees who it was
        ("U1", "", False),
        ("", "", False),
    ],
)
def test_only_who_was_named_accepts(account: str, named: str, allowed: bool) -> None:
    """Nobody says yes in the boss's place where the platform can tell, nor where none is named."""
    for me in (LEAD, MEMBER):
        assert allow(Actor(me, TODAY, 60, account), "accept", team(LEAD, boss=named)) == allowed
    assert not allow(Actor("", TODAY, 60, account), "accept", team(LEAD, boss=named))
    assert not allow(Actor(MEMBER, TODAY, 60, account), "accept", None)


@pytest.mark.parametrize("verb", VERBS)
def test_outside_a_team_nothing_is_allowed(verb: Verb, library: Library) -> None:
    """In a talk with Landa alone there is no team, whoever one is."""
    context = Context(
        datetime(2026, 11, 24, 9, tzinfo=UTC), library, "sv", me=LEAD, team=team(LEAD)
    )
    assert not may(context, verb)
