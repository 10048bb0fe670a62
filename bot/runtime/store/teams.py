"""Statements about teams: what is agreed there, and who answers for it."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, null, select, update
from sqlalchemy.sql.elements import ClauseElement

from bot.runtime.store.question import Ask, Question
from bot.runtime.store.statements import PERSON, binary
from bot.runtime.tables import Lead, Slip, Team, table

TEAM, LEAD, SLIP = table(Team), table(Lead), table(Slip)
_T, _L, _S, _P = TEAM.c, LEAD.c, SLIP.c, PERSON.c
_TEAM, _WHERE = binary("team"), binary("where")


def teams(insert: Any) -> Mapping[Question, ClauseElement]:
    """insert: the dialect's own."""
    keep = insert(TEAM).values(team=_TEAM, workspace=_WHERE, sealed=binary("sealed"))
    return {
        "team": select(_T.sealed, _P.nudges, _T.drawn)
        .select_from(TEAM.outerjoin(PERSON, _P.person == _T.team))
        .where(_T.team == _TEAM),
        "leads": select(_L.lead, _L.signed).where(_L.team == _TEAM),
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
        "still_drawn": select(_T.team)
        .where(_T.team == _TEAM, _T.drawn.is_not_distinct_from(binary("known")))
        .with_for_update(),
        "keep_drawn": update(TEAM)
        .where(_T.team == _TEAM)
        .values(drawn=binary("sealed"))
        .returning(_T.team),
        "sign": update(LEAD)
        .where(_L.team == _TEAM, _L.lead == binary("lead"))
        .values(signed=binary("signed"))
        .returning(_L.lead),
        "unsign": update(LEAD).where(_L.team == _TEAM).values(signed=null()).returning(_L.lead),
        "end_team": delete(TEAM).where(_T.team == _TEAM).returning(_T.team),
        "end_leads": delete(LEAD).where(_L.team == _TEAM).returning(_L.lead),
        "forget_leads": delete(LEAD).where(_L.lead == binary("lead")).returning(_L.team),
        "drop_teams": delete(TEAM).where(_T.workspace == _WHERE).returning(_T.team),
        "drop_leads": delete(LEAD).where(_L.workspace == _WHERE).returning(_L.team),
        **_slips(insert),
    }


def _slips(insert: Any) -> Mapping[Question, ClauseElement]:
    one = (_S.id == binary("slip")) & (_S.team == _TEAM)
    kept = {"team": _TEAM, "workspace": _WHERE, "author": binary("lead")}
    return {
        "slips": select(_S.sealed, _S.author).where(_S.team == _TEAM).order_by(_S.id),
        "add_slip": insert(SLIP)
        .values(id=binary("slip"), **kept, sealed=binary("sealed"))
        .on_conflict_do_nothing()
        .returning(_S.id),
        "change_slip": update(SLIP).where(one).values(sealed=binary("sealed")).returning(_S.id),
        "drop_slip": delete(SLIP).where(one).returning(_S.id),
        "end_slips": delete(SLIP).where(_S.team == _TEAM).returning(_S.id),
        "forget_slips": update(SLIP)
        .where(_S.author == binary("lead"))
        .values(author=null())
        .returning(_S.id),
        "drop_slips": delete(SLIP).where(_S.workspace == _WHERE).returning(_S.id),
    }


def reading(team: bytes) -> tuple[Ask, ...]:
    """What is agreed, with its nudges, both sealed; the leads; the team's own slips; and who can
    be asked for company."""
    who = {"team": team}
    return ("team", who), ("leads", who), ("slips", who), ("colleagues", who)


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


def signing(team: bytes, lead: bytes, signed: bytes) -> tuple[Ask, ...]:
    """*signed*, the sealed name of *lead*, in the place of whose it was; b"" for nobody's."""
    nobody: Ask = ("unsign", {"team": team})
    return (
        (nobody, ("sign", {"team": team, "lead": lead, "signed": signed})) if signed else (nobody,)
    )


def ending(team: bytes) -> tuple[Ask, ...]:
    """Nothing of what was agreed, no lead and no slip remains."""
    who = {"team": team}
    return ("end_team", who), ("end_leads", who), ("end_slips", who)
