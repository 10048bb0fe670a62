"""A colleague is told where somebody is: what shows outside, and what is left of it."""

from datetime import timedelta

import pytest

from bot.core.library import Library
from bot.core.turn import Inbound, Person, Picked, Place
from bot.runtime.codec import ms
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.chat import STOCK, Chat, boxed, show
from tests.runtime.test_company import YES

TELLS = ("#anna > /landa inför", "#anna > [Säg till en kollega]", "@anna > [Säg till nu]")


async def told(library: Library, store: Store, vault: Vault) -> Chat:
    """Bo has been told that Anna is away until ten."""
    chat = Chat(boxed(library, STOCK), store, vault)
    for line in (*YES, *TELLS):
        await chat.play(line)
    return chat


async def test_nothing_shows_outside(library: Library, store: Store, vault: Vault) -> None:
    """On a locked screen, who is told and who is reminded see a neutral line."""
    chat = await told(library, store, vault)
    neutral = library.words["sv"]("card.preview")
    assert getattr(chat.said["bo"][-1].card, "preview", "") == neutral
    await chat.play("+ 65m")
    await chat.play("!")
    assert getattr(chat.said["anna"][-1].card, "preview", "") == neutral
    assert len(chat.said["bo"]) == len(YES) + 1, "nobody else hears that the time has passed"


@pytest.mark.parametrize(
    "after", ["@anna > [Allt är bra]", "@anna > [Ta tillbaka]", "@anna > stopp"]
)
async def test_what_is_stored_ends_with_it(
    after: str, library: Library, store: Store, vault: Vault
) -> None:
    """Nothing waits any more once all is well, it is taken back, or somebody says stop."""
    chat = await told(library, store, vault)
    assert (await store.backlog(ms(chat.now))).nudges == 1
    await chat.play(after)
    backlog = await store.backlog(ms(chat.now + timedelta(hours=4)))
    assert (backlog.nudges, backlog.waiting) == (0, 0)


async def test_whose_place_is_carried(library: Library, store: Store, vault: Vault) -> None:
    """In another workspace the same words name nobody, and nobody is told."""
    chat = await told(library, store, vault)
    token = next(each.id for each in chat.said["anna"][-1].card.choices)
    topic = token[token.index("where/") + len("where/") :].rpartition("~")[0]
    place = Place("private", {"who": "eva"})
    turn = Picked("where", topic)
    await chat.turns(Inbound("eva-1", Person("test", "T2", "eva"), place, turn, chat.now, place))
    await chat.outbox.settled()
    assert show(chat.said["eva"][-1].card) == "Vad bra att du är tillbaka. Inget mer skickas."
    assert len(chat.said["bo"]) == len(YES) + 1
