"""Who may come in: Microsoft's connector alone, for our bot, from a tenant that is served."""

from collections.abc import Callable
from datetime import datetime, timedelta

from adapters.body import RefusedError
from adapters.fields import Body, MalformedError, id_of, mapping
from adapters.teams.config import LOOPBACK, TeamsConfig
from adapters.teams.keys import Keys
from adapters.teams.kit import CHANNEL, Claims, Kit

LONGEST = timedelta(hours=24)
"""A token that lasts longer is not one of Microsoft's, and could outlive what we have seen."""
TRUSTED = timedelta(minutes=5)
"""Teams shows the same token with each request for about an hour; to look at it takes longer than
the turn. A key that Microsoft withdraws opens nothing after this."""
MOST_TRUSTED = 1_000
SERVICE_CLAIM = "serviceurl"
LONGEST_URL = 2_000


class Gate:
    """now: aware UTC."""

    def __init__(
        self, config: TeamsConfig, kit: Kit, keys: Keys, now: Callable[[], datetime]
    ) -> None:
        self._config, self._kit, self._keys, self._now = config, kit, keys, now
        # Tokens that were found good -> what they say, and when they are to be looked at again.
        self._trusted: dict[str, tuple[Claims, float]] = {}

    async def identify(self, authorization: str) -> Claims:
        """Before anything of the body is read.

        raises  RefusedError: 401 without a token, 403 for one that is not good; NoKeysError
        """
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise RefusedError(401, "no token")
        now = self._now().timestamp()
        claims, until = self._trusted.get(token, ({}, 0.0))
        if now >= until:
            claims = await self._kit.claims(token, self._keys)
            self._trust(token, claims, now)
        return claims

    def _trust(self, token: str, claims: Claims, now: float) -> None:
        """The kit has looked whether the token is over, if it says when it will be.

        raises  RefusedError
        """
        end = claims.get("exp")
        if isinstance(end, bool) or not isinstance(end, int | float):
            raise RefusedError(403, "a token without an end")
        if not end - now < LONGEST.total_seconds():
            raise RefusedError(403, "a token without an end in sight")
        if len(self._trusted) >= MOST_TRUSTED:
            self._trusted.clear()
        self._trusted[token] = claims, min(now + TRUSTED.total_seconds(), end)

    def admit(self, claims: Claims, activity: Body) -> None:
        """The token speaks for this activity, and the activity for a tenant that is served.

        raises  RefusedError; MalformedError
        """
        service = service_of(activity)
        if not self._config.serves(service):
            raise RefusedError(403, "an answer would go elsewhere")
        if not self._config.insecure and claims.get(SERVICE_CLAIM) != service:
            raise RefusedError(403, "a token for another connector")
        if activity.get("channelId") != CHANNEL:
            raise RefusedError(403, "another channel")
        if self._config.tenant and tenant_of(activity).lower() != self._config.tenant.lower():
            raise RefusedError(403, "another tenant")


def from_here(remote: str | None, headers: "frozenset[str]") -> bool:
    """Whether a request comes from this machine and through nothing that stands for others."""
    return remote in LOOPBACK and not headers & {"forwarded", "x-forwarded-for", "x-real-ip"}


def service_of(activity: Body) -> str:
    """Where an answer goes. raises  RefusedError"""
    try:
        return id_of(activity, "serviceUrl", LONGEST_URL)
    except MalformedError:
        raise RefusedError(403, "no service URL") from None


def tenant_of(activity: Body) -> str:
    """raises  RefusedError where it is not told, or told in two ways"""
    try:
        data = mapping(activity.get("channelData"), "channelData")
        tenant = id_of(mapping(data.get("tenant"), "tenant"), "id")
        talk = mapping(activity.get("conversation"), "conversation")
        other = tenant if talk.get("tenantId") is None else id_of(talk, "tenantId")
    except MalformedError:
        raise RefusedError(403, "no tenant") from None
    if tenant.lower() != other.lower():
        raise RefusedError(403, "two tenants")
    return tenant
