"""What few turns change: where somebody is reached, what they want to hear, what a team agrees, and
that people go."""

from datetime import datetime
from typing import assert_never

from bot.core.effect import (
    AddSlip,
    Admit,
    ChangeSlip,
    ClearNudges,
    Dismiss,
    DropSlip,
    EndTeam,
    Forget,
    Inform,
    Invite,
    KeepDrawn,
    KeepMine,
    Remind,
    SetNudges,
    SetTeam,
    Settle,
    TakeBack,
    Tell,
    Unremind,
    Volunteer,
    Withdraw,
)
from bot.core.errors import StateError
from bot.core.mine import Mine
from bot.core.turn import Hints, Place
from bot.runtime import codec
from bot.runtime.act import Act, Who, card_id
from bot.runtime.company import company_asks
from bot.runtime.company import needs as company_needs
from bot.runtime.entrance import admitting
from bot.runtime.here import me
from bot.runtime.slots import Owner, reminder_row, slot_rows
from bot.runtime.store.nudges import clearing, reminding, setting, unreminding
from bot.runtime.store.people import MOST_CARDS, forgetting, keeping_mine, losing_mine, settling
from bot.runtime.store.question import Ask
from bot.runtime.teams import still_drawn, team_asks
from bot.runtime.vault import Vault

Wish = (
    Settle
    | Forget
    | Admit
    | KeepMine
    | SetNudges
    | ClearNudges
    | Remind
    | Unremind
    | SetTeam
    | EndTeam
    | AddSlip
    | ChangeSlip
    | DropSlip
    | KeepDrawn
    | Volunteer
    | Withdraw
    | Dismiss
    | Invite
    | Inform
    | Tell
    | TakeBack
)


def asks(wish: Wish, act: Act, language: str, now: datetime, vault: Vault) -> tuple[Ask, ...]:
    """raises  StateError when somebody wants to hear from Landa who cannot be reached alone."""
    who, home = act.who, act.home
    match wish:
        case Settle():
            if home is None:
                return ()
            sealed = codec.seal_home(home, vault, who.bound_to)
            return (settling(who.person, who.workspace, sealed),)
        case Forget():
            spared = (card_id(act.seen, number, vault) for number in range(MOST_CARDS))
            return forgetting(who.person, me(who, vault), tuple(spared))
        case Admit():
            return admitting(act, language, now, vault)
        case KeepMine(mine):
            return _mine(mine, who, vault)
        case SetNudges() | ClearNudges() | Remind() | Unremind():
            return _timed(wish, act, language, now, vault)
        case SetTeam() | EndTeam() | AddSlip() | ChangeSlip() | DropSlip() | KeepDrawn():
            return team_asks(wish, act, now, vault)
        case Volunteer() | Withdraw() | Dismiss() | Invite() | Inform() | Tell() | TakeBack():
            return company_asks(wish, act, language, now, vault)
        case _:
            assert_never(wish)


def needs(wish: Wish, act: Act) -> tuple[Ask, ...]:
    """What must still be so when *wish* is written: it may be that somebody was faster."""
    match wish:
        case Volunteer() | Withdraw() | Invite() | Inform() | Tell() | TakeBack():
            return company_needs(wish, act)
        case KeepDrawn():
            return (still_drawn(act),)
        case _:
            return ()


def _timed(
    wish: SetNudges | ClearNudges | Remind | Unremind,
    act: Act,
    language: str,
    now: datetime,
    vault: Vault,
) -> tuple[Ask, ...]:
    who = act.who
    match wish:
        case ClearNudges():
            return clearing(who.person)
        case SetNudges(nudges):
            payload = _payload(act, language, "", vault)
            rows = slot_rows(_owner(act), nudges, payload, now, act.off)
            sealed = codec.seal_nudges(nudges, vault, who.bound_to)
            return setting(who.person, who.workspace, sealed, rows)
        case Remind(id, kind, at):
            payload = _payload(act, language, kind, vault)
            return reminding(reminder_row(_owner(act), id, at, payload))
        case Unremind(id):
            return (unreminding(who.person, id),)
        case _:
            assert_never(wish)


def _mine(mine: Mine, who: Who, vault: Vault) -> tuple[Ask, ...]:
    if mine == Mine():
        return losing_mine(who.person)
    sealed = codec.seal_mine(mine, vault, who.bound_to)
    return (keeping_mine(who.person, who.workspace, sealed),)


def _owner(act: Act) -> Owner:
    return Owner(act.who.person, act.who.workspace, act.inbound.person.platform)


def _payload(act: Act, language: str, kind: str, vault: Vault) -> bytes:
    """Who and where, as long as it is wanted: in the person's own chat, in today's language."""
    inbound = act.inbound
    place = act.home or inbound.place
    if place.kind != "private":
        raise StateError("nobody knows where to reach this person alone")
    hints = Hints(language, inbound.hints.zone)
    waiting = codec.Waiting(
        inbound.person, Place("private", dict(place.address)), codec.ms(inbound.at), hints, kind
    )
    return codec.seal_call(waiting, vault, act.who.bound_to)
