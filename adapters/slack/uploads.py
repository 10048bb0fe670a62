"""Pictures that Slack keeps for us: put there once for each workspace, ahead of need if possible.

Slack looks at a file for a moment after it has come, and takes no card with it until then. To ask
whether it has would need leave to read files: we wait instead.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters.slack.call import Calls
from adapters.slack.picture import Show, file_name, no_picture
from adapters.slack.upload import upload
from bot.core.errors import DeliveryError, LandaError
from bot.core.message import Breath
from bot.core.port import Album

log = logging.getLogger("landa.slack")

PATIENCE_S = 5.0
"""A card waits no longer for its picture, and then goes without."""
SETTLE_S = 2.0
YOUNG = timedelta(minutes=1)
"""Slack may still be looking at a file that came within this."""
REST, LONG_REST = timedelta(minutes=1), timedelta(hours=1)
"""Before the next try after a failure, and after one that will not pass by itself."""
APART_S = 1.0
"""Between two pictures that nobody waits for."""
_Which = tuple[str, str]


class Uploads:
    """A `Pictures`. album: which there are, and what Slack calls them. now: aware UTC."""

    def __init__(self, calls: Calls, album: Album, now: Callable[[], datetime]) -> None:
        self._calls, self._album, self._now = calls, album, now
        self._ids: dict[_Which, str] = {}
        self._read: set[str] = set()
        self._came: dict[_Which, datetime] = {}
        self._not_before: dict[_Which, datetime] = {}
        self._under_way: dict[_Which, asyncio.Task[str]] = {}
        self._ahead: dict[str, asyncio.Task[None]] = {}

    def at_once(self, team: str) -> Show:
        self._prepare(team)
        return no_picture

    async def show(self, team: str, breath: Breath | None) -> Show:
        self._prepare(team)
        return await self._shown((team, file_name(breath))) if breath else no_picture

    async def anew(self, team: str, breath: Breath) -> Show:
        """A file that came just now is given its time; another one is gone, and put there again."""
        which = (team, file_name(breath))
        came = self._came.get(which)
        if came is not None and self._now() - came < YOUNG:
            return no_picture
        log.info("a picture is gone from Slack: it is put there again")
        self._ids.pop(which, None)
        return await self._shown(which)

    async def close(self) -> None:
        tasks: list[asyncio.Task[Any]] = [*self._under_way.values(), *self._ahead.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _prepare(self, team: str) -> None:
        if team not in self._ahead:
            self._ahead[team] = asyncio.create_task(self._ahead_of_need(team))

    async def _ahead_of_need(self, team: str) -> None:
        for name in self._album.names:
            if (team, name) in self._ids:
                continue
            if not await self._got((team, name)):
                return
            await asyncio.sleep(APART_S)

    async def _shown(self, which: _Which) -> Show:
        try:
            async with asyncio.timeout(PATIENCE_S):
                # Whoever waits may stop waiting; the picture still comes, for the next card.
                found = await asyncio.shield(self._got(which))
        except TimeoutError:
            found = ""
        fields: Mapping[str, Any] = {"slack_file": {"id": found}}
        return (lambda _: fields) if found else no_picture

    def _got(self, which: _Which) -> "asyncio.Task[str]":
        """The picture's id; "" where it cannot be had now. Never raises."""
        task = self._under_way.get(which)
        if task is None:
            task = asyncio.create_task(self._get(*which))
            self._under_way[which] = task
            task.add_done_callback(lambda _: self._under_way.pop(which))
        return task

    async def _get(self, team: str, name: str) -> str:
        which = (team, name)
        try:
            await self._recall(team)
            rests = which in self._not_before and self._now() < self._not_before[which]
            if which not in self._ids and not rests:
                await self._put(team, name)
        except DeliveryError as error:
            log.warning("a picture could not be put into Slack: %s", error.reason)
            rest = LONG_REST if error.permanent else REST
            told = timedelta(seconds=error.retry_after_s or 0)
            self._not_before[which] = self._now() + max(rest, told)
        except LandaError as error:
            log.warning("a picture could not be put into Slack: %s", type(error).__name__)
        return self._ids.get(which, "")

    async def _recall(self, team: str) -> None:
        """What an earlier process has put there. raises  LandaError"""
        if team not in self._read:
            kept = await self._album.kept(team)
            self._ids |= {(team, name): id for name, id in kept.items()}
            self._read.add(team)

    async def _put(self, team: str, name: str) -> None:
        """raises  LandaError"""
        data = await self._album.draw(name)
        if data is None:
            return
        id = await upload(self._calls, team, name, data)
        await self._album.keep(team, name, id)
        self._came[team, name] = self._now()
        await asyncio.sleep(SETTLE_S)
        self._ids[team, name] = id
