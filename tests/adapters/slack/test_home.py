"""The Home: useful from the first opening, in one's own language, and nobody else's business."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.library import Library
from bot.core.site import Site
from bot.runtime.site import Sites
from bot.runtime.vault import Vault
from tests.adapters.slack.whole import ANNA, BO, ROOM, Landa, landa
from tests.standin_slack import StandIn

DAY_S = 86_400


@pytest.fixture(params=["http", "socket"])
async def slack(request: pytest.FixtureRequest) -> AsyncIterator[StandIn]:
    async with StandIn() as standin:
        standin.by_socket = request.param == "socket"
        standin.retry_waits_s = (0.0, 0.0)
        yield standin
        assert standin.complaints == []


@pytest.fixture
async def home(
    slack: StandIn, tmp_path: Path, library: Library, vault: Vault
) -> AsyncIterator[Landa]:
    async with landa(slack, tmp_path / "landa.db", library, vault) as running:
        yield running


async def opened(slack: StandIn, home: Landa, user: str = ANNA) -> Any:
    acks = await slack.open_home(user)
    assert [ack.status for ack in acks] == [200]
    await home.settled()
    return slack.pages[user]


async def test_the_first_time(slack: StandIn, home: Landa) -> None:
    """Somebody opens the Home for the first time, sets language and time, presses for a sample, and
    it comes in their own chat; the page says each time how it is."""
    slack.people[ANNA] = {"locale": "en-GB", "tz": "Europe/London"}
    page = await opened(slack, home)
    assert "Language: English" in page.words
    assert "as in London" in page.words
    assert page.words.count("To do:") == 2
    assert page.labels[:4] == ["Land", "Colour", "Home", "Support"]

    assert (await slack.press_home(ANNA, "Settings")).status == 200
    await home.settled()
    window = slack.windows[ANNA]
    assert window.open
    assert slack.messages == []
    ack = await slack.submit(ANNA, {"language": "Svenska", "zone": "Helsinki, 10:00"})
    assert (ack.status, ack.body, window.open) == (200, "", False)
    await home.settled()
    page = slack.pages[ANNA]
    assert "Språk: Svenska" in page.words
    assert "som i Helsingfors" in page.words
    assert "Klart: språk och tid." in page.words
    assert slack.messages == [], "the page itself says that it was kept"

    await slack.press_home(ANNA, "Skicka ett prov till mig")
    await home.settled()
    (card,) = slack.seen(ANNA)
    assert (card.channel, card.only) == (slack.dm(ANNA), "")
    assert "Så här ser det ut när Landa hör av sig." in card.words
    assert card.text == "Landa: en liten paus?", "nothing else stands on a lock screen"
    assert "Kvar:" not in slack.pages[ANNA].words
    await slack.press(ANNA, "En kort paus", card)
    await home.settled()
    assert "Inte nu" in card.labels


async def test_each_button_leads_somewhere(slack: StandIn, home: Landa) -> None:
    """Whatever is pressed on the page brings a card in the person's own chat, or a window."""
    page = await opened(slack, home)
    for label in page.labels:
        before, windows = len(slack.messages), [each.id for each in slack.windows.values()]
        assert (await slack.press_home(ANNA, label, page)).status == 200
        await home.settled()
        assert len(slack.messages) == before + (label != "Inställningar"), label
        opens = [each.id for each in slack.windows.values()] != windows
        assert opens == (label == "Inställningar")
        await home.later(10)
    assert {shown.channel for shown in slack.messages} == {slack.dm(ANNA)}


async def test_looking_moves_nobody(slack: StandIn, home: Landa) -> None:
    """To open the Home in the middle of something leaves one where one is; nothing is written."""
    card = (await slack.command(ANNA, "läge", ROOM)).card
    assert card is not None
    await home.settled()
    before = home.store._reader.execute("PRAGMA data_version").fetchone()
    await opened(slack, home)
    assert home.store._reader.execute("PRAGMA data_version").fetchone() == before
    await slack.press(ANNA, "🟢 Grön", card)
    await home.settled()
    assert "Vad behöver din färg?" in card.words


async def test_an_old_page(slack: StandIn, home: Landa) -> None:
    """A page that was drawn weeks ago still works, in whatever its person is; after a month it
    gently says that it is old."""
    page = await opened(slack, home)
    home.time.now = home.time.now.replace(month=12, day=20)
    await slack.command(ANNA, "stöd", ROOM)
    await slack.press_home(ANNA, "Läge", page)
    await home.settled()
    assert "Vilken färg är du just nu?" in slack.last(ANNA, slack.dm(ANNA)).words
    home.time.now = home.time.now.replace(month=12, day=31)
    await slack.press_home(ANNA, "Läge", page)
    await home.settled()
    assert "hör till en tidigare stund" in slack.last(ANNA, slack.dm(ANNA)).words


async def test_somebody_elses_page(slack: StandIn, home: Landa) -> None:
    """The buttons of a page are its person's: pressed by somebody else, nothing happens."""
    page = await opened(slack, home)
    await slack.press_home(BO, "Landa", page)
    await home.settled()
    assert slack.messages == []


async def test_the_messages_tab(slack: StandIn, home: Landa) -> None:
    """Who opens the messages gets no page for it, and nothing is said."""
    await slack.open_home(ANNA, "messages")
    await home.settled()
    assert (slack.pages, slack.messages) == ({}, [])


async def test_who_sets_up(slack: StandIn, tmp_path: Path, library: Library, vault: Vault) -> None:
    """Whoever administers the workspace sees what is missing in the site file, and never who uses
    Landa; nobody else sees it."""
    slack.people[ANNA] = {"is_admin": True}
    sites = Sites(Site(health_name="Hälsan", health_phone="0911-123 45"))
    async with landa(slack, tmp_path / "l.db", library, vault, sites=sites) as home:
        await slack.command(BO)
        mine, theirs = await opened(slack, home), await opened(slack, home, BO)
        assert "Klart: företagshälsans namn och nummer" in mine.words
        assert "Kvar: skyddsombudets namn" in mine.words
        assert "LANDA_SITE" in mine.words
        assert BO not in str(mine.said)
        assert "skyddsombud" not in theirs.words


async def test_slack_takes_no_page(
    slack: StandIn, home: Landa, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that Slack does not take at once is tried again; who opens it anew waits for nothing,
    and what was asked for last stays."""
    monkeypatch.setattr("adapters.slack.page.WAITS_S", (0.05, 0.05))
    slack.fail("views.publish", "ratelimited", retry_after="1")
    slack.fail("views.publish", "status", status=500)
    await opened(slack, home)
    assert sum(call.method == "views.publish" for call in slack.calls) == 3
    for _ in range(5):
        slack.fail("views.publish", "reset_before")
    slack.pages.clear()
    await slack.open_home(ANNA)
    await home.settled()
    assert slack.pages == {}, "given up after a few tries"
    slack.faults.clear()
    slack.fail("views.publish", "error", code="invalid_arguments")
    await slack.open_home(ANNA)
    await home.settled()
    assert sum(call.method == "views.publish" for call in slack.calls) == 7, "no use in trying"


async def test_many_openings_at_once(slack: StandIn, home: Landa) -> None:
    """However often the Home is opened at once, the last page that is shown is the newest."""
    await opened(slack, home)
    await slack.press_home(ANNA, "Inställningar")
    await home.settled()
    await asyncio.gather(
        *(slack.open_home(ANNA) for _ in range(10)), slack.submit(ANNA, {"language": "English"})
    )
    await home.settled()
    assert "Language: English" in slack.pages[ANNA].words
