"""Statements about what Landa says by itself: claiming it, taking it, changing what is wanted."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, case, delete, exists, func, null, select, update
from sqlalchemy.sql.elements import ClauseElement

from bot.runtime.store import NEVER_MS, NudgeRow
from bot.runtime.store.question import Ask, Question
from bot.runtime.store.statements import (
    CLOCK,
    CONVERSATION,
    COUNTS,
    NUDGE,
    OUTBOX,
    PERSON,
    binary,
    text,
    whole,
)

_N, _O, _P = NUDGE.c, OUTBOX.c, PERSON.c
_OWNER = binary("owner")
_KEPT = (_P.profile, _P.home, _P.nudges, _P.mine)
"""A person of whom none of these is kept is nobody we know."""

RIPE = (
    select(*(_N[name] for name in NudgeRow._fields))
    .where(_N.due_ms <= whole("now"))
    .order_by(_N.due_ms)
    .limit(whole("most"))
    .with_for_update(skip_locked=True)
    .execution_options(everywhere=CLOCK)
)
ANY_RIPE = (
    select(_N.id).where(_N.due_ms <= whole("now")).limit(1).execution_options(everywhere=CLOCK)
)
TAKEN = {_N.due_ms: _N.at_ms, _N.pending_ms: 0, _N.tries: 0}
"""What was pending has been taken: the next time is waited for."""
REPEATS = _N.days != 0
"""A reminder, which does not, goes when it has been taken."""

_CLAIM = (_N.owner == _OWNER, _N.slot == text("slot"), _N.pending_ms == whole("due"))
CLAIMED = select(_N.id).where(*_CLAIM)
TAKE_SLOT = update(NUDGE).where(*_CLAIM, REPEATS).values(TAKEN)
TAKE_REMINDER = delete(NUDGE).where(*_CLAIM, ~REPEATS)
SPEAK = (
    update(PERSON)
    .where(_P.person == _OWNER, _P.nudges == binary("known"))
    .values(nudges=binary("nudges"))
)

# It is moved to its own end: no claim takes it again, whatever becomes of the try that follows.
_DONE_SINCE = exists(
    select(CONVERSATION.c.person).where(
        CONVERSATION.c.person == _O.person, CONVERSATION.c.updated_ms > _O.created_ms
    )
)
DEPART = (
    update(OUTBOX)
    .where(
        _O.id == binary("card"),
        _O.due_ms == whole("held"),
        _O.given_up.is_(None),
        ~_DONE_SINCE,
    )
    .values(due_ms=_O.expires_ms)
    .returning(_O.id)
)

COUNTED = select(func.count(), func.count(case((_N.due_ms >= NEVER_MS, 1)))).execution_options(
    everywhere=COUNTS
)
_CROWD = (
    select(_N.platform, func.count().label("people"))
    .where(REPEATS)
    .group_by(_N.platform, _N.workspace, _N.at_ms)
    .subquery()
)
CROWDS = (
    select(_CROWD.c.platform, func.max(_CROWD.c.people))
    .group_by(_CROWD.c.platform)
    .execution_options(everywhere=COUNTS)
)


def wishes(insert: Any) -> Mapping[Question, ClauseElement]:
    """What a person changes. insert: the dialect's own."""
    keep = insert(PERSON).values(
        person=_OWNER, workspace=binary("workspace"), nudges=binary("nudges")
    )
    row = {name: bindparam(name, type_=_N[name].type) for name in NudgeRow._fields}
    return {
        "keep_nudges": keep.on_conflict_do_update(
            index_elements=["person"], set_={"nudges": keep.excluded.nudges}
        ).returning(_P.workspace),
        "lose_nudges": update(PERSON)
        .where(_P.person == _OWNER)
        .values(nudges=null())
        .returning(_P.workspace),
        "forget_empty": delete(PERSON)
        .where(_P.person == _OWNER, *(column.is_(None) for column in _KEPT))
        .returning(_P.workspace),
        "drop_slots": delete(NUDGE).where(_N.owner == _OWNER, REPEATS).returning(_N.id),
        "drop_slot": delete(NUDGE)
        .where(_N.owner == _OWNER, _N.slot == text("slot"))
        .returning(_N.id),
        "forget_nudges": delete(NUDGE).where(_N.owner == _OWNER).returning(_N.id),
        "drop_nudges": delete(NUDGE).where(_N.workspace == binary("where")).returning(_N.id),
        "drop_nudge_cards": delete(OUTBOX)
        .where(_O.person == _OWNER, _O.once, _O.given_up.is_(None))
        .returning(_O.id),
        "drop_calls": delete(OUTBOX)
        .where(_O.person == _OWNER, _O.expires_ms < NEVER_MS, _O.given_up.is_(None))
        .returning(_O.id),
        "add_nudge": insert(NUDGE).values(row).returning(_N.id),
    }


def setting(
    owner: bytes, workspace: bytes, nudges: bytes, rows: Sequence[NudgeRow]
) -> tuple[Ask, ...]:
    """*rows* in the place of every slot the owner had, sealed *nudges* in that of the older."""
    who = {"owner": owner}
    return (
        ("keep_nudges", {**who, "workspace": workspace, "nudges": nudges}),
        ("drop_slots", who),
        ("drop_nudge_cards", who),
        *(("drop_slot", {**who, "slot": row.slot}) for row in rows),
        *(("add_nudge", row._asdict()) for row in rows),
    )


def clearing(owner: bytes) -> tuple[Ask, ...]:
    """No slot, no reminder, and no card of either that still lies here."""
    who = {"owner": owner}
    return (
        ("lose_nudges", who),
        ("forget_empty", who),
        ("forget_nudges", who),
        ("drop_calls", who),
    )


def reminding(row: NudgeRow) -> tuple[Ask, ...]:
    """*row* in the place of one with the same name."""
    return ("drop_slot", {"owner": row.owner, "slot": row.slot}), ("add_nudge", row._asdict())


def unreminding(owner: bytes, slot: str) -> Ask:
    """Nothing of that name is waited for any more."""
    return "drop_slot", {"owner": owner, "slot": slot}
