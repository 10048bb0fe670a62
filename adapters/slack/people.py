"""What Slack knows of a person: their language and time, and whether Landa is there for them.

Asked for when they first act, and kept in memory alone, for an hour. Of all that Slack answers,
names and pictures among it, nothing else is looked at.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, cast

from aiolimiter import AsyncLimiter

from adapters.slack.call import Calls
from adapters.slack.fields import Body, id_of, mapping, text_of
from bot.core.errors import DeliveryError
from bot.core.turn import Hints, Person

log = logging.getLogger("landa.slack")

PATIENCE_S = 0.8
"""Slack waits three seconds for an acknowledgement; who waits sees half a second."""
KEPT, KEPT_UNKNOWN = timedelta(hours=1), timedelta(minutes=1)
MOST = 20_000
MOST_AT_ONCE = 200
# users.info is of Tier 4: "100+ per minute" in each workspace. docs.slack.dev, read 2026-11
A_MINUTE = 100
NOT_OURS = frozenset({"user_not_found", "user_not_visible"})
GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger")
ADMIN = ("is_admin", "is_owner", "is_primary_owner")

Served = Literal["yes", "no", "never"]
"""no: a guest, or somebody from elsewhere. never: a bot, or a person who is gone: not answered."""


@dataclass(frozen=True, slots=True)
class About:
    served: Served = "yes"
    hints: Hints = field(default_factory=Hints)


UNKNOWN = About()
"""Until Slack has told: served, in the site's language."""


@dataclass(frozen=True, slots=True)
class _Kept:
    about: About
    until: datetime


class People:
    """now: aware UTC. unwelcome: is told who turned out not to be served, after they were."""

    def __init__(
        self, calls: Calls, now: Callable[[], datetime], unwelcome: Callable[[Person], None]
    ) -> None:
        self._calls, self._now, self._unwelcome = calls, now, unwelcome
        self._kept: dict[Person, _Kept] = {}
        self._asking: dict[Person, asyncio.Task[About]] = {}
        self._paces: dict[str, AsyncLimiter] = {}
        self._closed: dict[str, datetime] = {}

    async def about(self, person: Person) -> About:
        """Within PATIENCE_S, or UNKNOWN; what is told later is there the next time."""
        kept = self._kept.get(person)
        if kept and self._now() < kept.until:
            return kept.about
        task = self._asking.get(person) or self._ask(person)
        if task is None:
            return UNKNOWN
        await asyncio.wait((task,), timeout=PATIENCE_S)
        if task.done():
            return task.result()
        task.add_done_callback(lambda done: self._late(person, done))
        return UNKNOWN

    def forget(self, person: Person) -> None:
        """Something about them has changed: it is asked for when they act again."""
        self._kept.pop(person, None)
        self._asking.pop(person, None)

    async def close(self) -> None:
        for task in self._asking.values():
            task.cancel()
        await asyncio.gather(*self._asking.values(), return_exceptions=True)

    def _ask(self, person: Person) -> "asyncio.Task[About] | None":
        """None where Slack would be asked too often."""
        team = person.workspace
        pace = self._paces.setdefault(team, AsyncLimiter(A_MINUTE, 60))
        closed = self._closed.get(team)
        if (closed and self._now() < closed) or len(self._asking) >= MOST_AT_ONCE:
            return None
        if not pace.has_capacity():
            return None
        task = asyncio.create_task(self._told(person, pace))
        self._asking[person] = task
        return task

    async def _told(self, person: Person, pace: AsyncLimiter) -> About:
        asked = {"user": person.id, "include_locale": "true"}
        about, kept = UNKNOWN, KEPT_UNKNOWN
        try:
            await pace.acquire()
            answer = await self._calls.method(person.workspace, "users.info", asked, form=True)
            about, kept = about_of(mapping(answer.get("user"), "user"), person.workspace), KEPT
        except DeliveryError as error:
            if error.reason in NOT_OURS:
                about, kept = About("no"), KEPT
            else:
                log.warning("Slack did not say who somebody is: %s", error.reason)
            if error.retry_after_s:
                again = timedelta(seconds=error.retry_after_s)
                self._closed[person.workspace] = self._now() + again
        except Exception as fault:  # of the answer's shape, or ours: nobody is kept waiting for it
            log.warning("Slack did not say who somebody is: %s", type(fault).__name__)
        self._keep(person, about, self._now() + kept)
        return about

    def _keep(self, person: Person, about: About, until: datetime) -> None:
        if self._asking.get(person) is not asyncio.current_task():
            return  # it has changed while it was told
        del self._asking[person]
        self._kept.pop(person, None)
        while len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        self._kept[person] = _Kept(about, until)

    def _late(self, person: Person, done: "asyncio.Task[About]") -> None:
        if not done.cancelled() and not done.exception() and done.result().served != "yes":
            self._unwelcome(person)


def about_of(user: Body, team: str) -> About:
    """user: as users.info describes it. raises  MalformedError"""
    hints = Hints(
        text_of(user, "locale"),
        text_of(user, "tz"),
        admin=any(user.get(name) is True for name in ADMIN),
    )
    if user.get("deleted") is True or user.get("is_bot") is True:
        return About("never", hints)
    if any(user.get(name) is True for name in GUEST) or team not in teams_of(user, team):
        return About("no", hints)
    return About("yes", hints)


def teams_of(user: Body, team: str) -> frozenset[str]:
    """The workspaces that the person belongs to, of those that Slack names. raises  MalformedError

    team  stands for them where Slack names none.
    """
    whole = user.get("enterprise_user")
    if isinstance(whole, dict):
        teams = cast("Body", whole).get("teams")
        if isinstance(teams, list):
            named = ({"id": each} for each in cast("list[object]", teams))
            return frozenset(id_of(each, "id") for each in named)
    return frozenset({id_of(user, "team_id") if user.get("team_id") is not None else team})
