"""Puts a committed card in front of its person: rewritten, beside what they did, or sent."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.failure import (
    AWAY,
    GONE,
    RESPONSE_URL_CLOSED,
    RESPONSE_URL_OVER,
    failed,
    refused,
)
from adapters.slack.render import render
from bot.core.errors import DeliveryError
from bot.core.port import Outgoing

HOOKS = "https://hooks.slack.com"
# A response_url works for 30 minutes and 5 uses. docs.slack.dev, read 2026-11
RESPONSE_URL_AGE = timedelta(minutes=25)
CODE = re.compile(r"[a-z_]{1,64}")
PLAIN: dict[str, Any] = {"parse": "none", "link_names": False}  # nobody is ever mentioned
UNFURL: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
Fields = dict[str, Any]
Address = Mapping[str, str | int | bool]


def origin(url: str) -> str:
    """Scheme, host and port; "" for what is no address of the web."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.hostname}" + (f":{port}" if port else "")


def proxy_of(url: str) -> str | None:
    """The proxy that the environment names for *url*: the kit does not look at NO_PROXY."""
    parts = urlsplit(url)
    scheme = {"wss": "https", "ws": "http"}.get(parts.scheme, parts.scheme)
    return None if proxy_bypass(parts.hostname or "") else getproxies().get(scheme)


class Tokens(Protocol):
    """As in `adapters.slack.workspace.Serving`."""

    async def admit(self, team: str, since: datetime) -> None: ...
    async def token(self, team: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """Is a `Deliver`.

    client    its session is shared, and it never retries by itself.
    tokens    of the card's own workspace: asked for at each call.
    session   for response_urls.
    origins   where a response_url may lead; anything else is not called.
    pictures  as in `render`.
    now       aware UTC.
    """

    client: AsyncWebClient
    tokens: Tokens
    session: aiohttp.ClientSession
    origins: frozenset[str]
    pictures: str
    now: Callable[[], datetime]

    async def __call__(self, outgoing: Outgoing) -> None:
        """What was done in a channel is answered there, for that person alone, while Slack
        allows it; everything else goes to the person's own chat with Landa.
        """
        address = outgoing.address
        await self.tokens.admit(_team(address), outgoing.since)
        fields = render(outgoing, self.pictures)
        rewrite = outgoing.replace and bool(address.get("card"))
        young = self.now() - outgoing.since < RESPONSE_URL_AGE
        if young and await self._beside(address, fields, rewrite=rewrite):
            return
        if rewrite and address.get("ts") and await self._update(address, fields):
            return
        # The person, not the channel: a D-channel may be a talk between two people, where
        # /landa was typed; and a message in a channel would be seen by all.
        new: Fields = {"channel": address["user"], **fields, **UNFURL}
        await self._call(address, "chat.postMessage", new)

    async def _beside(self, address: Address, fields: Fields, *, rewrite: bool) -> bool:
        """Where the person acted. False where that is their own chat, or closed to us."""
        if not rewrite and address.get("dm"):
            return False
        if address.get("response_url"):
            new: Fields = {"replace_original": False, "response_type": "ephemeral"}
            route = {"replace_original": True} if rewrite else new
            return await self._respond(str(address["response_url"]), {**fields, **route})
        return not rewrite and await self._whisper(address, fields)

    async def _whisper(self, address: Address, fields: Fields) -> bool:
        """In the channel, for one person's eyes. False where that is not possible.

        Slack shows it only while they look; the age limit of a response_url suits that too.
        """
        place: Fields = {"channel": address["channel"], "user": address["user"]}
        if "thread" in address:
            place["thread_ts"] = address["thread"]
        return await self._put(address, "chat.postEphemeral", {**place, **fields}, AWAY)

    async def _update(self, address: Address, fields: Fields) -> bool:
        """False when the message is not there to be rewritten."""
        place = {"channel": address["channel"], "ts": address["ts"]}
        return await self._put(address, "chat.update", {**place, **fields}, GONE)

    async def _put(
        self, address: Address, method: str, fields: Fields, closed: frozenset[str]
    ) -> bool:
        """False when Slack refused with one of *closed*: another way is open then."""
        try:
            await self._call(address, method, fields)
        except DeliveryError as error:
            if error.reason in closed:
                return False
            raise
        return True

    async def _call(self, address: Address, method: str, fields: Fields) -> None:
        bearer = {"Authorization": f"Bearer {await self.tokens.token(_team(address))}"}
        try:
            await self.client.api_call(  # pyright: ignore[reportUnknownMemberType]
                method, json={**fields, **PLAIN}, headers=bearer
            )
        except SlackApiError as error:
            # "from None" everywhere: what Slack sent back may hold the card's words.
            raise api_error(error) from None
        except aiohttp.ClientConnectorError:
            raise DeliveryError("no connection") from None
        except (aiohttp.ClientError, OSError):  # TimeoutError is an OSError
            raise DeliveryError("connection lost", unknown=True) from None
        except (AttributeError, TypeError, ValueError):  # an answer that the kit cannot read
            raise DeliveryError("unreadable answer", unknown=True) from None

    async def _respond(self, url: str, fields: Fields) -> bool:
        """False when the url has been used up or is too old.

        The url came from outside: it leads to Slack or nowhere.
        """
        if origin(url) not in self.origins:
            raise DeliveryError("response_url leads elsewhere", permanent=True)
        try:
            async with self.session.post(
                url, json=fields, allow_redirects=False, proxy=self.client.proxy
            ) as answer:
                body, status, headers = await answer.read(), answer.status, answer.headers
        except aiohttp.ClientConnectorError:
            raise DeliveryError("no connection") from None
        except (aiohttp.ClientError, OSError):
            raise DeliveryError("connection lost", unknown=True) from None
        code = _code(body)
        if status in RESPONSE_URL_CLOSED or code in RESPONSE_URL_OVER:
            return False
        if status != 200:
            raise failed(status, headers, code)
        if body.strip() == b"ok" or code == "ok":
            return True
        raise refused(code) if code else DeliveryError("unreadable answer", unknown=True)


def _team(address: Address) -> str:
    return str(address.get("team", ""))


def _code(body: bytes) -> str:
    """Slack's word for how it went: "ok", an error, or "" for anything else."""
    try:
        answer: object = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(answer, dict):
        return ""
    fields = cast("Mapping[str, object]", answer)
    return "ok" if fields.get("ok") is True else word(fields.get("error"))


def api_error(error: SlackApiError) -> DeliveryError:
    answer: Any = error.response  # of either kind of client, or of aiohttp
    status = getattr(answer, "status_code", None)
    data: object = getattr(answer, "data", None)
    if not isinstance(status, int):
        return DeliveryError("unreadable answer", unknown=True)
    code = word(cast("Mapping[str, object]", data).get("error")) if isinstance(data, dict) else ""
    if status == 200:
        return refused(code) if code else DeliveryError("unreadable answer", unknown=True)
    return failed(status, answer.headers, code)


def word(code: object) -> str:
    """An error code, or "" for what does not look like one: it will stand in a log."""
    return code if isinstance(code, str) and CODE.fullmatch(code) else ""
