"""The Microsoft 365 Agents kit, which comes after Bot Framework's: as `landa[agents]`."""

import asyncio
import json
from collections.abc import Awaitable
from types import TracebackType
from typing import Any, cast
from urllib.parse import quote

from microsoft_agents.activity import Activity, ChannelAccount, ConversationParameters
from microsoft_agents.authentication.msal import MsalAuth
from microsoft_agents.hosting.core.authorization.agent_auth_configuration import (
    AgentAuthConfiguration,
)
from microsoft_agents.hosting.core.authorization.auth_types import AuthTypes
from microsoft_agents.hosting.core.authorization.jwt import JwtTokenValidator
from microsoft_agents.hosting.core.connector.client.connector_client import ConversationsOperations

from adapters.body import RefusedError
from adapters.fields import Body
from adapters.teams.config import TeamsConfig
from adapters.teams.keys import Keys, NoKeysError
from adapters.teams.kit import CHANNEL, ISSUER, SCOPE, Claims, Fields
from adapters.teams.login import Application, application
from adapters.teams.wire import Wire

OF_MANY = "botframework.com"
"""The tenant where a bot that belongs to many gets its token."""
LONGEST_TALK = 4_000  # the kit would cut ids off at 150


class Agents:
    """Is a `Kit`."""

    def __init__(self, config: TeamsConfig) -> None:
        secret = config.app_type != "UserAssignedMSI"
        self._settings = AgentAuthConfiguration(
            AuthTypes.client_secret if secret else AuthTypes.user_managed_identity,
            config.app_id,
            config.tenant if config.app_type != "MultiTenant" else OF_MANY,
            config.password or None,
        )
        self._login = _Login(self._settings, config)

    async def claims(self, token: str, keys: Keys) -> Claims:
        validator = JwtTokenValidator(self._settings)
        validator._jwk_client_manager = cast("Any", _OurKeys(keys))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        try:
            identity = await validator.validate_token(token)
        except (RefusedError, NoKeysError):
            raise
        except Exception:  # it raises whatever it stumbles over
            raise RefusedError(403, "no token for us") from None
        claims: Claims = identity.claims
        # It would also let in other bots, whose issuers have other keys.
        if claims.get("iss") != ISSUER:
            raise RefusedError(403, "another issuer")
        return claims

    def token(self) -> str:
        # In the thread that waits for it: the kit's first step blocks whatever loop it runs on.
        return asyncio.run(self._login.get_access_token(SCOPE, [f"{SCOPE}/.default"]))

    def connector(self, service: str, wire: Wire) -> "_Connector":
        return _Connector(service, wire)


class _Login(MsalAuth):
    """The kit's, on a client that waits a bounded time."""

    def __init__(self, settings: AgentAuthConfiguration, config: TeamsConfig) -> None:
        super().__init__(settings)
        self._config, self._tenant = config, settings.TENANT_ID or OF_MANY

    def _create_client_application(self, tenant_id: str | None = None) -> Application:
        return application(self._config, tenant_id or self._tenant)


class _OurKeys:
    """In the place of the kit's, which asks for keys whenever somebody names one."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def get_signing_key(self, _: str, header: Body) -> object:
        id = header.get("kid")
        key = await self._keys.find(id) if isinstance(id, str) else None
        if key is None or CHANNEL not in key.endorsements:
            raise RefusedError(403, "unknown key")
        return key.public


class _Connector:
    def __init__(self, service: str, wire: Wire) -> None:
        session: Any = _Session(service, wire)
        self._operations = ConversationsOperations(session, max_conversation_id_length=LONGEST_TALK)

    async def send(self, conversation: str, activity: Fields) -> None:
        said = Activity.model_validate(activity)
        await self._operations.send_to_conversation(quote(conversation, safe=""), said)

    async def update(self, conversation: str, id: str, activity: Fields) -> None:
        said = Activity.model_validate(activity)
        talk, card = quote(conversation, safe=""), quote(id, safe="")
        await self._operations.update_activity(talk, card, said)

    async def create(self, bot: str, person: str, tenant: str) -> str:
        named = {"tenant": {"id": tenant}}
        parameters = ConversationParameters(
            is_group=False,
            bot=ChannelAccount(id=bot),
            members=[ChannelAccount(id=person)],
            tenant_id=tenant,
            channel_data=named,
        )
        return (await self._operations.create_conversation(parameters)).id or ""


class _Session:
    """In the place of an aiohttp session: what is sent goes over our wire."""

    def __init__(self, service: str, wire: Wire) -> None:
        self._base, self._wire = service.rstrip("/") + "/", wire

    def post(self, url: str, *, json: Fields, **_: Any) -> "_Call":
        return _Call(self._wire.call("POST", self._base, url, json))

    def put(self, url: str, *, json: Fields, **_: Any) -> "_Call":
        return _Call(self._wire.call("PUT", self._base, url, json))


class _Call:
    """What was refused has been raised already."""

    status = 200

    def __init__(self, call: Awaitable[Body]) -> None:
        self._call = call
        self._answer: Body = {}

    async def __aenter__(self) -> "_Call":
        self._answer = await self._call
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        """There is nothing to give back."""

    async def json(self) -> Body:
        return self._answer

    async def text(self, _: str = "") -> str:
        return json.dumps(dict(self._answer))
