"""Statements about where Landa is installed, and about all that goes when it no longer is."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, literal, null, select, update
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import LargeBinary

from bot.runtime.store.question import Question
from bot.runtime.store.statements import (
    CONVERSATION,
    DUE,
    OUTBOX,
    PERSON,
    SEEN,
    binary,
    text,
    whole,
)
from bot.runtime.tables import Installation, Served, Upload, table

INSTALLATION, SERVED, UPLOAD = table(Installation), table(Served), table(Upload)
UNINSTALLED = "uninstalled"
"""Why the cards of a workspace that is gone were given up."""

_I, _S, _U = INSTALLATION.c, SERVED.c, UPLOAD.c
_WHERE = binary("where")


def places(insert: Any) -> Mapping[Question, ClauseElement]:
    """insert: the dialect's own."""
    kept = insert(UPLOAD).values(id=binary("row"), workspace=_WHERE, sealed=binary("new"))
    return {
        "installation": select(_I.sealed, _I.version).where(_I.id == binary("row")),
        "installations": select(_I.id, _I.sealed, _I.version)
        .where(_I.platform == text("on"))
        .execution_options(everywhere="a platform begins with all who have installed it"),
        "install": insert(INSTALLATION)
        .values(id=binary("row"), platform=text("on"), sealed=binary("new"), version=whole("next"))
        .on_conflict_do_nothing()
        .returning(_I.version),
        "change": update(INSTALLATION)
        .where(_I.id == binary("row"), _I.version == whole("known"))
        .values(sealed=binary("new"), version=whole("next"))
        .returning(_I.version),
        "uninstall": delete(INSTALLATION)
        .where(_I.id == binary("row"), _I.version == whole("known"))
        .returning(_I.version),
        "served": select(_S.installation, _S.since_ms).where(_S.workspace == _WHERE),
        "serve": insert(SERVED)
        .values(workspace=_WHERE, installation=binary("row"), since_ms=whole("at"))
        .on_conflict_do_nothing()
        .returning(_S.workspace),
        "members": select(_S.workspace).where(_S.installation == binary("row")),
        "use_once": insert(SEEN)
        .values(id=binary("once"), at_ms=whole("at"))
        .on_conflict_do_nothing()
        .returning(SEEN.c.id),
        "uploads": select(_U.id, _U.sealed).where(_U.workspace == _WHERE),
        "keep_upload": kept.on_conflict_do_update(
            index_elements=["id"], set_={"sealed": kept.excluded.sealed}
        ).returning(_U.id),
        **_dropping(),
    }


def _dropping() -> dict[Question, ClauseElement]:
    return {
        "drop_cards": update(OUTBOX)
        .where(OUTBOX.c.workspace == _WHERE, OUTBOX.c.given_up.is_(None))
        .values(payload=null(), person=literal(b"", LargeBinary()), given_up=text("why"))
        .returning(OUTBOX.c.id),
        "drop_pauses": delete(DUE).where(DUE.c.workspace == _WHERE).returning(DUE.c.serial),
        "drop_conversations": delete(CONVERSATION)
        .where(CONVERSATION.c.workspace == _WHERE)
        .returning(CONVERSATION.c.serial),
        "drop_people": delete(PERSON)
        .where(PERSON.c.workspace == _WHERE)
        .returning(PERSON.c.person),
        "drop_uploads": delete(UPLOAD).where(_U.workspace == _WHERE).returning(_U.id),
        "drop_served": delete(SERVED).where(_S.workspace == _WHERE).returning(_S.since_ms),
    }
