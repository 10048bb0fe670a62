"""What bolt hands on: who may come in, and one catch-all that takes the turn and acknowledges."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from adapters.slack.fields import MalformedError
from adapters.slack.inbound import SHORTCUTS, enterprise_of, team_of, to_inbound
from adapters.slack.news import news_of
from adapters.slack.picture import Show
from adapters.slack.render import render
from adapters.slack.workspace import Serving
from bot.core.errors import LandaError
from bot.core.port import Answer, Handle, Taken

Next = Callable[[], Awaitable[BoltResponse]]
At = Callable[[str], Show]
"""Where pictures are, at once: in that workspace."""


class Acknowledgement(BoltResponse):
    """card: what rides on it. ridden: to be called once this has been written out."""

    def __init__(self, answer: Answer, show: Show) -> None:
        riding = answer.riding
        self.card = {"response_type": "ephemeral", **render(riding, show)} if riding else None
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            status=200, body=self.card or ""
        )
        self.ridden = answer.ridden


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

    def __init__(self, handle: Handle, now: Callable[[], datetime], pictures: At) -> None:
        self._handle, self._now, self._pictures = handle, now, pictures

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Next
    ) -> BoltResponse | None:
        try:
            inbound = to_inbound(req.body, self._now())
        except MalformedError:
            return BoltResponse(status=400)
        if inbound is None:
            return BoltResponse(status=200)
        # A card can ride on nothing else: a shortcut's answer is not shown.
        answer = await self._handle(inbound, ride="command" in req.body)
        if _comes_again(req.body.get("type"), answer.taken):
            return BoltResponse(status=503)
        return Acknowledgement(answer, self._pictures(inbound.person.workspace))


def _comes_again(kind: object, taken: Taken) -> bool:
    """Slack sends events again, and only events. Of a shortcut that failed it tells the person;
    one that is late is answered by itself.
    """
    if kind == "event_callback":
        return taken in ("late", "refused")
    return taken == "refused" and kind in SHORTCUTS


def _challenged(challenge: object) -> BoltResponse:
    if not isinstance(challenge, str):
        return BoltResponse(status=400)
    return BoltResponse(status=200, body={"challenge": challenge})
