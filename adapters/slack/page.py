"""The Home: a person's page, drawn anew when they open it, and when it no longer says how it is."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from adapters.slack.call import Calls
from adapters.slack.render import page
from bot.core.errors import DeliveryError
from bot.core.port import Outgoing
from bot.core.turn import Person

log = logging.getLogger("landa.slack")

WAITS_S = (1.0, 5.0, 25.0)
"""Between tries. To open the page once more is to ask for it at once."""
LONGEST_S = 60.0
"""Slack may ask to wait for longer; nobody looks at the page any more by then."""

Look = Callable[[Person], Awaitable[Outgoing | None]]
"""What the page says now; None where there is nobody to show it to. raises  DeliveryError"""


class Pages:
    """Of every person one at a time, and the last that was asked for is the one that stays."""

    def __init__(self, calls: Calls, look: Look) -> None:
        self._calls, self._look = calls, look
        self._asked: dict[Person, asyncio.Event] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    def draw(self, person: Person) -> None:
        """Nobody waits for it."""
        if person in self._asked:
            self._asked[person].set()
            return
        asked = self._asked[person] = asyncio.Event()
        asked.set()
        task = asyncio.create_task(self._keep_up(person, asked))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def settled(self) -> None:
        """Wait until everything asked for has been drawn, or given up."""
        while self._under_way:
            await asyncio.wait(set(self._under_way))

    async def close(self) -> None:
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _keep_up(self, person: Person, asked: asyncio.Event) -> None:
        tries = 0
        try:
            while asked.is_set():
                asked.clear()
                wait_s = await self._drawn(person, tries)
                if wait_s is None:
                    tries = 0
                    continue
                tries += 1
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait_s):
                        await asked.wait()
                asked.set()
        finally:
            del self._asked[person]

    async def _drawn(self, person: Person, tries: int) -> float | None:
        """How long to wait for another try; None where there shall be none."""
        try:
            outgoing = await self._look(person)
            if outgoing is not None:
                view = {"type": "home", "blocks": page(outgoing.card)}
                fields = {"user_id": person.id, "view": view}
                await self._calls.method(person.workspace, "views.publish", fields)
        except DeliveryError as error:
            wait_s = error.retry_after_s or WAITS_S[min(tries, len(WAITS_S) - 1)]
            if error.permanent or tries >= len(WAITS_S) or wait_s > LONGEST_S:
                log.warning("a page was not shown: %s", error.reason)
                return None
            return wait_s
        except Exception as fault:  # nobody else would see it
            log.warning("a page was not drawn: %s", type(fault).__name__)
        return None
