"""Bot Framework's kit: its validation, its credentials and its operations. What it does badly is
done elsewhere: fetching keys, sending bytes, waiting (docs/why.md).
"""

from typing import Any, cast
from urllib.parse import quote

from botbuilder.schema import (  # pyright: ignore[reportMissingTypeStubs]
    ChannelAccount,
    ConversationParameters,
)
from botframework.connector.aio.operations_async import (  # pyright: ignore[reportMissingTypeStubs]
    ConversationsOperations,
)
from botframework.connector.auth import (  # pyright: ignore[reportMissingTypeStubs]
    AppCredentials,
    AuthenticationConstants,
    ChannelValidation,
    JwtTokenExtractor,
    ManagedIdentityAppCredentials,
    MicrosoftAppCredentials,
    SimpleCredentialProvider,
    VerifyOptions,
)

from adapters.body import RefusedError
from adapters.fields import Body
from adapters.teams.config import TeamsConfig
from adapters.teams.keys import Key, Keys, NoKeysError
from adapters.teams.kit import CHANNEL, ISSUER, SCOPE, Claims, Fields
from adapters.teams.login import application
from adapters.teams.wire import Wire

Request = tuple[str, str, str, Fields]
"""What our wire is called with."""
LEEWAY_S = 300  # between two clocks. learn.microsoft.com, connector authentication, read 2026-11


class BotBuilder:
    """Is a `Kit`."""

    def __init__(self, config: TeamsConfig) -> None:
        self._config = config
        self._own = SimpleCredentialProvider(config.app_id, config.password)
        self._credentials: Any = _credentials(config)

    async def claims(self, token: str, keys: Keys) -> Claims:
        extractor = JwtTokenExtractor(
            VerifyOptions([ISSUER], None, LEEWAY_S, ignore_expiration=False),
            self._config.openid_url,
            AuthenticationConstants.ALLOWED_SIGNING_ALGORITHMS,
        )
        # The kit's own blocks while it fetches, and does not find keys that are new.
        extractor.open_id_metadata = _Metadata(keys)
        try:
            identity = await extractor.get_identity("Bearer", token, CHANNEL)
            await ChannelValidation.validate_identity(identity, self._own)
        except (RefusedError, NoKeysError):
            raise
        except Exception:  # it raises whatever it stumbles over
            raise RefusedError(403, "no token for us") from None
        return cast("Claims", identity.claims)

    def token(self) -> str:
        if self._credentials.app is None:
            # The kit would make one that waits for ever.
            self._credentials.app = application(self._config, self._credentials.tenant)
        return str(self._credentials.get_access_token())

    def connector(self, service: str, wire: Wire) -> "_Connector":
        return _Connector(service, wire)


def _credentials(config: TeamsConfig) -> AppCredentials:
    if config.app_type == "UserAssignedMSI":
        return ManagedIdentityAppCredentials(config.app_id, SCOPE)
    # "": the kit then names the tenant of bots that belong to many.
    tenant = config.tenant if config.app_type == "SingleTenant" else ""
    return MicrosoftAppCredentials(config.app_id, config.password, tenant, SCOPE)


class _Metadata:
    """As the kit's own, over our keys."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    async def get(self, key_id: object) -> "_Signer":
        key = await self._keys.find(key_id) if isinstance(key_id, str) else None
        if key is None:
            raise RefusedError(403, "unknown key")
        return _Signer(key)


class _Signer:
    """endorsements: never empty, or the kit would not look at them."""

    def __init__(self, key: Key) -> None:
        self.public_key = key.public
        self.endorsements = [*key.endorsements] or [""]


class _Connector:
    """The kit's operations, on our wire and without its models: those cost more than the turn."""

    def __init__(self, service: str, wire: Wire) -> None:
        plain = _Plain()
        self._operations: Any = ConversationsOperations(_Client(service, wire), None, plain, plain)

    async def send(self, conversation: str, activity: Fields) -> None:
        await self._operations.send_to_conversation(conversation, activity)

    async def update(self, conversation: str, id: str, activity: Fields) -> None:
        await self._operations.update_activity(conversation, id, activity)

    async def create(self, bot: str, person: str, tenant: str) -> str:
        parameters: Any = ConversationParameters(
            is_group=False,
            bot=ChannelAccount(id=bot),
            members=[ChannelAccount(id=person)],
            tenant_id=tenant,
            channel_data={"tenant": {"id": tenant}},
        )
        answer: Body = await self._operations.create_conversation(parameters.serialize())
        return str(answer.get("id", ""))


class _Client:
    """In the place of msrest's client: a request is what our wire is called with."""

    def __init__(self, service: str, wire: Wire) -> None:
        self._service, self._wire = service.rstrip("/"), wire

    def format_url(self, url: str, **parts: str) -> str:
        return url.format(**parts)

    def post(self, url: str, _: Any, __: Any, fields: Fields) -> Request:
        return "POST", self._service, url, fields

    def put(self, url: str, _: Any, __: Any, fields: Fields) -> Request:
        return "PUT", self._service, url, fields

    async def async_send(self, request: Request, **_: Any) -> "_Done":
        return _Done(await self._wire.call(*request))


class _Done:
    """What was refused has been raised already."""

    status_code = 200

    def __init__(self, fields: Body) -> None:
        self.fields = fields


class _Plain:
    """In the place of msrest's serializers: what comes and goes is plain JSON."""

    def url(self, _: str, value: str, __: str) -> str:
        return quote(value, safe="")

    def body(self, value: Fields, _: str) -> Fields:
        return value

    def __call__(self, _: str, done: _Done) -> Body:
        return done.fields
