"""Signed messages as Teams sends them, from a few clients at once; each waits for the reply to
arrive at the connector before it writes again.

python -m tests.bench.teams_load PORT SERVICE_PORT SECONDS CLIENTS [bare]

Prints one line of JSON. bare: without tokens, for those who do not ask for any.
"""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import Awaitable, Callable

import uvloop
from aiohttp import web

from tests.standin_teams.login import ISSUER, Login, signed
from tests.standin_teams.world import APP, World

TENANTS, PEOPLE = 200, 25
"""So many that no limit of Teams' is in anybody's way."""


class Connector:
    """Takes replies as fast as they come, and tells whoever waits for one."""

    def __init__(self, port: int) -> None:
        self.service = f"http://127.0.0.1:{port}/teams/"
        self.waiting: dict[str, asyncio.Future[None]] = {}

    async def reply(self, request: web.Request) -> web.Response:
        await request.read()
        waiting = self.waiting.pop(request.match_info["talk"], None)
        if waiting and not waiting.done():
            waiting.set_result(None)
        return web.json_response({"id": "1"}, status=201)

    def app(self) -> web.Application:
        app = web.Application()
        Login(World()).mount(app)
        app.router.add_post("/teams/v3/conversations/{talk}/activities", self.reply)
        app.router.add_post("/teams/v3/conversations/{talk}/activities/{id}", self.reply)
        return app

    def expect(self, talk: str) -> "asyncio.Future[None]":
        future = asyncio.get_running_loop().create_future()
        self.waiting[talk] = future
        return future


def activity(number: int, service: str) -> tuple[str, bytes]:
    """One message of one of a few thousand people. Returns the conversation, and the body."""
    tenant = f"00000000-0000-4000-8000-{number % TENANTS:012d}"
    talk = f"a:{number % (TENANTS * PEOPLE)}"
    body = {
        "type": "message",
        "id": f"{time.time_ns()}",
        "timestamp": "2026-11-24T08:00:00.000Z",
        "localTimezone": "Europe/Stockholm",
        "serviceUrl": service,
        "channelId": "msteams",
        "from": {"id": f"29:{talk}", "name": "Anna Andersson", "aadObjectId": talk},
        "conversation": {"conversationType": "personal", "tenantId": tenant, "id": talk},
        "recipient": {"id": f"28:{APP}", "name": "Landa"},
        "entities": [{"locale": "sv-SE", "country": "SE", "platform": "Web", "type": "clientInfo"}],
        "channelData": {"tenant": {"id": tenant}},
        "textFormat": "plain",
        "text": "landa",
        "locale": "sv-SE",
    }
    return talk, json.dumps(body).encode()


async def client(
    port: int, connector: Connector, token: str, until: float, numbers: "itertools.count[int]"
) -> list[float]:
    """The seconds from each message to its reply."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    took: list[float] = []
    while time.perf_counter() < until:
        talk, body = activity(next(numbers), connector.service)
        reply = connector.expect(talk)
        head = (
            f"POST /api/messages HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n{token}\r\n"
        )
        began = time.perf_counter()
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 2"):
            raise RuntimeError(answer.decode())
        if b"ontent-Length: " in answer:
            length = int(answer.split(b"ontent-Length: ")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
        async with asyncio.timeout(10):
            await reply
        took.append(time.perf_counter() - began)
    writer.close()
    return took


async def run(
    port: int, service_port: int, seconds: float, clients: int, *, bare: bool
) -> dict[str, float]:
    connector = Connector(service_port)
    runner = web.AppRunner(connector.app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", service_port, backlog=1024).start()
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": APP, "exp": now + 3600, "nbf": now - 60}
    token = f"Authorization: Bearer {signed({**claims, 'serviceurl': connector.service})}\r\n"
    token = "" if bare else token
    numbers = itertools.count(now % 1_000_000)
    await _warm(lambda until: client(port, connector, token, until, numbers))
    began = time.perf_counter()
    results = await asyncio.gather(
        *(client(port, connector, token, began + seconds, numbers) for _ in range(clients))
    )
    lasted = time.perf_counter() - began
    await runner.cleanup()
    took = sorted(one for result in results for one in result)
    return {
        "turns": len(took),
        "per_s": len(took) / lasted,
        "p50_ms": took[len(took) // 2] * 1000,
        "p99_ms": took[int(len(took) * 0.99)] * 1000,
    }


async def _warm(run: Callable[[float], Awaitable[object]]) -> None:
    """Until the keys are there, requests are answered 503; where none are asked for, a peer's."""
    for _ in range(100):
        try:
            await run(time.perf_counter() + 0.2)
        except (RuntimeError, OSError, TimeoutError):
            await asyncio.sleep(0.2)
        else:
            return
    raise RuntimeError("nobody answers")


if __name__ == "__main__":
    port, service_port, seconds, clients, *more = sys.argv[1:]
    figures = uvloop.run(
        run(int(port), int(service_port), float(seconds), int(clients), bare=bool(more))
    )
    sys.stdout.write(json.dumps(figures) + "\n")
