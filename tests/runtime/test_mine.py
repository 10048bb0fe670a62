"""What is kept of the box: sealed, opened again, and gone when its person wants it gone."""

from bot.core.deck import Pile
from bot.core.mine import MOST_FINISHED, Mine, finishing, saving, without
from bot.runtime import codec
from bot.runtime.store import Store
from bot.runtime.store.people import forgetting, keeping_mine, losing_mine, settling
from bot.runtime.vault import Vault
from tests.runtime.parts import commit, key

ANNA, WHERE = key("anna"), key("T1")
FULL = Mine({"exercise": Pile(2**64 - 1, 2**63 + 1)}, ("window", "box"), ("box",))


async def _kept(store: Store) -> bytes | None:
    return (await store.load(ANNA, key("nothing"))).mine


def test_it_is_sealed_and_read_again(vault: Vault) -> None:
    """What comes back is what was kept, and no slip can be read in the bytes."""
    sealed = codec.seal_mine(FULL, vault, WHERE + ANNA)
    assert codec.open_mine(sealed, vault, WHERE + ANNA) == FULL
    assert b"window" not in sealed


async def test_it_comes_with_its_person_and_goes_with_them(store: Store) -> None:
    """Kept, changed, loaded; and nothing is left once the person is forgotten."""
    assert await store.commit(commit()) == "done"
    await store.ask(keeping_mine(ANNA, WHERE, b"first"))
    await store.ask(keeping_mine(ANNA, WHERE, b"second"))
    assert await _kept(store) == b"second"
    await store.ask(*forgetting(ANNA, key("lead")))
    assert await _kept(store) is None


async def test_nothing_kept_leaves_no_row(store: Store) -> None:
    """Who takes everything away is nobody we know; who is reached still is."""
    await store.ask(keeping_mine(ANNA, WHERE, b"sealed"))
    *_, gone = await store.ask(*losing_mine(ANNA))
    assert len(gone) == 1
    await store.ask(settling(ANNA, WHERE, b"home"), keeping_mine(ANNA, WHERE, b"sealed"))
    *_, gone = await store.ask(*losing_mine(ANNA))
    assert not gone
    assert (await store.load(ANNA, key("nothing"))).home == b"home"
    assert await _kept(store) is None


def test_it_stays_small() -> None:
    """Saved twice is saved once, removed is gone, and of what was finished only the newest stay."""
    assert saving(saving(Mine(), "box"), "box").saved == ("box",)
    assert without(FULL, "box").saved == ("window",)
    mine = Mine()
    for number in range(MOST_FINISHED + 5):
        mine = finishing(mine, str(number))
    assert len(mine.finished) == MOST_FINISHED
    assert mine.finished[-1] == str(MOST_FINISHED + 4)
