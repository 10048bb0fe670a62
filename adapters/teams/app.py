"""Teams' requests in, answered when the turn is committed; cards out."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from aiohttp import web

from adapters.body import RefusedError, object_of, read_raw
from adapters.fields import Body, MalformedError
from adapters.teams.about import ABOUT, About
from adapters.teams.config import TeamsConfig
from adapters.teams.deliver import CARD, Delivery
from adapters.teams.gate import Gate, from_here
from adapters.teams.inbound import to_inbound
from adapters.teams.keys import Keys, NoKeysError
from adapters.teams.kit import Claims, Kit, kit_of
from adapters.teams.render import render
from adapters.teams.wire import Tokens, Wire
from bot.core.errors import DeliveryError, SettingsError
from bot.core.port import Answer, Handle, Outgoing
from bot.core.turn import Hints, Inbound, Pressed
from bot.core.words import Words

log = logging.getLogger("landa.teams")

PATH = "/api/messages"
READ_S = 5.0  # Teams waits fifteen seconds, then sends it again
POOL = 100
WORDS = "application/vnd.microsoft.activity.message"
NOT_OURS = 501
NOBODY = "nobody"
"""No key of Microsoft's is called this."""


@dataclass(frozen=True, slots=True)
class Speech:
    """words: by language. language: of those whose own is not among them."""

    words: Mapping[str, Words]
    language: str

    def of(self, hints: Hints) -> Words:
        wished = hints.language.split("-")[0].lower()
        return self.words[wished if wished in self.words else self.language]


class TeamsPlatform:
    """`open`, then `mount`; `deliver` works until `close`."""

    def __init__(self, config: TeamsConfig, speech: Speech, now: Callable[[], datetime]) -> None:
        """now: aware UTC."""
        self._config, self._speech, self._now = config, speech, now
        self._kit: Kit = kit_of(config)
        self._session: aiohttp.ClientSession | None = None
        self._keys: Keys | None = None
        self._tokens: Tokens | None = None
        self._deliver: Delivery | None = None

    async def open(self) -> None:
        """Returns at once. The keys are on their way, and so is the token."""
        connector = aiohttp.TCPConnector(limit=POOL, keepalive_timeout=60)
        self._session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar()
        )
        self._keys = Keys(self._config.openid_url, self._session)
        if not self._config.insecure:
            self._keys.open()
            self._tokens = Tokens(self._kit.token)
            self._tokens.begin()
        wire = Wire(self._session, self._tokens)
        self._deliver = Delivery(self._config, self._kit, wire, self._speech.words)

    async def close(self) -> None:
        self._deliver = None
        for each in (self._keys, self._tokens):
            if each:
                await each.close()
        if self._session:
            await self._session.close()

    @property
    def ready(self) -> bool:
        """True once we know whom to believe; requests get 503 until then."""
        return self._config.insecure or (self._keys is not None and self._keys.known)

    async def deliver(self, outgoing: Outgoing) -> None:
        """Is a `Deliver`."""
        if self._deliver is None:
            raise DeliveryError("Teams is not open")
        await self._deliver(outgoing)

    async def check(self) -> str:
        """One line for the operator, in English.

        raises  LandaError: Microsoft does not answer, or does not know our secret.
        """
        if self._config.insecure:
            return f"at {PATH}, for anything on this machine"
        await self.open()
        try:
            if self._tokens is None or self._keys is None:
                raise SettingsError(("Teams is not open",))
            await self._tokens.get()
            await self._keys.find(NOBODY)
        finally:
            await self.close()
        where = self._config.tenant or "every tenant that adds it"
        return f"{self._config.app_type} bot for {where}, at {PATH}, with {self._config.kit}"

    def mount(self, app: web.Application, handle: Handle) -> None:
        """Teams' requests are taken at PATH. raises  SettingsError unless `open`"""
        if self._keys is None:
            raise SettingsError(("Teams is not open",))
        self._gate = Gate(self._config, self._kit, self._keys, self._now)
        door = Door(self._config, self._gate, handle, self._speech, self._now)
        app.router.add_post(PATH, door)
        app.router.add_get(ABOUT, About(self._speech.words, self._speech.language))
        if self._config.insecure:
            log.warning("LANDA_TEAMS_INSECURE: anything on this machine can speak for anybody")


class Door:
    """One request from its first byte to its answer."""

    def __init__(
        self,
        config: TeamsConfig,
        gate: Gate,
        handle: Handle,
        speech: Speech,
        now: Callable[[], datetime],
    ) -> None:
        self._config, self._gate, self._handle = config, gate, handle
        self._speech, self._now = speech, now

    async def __call__(self, request: web.Request) -> web.Response:
        try:
            return await self._take(await self._read(request))
        except RefusedError as refused:
            log.warning("refused a request: %s", refused.reason)
            return web.Response(status=refused.status)
        except MalformedError:
            return web.Response(status=400)
        except NoKeysError:
            return web.Response(status=503)
        except Exception as fault:  # whatever it is: no trace, and Teams sends it again
            log.error("a request failed: %s", type(fault).__name__)  # noqa: TRY400
            return web.Response(status=503)

    async def _read(self, request: web.Request) -> Body:
        """raises  RefusedError, MalformedError, NoKeysError"""
        claims: Claims = {}
        if not self._config.insecure:
            claims = await self._gate.identify(request.headers.get("Authorization", ""))
        elif not from_here(request.remote, frozenset(map(str.lower, request.headers))):
            raise RefusedError(403, "from another machine")
        try:
            activity = object_of((await read_raw(request, READ_S)).decode())
        except UnicodeDecodeError:
            raise RefusedError(400, "no utf-8") from None
        self._gate.admit(claims, activity)
        return activity

    async def _take(self, activity: Body) -> web.Response:
        inbound = to_inbound(activity, self._now())
        invoked = activity.get("type") == "invoke"
        if inbound is None:
            return web.Response(status=NOT_OURS if invoked else 200)
        answer = await self._handle(inbound)
        if invoked:
            return self._shown(answer, inbound)
        # Words come again; whatever of them has been taken by then does nothing again. What
        # became of a press is told by `handle`, also where a client sends it as a message.
        again = answer.taken in ("late", "refused") and not isinstance(inbound.turn, Pressed)
        return web.Response(status=503 if again else 200)

    def _shown(self, answer: Answer, inbound: Inbound) -> web.Response:
        """What stands in a press's answer: the rewritten card, or words to the one who pressed.

        Teams sends no press again: one that is late is answered by its card, which follows.
        """
        if answer.rewrite:
            return _invoked(CARD, render(answer.rewrite, self._config.pictures))
        words = self._speech.of(inbound.hints)
        private = inbound.place.kind == "private"
        return _invoked(WORDS, words(f"teams.{answer.taken}" if private else "teams.private"))


def _invoked(kind: str, value: object) -> web.Response:
    return web.json_response({"statusCode": 200, "type": kind, "value": value})
