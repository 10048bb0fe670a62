"""Everything that goes out to Microsoft's connectors: one pool of connections, one token."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any, cast

import aiohttp

from adapters.fields import Body
from adapters.teams.failure import failed
from bot.core.errors import DeliveryError

TIMEOUT = aiohttp.ClientTimeout(total=10)  # under what the outbox gives a try
TOKEN_S = 10
# Whoever is asked gives one that is good for five minutes more, and keeps it himself.
TOKEN_AGE_S = 240
LIMIT = 262_144


class Tokens:
    """What we show at each call: asked for in a thread, by one for all."""

    def __init__(self, ask: Callable[[], str]) -> None:
        """ask: blocks; gives a token that is good for at least five minutes."""
        self._ask = ask
        self._token, self._until = "", 0.0
        self._asking: asyncio.Task[str] | None = None

    async def get(self) -> str:
        """raises  DeliveryError"""
        if asyncio.get_running_loop().time() < self._until:
            return self._token
        if self._asking is None:
            self._asking = asyncio.create_task(self._fetch())
            self._asking.add_done_callback(self._asked)
        return await asyncio.shield(self._asking)

    async def _fetch(self) -> str:
        try:
            async with asyncio.timeout(TOKEN_S):
                token = await asyncio.to_thread(self._ask)
        except Exception as fault:  # the kit and what it stands on raise whatever they like
            raise DeliveryError(f"no token: {type(fault).__name__}") from None
        self._token = token
        self._until = asyncio.get_running_loop().time() + TOKEN_AGE_S
        return token

    def _asked(self, task: "asyncio.Task[str]") -> None:
        self._asking = None
        if not task.cancelled():
            task.exception()  # seen here, though everybody who waited may be gone


class Wire:
    """tokens: None where nobody asks for one, as with a local client."""

    def __init__(self, session: aiohttp.ClientSession, tokens: Tokens | None) -> None:
        self._session, self._tokens = session, tokens

    async def call(self, method: str, url: str, fields: Mapping[str, Any]) -> Body:
        """What the connector answered. raises  DeliveryError"""
        headers = {"Content-Type": "application/json"}
        if self._tokens:
            headers["Authorization"] = f"Bearer {await self._tokens.get()}"
        body = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, allow_redirects=False, timeout=TIMEOUT
            ) as answer:
                raw, status = await answer.content.read(LIMIT), answer.status
        except aiohttp.ClientConnectorError:
            raise DeliveryError("no connection") from None
        except (aiohttp.ClientError, OSError):  # TimeoutError is an OSError
            raise DeliveryError("connection lost", unknown=True) from None
        if not 200 <= status < 300:
            raise failed(status, answer.headers, raw)
        return _object(raw)


def _object(raw: bytes) -> Body:
    """Empty for an empty answer: it was taken, which is all that is asked."""
    try:
        answer: object = json.loads(raw) if raw.strip() else {}
    except (ValueError, RecursionError):
        raise DeliveryError("unreadable answer", unknown=True) from None
    return cast("Body", answer) if isinstance(answer, dict) else {}
