"""The operator's pages: is it alive, is it ready, how does it do. And the pictures cards show."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

from aiohttp import web

from bot.core.errors import LandaError, SettingsError
from bot.runtime import metrics
from bot.runtime.picture import Pictures
from bot.runtime.settings import is_loopback

READY_S = 3
FORWARDED = {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP"}
Ready = Callable[[], Awaitable[None]]


async def listen(
    app: web.Application, host: str, port: int, stack: AsyncExitStack, *, key: str = "HOST, PORT"
) -> None:
    """Answer until *stack* ends. raises  SettingsError about *key* when it cannot be."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as fault:
        raise SettingsError((f"{key}: cannot listen there: {fault.strerror}.",)) from None


def mount(app: web.Application, ready: Ready, pictures: Pictures) -> None:
    """ready: returns when Landa can take turns, raises LandaError when it can't."""

    async def healthz(_: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def readyz(_: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(READY_S):
                await ready()
        except (LandaError, TimeoutError) as fault:
            return web.Response(status=503, text=f"not ready: {type(fault).__name__}\n")
        return web.Response(text="ready\n")

    async def numbers(request: web.Request) -> web.Response:
        # When turns are counted tells when somebody uses Landa: not for everybody to read.
        if FORWARDED & request.headers.keys() or not is_loopback(request.remote or ""):
            raise web.HTTPForbidden
        return web.Response(
            body=metrics.text(),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )

    async def picture(request: web.Request) -> web.Response:
        drawn = await pictures.get(request.match_info["name"])
        if drawn is None:
            raise web.HTTPNotFound
        return web.Response(
            body=drawn.data,
            content_type=drawn.kind,
            headers={
                "Cache-Control": "public, max-age=604800",
                "X-Content-Type-Options": "nosniff",
            },
        )

    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", numbers)
    app.router.add_get("/pictures/{name}", picture)
