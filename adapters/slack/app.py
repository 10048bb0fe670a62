"""Slack's requests in, acknowledged within three seconds; cards out."""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime

import aiohttp
from aiohttp import web
from slack_bolt.response import BoltResponse

from adapters.body import RefusedError
from adapters.slack.advice import AGAIN
from adapters.slack.answer import Acknowledgement
from adapters.slack.bolt import bolt_of, request_of
from adapters.slack.config import TIMEOUT, SlackConfig, client_of
from adapters.slack.door import Door
from adapters.slack.fields import Body
from adapters.slack.inside import Inside
from adapters.slack.install import INSTALL, Install, Several
from adapters.slack.line import Line, address
from adapters.slack.manifest import PATH, REACHED, SCOPES
from adapters.slack.outlet import Outlet
from adapters.slack.picture import Show, no_picture
from adapters.slack.request import read
from adapters.slack.rotation import Rotation
from adapters.slack.workspace import FIRST_TRY_S, Serving, Workspace, identify
from adapters.slack.workspaces import Workspaces
from bot.core.errors import DeliveryError, LandaError, SettingsError
from bot.core.port import Album, Handle, Installations, Outgoing

log = logging.getLogger("landa.slack")


class SlackPlatform:
    """`open`; then `mount` or, `by_socket`, `listen`; `deliver` works until `close`."""

    def __init__(self, config: SlackConfig, now: Callable[[], datetime]) -> None:
        """now: aware UTC."""
        self._config, self._now = config, now
        self._client = client_of(config)
        # Where each workspace has its own token, it takes a database: that comes with `open`.
        self._serving: Serving | None = None if config.oauth else Workspace(self._client)
        self._install: Install | None = None
        self._outlet: Outlet | None = None
        self._inside: Inside | None = None
        self._line: Line | None = None

    @property
    def by_socket(self) -> bool:
        """One app has one way in: two would only mean that one of them is forgotten."""
        return bool(self._config.app_token)

    async def open(self, several: Several | None = None, album: Album | None = None) -> None:
        """Returns within two seconds, also when Slack does not answer.

        several  is needed where each workspace has its own token.
        album    is needed for pictures where Landa has no public address.
        """
        self._serving = self._who(several)
        self._outlet = Outlet(self._config, self._client, self._serving, album, self._now)
        await self._serving.open()

    def _who(self, several: Several | None) -> Serving:
        oauth = self._config.oauth
        if self._serving:
            return self._serving
        if oauth is None or several is None:
            raise SettingsError(("SLACK_CLIENT_ID is set: installations must be kept",))
        rotation = Rotation(several.installations, self._client, oauth, self._now)
        served = Workspaces(several.installations, rotation, self._now)
        self._install = Install(oauth, several, self._client, self._now, served.changed)
        return served

    async def close(self) -> None:
        outlet, self._outlet = self._outlet, None
        if self._inside:
            await self._inside.close()
        if self._serving:
            await self._serving.close()
        if outlet:
            await outlet.close()

    @property
    def ready(self) -> bool:
        """True once Slack has told which workspace is ours; requests get 503 until then."""
        up = self._line is not None and self._line.up
        known = self._serving is not None and self._serving.known
        return known and (up or not self.by_socket)

    async def settled(self) -> None:
        """Wait for what goes on after an acknowledgement: pages, and answers to strangers."""
        if self._inside:
            await self._inside.settled()

    async def deliver(self, outgoing: Outgoing) -> None:
        """Is a `Deliver`."""
        if self._outlet is None:
            raise DeliveryError("Slack is not open")
        await self._outlet.deliver(outgoing)

    def mount(self, app: web.Application, handle: Handle) -> None:
        """Slack's requests are taken at PATH. raises  SettingsError when `by_socket`"""
        if self.by_socket:
            raise SettingsError(("SLACK_APP_TOKEN is set: Slack is reached over Socket Mode",))
        dispatch, secret = self._dispatch(handle), self._config.signing_secret.encode()

        async def receive(request: web.Request) -> web.StreamResponse:
            try:
                answer = await dispatch(await read(request, secret, self._now()))
            except RefusedError as refused:
                log.warning("refused a request: %s", refused.reason)
                return web.Response(status=refused.status)
            return await _write(request, answer)

        app.router.add_post(PATH, receive)
        if self._install:
            self._install.mount(app)

    @asynccontextmanager
    async def listen(self, handle: Handle) -> AsyncGenerator[None]:
        """Turns are taken over Socket Mode inside; what is under way is finished at its end.

        raises  SettingsError unless `by_socket`
        """
        if not self.by_socket:
            raise SettingsError(("SLACK_APP_TOKEN is missing",))
        dispatch = self._dispatch(handle)

        async def take(payload: Body) -> BoltResponse:
            try:
                return await dispatch(payload)
            except RefusedError as refused:
                log.warning("refused an envelope: %s", refused.reason)
                return BoltResponse(status=refused.status)

        self._line = Line(self._client, self._config.app_token, take)
        await self._line.open(FIRST_TRY_S)
        try:
            yield
        finally:
            await self._line.close()

    async def check(self, installations: Installations | None = None) -> str:
        """One line for the operator, in English.

        raises  LandaError: Slack does not answer, or does not know a token.
        """
        if self._config.oauth:
            if installations is None:
                raise SettingsError(("nothing is installed yet",))
            return await _installed(installations, self._config.oauth.public_url + INSTALL)
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            client = client_of(self._config)
            client.session = session
            me = await identify(client)
            _complete(me.scopes, reached=bool(self._config.pictures))
            if self.by_socket:
                await address(client, self._config.app_token)
        way = "over Socket Mode" if self.by_socket else f"at {PATH}"
        return f"@{me.bot_name} in {me.team_name} ({me.team}), {way}"

    def _pictures(self, team: str) -> Show:
        return self._outlet.pictures.at_once(team) if self._outlet else no_picture

    def _dispatch(self, handle: Handle) -> Callable[[Body], Awaitable[BoltResponse]]:
        """The same gate and door for both ways in."""
        outlet, serving = self._outlet, self._serving
        if outlet is None or serving is None:
            raise SettingsError(("Slack is not open",))
        self._inside = Inside(handle, self.deliver, outlet.calls, serving, self._now)
        door = Door(self._inside, self._now, self._pictures)
        bolt = bolt_of(self._client, serving, door)

        async def dispatch(body: Body) -> BoltResponse:
            return await bolt.async_dispatch(request_of(body))

        return dispatch


def _complete(scopes: frozenset[str], *, reached: bool) -> None:
    """raises  LandaError naming the scopes that the token lacks"""
    lacking = set(REACHED if reached else SCOPES) - scopes
    if scopes and lacking:
        raise LandaError(f"the bot token lacks {', '.join(sorted(lacking))}. To do: {AGAIN}")


async def _installed(installations: Installations, address: str) -> str:
    """raises  LandaError naming what must be installed again"""
    found = await installations.all()
    lost = ", ".join(each.team or each.enterprise for each in found if each.lost)
    if lost:
        raise LandaError(f"must be installed again at {address}: {lost} (its token was lost)")
    return f"{len(found)} installations; others at {address}"


async def _write(request: web.Request, answer: BoltResponse) -> web.StreamResponse:
    kind = "application/json" if answer.body else "text/plain"
    response = web.Response(status=answer.status, text=answer.body, content_type=kind)
    await response.prepare(request)
    await response.write_eof()
    if isinstance(answer, Acknowledgement):
        answer.ridden()
    return response
