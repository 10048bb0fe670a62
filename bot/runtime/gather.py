"""What one turn starts from: what every turn reads, and what few need besides."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.turn import Chose, Inbound, Turn
from bot.runtime.act import Who
from bot.runtime.codec import ms
from bot.runtime.company import invitation_of, opened
from bot.runtime.held import held
from bot.runtime.here import carried, me
from bot.runtime.incards import in_cards
from bot.runtime.reading import Before, Reader
from bot.runtime.store import Loaded, Store
from bot.runtime.store.teams import reading
from bot.runtime.telling import Teller


@dataclass(frozen=True, slots=True)
class Gather:
    """raises  StorageError"""

    read: Reader
    store: Store

    async def __call__(
        self, loaded: Loaded, inbound: Inbound, who: Who, turn: Turn, now: datetime
    ) -> Before:
        before = self.read(loaded, inbound, who, now)
        if id := invitation_of(turn):
            before = await self._invitation(before, who, id, now)
        if here := carried(turn, inbound.person, who, self.read.vault):
            before = replace(before, here=here)
        if self._holds(before, turn):
            before = await self._held(before, inbound)
        if before.here is None:
            return before
        agreed = await self.store.ask(*reading(before.here.who.person))
        return self.read.among(before, before.here, agreed)

    async def _invitation(self, before: Before, who: Who, id: str, now: datetime) -> Before:
        vault = self.read.vault
        asked = {"id": bytes.fromhex(id), "where": who.workspace, "me": me(who, vault)}
        (rows,) = await self.store.ask(("invitation", {**asked, "now": ms(now)}))
        found = opened(rows, who, id, vault)
        return self.read.about(before, found) if found else before

    def _holds(self, before: Before, turn: Turn) -> bool:
        flow = self.read.plan.flows.get(before.conversation.flow)
        return flow is not None and flow.holds and isinstance(turn, Chose)

    async def _held(self, before: Before, inbound: Inbound) -> Before:
        context = before.context
        pieces = await held(inbound.person, self.store, self.read.vault)
        teller = Teller(context.library, context.language, context.zone)
        return replace(before, context=replace(context, held=in_cards(teller, pieces)))
