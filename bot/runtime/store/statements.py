"""The statements of the hot path: SQLAlchemy Core on the sqlmodel tables, compiled once.

They run on the bare driver. An ORM session costs several times as much a turn
(docs/why.md), and what we need of it, we do not use.
"""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Dialect,
    Integer,
    LargeBinary,
    String,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

from bot.runtime import retention as kept
from bot.runtime.store import NEVER_MS, Later
from bot.runtime.store.fence import fenced
from bot.runtime.tables import (
    Conversation,
    Due,
    Entry,
    Invitation,
    Keyring,
    Nudge,
    Outbox,
    Person,
    Seen,
    table,
)

CONVERSATION, PERSON, OUTBOX = table(Conversation), table(Person), table(Outbox)
DUE, SEEN, KEYRING, NUDGE = table(Due), table(Seen), table(Keyring), table(Nudge)
INVITATION, ENTRY = table(Invitation), table(Entry)

CLOCK, COUNTS = "the clock takes what is due", "the operator is told counts, and nothing else"
"""Why a statement goes everywhere, see `bot.runtime.store.fence`."""
MOST_TRIES = 5
SEEN_KEPT_MS, CONVERSATION_KEPT_MS = kept.longest_ms(kept.DAY), kept.longest_ms(kept.TURN)
OUTBOX_KEPT_MS = kept.longest_ms(kept.DELIVERY)
GIVEN_UP_KEPT_MS = kept.longest_ms(kept.GIVEN_UP)
TOO_OLD = "too_old"
"""Why a card was given up that could not be delivered within its time."""


@dataclass(frozen=True, slots=True)
class Statement:
    """sql: in the driver's own dialect. order: its parameters, for drivers that want them by place.

    constants  the parameters that always have the same value.
    everywhere why it reaches rows of all workspaces; empty where it does not.
    """

    sql: str
    order: tuple[str, ...]
    constants: dict[str, Any]
    everywhere: str = ""

    def named(self, values: dict[str, Any]) -> dict[str, Any]:
        return {**self.constants, **values} if self.constants else values

    def placed(self, values: dict[str, Any]) -> list[Any]:
        named = self.named(values)
        return [named[name] for name in self.order]


def compiled(statement: ClauseElement, dialect: Dialect) -> Statement:
    """raises  StateError for a statement that is not fenced."""
    everywhere = fenced(statement)
    result = cast("SQLCompiler", statement.compile(dialect=dialect))
    params = cast("dict[str, Any]", result.params)
    constants = {name: value for name, value in params.items() if value is not None}
    return Statement(str(result), tuple(result.positiontup or ()), constants, everywhere)


def whole(name: str) -> Any:
    return bindparam(name, type_=BigInteger())


def binary(name: str) -> Any:
    return bindparam(name, type_=LargeBinary())


def text(name: str) -> Any:
    return bindparam(name, type_=String())


SEEN_BEFORE = select(SEEN.c.id).where(SEEN.c.id == binary("seen"))

_KEY = select(binary("person").label("person"), exists(SEEN_BEFORE).label("seen")).subquery("k")
LOAD = select(
    _KEY.c.seen,
    CONVERSATION.c.serial,
    CONVERSATION.c.state,
    PERSON.c.profile,
    CONVERSATION.c.updated_ms,
    PERSON.c.home,
    PERSON.c.nudges,
    PERSON.c.mine,
).select_from(
    _KEY.outerjoin(CONVERSATION, CONVERSATION.c.person == _KEY.c.person).outerjoin(
        PERSON, PERSON.c.person == _KEY.c.person
    )
)

CLEAR_DUE = delete(DUE).where(DUE.c.person == binary("person"), DUE.c.serial <= whole("serial"))

DELIVERED = delete(OUTBOX).where(OUTBOX.c.id == binary("id"))
POSTPONE = (
    update(OUTBOX)
    .where(OUTBOX.c.id == binary("row_id"))
    .values(
        due_ms=whole("at"),
        tries=bindparam("tried", type_=Integer()),
        doubts=bindparam("doubted", type_=Integer()),
    )
)
GIVE_UP = (
    update(OUTBOX)
    .where(OUTBOX.c.id == binary("row_id"))
    .values(payload=null(), person=literal(b"", LargeBinary()), given_up=text("reason"))
)

_READY = (
    select(OUTBOX.c.id)
    .where(
        OUTBOX.c.due_ms <= whole("now"),
        OUTBOX.c.given_up.is_(None),
        OUTBOX.c.created_ms >= whole("now") - OUTBOX_KEPT_MS,
        OUTBOX.c.expires_ms > whole("now"),
    )
    .order_by(OUTBOX.c.due_ms)
    .limit(whole("most"))
    .with_for_update(skip_locked=True)
)
CLAIM_OUTBOX = (
    update(OUTBOX)
    .where(OUTBOX.c.id.in_(_READY.scalar_subquery()))
    .values(due_ms=whole("until"), doubts=OUTBOX.c.doubts + 1)
    .returning(
        *(
            OUTBOX.c[name]
            for name in (
                *("id", "person", "workspace", "platform", "payload", "created_ms"),
                *("due_ms", "tries", "doubts", "once", "expires_ms"),
            )
        )
    )
    .execution_options(everywhere=CLOCK)
)

_RIPE = (
    select(DUE.c.person)
    .where(DUE.c.due_ms <= whole("now"), DUE.c.lease_ms <= whole("now"), DUE.c.tries < MOST_TRIES)
    .order_by(DUE.c.due_ms)
    .limit(whole("most"))
    .with_for_update(skip_locked=True)
)
CLAIM_DUE = (
    update(DUE)
    .where(DUE.c.person.in_(_RIPE.scalar_subquery()))
    .values(lease_ms=whole("until"), tries=DUE.c.tries + 1)
    .returning(
        *(
            DUE.c[name]
            for name in ("person", "workspace", "platform", "serial", "due_ms", "payload", "tries")
        )
    )
    .execution_options(everywhere=CLOCK)
)

_PRUNED = (
    delete(SEEN).where(SEEN.c.at_ms < whole("now") - SEEN_KEPT_MS),
    delete(CONVERSATION).where(
        CONVERSATION.c.updated_ms < whole("now") - CONVERSATION_KEPT_MS,
        ~exists(select(DUE.c.person).where(DUE.c.person == CONVERSATION.c.person)),
    ),
    delete(DUE).where(DUE.c.due_ms < whole("now") - CONVERSATION_KEPT_MS),
    # A reminder that was set aside. What is due in time, the clock takes away itself.
    delete(NUDGE).where(
        NUDGE.c.due_ms >= NEVER_MS, NUDGE.c.days == 0, NUDGE.c.until_ms < whole("now")
    ),
    delete(INVITATION).where(INVITATION.c.until_ms < whole("now")),
    delete(ENTRY).where(ENTRY.c.until_ms < whole("now")),
    delete(OUTBOX).where(OUTBOX.c.once, OUTBOX.c.expires_ms < whole("now")),
    update(OUTBOX)
    .where(
        OUTBOX.c.given_up.is_(None),
        or_(
            OUTBOX.c.created_ms < whole("now") - OUTBOX_KEPT_MS,
            OUTBOX.c.expires_ms < whole("now"),
        ),
    )
    .values(payload=null(), person=literal(b"", LargeBinary()), given_up=literal(TOO_OLD)),
    delete(OUTBOX).where(OUTBOX.c.created_ms < whole("now") - GIVEN_UP_KEPT_MS),
)
PRUNE = tuple(each.execution_options(everywhere="what is too old goes") for each in _PRUNED)

WAITING = (
    select(func.count()).where(OUTBOX.c.given_up.is_(None)).execution_options(everywhere=COUNTS)
)
GIVEN_UP = (
    select(OUTBOX.c.given_up, func.count())
    .where(OUTBOX.c.given_up.is_not(None))
    .group_by(OUTBOX.c.given_up)
    .execution_options(everywhere=COUNTS)
)
PAUSES = select(
    func.count(),
    func.count(case((DUE.c.tries >= MOST_TRIES, 1))),
    func.min(case((DUE.c.tries < MOST_TRIES, DUE.c.due_ms))),
).execution_options(everywhere=COUNTS)
KEYS = select(KEYRING.c.purpose, KEYRING.c.wrapped)


def postponed(row: Later) -> dict[str, Any]:
    """The parameters of POSTPONE."""
    return {"row_id": row.id, "at": row.due_ms, "tried": row.tries, "doubted": row.doubts}


def set_key(insert: Any) -> Any:
    """A key wrapped anew, unless somebody else was first. insert: the dialect's own."""
    new = insert(KEYRING).values(
        purpose=bindparam("purpose", type_=String()), wrapped=binary("wrapped")
    )
    return new.on_conflict_do_update(
        index_elements=["purpose"],
        set_={"wrapped": new.excluded.wrapped},
        where=KEYRING.c.wrapped == binary("before"),
    )
