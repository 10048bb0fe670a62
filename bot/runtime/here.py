"""The place of a team that somebody acts in: which one it is, and what is agreed there."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from bot.core.conversation import Conversation
from bot.core.errors import StateError
from bot.core.nudge import Nudges
from bot.core.team import Team
from bot.core.turn import Chose, Inbound, Person, Picked, Place, Pressed, Submitted, Turn
from bot.runtime import codec
from bot.runtime.act import Here, Who
from bot.runtime.log import LOG
from bot.runtime.vault import Vault

KEPT = "here"
"""Where a flow's data names the place, when it goes on in a talk with Landa alone."""
_PLACE = TypeAdapter(Place)
CARRIES = "where"
PRESSES = (Pressed, Chose, Submitted)


def here_of(inbound: Inbound, conversation: Conversation, who: Who, vault: Vault) -> Here | None:
    """The place of the card that was pressed, or the one that the person acts in.

    Where all answers are given in a talk of two, the card of a team stands there too.
    """
    kept = conversation.data.get(KEPT) if isinstance(inbound.turn, PRESSES) else None
    place = _opened(kept) if kept else inbound.place
    if place is None or not place.team or not place.room:
        return None
    return place_of(inbound.person, place, who, vault)


def carried(turn: Turn, person: Person, who: Who, vault: Vault) -> Here | None:
    """The place that a card of the person's own carries, which began in a team's: its buttons are
    "<what>.<whom>.<place>"."""
    if not isinstance(turn, Picked) or turn.flow != CARRIES:
        return None
    _, _, kept = turn.topic.split(".", 2) if turn.topic.count(".") > 1 else ("", "", "")
    place = _opened(kept) if kept else None
    return place_of(person, place, who, vault) if place and place.team and place.room else None


def place_of(person: Person, place: Place, who: Who, vault: Vault) -> Here:
    """The team of *place*, which is a channel's."""
    team = vault.hash("team", person.platform, person.workspace, place.team)
    return Here(
        Who(team, who.workspace),
        Person(person.platform, person.workspace, place.team, "team"),
        Place("channel", dict(place.room), place.team, dict(place.room)),
    )


def named(here: Here) -> str:
    """As `Context.here`. Nobody's address is in it."""
    return _PLACE.dump_json(here.place).decode()


def _opened(kept: str) -> Place | None:
    try:
        return _PLACE.validate_json(kept)
    except ValueError:
        LOG.error("here.unreadable")
        return None


def team_of(here: Here, found: Sequence[Sequence[Any]], vault: Vault) -> Team | None:
    """What is agreed *here*. found: what `store.teams.reading` asks for."""
    rows, leads, slips, *_ = found
    if not rows:
        return None
    sealed, nudges, drawn = rows[0]
    bound_to = here.who.bound_to
    try:
        plan = codec.open_nudges(bytes(nudges), vault, bound_to) if nudges else Nudges("UTC")
        known = frozenset(bytes(lead[0]).hex() for lead in leads)
        own = tuple(
            codec.open_slip(bytes(slip), bytes(author or b"").hex(), vault, bound_to)
            for slip, author in slips
        )
        team = codec.open_team(bytes(sealed), plan, known, vault, bound_to)
        if drawn:
            team = replace(team, piles=codec.open_drawn(bytes(drawn), vault, bound_to))
        return replace(_signed(team, leads, bound_to, vault), slips=own)
    except StateError:
        LOG.error("team.unreadable")
        return None


def _signed(team: Team, leads: Sequence[Any], bound_to: bytes, vault: Vault) -> Team:
    """With the name under its question, as long as the lead is there whose it is."""
    names = {
        bytes(lead).hex(): codec.open_signed(bytes(signed), vault, bound_to + bytes(lead))
        for lead, signed in leads
        if signed
    }
    weekly = team.weekly
    if weekly is None or not weekly.lead:
        return team
    return replace(team, weekly=replace(weekly, by=names.get(weekly.lead, "")))


def me(who: Who, vault: Vault) -> bytes:
    """Stands for a person among leads and colleagues, and nowhere else."""
    return vault.hash("lead", who.person.hex())
