"""What bolt hands on: who may come in, and one catch-all that takes the turn and acknowledges."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.answer import Acknowledgement, comes_again, to_command, to_window
from adapters.slack.change import change_of
from adapters.slack.fields import Body, MalformedError
from adapters.slack.inbound import to_inbound
from adapters.slack.inside import Inside
from adapters.slack.news import news_of
from adapters.slack.picture import Show
from adapters.slack.sender import enterprise_of, is_external, team_of
from adapters.slack.workspace import Serving
from bot.core.errors import LandaError
from bot.core.turn import Inbound, Looked, Pressed

Next = Callable[[], Awaitable[BoltResponse]]
At = Callable[[str], Show]
"""Where pictures are, at once: in that workspace."""


class Gate(AsyncMiddleware):
    """Stands before bolt's own authorization, which answers a workspace it does not know
    with an apology of its own, sent to an address that the request names.
    """

    def __init__(self, serving: Serving) -> None:
        self._serving = serving

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Next
    ) -> BoltResponse | None:
        body = req.body
        if body.get("type") == "url_verification":
            return _challenged(body.get("challenge"))
        if "ssl_check" in body:
            return BoltResponse(status=200)
        if not self._serving.known:
            # For everything: Slack then says in the person's language that Landa does not
            # answer, and sends an event again. An empty 200 would be silence after /landa.
            return BoltResponse(status=503)
        if body.get("type") == "event_callback" and not isinstance(body.get("event"), dict):
            return BoltResponse(status=400)  # bolt looks into it
        try:
            news = news_of(body)
            if news is not None:
                await self._serving.gone(news)
                return BoltResponse(status=200)
            team, enterprise = team_of(body), enterprise_of(body)
            if not await self._serving.serves(team, enterprise):
                return BoltResponse(status=200)
        except MalformedError:
            return BoltResponse(status=400)
        except LandaError:
            return BoltResponse(status=503)
        # Bolt takes both from `authorizations`, where they may be null.
        req.context["team_id"], req.context["enterprise_id"] = team, enterprise or None
        return await next()


class Door(AsyncMiddleware):
    """The last middleware, and the only listener: it never calls `next`.

    Bolt looks through listeners one by one; a turn is routed by the core instead.
    """

    def __init__(self, inside: Inside, now: Callable[[], datetime], pictures: At) -> None:
        self._inside, self._now, self._pictures = inside, now, pictures

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Next
    ) -> BoltResponse | None:
        try:
            return await self._taken(req.body)
        except MalformedError:
            return BoltResponse(status=400)
        except LandaError:
            return BoltResponse(status=503)

    async def _taken(self, body: Body) -> BoltResponse:
        """raises  MalformedError, LandaError"""
        at = self._now()
        if (change := change_of(body)) is not None:
            kept = await self._inside.changed(change, enterprise_of(body), at)
            return BoltResponse(status=200 if kept else 503)
        inbound = to_inbound(body, at)
        if inbound is None:
            return BoltResponse(status=200)
        if isinstance(inbound.turn, Looked):
            self._inside.pages.draw(inbound.person)
            return BoltResponse(status=200)
        inbound = await self._inside.known(inbound, outside=is_external(body))
        if inbound is None:
            return BoltResponse(status=200)
        return await self._answered(body, inbound)

    async def _answered(self, body: Body, inbound: Inbound) -> BoltResponse:
        kind, pressed = body.get("type"), inbound.turn
        is_window = kind == "view_submission" and isinstance(pressed, Pressed)
        is_command = "command" in body
        # A card can ride on nothing else: a shortcut's answer is not shown.
        ride = is_window or is_command or isinstance(inbound.turn, Looked)
        answer = await self._inside.handle(inbound, ride=ride, patient=is_window)
        if answer.kept or (is_window and answer.taken == "seen"):
            self._inside.pages.draw(inbound.person)
        if comes_again(kind, answer):
            return BoltResponse(status=503)
        if is_window:
            return to_window(answer, body)
        if is_command:
            return to_command(answer, self._pictures(inbound.person.workspace))
        if answer.riding:
            self._inside.send(answer.riding)
        return Acknowledgement(answer, None)


def _challenged(challenge: object) -> BoltResponse:
    if not isinstance(challenge, str):
        return BoltResponse(status=400)
    return BoltResponse(status=200, body={"challenge": challenge})
