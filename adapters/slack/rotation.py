"""Tokens that end are exchanged before they do: once, whoever asks, in however many processes."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.access import AccessError, access, tokens
from adapters.slack.config import OAuth
from adapters.slack.fields import Body, MalformedError
from bot.core.errors import DeliveryError, StorageError
from bot.core.installation import Installation
from bot.core.port import Installations

log = logging.getLogger("landa.slack")

AHEAD = timedelta(minutes=30)
# Longer than one call can take. After a failed one, also the pause before the next.
CLAIM = timedelta(seconds=20)
LOOKS, LOOK_S = 12, 0.25
SAVES, SAVE_S = 5, 0.5
# The refresh token is used up or revoked: asking again would give the same answer for ever.
OVER = frozenset(
    {"invalid_refresh_token", "invalid_auth", "token_revoked", "token_expired", "account_inactive"}
)
GONE = "uninstalled"
_Where = tuple[str, str]


class Rotation:
    """client: has no token of its own."""

    def __init__(
        self,
        installations: Installations,
        client: AsyncWebClient,
        oauth: OAuth,
        now: Callable[[], datetime],
    ) -> None:
        self._installations, self._client, self._oauth = installations, client, oauth
        self._now = now
        self._under_way: dict[_Where, asyncio.Task[Installation]] = {}

    async def fresh(self, installation: Installation) -> Installation:
        """The same with a token that works. raises  DeliveryError, StorageError, StateError"""
        if not self._is_due(installation):
            return installation
        where = (installation.team, installation.enterprise)
        task = self._under_way.get(where)
        if task is None:
            task = asyncio.create_task(self._renewed(installation))
            self._under_way[where] = task
            task.add_done_callback(lambda done: self._over(where, done))
        # Who asked may be stopped by its own time limit; a token under way must be kept.
        return await asyncio.shield(task)

    async def close(self) -> None:
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    def _over(self, where: _Where, done: "asyncio.Task[Installation]") -> None:
        del self._under_way[where]
        if not done.cancelled():
            done.exception()  # looked at, so that it is not reported as lost

    def _is_due(self, installation: Installation) -> bool:
        ends = installation.expires_at
        return ends is not None and self._now() >= ends - AHEAD

    async def _renewed(self, before: Installation) -> Installation:
        for _ in range(LOOKS):
            found = await self._installations.current(before)
            if found is None:
                raise DeliveryError(GONE, permanent=True)
            if found.lost or not self._is_due(found):
                return self._usable(found)
            if found.busy_until is None or found.busy_until <= self._now():
                claimed = replace(found, busy_until=self._now() + CLAIM)
                if await self._installations.change(claimed):
                    return await self._exchanged(replace(claimed, version=found.version + 1))
            elif self._works(found):
                return found
            await asyncio.sleep(LOOK_S)
        raise DeliveryError("token_not_renewed", retry_after_s=CLAIM.total_seconds())

    async def _exchanged(self, found: Installation) -> Installation:
        """*found* is claimed by us."""
        asked = {"grant_type": "refresh_token", "refresh_token": found.refresh_token}
        try:
            answer = await access(self._client, self._oauth, asked)
            return await self._saved(_with(found, answer, self._now()))
        except AccessError as error:
            log.warning("a token was not renewed: %s", error.reason)
            if error.reason in OVER:
                found = await self._saved(replace(found, lost=True, busy_until=None))
        except MalformedError:
            log.warning("a token was not renewed: unreadable answer")
        return self._usable(found)

    async def _saved(self, renewed: Installation) -> Installation:
        """What is stored afterwards: ours, unless Landa was installed anew meanwhile."""
        for _ in range(SAVES):
            try:
                if await self._installations.change(renewed):
                    return replace(renewed, version=renewed.version + 1)
                found = await self._installations.current(renewed)
            except StorageError:
                await asyncio.sleep(SAVE_S)
                continue
            if found is None:
                raise DeliveryError(GONE, permanent=True)
            return found
        log.error("a renewed token could not be stored")
        return renewed

    def _works(self, installation: Installation) -> bool:
        return installation.expires_at is None or self._now() < installation.expires_at

    def _usable(self, installation: Installation) -> Installation:
        """raises  DeliveryError when its token has ended"""
        if self._works(installation):
            return installation
        if installation.lost:
            raise DeliveryError("reinstall_needed", permanent=True)
        raise DeliveryError("token_not_renewed", retry_after_s=CLAIM.total_seconds())


def _with(found: Installation, answer: Body, at: datetime) -> Installation:
    token, refresh, ends = tokens(answer, at)
    return replace(found, bot_token=token, refresh_token=refresh, expires_at=ends, busy_until=None)
