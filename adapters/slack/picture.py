"""How a card gets its picture: from Landa's own address, or from where Slack keeps it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.core.message import Breath, Card, Message

Show = Callable[[Breath], Mapping[str, Any] | None]
"""What an image block says of where the picture is; None where there is none. The rhythm then
stands in the text alone."""


def no_picture(_: Breath) -> None:
    """A `Show` of nothing."""


def breath_of(card: Card) -> Breath | None:
    return card.picture if isinstance(card, Message) else None


def file_name(breath: Breath) -> str:
    return f"{breath.name}.{'gif' if breath.moving else 'png'}"


class Pictures(Protocol):
    def at_once(self, team: str) -> Show:
        """For a card that rides: nobody would tell us that its picture is gone."""
        ...

    async def show(self, team: str, breath: Breath | None) -> Show:
        """Takes a few seconds at most."""
        ...

    async def anew(self, team: str, breath: Breath) -> Show:
        """After Slack did not take what `show` gave."""
        ...


@dataclass(frozen=True, slots=True)
class NoPictures:
    """There is no way to show any."""

    def at_once(self, team: str) -> Show:
        return no_picture

    async def show(self, team: str, breath: Breath | None) -> Show:
        return no_picture

    async def anew(self, team: str, breath: Breath) -> Show:
        return no_picture


@dataclass(frozen=True, slots=True)
class ByAddress:
    """Slack fetches them. base: Landa's public address."""

    base: str

    def _of(self, breath: Breath) -> Mapping[str, Any]:
        return {"image_url": f"{self.base.rstrip('/')}/pictures/{file_name(breath)}"}

    def at_once(self, team: str) -> Show:
        return self._of

    async def show(self, team: str, breath: Breath | None) -> Show:
        return self._of

    async def anew(self, team: str, breath: Breath) -> Show:
        return no_picture
