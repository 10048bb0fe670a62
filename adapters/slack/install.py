"""The way into a workspace: to Slack and back, in one browser, once, within ten minutes."""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Literal
from urllib.parse import urlencode

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.access import AccessError, access, installed
from adapters.slack.config import OAuth
from adapters.slack.manifest import BACK, REACHED
from bot.core.errors import LandaError
from bot.core.port import Installations, Tickets
from bot.core.words import Words, spoken_by

log = logging.getLogger("landa.slack")

INSTALL = "/slack/install"
COOKIE, COOKIE_S = "landa_install", 600
BROWSER = 43  # characters of 32 random bytes
CODE_LENGTH = 1_000
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    # The address has held a code: it is told to nobody.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{text}</p>
{more}</main>
</body>
</html>
"""
Outcome = Literal["done", "cancelled", "again", "failed"]
STATUS: Mapping[Outcome, int] = {"done": 200, "cancelled": 200, "again": 400, "failed": 502}


@dataclass(frozen=True, slots=True)
class Several:
    """What serving several workspaces needs. language: of browsers that ask for no known one."""

    installations: Installations
    tickets: Tickets
    words: Mapping[str, Words] = field(repr=False)
    language: str


@dataclass(frozen=True, slots=True)
class Install:
    """client: has no token of its own. changed: called when somewhere was installed."""

    oauth: OAuth
    several: Several
    client: AsyncWebClient
    now: Callable[[], datetime]
    changed: Callable[[], None]

    def mount(self, app: web.Application) -> None:
        # Nothing but GET: a HEAD of a mail scanner would use up the code.
        app.router.add_get(INSTALL, self.begin, allow_head=False)
        app.router.add_get(BACK, self.end, allow_head=False)

    async def begin(self, request: web.Request) -> web.Response:
        browser = secrets.token_urlsafe(32)
        asked = {
            "client_id": self.oauth.client_id,
            "scope": ",".join(REACHED),
            "redirect_uri": self.oauth.redirect_url,
            "state": self.several.tickets.issue(self._bound_to(browser)),
        }
        where = f"{self.oauth.authorize_url}?{urlencode(asked)}"
        response = web.Response(status=302, headers={**HEADERS, "Location": where})
        response.set_cookie(
            COOKIE,
            browser,
            max_age=COOKIE_S,
            path="/",
            secure=self.oauth.public_url.startswith("https://"),
            httponly=True,
            samesite="Lax",
        )
        return response

    async def end(self, request: web.Request) -> web.Response:
        try:
            outcome = await self._outcome(request)
        except AccessError as error:
            log.warning("%s", error)
            outcome = "failed"
        except LandaError as error:
            log.warning("an installation failed: %s", type(error).__name__)
            outcome = "failed"
        accepted = request.headers.get("Accept-Language", "")
        language = spoken_by(accepted, self.several.words) or self.several.language
        text = page(self.several.words[language], outcome)
        response = web.Response(
            status=STATUS[outcome], text=text, content_type="text/html", headers=HEADERS
        )
        response.del_cookie(COOKIE, path="/")
        return response

    async def _outcome(self, request: web.Request) -> Outcome:
        """raises  LandaError"""
        asked, browser = request.query, request.cookies.get(COOKIE, "")
        client_id = asked.get("client_id", self.oauth.client_id)
        if len(browser) != BROWSER or client_id != self.oauth.client_id:
            return "again"
        state = asked.get("state", "")
        if not await self.several.tickets.redeem(state, self._bound_to(browser)):
            return "again"
        if asked.get("error"):
            return "cancelled" if asked["error"] == "access_denied" else "failed"
        code = asked.get("code", "")
        if not 0 < len(code) <= CODE_LENGTH:
            return "again"
        at = self.now()
        fields = {"code": code, "redirect_uri": self.oauth.redirect_url}
        answer = await access(self.client, self.oauth, fields)
        await self.several.installations.begin(installed(answer, at))
        self.changed()
        log.info("installed")
        return "done"

    def _bound_to(self, browser: str) -> str:
        """A ticket made for another app is no good, either."""
        return f"{self.oauth.client_id} {browser}"


def page(words: Words, outcome: Outcome) -> str:
    """HTML without script, style or picture."""
    again = "" if outcome == "done" else _link(words)
    return PAGE.format(
        lang=escape(words.language),
        title=escape(words(f"slack.install_{outcome}")),
        text=escape(words(f"slack.install_{outcome}_more")),
        more=again,
    )


def _link(words: Words) -> str:
    return f'<p><a href="install">{escape(words("slack.install_link"))}</a></p>\n'
