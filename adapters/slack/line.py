"""Socket Mode: a line that Landa opens to Slack, mended whenever it breaks.

The kit's own client is not used: it drops the old socket before it has a new one, tries a
spent address for ever, waits the same time after every failure, and logs what it receives.
"""

import asyncio
import contextlib
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, cast

import aiohttp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.proxy import proxy_of
from adapters.slack.answer import Acknowledgement
from adapters.slack.failure import api_error, word
from adapters.slack.fields import Body
from bot.core.errors import LandaError

log = logging.getLogger("landa.slack")

HEARTBEAT_S = 5.0  # a dead line is noticed within one and a half of these
HELLO_S = 10.0
ACK_S = 2.5  # Slack waits three seconds, then tells the person that nobody answered
LAST_S = 5.0  # for what is under way when Landa stops
LIVED_S = 60.0  # a line that held this long was a good one
WAITS_S = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)  # at most, before each try in a row
LIMIT = 1_048_576
HANG_UP = aiohttp.ClientWSTimeout(ws_close=1.0)  # pyright: ignore[reportCallIssue]

Take = Callable[[Body], Awaitable[BoltResponse]]
"""Takes the payload of one envelope. A status that is not 200 leaves it unacknowledged."""


class NoLineError(LandaError):
    """why: Slack's own word, or the kind of the fault. wait_s: what Slack asked for."""

    def __init__(self, why: str, wait_s: float = 0) -> None:
        super().__init__(f"Slack gives no line for SLACK_APP_TOKEN: {why}")
        self.wait_s = wait_s


async def address(client: AsyncWebClient, app_token: str) -> str:
    """Where to connect: works once, for half a minute.

    raises  NoLineError
    """
    try:
        answer: Any = await client.apps_connections_open(  # pyright: ignore[reportUnknownMemberType]
            app_token=app_token
        )
        url = answer.get("url")
    except SlackApiError as error:
        fault = api_error(error)
        raise NoLineError(fault.reason, fault.retry_after_s or 0) from None
    except (aiohttp.ClientError, OSError, AttributeError, TypeError, ValueError) as error:
        raise NoLineError(type(error).__name__) from None
    kinds = ("wss://",) if client.base_url.startswith("https://") else ("wss://", "ws://")
    if not isinstance(url, str) or not url.startswith(kinds):
        raise NoLineError("unreadable answer")
    return url


@dataclass(eq=False, slots=True)
class Socket:
    """greeted: Slack has said hello. left: Slack takes it away, or it broke."""

    ws: aiohttp.ClientWebSocketResponse
    greeted: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)


class Line:
    """`open`, and envelopes are taken until `close`. Always one socket; while Slack takes it
    away, two: nothing is missed between them.
    """

    def __init__(self, client: AsyncWebClient, app_token: str, take: Take) -> None:
        self._client, self._token, self._take = client, app_token, take
        self._socket: Socket | None = None
        self._changed = asyncio.Condition()
        self._holding: asyncio.Task[None] | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._reading: set[asyncio.Task[None]] = set()
        self._closing = False

    @property
    def up(self) -> bool:
        return self._socket is not None and not self._socket.ws.closed

    async def open(self, wait_s: float) -> None:
        """Returns when the line is up, at the latest after *wait_s*; it is tried on and on."""
        self._holding = asyncio.create_task(self._hold())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait_s), self._changed:
                await self._changed.wait_for(lambda: self.up)

    async def close(self) -> None:
        """Takes nothing more; what is under way is finished and acknowledged first."""
        self._closing = True
        if self._holding:
            self._holding.cancel()
            await asyncio.gather(self._holding, return_exceptions=True)
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=LAST_S)
        if self._socket:
            await self._socket.ws.close()
        left = {*self._under_way, *self._reading}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _hold(self) -> None:
        failed = 0
        while True:
            most_s = WAITS_S[min(failed, len(WAITS_S) - 1)]
            await asyncio.sleep(most_s * (0.5 + secrets.randbelow(500) / 1000))
            began = asyncio.get_running_loop().time()
            try:
                await self._connected()
            except NoLineError as error:
                log.warning("%s", error)
                await asyncio.sleep(error.wait_s)
            lived = asyncio.get_running_loop().time() - began > LIVED_S
            failed = 0 if lived else failed + 1

    async def _connected(self) -> None:
        """From the opening of one socket until the next one is needed. raises  NoLineError"""
        socket = Socket(await self._connect())
        self._start(self._read(socket), self._reading)
        try:
            async with asyncio.timeout(HELLO_S):
                await socket.greeted.wait()
        except TimeoutError:
            self._start(_hang_up(socket), self._reading)
            raise NoLineError("no hello") from None
        if not socket.left.is_set():
            await self._change(socket)
            await socket.left.wait()

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        url = await address(self._client, self._token)
        session = self._client.session
        if session is None:
            raise NoLineError("Slack is not open")
        try:
            async with asyncio.timeout(HELLO_S):
                return await session.ws_connect(
                    url,
                    heartbeat=HEARTBEAT_S,
                    proxy=proxy_of(url),
                    max_msg_size=LIMIT,
                    timeout=HANG_UP,
                )
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NoLineError(type(error).__name__) from None

    async def _change(self, socket: Socket) -> None:
        """From now on this one counts; what is under way on the old one is answered here."""
        log.info("connected to Slack")
        async with self._changed:
            old, self._socket = self._socket, socket
            self._changed.notify_all()
        if old:
            self._start(_hang_up(old), self._reading)

    async def _read(self, socket: Socket) -> None:
        try:
            async for message in socket.ws:
                if message.type is aiohttp.WSMsgType.TEXT:
                    self._hear(socket, cast("str", message.data))
        finally:
            socket.greeted.set()
            socket.left.set()

    def _hear(self, socket: Socket, text: str) -> None:
        try:
            heard: object = json.loads(text)
        except (ValueError, RecursionError):
            heard = None
        if not isinstance(heard, dict):
            log.warning("Slack sent something unreadable")
            return
        said = cast("dict[str, Any]", heard)
        if said.get("type") == "hello":
            socket.greeted.set()
        elif said.get("type") == "disconnect":
            log.info("Slack takes the line away: %s", word(said.get("reason")))
            socket.left.set()
        elif "envelope_id" in said and not self._closing:
            self._start(self._answer(socket, said), self._under_way)

    async def _answer(self, socket: Socket, envelope: dict[str, Any]) -> None:
        payload = envelope.get("payload")
        if not isinstance(payload, dict):
            return
        response = await self._take(cast("Body", payload))
        if response.status != 200:
            return  # Slack sends an event again; of anything else it tells the person
        ack: dict[str, Any] = {"envelope_id": envelope["envelope_id"]}
        riding = response if isinstance(response, Acknowledgement) else None
        if riding and riding.card:
            if envelope.get("accepts_response_payload") is not True:
                riding = None
            else:
                ack["payload"] = riding.card
        if await self._write(socket, json.dumps(ack)) and riding:
            riding.ridden()

    async def _write(self, socket: Socket, text: str) -> bool:
        """To the socket that the envelope came by, or to the one after it. False when there
        was none in time.
        """
        try:
            async with asyncio.timeout(ACK_S):
                while True:
                    with contextlib.suppress(aiohttp.ClientError, OSError, RuntimeError):
                        if not socket.ws.closed:
                            await socket.ws.send_str(text)
                            return True
                    socket = await self._after(socket)
        except TimeoutError:
            return False

    async def _after(self, old: Socket) -> Socket:
        async with self._changed:
            await self._changed.wait_for(lambda: self._socket not in (None, old))
            return cast("Socket", self._socket)

    def _start(self, work: Coroutine[Any, Any, None], among: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(work)
        among.add(task)
        task.add_done_callback(among.discard)


async def _hang_up(socket: Socket) -> None:
    with contextlib.suppress(aiohttp.ClientError, OSError):
        await socket.ws.close()
