"""The way out to Slack while Landa runs: one session for all calls, the pictures, the delivery."""

from collections.abc import Callable
from datetime import datetime

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.call import FILES, HOOKS, Calls, Tokens
from adapters.slack.config import TIMEOUT, SlackConfig
from adapters.slack.deliver import Delivery
from adapters.slack.picture import ByAddress, NoPictures, Pictures
from adapters.slack.uploads import Uploads
from adapters.slack.url import origin
from bot.core.port import Album


class Outlet:
    """`close` it when nothing is to be sent any more. album: as in `SlackPlatform.open`."""

    def __init__(
        self,
        config: SlackConfig,
        client: AsyncWebClient,
        tokens: Tokens,
        album: Album | None,
        now: Callable[[], datetime],
    ) -> None:
        # One session for all: the kit otherwise opens a connection for every call. It has no
        # limit of its own, since one for all would let a workspace that hangs stop the others.
        connector = aiohttp.TCPConnector(limit=0)
        self._session = aiohttp.ClientSession(timeout=TIMEOUT, connector=connector)
        client.session = self._session
        origins = frozenset({HOOKS, FILES, origin(config.api_url)})
        self.calls = Calls(client, tokens, self._session, origins)
        self._uploads = Uploads(self.calls, album, now) if album and not config.pictures else None
        self.pictures: Pictures = self._uploads or NoPictures()
        if config.pictures:
            self.pictures = ByAddress(config.pictures)
        self.deliver = Delivery(self.calls, self.pictures, now)

    async def close(self) -> None:
        if self._uploads:
            await self._uploads.close()
        await self._session.close()
