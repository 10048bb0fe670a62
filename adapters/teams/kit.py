"""The door to whichever kit speaks Bot Framework for us: everything that Landa asks of it."""

from collections.abc import Mapping
from typing import Any, Protocol

from adapters.teams.config import TeamsConfig
from adapters.teams.keys import Keys
from adapters.teams.wire import Wire
from bot.core.errors import SettingsError

CHANNEL = "msteams"
ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com"

MISSING = (
    "LANDA_TEAMS_KIT: agents is an extra that is not installed. Install requirements-agents.lock."
)

Claims = Mapping[str, object]
Fields = Mapping[str, Any]


class Connector(Protocol):
    """One connector of Microsoft's. What goes out is plain JSON; every method raises
    DeliveryError.
    """

    async def send(self, conversation: str, activity: Fields) -> None:
        """A new message there."""
        ...

    async def update(self, conversation: str, id: str, activity: Fields) -> None:
        """The message *id* says this from now on."""
        ...

    async def create(self, bot: str, person: str, tenant: str) -> str:
        """The id of the chat between the two; the same one each time."""
        ...


class Kit(Protocol):
    async def claims(self, token: str, keys: Keys) -> Claims:
        """What a request's token says of itself, once its signature, issuer, audience, times and
        endorsement hold.

        raises  RefusedError, with 403; NoKeysError
        """
        ...

    def token(self) -> str:
        """What we show Microsoft: good for at least five minutes. Blocks; raises anything."""
        ...

    def connector(self, service: str, wire: Wire) -> Connector:
        """service: a URL that `TeamsConfig.serves`."""
        ...


def kit_of(config: TeamsConfig) -> Kit:
    """raises  SettingsError when the kit that was asked for is not installed"""
    if config.kit == "agents":
        try:
            from adapters.teams.kit_agents import Agents  # noqa: PLC0415  an optional extra
        except ImportError:
            raise SettingsError((MISSING,)) from None
        return Agents(config)
    from adapters.teams.kit_botbuilder import BotBuilder  # noqa: PLC0415  loaded when switched on

    return BotBuilder(config)
