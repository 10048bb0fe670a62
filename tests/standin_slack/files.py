"""Files as Slack takes them: an address, the bytes, a word that they are whole, and then a look."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.standin_slack.oauth import SlackError
from tests.standin_slack.world import World

Fields = dict[str, Any]
MOST_BYTES = 1_000_000_000
KINDS = {b"GIF8": "image/gif", b"\x89PNG": "image/png"}


@dataclass(slots=True)
class File:
    """teams: where it is. whole: since when, None before it is. kind: what Slack found it to be."""

    id: str
    name: str
    length: int
    teams: tuple[str, ...]
    data: bytes = b""
    whole: float | None = None
    deleted: bool = False

    @property
    def kind(self) -> str:
        return KINDS.get(self.data[:4], "")


class Files:
    """tickets: addresses to upload to, each good once. looks_s: how long Slack looks at a file."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.kept: dict[str, File] = {}
        self.tickets: dict[str, File] = {}

    def mount(self, app: web.Application) -> None:
        app.router.add_post("/upload/v1/{ticket}", self.upload)
        app.router.add_get("/files/{id}", self.show)

    def named(self, fields: Fields, teams: tuple[str, ...], base: str) -> Fields:
        """files.getUploadURLExternal"""
        name, length = fields.get("filename"), fields.get("length")
        if not isinstance(name, str) or not name:
            raise SlackError("invalid_arguments", "filename")
        if not str(length).isdigit() or not 0 < int(str(length)) <= MOST_BYTES:
            raise SlackError("invalid_arguments", "length")
        file = File(f"F0{self.world.number():07d}", name, int(str(length)), teams)
        self.kept[file.id] = file
        ticket = f"{file.id}-stand-in"
        self.tickets[ticket] = file
        return {"ok": True, "upload_url": f"{base}/upload/v1/{ticket}", "file_id": file.id}

    async def upload(self, request: web.Request) -> web.StreamResponse:
        fault = self.world.fault("upload")
        if fault:
            return web.Response(status=fault.status, text="no")
        file = self.tickets.pop(request.match_info["ticket"], None)
        data = await request.read()
        if file is None or len(data) != file.length:
            return web.Response(status=400, text="no")
        file.data = data
        return web.Response(text=f"OK - {len(data)}")

    def completed(self, fields: Fields, teams: tuple[str, ...]) -> Fields:
        """files.completeUploadExternal"""
        many = fields.get("files")
        many = json.loads(many) if isinstance(many, str) else many
        if not isinstance(many, list) or not many:
            raise SlackError("invalid_arguments", "files")
        for one in many:
            if set(one) - {"id", "title"}:
                raise SlackError("invalid_arguments", f"{sorted(one)}")
            file = self.kept.get(one.get("id"))
            if file is None or not set(file.teams) & set(teams) or not file.data:
                raise SlackError("file_not_found")
            file.whole = self.world.clock()
        return {"ok": True, "files": [{"id": one["id"], "mimetype": ""} for one in many]}

    def check(self, blocks: Any, teams: tuple[str, ...]) -> None:
        """raises SlackError for a picture that cannot be shown there"""
        for block in blocks or ():
            if block.get("type") != "image":
                continue
            url = block.get("image_url", "")
            if any(url.startswith(base) for base in self.world.unreachable):
                raise SlackError("invalid_blocks")
            if "slack_file" in block and not self._shows(block["slack_file"]["id"], teams):
                raise SlackError("invalid_blocks")

    def _shows(self, id: str, teams: tuple[str, ...]) -> bool:
        file = self.kept.get(id)
        if file is None or file.deleted or file.whole is None or not file.kind:
            return False
        looked = self.world.clock() - file.whole >= self.world.looks_s
        return looked and bool(set(file.teams) & set(teams))

    async def show(self, request: web.Request) -> web.StreamResponse:
        """For whoever looks at the stand-in's page."""
        file = self.kept.get(request.match_info["id"])
        if file is None or file.deleted:
            raise web.HTTPNotFound
        return web.Response(body=file.data, content_type=file.kind)
