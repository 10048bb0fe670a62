"""Keeps where Landa is installed: sealed, one row for each workspace or organisation.

A workspace's row has the hash that its people's rows carry, so that all of them are found
when Landa is taken away.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from bot.core.errors import StateError, StorageError
from bot.core.installation import Installation
from bot.runtime.codec import ms
from bot.runtime.retention import HOUR_MS
from bot.runtime.store import Store
from bot.runtime.store.leaving import resting, waking
from bot.runtime.store.places import UNINSTALLED
from bot.runtime.store.question import Ask
from bot.runtime.vault import Vault

MOST_CONFLICTS = 8
DAY_MS = 24 * HOUR_MS
Then = Callable[[bytes], Awaitable[None]]
_INSTALLATION = TypeAdapter(Installation)


class Registry:
    """A `bot.core.port.Installations` of one platform. now: aware UTC.

    grace_days  how long everything is kept of who has taken Landa away, in case they come back.
    """

    def __init__(
        self,
        platform: str,
        store: Store,
        vault: Vault,
        now: Callable[[], datetime],
        grace_days: int = 0,
    ) -> None:
        self._platform, self._store, self._vault, self._now = platform, store, vault, now
        self._grace_ms = grace_days * DAY_MS

    async def find(self, team: str, enterprise: str = "") -> Installation | None:
        workspace, named = self._workspace(team), self._organisation(enterprise)
        own, served = await self._store.ask(
            ("installation", {"row": workspace}), ("served", {"where": workspace})
        )
        if own:
            return self._opened(workspace, *own[0])
        organisation = served[0][0] if served else named
        # A workspace belongs to one organisation: another name is not believed.
        if not organisation or (enterprise and organisation != named):
            return None
        found = await self._read(organisation)
        if found and not served:
            new, left = await self._store.ask(
                ("serve", {"where": workspace, "row": organisation, "at": ms(self._now())}),
                ("left", {"where": workspace}),
            )
            if new and left:
                await self._back(workspace)
        return found

    async def current(self, installation: Installation) -> Installation | None:
        return await self._read(self._row(installation))

    async def begin(self, installation: Installation) -> None:
        row = self._row(installation)
        for _ in range(MOST_CONFLICTS):
            before = await self._read_or_none(row)
            if before and before.bot_token == installation.bot_token:
                # The same token: it was never taken away in between.
                same = replace(installation, installed_at=before.installed_at)
                if await self.change(replace(same, version=before.version)):
                    return
                continue
            if not await self._uninstalled(row, installation.team, self._back):
                continue
            values = {"row": row, "new": self._sealed(row, installation, 1), "next": 1}
            if (await self._store.ask(("install", {**values, "on": self._platform})))[0]:
                return
        raise StorageError("an installation kept changing")

    async def change(self, installation: Installation) -> bool:
        row, version = self._row(installation), installation.version
        values = {"row": row, "known": version, "next": version + 1}
        sealed = self._sealed(row, installation, version + 1)
        return bool((await self._store.ask(("change", {**values, "new": sealed})))[0])

    async def forget(self, team: str, enterprise: str, at: datetime) -> bool:
        row = self._workspace(team) if team else self._organisation(enterprise)
        for _ in range(MOST_CONFLICTS):
            if await self._is_newer(row, at):
                return False
            if await self._uninstalled(row, team, self._gone):
                return True
        raise StorageError("an installation kept changing")

    async def all(self) -> tuple[Installation, ...]:
        (rows,) = await self._store.ask(("installations", {"on": self._platform}))
        return tuple(self._opened(bytes(row), sealed, version) for row, sealed, version in rows)

    async def _is_newer(self, row: bytes, at: datetime) -> bool:
        """Whether Landa was installed there, or came to serve it, in a later second than *at*."""
        found = await self._read_or_none(row)
        (served,) = await self._store.ask(("served", {"where": row}))
        begun = [ms(found.installed_at)] if found else []
        begun += [served[0][1]] if served else []
        return any(each // 1000 > ms(at) // 1000 for each in begun)

    async def _uninstalled(self, row: bytes, team: str, then: Then) -> bool:
        """Away with it; *then* is asked for each of its workspaces. False: it changed meanwhile."""
        stored, members = await self._store.ask(
            ("installation", {"row": row}), ("members", {"row": row})
        )
        if stored:
            gone = await self._store.ask(("uninstall", {"row": row, "known": stored[0][1]}))
            if not gone[0]:
                return False
        places = [row] if team else [bytes(member[0]) for member in members]
        for place in places:
            await then(place)
        return True

    async def _gone(self, place: bytes) -> None:
        """Everything goes, or, where there is grace, all that is on its way."""
        if not self._grace_ms:
            await self._store.ask(*_dropping(place))
            return
        until_ms = ms(self._now()) + self._grace_ms
        await self._store.ask(*_stopping(place), *resting(place, until_ms, until_ms + DAY_MS))

    async def _back(self, place: bytes) -> None:
        """What was kept is theirs again; what should be gone by now goes first."""
        (left,) = await self._store.ask(("left", {"where": place}))
        over = not self._grace_ms if not left else left[0][0] <= ms(self._now())
        if over:
            await self._store.ask(*_dropping(place))
        else:
            await self._store.ask(*_stopping(place), *waking(place))

    async def _read(self, row: bytes) -> Installation | None:
        (found,) = await self._store.ask(("installation", {"row": row}))
        return self._opened(row, *found[0]) if found else None

    async def _read_or_none(self, row: bytes) -> Installation | None:
        """None also for what cannot be read: it can still be replaced, or go."""
        try:
            return await self._read(row)
        except StateError:
            return None

    def _row(self, installation: Installation) -> bytes:
        if installation.team:
            return self._workspace(installation.team)
        return self._organisation(installation.enterprise)

    def _workspace(self, team: str) -> bytes:
        return self._vault.hash("workspace", self._platform, team)

    def _organisation(self, enterprise: str) -> bytes:
        """b"" for none."""
        return self._vault.hash("organisation", self._platform, enterprise) if enterprise else b""

    def _sealed(self, row: bytes, installation: Installation, version: int) -> bytes:
        plain = _INSTALLATION.dump_json(replace(installation, version=version))
        return self._vault.seal(plain, b"installation" + row)

    def _opened(self, row: bytes, sealed: bytes, version: int) -> Installation:
        plain = self._vault.open(bytes(sealed), b"installation" + bytes(row))
        try:
            return replace(_INSTALLATION.validate_json(plain), version=version)
        except ValueError:
            raise StateError("a sealed row of an unknown shape") from None


async def erase_left(store: Store, now_ms: int) -> int:
    """Takes away everything of those whose days of grace are over. Returns how many workspaces."""
    (over,) = await store.ask(("overdue", {"now": now_ms}))
    for row in over:
        await store.ask(*_dropping(bytes(row[0])))
    return len(over)


def _stopping(place: bytes) -> Sequence[Ask]:
    """What is on its way, by an installation that is no more."""
    where: dict[str, Any] = {"where": place}
    return (
        ("drop_cards", {**where, "why": UNINSTALLED}),
        ("drop_pauses", where),
        ("drop_entries", where),
        ("drop_invitations", where),
        ("drop_uploads", where),
        ("drop_served", where),
    )


def _dropping(place: bytes) -> Sequence[Ask]:
    """Also what says that they are leaving: all of it in one transaction, or none."""
    where: dict[str, Any] = {"where": place}
    return (
        *_stopping(place),
        ("drop_nudges", where),
        ("drop_conversations", where),
        ("drop_people", where),
        ("drop_teams", where),
        ("drop_leads", where),
        ("drop_slips", where),
        ("drop_colleagues", where),
        ("come_back", where),
    )
