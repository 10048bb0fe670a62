"""Slack's side of the wire: its methods and its response_urls, strict."""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from math import ceil
from typing import Any

from aiohttp import web

from tests.standin_slack.elements import BlockError
from tests.standin_slack.files import Files
from tests.standin_slack.limits import check_blocks
from tests.standin_slack.members import Members
from tests.standin_slack.oauth import OAuth, SlackError
from tests.standin_slack.sockets import Sockets
from tests.standin_slack.views import Views
from tests.standin_slack.world import AGE_S, SCOPES, USES, Call, Fault, Shown, World

TEXT, UPDATE_TEXT, ADVISED_TEXT = 40_000, 4_000, 4_000
# Names of the documented arguments. docs.slack.dev, read 2026-11
ARGUMENTS = {
    "auth.test": "",
    "apps.connections.open": "",
    "chat.postMessage": "as_user attachments blocks channel icon_emoji icon_url link_names "
    "markdown_text metadata mrkdwn parse reply_broadcast text thread_ts unfurl_links unfurl_media "
    "username",
    "chat.postEphemeral": "as_user attachments blocks channel icon_emoji icon_url link_names "
    "markdown_text parse text thread_ts user username",
    "chat.update": "as_user attachments blocks channel file_ids link_names markdown_text metadata "
    "parse reply_broadcast text ts",
    "conversations.history": "channel cursor include_all_metadata inclusive latest limit oldest",
    "files.getUploadURLExternal": "alt_txt filename length snippet_type",
    "files.completeUploadExternal": "blocks channel_id channels files initial_comment thread_ts",
    "users.info": "user include_locale",
    "views.open": "trigger_id interactivity_pointer view",
    "views.publish": "user_id view hash",
    "views.update": "view view_id external_id hash",
    "oauth.v2.access": "client_id client_secret code grant_type redirect_uri refresh_token",
    "response_url": "attachments blocks delete_original metadata mrkdwn replace_original "
    "response_type text thread_ts unfurl_links unfurl_media",
}
BURST = 20
FORM_ONLY = ("files.getUploadURLExternal", "users.info")
Fields = dict[str, Any]


class Api:
    """sockets: where `apps.connections.open` leads."""

    def __init__(self, world: World, sockets: Sockets) -> None:
        self.world, self.sockets = world, sockets
        self.oauth, self.files = OAuth(world), Files(world)
        self.views, self.members = Views(world), Members(world)
        # Whose token the call under way has: each is processed in one go.
        self._teams: tuple[str, ...] = ()
        self.methods: dict[str, Callable[[Fields], Fields]] = {
            "auth.test": self.auth_test,
            "chat.postMessage": self.post_message,
            "chat.postEphemeral": self.post_ephemeral,
            "chat.update": self.update,
            "conversations.history": self.history,
            "users.info": self.members.info,
            "views.open": self.views.open,
            "views.publish": self.views.publish,
            "views.update": self.views.update,
            "files.getUploadURLExternal": lambda fields: self.files.named(
                fields, self._teams, world.url
            ),
            "files.completeUploadExternal": lambda fields: self.files.completed(
                fields, self._teams
            ),
        }

    def mount(self, app: web.Application) -> None:
        app.router.add_post("/api/{method}", self.method)
        app.router.add_get("/oauth/v2/authorize", self.oauth.authorize)
        app.router.add_post("/actions/{team}/{number}/{secret}", self.response_url)
        self.files.mount(app)

    async def method(self, request: web.Request) -> web.StreamResponse:
        name, bearer = request.match_info["method"], request.headers.get("Authorization")

        def process(fields: Fields) -> Fields:
            if name == "apps.connections.open":
                if bearer == f"Bearer {self.world.token}":
                    raise SlackError("not_allowed_token_type")
                if bearer != f"Bearer {self.world.app_token}":
                    raise SlackError("invalid_auth")
                return {"ok": True, "url": self.sockets.ticket(f"http://{request.host}")}
            if name == "oauth.v2.access":
                return self.oauth.access(bearer or "", fields)
            if name not in self.methods:
                raise SlackError("unknown_method")
            if bearer != f"Bearer {self.world.token}":
                self.oauth.check((bearer or "").removeprefix("Bearer "), fields)
            elif SCOPES.get(name, "") not in {"", *self.world.scopes}:
                raise SlackError("missing_scope")
            if name in FORM_ONLY and request.content_type == "application/json":
                raise SlackError("invalid_arguments", "no JSON here")
            return self.methods[name](fields)

        return await self._answer(request, name, process, self._teams_of(bearer))

    def _teams_of(self, bearer: str | None) -> tuple[str, ...]:
        grant = self.world.grants.get((bearer or "").removeprefix("Bearer "))
        return grant.teams if grant else (self.world.team,)

    async def response_url(self, request: web.Request) -> web.StreamResponse:
        def process(fields: Fields) -> Fields:
            self.respond(request.path, fields)
            return {"ok": True}

        teams = (request.match_info["team"],)
        return await self._answer(request, "response_url", process, teams)

    async def _answer(
        self,
        request: web.Request,
        name: str,
        process: Callable[[Fields], Fields],
        teams: tuple[str, ...],
    ) -> web.StreamResponse:
        fields = await read_fields(request)
        fault = self.world.fault(name, teams)
        met = fault.kind if fault else ""
        self.world.calls.append(Call(name, fields, self.world.clock(), teams, met))
        self._teams = teams
        if fault and fault.kind not in ("reset_after", "slow"):
            return await broken(request, fault)
        try:
            known(name, fields)
            answer, status, headers = process(fields), 200, None
        except SlackError as error:
            if error.why:
                self.world.complaints.append(f"{name}: {error.code}: {error.why}")
            answer, status = {"ok": False, "error": error.code}, error.status
            headers = None if error.wait_s is None else {"Retry-After": str(ceil(error.wait_s))}
        if fault and fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        elif fault:
            return await broken(request, fault)
        told = {"X-OAuth-Scopes": ",".join(sorted(self.world.scopes))}
        return web.json_response(answer, status=status, headers={**told, **(headers or {})})

    def auth_test(self, fields: Fields) -> Fields:
        world = self.world
        return {
            "ok": True,
            "url": "https://socialtjansten.slack.com/",
            "team": world.team_name,
            "user": "landa",
            "team_id": world.team,
            "user_id": world.bot_user,
            "bot_id": world.bot,
            "is_enterprise_install": False,
        }

    def post_message(self, fields: Fields) -> Fields:
        channel = str(fields.get("channel", ""))
        if channel.startswith("U"):
            channel = self.world.dm(channel)
        person = f"U{channel[1:]}"
        if not channel or (channel.startswith("D") and person in self.world.missing):
            raise SlackError("channel_not_found")
        uninvited = self.world.public if "chat:write.public" in self.world.scopes else set()
        if channel.startswith("C") and channel not in self.world.joined | uninvited:
            raise SlackError("not_in_channel")
        self.content(fields, TEXT)
        self.pace(channel)
        shown = Shown(channel, self.world.ts(), fields["text"], fields.get("blocks", []))
        self.world.put(shown)
        return {"ok": True, "channel": channel, "ts": shown.ts, "message": {"text": shown.text}}

    def post_ephemeral(self, fields: Fields) -> Fields:
        channel, user = str(fields.get("channel", "")), str(fields.get("user", ""))
        if not channel.startswith(("C", "G", "D")) or not user:
            raise SlackError("channel_not_found" if user else "user_not_found")
        if channel.startswith(("C", "G")) and channel not in self.world.joined:
            raise SlackError("not_in_channel" if channel.startswith("C") else "channel_not_found")
        if (channel, user) in self.world.outside:
            raise SlackError("user_not_in_channel")
        self.content(fields, TEXT)
        self.pace(channel)
        text, blocks = fields["text"], fields.get("blocks", [])
        shown = self.world.put(Shown(channel, self.world.ts(), text, blocks, user))
        return {"ok": True, "message_ts": shown.ts}

    def content(self, fields: Fields, most: int, status: int = 200) -> None:
        content(fields, most, status)
        try:
            self.files.check(fields.get("blocks"), self._teams)
        except SlackError as error:
            raise SlackError(error.code, status=status) from None

    def pace(self, channel: str) -> None:
        """About one message a second into each channel, with short bursts; and some hundreds a
        minute into each workspace. docs.slack.dev, read 2026-11
        """
        world, now = self.world, self.world.clock()
        recent = world.posted.setdefault(channel, deque())
        while recent and now - recent[0] >= world.pace_s * world.burst:
            recent.popleft()
        minute = world.minutes.setdefault(self._teams[0], deque())
        while minute and now - minute[0] >= 60:
            minute.popleft()
        if world.pace_s and len(recent) >= world.burst:
            wait_s = recent[0] + world.pace_s * world.burst - now
            raise SlackError("ratelimited", status=429, wait_s=wait_s)
        if world.minute and len(minute) >= world.minute:
            raise SlackError("ratelimited", status=429, wait_s=minute[0] + 60 - now)
        self._crowd(channel, now)
        recent.append(now)
        minute.append(now)

    def _crowd(self, channel: str, now: float) -> None:
        """A workspace's own pace, where the test sets one."""
        world = self.world
        team = world.homes.get(f"U{channel[1:]}", world.team)
        if world.each_s:
            full_s = max(world.crowded.get(team, 0.0), now) + world.each_s
            if full_s > now + BURST * world.each_s:
                wait_s = full_s - now - BURST * world.each_s
                raise SlackError("ratelimited", status=429, wait_s=wait_s)
            world.crowded[team] = full_s
        world.taken.append((team, now))

    def history(self, fields: Fields) -> Fields:
        """Newest first; what only one person saw is in none. Block ids are given where none are."""
        channel = str(fields.get("channel", ""))
        if not channel.startswith("D") or f"U{channel[1:]}" in self.world.missing:
            raise SlackError("channel_not_found")
        oldest, most = float(fields.get("oldest", 0)), int(fields.get("limit", 100))
        if not 1 <= most <= 999:
            raise SlackError("invalid_limit", f"{most}")
        found = [
            {
                "type": "message",
                "user": one.author,
                "ts": one.ts,
                "text": one.text,
                "blocks": [{"block_id": f"b{n}", **b} for n, b in enumerate(one.blocks)],
            }
            for one in reversed(self.world.messages)
            if one.channel == channel and not one.only and float(one.ts) > oldest
        ]
        return {"ok": True, "messages": found[:most], "has_more": len(found) > most}

    def update(self, fields: Fields) -> Fields:
        place = (fields.get("channel"), fields.get("ts"))
        found = [m for m in self.world.messages if (m.channel, m.ts) == place and not m.only]
        if not found:
            raise SlackError("message_not_found")
        if found[0].author != "landa":
            raise SlackError("cant_update_message")
        self.content(fields, UPDATE_TEXT)
        found[0].rewrite(fields["text"], fields.get("blocks", []))
        return {"ok": True, "channel": place[0], "ts": place[1], "text": fields["text"]}

    def respond(self, path: str, fields: Fields) -> None:
        url = self.world.urls.get(path)
        if url is None or self.world.clock() - url.made > AGE_S:
            raise SlackError("expired_url", status=404)
        if url.uses >= USES:
            raise SlackError("used_url", status=404)
        self.content(fields, TEXT, status=404)
        url.uses += 1
        text, blocks = fields["text"], fields.get("blocks", [])
        if fields.get("replace_original") is True and url.original:
            url.original.rewrite(text, blocks)
            return
        only = "" if fields.get("response_type") == "in_channel" else url.user
        self.world.put(Shown(url.channel, self.world.ts(), text, blocks, only))


def known(name: str, fields: Fields) -> None:
    unknown = set(fields) - set(ARGUMENTS.get(name, "").split())
    if unknown:
        raise SlackError("invalid_arg_name", f"{sorted(unknown)}")


def content(fields: Fields, most: int, status: int = 200) -> None:
    """A text that is enough by itself, and blocks within all limits."""
    text, blocks = fields.get("text"), fields.get("blocks")
    if not isinstance(text, str) or not text.strip():
        raise SlackError("no_text", "a top-level text is always needed", status)
    if len(text) > most:
        raise SlackError("msg_too_long", f"{len(text)}", status)
    if len(text) >= ADVISED_TEXT:
        raise SlackError("msg_too_long", "under 4,000 is advised", status)
    if blocks is None:
        return
    try:
        check_blocks(blocks)
    except BlockError as error:
        code = "msg_blocks_too_long" if "too_long" in str(error) else "invalid_blocks"
        raise SlackError(code, str(error), status) from None


async def read_fields(request: web.Request) -> Fields:
    if request.content_type == "application/json":
        fields = json.loads(await request.text() or "{}")
    else:
        fields = dict(await request.post())
        if isinstance(fields.get("blocks"), str):
            fields["blocks"] = json.loads(fields["blocks"])
    return fields


async def broken(request: web.Request, fault: Fault) -> web.StreamResponse:
    match fault.kind:
        case "ratelimited":
            headers = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
            body = {"ok": False, "error": "ratelimited"}
            return web.json_response(body, status=429, headers=headers)
        case "error":
            return web.json_response({"ok": False, "error": fault.code})
        case "status":
            return web.Response(
                status=fault.status, text="<html>no</html>", content_type="text/html"
            )
        case "html":
            return web.Response(text="<html>maintenance</html>", content_type="text/html")
        case "text":
            return web.Response(text="maintenance", content_type="text/plain")
        case "json":
            return web.Response(text="{not json", content_type="application/json")
        case "hang":
            await asyncio.sleep(fault.seconds)
            return web.Response(status=504)
        case "reset_before" | "reset_after":
            if request.transport:
                request.transport.abort()
            return web.Response()
        case other:
            raise AssertionError(other)
