"""A peer for Teams: the Microsoft 365 Agents kit's own echo bot, without credentials.

python -m tests.bench.echo_agents PORT
"""

import logging
import sys

import uvloop
from aiohttp import web
from microsoft_agents.authentication.msal import MsalConnectionManager
from microsoft_agents.hosting.aiohttp import CloudAdapter, jwt_authorization_middleware
from microsoft_agents.hosting.core import ActivityHandler, AgentAuthConfiguration, TurnContext


class Echo(ActivityHandler):
    async def on_message_activity(self, turn_context: TurnContext) -> None:
        await turn_context.send_activity(f"Echo: {turn_context.activity.text}")


def echo() -> web.Application:
    settings = AgentAuthConfiguration(tenant_id="common", anonymous_allowed=True)
    connections = MsalConnectionManager({"SERVICE_CONNECTION": settings})
    adapter, bot = CloudAdapter(connection_manager=connections), Echo()

    async def receive(request: web.Request) -> web.Response:
        return await adapter.process(request, bot)

    app = web.Application(middlewares=[jwt_authorization_middleware])
    app["agent_configuration"] = settings
    app.router.add_post("/api/messages", receive)
    return app


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    uvloop.install()
    web.run_app(echo(), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
