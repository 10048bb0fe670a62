"""The three people of the preview, each a family of their own."""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.web.app import Preview, PreviewConfig
from adapters.web.inbound import PEOPLE
from bot.core.library import Library
from bot.flows import FLOWS
from bot.runtime.handle import Turns
from bot.runtime.outbox import Outbox
from bot.runtime.reading import Plan
from bot.runtime.store import Store
from bot.runtime.vault import Vault
from tests.adapters.web.fake import JSON
from tests.chat import SITES
from tests.matrix import Family, Try
from tests.matrix.slack import MONDAY

FAMILIES = tuple(Family("preview", each, each, f"of-{each}", f"kanarie-{each}") for each in PEOPLE)


class Clock:
    """Moved by hand."""

    time = MONDAY.astimezone(ZoneInfo("Europe/Stockholm"))

    def now(self) -> datetime:
        return self.time

    async def forward(self, seconds: int) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class WebStage:
    preview: Preview
    client: "TestClient[web.Request, web.Application]"
    turns: Turns
    outbox: Outbox
    store: Store
    vault: Vault
    clock: Clock
    platform: str = "web"
    families: tuple[Family, ...] = FAMILIES
    requests: list[dict[str, Any]] = field(default_factory=list)
    _count: "itertools.count[int]" = field(default_factory=itertools.count)

    async def send(self, body: dict[str, Any]) -> None:
        await self.clock.forward(6)
        await self.client.post("/preview/act", data=json.dumps(body), headers=JSON)
        await self.turns.drained()
        await asyncio.sleep(0)  # what came too late to ride follows
        await self.outbox.settled()

    def seen(self, person: str) -> str:
        return repr(self.preview._log.entries(person))

    async def settle_in(self, family: Family) -> None:
        """A card in the middle of something, a form, and a question that nobody else has seen."""
        me = family.owner
        await self.act(me, "/landa team", room="channel")
        if me == PEOPLE[0]:
            await self.act(me, press="Ställ in", room="channel")
            await self.act(me, press="Spara", room="channel")
        await self.act(me, "inställningar")
        await self.act(me, press="Spara", values={"language": "sv", "motion": "still"})
        await self.act(me, "/landa mina")
        await self.act(me, "/landa")
        await self.act(me, press="Hitta fotfästet")
        await self.act(me, "inställningar")

    async def act(
        self, me: str, text: str = "", press: str = "", room: str = "chat", **more: Any
    ) -> None:
        body = {"id": f"act-0000-{next(self._count)}", "person": me, "room": room}
        if not press:
            return await self.send({**body, "text": text})
        entry, choice = next(
            (entry, choice)
            for entry in reversed(self.preview._log.entries(me))
            for choice in (entry["card"] or {}).get("choices", ())
            if choice["label"] == press
        )
        pressed = {**body, "card": entry["id"], "token": choice["token"], **more}
        self.requests.append(pressed)
        return await self.send(pressed)

    def tokens(self, *people: str) -> list[str]:
        """Of buttons that no other is shown."""
        return sorted({
            choice["token"]
            for person in people
            for entry in self.preview._log.entries(person)
            if entry["card"] and (entry["private"] or entry["room"] == "chat")
            for choice in entry["card"]["choices"]
        })  # fmt: skip

    def tries(self) -> Iterator[Try]:
        """Each press of ours, as somebody else; and with each name that others have."""
        for body in self._presses():
            for other in PEOPLE[1:]:
                cards = [entry["id"] for entry in self.preview._log.entries(other) if entry["card"]]
                yield Try(
                    f"person {other}", self.anew({**body, "person": other}), None, forged=True
                )
                for card in cards:
                    swapped = self.anew({**body, "card": card})
                    yield Try(f"card {card}", swapped, FAMILIES[0], forged=False)
        yield from self.forged(self.tokens(*PEOPLE[1:]))

    def forged(self, tokens: Iterable[str]) -> Iterator[Try]:
        for body in self._presses():
            for token in tokens:
                changed = self.anew({**body, "token": token})
                yield Try(f"token {token!r}", changed, None, forged=True)

    def _presses(self) -> tuple[dict[str, Any], ...]:
        """The newest of ours, of a card and of a form."""
        ours = [body for body in self.requests if body["person"] == PEOPLE[0]]
        return tuple({"values" in body: body for body in ours}.values())

    def anew(self, body: dict[str, Any]) -> dict[str, Any]:
        return {**body, "id": f"act-0000-{next(self._count)}"}


@asynccontextmanager
async def stage(library: Library, store: Store, vault: Vault) -> AsyncGenerator[WebStage]:
    """store: open."""
    preview, clock = Preview(PreviewConfig(library.words, "sv")), Clock()
    outbox = Outbox(store, vault, clock.now, {"web": preview.deliver})
    turns = Turns(Plan(library, FLOWS, SITES, "sv"), store, vault, outbox, clock.now)
    app = web.Application()
    preview.mount(app, turns, clock)
    async with TestServer(app, host="127.0.0.1") as server, TestClient(server) as client:
        made = WebStage(preview, client, turns, outbox, store, vault, clock)
        for family in FAMILIES:
            await made.settle_in(family)
        yield made
