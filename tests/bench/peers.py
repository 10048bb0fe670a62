"""The peers: a bare handler that verifies and echoes, and slack-bolt's own echo in two ways.

python -m tests.bench.peers NAME PORT SECRET
"""

import asyncio
import logging
import sys
from collections.abc import Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier

ECHO = {"response_type": "ephemeral", "text": "echo"}


def bare(secret: str) -> web.Application:
    """aiohttp, the signature, a fixed answer."""
    verifier = SignatureVerifier(secret)

    async def receive(request: web.Request) -> web.Response:
        body = await request.text()
        if not verifier.is_valid_request(body, dict(request.headers)):
            return web.Response(status=401)
        return web.json_response(ECHO)

    app = web.Application()
    app.router.add_post("/slack/events", receive)
    return app


def bolt(secret: str, *, before_response: bool) -> web.Application:
    """slack-bolt as its users run it, with one command that echoes."""

    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id="T1", bot_user_id="U0", bot_id="B0", bot_token="xoxb-0"
        )

    slack = AsyncApp(
        signing_secret=secret, authorize=authorize, process_before_response=before_response
    )

    @slack.command("/landa")
    async def landa(ack: Callable[..., object]) -> None:
        await ack(ECHO)

    async def receive(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await slack.async_dispatch(await to_bolt_request(request)))

    app = web.Application()
    app.router.add_post("/slack/events", receive)
    return app


PEERS = {
    "bare": bare,
    "bolt": lambda secret: bolt(secret, before_response=True),
    "bolt-default": lambda secret: bolt(secret, before_response=False),
}


async def serve(name: str, port: int, secret: str) -> None:
    runner = web.AppRunner(PEERS[name](secret), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    import uvloop

    uvloop.run(serve(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
