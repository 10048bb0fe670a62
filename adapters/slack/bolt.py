"""The kit's app: it reads a request's outlines, and hands everything to the gate and the door."""

import logging
from collections.abc import Awaitable, Callable
from typing import cast

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.body import RefusedError
from adapters.slack.config import quiet
from adapters.slack.door import Door, Gate
from adapters.slack.fields import Body
from adapters.slack.workspace import Serving

log = logging.getLogger("landa.slack")


def bolt_of(client: AsyncWebClient, serving: Serving, door: Door) -> AsyncApp:
    app = AsyncApp(
        logger=quiet("landa.slack.bolt", logging.ERROR),
        name="landa.slack.bolt",
        client=client,
        # Answers at once; the other runner looks every 10 ms whether it may.
        process_before_response=True,
        before_authorize=Gate(serving),
        authorize=cast("Callable[..., Awaitable[AuthorizeResult]]", serving),
        # The signature is verified in request.py, before anything is parsed.
        request_verification_enabled=False,
        # The gate answers these two, and `to_inbound` knows what is our own.
        ssl_check_enabled=False,
        url_verification_enabled=False,
        ignoring_self_events_enabled=False,
        ignoring_self_assistant_message_events_enabled=False,
        # For workflow steps and assistants: Landa has none.
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.use(door)  # pyright: ignore[reportUnknownMemberType]
    app.error(_failed)
    return app


def request_of(body: Body) -> AsyncBoltRequest:
    """raises  RefusedError"""
    kept = dict(body)
    if kept.get("type") == "message_action":
        # What somebody wrote there is not for Landa: not even bolt gets to see it.
        kept = {key: value for key, value in kept.items() if not key.startswith("message")}
    try:
        # In the mode for sockets bolt takes a parsed body: it need not be parsed twice.
        return AsyncBoltRequest(body=kept, mode="socket_mode")
    except Exception:  # bolt looks into the body without asking for its types
        raise RefusedError(400, "not as Slack describes it") from None


async def _failed(error: Exception) -> BoltResponse:
    """Bolt's own handler would log the exception's text, and with it perhaps a person's."""
    log.error("a request failed: %s", type(error).__name__)
    return BoltResponse(status=500)
