"""Slack's methods and addresses, called: a failure always says what it means for a card."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.failure import (
    BLOCKS,
    RESPONSE_URL_CLOSED,
    RESPONSE_URL_OVER,
    api_error,
    code_of,
    failed,
    refused,
)
from adapters.slack.fields import Body
from adapters.slack.url import origin
from bot.core.errors import DeliveryError

HOOKS = "https://hooks.slack.com"
FILES = "https://files.slack.com"
Fields = Mapping[str, Any]


class Tokens(Protocol):
    """As in `adapters.slack.workspace.Serving`."""

    async def admit(self, team: str, since: datetime) -> None: ...
    async def token(self, team: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Calls:
    """client    its session is shared, and it never retries by itself.
    tokens    of the workspace that a call is for: asked for at each.
    session   for addresses that Slack names.
    origins   where such an address may lead; anything else is not called.
    """

    client: AsyncWebClient
    tokens: Tokens
    session: aiohttp.ClientSession
    origins: frozenset[str]

    async def method(self, team: str, name: str, fields: Fields, *, form: bool = False) -> Body:
        """Slack's answer. form: the method takes no JSON. raises  DeliveryError"""
        bearer = {"Authorization": f"Bearer {await self.tokens.token(team)}"}
        data, json = (dict(fields), None) if form else (None, dict(fields))
        try:
            answer: Any = await self.client.api_call(  # pyright: ignore[reportUnknownMemberType]
                name, headers=bearer, data=data, json=json
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
        return cast("Body", answer.data) if isinstance(answer.data, dict) else {}

    async def respond(self, url: str, fields: Fields) -> bool:
        """Post to a response_url. False when it has been used up or is too old.

        raises  DeliveryError
        """
        status, headers, body = await self.post(url, json=dict(fields))
        code = code_of(body)
        if code in BLOCKS:
            raise refused(code)
        if status in RESPONSE_URL_CLOSED or code in RESPONSE_URL_OVER:
            return False
        if status != 200:
            raise failed(status, headers, code)
        if body.strip() == b"ok" or code == "ok":
            return True
        raise refused(code) if code else DeliveryError("unreadable answer", unknown=True)

    async def post(self, url: str, **content: Any) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body. The url came from outside: it leads to Slack or nowhere.

        raises  DeliveryError
        """
        if origin(url) not in self.origins:
            raise DeliveryError("an address that leads elsewhere", permanent=True)
        try:
            async with self.session.post(
                url, allow_redirects=False, proxy=self.client.proxy, **content
            ) as answer:
                return answer.status, answer.headers, await answer.read()
        except aiohttp.ClientConnectorError:
            raise DeliveryError("no connection") from None
        except (aiohttp.ClientError, OSError):
            raise DeliveryError("connection lost", unknown=True) from None
