"""A whole turn as one statement, for PostgreSQL: one way there and back commits it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Integer,
    LargeBinary,
    String,
    case,
    cast,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.elements import ClauseElement

from bot.runtime.store import OutboxRow
from bot.runtime.store import statements as s

CARD = {
    "id": LargeBinary,
    "person": LargeBinary,
    "workspace": LargeBinary,
    "platform": String,
    "payload": LargeBinary,
    "created_ms": BigInteger,
    "due_ms": BigInteger,
    "tries": Integer,
    "doubts": Integer,
    "once": Boolean,
    "expires_ms": BigInteger,
}
"""What a new card is written as."""


def arrays(cards: Sequence[OutboxRow]) -> dict[str, list[Any]]:
    """The parameters of `new_cards`."""
    return {f"out_{name}": [getattr(row, name) for row in cards] for name in CARD}


def new_cards(yes: Any) -> Any:
    """Writes any number of cards, where *yes*."""
    rows = (
        func.unnest(
            *(s.bindparam(f"out_{name}", type_=ARRAY(kind())) for name, kind in CARD.items())
        )
        .table_valued(*CARD)
        .render_derived()
    )
    return (
        insert(s.OUTBOX)
        .from_select(list(CARD), select(*(rows.c[name] for name in CARD)).where(yes))
        .cte("cards")
    )


def whole_turn(*, first: bool) -> ClauseElement:
    """A whole turn as one statement: what was not seen before moves the conversation, and only
    what moved it writes the rest. Where it moved nothing, 1/0 undoes all of it."""
    fresh = (
        insert(s.SEEN)
        .values(id=s.binary("seen"), at_ms=s.whole("at_ms"))
        .on_conflict_do_nothing()
        .returning(s.SEEN.c.id)
        .cte("fresh")
    )
    moved = (_add(fresh) if first else _move(fresh)).returning(s.CONVERSATION.c.serial).cte("moved")
    yes = exists(select(moved.c.serial))
    profile = insert(s.PERSON).from_select(
        ["person", "workspace", "profile"],
        select(s.binary("person"), s.binary("workspace"), s.binary("profile")).where(
            yes, s.binary("profile").is_not(None)
        ),
    )
    profile = profile.on_conflict_do_update(
        index_elements=["person"], set_={"profile": profile.excluded.profile}
    ).cte("profile")
    due = ("workspace", "platform", "serial", "due_ms", "lease_ms", "tries", "payload")
    pause = insert(s.DUE).from_select(
        ["person", *due],
        select(
            s.binary("person"),
            s.binary("workspace"),
            s.text("platform"),
            s.whole("serial"),
            s.whole("pause_ms"),
            literal(0, BigInteger()),
            literal(0, Integer()),
            s.binary("pause"),
        ).where(yes, s.binary("pause").is_not(None)),
    )
    pause = pause.on_conflict_do_update(
        index_elements=["person"], set_={name: pause.excluded[name] for name in due}
    ).cte("pause")
    awake = (s.CLEAR_DUE.where(yes, s.binary("pause").is_(None))).cte("awake")
    cards = new_cards(yes)
    known = ~exists(select(fresh.c.id))
    count = select(func.count()).select_from(moved).scalar_subquery()
    answer = select(
        case((known, literal(0, Integer())), else_=literal(1, Integer()) / cast(count, Integer))
    )
    return answer.add_cte(fresh, moved, profile, pause, awake, cards)


def _add(fresh: Any) -> Any:
    names = [c.name for c in s.CONVERSATION.c]
    values = select(
        s.binary("person"),
        s.binary("workspace"),
        s.whole("serial"),
        s.binary("state"),
        s.whole("at_ms"),
    ).where(exists(select(fresh.c.id)))
    return insert(s.CONVERSATION).from_select(names, values).on_conflict_do_nothing()


def _move(fresh: Any) -> Any:
    return (
        s.update(s.CONVERSATION)
        .where(
            s.CONVERSATION.c.person == s.binary("person"),
            s.CONVERSATION.c.serial == s.whole("expected"),
            exists(select(fresh.c.id)),
        )
        .values(serial=s.whole("serial"), state=s.binary("state"), updated_ms=s.whole("at_ms"))
    )
