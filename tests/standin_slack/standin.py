"""Slack in one process: it shows what it is given, and sends what people do."""

import asyncio
import copy
import json
from dataclasses import replace
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.standin_slack import payloads
from tests.standin_slack.api import ARGUMENTS, Api, content
from tests.standin_slack.oauth import SlackError
from tests.standin_slack.sockets import Sockets
from tests.standin_slack.views import View
from tests.standin_slack.world import Ack, Shown, World

REASONS = {0: "http_timeout"}
FORM = "application/x-www-form-urlencoded"


class StandIn(World):
    """`async with StandIn() as slack`; then point `slack.landa` at where Landa listens, or say
    that Landa comes `by_socket`.

    retry_waits_s  between the tries of an event. Slack: at once, 1 and 5 minutes.
    """

    landa: str = ""
    by_socket: bool = False
    retry_waits_s: tuple[float, ...] = (0.0, 60.0, 300.0)

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def settings(self) -> dict[str, str]:
        """For Landa, to come here."""
        return {
            "SLACK_BOT_TOKEN": self.token,
            "SLACK_SIGNING_SECRET": self.secret,
            "SLACK_API_URL": self.api_url.rstrip("/"),
        }

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self, port: int = 0, app: web.Application | None = None) -> Self:
        app = app or web.Application()
        self.sockets = Sockets(self)
        self.api = Api(self, self.sockets)
        self.api.mount(app)
        self.sockets.mount(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        host, bound = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{bound}"
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.ack_s))
        return self

    async def stop(self) -> None:
        await self._session.close()
        await self._runner.cleanup()

    def branch(self, team: str, enterprise: str = "") -> "StandIn":
        """The same Slack, seen from another workspace."""
        other = copy.copy(self)
        other.team, other.enterprise = team, enterprise
        return other

    def revoke(self, *teams: str) -> None:
        """As when somebody takes Landa away there."""
        for grant in self.grants.values():
            grant.revoked = grant.revoked or bool(set(teams) & set(grant.teams))

    async def news(self, inner: dict[str, Any], at: float = 0, *, whole: bool = False) -> Ack:
        """An event about Landa itself. at: when it happened. whole: an organisation's."""
        body = payloads.event(self, inner)
        body["event_time"] = int(at or self.clock())
        body["enterprise_id"] = self.enterprise or None
        if whole:
            body["team_id"] = self.enterprise
            body["authorizations"] = []
        return await self.hand("events_api", body)

    async def command(self, user: str, text: str = "", channel: str = "") -> Ack:
        """`/landa text`, in the person's own chat with Landa unless a channel is named."""
        place = channel or self.dm(user)
        url = self.response_url(self.url, place, user, None)
        ack = await self.hand("slash_commands", payloads.command(self, user, text, place, url))
        if ack.status != 200:
            self.complaints.append(f"/landa failed: {ack.status}")
            return ack
        return Ack(ack.status, ack.seconds, self._ridden(ack, user, place), ack.body)

    async def press(
        self,
        user: str,
        label: str,
        card: Shown | None = None,
        chosen: dict[str, str] | None = None,
        looks: list[dict[str, Any]] | None = None,
    ) -> Ack:
        """Press the button with that label, on the newest card that has it.

        chosen  block_id -> label, in the card's fields.
        looks   what the card was before it was rewritten, on a screen that is behind.
        """
        cards = [card] if card else [c for c in reversed(self.seen(user)) if label in c.labels]
        if not cards:
            raise LookupError(f"no card with {label!r}")
        card = cards[0]
        seen = card if looks is None else replace(card, blocks=looks)
        element = next(e for e in seen.elements if e["text"]["text"] == label)
        values = payloads.state(seen, chosen or {})
        body = payloads.press(self, user, seen, element, values)
        body["response_url"] = self.response_url(self.url, card.channel, user, card)
        ack = await self.hand("interactive", body)
        return Ack(ack.status, ack.seconds)  # Slack reads no body here

    @property
    def windows(self) -> dict[str, View]:
        """The newest of each person."""
        return self.api.views.windows

    @property
    def pages(self) -> dict[str, View]:
        return self.api.views.homes

    async def submit(self, user: str, chosen: dict[str, str] | None = None) -> Ack:
        """Send the person's window. What was written in it stays there while it is open."""
        shown = self.windows[user]
        assert shown.open, "there is no window"
        shown.written |= chosen or {}
        values = payloads.state(shown, shown.written)
        view = self.api.views.payload(shown, values)
        body = payloads.view_act(self, user, "view_submission", view)
        ack = await self.hand("interactive", body)
        if ack.status != 200:
            return ack
        if ack.body:
            self.api.views.told(shown, json.loads(ack.body))
        else:
            shown.open = False
        return ack

    async def close(self, user: str) -> Ack | None:
        """Close the person's window. None where nobody wants to know."""
        shown = self.windows[user]
        shown.open = False
        if not shown.said.get("notify_on_close"):
            return None
        view = self.api.views.payload(shown)
        return await self.hand("interactive", payloads.view_act(self, user, "view_closed", view))

    async def open_home(self, user: str, tab: str = "home") -> list[Ack]:
        shown = self.pages.get(user)
        view = self.api.views.payload(shown) if shown and tab == "home" else None
        return await self.send_event(payloads.page_opened(self, user, tab, view))

    async def press_home(self, user: str, label: str, shown: View | None = None) -> Ack:
        """shown: as it was; the newest without it."""
        shown = shown or self.pages[user]
        element = next(each for each in shown.elements if each["text"]["text"] == label)
        view = self.api.views.payload(shown)
        ack = await self.hand("interactive", payloads.page_press(self, user, view, element))
        return Ack(ack.status, ack.seconds)

    async def change(self, user: str, **how: Any) -> list[Ack]:
        """Something about a person changes, and every app is told."""
        self.people[user] = {**self.people.get(user, {}), **how}
        described = self.api.members.described(user)
        return await self.send_event(payloads.user_changed(self, described))

    async def shortcut(self, user: str) -> Ack:
        """Call Landa from Slack's menu."""
        ack = await self.hand("interactive", payloads.shortcut(self, user))
        return Ack(ack.status, ack.seconds)

    async def message_shortcut(self, user: str, message: Shown) -> Ack:
        """Call Landa on a message in a channel."""
        url = self.response_url(self.url, message.channel, user, None)
        body = payloads.message_shortcut(self, user, message, url)
        ack = await self.hand("interactive", body)
        return Ack(ack.status, ack.seconds)

    async def mention(self, user: str, text: str, channel: str) -> list[Ack]:
        """Write `@landa text` in a channel."""
        shown = self.put(Shown(channel, self.ts(), f"@landa {text}", [], author=user))
        return await self.send_event(payloads.mention(self, user, text, channel, shown.ts))

    async def say(self, user: str, text: str) -> list[Ack]:
        """Write to Landa in the person's own chat. One acknowledgement for each try."""
        shown = self.put(Shown(self.dm(user), self.ts(), text, [], author=user))
        return await self.send_event(payloads.message(self, user, text, shown.ts))

    async def send_event(self, inner: dict[str, Any]) -> list[Ack]:
        """Sent again like Slack does, with the same event_id, until one is accepted."""
        body = payloads.event(self, inner)
        acks = [await self.hand("events_api", body)]
        for number, wait in enumerate(self.retry_waits_s, 1):
            last = acks[-1]
            if 200 <= last.status < 300 or (last.headers or {}).get("x-slack-no-retry"):
                break
            await asyncio.sleep(wait)
            acks.append(await self.hand("events_api", body, number, last.status))
        return acks

    async def hand(
        self, kind: str, payload: dict[str, Any], retry: int = 0, status: int = 0
    ) -> Ack:
        """The way that this app has chosen. kind: as envelopes name it."""
        reason = REASONS.get(status, "http_error")
        if self.by_socket:
            more = {"retry_attempt": retry, "retry_reason": reason if retry else ""}
            return await self.sockets.send(kind, payload, **more)
        if kind == "events_api":
            again = {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason}
            body = json.dumps(payload).encode()
            return await self.send(body, "application/json", again if retry else None)
        form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        return await self.send_form(form)

    async def send_form(self, fields: dict[str, str]) -> Ack:
        return await self.send(urlencode(fields).encode(), FORM)

    async def send(self, body: bytes, kind: str, more: dict[str, str] | None = None) -> Ack:
        """Signed. The answer counts within three seconds."""
        headers = {**payloads.sign(self.secret, body, self.clock()), "Content-Type": kind}
        start = asyncio.get_running_loop().time()

        def since() -> float:
            return asyncio.get_running_loop().time() - start

        try:
            async with self._session.post(
                f"{self.landa}/slack/events", data=body, headers={**headers, **(more or {})}
            ) as answer:
                text = await answer.text()
                names = {key.lower(): value for key, value in answer.headers.items()}
                return Ack(answer.status, since(), None, text, names)
        except (TimeoutError, aiohttp.ClientError):
            return Ack(0, since())

    def _ridden(self, ack: Ack, user: str, channel: str) -> Shown | None:
        """The card in the answer to a command."""
        if not ack.body:
            return None
        if not (ack.headers or {}).get("content-type", "").startswith("application/json"):
            raise SlackError("invalid answer", "no json")
        fields = json.loads(ack.body)
        if unknown := set(fields) - set(ARGUMENTS["response_url"].split()):
            raise SlackError("invalid answer", f"{unknown}")
        content(fields, 40_000)
        only = "" if fields.get("response_type") == "in_channel" else user
        shown = Shown(channel, self.ts(), fields["text"], fields.get("blocks", []), only)
        return self.put(shown)
