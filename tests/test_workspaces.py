"""Several workspaces on one Landa: each with its own token, its own people, its own end."""

import asyncio
import itertools
import json
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.slack.sender import team_of
from bot.core.errors import DeliveryError, LandaError, StateError
from bot.core.library import Library
from bot.core.message import Message
from bot.core.port import Outgoing
from bot.doctor import examine
from bot.platforms import several_of, slack_of
from bot.runtime.store import Store
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.vault import new_key
from tests.adapters.slack.test_app import send
from tests.adapters.slack.test_inbound import NAMES, paths, payload, with_value
from tests.standin_slack import StandIn
from tests.standin_slack.world import Site
from tests.workspaces import REGION, A, B, Many, Time, many, rows, settings_of, visitor

ANNA, BODIL, CECIL, DORIS = "U0ANNA001", "U0BODIL01", "U0CECIL01", "U0DORIS01"
UNINSTALLED: dict[str, Any] = {"type": "app_uninstalled"}
REVOKED: dict[str, Any] = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0LANDA01"]}}


@pytest.fixture
async def slack() -> AsyncIterator[StandIn]:
    async with StandIn() as standin:
        standin.retry_waits_s = (0.0, 0.0)
        yield standin


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def landa(
    slack: StandIn, library: Library, closed_store: Store, time: Time
) -> AsyncIterator[Many]:
    async with many(slack, library, closed_store, time) as running:
        yield running


def card(team: str, user: str, time: Time) -> Outgoing:
    address: dict[str, str | int | bool] = {
        "team": team,
        "channel": f"D{user[1:]}",
        "user": user,
        "dm": True,
    }
    return Outgoing("row-1", address, False, Message("Hej."), "sv", time.now())


def asked(slack: StandIn, method: str) -> int:
    return sum(call.method == method for call in slack.calls)


async def reason(landa: Many, outgoing: Outgoing) -> DeliveryError:
    with pytest.raises(DeliveryError) as refused:
        await landa.platform.deliver(outgoing)
    return refused.value


async def test_workspaces_and_an_organisation(slack: StandIn, landa: Many) -> None:
    """Two workspaces and an organisation of two install Landa; each person is answered where they
    are, with the token of their own workspace, and none is asked about who it is."""
    for site in (A, B, REGION):
        assert (await landa.install(site))[0] == 200
    people = [(ANNA, slack), (BODIL, slack.branch(B.team))]
    people += [(CECIL, slack.branch("T0CCCC001", REGION.enterprise))]
    people += [(DORIS, slack.branch("T0DDDD001", REGION.enterprise))]
    for user, place in people:
        ack = await place.command(user)
        assert ack.card is not None
        assert ack.card.labels[0] == "Lugna kroppen"
        before = ack.card.words
        assert (await place.press(user, "Hitta fotfästet", ack.card)).status == 200
        await landa.settled()
        assert ack.card.words != before
        assert (await place.say(user, "paus"))[-1].status == 200
        await landa.settled()
        assert place.last(user).author == "landa"
        assert place.team in slack.used[-1]
    assert slack.strays == slack.complaints == []
    assert asked(slack, "auth.test") == 0


async def test_a_stranger_gets_an_empty_answer(slack: StandIn, landa: Many) -> None:
    """A workspace without an installation gets an empty 200; nothing is taken, nothing is sent."""
    await landa.install(A)
    other = slack.branch(B.team)
    ack = await other.command(BODIL)
    said = await other.say(BODIL, "paus")
    await landa.settled()
    assert (ack.status, ack.body, [one.status for one in said]) == (200, "", [200])
    assert sum((await landa.of(B.team)).values()) == 0
    assert slack.used == []


ORG_A, ORG_B = Site("", "E0REGION1", (A.team,)), Site("", "E0BBBBBB1", (B.team,))
IDENTIFIER = re.compile(r"[A-Z][A-Z0-9]{7,}")
SECRETS = ("value", "private_metadata", "trigger_id")
"""What only B's own client can have been given."""


async def bodil_has_been_there(
    slack: StandIn, landa: Many, enterprise: str
) -> dict[str, list[str]]:
    """Somebody of B has a card, a window and a page. What names them: by the first letter of an
    identifier, or by the name of a field."""
    place = slack.branch(B.team, enterprise)
    assert (await place.command(BODIL)).card
    await place.command(BODIL, "inställningar", "C0BBBB001")
    await landa.settled()
    await place.open_home(BODIL)
    await landa.settled()
    window, page = slack.windows[BODIL], slack.pages[BODIL]
    await landa.leave(B.team, "U0BIRGIT1")
    pressed = [each["value"] for each in (*slack.last(BODIL).elements, *page.elements)]
    return {
        "T": [B.team],
        "U": [BODIL],
        "C": ["C0BBBB001"],
        "D": [slack.dm(BODIL)],
        "E": ["E0BBBBBB1"],
        "V": [window.id, page.id],
        "value": pressed,
        "private_metadata": [str(window.said["private_metadata"]), *pressed],
        "trigger_id": [id for id, trigger in slack.triggers.items() if trigger.user == BODIL],
    }


def changes(body: dict[str, Any], theirs: dict[str, list[str]]) -> Iterator[tuple[Any, Any]]:
    """The request with each identifier in it replaced by each of theirs, one at a time."""
    for path in paths(body):
        value = body
        for key in path:
            value = value[key]
        if not isinstance(value, str):
            continue
        kind = str(path[-1])
        if kind not in SECRETS:
            kind = value[0] if IDENTIFIER.fullmatch(value) else ""
        for other in theirs.get(kind, ()):
            yield path, with_value(body, path, other)


@pytest.mark.parametrize("whole", [False, True])
async def test_no_request_reaches_into_another_workspace(
    slack: StandIn, landa: Many, whole: bool
) -> None:
    """Whatever identifier of A's recorded requests is replaced by B's, in each place alone: no row
    of B's people changes, B's token is never used, and nobody of B sees anything of it."""
    for site in (ORG_A, ORG_B) if whole else (A, B):
        await landa.install(site)
    named = await bodil_has_been_there(slack, landa, ORG_B.enterprise if whole else "")
    before, seen = await theirs(landa), shown_to(slack, BODIL)
    known, people = set(before), set(before)
    slack.used.clear()
    kinds, number = Counter[str](), itertools.count()
    for name in NAMES:
        body = payload(name)
        if "grid" in name and not whole:
            continue
        for path, changed in changes(body, named):
            kinds[str(path[-1])] += 1
            if path[-1] not in SECRETS:
                for key in {"trigger_id", "event_id"} & set(changed):
                    changed[key] = f"changed-{next(number)}"
            await send(slack, changed)
            await landa.settled()
            now = await theirs(landa)
            assert {who: now[who] for who in known} == before, (name, path)
            if team_of(changed) == B.team:  # by all that it says, a request of B's
                people = set(now)
                slack.used.clear()
            assert set(now) == people, (name, path)
            assert not [teams for teams in slack.used if B.team in teams], (name, path)
            assert shown_to(slack, BODIL) == seen, (name, path)
    assert {"id", "team_id", "user_id", "channel_id", "user", "view_id", *SECRETS} <= set(kinds)
    assert kinds.total() > 500


def shown_to(slack: StandIn, user: str) -> str:
    """All that a person sees: messages, windows and pages."""
    cards = [(each.ts, each.text, each.blocks) for each in slack.seen(user)]
    views = (slack.windows.get(user), slack.pages.get(user))
    return repr([cards, views])


async def theirs(landa: Many) -> dict[tuple[str, bytes], dict[str, Any]]:
    """What the database holds of B's people."""
    place = landa.workspace(B.team)
    return {
        (table, bytes(row.get("person") or row["owner"])): row
        for table in ("conversation", "person", "due", "nudge")
        for row in await landa.rows(table)
        if bytes(row["workspace"]) == place
    }


async def test_a_card_without_its_workspace_stays(landa: Many, time: Time) -> None:
    """A card whose address names no workspace, or one that is not installed, goes to nobody."""
    await landa.install(A)
    for team in ("", B.team):
        error = await reason(landa, card(team, BODIL, time))
        assert (error.reason, error.permanent) == ("uninstalled", True)
    assert landa.slack.used == []


@pytest.mark.parametrize("how", ["missing", "forged", "other browser", "no cookie", "replayed",
                                 "expired", "client_id"])  # fmt: skip
async def test_a_way_back_that_is_not_ours(slack: StandIn, landa: Many, how: str) -> None:
    """A state that is missing, forged, used, old, of another browser or for another app installs
    nothing, and the code is not used."""
    async with visitor() as browser, visitor() as other:
        begun = await browser.get(f"{landa.url}/slack/install", allow_redirects=False)
        asked_for = begun.headers["Location"]
        state = begun.headers["Location"].split("state=")[1]
        assert slack.client_id in asked_for
        redirect = f"{landa.url}/slack/oauth_redirect"
        code = slack.api.oauth.code(A, redirect)
        way = f"{redirect}?code={code}&state={state}"
        if how == "replayed":
            used = slack.api.oauth.code(A, redirect)
            cookies = {c.key: c.value for c in browser.cookie_jar}
            assert (await browser.get(f"{redirect}?code={used}&state={state}")).status == 200
            await landa.registry.forget(A.team, "", landa.time.now())
            browser.cookie_jar.update_cookies(cookies)
        if how == "expired":
            landa.time.later(minutes=10, seconds=1)
        ways = {
            "missing": f"{redirect}?code={code}",
            "forged": f"{redirect}?code={code}&state={'A' * len(state)}",
            "client_id": f"{way}&client_id=9.9",
        }
        if how == "other browser":
            await other.get(f"{landa.url}/slack/install", allow_redirects=False)
        who = other if how in ("other browser", "no cookie") else browser
        answer = await who.get(ways.get(how, way), headers={"Accept-Language": "en-GB,sv;q=0.5"})
        text = await answer.text()
    assert answer.status == 400
    assert "Please start over" in text
    assert "<script" not in text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert code in slack.codes
    assert await landa.registry.all() == ()


async def test_pages_speak_the_browsers_language(slack: StandIn, landa: Many) -> None:
    """Done, cancelled and failed are told apart, in words that the browser asked for."""
    status, text = await landa.install(A)
    assert (status, "Nu finns Landa hos er" in text) == (200, True)
    status, text = await landa.install(None)
    assert "Du avbröt i Slack" in text
    slack.fail("oauth.v2.access", "error", code="invalid_code")
    status, text = await landa.install(B)
    assert (status, "Det gick inte den här gången" in text) == (502, True)
    assert [each.team for each in await landa.registry.all()] == [A.team]


async def test_the_cookie_is_for_this_alone(landa: Many) -> None:
    """No script reads the cookie, and no other site sends it along."""
    async with visitor() as browser:
        begun = await browser.get(f"{landa.url}/slack/install", allow_redirects=False)
    cookie = begun.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=600" in cookie


@pytest.mark.parametrize("order", [(UNINSTALLED, REVOKED), (REVOKED, UNINSTALLED)])
async def test_taken_away(slack: StandIn, landa: Many, order: Any) -> None:
    """After Landa is taken away, in whichever order Slack tells it: nothing is sent there, all that
    its people left is gone, others notice nothing, and a reinstallation begins empty."""
    await landa.install(A)
    await landa.install(B)
    await landa.leave(A.team, ANNA)
    await landa.leave(B.team, BODIL)
    old = card(A.team, ANNA, landa.time)
    slack.revoke(A.team)
    for inner in order:
        assert (await slack.news(inner)).status == 200
        assert sum((await landa.of(A.team)).values()) == 0
    assert sum((await landa.of(B.team)).values()) == 5
    assert (await reason(landa, old)).reason == "uninstalled"
    assert {row["given_up"] for row in await landa.rows("outbox")} == {"uninstalled", None}
    landa.time.later(seconds=90)
    await landa.room.clock._bell.wake()
    assert (await slack.command(ANNA)).body == ""
    assert slack.used == []
    await landa.install(A)
    assert sum((await landa.of(A.team)).values()) == 0
    assert (await reason(landa, old)).reason == "reinstalled"
    assert (await slack.command(ANNA)).card


@pytest.mark.parametrize("inner", [UNINSTALLED, REVOKED])
async def test_late_news(slack: StandIn, landa: Many, inner: Any) -> None:
    """News of an uninstallation that came before the reinstallation takes nothing away."""
    await landa.install(A)
    at = landa.time.now().timestamp()
    landa.time.later(seconds=30)
    await landa.install(A)
    await landa.leave(A.team, ANNA)
    assert (await slack.news(inner, at)).status == 200
    assert sum((await landa.of(A.team)).values()) == 5
    assert (await slack.command("U0NEW0001")).card


async def test_a_persons_own_token(slack: StandIn, landa: Many) -> None:
    """That a person's own token was revoked is nothing of Landa's."""
    await landa.install(A)
    await slack.news({"type": "tokens_revoked", "tokens": {"oauth": [ANNA], "bot": []}})
    assert (await slack.command(ANNA)).card


async def test_an_organisation_lets_go(slack: StandIn, landa: Many) -> None:
    """An organisation takes Landa from one of its workspaces, then from all."""
    await landa.install(REGION)
    places = [slack.branch(team, REGION.enterprise) for team in REGION.teams]
    for place, user in zip(places, (CECIL, DORIS), strict=True):
        assert (await place.command(user)).card
        await landa.leave(place.team, f"{user[:-1]}9")
    landa.time.later(seconds=2)
    await places[0].news({"type": "team_access_revoked", "team_ids": [places[0].team]}, whole=True)
    assert sum((await landa.of(places[0].team)).values()) == 0
    assert sum((await landa.of(places[1].team)).values()) > 0
    await places[0].news(UNINSTALLED, whole=True)
    assert sum((await landa.of(places[1].team)).values()) == 0
    assert await landa.registry.all() == ()
    assert await landa.rows("served") == []


async def test_eight_senders_one_exchange(slack: StandIn, landa: Many, time: Time) -> None:
    """Eight senders of two processes that meet a token at its end exchange it once; all send."""
    slack.lives_s = 43_200
    await landa.install(A)
    time.later(hours=13)
    settings, room = settings_of(slack, landa.url, new_key()), landa.room
    second = slack_of(settings, time.now)
    several = several_of(settings, room.turns._plan, room.store, room.vault, time.now)
    await second.open(several)
    cards = [card(A.team, ANNA, time) for _ in range(8)]
    await asyncio.gather(*(
        (landa.platform if n % 2 else second).deliver(each) for n, each in enumerate(cards)
    ))  # fmt: skip
    await second.close()
    assert asked(slack, "oauth.v2.access") == 2
    assert len(slack.seen(ANNA)) == 8
    found = await landa.registry.find(A.team)
    assert found is not None
    assert found.busy_until is None


async def test_a_lost_refresh_token(slack: StandIn, landa: Many, time: Time) -> None:
    """When the answer with the new tokens is lost, Landa asks once more, then says that it must be
    installed again, and asks no more. While the old token works, cards still come."""
    slack.lives_s = 43_200
    await landa.install(A)
    assert "1 installations" in await landa.platform.check(landa.registry)
    time.later(hours=11, minutes=45)
    slack.fail("oauth.v2.access", "reset_after")
    await landa.platform.deliver(card(A.team, ANNA, time))
    time.later(seconds=30)
    await landa.platform.deliver(card(A.team, ANNA, time))
    assert asked(slack, "oauth.v2.access") == 3
    time.later(hours=1)
    for _ in range(3):
        error = await reason(landa, card(A.team, ANNA, time))
        assert (error.reason, error.permanent) == ("reinstall_needed", True)
    assert asked(slack, "oauth.v2.access") == 3
    with pytest.raises(LandaError, match="installed again"):
        await landa.platform.check(landa.registry)
    await landa.install(A)
    await landa.platform.deliver(card(A.team, ANNA, time))


async def test_the_doctor_names_what_is_lost(
    slack: StandIn, library: Library, sqlite_path: Path, time: Time
) -> None:
    """`landa doctor` says which workspace must be installed again, and where; all is not well."""
    keys = new_key()
    async with many(slack, library, SqliteStore(sqlite_path), time, keys) as landa:
        await landa.install(A)
        await landa.install(B)
        found = await landa.registry.find(A.team)
        assert found is not None
        assert await landa.registry.change(replace(found, lost=True))
        here = {"database_url": f"sqlite:///{sqlite_path}"}
        settings = settings_of(slack, landa.url, keys).model_copy(update=here)
    told: list[str] = []
    assert await examine(settings, told.append) is False
    (line,) = [line for line in told if "Slack" in line]
    assert f"{landa.url}/slack/install: {A.team} (its token was lost)" in line
    assert B.team not in line


async def test_slack_away_at_the_exchange(slack: StandIn, landa: Many, time: Time) -> None:
    """While Slack exchanges nothing, a card is told to wait; afterwards it goes."""
    slack.lives_s = 43_200
    await landa.install(A)
    time.later(hours=13)
    slack.fail("oauth.v2.access", "status", status=503)
    error = await reason(landa, card(A.team, ANNA, time))
    assert (error.permanent, error.retry_after_s) == (False, 20)
    time.later(seconds=21)
    await landa.platform.deliver(card(A.team, ANNA, time))
    assert asked(slack, "oauth.v2.access") == 3


async def test_a_sender_that_is_stopped_loses_no_token(
    slack: StandIn, landa: Many, time: Time
) -> None:
    """A sender whose time is up while the token is exchanged leaves the exchange to its end."""
    slack.lives_s = 43_200
    await landa.install(A)
    time.later(hours=13)
    sending = asyncio.create_task(landa.platform.deliver(card(A.team, ANNA, time)))
    while asked(slack, "oauth.v2.access") < 2:
        await asyncio.sleep(0)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    await landa.platform.deliver(card(A.team, ANNA, time))
    assert asked(slack, "oauth.v2.access") == 2


async def test_no_token_in_the_clear(
    slack: StandIn, landa: Many, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the database nor any log line nor anything printed holds a token."""
    caplog.set_level(logging.DEBUG)
    slack.lives_s = 43_200
    for site in (A, B, REGION):
        await landa.install(site)
    time.later(hours=13)
    await landa.platform.deliver(card(A.team, ANNA, time))
    await slack.say(ANNA, "paus")
    await landa.settled()
    everything = repr(await landa.registry.all()) + caplog.text
    for table in (
        "installation",
        "served",
        "outbox",
        "conversation",
        "due",
        "person",
        "seen",
        "nudge",
    ):
        for row in await landa.rows(table):
            for value in row.values():
                everything += repr(bytes(value) if isinstance(value, memoryview) else value)
    words = ("kanarie", "xoxb-", "xoxe-", slack.client_secret, A.team, REGION.enterprise)
    assert [word for word in words if word in everything.replace(caplog.text, "")] == []
    assert "kanarie" not in caplog.text
    assert slack.client_secret not in caplog.text


async def test_a_row_moved_to_another_workspace(slack: StandIn, landa: Many) -> None:
    """A's sealed installation in B's row does not open: nobody gets A's token that way."""
    await landa.install(A)
    await landa.install(B)
    sealed = {bytes(row["id"]): row["sealed"] for row in await landa.rows("installation")}
    moved = {"row": landa.workspace(B.team), "known": 1, "next": 2}
    await landa.room.store.ask(("change", {**moved, "new": sealed[landa.workspace(A.team)]}))
    with pytest.raises(StateError):
        await landa.registry.find(B.team)
    landa.time.later(seconds=10)
    other = slack.branch(B.team)
    assert (await other.hand("slash_commands", command(other))).status == 503
    await landa.install(B)
    assert (await other.command(BODIL)).card, "a reinstallation mends it"


def command(slack: StandIn) -> dict[str, Any]:
    return {**payload("command_dm"), "team_id": slack.team, "trigger_id": "moved"}


async def test_new_keys(slack: StandIn, library: Library, closed_store: Store, time: Time) -> None:
    """Installations are read after the operator's keys were rotated, and after the old one went."""
    old, new = new_key(), new_key()
    async with many(slack, library, closed_store, time, old) as landa:
        await landa.install(A)
    for keys in (f"{new},{old}", new):
        async with many(slack, library, closed_store, time, keys) as landa:
            assert (await slack.command(ANNA)).card
            (found,) = await landa.registry.all()
            assert found.bot_token.startswith("xoxb-")


async def test_approved_once_more(landa: Many) -> None:
    """Somebody approves Landa again without having taken it away: nothing of its people goes."""
    await landa.install(A)
    await landa.leave(A.team, ANNA)
    (found,) = await landa.registry.all()
    later = found.installed_at + timedelta(minutes=5)
    await landa.registry.begin(replace(found, installed_at=later, scopes=("chat:write",)))
    (again,) = await landa.registry.all()
    assert (again.installed_at, again.scopes) == (found.installed_at, ("chat:write",))
    assert sum((await landa.of(A.team)).values()) == 5


async def test_two_that_change_at_once(landa: Many) -> None:
    """Of two who change one installation, one learns that it came too late."""
    await landa.install(A)
    (found,) = await landa.registry.all()
    changed = await asyncio.gather(*(landa.registry.change(found) for _ in range(2)))
    assert sorted(changed) == [False, True]
    rows_now = await rows(landa.room.store, "installation")
    assert [row["version"] for row in rows_now] == [2]
    assert json.dumps([row["platform"] for row in rows_now]) == '["slack"]'
