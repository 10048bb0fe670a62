"""Microsoft's side of trust: signing keys, tokens for Landa, and tokens that Teams shows."""

import asyncio
import base64
import json
import os
import time
import uuid
from typing import Any

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tests.standin_teams.world import World

MICROSOFT = "https://login.microsoftonline.com"
ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
ENDORSED = ["msteams", "webchat", "directline"]
KEY_ENV = "LANDA_TEST_TEAMS_KEY"
"""A key to go on with, as PEM: Landa asks for new ones once a minute at the most."""


def signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _given() -> rsa.RSAPrivateKey:
    known = os.environ.get(KEY_ENV)
    key = load_pem_private_key(known.encode(), None) if known else signing_key()
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


PRIVATE = {"first": _given(), "second": signing_key(), "strange": signing_key()}


class Login:
    """published: key ids in the OpenID document, each with the channels it may speak for.

    down     the OpenID document is not to be had.
    asked    how often keys were. given: how many tokens. tenants: where they were asked for.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.published: dict[str, list[str]] = {"first": ENDORSED}
        self.down = False
        self.asked = self.given = 0
        self.tenants: list[str] = []

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/v1/.well-known/openidconfiguration", self.openid)
        app.router.add_get("/v1/.well-known/keys", self.keys)
        app.router.add_get("/login/{tenant}/v2.0/.well-known/openid-configuration", self.discovery)
        app.router.add_post("/login/{tenant}/oauth2/v2.0/token", self.token)
        app.router.add_get("/identity/token", self.managed)

    async def openid(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.down:
            return web.Response(status=503)
        keys = f"http://{request.host}/v1/.well-known/keys"
        signing = {"id_token_signing_alg_values_supported": ["RS256"]}
        return web.json_response({"issuer": ISSUER, "jwks_uri": keys, **signing})

    async def keys(self, _: web.Request) -> web.Response:
        return web.json_response({"keys": [jwk(kid, to) for kid, to in self.published.items()]})

    async def discovery(self, request: web.Request) -> web.Response:
        """As Microsoft's: its addresses are Microsoft's own."""
        there = f"{MICROSOFT}/{request.match_info['tenant']}"
        return web.json_response(
            {
                "issuer": f"{there}/v2.0",
                "authorization_endpoint": f"{there}/oauth2/v2.0/authorize",
                "token_endpoint": f"{there}/oauth2/v2.0/token",
            }
        )

    async def token(self, request: web.Request) -> web.Response:
        fields = await request.post()
        self.tenants.append(request.match_info["tenant"])
        await asyncio.sleep(self.world.login_s)
        if (fields.get("client_id"), fields.get("client_secret")) != (
            self.world.app,
            self.world.secret,
        ):
            wrong = {"error": "invalid_client", "error_description": "AADSTS7000215"}
            return web.json_response(wrong, status=401)
        if (fields.get("grant_type"), fields.get("scope")) != ("client_credentials", SCOPE):
            self.world.complaints.append(f"a token for {fields.get('scope')}")
            return web.json_response({"error": "invalid_scope"}, status=400)
        return web.json_response({"token_type": "Bearer", "expires_in": 3599, **self._given()})

    async def managed(self, request: web.Request) -> web.Response:
        """A managed identity, as App Service has it."""
        await asyncio.sleep(self.world.login_s)
        if request.headers.get("X-IDENTITY-HEADER") != self.world.secret:
            return web.json_response({"statusCode": 401}, status=401)
        if request.query.get("client_id") != self.world.app:
            return web.json_response({"statusCode": 400}, status=400)
        ends = str(int(time.time()) + 3599)
        answer = {"token_type": "Bearer", "expires_on": ends, "resource": ISSUER}
        return web.json_response({**answer, **self._given()})

    def _given(self) -> dict[str, str]:
        self.given += 1
        token = f"token-{uuid.uuid4()}"
        self.world.tokens.add(token)
        return {"access_token": token}


def signed(
    claims: dict[str, Any], *, key: str = "first", kid: str | None = None, algorithm: str = "RS256"
) -> str:
    """A token as Teams shows it. kid: what it says about its key."""
    headers = {"kid": key if kid is None else kid, "x5t": key}
    secret: Any = PRIVATE[key] if algorithm.startswith("RS") else None
    return jwt.api_jws.encode(json.dumps(claims).encode(), secret, algorithm, headers)


def jwk(kid: str, endorsements: list[str]) -> dict[str, Any]:
    public = PRIVATE[kid].public_key().public_numbers()
    return {
        "kty": "RSA",
        "use": "sig",
        "kid": kid,
        "x5t": kid,
        "n": _base64(public.n),
        "e": _base64(public.e),
        "endorsements": endorsements,
    }


def _base64(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
