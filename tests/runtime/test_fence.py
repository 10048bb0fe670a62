"""Nothing reaches a row about somebody but by a key that holds their workspace."""

import pytest
from sqlalchemy import delete, exists, insert, or_, select, update
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.sql.elements import ClauseElement

from bot.core.errors import StateError
from bot.core.library import Library
from bot.runtime.columns import is_about_somebody, is_key
from bot.runtime.store import Store
from bot.runtime.store import statements as s
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.store.statements import binary, compiled, whole
from bot.runtime.tables import METADATA
from bot.runtime.vault import Vault
from tests.chat import STOCK, Chat, boxed
from tests.fence import Watch, statements
from tests.workspaces import rows

PERSON, OUTBOX, DUE, INVITATION = s.PERSON, s.OUTBOX, s.DUE, s.INVITATION
SEEN, CONVERSATION = s.SEEN, s.CONVERSATION
_ME = binary("me")
EVERYWHERE = {
    *("CLAIM_OUTBOX", "CLAIM_DUE", "PRUNE", "ANY_RIPE", "RIPE", "MOVE", "DROP", "HOLD", "SETTLE"),
    *("SETTLE_REMINDER", "WAITING", "GIVEN_UP", "PAUSES", "COUNTED", "CROWDS", "installations"),
    "overdue",
}
"""What the clock takes and prunes, counts for the operator, and who has installed Landa."""

BAD: dict[str, tuple[ClauseElement, str]] = {
    "all": (select(PERSON.c.profile), "person"),
    "by no key": (select(DUE.c.person).where(DUE.c.serial == whole("serial")), "due"),
    "by a number": (delete(s.NUDGE).where(s.NUDGE.c.id == whole("id")), "nudge"),
    "or anybody": (
        select(PERSON.c.home).where(or_(PERSON.c.person == _ME, PERSON.c.mine.is_not(None))),
        "person",
    ),
    "anybody but me": (select(PERSON.c.home).where(PERSON.c.person != _ME), "person"),
    "as it stands": (select(PERSON.c.home).where(PERSON.c.person == PERSON.c.workspace), "person"),
    "beside one's own": (
        select(PERSON.c.home, CONVERSATION.c.state).where(PERSON.c.person == _ME),
        "conversation",
    ),
    "hanging on nothing": (
        select(PERSON.c.home).select_from(
            CONVERSATION.join(PERSON, PERSON.c.person == CONVERSATION.c.person)
        ),
        "conversation, person",
    ),
    "inside": (
        delete(OUTBOX).where(OUTBOX.c.id.in_(select(INVITATION.c.id).where(whole("a") == 1))),
        "invitation",
    ),
    "the same table inside": (
        update(PERSON).where(PERSON.c.person.in_(select(PERSON.c.person))).values(home=None),
        "person",
    ),
    "in passing": (
        select(PERSON.c.home).where(PERSON.c.person == _ME, exists(select(DUE.c.person))),
        "due",
    ),
    "homeless": (insert(PERSON).values(person=_ME, home=binary("home")), "person"),
    "homeless, out of others": (
        insert(PERSON).from_select(["person"], select(DUE.c.person).where(DUE.c.person == _ME)),
        "person",
    ),
    "a step after": (
        select(PERSON.c.home).add_cte(delete(DUE).returning(DUE.c.person).cte("gone")).where(
            PERSON.c.person == _ME
        ),
        "due",
    ),
}  # fmt: skip
GOOD: dict[str, ClauseElement] = {
    "by its key": select(PERSON.c.home).where(PERSON.c.person == _ME, PERSON.c.mine.is_(None)),
    "by its workspace": delete(DUE).where(DUE.c.workspace == binary("where")),
    "hanging on one's own": select(CONVERSATION.c.state, PERSON.c.home)
    .select_from(CONVERSATION.outerjoin(PERSON, PERSON.c.person == CONVERSATION.c.person))
    .where(CONVERSATION.c.person == _ME),
    "by a fixed one": delete(PERSON).where(PERSON.c.person == b"x"),
    "about nobody": select(SEEN.c.id),
    "everywhere, and why": select(DUE.c.person).execution_options(everywhere="the clock"),
}


@pytest.mark.parametrize(("statement", "tables"), BAD.values(), ids=BAD)
def test_what_reaches_everywhere_is_refused(statement: ClauseElement, tables: str) -> None:
    """A statement that reaches, or writes, a row without its workspace cannot be made; the fault
    names the tables."""
    with pytest.raises(StateError, match=f"^{tables} without a workspace: "):
        compiled(statement, dialect())


@pytest.mark.parametrize("statement", GOOD.values(), ids=GOOD)
def test_what_is_found_by_a_key_is_fine(statement: ClauseElement) -> None:
    """A key, or a row that hangs on one that was found by its key."""
    assert compiled(statement, dialect()).sql


def test_what_goes_everywhere_is_known_by_name() -> None:
    """Only these go everywhere. Whoever adds one adds it here, where it is seen."""
    named = {name.split(".")[2 if ".ASKED." in name else 1] for name, each in statements().items()
             if each.everywhere}  # fmt: skip
    assert named == EVERYWHERE


STORY = (
    "#bo > /landa landningskollega",
    "#bo > [Ja, fråga mig gärna]",
    "#bo > [Spara] name=Bo first=08:00 last=17:00 until=",
    "#anna > /landa team",
    "#anna > [Ställ in]",
    '#anna > [Spara] time=10:00 days="1 2 3 4 5" kinds=pause language=sv',
    "#cia > /landa lapp",
    "#cia > [Visa den för teamet] kind=question length=60 text=Luft?",
    "@dan > /landa inställningar",
    "@dan > [Spara] language=en motion=moving suggest=no zone=Europe/Stockholm",
    "@dan > remind me at 11:00",
    "@dan > /landa my-data",
    "@eva > /landa luft",
    "@eva > [15 minuter]",
    "#anna > /landa sällskap",
    "#anna > [Fråga en kollega]",
    "#anna > [Bo]",
    "#anna > [Skicka]",
)
"""What leaves a row in every table about a person or a team."""


async def test_keys_of_two_workspaces_never_meet(
    library: Library, store: Store, vault: Vault
) -> None:
    """People, channels and deliveries that are called the same in two workspaces have no key in
    common: a key holds its workspace, in whatever column it stands."""
    keys = [
        (table.name, column.name)
        for table in METADATA.tables.values()
        if table.info["whose"] in ("person", "team")
        for column in table.c
        if is_key(column)
    ]
    found: list[dict[tuple[str, str], set[bytes]]] = []
    for workspace in ("T1", "T2"):
        chat = Chat(boxed(library, STOCK), store, vault, workspace=workspace)
        for line in STORY[:-1]:
            await chat.play(line)
        chat.outbox.take = lambda _: None  # type: ignore[method-assign]  # the last cards wait
        await chat.play(STORY[-1])
        held = {name: await rows(store, name) for name in {table for table, _ in keys}}
        found.append({
            (name, column): {bytes(row[column]) for row in held[name]} for name, column in keys
        })  # fmt: skip
    first, both = found
    for key in keys:
        assert first[key], f"nothing in {key}"
        assert len(both[key]) == 2 * len(first[key]), key


async def test_what_runs_is_what_was_looked_at(store: Store, watch: Watch) -> None:
    """A statement of Landa's own that never passed the fence is caught when it runs."""
    before = watch.ran.total()
    await store.load(b"person", b"seen")
    assert watch.ran.total() > before
    assert watch.unknown == []
    bad = s.Statement("SELECT count(*) FROM Person WHERE workspace > ''", (), {})
    if isinstance(store, SqliteStore):
        store._read(bad)
    else:
        await getattr(store, "_fetch")(bad)  # noqa: B009
    assert watch.unknown == [bad.sql]
    watch.unknown.clear()


def test_every_table_says_whose_it_is() -> None:
    """A table that says nothing would stand outside the fence."""
    assert all(table.info.get("whose") for table in METADATA.tables.values())
    assert {table.name for table in METADATA.tables.values() if not is_about_somebody(table)} == {
        "seen",
        "keyring",
    }
