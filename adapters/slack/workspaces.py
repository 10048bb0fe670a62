"""Which workspaces Landa serves, when each has installed it for itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.news import Gone
from adapters.slack.rotation import GONE, Rotation
from bot.core.errors import DeliveryError, LandaError
from bot.core.installation import Installation
from bot.core.port import Installations

MOST = 1_000
KEPT = timedelta(seconds=5)
"""Another process may have heard that a workspace is gone; it is noticed within this."""


@dataclass(frozen=True, slots=True)
class _Kept:
    installation: Installation
    until: datetime


class Workspaces(AsyncAuthorize):
    """A `adapters.slack.workspace.Serving`, and bolt's `authorize`. now: aware UTC."""

    known = True

    def __init__(
        self, installations: Installations, rotation: Rotation, now: Callable[[], datetime]
    ) -> None:
        super().__init__()
        self._installations, self._rotation, self._now = installations, rotation, now
        self._kept: dict[tuple[str, str], _Kept] = {}

    async def open(self) -> None:
        """There is nobody to ask: every workspace is found when it first comes."""

    async def close(self) -> None:
        await self._rotation.close()

    async def serves(self, team: str, enterprise: str) -> bool:
        return bool(team) and await self._found(team, enterprise) is not None

    async def admit(self, team: str, since: datetime) -> None:
        installation = await self._installed(team)
        if since < installation.installed_at:
            raise DeliveryError("reinstalled", permanent=True)

    async def token(self, team: str) -> str:
        installation = await self._installed(team)
        try:
            fresh = await self._rotation.fresh(installation)
        except DeliveryError as error:
            # One fault may be met by many at once: each gets one of its own.
            again = error.retry_after_s
            raise DeliveryError(
                error.reason, permanent=error.permanent, retry_after_s=again
            ) from None
        except LandaError as error:
            raise DeliveryError(type(error).__name__) from None
        if fresh is not installation:
            self._keep((team, ""), fresh)
        return fresh.bot_token

    async def gone(self, news: Sequence[Gone]) -> None:
        for one in news:
            self.changed()
            await self._installations.forget(one.team, one.enterprise, one.at)
            self.changed()

    def changed(self) -> None:
        """Something was installed or taken away: everything is looked up again."""
        self._kept.clear()

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        **_: str | None,
    ) -> AuthorizeResult | None:
        """Without asking Slack: its signature has told who it is."""
        found = await self._found(team_id or "", enterprise_id or "")
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=found.bot_user,
            bot_token=found.bot_token,
        )

    async def _installed(self, team: str) -> Installation:
        """raises  DeliveryError"""
        try:
            found = await self._found(team, "") if team else None
        except LandaError as error:
            raise DeliveryError(type(error).__name__) from None
        if found is None:
            raise DeliveryError(GONE, permanent=True)
        return found

    async def _found(self, team: str, enterprise: str) -> Installation | None:
        kept = self._kept.get((team, enterprise))
        if kept and self._now() < kept.until:
            return kept.installation
        found = await self._installations.find(team, enterprise)
        if found:
            self._keep((team, enterprise), found)
        else:
            self._kept.pop((team, enterprise), None)
        return found

    def _keep(self, where: tuple[str, str], installation: Installation) -> None:
        self._kept.pop(where, None)
        while len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[where] = _Kept(installation, self._now() + KEPT)
