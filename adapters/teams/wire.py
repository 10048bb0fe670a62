"""Everything that goes out to Microsoft's connectors: one pool of connections, one token."""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, cast

import aiohttp

from adapters.fields import Body
from adapters.proxy import proxy_of
from adapters.teams.failure import failed
from bot.core.errors import DeliveryError

log = logging.getLogger("landa.teams")

TIMEOUT = aiohttp.ClientTimeout(total=10)  # under what the outbox gives a try
TOKEN_S = 10
# Whoever is asked gives one that is good for five minutes more, and keeps it himself.
FRESH_S, GOOD_S = 240, 290
LIMIT = 262_144


class Tokens:
    """What we show at each call: asked for in a thread, by one for all, before it is needed."""

    def __init__(self, ask: Callable[[], str]) -> None:
        """ask: blocks; gives a token that is good for at least five minutes."""
        self._ask = ask
        self._token, self._asked_at = "", float("-inf")
        self._asking: asyncio.Task[str] | None = None

    async def get(self) -> str:
        """raises  DeliveryError"""
        age_s = asyncio.get_running_loop().time() - self._asked_at
        if age_s > FRESH_S:
            asking = self.begin()
            if age_s > GOOD_S:
                return await asyncio.shield(asking)
        return self._token

    def begin(self) -> "asyncio.Task[str]":
        """Ask, unless somebody does already."""
        if self._asking is None:
            self._asking = asyncio.create_task(self._fetch())
            self._asking.add_done_callback(self._asked)
        return self._asking

    async def close(self) -> None:
        if self._asking:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    async def _fetch(self) -> str:
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(TOKEN_S):
                token = await asyncio.to_thread(self._ask)
        except Exception as fault:  # the kit and what it stands on raise whatever they like
            raise DeliveryError(f"no token: {type(fault).__name__}") from None
        self._token, self._asked_at = token, began
        return token

    def _asked(self, task: "asyncio.Task[str]") -> None:
        self._asking = None
        if not task.cancelled() and (failure := task.exception()):
            log.warning("Microsoft gives no token: %s", failure)


class Wire:
    """tokens: None where nobody asks for one, as with a local client."""

    def __init__(self, session: aiohttp.ClientSession, tokens: Tokens | None) -> None:
        self._session, self._tokens = session, tokens
        # By connector, of which there are few: the environment is not looked at for every card.
        self._proxies: dict[str, str | None] = {}

    async def call(self, method: str, service: str, path: str, fields: Mapping[str, Any]) -> Body:
        """What the connector at *service* answered. raises  DeliveryError"""
        headers = {"Content-Type": "application/json"}
        if self._tokens:
            headers["Authorization"] = f"Bearer {await self._tokens.get()}"
        body = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        url = service + path
        way: dict[str, Any] = {"proxy": self._proxy(service), "allow_redirects": False}
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=TIMEOUT, **way
            ) as answer:
                raw, status = await answer.content.read(LIMIT), answer.status
        except aiohttp.ClientConnectorError:
            raise DeliveryError("no connection") from None
        except (aiohttp.ClientError, OSError):  # TimeoutError is an OSError
            raise DeliveryError("connection lost", unknown=True) from None
        if not 200 <= status < 300:
            raise failed(status, answer.headers, raw)
        return _object(raw)

    def _proxy(self, service: str) -> str | None:
        if service not in self._proxies:
            self._proxies[service] = proxy_of(service)
        return self._proxies[service]


def _object(raw: bytes) -> Body:
    """Empty for an empty answer: it was taken, which is all that is asked."""
    try:
        answer: object = json.loads(raw) if raw.strip() else {}
    except (ValueError, RecursionError):
        raise DeliveryError("unreadable answer", unknown=True) from None
    return cast("Body", answer) if isinstance(answer, dict) else {}
