"""What stands behind the door: whom Landa is there for, their pages, and what else goes out."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from typing import Any

from adapters.slack.address import home_of
from adapters.slack.call import Calls
from adapters.slack.change import Change
from adapters.slack.event import HOME
from adapters.slack.page import Pages
from adapters.slack.people import People
from adapters.slack.workspace import Serving
from bot.core.errors import DeliveryError
from bot.core.port import Deliver, Handle, Outgoing
from bot.core.turn import Inbound, Left, Looked, Person

log = logging.getLogger("landa.slack")

Now = Callable[[], datetime]
STRANGER = "stranger"
"""The flow that says no."""


class Inside:
    """handle, deliver: a turn in, and a card out that nothing is stored of. now: aware UTC."""

    def __init__(
        self, handle: Handle, deliver: Deliver, calls: Calls, serving: Serving, now: Now
    ) -> None:
        self.handle, self._deliver, self._serving, self._now = handle, deliver, serving, now
        self.people = People(calls, now, self._unwelcome)
        self.pages = Pages(calls, self._look)
        self._under_way: set[asyncio.Task[None]] = set()

    async def known(self, inbound: Inbound, *, outside: bool) -> Inbound | None:
        """The same with what Slack knows of the person; of a stranger, that they are told so, and
        nothing is kept. None where nobody is to be answered.

        outside  the payload itself says that they are of elsewhere.
        """
        about = await self.people.about(inbound.person)
        if about.served == "never":
            return None
        if outside or about.served == "no":
            inbound = replace(inbound, turn=Looked(STRANGER))
        return replace(inbound, hints=about.hints)

    async def changed(self, change: Change, enterprise: str, at: datetime) -> bool:
        """False where it is to be told again. raises  LandaError"""
        for person in change.people:
            self.people.forget(person)
        if not change.gone:
            return True
        served = [
            each for each in change.people if await self._serving.serves(each.workspace, enterprise)
        ]
        answers = [await self.handle(each) for each in change.leaving(at, served)]
        return all(answer.taken in ("new", "seen") for answer in answers)

    def send(self, outgoing: Outgoing) -> None:
        """A card that nothing is stored of. Nobody waits for it."""
        self._start(self._sent(outgoing))

    async def settled(self) -> None:
        await self.pages.settled()
        while self._under_way:
            await asyncio.wait(set(self._under_way))

    async def close(self) -> None:
        await self.pages.close()
        await self.people.close()
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _look(self, person: Person) -> Outgoing | None:
        about = await self.people.about(person)
        if about.served == "never":
            return None
        home, flow = home_of(person), HOME if about.served == "yes" else STRANGER
        looked = Inbound("look", person, home, Looked(flow), self._now(), home, about.hints)
        answer = await self.handle(looked, ride=True, patient=True)
        if answer.taken != "new":
            raise DeliveryError("not_drawn")
        return answer.riding

    async def _sent(self, outgoing: Outgoing) -> None:
        try:
            await self._deliver(outgoing)
        except DeliveryError as error:
            log.info("a stranger was not answered: %s", error.reason)

    def _unwelcome(self, person: Person) -> None:
        self._start(self._forgotten(person))

    async def _forgotten(self, person: Person) -> None:
        """They were served before Slack had told that they should not be."""
        at = self._now()
        await self.handle(
            Inbound(f"unwelcome:{at.isoformat()}", person, home_of(person), Left(), at)
        )

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
