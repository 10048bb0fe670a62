"""The path of one turn: what a person may rely on, whatever goes wrong."""

import asyncio
import random
import time
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from structlog.testing import capture_logs

from bot.core.library import Library
from bot.core.turn import Commanded, Pressed
from bot.flows import FLOWS
from bot.runtime import codec
from bot.runtime.handle import PATIENCE_S
from bot.runtime.outbox import LEASE_S
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from bot.runtime.writing import RIDE_S
from tests.runtime.parts import Faulty, Small, T, commit, person_key

CANARY = "kanariefågel"


@pytest.fixture
def faulty(store: Store) -> Faulty:
    return Faulty(store)


@pytest.fixture
def small(library: Library, faulty: Faulty, vault: Vault) -> Small:
    return Small(library, faulty, vault)


def respond_fails(small: Small, *, text: str = CANARY) -> None:
    """Every flow fails, with words in the exception."""

    def fail(*_: object) -> None:
        raise RuntimeError(text)

    flows = {name: replace(flow, start=fail, respond=fail) for name, flow in FLOWS.items()}
    small.turns._plan = replace(small.turns._plan, flows=flows)  # type: ignore[arg-type]


async def test_a_repeated_delivery_does_nothing(small: Small) -> None:
    """The same delivery four times is one act."""
    inbound = small.inbound(Commanded(""))
    answers = [(await small.turns(inbound)).taken for _ in range(4)]
    await small.outbox.settled()
    assert answers == ["new", "seen", "seen", "seen"]
    assert len(small.sent) == 1


async def test_a_delivery_repeated_at_once_does_nothing(small: Small) -> None:
    """The same delivery eight times at the same instant is one act."""
    inbound = small.inbound(Commanded(""))
    answers = await asyncio.gather(*(small.turns(inbound) for _ in range(8)))
    await small.outbox.settled()
    assert sorted(answer.taken for answer in answers) == ["new"] + ["seen"] * 7
    assert len(small.sent) == 1


async def test_two_processes_take_a_delivery_once(
    library: Library, store: Store, vault: Vault
) -> None:
    """A delivery that reaches two processes at the same instant is one act."""
    one, two = Small(library, store, vault), Small(library, store, vault)
    for n in range(10):
        inbound = one.inbound(Commanded(""), who=f"p{n}", id=f"d{n}")
        answers = await asyncio.gather(one.turns(inbound), two.turns(inbound))
        assert sorted(answer.taken for answer in answers) == ["new", "seen"]
    await one.outbox.settled()
    await two.outbox.settled()
    assert len(one.sent) + len(two.sent) == 10


async def test_of_two_presses_the_first_decides(small: Small) -> None:
    """Two buttons of one card pressed at the same instant give one answer."""
    await small.command()
    tokens = [choice.id for choice in small.sent[0].card.choices[:2]]
    presses = [small.inbound(Pressed(token)) for token in tokens]
    await asyncio.gather(*(small.turns(press) for press in presses))
    await small.outbox.settled()
    assert len(small.sent) == 2


async def test_of_two_presses_in_two_processes_the_first_decides(
    library: Library, store: Store, vault: Vault
) -> None:
    """Two buttons of one card pressed in two processes give one answer."""
    one, two = Small(library, store, vault), Small(library, store, vault)
    await one.command()
    tokens = [choice.id for choice in one.sent[0].card.choices[:2]]
    await asyncio.gather(
        one.turns(one.inbound(Pressed(tokens[0]), id="a")),
        two.turns(two.inbound(Pressed(tokens[1]), id="b")),
    )
    await one.outbox.settled()
    await two.outbox.settled()
    assert len(one.sent) + len(two.sent) == 2


async def test_forged_presses_are_refused(small: Small) -> None:
    """No button that Landa did not make for this person does anything."""
    await small.command()
    token = small.sent[0].card.choices[0].id
    before = await small.store.load(person_key(small.vault), b"x")
    chance = random.Random(7)
    letters = "abcdefghijklmnopqrstuvwxyzABC0123456789-_~ åé\ud800\x00"
    forged = {"", "~", "~~", token + "=", token.upper(), token[:-1], token.replace("~", "", 1)}
    while len(forged) < 400:
        cut = chance.randrange(len(token))
        forged.add(token[:cut] + chance.choice(letters) + token[cut + chance.randrange(3) :])
    forged.discard(token)
    for mutated in forged:
        assert (await small.turns(small.inbound(Pressed(mutated)))).taken == "refused"
    assert await small.store.load(person_key(small.vault), b"x") == before
    assert len(small.sent) == 1


async def test_another_persons_button_is_refused(small: Small) -> None:
    """A button works only for the person it was made for."""
    await small.command(who="anna")
    token = small.sent[0].card.choices[0].id
    assert (await small.take(Pressed(token), who="bo")).taken == "refused"
    assert len(small.sent) == 1
    assert (await small.take(Pressed(token), who="anna")).taken == "new"


async def test_a_fault_in_a_flow_is_a_kind_message(small: Small) -> None:
    """When a flow fails, the person gets a kind word, the log none of theirs, and it goes on."""
    plan = small.turns._plan
    respond_fails(small)
    with capture_logs() as logs:
        answer = await small.command(CANARY)
    assert answer.taken == "new"
    assert small.texts == [small.library.words["sv"]("menu.sorry")]
    assert [line["event"] for line in logs] == ["respond.fault"]
    assert logs[0]["fault"] == "RuntimeError"
    assert CANARY not in str(logs)
    small.turns._plan = plan
    await small.command()
    assert len(small.sent[1].card.choices) > 2


async def test_a_fault_is_not_repeated(small: Small) -> None:
    """A turn that made a flow fail is not played again when the platform repeats it."""
    respond_fails(small)
    await small.command(id="d")
    assert (await small.command(id="d")).taken == "seen"
    assert len(small.sent) == 1


async def test_a_fault_anywhere_else_is_a_kind_message(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even a fault of our own around the flow raises, or tells anybody's words."""

    def fail(*_: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("bot.runtime.handle.rows", fail)
    with capture_logs() as logs:
        answer = await small.command(CANARY, ride=True)
    assert answer.taken == "refused"
    assert answer.riding
    assert answer.riding.card.text == small.library.words["sv"]("menu.sorry")
    assert [line["event"] for line in logs] == ["turn.fault"]
    assert CANARY not in str(logs)


async def test_a_command_that_cannot_be_stored_is_told(small: Small) -> None:
    """When a command cannot be stored, the apology rides out, and it works again after."""
    small.store.fails["commit"] = 1
    answer = await small.command(ride=True)
    assert answer.taken == "refused"
    assert answer.riding
    assert answer.riding.card.text == small.library.words["sv"]("menu.not_saved")
    assert (await small.command(ride=True)).taken == "new"


async def test_a_press_that_cannot_be_stored_is_told(small: Small) -> None:
    """When a press cannot be stored, the apology is sent, and the same button works after."""
    await small.command()
    small.store.fails["commit"] = 1
    token = small.sent[0].card.choices[0].id
    assert (await small.take(Pressed(token))).taken == "refused"
    assert small.texts[1:] == [small.library.words["sv"]("menu.not_saved")]
    assert not small.sent[1].replace
    await small.take(Pressed(token))
    assert len(small.sent) == 3


async def test_an_event_that_cannot_be_stored_comes_again(small: Small) -> None:
    """When words cannot be stored, nothing is said: the platform is to bring them again."""
    small.store.fails["load"] = 1
    assert (await small.say("hej", id="d")).taken == "refused"
    assert small.sent == []
    assert (await small.say("hej", id="d")).taken == "new"
    assert len(small.sent) == 1


async def test_an_apology_that_cannot_be_sent_is_let_go(small: Small) -> None:
    """When not even the apology can be sent, nothing breaks."""
    await small.command()
    small.store.fails["commit"] = 1
    small.answers = lambda _: 1 / 0
    await small.take(Pressed(small.sent[0].card.choices[0].id))
    small.answers = None
    assert (await small.command()).taken == "new"


@pytest.mark.parametrize("ride", [True, False])
async def test_a_late_turn_is_answered_in_time(small: Small, *, ride: bool) -> None:
    """When the database is slow, the platform has its answer within half a second, and the card
    follows exactly once."""
    small.store.slow["commit"] = 0.8
    started = time.perf_counter()
    answer = await small.turns(small.inbound(Commanded("")), ride=ride)
    assert time.perf_counter() - started < PATIENCE_S + 0.1
    assert (answer.taken, answer.riding) == ("late", None)
    assert small.sent == []
    await small.turns.drained()
    await small.outbox.settled()
    assert len(small.sent) == 1
    small.store.slow.clear()
    for seconds in (RIDE_S, LEASE_S, LEASE_S):
        await small.tick(seconds)
    assert len(small.sent) == 1


async def test_a_late_turn_and_the_clock_deliver_once(small: Small) -> None:
    """A turn so late that its lease has run out is delivered by one of two, not by both."""
    small.store.slow["commit"] = 0.6
    answer = await small.turns(small.inbound(Commanded("")), ride=True)
    assert answer.taken == "late"
    small.later(RIDE_S + 1)
    await small.turns.drained()
    await small.outbox.settled()
    await small.tick(1)
    await small.tick(LEASE_S)
    assert len(small.sent) == 1


async def test_a_late_apology_follows(small: Small) -> None:
    """When a command fails only after the platform had its answer, the apology is sent."""
    small.store.slow["commit"] = 0.6
    small.store.fails["commit"] = 1
    answer = await small.turns(small.inbound(Commanded("")), ride=True)
    assert answer.taken == "late"
    await small.turns.drained()
    await small.outbox.settled()
    assert small.texts == [small.library.words["sv"]("menu.not_saved")]


async def test_a_ride_that_arrived_leaves_nothing(small: Small) -> None:
    """A card that has been written into the answer is not sent again."""
    answer = await small.command(ride=True)
    assert answer.riding
    assert small.sent == []
    answer.ridden()
    await small.outbox.settled()
    await small.tick(RIDE_S)
    await small.tick(LEASE_S)
    assert small.sent == []
    assert (await small.store.backlog(T)).waiting == 0


async def test_a_ride_that_is_lost_is_sent(small: Small) -> None:
    """A card whose answer was never written arrives by itself, once, after a few seconds."""
    answer = await small.command(ride=True)
    await small.tick(RIDE_S - 1)
    assert small.sent == []
    await small.tick(1)
    assert [one.card for one in small.sent] == [answer.riding and answer.riding.card]
    await small.tick(LEASE_S)
    assert len(small.sent) == 1


async def test_a_crash_between_commit_and_delivery_loses_nothing(small: Small) -> None:
    """A card that was committed and not delivered before a crash is delivered once after it."""
    small.outbox.take = lambda _: None  # type: ignore[method-assign]
    await small.command()
    assert small.sent == []
    small.begin()
    await small.tick(LEASE_S - 1)
    assert small.sent == []
    for seconds in (1, LEASE_S, LEASE_S):
        await small.tick(seconds)
    assert len(small.sent) == 1
    assert (await small.store.backlog(T)).waiting == 0
    await small.press()
    assert len(small.sent) == 2


async def test_a_lost_key_locks_nobody_out(library: Library, store: Store, vault: Vault) -> None:
    """A person whose stored conversation and wishes cannot be read any more begins anew."""
    before = Small(library, store, vault)
    await before.command("inställningar")
    form = before.sent[-1].card
    await before.take(Pressed(form.choices[0].id, {"language": "en", "motion": "still"}))
    await before.command()
    after = Small(library, store, Vault(b"p" * 32, AESGCM(b"other key" + b"." * 23)))
    with capture_logs() as logs:
        answer = await after.take(Pressed(before.sent[-1].card.choices[0].id), id="later")
    assert answer.taken == "new"
    assert len(after.sent) == 1
    assert after.sent[0].language == "sv"
    events = {line["event"] for line in logs}
    assert events == {"conversation.unreadable", "profile.unreadable"}
    await after.press(id="latest")
    assert len(after.sent) == 2


@pytest.mark.parametrize("rubbish", [b"", b"x", b"x" * 300])
async def test_a_broken_row_locks_nobody_out(small: Small, store: Store, rubbish: bytes) -> None:
    """A person whose stored conversation is rubbish begins anew."""
    await small.command()
    who = person_key(small.vault)
    loaded = await store.load(who, b"x")
    assert loaded.serial
    broken = replace(commit("x", expected=loaded.serial, state=rubbish), person=who)
    assert await store.commit(broken) == "done"
    assert (await small.command()).taken == "new"
    assert len(small.sent) == 2


async def test_a_flow_that_is_gone_locks_nobody_out(small: Small) -> None:
    """A person in a flow that this version no longer has gets a kind word and begins anew."""
    await small.command()
    plan = small.turns._plan
    small.turns._plan = replace(plan, flows={n: f for n, f in FLOWS.items() if n != "land"})
    await small.press()
    assert small.texts[1:] == [small.library.words["sv"]("menu.sorry")]
    small.turns._plan = plan
    await small.command()
    assert len(small.sent) == 3


async def breathing(small: Small) -> None:
    await small.command("andas")
    await small.press()


async def test_a_pause_that_ends_is_told_once(small: Small) -> None:
    """When a slip has ended, its card is rewritten once, even if the clock wakes twice."""
    await breathing(small)
    count = len(small.sent)
    await small.tick(900)
    assert len(small.sent) == count + 1
    for _ in range(3):
        await small.tick(61)
    assert len(small.sent) == count + 1


async def test_who_moved_on_is_left_alone(small: Small) -> None:
    """A pause wakes nobody who has done something else since."""
    await breathing(small)
    await small.press(-1)
    count = len(small.sent)
    await small.tick(900)
    assert len(small.sent) == count
    assert (await small.store.backlog(T)).due == 0


@pytest.mark.parametrize("word", ["stopp", "stop", "sluta"])
async def test_who_said_stop_is_left_alone(small: Small, word: str) -> None:
    """After stop, nothing comes by itself."""
    await breathing(small)
    await small.say(word)
    count = len(small.sent)
    await small.tick(900)
    assert len(small.sent) == count
    assert (await small.store.backlog(T)).due == 0


async def test_stop_and_a_pause_that_ends_at_once(small: Small) -> None:
    """When stop and the end of a pause meet, stop has the last word."""
    await breathing(small)
    small.later(900)
    await asyncio.gather(small.say("stopp"), small.clock.tick())
    await small.outbox.settled()
    await small.tick(900)
    last = small.library.words["sv"]("stopped.all")
    assert small.texts[-1] == last
    assert (await small.store.backlog(T)).due == 0


async def test_a_pause_of_yesterday_wakes_nobody(small: Small) -> None:
    """After a long stop of Landa, yesterday's pauses are let go."""
    await breathing(small)
    count = len(small.sent)
    await small.tick(9 * 3600)
    assert len(small.sent) == count


async def test_a_conversation_that_keeps_moving_is_told(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When somebody else always is first, it ends with an apology, not without end."""

    async def conflict(_: object) -> str:
        return "conflict"

    monkeypatch.setattr(small.store, "commit", conflict, raising=False)
    answer = await small.command(ride=True)
    assert answer.taken == "refused"
    assert answer.riding


async def test_what_is_sealed_says_nothing(small: Small, store: Store) -> None:
    """What is stored about a conversation cannot be read without the keys."""
    await small.command(CANARY)
    loaded = await store.load(person_key(small.vault), b"x")
    assert loaded.state
    assert CANARY.encode() not in loaded.state
    assert b"flow" not in loaded.state
    opened = codec.open_conversation(
        loaded.state,
        loaded.serial or 0,
        small.vault,
        small.vault.hash("workspace", "test", "T1") + person_key(small.vault),
    )
    assert opened.flow
