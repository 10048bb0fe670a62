"""The way to somebody's own page: an address that only they were given, a button, and then once."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.core.context import zone_of
from bot.core.errors import LandaError
from bot.core.words import spoken_by
from bot.runtime import sheet
from bot.runtime.entrance import Entrances
from bot.runtime.held import Piece
from bot.runtime.log import LOG
from bot.runtime.reading import Plan
from bot.runtime.telling import Teller

PATH = "/mine/"
"""What stands after it opens the page; it is in no log of ours."""


@dataclass(frozen=True, slots=True)
class OwnPage:
    plan: Plan
    entrances: Entrances

    def mount(self, app: web.Application) -> None:
        app.router.add_get(PATH + "{key}", self.look)
        app.router.add_post(PATH + "{key}", self.enter)

    async def look(self, request: web.Request) -> web.Response:
        """Shows a button, however often it is looked at, and by whatever."""
        try:
            found = await self.entrances.find(request.match_info["key"])
        except LandaError as fault:
            return self._failed(request, fault)
        if found is None:
            return self._answer(404, sheet.sorry(self._stranger(request), "over"))
        return self._answer(200, sheet.door(self._teller(found.language)))

    async def enter(self, request: web.Request) -> web.Response:
        """Shows all of it, once. What is sent along is not read."""
        key = request.match_info["key"]
        try:
            found = await self.entrances.find(key)
            pieces = await self.entrances.enter(key, found.person) if found else None
        except LandaError as fault:
            return self._failed(request, fault)
        if found is None or pieces is None:
            return self._answer(404, sheet.sorry(self._stranger(request), "over"))
        teller = self._teller(found.language, _zone(pieces))
        return self._answer(200, sheet.sheet(teller, pieces, self.entrances.now()))

    def _failed(self, request: web.Request, fault: LandaError) -> web.Response:
        LOG.error("page.fault", fault=type(fault).__name__)
        return self._answer(503, sheet.sorry(self._stranger(request), "failed"))

    def _stranger(self, request: web.Request) -> Teller:
        accepted = request.headers.get("Accept-Language", "")
        return self._teller(spoken_by(accepted, self.plan.library.words) or self.plan.language)

    def _teller(self, language: str, zone: ZoneInfo | None = None) -> Teller:
        known = language if language in self.plan.library.words else self.plan.language
        return Teller(self.plan.library, known, zone or self.plan.zone)

    def _answer(self, status: int, text: str) -> web.Response:
        return web.Response(
            status=status, text=text, content_type="text/html", headers=sheet.HEADERS
        )


def _zone(pieces: tuple[Piece, ...]) -> ZoneInfo | None:
    """The one that the person has chosen."""
    profiles = (cell.value for each in pieces for cell in each.cells if cell.column == "profile")
    return zone_of(*(each["zone"] for each in profiles if each))
