"""Forms in windows of their own: errors beside the field, nothing typed lost, nobody nagged."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.opening import YOUNG
from bot.core.context import Context
from bot.core.conversation import Conversation
from bot.core.effect import Replace
from bot.core.errors import StorageError
from bot.core.flow import Flow, Next, Reply
from bot.core.library import Library
from bot.core.message import Choice, Field, Form, Message
from bot.core.turn import Chose, Submitted, Turn
from bot.flows import FLOWS
from bot.runtime.vault import Vault
from tests.adapters.slack.whole import ANNA, BO, ROOM, Landa, landa
from tests.standin_slack import StandIn
from tests.standin_slack.oauth import SlackError
from tests.standin_slack.views import View

CHOICES = (Choice("send", "Skicka"), Choice("leave", "Inte nu"))


def asking(said: str, error: str = "", *, more: bool = False) -> Reply:
    fields = (Field("word", "Ett ord", value=said, error=error, kind="text", optional=True),)
    if more:
        fields = (*fields, Field("time", "När?", kind="time", optional=True))
    return Reply("ask", (Replace(Form("Fråga", "Hur ser dagen ut?", fields, CHOICES)),))


def start(context: Context, data: Mapping[str, str]) -> Next:
    return asking("")


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    match turn:
        case Submitted("send", {"word": ""}):
            return asking("", "Skriv ett ord.")
        case Submitted("send", {"word": "mer"} as values) if "time" not in values:
            return asking("mer", more=True)
        case Submitted("send", {"word": "nästa"}):
            return replace(asking("", more=True), step="more")
        case Submitted("send", {"word": word}):
            card = Message(f"Du skrev {word}", (Choice("ok", "Bra"),))
            return Reply("said", (Replace(card),))
        case Chose("ok"):
            return Reply("", (Replace(Message("Då så.")),))
        case _:
            return Reply("", (Replace(Message("Det är lugnt.")),))


MADE_UP: Mapping[str, Flow] = {**FLOWS, "settings": Flow("settings", start, respond)}
"""With a form that has something to write in, and that can go wrong."""


@pytest.fixture(params=["http", "socket"])
async def slack(request: pytest.FixtureRequest) -> AsyncIterator[StandIn]:
    async with StandIn() as standin:
        standin.by_socket = request.param == "socket"
        standin.joined.add(ROOM)
        yield standin
        assert standin.complaints == []


def begun(
    slack: StandIn, path: Path, library: Library, vault: Vault
) -> AbstractAsyncContextManager[Landa]:
    return landa(slack, path / "landa.db", library, vault, flows=MADE_UP)


@pytest.fixture
async def here(
    slack: StandIn, tmp_path: Path, library: Library, vault: Vault
) -> AsyncIterator[Landa]:
    async with begun(slack, tmp_path, library, vault) as running:
        yield running


async def asked(slack: StandIn, here: Landa, user: str = ANNA) -> View:
    """`/landa inställningar` in a channel opens the window."""
    ack = await slack.command(user, "inställningar", ROOM)
    assert (ack.status, ack.card) == (200, None)
    await here.settled()
    assert slack.windows[user].open
    return slack.windows[user]


async def test_a_command_opens_a_window(slack: StandIn, here: Landa) -> None:
    """A form that a command leads to is a window; what follows comes where the command was."""
    window = await asked(slack, here)
    assert (window.said["title"]["text"], window.said["submit"]["text"]) == ("Fråga", "Skicka")
    assert slack.messages == []
    await slack.submit(ANNA, {"word": "snö & <is>"})
    await here.settled()
    (card,) = slack.seen(ANNA)
    assert (card.channel, card.only, window.open) == (ROOM, ANNA, False)
    assert "Du skrev snö &amp; &lt;is&gt;" in card.words
    await slack.press(ANNA, "Bra", card)
    await here.settled()
    assert card.words == "Då så."


async def test_the_card_that_led_there(slack: StandIn, here: Landa) -> None:
    """A form that a card leads to leaves the card alone until it is sent; then it is rewritten."""
    for channel in (ROOM, ""):
        card = (await slack.command(ANNA, "hjälp", channel)).card
        assert card is not None
        before = card.words
        await slack.press(ANNA, "Inställningar", card)
        await here.settled()
        assert (card.words, slack.windows[ANNA].open) == (before, True)
        await slack.submit(ANNA, {"word": "snö"})
        await here.settled()
        assert card.words.startswith("Du skrev snö")
        assert len(slack.seen(ANNA, card.channel)) == 1
        await here.later(10)


async def test_a_card_in_the_chat(slack: StandIn, here: Landa) -> None:
    """The same in the person's own chat, also when the address of the press has grown old."""
    await slack.say(ANNA, "hjälp")
    await here.settled()
    await slack.press(ANNA, "Inställningar")
    await here.settled()
    here.time.now = here.time.now.replace(hour=9)
    await slack.submit(ANNA, {"word": "snö"})
    await here.settled()
    assert slack.last(ANNA).words.startswith("Du skrev snö")
    assert len(slack.seen(ANNA)) == 2


async def test_words_open_no_window(slack: StandIn, here: Landa) -> None:
    """What was written to Landa brings the form as a card: nothing opens without a press."""
    await slack.say(ANNA, "inställningar")
    await here.settled()
    assert slack.windows == {}
    await slack.press(ANNA, "Skicka", chosen={"word": "snö"})
    await here.settled()
    assert slack.last(ANNA).words.startswith("Du skrev snö")


async def test_what_is_wrong_stands_beside_it(slack: StandIn, here: Landa) -> None:
    """A fault stands beside its field, as often as there is one; nothing is stored of it, the
    window stays as it was, and the right answer is taken."""
    window = await asked(slack, here)
    for _ in range(3):
        ack = await slack.submit(ANNA, {"word": ""})
        assert (window.open, window.errors) == (True, {"word": "Skriv ett ord."})
        assert ack.seconds < 1
        await here.later(60)
    assert (slack.messages, window.before) == ([], [])
    await slack.submit(ANNA, {"word": "snö"})
    await here.settled()
    assert not window.open
    assert len(slack.messages) == 1


async def test_another_question(slack: StandIn, here: Landa) -> None:
    """A form that asks for more is drawn anew in the same window, with what was written in it; so
    is a form that comes after it."""
    for word in ("mer", "nästa"):
        window = await asked(slack, here)
        await slack.submit(ANNA, {"word": word})
        await here.settled()
        assert window.open
        assert [block["block_id"] for block in window.blocks[1:]] == ["word", "time"]
        await slack.submit(ANNA, {"word": "snö", "time": "08:30"})
        await here.settled()
        assert not window.open
        assert slack.last(ANNA).words.startswith("Du skrev snö")
        await here.later(60)


async def test_sent_twice(slack: StandIn, here: Landa) -> None:
    """Sent twice, by a finger or by a network, it is taken once, and the window closes."""
    window = await asked(slack, here)
    acks = await asyncio.gather(*(slack.submit(ANNA, {"word": "snö"}) for _ in range(3)))
    assert [(ack.status, ack.body) for ack in acks] == [(200, "")] * 3
    await here.settled()
    assert len(slack.messages) == 1
    window.open = True
    here.time.now = here.time.now.replace(hour=11)
    assert (await slack.submit(ANNA, {"word": "snö"})).body == ""
    await here.settled()
    assert len(slack.messages) == 1


async def test_closing_is_leaving(slack: StandIn, here: Landa) -> None:
    """Who closes the window hears nothing; a card that led there says that it is over."""
    await asked(slack, here)
    ack = await slack.close(ANNA)
    assert ack is not None
    assert (ack.status, ack.body) == (200, "")
    await here.settled()
    assert slack.messages == []
    card = (await slack.command(ANNA, "hjälp", ROOM)).card
    assert card is not None
    await slack.press(ANNA, "Inställningar", card)
    await here.settled()
    await slack.close(ANNA)
    await slack.close(ANNA)
    await here.settled()
    assert card.words == "Det är lugnt."
    assert len(slack.messages) == 1


async def test_something_else_has_begun(slack: StandIn, here: Landa) -> None:
    """A window sent after something else has begun gets the gentle card; closed, nothing."""
    window = await asked(slack, here)
    newer = (await slack.command(ANNA, "", ROOM)).card
    await slack.close(ANNA)
    await here.settled()
    assert len(slack.messages) == 1
    window.open = True
    await slack.submit(ANNA, {"word": "snö"})
    await here.settled()
    assert "hör till en tidigare stund" in slack.last(ANNA).words
    assert newer is not None
    assert newer.words.startswith("Du är här nu")


async def test_crisis_words_in_a_window(slack: StandIn, here: Landa) -> None:
    """Words that frighten are answered before the form is, wherever they were written."""
    window = await asked(slack, here)
    await slack.submit(ANNA, {"word": "jag orkar inte leva längre"})
    await here.settled()
    assert not window.open
    assert "90101" in slack.last(ANNA).words


@pytest.mark.parametrize("how", ["late", "expired", "exchanged", "hang", "500", "reset_after"])
async def test_no_window(
    slack: StandIn, here: Landa, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Where no window can be opened, the form comes as a card, and works as one."""
    monkeypatch.setattr("adapters.slack.opening.WAIT_S", 0.1)
    match how:
        case "late":
            monkeypatch.setattr("adapters.slack.opening.YOUNG", -YOUNG)
        case "expired" | "exchanged":
            slack.fail("views.open", "error", code=f"{how}_trigger_id")
        case "hang":
            slack.fail("views.open", "hang", seconds=1)
        case "500":
            slack.fail("views.open", "status", status=500)
        case _:
            slack.fail("views.open", how)
    await slack.command(ANNA, "inställningar", ROOM)
    await here.settled()
    card = slack.last(ANNA, ROOM)
    assert card.labels == ["Skicka", "Inte nu"]
    await slack.press(ANNA, "Skicka", card, {"word": "snö"})
    await here.settled()
    assert card.words.startswith("Du skrev snö")


async def test_a_trigger_opens_one_window(slack: StandIn, here: Landa) -> None:
    """The stand-in takes a trigger once, within three seconds, as Slack does; Landa never tries
    one twice."""
    await asked(slack, here)
    opens = [call for call in slack.calls if call.method == "views.open"]
    assert len(opens) == 1
    again = slack.api.views
    with pytest.raises(SlackError, match="exchanged_trigger_id"):
        again.open(opens[0].fields)
    slack.complaints.clear()


@pytest.mark.parametrize("failing", ["load", "commit"])
async def test_nothing_can_be_stored(
    slack: StandIn, here: Landa, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    """While nothing can be stored the window stays, with all that was written, and says so; sent
    again later, it is taken."""
    window = await asked(slack, here)
    with monkeypatch.context() as broken:

        async def refuse(*_: Any) -> Any:
            raise StorageError("OperationalError")

        broken.setattr(here.store, failing, refuse)
        await slack.submit(ANNA, {"word": "snö"})
        assert window.open
        assert window.errors == {"word": library_text(here, "menu.not_saved")}
    await here.settled()
    assert slack.messages == []
    await slack.submit(ANNA, {"word": "snö"})
    await here.settled()
    assert (window.open, len(slack.messages)) == (False, 1)


def library_text(here: Landa, key: str) -> str:
    return here.turns._plan.library.words["sv"](key)


@pytest.mark.parametrize("ends_well", [True, False])
async def test_it_takes_long(
    slack: StandIn, here: Landa, monkeypatch: pytest.MonkeyPatch, ends_well: bool
) -> None:
    """A window waits for as long as Slack lets it, and then says that nothing is saved yet. Sent
    again with the same words it is one act, however the first one ended."""
    monkeypatch.setattr("bot.runtime.handle.LONG_PATIENCE_S", 0.05)
    window = await asked(slack, here)
    commit = here.store.commit

    async def slow(*given: Any) -> Any:
        await asyncio.sleep(0.3)
        if not ends_well:
            raise StorageError("OperationalError")
        return await commit(*given)

    with monkeypatch.context() as waiting:
        waiting.setattr(here.store, "commit", slow)
        ack = await slack.submit(ANNA, {"word": "snö"})
        assert ack.status == 200
        assert window.open
        assert window.errors == {"word": library_text(here, "menu.slow")}
        await here.settled()
    assert len(slack.messages) == ends_well, "the window has told what there is to tell"
    await slack.submit(ANNA, {"word": "snö"})
    await here.settled()
    assert (window.open, len(slack.messages)) == (False, 1)


async def test_a_restart_in_the_middle(
    slack: StandIn, tmp_path: Path, library: Library, vault: Vault
) -> None:
    """A window that was opened before a restart is taken after it, and answered where it was
    asked."""
    async with begun(slack, tmp_path, library, vault) as here:
        window = await asked(slack, here)
    async with begun(slack, tmp_path, library, vault) as here:
        await slack.submit(ANNA, {"word": "snö"})
        await here.settled()
    (card,) = slack.seen(ANNA)
    assert (card.channel, card.only, window.open) == (ROOM, ANNA, False)


def bent(token: str) -> list[str]:
    """*token* with each of its letters changed, cut, and with another serial or choice."""
    each = [
        token[:n] + ("x" if token[n] != "x" else "y") + token[n + 1 :] for n in range(len(token))
    ]
    serial, choice, mac = token.split("~")
    moved = [f"{int(serial, 16) + 1:x}~{choice}~{mac}", f"{serial}~leave~{mac}"]
    return [*each, *moved, token[:-1], token + "a", "", "~~", "s~~", "å" * 40, "{}", "9" * 3_000]


async def test_metadata_that_is_not_ours(slack: StandIn, here: Landa) -> None:
    """What the window carries is worth nothing bent, or in somebody else's hands: it is refused,
    the window stays, and its person's own still works."""
    window, theirs = await asked(slack, here), await asked(slack, here, BO)
    slack.ack_s = 0.1
    good, other = (str(each.said["private_metadata"]) for each in (window, theirs))
    assert len(good) < 100
    for token in [*bent(good), other]:
        window.said["private_metadata"] = token
        ack = await slack.submit(ANNA, {"word": "snö"})
        assert (ack.status == 200, window.open) == (False, True), token
    await here.settled()
    assert slack.messages == []
    slack.ack_s, window.said["private_metadata"] = 3.0, good
    await slack.submit(ANNA, {"word": "snö"})
    await here.settled()
    assert len(slack.messages) == 1
