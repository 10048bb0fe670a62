"""Statements about workspaces that have taken Landa away: what rests, what goes on, what goes."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.sql.elements import ClauseElement

from bot.runtime.store import NEVER_MS
from bot.runtime.store.question import Ask, Question
from bot.runtime.store.statements import NUDGE, binary, whole
from bot.runtime.tables import Leaving, table

LEAVING = table(Leaving)
_L, _N = LEAVING.c, NUDGE.c
_WHERE, _UNTIL = binary("where"), whole("until")
_MINE = (_N.workspace == _WHERE, _N.due_ms < NEVER_MS)  # what was set aside stays so


def leaving(insert: Any) -> Mapping[Question, ClauseElement]:
    """insert: the dialect's own."""
    new = insert(LEAVING).values(workspace=_WHERE, until_ms=_UNTIL)
    return {
        "leave": new.on_conflict_do_nothing().returning(_L.workspace),
        "left": select(_L.until_ms).where(_L.workspace == _WHERE),
        "come_back": delete(LEAVING).where(_L.workspace == _WHERE).returning(_L.workspace),
        "overdue": select(_L.workspace)
        .where(_L.until_ms <= whole("now"))
        .order_by(_L.until_ms)
        .execution_options(everywhere="whose days of grace are over, goes"),
        "rest_nudges": update(NUDGE)
        .where(*_MINE)
        .values(due_ms=_UNTIL, pending_ms=0, tries=0)
        .returning(_N.id),
        "wake_nudges": update(NUDGE).where(*_MINE).values(due_ms=_N.at_ms).returning(_N.id),
    }


def resting(place: bytes, until_ms: int, silent_ms: int) -> tuple[Ask, ...]:
    """From *until_ms* on all goes, unless they come back. Nothing comes by itself until
    *silent_ms*, which is later: by then it is gone."""
    where = {"where": place}
    return ("leave", {**where, "until": until_ms}), ("rest_nudges", {**where, "until": silent_ms})


def waking(place: bytes) -> tuple[Ask, ...]:
    """They are back: what was planned goes on; what is past is dropped when it is seen."""
    where = {"where": place}
    return ("come_back", where), ("wake_nudges", where)
