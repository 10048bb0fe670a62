"""Teams' connector: conversations and the messages in them, strict."""

import asyncio
import json
from typing import Any

from aiohttp import web

from tests.standin_teams.world import CHANNEL, ROOM, Call, Fault, Shown, World

CARD = "application/vnd.microsoft.card.adaptive"
BYTES = 28_000
LIMITS = ((7, 1.0), (8, 2.0), (60, 30.0), (1_800, 3_600.0))
TENANT_LIMIT = (30, 1.0)
SAID = {"type", "from", "recipient", "conversation", "summary", "attachments", "text", "id"}
CREATED = {"bot", "members", "tenantId", "channelData", "isGroup"}

Fields = dict[str, Any]


class ConnectorError(Exception):
    def __init__(self, status: int, code: str, why: str = "") -> None:
        super().__init__(code)
        self.status, self.code, self.why = status, code, why


class Connector:
    def __init__(self, world: World) -> None:
        self.world = world

    def mount(self, app: web.Application) -> None:
        app.router.add_post("/teams/v3/conversations", self.create)
        app.router.add_post("/teams/v3/conversations/{talk}/activities", self.send)
        app.router.add_put("/teams/v3/conversations/{talk}/activities/{id}", self.update)

    async def send(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, "POST", self._sent)

    async def update(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, "PUT", self._updated)

    async def create(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, "CREATE", self._created)

    async def _answer(self, request: web.Request, method: str, process: Any) -> web.StreamResponse:
        raw, talk = await request.read(), request.match_info.get("talk", "")
        await asyncio.sleep(self.world.connector_s)
        fault = self.world.faults.popleft() if self.world.faults else None
        if fault and fault.kind != "lost":
            return await broken(request, fault)
        try:
            fields = self._read(request, raw)
            self.world.calls.append(Call(method, talk, fields, self.world.now()))
            self._hold(talk)
            answer = process(fields, talk, request.match_info.get("id", ""))
        except ConnectorError as error:
            if error.why:
                self.world.complaints.append(f"{method}: {error.code}: {error.why}")
            return refusal(error.status, error.code)
        if fault:
            return await broken(request, fault)
        return web.json_response(answer, status=201 if method != "PUT" else 200)

    def _read(self, request: web.Request, raw: bytes) -> Fields:
        bearer = request.headers.get("Authorization", "")
        if self.world.secret and bearer.removeprefix("Bearer ") not in self.world.tokens:
            raise ConnectorError(401, "Unauthorized", "no token of ours")
        if request.content_type != "application/json":
            raise ConnectorError(415, "UnsupportedMediaType", request.content_type)
        if len(raw) > BYTES:
            raise ConnectorError(413, "MessageSizeTooBig", f"{len(raw)} bytes")
        return json.loads(raw)

    def _hold(self, talk: str) -> None:
        """Too many calls, by the clock of the one who counts."""
        if not self.world.paced:
            return
        now = self.world.now()
        own = [call.at for call in self.world.calls if call.talk == talk]
        for times, (count, seconds) in (
            *((own, limit) for limit in LIMITS),
            ([call.at for call in self.world.calls], TENANT_LIMIT),
        ):
            if sum(now - at < seconds for at in times) > count:
                raise ConnectorError(429, "TooManyRequests", f"over {count} in {seconds} s")

    def _created(self, fields: Fields, _: str, __: str) -> Fields:
        # The connector does not mind how names are written, and one of the kits writes "tenantID".
        fields = {"tenantId" if name == "tenantID" else name: fields[name] for name in fields}
        if unknown := set(fields) - CREATED:
            raise ConnectorError(400, "BadSyntax", f"{unknown}")
        tenants = {fields["tenantId"], fields["channelData"]["tenant"]["id"]}
        (member,) = fields["members"]
        if fields["bot"]["id"] != f"28:{self.world.app}" or tenants != {self.world.tenant}:
            raise ConnectorError(400, "BadArgument", "a conversation for somebody else")
        user = str(member["id"]).removeprefix("29:1")
        if user not in self.world.added | self.world.reachable:
            raise ConnectorError(403, "BotNotInConversationRoster")
        return {"id": self.world.talk(user)}

    def _sent(self, fields: Fields, talk: str, _: str) -> Fields:
        shown = self._shown(fields, talk, self.world.number())
        self.world.messages.append(shown)
        return {"id": shown.id}

    def _updated(self, fields: Fields, talk: str, id: str) -> Fields:
        new = self._shown(fields, talk, id)
        for shown in self.world.messages:
            if (shown.talk, shown.id) == (talk, id):
                shown.versions.append(shown.card)
                shown.card, shown.summary, shown.text = new.card, new.summary, new.text
                return {"id": id}
        raise ConnectorError(404, "ActivityNotFoundInConversation")

    def _shown(self, fields: Fields, talk: str, id: str) -> Shown:
        self._may(talk)
        if unknown := set(fields) - SAID:
            raise ConnectorError(400, "BadSyntax", f"{unknown}")
        if fields.get("type") != "message" or fields["from"]["id"] != f"28:{self.world.app}":
            raise ConnectorError(400, "BadSyntax", "no message of the bot's")
        card: Fields = {}
        for attachment in fields.get("attachments", ()):
            if attachment["contentType"] != CARD or attachment["content"]["type"] != "AdaptiveCard":
                raise ConnectorError(400, "BadSyntax", "no Adaptive Card")
            card = attachment["content"]
        if not card and not fields.get("text"):
            raise ConnectorError(400, "BadSyntax", "nothing to show")
        return Shown(talk, id, card, fields.get("summary", ""), fields.get("text", ""))

    def _may(self, talk: str) -> None:
        """The talk is there, and nobody has shut Landa out of it."""
        user = talk.removeprefix("a:1").removesuffix("-with-landa")
        if user in self.world.blocked:
            raise ConnectorError(403, "MessageWritesBlocked")
        if talk not in (ROOM, CHANNEL) and user not in self.world.added | self.world.reachable:
            raise ConnectorError(404, "ConversationNotFound")


def refusal(status: int, code: str, retry_after: str = "") -> web.Response:
    headers = {"Retry-After": retry_after} if retry_after else None
    return web.json_response(
        {"error": {"code": code, "message": "as the connector has it"}},
        status=status,
        headers=headers,
    )


async def broken(request: web.Request, fault: Fault) -> web.StreamResponse:
    match fault.kind:
        case "status":
            return refusal(fault.status, fault.code, fault.retry_after)
        case "html":
            page = "<html><body>Bad gateway</body></html>"
            return web.Response(status=fault.status, text=page, content_type="text/html")
        case "hang":
            await asyncio.sleep(fault.seconds)
        case _:
            pass
    assert request.transport is not None
    request.transport.abort()
    return web.Response()
