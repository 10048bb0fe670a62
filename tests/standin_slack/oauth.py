"""How Slack gives tokens: a page to say yes on, codes, refresh tokens; and whose door one opens."""

from base64 import b64decode
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from tests.standin_slack.world import Grant, Site, World

Fields = dict[str, Any]
NAMES = ("channel", "user", "user_id")


class SlackError(Exception):
    def __init__(
        self, code: str, why: str = "", status: int = 200, wait_s: float | None = None
    ) -> None:
        super().__init__(code)
        self.code, self.why, self.status, self.wait_s = code, why, status, wait_s


class OAuth:
    def __init__(self, world: World) -> None:
        self.world = world

    async def authorize(self, request: web.Request) -> web.Response:
        """The page on which somebody says yes, or no; they have decided already."""
        asked = request.query
        if asked.get("client_id") != self.world.client_id or not asked.get("scope"):
            return web.Response(status=400, text="Invalid client_id or scope")
        site = self.world.approving.pop("next", None)
        back = {"state": asked.get("state", "")}
        if site is None:
            back["error"] = "access_denied"
        else:
            back["code"] = self.code(site, asked.get("redirect_uri", ""))
        where = f"{asked['redirect_uri']}?{urlencode(back)}"
        return web.Response(status=302, headers={"Location": where})

    def code(self, site: Site, redirect_uri: str) -> str:
        code = f"code-{self.world.number()}"
        self.world.codes[code] = (site, redirect_uri)
        return code

    def access(self, authorization: str, fields: Fields) -> Fields:
        self._client(authorization)
        if fields.get("grant_type") == "refresh_token":
            site = self.world.refreshes.pop(str(fields.get("refresh_token")), None)
            if site is None:
                raise SlackError("invalid_refresh_token")
            return self.granted(site)
        site, redirect_uri = self.world.codes.pop(str(fields.get("code")), (None, ""))
        if site is None:
            raise SlackError("invalid_code")
        if fields.get("redirect_uri") != redirect_uri:
            raise SlackError("bad_redirect_uri")
        return self.granted(site)

    def _client(self, authorization: str) -> None:
        kind, _, both = authorization.partition(" ")
        client_id, _, secret = b64decode(both).decode().partition(":")
        if kind != "Basic" or client_id != self.world.client_id:
            raise SlackError("invalid_client_id")
        if secret != self.world.client_secret:
            raise SlackError("bad_client_secret")

    def granted(self, site: Site) -> Fields:
        """A new token; the refresh token before it is used up."""
        world, number = self.world, self.world.number()
        token, refresh = f"xoxb-kanarie-{number}", f"xoxe-1-kanarie-{number}"
        grant = Grant(site.teams or (site.team,))
        lasts: Fields = {}
        if world.lives_s:
            grant.ends = world.clock() + world.lives_s
            world.refreshes[refresh] = site
            lasts = {"expires_in": world.lives_s, "refresh_token": refresh}
        world.grants[token] = grant
        organisation = {"id": site.enterprise, "name": "Region"} if site.enterprise else None
        return {
            "ok": True,
            "access_token": token,
            "token_type": "bot",
            "scope": "app_mentions:read,chat:write,commands,im:history",
            "bot_user_id": world.bot_user,
            "app_id": world.app,
            "team": {"id": site.team, "name": "Socialtjänsten"} if site.team else None,
            "enterprise": organisation,
            "is_enterprise_install": site.whole,
            "authed_user": {"id": "U0ADMIN01"},
            **lasts,
        }

    def check(self, token: str, fields: Fields) -> None:
        """raises SlackError unless *token* is good, and good for the workspace it is used in"""
        grant = self.world.grants.get(token)
        if grant is None:
            raise SlackError("invalid_auth")
        if grant.revoked:
            raise SlackError("token_revoked")
        if grant.ends is not None and self.world.clock() >= grant.ends:
            raise SlackError("token_expired")
        self.world.used.append(grant.teams)
        trigger = self.world.triggers.get(str(fields.get("trigger_id")))
        whose = {**fields, **({"user": trigger.user} if trigger else {})}
        for name in NAMES:
            named = str(whose.get(name, ""))
            home = self.world.homes.get(named) or self.world.homes.get(f"U{named[1:]}")
            if named and home not in grant.teams:
                self.world.strays.append(f"{name} of {home} with a token of {grant.teams}")
                raise SlackError(f"{name}_not_found")
