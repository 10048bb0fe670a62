"""Puts a committed card in front of its person: rewritten, or sent to their own chat with Landa."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.teams.config import TeamsConfig
from adapters.teams.failure import GONE
from adapters.teams.kit import Connector, Kit
from adapters.teams.render import render, summary
from adapters.teams.wire import Wire
from bot.core.errors import DeliveryError
from bot.core.port import Outgoing
from bot.core.words import Words

CARD = "application/vnd.microsoft.card.adaptive"
MOST_TALKS = 20_000

Address = Mapping[str, str | int | bool]
Fields = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Is a `Deliver`.

    words  by language: what is said among others to somebody who has not added Landa.
    talks  tenant and person -> their own chat with Landa, newest last; of those whose home
           is not known.
    """

    config: TeamsConfig
    kit: Kit
    wire: Wire
    words: Mapping[str, Words]
    talks: "OrderedDict[tuple[str, str], str]" = field(
        default_factory=OrderedDict[tuple[str, str], str], repr=False
    )

    async def __call__(self, outgoing: Outgoing) -> None:
        address = outgoing.address
        connector = self._connector(address)
        activity = self._activity(outgoing)
        if address.get("all"):
            await connector.send(str(address["room"]), activity)
            return
        known = address.get("talk") or outgoing.home.get("talk")
        talk = str(known) if known else await self._talk(connector, outgoing)
        if not talk:
            return
        rewritten = outgoing.replace and await self._update(connector, talk, address, activity)
        if rewritten or address.get("left"):
            return
        await connector.send(talk, activity)

    def _connector(self, address: Address) -> Connector:
        """raises  DeliveryError where a card would leave Teams"""
        service = str(address["service"])
        if not self.config.serves(service):
            raise DeliveryError("the service URL leads elsewhere", permanent=True)
        return self.kit.connector(service, self.wire)

    def _activity(self, outgoing: Outgoing) -> Fields:
        card, address = render(outgoing, self.config.pictures), outgoing.address
        # What is put into a team's channel is for all who are there.
        to = {"recipient": {"id": address["person"]}} if "person" in address else {}
        return {
            "type": "message",
            "from": {"id": address["bot"]},
            **to,
            "summary": summary(outgoing),
            "attachments": [{"contentType": CARD, "content": card}],
        }

    async def _update(
        self, connector: Connector, talk: str, address: Address, activity: Fields
    ) -> bool:
        """False when the card is not there to be rewritten."""
        id = str(address.get("card", ""))
        if not id:
            return False
        try:
            await connector.update(talk, id, {**activity, "id": id})
        except DeliveryError as error:
            if error.reason in GONE:
                return False
            raise
        return True

    async def _talk(self, connector: Connector, outgoing: Outgoing) -> str:
        """The person's own chat with Landa; "" where there is none, which they have been told."""
        address = outgoing.address
        who = (str(address["tenant"]), str(address["person"]))
        if who in self.talks:
            self.talks.move_to_end(who)
            return self.talks[who]
        try:
            talk = await connector.create(str(address["bot"]), who[1], who[0])
        except DeliveryError as error:
            if not error.permanent:
                raise
            await self._point_out(connector, outgoing)
            return ""
        if not talk:
            raise DeliveryError("unreadable answer", unknown=True)
        self.talks[who] = talk
        if len(self.talks) > MOST_TALKS:
            self.talks.popitem(last=False)
        return talk

    async def _point_out(self, connector: Connector, outgoing: Outgoing) -> None:
        """Among others, one general sentence: how to add Landa. A press was told in its answer."""
        address = outgoing.address
        if address.get("pressed"):
            raise DeliveryError("not installed", permanent=True)
        text = self.words[outgoing.language]("teams.add")
        room = str(address["room"])
        said = {"type": "message", "from": {"id": address["bot"]}, "text": text}
        await connector.send(room, said)
