"""The body of one HTTP request: of bounded size, in bounded time, and a JSON object at last."""

import asyncio
import json
from typing import cast

from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError

from adapters.fields import Body

BODY_LIMIT = 1_048_576


class RefusedError(Exception):
    """status: to be answered. reason: for the log; never holds anything of the request."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status, self.reason = status, reason


async def read_raw(request: web.Request, longest_s: float) -> bytes:
    """raises  RefusedError: too large, too slow, packed, or broken on the way"""
    if "Content-Encoding" in request.headers:  # no platform packs; a small body may unpack huge
        raise RefusedError(400, "packed body")
    if (request.content_length or 0) > BODY_LIMIT:
        raise RefusedError(413, "too large")
    try:
        if request.content.is_eof():  # nearly always: it came together with its headers
            raw = request.content.read_nowait()
        else:
            async with asyncio.timeout(longest_s):
                raw = await _rest(request)
    except TimeoutError:
        raise RefusedError(408, "slow body") from None
    except (ClientPayloadError, HttpProcessingError, OSError):
        raise RefusedError(400, "broken body") from None
    if len(raw) > BODY_LIMIT:
        raise RefusedError(413, "too large")
    return raw


async def _rest(request: web.Request) -> bytes:
    """At most one piece more than the limit."""
    raw = bytearray()
    async for chunk in request.content.iter_any():
        raw += chunk
        if len(raw) > BODY_LIMIT:
            break
    return bytes(raw)


def object_of(text: str) -> Body:
    """raises  RefusedError: no JSON, or JSON of another kind"""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError):
        raise RefusedError(400, "bad json") from None
    if not isinstance(value, dict):
        raise RefusedError(400, "no json object")
    return cast("Body", value)
