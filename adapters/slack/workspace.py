"""Which workspace Landa serves: the one that its token belongs to."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import aiohttp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.failure import api_error
from adapters.slack.news import Gone
from bot.core.errors import DeliveryError, LandaError

log = logging.getLogger("landa.slack")

FIRST_TRY_S = 2.0
WAITS_S = (1, 2, 5, 10, 30, 60)  # between tries; the last one is repeated


@dataclass(frozen=True, slots=True)
class Identity:
    """What Slack says about our token. scopes: empty where it does not say."""

    team: str
    team_name: str
    bot: str
    bot_user: str
    bot_name: str
    scopes: frozenset[str] = frozenset()


async def identify(client: AsyncWebClient) -> Identity:
    """raises LandaError with Slack's reason"""
    try:
        answer: Any = await client.auth_test()  # pyright: ignore[reportUnknownMemberType]
    except SlackApiError as error:
        reason = api_error(error).reason
        raise LandaError(f"Slack does not accept the bot token: {reason}") from None
    except (aiohttp.ClientError, OSError, AttributeError, TypeError, ValueError) as error:
        raise LandaError(f"Slack cannot be reached: {type(error).__name__}") from None
    found = [answer.get(key) for key in ("team_id", "team", "bot_id", "user_id", "user")]
    if not found[0] or not all(isinstance(value, str | None) for value in found):
        raise LandaError("Slack cannot be reached: unreadable answer")
    team, name, bot, user, bot_name = (value or "" for value in found)
    return Identity(team, name, bot, user, bot_name, _scopes(answer))


def _scopes(answer: Any) -> frozenset[str]:
    headers: dict[str, str] = {key.lower(): text for key, text in answer.headers.items()}
    return frozenset(filter(None, headers.get("x-oauth-scopes", "").replace(" ", "").split(",")))


class Serving(Protocol):
    """Which workspaces are served, and with which token. Is also bolt's `authorize`."""

    @property
    def known(self) -> bool:
        """False while nothing can be said; requests then get 503."""
        ...

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def serves(self, team: str, enterprise: str) -> bool:
        """raises  LandaError when it cannot be said now"""
        ...

    async def admit(self, team: str, since: datetime) -> None:
        """raises  DeliveryError when a card of *since* may not go to that workspace any more"""
        ...

    async def token(self, team: str) -> str:
        """raises  DeliveryError"""
        ...

    async def gone(self, news: Sequence[Gone]) -> None:
        """raises  LandaError when it could not be done"""
        ...


class Workspace(AsyncAuthorize):
    """A `Serving` of one workspace."""

    def __init__(self, client: AsyncWebClient) -> None:
        super().__init__()
        self._client = client
        self._identity: Identity | None = None
        self._asking: asyncio.Task[None] | None = None

    @property
    def known(self) -> bool:
        """False until Slack has told which workspace the token belongs to."""
        return self._identity is not None

    async def serves(self, team: str, enterprise: str) -> bool:
        return self._identity is not None and team == self._identity.team

    async def admit(self, team: str, since: datetime) -> None:
        if not team:
            return  # written down before addresses named their workspace
        if self._identity is None:
            raise DeliveryError("workspace_not_known")
        if team != self._identity.team:
            raise DeliveryError("another_workspace", permanent=True)

    async def token(self, team: str) -> str:
        return self._client.token or ""

    async def gone(self, news: Sequence[Gone]) -> None:
        """Whoever takes the one token away stops Landa: there is nothing else to forget."""

    async def open(self) -> None:
        """Ask Slack; keep asking behind the back of what follows, where it does not answer."""
        self._asking = asyncio.create_task(self._ask())
        await asyncio.wait({self._asking}, timeout=FIRST_TRY_S)

    async def close(self) -> None:
        if self._asking:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_: str | None,
    ) -> AuthorizeResult | None:
        """None for every other workspace."""
        me = self._identity
        if me is None or team_id != me.team:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=me.team,
            bot_id=me.bot,
            bot_user_id=me.bot_user,
            bot_token=self._client.token,
        )

    async def _ask(self) -> None:
        tries = 0
        while True:
            try:
                self._identity = await identify(self._client)
            except LandaError as error:
                log.warning("%s", error)
            else:
                return
            await asyncio.sleep(WAITS_S[min(tries, len(WAITS_S) - 1)])
            tries += 1
