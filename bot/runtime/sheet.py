"""Somebody's own page: what is held about them as HTML, with the same as JSON to take along."""

import json
from base64 import b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from bot.runtime.datamap import theirs
from bot.runtime.held import Piece
from bot.runtime.telling import Line, Teller, Told

FILE = "landa.json"
ONCE = "for(const f of document.forms)f.onsubmit=()=>{f.querySelector('button').disabled=true}"
"""A second press of the same finger would find that the first has opened the page."""
STYLE = (Path(__file__).parent / "sheet.css").read_text(encoding="utf-8")
PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
{script}</body>
</html>
"""


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": f"default-src 'none'; style-src {_hash(STYLE)}; "
    f"script-src {_hash(ONCE)}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def door(teller: Teller) -> str:
    """Before the page: a button. Whoever only looks at the address, a machine most often, does not
    press it."""
    words = teller.words
    button = f'<form method="post"><button>{escape(words("sheet.show"))}</button></form>'
    return _page(teller, f"<p>{escape(words('sheet.before'))}</p>\n{button}", script=True)


def sorry(teller: Teller, key: str) -> str:
    """One sentence, "sheet.<key>"."""
    return _page(teller, f"<p>{escape(teller.words(f'sheet.{key}'))}</p>")


def sheet(teller: Teller, pieces: Sequence[Piece], at: datetime) -> str:
    """at: when it was made, aware UTC."""
    words, told = teller.words, teller(pieces)
    moment = f"{at.astimezone(teller.zone):%Y-%m-%d %H:%M}"
    made = words("sheet.made", at=moment)
    data = b64encode(as_json(teller, pieces, at).encode()).decode()
    take = (
        f'<p class="screen"><a class="take" download="{FILE}" '
        f'href="data:application/json;base64,{data}">{escape(words("sheet.take"))}</a></p>'
    )
    none = [each.title for each in told if not each.rows]
    parts = [
        f"<p>{escape(made)} {escape(words('sheet.about'))}</p>",
        f'<p class="screen">{escape(words("sheet.once"))}</p>',
        take,
        *(_section(teller, each) for each in told if each.rows),
    ]
    if none:
        parts.append(
            f"<section><h2>{escape(words('sheet.none'))}</h2>\n"
            f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in none)}</ul></section>"
        )
    return _page(teller, "\n".join(parts))


def as_json(teller: Teller, pieces: Sequence[Piece], at: datetime) -> str:
    """Every table and column by its own name, with what it is and how long it is kept, in words."""
    held: dict[str, Any] = {}
    tables = {table.name: table for table in theirs()}
    for told in teller(pieces):
        table = tables[told.table]
        held[table.name] = {
            "title": told.title,
            "about": told.about,
            "columns": {
                column.name: {
                    "what": teller.label(column.name),
                    "kept": teller.kept(column.info["retention"]),
                }
                for column in table.columns
            },
            "rows": [
                {cell.column: cell.value for cell in piece.cells}
                for piece in pieces
                if piece.table == table.name
            ],
        }
    made = {"landa": teller.words("sheet.title"), "language": teller.language}
    whole = {**made, "made_at": at.isoformat(), "held": held}
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _page(teller: Teller, body: str, *, script: bool = False) -> str:
    return PAGE.format(
        lang=escape(teller.language),
        title=escape(teller.words("sheet.title")),
        style=STYLE,
        body=body,
        script=f"<script>{ONCE}</script>\n" if script else "",
    )


def _section(teller: Teller, told: Told) -> str:
    words = teller.words
    kept = "; ".join(told.kept)
    rows = "\n".join(
        f"<div>{_list(opened)}{_list(beside, beside=True)}</div>" for opened, beside in told.rows
    )
    return (
        f"<section><h2>{escape(told.title)}</h2>\n<p>{escape(told.about)}</p>\n"
        f"<p>{escape(words('sheet.kept', how=kept))}</p>\n{rows}</section>"
    )


def _list(lines: Iterable[Line], *, beside: bool = False) -> str:
    shown = "".join(
        f"<div><dt>{escape(line.label)}</dt><dd>{_value(line)}</dd></div>" for line in lines
    )
    kind = ' class="beside"' if beside else ""
    return f"<dl{kind}>{shown}</dl>" if shown else ""


def _value(line: Line) -> str:
    if isinstance(line.value, tuple):
        return _list(line.value)
    return "<br>".join(escape(each) for each in line.value.split("\n") if each)
