"""Teams in one process: it shows what it is given, and sends what people do."""

import asyncio
import json
import time
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.standin_teams import payloads
from tests.standin_teams.connector import Connector
from tests.standin_teams.login import ISSUER, Login, signed
from tests.standin_teams.world import ROOM, Ack, Shown, World

INVOKED = {"statusCode", "type", "value"}
KINDS = {"application/vnd.microsoft.card.adaptive": dict}
SAID = {"application/vnd.microsoft.activity.message": str}


class StandIn(World):
    """`async with StandIn() as teams`; then point `teams.landa` at where Landa listens.

    again_s   between two tries of a message. Teams: about fifteen seconds.
    tries     of one message.
    """

    landa: str = ""
    url: str = ""
    wait_s: float = 15.0
    again_s: float = 0.05
    tries: int = 4

    @property
    def service_url(self) -> str:
        return f"{self.url}/teams/"

    @property
    def openid_url(self) -> str:
        return f"{self.url}/v1/.well-known/openidconfiguration"

    @property
    def login_url(self) -> str:
        return f"{self.url}/login"

    @property
    def settings(self) -> dict[str, str]:
        """For Landa, to come here."""
        return {
            "MicrosoftAppId": self.app,
            "MicrosoftAppPassword": self.secret,
            "MicrosoftAppTenantId": self.tenant,
            "LANDA_TEAMS_OPENID_URL": self.openid_url,
            "LANDA_TEAMS_LOGIN_URL": self.login_url,
            "LANDA_TEAMS_SERVICE_URL": self.service_url,
        }

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self, port: int = 0, app: web.Application | None = None) -> Self:
        app = app or web.Application()
        self.login = Login(self)
        self.login.mount(app)
        Connector(self).mount(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, bound = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{bound}"
        limit = aiohttp.TCPConnector(limit=0)
        self._session = aiohttp.ClientSession(connector=limit)
        return self

    async def stop(self) -> None:
        await self._session.close()
        await self._runner.cleanup()

    def claims(self, **other: Any) -> dict[str, Any]:
        """What a good token says; None takes a claim out."""
        now = int(time.time())
        good = {"serviceurl": self.service_url, "nbf": now - 60, "exp": now + 3600}
        said = {**good, "iss": ISSUER, "aud": self.app, **other}
        return {name: value for name, value in said.items() if value is not None}

    def bearer(self) -> str:
        if not hasattr(self, "_bearer"):
            self._bearer = signed(self.claims())
        return self._bearer

    async def post(self, body: Any, token: str | None = None) -> Ack:
        """One delivery. token: "" for none."""
        token = self.bearer() if token is None else token
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json; charset=utf-8"}
        if token:
            headers["Authorization"] = token if " " in token else f"Bearer {token}"
        start = time.perf_counter()
        try:
            async with self._session.post(
                f"{self.landa}/api/messages",
                data=raw,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=self.wait_s),
            ) as answer:
                text = await answer.text()
                took = time.perf_counter() - start
                return Ack(answer.status, took, _json(text), dict(answer.headers))
        except (TimeoutError, aiohttp.ClientError):
            return Ack(0, time.perf_counter() - start)

    async def deliver(self, body: dict[str, Any]) -> list[Ack]:
        """A message, again with the same id until it is taken."""
        acks = [await self.post(body)]
        while not 200 <= acks[-1].status < 300 and len(acks) < self.tries:
            await asyncio.sleep(self.again_s)
            acks.append(await self.post(body))
        return acks

    async def say(self, user: str, text: str) -> list[Ack]:
        """Write to Landa in the person's own chat, where they have added it."""
        self.added.add(user)
        return await self.deliver(payloads.message(self, user, text, self.service_url))

    async def mention(self, user: str, text: str, room: str = ROOM) -> list[Ack]:
        """Write `@Landa text` in a channel."""
        return await self.deliver(payloads.mention(self, user, text, self.service_url, room))

    async def install(self, user: str) -> list[Ack]:
        """Add Landa: Teams tells of it twice."""
        self.added.add(user)
        bodies = (
            payloads.joined(self, user, self.service_url),
            payloads.installation(self, user, "add", self.service_url),
        )
        return [ack for body in bodies for ack in await self.deliver(body)]

    async def remove(self, user: str) -> list[Ack]:
        self.added.discard(user)
        return await self.deliver(payloads.installation(self, user, "remove", self.service_url))

    async def press(
        self, user: str, label: str, card: Shown | None = None, chosen: dict[str, str] | None = None
    ) -> Ack:
        """Press the button with that label, on the newest card that has it. Comes once.

        chosen  id of an input -> its value.
        """
        cards = [card] if card else [c for c in reversed(self.seen(user)) if label in c.labels]
        if not cards:
            raise LookupError(f"no card with {label!r}")
        card = cards[0]
        button = next(one for one in card.buttons if one["title"] == label)
        values = payloads.answers(card, chosen or {})
        ack = await self.post(payloads.press(self, user, button, values, card, self.service_url))
        self._check(ack)
        return ack

    def _check(self, ack: Ack) -> None:
        """A press's answer is a card or words; anything else shows the person an error."""
        body = ack.body
        if ack.status != 200 or not isinstance(body, dict) or set(body) != INVOKED:
            self.complaints.append(f"a press was answered {ack.status} {body!r}"[:200])
            return
        kind = {**KINDS, **SAID}.get(body["type"])
        if kind is None or not isinstance(body["value"], kind) or body["statusCode"] != 200:
            self.complaints.append(f"a press was answered {body!r}"[:200])


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
