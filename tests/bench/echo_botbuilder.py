"""A peer for Teams: botbuilder's own echo bot as its users run it, but without credentials, so
that it neither checks a token nor asks for one.

python -m tests.bench.echo_botbuilder PORT
"""

import logging
import sys

import uvloop
from aiohttp import web
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication

CONFIG = type("Config", (), {"APP_ID": "", "APP_PASSWORD": "", "APP_TYPE": "MultiTenant"})


class Echo(ActivityHandler):
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(f"Echo: {turn_context.activity.text}")


def echo() -> web.Application:
    adapter, bot = CloudAdapter(ConfigurationBotFrameworkAuthentication(CONFIG())), Echo()

    async def receive(request: web.Request) -> web.Response:
        return await adapter.process(request, bot)

    app = web.Application()
    app.router.add_post("/api/messages", receive)
    return app


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    uvloop.install()
    web.run_app(echo(), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
