"""Puts a committed card in front of its person: rewritten, beside what they did, or sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from adapters.slack.arrival import arrived, marked
from adapters.slack.call import Calls
from adapters.slack.failure import AWAY, BLOCKS, GONE
from adapters.slack.opening import opened
from adapters.slack.picture import Pictures, Show, breath_of, no_picture
from adapters.slack.render import render
from bot.core.errors import DeliveryError
from bot.core.port import Outgoing

# A response_url works for 30 minutes and 5 uses. docs.slack.dev, read 2026-11
RESPONSE_URL_AGE = timedelta(minutes=25)
PLAIN: dict[str, Any] = {"parse": "none", "link_names": False}  # nobody is ever mentioned
UNFURL: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
Fields = dict[str, Any]
Address = Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Is a `Deliver`. now: aware UTC."""

    calls: Calls
    pictures: Pictures
    now: Callable[[], datetime]

    async def __call__(self, outgoing: Outgoing) -> None:
        """With its picture, if Slack takes it; a card never waits long for one, and is never
        lost for one.
        """
        team = _team(outgoing.address)
        await self.calls.tokens.admit(team, outgoing.since)
        if await opened(self.calls, outgoing, self.now()):
            return
        breath = breath_of(outgoing.card)
        show = await self.pictures.show(team, breath)
        if breath is None or show is no_picture:
            await self._put_out(outgoing, show)
            return
        try:
            await self._put_out(outgoing, show)
        except DeliveryError as error:
            if error.reason not in BLOCKS:
                raise
            await self._otherwise(outgoing, await self.pictures.anew(team, breath))

    async def _otherwise(self, outgoing: Outgoing, show: Show) -> None:
        """Slack did not take the picture that the card had: with another, or without."""
        try:
            await self._put_out(outgoing, show)
        except DeliveryError as error:
            if error.reason not in BLOCKS or show is no_picture:
                raise
            await self._put_out(outgoing, no_picture)

    async def _put_out(self, outgoing: Outgoing, show: Show) -> None:
        """What was done in a channel is answered there, for that person alone, while Slack
        allows it; everything else goes to the person's own chat with Landa. What is said to a
        team goes into its channel, for all.
        """
        address = outgoing.address
        fields = render(outgoing, show)
        if address.get("all"):
            _once_more(outgoing)
            posted: Fields = {"channel": address["channel"], **fields, **UNFURL}
            await self._call(address, "chat.postMessage", posted)
            return
        rewrite = outgoing.replace and bool(address.get("card"))
        young = self.now() - outgoing.since < RESPONSE_URL_AGE
        if young and await self._beside(outgoing, fields, rewrite=rewrite):
            return
        if rewrite and address.get("ts") and await self._update(address, fields):
            return
        if outgoing.in_place:
            return
        await self._send(outgoing, fields)

    async def _beside(self, outgoing: Outgoing, fields: Fields, *, rewrite: bool) -> bool:
        """Where the person acted. False where that is their own chat, or closed to us."""
        address = outgoing.address
        if not rewrite and address.get("dm"):
            return False
        if not rewrite:
            _once_more(outgoing)
        if address.get("response_url"):
            new: Fields = {"replace_original": False, "response_type": "ephemeral"}
            route = {"replace_original": True} if rewrite else new
            return await self.calls.respond(str(address["response_url"]), {**fields, **route})
        return not rewrite and await self._whisper(address, fields)

    async def _whisper(self, address: Address, fields: Fields) -> bool:
        """In the channel, for one person's eyes. False where that is not possible.

        Slack shows it only while they look; the age limit of a response_url suits that too.
        """
        place: Fields = {"channel": address["channel"], "user": address["user"]}
        if "thread" in address:
            place["thread_ts"] = address["thread"]
        return await self._put(address, "chat.postEphemeral", {**place, **fields}, AWAY)

    async def _update(self, address: Address, fields: Fields) -> bool:
        """False when the message is not there to be rewritten."""
        place = {"channel": address["channel"], "ts": address["ts"]}
        return await self._put(address, "chat.update", {**place, **fields}, GONE)

    async def _send(self, outgoing: Outgoing, fields: Fields) -> None:
        """To the person, not the channel: a D-channel may be a talk between two people, where
        /landa was typed; and a message in a channel would be seen by all.
        """
        if outgoing.doubts:
            there = await arrived(self.calls, outgoing)
            if there:
                return
            if there is None:
                _once_more(outgoing)
        address = outgoing.address
        new: Fields = {"channel": address["user"], **marked(fields, outgoing.id), **UNFURL}
        await self._call(address, "chat.postMessage", new)

    async def _put(
        self, address: Address, method: str, fields: Fields, closed: frozenset[str]
    ) -> bool:
        """False when Slack refused with one of *closed*: another way is open then."""
        try:
            await self._call(address, method, fields)
        except DeliveryError as error:
            if error.reason in closed:
                return False
            raise
        return True

    async def _call(self, address: Address, method: str, fields: Fields) -> None:
        await self.calls.method(_team(address), method, {**fields, **PLAIN})


def _team(address: Address) -> str:
    return str(address.get("team", ""))


def _once_more(outgoing: Outgoing) -> None:
    """A new card that nobody can look for is sent again after one lost answer, not after two: a
    person may meet it twice, but never oftener.
    """
    if outgoing.doubts > 1:
        raise DeliveryError("outcome_unknown", permanent=True)
