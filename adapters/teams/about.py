"""A page that the app's entry in Teams leads to: what Landa is, and who sees what."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

from aiohttp import web

from adapters.teams.manifest import TOLD
from bot.core.markup import Run, paragraphs
from bot.core.words import Words, spoken_by

ABOUT = "/teams/about"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Language",
    "X-Content-Type-Options": "nosniff",
}
PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
{about}
<h2>{privacy}</h2>
{more}
</main>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class About:
    """words: by language. language: of browsers that ask for no known one."""

    words: Mapping[str, Words] = field(repr=False)
    language: str

    async def __call__(self, request: web.Request) -> web.Response:
        words = self.words[self._language(request)]
        return web.Response(text=page(words), content_type="text/html", headers=HEADERS)

    def _language(self, request: web.Request) -> str:
        accepted = request.headers.get("Accept-Language", "")
        return spoken_by(accepted, self.words) or self.language


def page(words: Words) -> str:
    """HTML without script, style or picture."""
    return PAGE.format(
        lang=escape(words.language),
        title=escape(words("teams.full")),
        about=_text(words(TOLD[0])),
        privacy=escape(words("privacy.title")),
        more=_text("\n\n".join(map(words, TOLD[1:]))),
    )


def _text(text: str) -> str:
    return "\n".join(f"<p>{''.join(map(_run, runs))}</p>" for runs in paragraphs(text))


def _run(run: Run) -> str:
    shown = escape(run.text)
    return f"<strong>{shown}</strong>" if run.strong else shown
