"""Who can be asked for company, and what is on its way to them: as rows, and opened again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never

from pydantic import TypeAdapter

from bot.core.colleague import Colleague, Invitation
from bot.core.effect import Dismiss, Inform, Invite, TakeBack, Tell, Volunteer, Withdraw
from bot.core.errors import StateError
from bot.core.turn import Person, Picked, Place, Pressed, Reminded, Turn
from bot.runtime import codec, retention
from bot.runtime.act import Act, Asked, Here, Known, Who
from bot.runtime.here import me
from bot.runtime.log import LOG
from bot.runtime.store import company as c
from bot.runtime.store.nudges import unreminding
from bot.runtime.store.question import Ask
from bot.runtime.teams import here
from bot.runtime.vault import Vault

KEPT_MS = retention.longest_ms(retention.OPEN)
"""Who has not answered by then is not waited for."""
ABOUT = ("company", "invited")
"""Flows whose standing cards, and reminders, name an invitation: "<what>.<its id>"."""
REMINDER = "ask"
_ID = re.compile(r"[0-9a-f]{32}")
_KNOWN, _ASKED = TypeAdapter(Known), TypeAdapter(Asked)

Wish = Volunteer | Withdraw | Dismiss | Invite | Inform | Tell | TakeBack


def invitation_of(turn: Turn | Pressed) -> str:
    """The id of the invitation that *turn* is about; "" for none."""
    match turn:
        case Picked(flow, topic) if flow in ABOUT:
            id = topic.partition(".")[2]
        case Reminded(_, kind) if kind.partition(".")[0] in ABOUT:
            id = kind.partition(".")[2]
        case _:
            return ""
    return id if _ID.fullmatch(id) else ""


def opened(rows: Sequence[Any], who: Who, id: str, vault: Vault) -> Asked | None:
    """rows: what the question "invitation" finds."""
    if not rows:
        return None
    asker, _, sealed = (bytes(value) for value in rows[0])
    try:
        plain = vault.open(sealed, b"invitation" + who.workspace + bytes.fromhex(id))
        asked: Asked = _ASKED.validate_json(plain)
    except (StateError, ValueError):
        LOG.error("invitation.unreadable")
        return None
    part = "asker" if asker == me(who, vault) else "asked"
    return replace(asked, invitation=replace(asked.invitation, part=part), sealed=sealed)


def roster(rows: Sequence[Any], place: Here, vault: Vault) -> Mapping[str, Known]:
    """Id -> who has said yes there. rows: what the question "colleagues" finds."""
    found: dict[str, Known] = {}
    for colleague, sealed in rows:
        try:
            bound_to = place.who.bound_to + bytes(colleague)
            found[bytes(colleague).hex()] = open_known(bytes(sealed), vault, bound_to)
        except StateError:
            LOG.error("colleague.unreadable")
    return found


def open_known(sealed: bytes, vault: Vault, bound_to: bytes) -> Known:
    """bound_to: workspace, team and colleague. raises  StateError when it cannot be read."""
    try:
        return _KNOWN.validate_json(vault.open(sealed, b"colleague" + bound_to))
    except ValueError:
        raise StateError("a sealed row of an unknown shape") from None


def company_asks(
    wish: Wish, act: Act, language: str, now: datetime, vault: Vault
) -> tuple[Ask, ...]:
    """raises  StateError when it is about somebody who cannot be reached, or about nothing."""
    mine = me(act.who, vault)
    match wish:
        case Volunteer(colleague):
            return (_keeping(colleague, act, mine, vault),)
        case Withdraw(everywhere):
            return c.forgetting(mine) if everywhere else c.leaving(mine, here(act).who.person)
        case Dismiss(id):
            return c.leaving(bytes.fromhex(id), here(act).who.person)
        case Invite():
            return _inviting(wish, act, language, now, vault)
        case Inform():
            return ()
        case Tell(_, over):
            asked = about(act)
            row = bytes.fromhex(asked.invitation.id)
            silent = unreminding(who_of(asked.person, vault).person, REMINDER)
            if over:
                return ("drop_invitation", {"id": row}), silent
            answered = replace(asked, invitation=replace(asked.invitation, answered=True))
            sealed = _sealed(answered, act.who.workspace, row, vault)
            return ("answer", {"id": row, "sealed": sealed}), silent
        case TakeBack():
            return c.asking_no_more(mine)
        case _:
            assert_never(wish)


def needs(wish: Wish, act: Act) -> tuple[Ask, ...]:
    """What must still be there when *wish* is written: it may be that somebody was faster."""
    match wish:
        case Invite(to) | Inform(to):
            team = here(act).who.person
            return (("can_be_asked", {"team": team, "me": bytes.fromhex(to)}),)
        case Tell() | TakeBack():
            asked = about(act)
            id = bytes.fromhex(asked.invitation.id)
            return (("still_asked", {"id": id, "known": asked.sealed}),)
        case Volunteer() | Withdraw() | Dismiss():
            return ()
        case _:
            assert_never(wish)


def about(act: Act) -> Asked:
    """raises  StateError when this turn is about no invitation."""
    if act.asked is None:
        raise StateError("an answer to nothing")
    return act.asked


def known(act: Act, id: str) -> Known:
    """raises  StateError when nobody of that id can be asked there."""
    try:
        return act.known[id]
    except KeyError:
        raise StateError("somebody is asked who did not say yes") from None


def who_of(person: Person, vault: Vault) -> Who:
    return Who(
        vault.hash(person.kind, person.platform, person.workspace, person.id),
        vault.hash("workspace", person.platform, person.workspace),
    )


def _keeping(colleague: Colleague, act: Act, mine: bytes, vault: Vault) -> Ask:
    if act.home is None:
        raise StateError("nobody knows where to reach this person alone")
    place, home = here(act), Place("private", dict(act.home.address))
    plain = _KNOWN.dump_json(Known(colleague, act.inbound.person, home))
    sealed = vault.seal(plain, b"colleague" + place.who.bound_to + mine)
    values = {"team": place.who.person, "me": mine, "where": place.who.workspace, "sealed": sealed}
    return "keep_colleague", values


def _inviting(
    wish: Invite, act: Act, language: str, now: datetime, vault: Vault
) -> tuple[Ask, ...]:
    if act.home is None:
        raise StateError("nobody knows where to reach this person alone")
    place, mine, row = here(act), me(act.who, vault), bytes.fromhex(act.key)
    invitation = Invitation(
        act.key,
        "asker",
        known(act, wish.to).colleague.name,
        language,
        wish.tried,
    )
    home = Place("private", dict(act.home.address))
    asked = Asked(invitation, act.inbound.person, home, place.place)
    return (
        *c.asking_no_more(mine),
        (
            "invite",
            {
                "id": row,
                "team": place.who.person,
                "me": mine,
                "asked": bytes.fromhex(wish.to),
                "where": act.who.workspace,
                "sealed": _sealed(asked, act.who.workspace, row, vault),
                "until": codec.ms(now) + KEPT_MS,
            },
        ),
    )


def _sealed(asked: Asked, workspace: bytes, row: bytes, vault: Vault) -> bytes:
    return vault.seal(_ASKED.dump_json(asked, exclude={"sealed"}), b"invitation" + workspace + row)
