"""Somebody is asked for company: what is left of it, and who may answer."""

import asyncio
import re
from collections.abc import Iterable
from datetime import timedelta

import pytest

from bot.core.library import Library
from bot.core.turn import Inbound, Person, Picked, Place
from bot.runtime.codec import ms
from bot.runtime.store import Store
from bot.runtime.store.question import Ask
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.tables import METADATA
from bot.runtime.vault import Vault
from tests.chat import STOCK, Chat, boxed, show
from tests.workspaces import rows

YES = (
    "#bo > /landa landningskollega",
    "#bo > [Ja, fråga mig gärna]",
    "#bo > [Spara] name=Bo first=08:00 last=17:00 until=",
)
ASKS = (
    "#anna > /landa sällskap",
    "#anna > [Fråga en kollega]",
    "#anna > [Bo]",
    "#anna > [Skicka]",
)
OVER = "Den frågan gäller inte längre."


async def asked(library: Library, store: Store, vault: Vault, *, arrives: bool = True) -> Chat:
    """Anna has asked Bo, who has not answered yet. arrives: the question has come to him."""
    chat = Chat(boxed(library, STOCK), store, vault)
    for line in (*YES, *ASKS[:-1]):
        await chat.play(line)
    if not arrives:
        take = chat.outbox.take
        bo = vault.hash("person", "test", "T1", "bo")
        chat.outbox.take = lambda item: None if item.row.person == bo else take(item)
    await chat.play(ASKS[-1])
    return chat


def invitation(chat: Chat) -> str:
    """Its id, as it stands in the token of Bo's card."""
    card = chat.said["bo"][-1].card
    found = re.search(r"invited/come\.([0-9a-f]{32})", card.choices[0].id)
    assert found
    return found[1]


def found(id: str, person: str, chat: Chat, vault: Vault) -> Ask:
    me = vault.hash("lead", vault.hash("person", "test", "T1", person).hex())
    where = vault.hash("workspace", "test", "T1")
    return "invitation", {
        "id": bytes.fromhex(id), "where": where, "me": me, "now": ms(chat.now)
    }  # fmt: skip


async def test_an_invitation_outside_says_nothing(
    library: Library, store: Store, vault: Vault
) -> None:
    """What shows on a locked screen is the same neutral line as for anything else."""
    chat = await asked(library, store, vault)
    card = chat.said["bo"][-1].card
    assert getattr(card, "preview", "") == library.words["sv"]("card.preview")


@pytest.mark.parametrize("answer", ["come", "soon", "cannot", "never"])
async def test_nobody_else_answers(
    answer: str, library: Library, store: Store, vault: Vault
) -> None:
    """Who was not asked cannot answer, nor who asked, nor somebody of that name elsewhere."""
    chat = await asked(library, store, vault)
    id, before = invitation(chat), len(chat.said["anna"])
    others = [("cia", "T1"), ("bo", "T2"), ("anna", "T1")]
    for person, workspace in others[: 2 if answer == "never" else 3]:  # who asks may take it back
        place = Place("private", {"who": person})
        who, turn = Person("test", workspace, person), Picked("invited", f"{answer}.{id}")
        await chat.turns(Inbound(f"{person}{workspace}", who, place, turn, chat.now, place))
    await chat.outbox.settled()
    told = [show(each.card) for each in chat.said["anna"][before:]]
    assert not any("Bo k" in each for each in told)
    (rows,) = await store.ask(found(id, "bo", chat, vault))
    assert rows, "still open"


async def test_of_two_only_one_is_true(library: Library, store: Store, vault: Vault) -> None:
    """Taken back at the very moment it is answered: either it was answered, or it was not."""
    chat = await asked(library, store, vault)
    id = invitation(chat)
    acts = [("bo", f"invited/come.{id}"), ("anna", f"company/back.{id}")]
    inbounds = [chat.inbound(who, f"* {what}", f"race-{who}") for who, what in acts]
    await asyncio.gather(*(chat.turns(each) for each in inbounds))
    await chat.turns.drained()
    await asyncio.sleep(0)
    await chat.outbox.settled()
    anna = [show(each.card) for each in chat.said["anna"]]
    bo = show(chat.said["bo"][-1].card)
    came = any(each == "Bo kommer." for each in anna)
    taken = any(each.startswith("Då gäller frågan inte längre") for each in anna)
    assert came != taken
    assert bo.startswith(OVER) == taken


async def dumped(store: Store) -> bytes:
    """Every row there is, and of a file every byte."""
    found = [repr(row) for name in METADATA.tables for row in await rows(store, name)]
    files = b""
    if isinstance(store, SqliteStore):
        assert await store.scrub()
        files = b"".join(each.read_bytes() for each in store._path.parent.glob("landa.db*"))
    return "\n".join(found).encode() + files


def there(dump: bytes, secrets: Iterable[bytes]) -> list[bytes]:
    """Those that stand in *dump*, as they are or as a row shows them."""
    return [each for each in secrets if each in dump or repr(each)[2:-1].encode() in dump]


@pytest.mark.parametrize("arrives", [True, False], ids=["arrives", "never arrives"])
@pytest.mark.parametrize(
    "after",
    [(), ("@bo > [Jag kommer]",), ("@bo > [Kan inte nu]",), ("#anna > [Ta tillbaka]",)],
    ids=["silence", "came", "could not", "taken back"],
)
async def test_a_day_later_nothing_tells_who_asked_whom(
    after: tuple[str, ...], arrives: bool, library: Library, store: Store, vault: Vault
) -> None:
    """Whatever was answered, and whether the question arrived or not: a dump of the database one
    day later, to its last byte, holds nothing of the question, nor of whoever asked it."""
    chat = await asked(library, store, vault, arrives=arrives)
    me = vault.hash("lead", vault.hash("person", "test", "T1", "anna").hex())
    (row,) = await rows(store, "invitation")
    waiting = [bytes(card["payload"]) for card in await rows(store, "outbox")]
    assert bool(waiting) != arrives
    secrets = [me, *(bytes(row[each]) for each in ("id", "asker", "sealed")), *waiting]
    assert there(await dumped(store), secrets) == secrets
    for line in after if arrives or after[:1] == ("#anna > [Ta tillbaka]",) else ():
        await chat.play(line)
    chat.now += timedelta(hours=3)
    await chat.play("!")
    chat.now += timedelta(hours=21)
    await store.prune(ms(chat.now))
    left = await dumped(store)
    # Of a card that was given up, its own id is left, and why: it names nobody.
    assert set(there(left, secrets)) <= ({bytes(row["id"])} if waiting else set())
    given_up = await rows(store, "outbox")
    assert {(bytes(card["person"]), card["payload"]) for card in given_up} <= {(b"", None)}
    assert await rows(store, "invitation") == []
    assert (await store.backlog(ms(chat.now))).nudges == 0


async def test_who_is_forgotten_is_asked_no_more(
    library: Library, store: Store, vault: Vault
) -> None:
    """Taking Landa away takes the name off the roster, and the question with it."""
    chat = await asked(library, store, vault)
    id = invitation(chat)
    await chat.play("@bo * left")
    (rows,) = await store.ask(found(id, "anna", chat, vault))
    assert rows == []
    await chat.play(ASKS[0])
    said = await chat.play(ASKS[1])
    assert "ingen landningskollega" in said[0]
