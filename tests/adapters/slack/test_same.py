"""One whole conversation, by requests and by Socket Mode: people see the same."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from adapters.slack.app import SlackConfig, SlackPlatform
from bot.core.library import Library
from bot.flows import FLOWS
from bot.runtime.bell import Bell
from bot.runtime.clock import Clock
from bot.runtime.handle import Turns
from bot.runtime.line import Line
from bot.runtime.outbox import Outbox
from bot.runtime.reading import Plan
from bot.runtime.schema import prepare_sqlite
from bot.runtime.store.sqlite import SqliteStore
from bot.runtime.vault import Vault
from tests.adapters.slack.conftest import listening
from tests.chat import OFF, SITE, START
from tests.standin_slack import Shown, StandIn

ANNA, BO = "U0ANNA001", "U0BO00001"
PICTURES = "https://landa.example.se"
ROOM, CLOSED = "C0ENHET01", "G0STANGD1"


@dataclass
class Time:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def timestamp(self) -> float:
        return self.now.timestamp()


@dataclass
class Landa:
    """A whole Landa in this process, with a database of its own and a clock moved by hand."""

    turns: Turns
    outbox: Outbox
    clock: Clock
    time: Time

    async def settled(self) -> None:
        await self.turns.drained()
        await self.outbox.settled()

    async def later(self, seconds: int) -> None:
        self.time.now += timedelta(seconds=seconds)
        await self.clock.tick()
        await self.settled()


@asynccontextmanager
async def landa(
    slack: StandIn, path: Path, library: Library, vault: Vault, language: str = "sv"
) -> AsyncGenerator[Landa]:
    prepare_sqlite(path)
    time, store = Time(), SqliteStore(path)
    app_token = slack.app_token if slack.by_socket else ""
    config = SlackConfig(slack.token, slack.secret, slack.api_url, PICTURES, app_token)
    platform = SlackPlatform(config, time)
    slack.clock = time.timestamp
    await store.open()
    outbox = Outbox(store, vault, time, {"slack": platform.deliver})
    plan = Plan(library, FLOWS, SITE, language, off=OFF)
    turns = Turns(plan, store, vault, outbox, time)
    bell = Bell(store, vault, turns, time, Line(OFF))
    running = Landa(turns, outbox, Clock(store, bell, outbox, time), time)
    await platform.open()
    if slack.by_socket:
        async with platform.listen(turns):
            yield running
    else:
        async with listening(platform, turns) as slack.landa:
            yield running
    await running.settled()
    await platform.close()
    await store.close()


async def talk(slack: StandIn, landa: Landa) -> None:
    """Every way in and every kind of answer."""
    slack.joined.add(ROOM)
    assert (await slack.command(ANNA, "", ROOM)).card is not None
    await slack.press(ANNA, "Hitta fotfästet")
    await landa.settled()
    await landa.later(600)
    await slack.press(ANNA, "Klar för nu", None)
    await landa.settled()
    assert (await slack.command(BO, "inställningar")).card is not None
    form = slack.last(BO)
    fields = [block["block_id"] for block in form.blocks if block["type"] == "input"]
    assert fields, "the settings are a form"
    await slack.press(BO, form.labels[0], form)
    await landa.settled()
    await slack.say(BO, "paus")
    await landa.settled()
    await slack.say(BO, "jag orkar inte leva längre")
    await landa.settled()
    await slack.mention(ANNA, "andas", ROOM)
    await landa.settled()
    await slack.mention(ANNA, "paus", CLOSED)
    await landa.settled()
    await slack.shortcut(ANNA)
    await landa.settled()
    heavy = slack.put(Shown(ROOM, slack.ts(), "kanariefågel", [], author=BO))
    await slack.message_shortcut(ANNA, heavy)
    await landa.settled()
    await slack.command(BO, "stopp", CLOSED)
    await landa.settled()


def seen(slack: StandIn) -> list[object]:
    """All that anybody sees, and what it said before; without what is different by nature."""
    return [
        (one.channel, one.only, one.author, one.text, neutral(one.blocks), neutral(one.versions))
        for one in slack.messages
    ]


def neutral(part: object) -> str:
    """Tokens and the ids of rows are new each time."""
    named = re.sub(r"'block_id': 'card-[0-9a-f]+'", "'block_id': 'card'", repr(part))
    return re.sub(r"'(value|action_id|ts)': '[^']*'", r"'\1': ''", named)


async def test_the_same_by_both_ways(tmp_path: Path, library: Library, vault: Vault) -> None:
    """Command, press, form, words, mention and shortcuts show the same cards by both ways in."""
    shown: list[list[object]] = []
    for by_socket in (False, True):
        async with StandIn() as slack:
            slack.by_socket = by_socket
            async with landa(slack, tmp_path / f"{by_socket}.db", library, vault) as running:
                await talk(slack, running)
            assert slack.complaints == []
            assert slack.sockets.opened == by_socket
            assert not any("kanariefågel" in str(call.fields) for call in slack.calls)
            shown.append(seen(slack))
    assert shown[0] == shown[1]
    assert len(shown[0]) >= 14
