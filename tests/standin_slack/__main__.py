"""The stand-in as a process of its own: `python -m tests.standin_slack URL_OF_LANDA [PORT]`.
With "" for the URL, Landa comes by Socket Mode.

Prints its address as one line of JSON. `POST /_act` takes what a person does,
`GET /_seen?user=U1` tells what that person sees.
"""

import asyncio
import dataclasses
import json
import sys

from aiohttp import web

from tests.standin_slack.standin import StandIn

ACTS = ("command", "press", "say", "mention", "shortcut", "submit", "open_home", "press_home")


def control(slack: StandIn) -> web.Application:
    """act: {"act": one of ACTS, "user": ..., and what that method takes}."""

    async def act(request: web.Request) -> web.Response:
        fields = await request.json()
        acts = {name: getattr(slack, name) for name in ACTS}
        done = await acts[fields.pop("act")](**fields)
        many = done if isinstance(done, list) else [done]
        return web.json_response([dataclasses.asdict(ack) for ack in many])

    async def seen(request: web.Request) -> web.Response:
        shown = slack.seen(request.query["user"], request.query.get("channel", ""))
        return web.json_response([dataclasses.asdict(one) for one in shown])

    app = web.Application()
    app.router.add_post("/_act", act)
    app.router.add_get("/_seen", seen)
    return app


async def main(landa: str, port: int = 0) -> None:
    slack = StandIn()
    slack.landa, slack.by_socket = landa, not landa
    await slack.start(port, control(slack))
    told = {"url": slack.url, "token": slack.token, "secret": slack.secret}
    print(json.dumps({**told, "app_token": slack.app_token}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 0))
