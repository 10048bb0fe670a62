"""Statements about who can be asked for company, and about questions that are on their way."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.sql.elements import ClauseElement

from bot.runtime.store.question import Ask, Question
from bot.runtime.store.statements import INVITATION, OUTBOX, binary, whole
from bot.runtime.tables import Colleague, table

COLLEAGUE = table(Colleague)
_C, _I, _O = COLLEAGUE.c, INVITATION.c, OUTBOX.c
_TEAM, _WHERE, _ME, _ID = binary("team"), binary("where"), binary("me"), binary("id")
_HERE = (_C.team == _TEAM, _C.colleague == _ME)
_UNSENT = _O.given_up.is_(None)


def company(insert: Any) -> Mapping[Question, ClauseElement]:
    """insert: the dialect's own."""
    keep = insert(COLLEAGUE).values(
        team=_TEAM, colleague=_ME, workspace=_WHERE, sealed=binary("sealed")
    )
    invite = insert(INVITATION).values(
        id=_ID,
        team=_TEAM,
        asker=_ME,
        asked=binary("asked"),
        workspace=_WHERE,
        sealed=binary("sealed"),
        until_ms=whole("until"),
    )
    to_me = select(_I.id).where(_I.asked == _ME)
    return {
        "colleagues": select(_C.colleague, _C.sealed).where(_C.team == _TEAM),
        "can_be_asked": select(_C.team).where(*_HERE).with_for_update(),
        "keep_colleague": keep.on_conflict_do_update(
            index_elements=["team", "colleague"], set_={"sealed": keep.excluded.sealed}
        ).returning(_C.team),
        "drop_colleague": delete(COLLEAGUE).where(*_HERE).returning(_C.team),
        "forget_colleague": delete(COLLEAGUE).where(_C.colleague == _ME).returning(_C.team),
        "drop_colleagues": delete(COLLEAGUE).where(_C.workspace == _WHERE).returning(_C.team),
        "invitation": select(_I.asker, _I.asked, _I.sealed).where(
            _I.id == _ID,
            _I.workspace == _WHERE,
            _I.until_ms > whole("now"),
            or_(_I.asker == _ME, _I.asked == _ME),
        ),
        "still_asked": select(_I.id)
        .where(_I.id == _ID, _I.sealed == binary("known"))
        .with_for_update(),
        "invite": invite.returning(_I.id),
        "answer": update(INVITATION)
        .where(_I.id == _ID)
        .values(sealed=binary("sealed"), asked=b"")  # who was asked has no part in it any more
        .returning(_I.id),
        "drop_invitation": delete(INVITATION).where(_I.id == _ID).returning(_I.id),
        "drop_asked_cards": delete(OUTBOX)
        .where(_O.id.in_(select(_I.id).where(_I.asker == _ME)), _UNSENT)
        .returning(_O.id),
        "drop_asked": delete(INVITATION).where(_I.asker == _ME).returning(_I.id),
        "drop_invited_cards": delete(OUTBOX)
        .where(_O.id.in_(to_me.where(_I.team == _TEAM)), _UNSENT)
        .returning(_O.id),
        "drop_invited": delete(INVITATION)
        .where(_I.asked == _ME, _I.team == _TEAM)
        .returning(_I.id),
        "forget_invited_cards": delete(OUTBOX).where(_O.id.in_(to_me), _UNSENT).returning(_O.id),
        "forget_invited": delete(INVITATION).where(_I.asked == _ME).returning(_I.id),
        "drop_invitations": delete(INVITATION).where(_I.workspace == _WHERE).returning(_I.id),
    }


def leaving(me: bytes, team: bytes) -> tuple[Ask, ...]:
    """Not in this team any more; what lies here for them is not sent."""
    who = {"me": me, "team": team}
    return ("drop_invited_cards", who), ("drop_invited", who), ("drop_colleague", who)


def asking_no_more(me: bytes) -> tuple[Ask, ...]:
    """What they asked others is taken back."""
    return ("drop_asked_cards", {"me": me}), ("drop_asked", {"me": me})


def forgetting(me: bytes) -> tuple[Ask, ...]:
    """In no team, neither asked nor asking."""
    who = {"me": me}
    return (
        ("forget_invited_cards", who),
        ("forget_invited", who),
        ("forget_colleague", who),
        *asking_no_more(me),
    )
