"""Pictures without a public address: Slack keeps them, and no card waits for them or is lost."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta

import pytest

from adapters.slack import uploads
from adapters.slack.app import SlackConfig, SlackPlatform
from bot.core.message import Breath, Message, Phase
from bot.core.port import Outgoing
from tests.adapters.slack.conftest import Landa, now, running, until
from tests.adapters.slack.test_deliver import ANNA, in_dm, in_room, methods
from tests.standin_slack import StandIn

GIF = b"GIF89a and more"
BREATH = Breath((Phase("in", 4), Phase("out", 6)), 5, "In 4 sekunder, ut 6.")
STILL = Breath(BREATH.phases, 5, BREATH.alt, moving=False)
CARD = Message("Följ cirkeln.", picture=BREATH)
UPLOADED = ["files.getUploadURLExternal", "files.completeUploadExternal"]


class Book:
    """An `Album` in memory."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.ids: dict[tuple[str, str], str] = {}
        self.drawn = 0

    async def draw(self, name: str) -> bytes | None:
        self.drawn += 1
        return None if name == "unknown.gif" else b"\x89PNG" if name.endswith("png") else GIF

    async def kept(self, team: str) -> Mapping[str, str]:
        return {name: id for (where, name), id in self.ids.items() if where == team}

    async def keep(self, team: str, name: str, id: str) -> None:
        self.ids[team, name] = id


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "SETTLE_S", 0.05)
    monkeypatch.setattr(uploads, "APART_S", 0.0)
    monkeypatch.setattr(uploads, "PATIENCE_S", 1.0)


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
async def landa(slack: StandIn, book: Book) -> AsyncIterator[Landa]:
    async with running(slack, album=book) as landa:
        yield landa


def outgoing(slack: StandIn, card: Message = CARD, **address: object) -> Outgoing:
    where = {**in_dm(team=slack.team), **address}
    return Outgoing("row-1", where, False, card, "sv", now())


def shown(slack: StandIn) -> list[dict[str, object]]:
    return [block for block in slack.last(ANNA).blocks if block["type"] == "image"]


def asked(slack: StandIn) -> list[str]:
    return [name for name in methods(slack) if name.startswith("files.")]


async def test_put_there_once(slack: StandIn, landa: Landa, book: Book) -> None:
    """A picture is put into Slack once; every card shows it from there, with words for those who
    do not see it."""
    slack.looks_s = 0.04
    for _ in range(3):
        await landa.platform.deliver(outgoing(slack))
    (file,) = slack.api.files.kept.values()
    assert (file.name, file.data) == ("in4-out6-x5.gif", GIF)
    (block,) = shown(slack)
    assert block["slack_file"] == {"id": file.id}
    assert block["alt_text"] == BREATH.alt
    assert asked(slack) == UPLOADED
    assert slack.complaints == []


async def test_remembered(slack: StandIn, landa: Landa, book: Book) -> None:
    """After a restart nothing is put there again."""
    await landa.platform.deliver(outgoing(slack))
    async with running(slack, album=book) as later:
        await later.platform.deliver(outgoing(slack))
        assert shown(slack)
    assert asked(slack) == UPLOADED


async def test_those_who_ask_at_once_share(slack: StandIn, landa: Landa) -> None:
    """Many cards of the same moment put their picture there once."""
    cards = [outgoing(slack, user=f"U{n}", channel=f"D{n}") for n in range(20)]
    await asyncio.gather(*map(landa.platform.deliver, cards))
    assert asked(slack) == UPLOADED
    assert all(
        any(block["type"] == "image" for block in slack.last(f"U{n}").blocks) for n in range(20)
    )


async def test_still_pictures(slack: StandIn, landa: Landa) -> None:
    """Who wants nothing to move gets the still picture."""
    await landa.platform.deliver(outgoing(slack, Message("Följ.", picture=STILL)))
    (file,) = slack.api.files.kept.values()
    assert (file.name, file.kind) == ("in4-out6-x5.png", "image/png")


async def test_deleted_in_slack(slack: StandIn, landa: Landa, book: Book) -> None:
    """A picture that somebody deleted is put there again, and the card has it."""
    await landa.platform.deliver(outgoing(slack))
    old(landa)
    (first,) = slack.api.files.kept.values()
    first.deleted = True
    await landa.platform.deliver(outgoing(slack))
    second = list(slack.api.files.kept.values())[1]
    assert shown(slack)[0]["slack_file"] == {"id": second.id}
    assert book.ids[slack.team, first.name] == second.id
    assert len(slack.seen(ANNA)) == 2
    assert methods(slack).count("chat.postMessage") == 3


def old(landa: Landa) -> None:
    """As if all pictures had come an hour ago."""
    pictures = landa.platform._outlet._uploads
    pictures._came = {key: at - timedelta(hours=1) for key, at in pictures._came.items()}


async def test_deleted_for_good(slack: StandIn, landa: Landa) -> None:
    """Where the picture cannot be put there again, the card comes without it, once."""
    await landa.platform.deliver(outgoing(slack))
    old(landa)
    next(iter(slack.api.files.kept.values())).deleted = True
    slack.scopes.discard("files:write")
    await landa.platform.deliver(outgoing(slack))
    assert shown(slack) == []
    assert len(slack.seen(ANNA)) == 2


@pytest.mark.parametrize("where", ["dm", "response_url"])
async def test_slack_still_looks_at_it(slack: StandIn, landa: Landa, where: str) -> None:
    """A picture that Slack has not looked at yet holds up no card, and is not put there twice."""
    slack.looks_s = 5
    place = in_room(slack) if where == "response_url" else {}
    await landa.platform.deliver(outgoing(slack, **place))
    assert slack.last(ANNA).text.startswith("Följ cirkeln.")
    assert shown(slack) == []
    assert asked(slack) == UPLOADED
    time = slack.clock
    slack.clock = lambda: time() + 6
    await landa.platform.deliver(outgoing(slack, **place))
    assert shown(slack)
    assert asked(slack) == UPLOADED


TROUBLE: dict[str, Callable[[StandIn], object]] = {
    "no leave": lambda slack: slack.scopes.discard("files:write"),
    "busy": lambda slack: slack.fail("files.getUploadURLExternal", "ratelimited", retry_after="9"),
    "broken": lambda slack: slack.fail("files.getUploadURLExternal", "status", status=500),
    "html": lambda slack: slack.fail("files.getUploadURLExternal", "html"),
    "lost": lambda slack: slack.fail("files.completeUploadExternal", "reset_after"),
    "no bytes": lambda slack: slack.fail("upload", "status", status=503),
    "no uploads": lambda slack: slack.fail(
        "files.getUploadURLExternal", "error", code="file_uploads_disabled"
    ),
}


@pytest.mark.parametrize("why", TROUBLE)
async def test_no_picture_no_harm(slack: StandIn, landa: Landa, why: str) -> None:
    """Whatever keeps a picture out of Slack: the card comes, at once, and Slack is left alone for
    a while."""
    TROUBLE[why](slack)
    began = asyncio.get_running_loop().time()
    for _ in range(3):
        await landa.platform.deliver(outgoing(slack))
    assert asyncio.get_running_loop().time() - began < 1
    assert shown(slack) == []
    assert len(slack.seen(ANNA)) == 3
    assert asked(slack).count("files.getUploadURLExternal") == 1


async def test_tried_again_later(
    slack: StandIn, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while a picture that failed is tried again."""
    time = [now()]
    landa = Landa(
        SlackPlatform(SlackConfig(slack.token, slack.secret, slack.api_url), lambda: time[0])
    )
    await landa.platform.open(album=book)
    slack.fail("files.getUploadURLExternal", "status", status=500)
    await landa.platform.deliver(outgoing(slack))
    time[0] += uploads.REST
    await landa.platform.deliver(outgoing(slack))
    assert shown(slack)
    await landa.platform.close()


async def test_slow(slack: StandIn, landa: Landa, monkeypatch: pytest.MonkeyPatch) -> None:
    """A card waits a little for its picture, then goes without; the next one has it."""
    monkeypatch.setattr(uploads, "PATIENCE_S", 0.1)
    monkeypatch.setattr(uploads, "SETTLE_S", 0.5)
    await landa.platform.deliver(outgoing(slack))
    assert shown(slack) == []
    await asyncio.sleep(0.6)
    await landa.platform.deliver(outgoing(slack))
    assert shown(slack)
    assert asked(slack) == UPLOADED


async def test_ahead_of_need(slack: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """When somebody calls Landa, every picture is made ready; their card does not wait for that."""
    book = Book("a.gif", "b.gif", "in4-out6-x5.gif")
    monkeypatch.setattr(uploads, "SETTLE_S", 0.5)
    async with running(slack, album=book) as landa:
        ack = await slack.command(ANNA)
        assert ack.seconds < 0.4
        assert ack.card is not None
        await until(lambda: len(book.ids) == 3)
        calls = len(asked(slack))
        await landa.platform.deliver(outgoing(slack))
        assert shown(slack)
        assert len(asked(slack)) == calls == 6


async def test_a_card_that_rides_has_none(slack: StandIn, landa: Landa) -> None:
    """Nobody would tell us that a riding card's picture is gone: such a card goes without."""
    landa.card = CARD
    await landa.platform.deliver(outgoing(slack))
    ack = await slack.command(ANNA)
    assert ack.card is not None
    assert [block for block in ack.card.blocks if block["type"] == "image"] == []


async def test_an_upload_leads_to_slack(
    slack: StandIn, landa: Landa, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address to upload to that is not Slack's is not called."""
    slack.url = "http://127.0.0.1:1"
    await landa.platform.deliver(outgoing(slack))
    assert shown(slack) == []
    assert asked(slack) == ["files.getUploadURLExternal"]


async def test_an_address_that_slack_cannot_fetch(slack: StandIn) -> None:
    """Where Slack does not reach Landa's public address, the card comes without its picture."""
    config = SlackConfig(slack.token, slack.secret, slack.api_url, "https://landa.example.se")
    slack.unreachable.add("https://landa.example.se")
    landa = Landa(SlackPlatform(config, now))
    await landa.platform.open(album=Book())
    for place in ({}, in_room(slack)):
        await landa.platform.deliver(outgoing(slack, **place))
        assert shown(slack) == []
    assert len(slack.seen(ANNA)) == 2
    assert asked(slack) == []
    slack.unreachable.clear()
    await landa.platform.deliver(outgoing(slack))
    assert shown(slack)
    await landa.platform.close()
