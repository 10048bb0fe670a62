"""One HTTP request of Slack's: its size, its signature, and only then its contents."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote_plus

from aiohttp import web

from adapters.body import RefusedError, object_of, read_raw
from adapters.slack.fields import Body

FIELD_LIMIT = 100  # a command has about 15
READ_S = 3  # after that Slack has given up waiting
AGE_LIMIT_S = 300  # docs.slack.dev, read 2026-11


async def read(request: web.Request, secret: bytes, now: datetime) -> Body:
    """The payload of a request that Slack signed.

    now     aware UTC.
    raises  RefusedError
    """
    raw = await read_raw(request, READ_S)
    verify(request.headers, raw, secret, now)
    return parse(request.content_type, raw)


def verify(headers: Mapping[str, str], raw: bytes, secret: bytes, now: datetime) -> None:
    """Before anything is parsed, on the very bytes that were signed."""
    stamp = headers.get("X-Slack-Request-Timestamp", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise RefusedError(401, "no timestamp")
    if abs(now.timestamp() - int(stamp)) > AGE_LIMIT_S:
        raise RefusedError(401, "old timestamp")
    signature = hmac.digest(secret, b"v0:%b:%b" % (stamp.encode(), raw), "sha256").hex()
    given = headers.get("X-Slack-Signature", "").encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(f"v0={signature}".encode(), given):
        raise RefusedError(401, "wrong signature")


def parse(content_type: str, raw: bytes) -> Body:
    """Events are JSON; commands a form; presses a form whose field "payload" is JSON."""
    try:
        if content_type == "application/json":
            return object_of(raw.decode())
        if content_type != "application/x-www-form-urlencoded":
            raise RefusedError(400, "neither form nor json")
        form = _form(raw.decode())
    except UnicodeDecodeError:
        raise RefusedError(400, "no utf-8") from None
    return object_of(form["payload"]) if "payload" in form else form


def _form(text: str) -> dict[str, str]:
    """As `urllib.parse.parse_qsl` with blank values, in half its time; this is the hot path."""
    parts = text.split("&", FIELD_LIMIT)
    if not text or len(parts) > FIELD_LIMIT:
        raise RefusedError(400, "no form")
    pairs = (part.partition("=") for part in parts if part)
    return {_unquoted(name): _unquoted(value) for name, _, value in pairs}


def _unquoted(text: str) -> str:
    return unquote_plus(text, errors="strict") if "%" in text or "+" in text else text
