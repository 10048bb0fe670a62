"""What Slack knows of people: served in their language and time; strangers kindly told no."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.people import A_MINUTE, UNKNOWN, About, People, about_of
from bot.core.library import Library
from bot.core.port import Answer
from bot.core.turn import Hints, Left, Person
from bot.runtime.vault import Vault
from tests.adapters.slack.conftest import Landa as Fake
from tests.adapters.slack.whole import ANNA, BO, ROOM, Landa, landa
from tests.standin_slack import Shown, StandIn

GUEST = {"is_restricted": True, "is_ultra_restricted": True}
HOUR_S = 3_600
SORRY = {
    "sv": "Landa finns bara för dem som arbetar här",
    "en": "only there for those who work here",
}


@pytest.fixture(params=["http", "socket"])
async def slack(request: pytest.FixtureRequest) -> AsyncIterator[StandIn]:
    async with StandIn() as standin:
        standin.by_socket = request.param == "socket"
        standin.joined.add(ROOM)
        standin.retry_waits_s = (0.0, 0.0)
        yield standin
        assert standin.complaints == []


@pytest.fixture
async def here(
    slack: StandIn, tmp_path: Path, library: Library, vault: Vault
) -> AsyncIterator[Landa]:
    async with landa(slack, tmp_path / "landa.db", library, vault) as running:
        yield running


def asked(slack: StandIn) -> int:
    return sum(call.method == "users.info" for call in slack.calls)


def counted(here: Landa, *more: str) -> list[int]:
    """How many rows there are about people."""
    tables = ("conversation", "person", "due", "outbox", *more)
    read = here.store._reader.execute
    return [read(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


async def test_ones_own_language_and_time(slack: StandIn, here: Landa) -> None:
    """Whoever has chosen nothing is answered in their own language from the first card, and the
    time where they are is known. Slack is asked once."""
    slack.people[ANNA] = {"locale": "en-US", "tz": "America/New_York"}
    for _ in range(3):
        card = (await slack.command(ANNA, "", ROOM)).card
        assert card is not None
        assert card.words.startswith("You are here now")
        await here.later(10)
    await slack.open_home(ANNA)
    await here.settled()
    assert "as in New York" in slack.pages[ANNA].words
    assert asked(slack) == 1


async def test_what_changes_is_asked_anew(slack: StandIn, here: Landa) -> None:
    """After a change in Slack, the next card follows it; nobody else is asked for."""
    await slack.command(ANNA, "", ROOM)
    await slack.change(ANNA, locale="en-GB")
    await slack.change(BO, locale="en-GB")
    assert asked(slack) == 1
    card = (await slack.command(ANNA, "hem", ROOM)).card
    assert card is not None
    await here.later(9 * HOUR_S)
    card = (await slack.command(ANNA, "", ROOM)).card
    assert card is not None
    assert card.words.startswith("You are here now")


async def test_an_hour_later(slack: StandIn, here: Landa) -> None:
    """What was told is believed for an hour: another process may have heard of a change."""
    await slack.command(ANNA)
    await here.later(HOUR_S - 60)
    await slack.command(ANNA)
    assert asked(slack) == 1
    await here.later(120)
    await slack.command(ANNA)
    assert asked(slack) == 2


async def test_slack_takes_its_time(slack: StandIn, here: Landa) -> None:
    """A slow answer makes no acknowledgement late: the person is served in the site's language, and
    in their own when they act again."""
    slack.people[ANNA] = {"locale": "en-US"}
    slack.fail("users.info", "slow", seconds=1.2)
    ack = await slack.command(ANNA, "", ROOM)
    assert ack.card is not None
    assert ack.card.words.startswith("Du är här nu")
    assert 0.7 < ack.seconds < 1.5
    await asyncio.sleep(0.8)
    await here.later(9 * HOUR_S)
    card = (await slack.command(ANNA, "", ROOM)).card
    assert card is not None
    assert card.words.startswith("You are here now")


@pytest.mark.parametrize("how", ["error", "status", "html", "text", "reset_before", "ratelimited"])
async def test_slack_does_not_say(slack: StandIn, here: Landa, how: str) -> None:
    """Where Slack does not say who somebody is, they are served; it is not asked again at once."""
    more = {"retry_after": "30"} if how == "ratelimited" else {}
    slack.fail("users.info", how, **more)
    for user in (ANNA, ANNA, BO):
        assert (await slack.command(user, "", ROOM)).card is not None
    assert asked(slack) == (1 if how == "ratelimited" else 2)
    await here.later(61)
    slack.people[ANNA] = {"locale": "en-US"}
    await here.later(9 * HOUR_S)
    card = (await slack.command(ANNA, "", ROOM)).card
    assert card is not None
    assert card.words.startswith("You are here now")


WAYS = ("command", "command in a chat", "said", "mention", "shortcut", "message", "press", "window")


async def acted(slack: StandIn, here: Landa, user: str, way: str) -> None:
    """The person has seen Landa before they became a stranger."""
    match way:
        case "command":
            await slack.command(user, "jag vill dö", ROOM)
        case "command in a chat":
            await slack.command(user)
        case "said":
            await slack.say(user, "paus")
        case "mention":
            await slack.mention(user, "paus", ROOM)
        case "shortcut":
            await slack.shortcut(user)
        case "message":
            await slack.message_shortcut(user, slack.put(Shown(ROOM, slack.ts(), "x", [])))
        case "press":
            await slack.press(user, "Colour")
        case _:
            await slack.submit(user, {"language": "Svenska"})
    await here.settled()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "who", [GUEST, {"is_restricted": True}, {"is_stranger": True}, {"team_id": "T0OTHER01"}]
)
async def test_strangers(slack: StandIn, here: Landa, way: str, who: dict[str, Any]) -> None:
    """Guests and people from elsewhere are told no, kindly and in their language, with the numbers
    that answer everybody; nothing about them is stored."""
    slack.people[ANNA] = {"locale": "en-GB"}
    if way in ("press", "window"):
        await slack.say(ANNA, "help")
        await here.settled()
    if way == "window":
        await slack.press(ANNA, "Settings")
        await here.settled()
    before, seen = counted(here, "seen"), len(slack.seen(ANNA))
    await slack.change(ANNA, **who)
    await acted(slack, here, ANNA, way)
    told = [each for each in slack.seen(ANNA)[seen:] if each.author == "landa"]
    told = [each for each in told if each.text != "x"]
    assert len(told) == 1
    assert SORRY["en"] in told[0].words
    assert "90101" in told[0].text
    assert told[0].labels == []
    assert counted(here, "seen") == before
    if told[0].channel == ROOM:
        assert told[0].only == ANNA


async def test_a_strangers_page(slack: StandIn, here: Landa) -> None:
    """The Home of somebody who is not served says so, and nothing else."""
    slack.people[ANNA] = GUEST
    await slack.open_home(ANNA)
    await here.settled()
    assert SORRY["sv"] in slack.pages[ANNA].words
    assert slack.pages[ANNA].labels == []
    assert sum(counted(here, "seen")) == 0


@pytest.mark.parametrize("who", [{"deleted": True}, {"is_bot": True}])
async def test_bots_and_those_who_are_gone(
    slack: StandIn, here: Landa, who: dict[str, Any]
) -> None:
    """Nobody would read an answer to a bot, or to an account that is closed: there is none."""
    slack.people[ANNA] = who
    for way in ("command", "said", "mention", "shortcut"):
        await acted(slack, here, ANNA, way)
    await slack.open_home(ANNA)
    await here.settled()
    assert [each for each in slack.seen(ANNA) if each.author == "landa"] == []
    assert (slack.pages, sum(counted(here, "seen"))) == ({}, 0)


async def test_a_stranger_who_was_told_late(slack: StandIn, here: Landa) -> None:
    """Who was served before Slack had said that they should not be leaves nothing behind."""
    slack.people[ANNA] = GUEST
    slack.fail("users.info", "slow", seconds=1.0)
    assert (await slack.command(ANNA, "läge", ROOM)).card is not None
    await asyncio.sleep(0.6)
    await here.settled()
    rows = here.store._reader.execute("SELECT * FROM conversation").fetchall()
    assert rows == []


async def test_somebody_leaves_the_workspace(slack: StandIn, here: Landa) -> None:
    """When an account is closed, all that its person left is gone: settings, what they were in,
    cards that wait. Told twice, it is the same."""
    await slack.command(ANNA, "inställningar", ROOM)
    await here.settled()
    await slack.submit(ANNA, {"language": "English"})
    await here.settled()
    slack.fail("chat.postMessage", "status", status=500)
    await slack.say(ANNA, "pause")
    await here.settled()
    assert counted(here) == [1, 1, 0, 1]
    here.time.now += timedelta(milliseconds=1)
    for _ in range(2):
        acks = await slack.change(ANNA, deleted=True)
        assert [ack.status for ack in acks] == [200]
    await here.settled()
    assert counted(here) == [0, 0, 0, 0]
    posted = len(slack.messages)
    await here.later(HOUR_S)
    assert len(slack.messages) == posted


async def test_news_of_leaving_comes_again(slack: StandIn, either: Fake) -> None:
    """What could not be taken of somebody's leaving is asked for again."""
    either.answer = Answer("refused")
    acks = await slack.change(ANNA, deleted=True)
    assert len(acks) > 1
    assert {type(each.turn) for each in either.taken} == {Left}
    assert len({each.id for each in either.taken}) == 1


async def test_nothing_else_is_looked_at(
    slack: StandIn, here: Landa, caplog: pytest.LogCaptureFixture
) -> None:
    """Names, pictures and status that Slack sends along are in no log and no row."""
    caplog.set_level(logging.DEBUG)
    await slack.command(ANNA, "läge", ROOM)
    await slack.change(ANNA, locale="en-GB")
    await slack.open_home(ANNA)
    await slack.change(ANNA, deleted=True)
    await here.settled()
    assert "anarie" not in caplog.text
    for table in ("conversation", "person", "outbox", "seen"):
        for row in here.store._reader.execute(f"SELECT * FROM {table}"):
            assert b"anarie" not in repr(tuple(row)).encode()


class Slow:
    """Slack's answers, counted, and as slow as is said."""

    def __init__(self, answer: Callable[[str], Any]) -> None:
        self.answer, self.count, self.wait_s = answer, 0, 0.0

    async def method(self, team: str, name: str, fields: Any, *, form: bool = False) -> Any:
        self.count += 1
        await asyncio.sleep(self.wait_s)
        return self.answer(fields["user"])


def people(calls: Slow, now: Callable[[], Any]) -> People:
    return People(calls, now, lambda _: None)  # type: ignore[arg-type]


async def test_no_more_than_slack_takes(here: Landa) -> None:
    """In a burst of a whole workspace, Slack is asked as often as it takes; nobody waits for it."""
    calls = Slow(lambda user: {"user": {"id": user}})
    known = people(calls, here.time)
    crowd = [Person("slack", "T1", f"U{n}") for n in range(3 * A_MINUTE)]
    told = [await known.about(each) for each in crowd]
    assert calls.count == A_MINUTE
    assert told[-1] == UNKNOWN
    assert (await known.about(Person("slack", "T2", "U1"))).served == "yes"


async def test_many_ask_at_once(here: Landa) -> None:
    """Whoever acts several times at once is asked for once."""
    calls = Slow(lambda user: {"user": {"id": user, "locale": "en-GB"}})
    calls.wait_s = 0.05
    known, anna = people(calls, here.time), Person("slack", "T1", ANNA)
    told = await asyncio.gather(*(known.about(anna) for _ in range(10)))
    assert (calls.count, {each.hints.language for each in told}) == (1, {"en-GB"})


async def test_changed_while_it_was_told(here: Landa) -> None:
    """An answer that was under way when something changed is not kept."""
    calls = Slow(lambda user: {"user": {"id": user, "locale": f"l{calls.count}"}})
    calls.wait_s = 0.05
    known, anna = people(calls, here.time), Person("slack", "T1", ANNA)
    asking = asyncio.create_task(known.about(anna))
    await asyncio.sleep(0.01)
    known.forget(anna)
    await asking
    assert (await known.about(anna)).hints.language == "l2"
    await known.close()


async def test_memory_is_bounded(here: Landa, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many people act, no more than so many are remembered; the oldest go first."""
    monkeypatch.setattr("adapters.slack.people.MOST", 10)
    calls = Slow(lambda user: {"user": {"id": user}})
    known = people(calls, here.time)
    for n in range(30):
        await known.about(Person("slack", f"T{n}", "U1"))
    assert len(known._kept) == 10
    assert (await known.about(Person("slack", "T29", "U1"))).served == "yes"
    assert calls.count == 30


@pytest.mark.parametrize(
    ("user", "about"),
    [
        ({"team_id": "T1"}, About()),
        ({}, About()),
        ({"team_id": "T2"}, About("no")),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T1", "T2"]}}, About()),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T2"]}}, About("no")),
        ({"is_owner": True}, About("yes", Hints(admin=True))),
        ({"deleted": True, "is_restricted": True}, About("never")),
        ({"is_stranger": True, "locale": "fi-FI"}, About("no", Hints("fi-FI"))),
        ({"tz": "Europe/Oslo"}, About("yes", Hints(zone="Europe/Oslo"))),
    ],
)
def test_who_is_served(user: dict[str, Any], about: About) -> None:
    """Members of the workspace are served; guests, strangers, bots and closed accounts are not."""
    assert about_of(user, "T1") == about


@pytest.mark.parametrize(
    "user",
    [
        {"locale": 1},
        {"tz": []},
        {"team_id": ""},
        {"enterprise_user": {"teams": [1]}},
        None,
        [],
        "x",
    ],
)
async def test_an_unreadable_answer(here: Landa, user: Any) -> None:
    """An answer of another shape than Slack describes tells nothing, and stops nobody."""
    calls = Slow(lambda _: {"user": user})
    assert await people(calls, here.time).about(Person("slack", "T1", ANNA)) == UNKNOWN
