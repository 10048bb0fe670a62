"""The box at a team's meetings: nothing twice before it is empty, whoever draws, and how fast."""

import asyncio

import pytest

from bot.core.deck import Pile
from bot.core.errors import StateError
from bot.core.library import Library
from bot.runtime import codec
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.chat import CHANNEL, STOCK, Chat, boxed

SET_UP = (
    "#anna > /landa team",
    "#anna > [Ställ in]",
    "#anna > [Spara] time=10:00 days=1+2+3+4+5 kinds=pause language=sv",
    "#bo > /landa lådan möte",
    "#bo > [Ställ fram den]",
)
TO_DRAW = 8
"""Slips of STOCK that a few people around a table can share."""


async def put_forward(library: Library, store: Store, vault: Vault) -> Chat:
    chat = Chat(boxed(library, STOCK), store, vault)
    for line in SET_UP:
        await chat.play(line)
    return chat


def drawn(chat: Chat) -> list[str]:
    """The titles of the slips that lie in the channel."""
    cards = [outgoing.card for outgoing in chat.said[CHANNEL]]
    return [card.title for card in cards if any(c.label == "Dra nästa" for c in card.choices)]


async def test_none_comes_again_before_the_box_is_empty(
    library: Library, sqlite_store: Store, vault: Vault
) -> None:
    """A meeting a week, with the box put forward anew each time: all slips come, each once; what a
    lead changes meanwhile moves nothing."""
    chat = await put_forward(library, sqlite_store, vault)
    for number in range(TO_DRAW):
        await chat.play("#cia > [#Dra en lapp]")
        if number == 2:
            await chat.play("#anna > /landa team")
            await chat.play("#anna > [Ändra]")
            await chat.play("#anna > [Spara] time=11:00 days=1 kinds=body language=sv")
        for line in ("+ 7d", "#dia > /landa lådan möte", "#dia > [Ställ fram den]"):
            await chat.play(line)
    assert len(set(drawn(chat))) == len(drawn(chat)) == TO_DRAW
    await chat.play("#cia > [#Dra en lapp]")
    assert drawn(chat)[-1] in drawn(chat)[:-1]


async def test_two_hands_at_once(library: Library, store: Store, vault: Vault) -> None:
    """Whoever presses the same card at the same moment, one slip lies on the table; the other hand
    hears that it lies there."""
    chat = await put_forward(library, store, vault)
    for number in range(3):
        label = "[#Dra en lapp]" if number == 0 else "[#Dra nästa]"
        hands = [chat.inbound(who, label, f"hand-{number}-{who}", CHANNEL) for who in ("bo", "cia")]
        await asyncio.gather(*(chat.turns(hand) for hand in hands))
        await chat.turns.drained()
        await chat.outbox.settled()
        assert len(drawn(chat)) == number + 1
    told = [o.card for who in ("bo", "cia") for o in chat.said.get(who, [])]
    assert sum(any(c.label == "Dra en till" for c in card.choices) for card in told) == 3


def test_it_opens_for_its_own_team_alone(vault: Vault) -> None:
    """Sealed, and to one team."""
    piles = {"table": Pile(2**64 - 1, 2**63 + 1)}
    sealed = codec.seal_drawn(piles, vault, b"team")
    assert codec.open_drawn(sealed, vault, b"team") == piles
    with pytest.raises(StateError):
        codec.open_drawn(sealed, vault, b"meat")
