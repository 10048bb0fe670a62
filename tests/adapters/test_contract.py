"""The same contract, held by each platform and each way of reaching it."""

import html
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any, ClassVar

import pytest
from aiohttp import ClientSession

from adapters.slack.app import SlackPlatform
from adapters.teams.app import TeamsPlatform
from bot.core.port import Answer, Outgoing
from bot.core.turn import Inbound
from tests.adapters.contract import ANNA, BO, FORM, Contract, Platform, Seen
from tests.adapters.slack import conftest as slack_of
from tests.adapters.teams import conftest as teams_of
from tests.adapters.web.fake import JSON, FakeLanda
from tests.standin_slack import StandIn as Slack
from tests.standin_slack import payloads as slack_payloads
from tests.standin_teams import StandIn as Teams
from tests.standin_teams.payloads import message

LABELS = {field.id: {each.id: each.label for each in field.options} for field in FORM.fields}


class OnSlack:
    """landa: hands everything on, and takes it down."""

    name = "slack"
    users: ClassVar = {ANNA: "U0ANNA001", BO: "U0BO00001"}
    room = "C0ENHET01"

    def __init__(self, slack: Slack, landa: slack_of.Landa) -> None:
        self.slack, self.landa, self.taken = slack, landa, landa.taken
        self.platform: SlackPlatform = landa.platform
        landa.card = None

    async def say(self, user: str, text: str, *, times: int = 1) -> None:
        written = slack_payloads.message(self.slack, self.users[user], text, "1.000001")
        body = slack_payloads.event(self.slack, written)
        for number in range(times):
            await self.slack.hand("events_api", body, number)

    async def call(self, user: str, words: str) -> None:
        await self.slack.command(self.users[user], words)

    async def ask_among_others(self, user: str, words: str) -> None:
        await self.slack.command(self.users[user], words, self.room)

    async def press(self, user: str, label: str, chosen: Mapping[str, str] | None = None) -> None:
        filled = {id: self._as_seen(id, value) for id, value in (chosen or {}).items()}
        who = self.users[user]
        window = self.slack.windows.get(who)
        if window and window.open and window.said["submit"]["text"] == label:
            await self.slack.submit(who, filled)
        else:
            await self.slack.press(who, label, chosen=filled)

    @staticmethod
    def _as_seen(id: str, value: str) -> str:
        labels = LABELS[id]
        return "|".join(labels[each] for each in value.split()) if labels else value

    async def deliver(self, outgoing: Outgoing) -> None:
        await self.platform.deliver(outgoing)

    def seen(self, user: str) -> list[Seen]:
        own = (one for one in self.slack.seen(self.users[user]) if one.author == "landa")
        return [Seen(html.unescape(one.words), tuple(one.labels)) for one in own]


class OnTeams:
    name = "teams"

    def __init__(self, teams: Teams, landa: teams_of.Landa) -> None:
        self.teams, self.landa, self.taken = teams, landa, landa.taken
        self.platform: TeamsPlatform = landa.platform
        teams.added |= {ANNA, BO}
        landa.card = None

    async def say(self, user: str, text: str, *, times: int = 1) -> None:
        body = message(self.teams, user, text, self.teams.service_url)
        for _ in range(times):
            await self.teams.post(body)

    async def call(self, user: str, words: str) -> None:
        await self.say(user, f"landa {words}")

    async def ask_among_others(self, user: str, words: str) -> None:
        await self.teams.mention(user, words)

    async def press(self, user: str, label: str, chosen: Mapping[str, str] | None = None) -> None:
        several = {field.id for field in FORM.fields if field.kind == "many"}
        filled = {
            id: value.replace(" ", ",") if id in several else value
            for id, value in (chosen or {}).items()
        }
        await self.teams.press(user, label, chosen=filled)

    async def deliver(self, outgoing: Outgoing) -> None:
        await self.platform.deliver(outgoing)

    def seen(self, user: str) -> list[Seen]:
        return [Seen(_read(one.words), tuple(one.labels)) for one in self.teams.seen(user)]


def _read(words: str) -> str:
    """Without the joiners, which nobody sees."""
    return words.replace("\N{WORD JOINER}", "")


class Quiet(FakeLanda):
    """Says nothing by itself."""

    async def __call__(self, inbound: Inbound, *, ride: bool = False) -> Answer:
        self.inbounds.append(inbound)
        return Answer("new")


class OnWeb:
    """The preview, whose people have names of its own."""

    name = "web"
    users: ClassVar = {ANNA: "anna", BO: "bashir"}

    def __init__(self, landa: Quiet, url: str, session: ClientSession) -> None:
        self.landa, self.url, self.session = landa, url.rstrip("/"), session
        self.taken = landa.inbounds
        self.count = 0

    async def _act(self, user: str, times: int = 1, **what: Any) -> None:
        self.count += 1
        body = {"id": f"act-0000-{self.count}", "person": self.users[user], "room": "chat", **what}
        for _ in range(times):
            async with self.session.post(
                f"{self.url}/preview/act", data=json.dumps(body), headers=JSON
            ) as answer:
                assert answer.status == 200, await answer.text()

    async def say(self, user: str, text: str, *, times: int = 1) -> None:
        await self._act(user, times, text=text)

    async def call(self, user: str, words: str) -> None:
        await self._act(user, text=f"/landa {words}")

    async def ask_among_others(self, user: str, words: str) -> None:
        await self._act(user, text=f"/landa {words}", room="channel")

    async def press(self, user: str, label: str, chosen: Mapping[str, str] | None = None) -> None:
        entries = [entry for entry in self._entries(user) if entry["card"]]
        entry, choice = next(
            (entry, choice)
            for entry in reversed(entries)
            for choice in entry["card"]["choices"]
            if choice["label"] == label
        )
        held = {field["id"]: field["value"] for field in entry["card"]["fields"]}
        values = {"values": {**held, **(chosen or {})}} if choice["sends"] else {}
        await self._act(user, room=entry["room"], card=entry["id"], token=choice["token"], **values)

    async def deliver(self, outgoing: Outgoing) -> None:
        await self.landa.preview.deliver(outgoing)

    def _entries(self, user: str) -> list[dict[str, Any]]:
        return self.landa.preview._log.entries(self.users[user])

    def seen(self, user: str) -> list[Seen]:
        return [
            Seen(
                "\n".join([card["title"], *("".join(run["text"] for run in one)
                                            for one in card["paragraphs"])]),
                tuple(choice["label"] for choice in card["choices"]),
            )
            for entry in self._entries(user)
            if (card := entry["card"])
        ]  # fmt: skip


WAYS = ["slack http", "slack socket", "teams botbuilder", "teams agents", "web"]


@pytest.fixture(params=WAYS)
async def platform(request: pytest.FixtureRequest) -> AsyncIterator[Platform]:
    match request.param.split():
        case ["slack", way]:
            async with (
                Slack() as slack,
                slack_of.running(slack, by_socket=way == "socket") as landa,
            ):
                yield OnSlack(slack, landa)
                assert not slack.complaints
        case ["teams", kit]:
            async with Teams() as teams, teams_of.running(teams, kit=kit) as there:
                yield OnTeams(teams, there)
                assert not teams.complaints
        case _:
            fake = Quiet()
            async with ClientSession() as session, fake.serving() as server:
                yield OnWeb(fake, str(server.make_url("")), session)


class TestContract(Contract):
    """Every platform, every way in."""
