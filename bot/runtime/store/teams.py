"""Statements about teams: what is agreed there, and who answers for it."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.sql.elements import ClauseElement

from bot.runtime.store.question import Ask, Question
from bot.runtime.store.statements import PERSON, binary
from bot.runtime.tables import Lead, Team, table

TEAM, LEAD = table(Team), table(Lead)
_T, _L, _P = TEAM.c, LEAD.c, PERSON.c
_TEAM, _WHERE = binary("team"), binary("where")


def teams(insert: Any) -> Mapping[Question, ClauseElement]:
    """insert: the dialect's own."""
    keep = insert(TEAM).values(team=_TEAM, workspace=_WHERE, sealed=binary("sealed"))
    return {
        "team": select(_T.sealed, _P.nudges)
        .select_from(TEAM.outerjoin(PERSON, _P.person == _T.team))
        .where(_T.team == _TEAM),
        "leads": select(_L.lead).where(_L.team == _TEAM),
        "keep_team": keep.on_conflict_do_update(
            index_elements=["team"], set_={"sealed": keep.excluded.sealed}
        ).returning(_T.team),
        "add_lead": insert(LEAD)
        .values(team=_TEAM, lead=binary("lead"), workspace=_WHERE)
        .on_conflict_do_nothing()
        .returning(_L.lead),
        "drop_lead": delete(LEAD)
        .where(_L.team == _TEAM, _L.lead == binary("lead"))
        .returning(_L.lead),
        "end_team": delete(TEAM).where(_T.team == _TEAM).returning(_T.team),
        "end_leads": delete(LEAD).where(_L.team == _TEAM).returning(_L.lead),
        "forget_leads": delete(LEAD).where(_L.lead == binary("lead")).returning(_L.team),
        "drop_teams": delete(TEAM).where(_T.workspace == _WHERE).returning(_T.team),
        "drop_leads": delete(LEAD).where(_L.workspace == _WHERE).returning(_L.team),
    }


def reading(team: bytes) -> tuple[Ask, Ask, Ask]:
    """What is agreed, with its nudges, both sealed; the leads; and who can be asked for company."""
    who = {"team": team}
    return ("team", who), ("leads", who), ("colleagues", who)


def keeping(
    team: bytes, workspace: bytes, sealed: bytes, *, new: Iterable[bytes], gone: Iterable[bytes]
) -> tuple[Ask, ...]:
    """new, gone: leads."""
    who = {"team": team, "where": workspace}
    return (
        ("keep_team", {**who, "sealed": sealed}),
        *(("add_lead", {**who, "lead": lead}) for lead in new),
        *(("drop_lead", {"team": team, "lead": lead}) for lead in gone),
    )


def ending(team: bytes) -> tuple[Ask, Ask]:
    """Nothing of what was agreed, and no lead, remains."""
    return ("end_team", {"team": team}), ("end_leads", {"team": team})
