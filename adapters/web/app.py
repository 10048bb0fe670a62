"""The preview's routes: hands what is done on the page to `handle`, and shows what comes out."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from math import ceil
from typing import Protocol

from aiohttp import web
from aiohttp.typedefs import Handler

from adapters.web.deliver import Event, Listener, Log
from adapters.web.guard import HEADERS, is_preview, is_welcome
from adapters.web.inbound import PEOPLE, entries_of, person_of, to_inbound, to_line
from adapters.web.page import html, static_files
from bot.core.port import Handle, Outgoing
from bot.core.words import Words

LONGEST_BODY = 64 * 1024
STEPS_S = (60, 5 * 60, 15 * 60, 60 * 60)
MORNING = time(8, 0)
BEAT_S = 15
"""How often a quiet stream says what the clock shows; also how it notices that nobody listens."""
RETRY_MS = 1500


class PreviewClock(Protocol):
    """The preview's own time."""

    def now(self) -> datetime:
        """Aware, in the zone that the team lives in: the page shows its wall time."""
        ...

    async def forward(self, seconds: int) -> None:
        """Move the time forward, and let everything happen that fell due."""
        ...


@dataclass(frozen=True, slots=True)
class PreviewConfig:
    """words: by language. language: what the page is in until another is asked for."""

    words: Mapping[str, Words]
    language: str


class Preview:
    """One page on this computer, for one team that is played."""

    def __init__(self, config: PreviewConfig) -> None:
        self._config = config
        self._log = Log()
        self._static = static_files()

    async def deliver(self, outgoing: Outgoing) -> None:
        """See `port.Deliver`."""
        await self._log(outgoing)

    def mount(self, app: web.Application, handle: Handle, clock: PreviewClock) -> None:
        """Add the preview to *app*, before it starts."""
        self._handle, self._clock = handle, clock
        self._log.now = clock.now
        app.middlewares.append(self._guard)
        app.on_response_prepare.append(_add_headers)
        app.on_shutdown.append(self._close)
        app.router.add_get("/", self._page)
        app.router.add_get("/preview/static/{name}", self._file)
        app.router.add_get("/preview/events", self._events)
        app.router.add_get("/preview/log", self._entries)
        app.router.add_post("/preview/act", self._act)
        app.router.add_post("/preview/forward", self._forward)

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if is_preview(request) and not is_welcome(request):
            words = self._config.words[self._config.language]
            return web.Response(status=403, text=words("preview.refused"))
        return await handler(request)

    async def _page(self, request: web.Request) -> web.Response:
        asked = request.query.get("lang", "")
        language = asked if asked in self._config.words else self._config.language
        return web.Response(text=html(language, self._config.words), content_type="text/html")

    async def _file(self, request: web.Request) -> web.Response:
        found = self._static.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        return web.Response(body=found[0], content_type=found[1], charset="utf-8")

    async def _entries(self, request: web.Request) -> web.Response:
        return web.json_response(self._start(_asked_person(request))[1])

    async def _act(self, request: web.Request) -> web.Response:
        body = await _json_body(request)
        person = person_of(body)
        if person is None:
            raise web.HTTPBadRequest
        line = to_line(body, person)
        inbound = to_inbound(body, person, self._clock.now().astimezone(UTC))
        if line is None and inbound is None:
            raise web.HTTPBadRequest
        if line is not None:
            self._log.write(line, self._clock.now())
        taken = (await self._handle(inbound)).taken if inbound else "new"
        return web.json_response({"taken": taken})

    async def _forward(self, request: web.Request) -> web.Response:
        step = entries_of(await _json_body(request)).get("step")
        if step == "morning":
            seconds = until_morning(self._clock.now())
        elif isinstance(step, int) and step in STEPS_S:
            seconds = step
        else:
            raise web.HTTPBadRequest
        await self._clock.forward(seconds)
        self._log.tell(self._time())
        return web.json_response(self._time()[1])

    async def _events(self, request: web.Request) -> web.StreamResponse:
        person = _asked_person(request)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(f"retry: {RETRY_MS}\n\n".encode())
        listener = self._log.listen(person)
        try:
            async for name, data in self._happening(person, listener):
                await response.write(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())
        except ConnectionError:
            pass  # the page was closed
        finally:
            self._log.leave(person, listener)
        return response

    async def _happening(self, person: str, listener: Listener) -> AsyncIterator[Event]:
        """All there is, then everything new, and the time now and then."""
        yield self._start(person)
        while True:
            try:
                event = await asyncio.wait_for(listener.get(), BEAT_S)
            except TimeoutError:
                event = self._time()
            if event is None:
                return
            yield event

    def _start(self, person: str) -> Event:
        return "start", {"entries": self._log.entries(person), **self._time()[1]}

    def _time(self) -> Event:
        return "time", {"now": self._clock.now().isoformat(timespec="seconds")}

    async def _close(self, _: web.Application) -> None:
        self._log.close()


def until_morning(now: datetime) -> int:
    """Seconds to the next MORNING on the wall clock of *now*'s zone; at least 1."""
    morning = now.replace(hour=MORNING.hour, minute=MORNING.minute, second=0, microsecond=0)
    if morning <= now:
        morning += timedelta(days=1)
    left = morning.astimezone(UTC) - now.astimezone(UTC)
    return max(1, ceil(left.total_seconds()))


def _asked_person(request: web.Request) -> str:
    person = request.query.get("person", "")
    if person not in PEOPLE:
        raise web.HTTPBadRequest
    return person


async def _json_body(request: web.Request) -> object:
    """What was sent. raises HTTPBadRequest when it is too long, or no JSON."""
    sent = bytearray()
    async for chunk in request.content.iter_chunked(LONGEST_BODY):
        sent += chunk
        if len(sent) > LONGEST_BODY:
            raise web.HTTPRequestEntityTooLarge(LONGEST_BODY, len(sent))
    try:
        return json.loads(sent.decode("utf-8"))
    except (ValueError, RecursionError):
        raise web.HTTPBadRequest from None


async def _add_headers(request: web.Request, response: web.StreamResponse) -> None:
    if is_preview(request):
        response.headers.update(HEADERS)
