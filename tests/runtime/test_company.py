"""Somebody is asked for company: what is left of it, and who may answer."""

import asyncio
import re
from datetime import timedelta

import pytest

from bot.core.library import Library
from bot.core.turn import Inbound, Person, Picked, Place
from bot.runtime.codec import ms
from bot.runtime.store import Store
from bot.runtime.store.question import Ask
from bot.runtime.vault import Vault
from tests.chat import STOCK, Chat, boxed, show

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


async def asked(library: Library, store: Store, vault: Vault) -> Chat:
    """Anna has asked Bo, who has not answered yet."""
    chat = Chat(boxed(library, STOCK), store, vault)
    for line in (*YES, *ASKS):
        await chat.play(line)
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


@pytest.mark.parametrize(
    "after",
    [(), ("@bo > [Jag kommer]",), ("@bo > [Kan inte nu]",), ("#anna > [Ta tillbaka]",)],
    ids=["silence", "came", "could_not", "taken_back"],
)
async def test_a_day_later_nothing_tells_who_asked_whom(
    after: tuple[str, ...], library: Library, store: Store, vault: Vault
) -> None:
    """Whatever was answered, no row of it remains."""
    chat = await asked(library, store, vault)
    id = invitation(chat)
    for line in after:
        await chat.play(line)
    chat.now += timedelta(hours=3)
    await chat.play("!")
    chat.now += timedelta(hours=23)
    await store.prune(ms(chat.now))
    chat.now -= timedelta(days=2)
    rows = await store.ask(found(id, "anna", chat, vault), found(id, "bo", chat, vault))
    assert rows == [[], []]
    assert (await store.backlog(ms(chat.now))).nudges == 0
    assert (await store.backlog(ms(chat.now))).waiting == 0


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
