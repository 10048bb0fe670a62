"""What a lead changes in a team, as statements."""

from datetime import datetime
from typing import assert_never

from bot.core.effect import AddSlip, ChangeSlip, DropSlip, EndTeam, KeepDrawn, SetTeam
from bot.core.errors import StateError
from bot.core.team import Team
from bot.core.turn import Hints
from bot.runtime import codec
from bot.runtime.act import Act, Here, Who
from bot.runtime.slots import Owner, slot_rows
from bot.runtime.store.nudges import clearing, setting
from bot.runtime.store.question import Ask
from bot.runtime.store.teams import ending, keeping, signing
from bot.runtime.vault import Vault


def here(act: Act) -> Here:
    """raises  StateError when nobody knows which team is meant."""
    if act.here is None:
        raise StateError("a team is changed from nowhere")
    return act.here


Wish = SetTeam | EndTeam | AddSlip | ChangeSlip | DropSlip | KeepDrawn


def team_asks(wish: Wish, act: Act, now: datetime, vault: Vault) -> tuple[Ask, ...]:
    """raises  StateError as `here`."""
    who = here(act).who
    match wish:
        case EndTeam():
            return (*ending(who.person), *clearing(who.person))
        case AddSlip() | ChangeSlip() | DropSlip():
            return (_slip_ask(wish, who, vault),)
        case KeepDrawn(piles):
            sealed = codec.seal_drawn(piles, vault, who.bound_to)
            return (("keep_drawn", {"team": who.person, "sealed": sealed}),)
        case SetTeam(team):
            before = act.team.leads if act.team else frozenset[str]()
            kept = keeping(
                who.person,
                who.workspace,
                codec.seal_team(team, vault, who.bound_to),
                new=_hashes(team.leads - before),
                gone=_hashes(before - team.leads),
            )
            return (*kept, *_signing(team, act, vault), *_nudges(team, act, now, vault))


def _signing(team: Team, act: Act, vault: Vault) -> tuple[Ask, ...]:
    """The name under the weekly question lies with the lead whose it is, and goes with them."""
    weekly, who = team.weekly, here(act).who
    if weekly == (act.team.weekly if act.team else None):
        return ()
    lead = bytes.fromhex(weekly.lead) if weekly else b""
    if weekly is None or not weekly.by or not lead:
        return signing(who.person, lead, b"")
    return signing(who.person, lead, codec.seal_signed(weekly.by, vault, who.bound_to + lead))


def still_drawn(act: Act) -> Ask:
    """Nobody has drawn from the team's box since it was loaded."""
    room = here(act)
    return "still_drawn", {"team": room.who.person, "known": room.drawn}


def _slip_ask(wish: AddSlip | ChangeSlip | DropSlip, who: Who, vault: Vault) -> Ask:
    id = wish.id if isinstance(wish, DropSlip) else wish.slip.id
    one = {"team": who.person, "slip": vault.hash("slip", who.person.hex(), id)}
    match wish:
        case AddSlip(slip):
            sealed = codec.seal_slip(slip, vault, who.bound_to)
            author = bytes.fromhex(slip.author) if slip.author else None
            more = {"sealed": sealed, "lead": author, "where": who.workspace}
            return "add_slip", {**one, **more}
        case ChangeSlip(slip):
            return "change_slip", {**one, "sealed": codec.seal_slip(slip, vault, who.bound_to)}
        case DropSlip():
            return "drop_slip", one
        case _:
            assert_never(wish)


def _hashes(leads: frozenset[str]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(lead) for lead in sorted(leads))


def _nudges(team: Team, act: Act, now: datetime, vault: Vault) -> tuple[Ask, ...]:
    """What was planned stays as it is, also what is under way, unless it is to be otherwise."""
    before, room = act.team, here(act)
    if before and (before.nudges, before.language) == (team.nudges, team.language):
        return ()
    who, hints = room.who, Hints(team.language)
    waiting = codec.Waiting(room.person, room.place, codec.ms(act.inbound.at), hints)
    payload = codec.seal_call(waiting, vault, who.bound_to)
    owner = Owner(who.person, who.workspace, room.person.platform)
    rows = slot_rows(owner, team.nudges, payload, now, act.off)
    sealed = codec.seal_nudges(team.nudges, vault, who.bound_to)
    return setting(who.person, who.workspace, sealed, rows)
