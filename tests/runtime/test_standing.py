"""Standing cards, people who come and go, and what the platform says of them."""

from dataclasses import fields, replace

import pytest

from bot.core.errors import DeliveryError
from bot.core.library import Library
from bot.core.message import Choice, Message
from bot.core.port import Outgoing
from bot.core.turn import Commanded, Hints, Inbound, Joined, Left, Person, Picked, Place, Pressed
from bot.runtime import press
from bot.runtime.press import STANDS_DAYS, Stamp
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.runtime.parts import HOUR, START, Small, T, person_key

CARD = Message("Dags för en paus?", (Choice("practice/pause", "Starta"),), standing=True)
DAY = 24 * HOUR


@pytest.fixture
def small(library: Library, store: Store, vault: Vault) -> Small:
    return Small(library, store, vault)


def token(owner: bytes, vault: Vault, at_ms: int = T) -> str:
    return press.sign(CARD, Stamp(owner, 7, at_ms), vault).choices[0].id


def in_channel(small: Small, turn: Pressed, who: str, channel: str = "C1") -> Inbound:
    place = Place("channel", {"who": who}, channel)
    return Inbound(f"{who}{channel}", Person("test", "T1", who), place, turn, small.now)


def test_a_standing_choice_is_its_owners(vault: Vault) -> None:
    """A button of a team's card works for whoever stands in the team's place, and nowhere else."""
    anna, team, other = (vault.hash(name) for name in ("anna", "team", "other"))
    pressed = Pressed(token(team, vault))
    assert press.read(pressed, (anna, team), T, vault) == Picked("practice", "pause")
    assert press.read(pressed, (anna,), T, vault) is None
    assert press.read(pressed, (anna, other), T, vault) is None
    assert press.read(Pressed(token(anna, vault)), (anna,), T, vault) == Picked("practice", "pause")


def test_a_signed_button_is_the_same_button(vault: Vault) -> None:
    """Only its id becomes a token: how it looks, and what is read aloud, stays as it was."""
    button = Choice("calm", "Grön", quiet=True, spoken="Grön: jag är trygg")
    assert all(getattr(button, each.name) for each in fields(Choice)), "one is as it is by itself"
    (signed,) = press.sign(Message("Hej", (button,)), Stamp(b"anna", 7, T), vault).choices
    assert replace(signed, id="calm") == button


def test_an_ordinary_card_is_never_a_teams(vault: Vault) -> None:
    """A token that belongs to a turn is taken from its person alone, wherever it was pressed."""
    anna, team = vault.hash("anna"), vault.hash("team")
    card = Message("Hej", (Choice("calm", "Lugna kroppen"),))
    made = press.sign(card, Stamp(team, 7, T), vault).choices[0].id
    assert press.read(Pressed(made), (anna, team), T, vault) is None


def test_a_standing_choice_ends(vault: Vault) -> None:
    """After a month a standing button is told of as old; one day before it still works."""
    anna = vault.hash("anna")
    pressed = Pressed(token(anna, vault))
    last = T + STANDS_DAYS * DAY
    assert press.read(pressed, (anna,), last, vault) == Picked("practice", "pause")
    assert press.read(pressed, (anna,), last + DAY, vault) == Picked("")


async def test_a_teams_card_is_answered_to_who_pressed(small: Small, vault: Vault) -> None:
    """Two people press the same card, and each gets slips of their own; a third elsewhere none."""
    team = vault.hash("team", "test", "T1", "C1")
    pressed = Pressed(token(team, vault))
    for who in ("anna", "bo"):
        assert (await small.turns(in_channel(small, pressed, who))).taken == "new"
    elsewhere = await small.turns(in_channel(small, pressed, "cia", "C2"))
    await small.outbox.settled()
    assert elsewhere.taken == "refused"
    assert [one.address["who"] for one in small.sent] == ["anna", "bo"]
    offered = small.library.words["sv"]("practice.choose")
    assert all(one.card.text.startswith(offered) for one in small.sent)


async def test_an_unknown_or_old_choice_is_gentle(small: Small) -> None:
    """A standing button whose flow is gone gets the gentle card, not an apology."""
    for flow in ("", "a-flow-of-last-year"):
        await small.take(Picked(flow))
    assert small.texts == [small.library.words["sv"]("menu.old")] * 2


async def test_who_leaves_leaves_nothing(small: Small, vault: Vault) -> None:
    """When somebody takes Landa away, no row of theirs is left, whatever they were in."""
    inbound = small.inbound(Joined())
    home = Place("private", {"who": "anna", "conversation": "a:1"})
    await small.turns(Inbound(inbound.id, inbound.person, inbound.place, Joined(), small.now, home))
    await small.outbox.settled()
    await small.command("inställningar")
    await small.take(
        Pressed(small.sent[-1].card.choices[0].id, {"language": "en", "motion": "still"})
    )
    await small.command("luft")
    await small.press(0)
    assert (await small.store.load(person_key(vault), b"x")).home
    small.sent.clear()
    await small.take(Left())
    loaded = await small.store.load(person_key(vault), b"x")
    assert (loaded.serial, loaded.state, loaded.profile, loaded.home) == (None, None, None, None)
    await small.tick(3600)
    assert small.sent == []
    assert (await small.store.backlog(T)).due == 0


async def test_whoever_shuts_landa_out(small: Small, vault: Vault) -> None:
    """Nothing goes to somebody who has shut Landa out: it forgets where they can be reached, and
    nothing else of theirs, until they come back by themselves.
    """
    await small.take(Joined())
    inbound = small.inbound(Joined())
    home = Place("private", {"who": "anna"})
    await small.turns(Inbound(inbound.id, inbound.person, inbound.place, Joined(), START, home))
    await small.outbox.settled()
    assert (await small.store.load(person_key(vault), b"x")).home

    def refuse(_: Outgoing) -> None:
        raise DeliveryError("MessageWritesBlocked", shut=True)

    small.answers = refuse
    await small.take(Commanded(""))
    loaded = await small.store.load(person_key(vault), b"x")
    assert loaded.home is None
    assert loaded.serial is not None
    assert (await small.store.backlog(T)).given_up == {"shut out": 1}


async def test_back_within_a_second(small: Small) -> None:
    """Whoever comes, goes and comes back at once is taken, also while cards of before still lie."""
    busy = DeliveryError("busy", retry_after_s=60)

    def refuse(_: Outgoing) -> None:
        raise busy

    small.answers = refuse
    for turn in (Joined(), Commanded(""), Left(), Joined(), Commanded("")):
        assert (await small.take(turn)).taken == "new"


async def test_a_home_is_known_again(small: Small, library: Library, vault: Vault) -> None:
    """Where somebody can be reached alone outlives a restart, and stands on their cards."""
    inbound = small.inbound(Joined())
    home = Place("private", {"who": "anna", "conversation": "a:1"})
    await small.turns(Inbound(inbound.id, inbound.person, inbound.place, Joined(), START, home))
    await small.outbox.settled()
    after = Small(library, small.store, vault)
    await after.turns(in_channel(after, Commanded(""), "anna"))  # type: ignore[arg-type]
    await after.outbox.settled()
    assert after.sent[0].home == home.address


@pytest.mark.parametrize(
    ("said", "language"), [("en-US", "en"), ("sv", "sv"), ("fi-FI", "sv"), ("", "sv")]
)
async def test_the_platforms_language(small: Small, said: str, language: str) -> None:
    """Who has chosen nothing is answered in the platform's language, where Landa speaks it."""
    inbound = small.inbound(Commanded(""))
    await small.turns(
        Inbound(
            inbound.id, inbound.person, inbound.place, inbound.turn, small.now, hints=Hints(said)
        )
    )
    await small.outbox.settled()
    assert small.texts == [small.library.words[language]("land.here")]
