"""Slack's side of Socket Mode: addresses that work once, envelopes, and every way to lose them."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from aiohttp import WSMessage, WSMsgType, web

from tests.standin_slack.world import Ack, World

MOST = 10  # connections of one app. docs.slack.dev, read 2026-11


@dataclass(eq=False, slots=True)
class Link:
    ws: web.WebSocketResponse
    request: web.Request
    leaving: bool = False
    frozen: bool = False


@dataclass(slots=True)
class Waiting:
    """An envelope that nobody has acknowledged yet."""

    accepts: bool
    done: asyncio.Future[dict[str, Any]]


class Sockets:
    """acks: as they came: envelope id and the number of the connection.

    together  how many connections stood, at each opening of one.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.links: list[Link] = []
        self.opened = 0
        self.together: list[int] = []
        self.acks: list[tuple[str, int]] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, Waiting] = {}
        self._changed = asyncio.Condition()

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/link", self._link)

    def ticket(self, base: str) -> str:
        """Where to connect, once."""
        ticket = f"{self.world.number()}-stand-in"
        self._tickets.add(ticket)
        query = urlencode({"ticket": ticket, "app_id": self.world.app})
        return f"{base.replace('http', 'ws', 1)}/link?{query}"

    async def up(self, count: int = 1) -> None:
        """Returns when as many connections stand, and none of them is being taken away."""
        async with asyncio.timeout(10), self._changed:
            await self._changed.wait_for(lambda: len(self._standing()) >= count)

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Slack tells every connection to make place, as it does every few hours."""
        for link in list(self.links):
            link.leaving = True
            told = {"type": "disconnect", "reason": reason, "debug_info": {"host": "stand-in"}}
            await link.ws.send_json(told)

    def cut(self) -> None:
        """The wire breaks, without a farewell."""
        for link in list(self.links):
            link.leaving = True
            if link.request.transport:
                link.request.transport.abort()

    def freeze(self) -> None:
        """The wire falls silent: nothing is closed, and not even a ping is answered."""
        for link in self.links:
            link.leaving = link.frozen = True

    async def send(self, kind: str, payload: dict[str, Any], **retry: Any) -> Ack:
        """retry: retry_attempt and retry_reason, of an event that is sent again."""
        loop = asyncio.get_running_loop()
        start, id = loop.time(), f"envelope-{self.world.number()}"
        accepts = kind == "slash_commands" or payload.get("type") == "view_submission"
        waiting = Waiting(accepts, loop.create_future())
        self._waiting[id] = waiting
        envelope = {"envelope_id": id, "type": kind, "accepts_response_payload": waiting.accepts}
        try:
            async with asyncio.timeout(self.world.ack_s):
                link = await self._one()
                await link.ws.send_str(json.dumps({**envelope, "payload": payload, **retry}))
                ack = await waiting.done
        except (TimeoutError, ConnectionError):
            return Ack(0, loop.time() - start)
        body = json.dumps(ack["payload"]) if "payload" in ack else ""
        headers = {"content-type": "application/json"}
        return Ack(200, loop.time() - start, None, body, headers)

    def _standing(self) -> list[Link]:
        return [link for link in self.links if not link.leaving and not link.ws.closed]

    async def _one(self) -> Link:
        async with self._changed:
            await self._changed.wait_for(lambda: bool(self._standing()))
        return self._standing()[-1]

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=403)
        self._tickets.discard(ticket)
        link = Link(web.WebSocketResponse(autoping=False), request)
        await link.ws.prepare(request)
        if len(self.links) >= MOST:
            await link.ws.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            return link.ws
        self.opened += 1
        self.together.append(len(self.links) + 1)
        hello = {"type": "hello", "num_connections": len(self.links) + 1}
        await link.ws.send_json({**hello, "connection_info": {"app_id": self.world.app}})
        await self._serve(link, self.opened)
        return link.ws

    async def _serve(self, link: Link, number: int) -> None:
        async with self._changed:
            self.links.append(link)
            self._changed.notify_all()
        try:
            async for message in link.ws:
                if not link.frozen:
                    await self._heard(link, number, message)
        finally:
            self.links.remove(link)

    async def _heard(self, link: Link, number: int, message: WSMessage) -> None:
        if message.type is WSMsgType.PING:
            await link.ws.pong(message.data)
        elif message.type is WSMsgType.TEXT:
            self._acknowledged(json.loads(message.data), number)

    def _acknowledged(self, ack: dict[str, Any], number: int) -> None:
        waiting = self._waiting.pop(str(ack.get("envelope_id")), None)
        if set(ack) - {"envelope_id", "payload"}:
            self.world.complaints.append(f"an ack with {sorted(ack)}")
        if waiting is None:
            self.world.complaints.append("an ack of nothing that waits for one")
            return
        if "payload" in ack and not waiting.accepts:
            self.world.complaints.append("an ack with a payload that nobody reads")
        self.acks.append((str(ack["envelope_id"]), number))
        if not waiting.done.done():
            waiting.done.set_result(ack)
