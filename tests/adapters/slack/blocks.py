"""Block Kit as a page: enough of it to look at a card, in light and in dark."""

import base64
import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

Block = dict[str, Any]
Picture = Callable[[str], bytes]
"""The PNG behind an image's address."""

AVATAR = (Path(__file__).parents[3] / "adapters" / "web" / "page" / "landa.svg").read_text()
LINK = re.compile(r"&lt;(https?://[^|&]+|tel:[+0-9 -]+)\|([^&]*)&gt;")
STRONG = re.compile(r"\*([^*\n]+)\*")
STYLE = """
* { box-sizing: border-box; margin: 0 }
body { display: flex; font: 15px/22px Lato, "Noto Sans", "Open Sans", "DejaVu Sans", sans-serif }
.theme { width: 520px; padding: 20px; --ink: #1d1c1d; --soft: #616061; --edge: #dddddd;
  --ground: #ffffff; --badge: #ebeaeb; --link: #1264a3; background: var(--ground);
  color: var(--ink) }
.dark { --ink: #d1d2d3; --soft: #ababad; --edge: #565856; --ground: #1a1d21; --badge: #35373b;
  --link: #1d9bd1 }
.note { color: var(--soft); font-size: 13px; margin: 0 0 6px 46px }
.message { display: flex; gap: 10px }
.avatar svg { width: 36px; height: 36px; display: block; border-radius: 8px }
.body { flex: 1; min-width: 0 }
.who { font-weight: 800 } .who b { font-size: 10px; font-weight: 600; padding: 1px 4px;
  border-radius: 3px; background: var(--badge); color: var(--soft); margin-left: 4px }
.who i { font-style: normal; font-weight: 400; font-size: 12px; color: var(--soft);
  margin-left: 6px }
.who + *, .block { margin-top: 8px }
.text { white-space: pre-wrap; overflow-wrap: anywhere }
h3 { font-size: 18px; line-height: 24px; font-weight: 800 }
.context { color: var(--soft); font-size: 13px }
.actions { display: flex; flex-wrap: wrap; gap: 8px }
.button { border: 1px solid var(--edge); border-radius: 8px; padding: 4px 12px; font-weight: 700;
  font-size: 13px; min-height: 30px }
label { font-weight: 700; display: block; margin-bottom: 4px }
.select { border: 1px solid var(--edge); border-radius: 8px; padding: 5px 12px; max-width: 320px;
  display: flex; justify-content: space-between }
.select::after { content: "⌄"; color: var(--soft) }
img { display: block; max-width: 220px; border-radius: 8px }
a { color: var(--link); text-decoration: none }
.tabs { border-bottom: 1px solid var(--edge); padding-bottom: 6px; font-size: 13px }
.tabs span { color: var(--soft); margin-left: 12px }
.modal { border: 1px solid var(--edge); border-radius: 10px; padding: 16px 20px;
  box-shadow: 0 4px 16px rgb(0 0 0 / 15%) }
.head { display: flex; align-items: center; gap: 10px; font-size: 18px }
.head svg { width: 28px; height: 28px; border-radius: 6px } .head b { flex: 1 }
.head i { font-style: normal; color: var(--soft); font-size: 22px }
.foot { display: flex; justify-content: flex-end; gap: 8px; margin-top: 20px }
.submit { background: #007a5a; color: #fff; border-color: #007a5a }
.wrong { color: #e01e5a; font-size: 13px; margin-top: 4px }
.dark .wrong { color: #f2668b }
"""


def page(blocks: list[Block], note: str, picture: Picture) -> str:
    """The card in both themes, side by side. note: stands over it, such as who sees it."""
    return themed(message(blocks, note, picture))


def view(said: Block, picture: Picture, errors: dict[str, str] | None = None) -> str:
    """A window or a page in both themes. errors: block_id -> what stands beside it."""
    shown = "".join(
        f'<div class="block">{block(each, picture)}{wrong(each, errors or {})}</div>'
        for each in said["blocks"]
    )
    if said["type"] == "home":
        tabs = "<p class='tabs'><b>Home</b> <span>Messages</span> <span>About</span></p>"
        return themed(f'<div class="home">{tabs}{shown}</div>')
    title = html.escape(said["title"]["text"])
    buttons = "".join(
        f'<span class="button {name}">{html.escape(said[name]["text"])}</span>'
        for name in ("close", "submit")
        if name in said
    )
    head = f'<div class="head">{AVATAR}<b>{title}</b><i>×</i></div>'
    return themed(f'<div class="modal">{head}{shown}<div class="foot">{buttons}</div></div>')


def wrong(part: Block, errors: dict[str, str]) -> str:
    error = errors.get(part.get("block_id", ""))
    return f'<p class="wrong">{html.escape(error)}</p>' if error else ""


def themed(card: str) -> str:
    both = "".join(f'<div class="theme {name}">{card}</div>' for name in ("light", "dark"))
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><body>{both}</body>'


def message(blocks: list[Block], note: str, picture: Picture) -> str:
    shown = "".join(f'<div class="block">{block(each, picture)}</div>' for each in blocks)
    over = f'<p class="note">{html.escape(note)}</p>' if note else ""
    who = '<div class="who">Landa<b>APP</b><i>10:24</i></div>'
    avatar = f'<div class="avatar">{AVATAR}</div>'
    return f'{over}<div class="message">{avatar}<div class="body">{who}{shown}</div></div>'


def block(part: Block, picture: Picture) -> str:
    match part["type"]:
        case "header":
            return f"<h3>{html.escape(part['text']['text'])}</h3>"
        case "section":
            return f'<div class="text">{text(part["text"])}</div>'
        case "context":
            return f'<div class="context">{"".join(text(each) for each in part["elements"])}</div>'
        case "image":
            data = base64.b64encode(picture(part["image_url"])).decode()
            return f'<img src="data:image/png;base64,{data}" alt="{html.escape(part["alt_text"])}">'
        case "actions":
            return f'<div class="actions">{"".join(map(button, part["elements"]))}</div>'
        case "input":
            chosen = part["element"].get("initial_option", {"text": {"text": "…"}})
            label = html.escape(part["label"]["text"])
            option = html.escape(chosen["text"]["text"])
            return f'<label>{label}</label><div class="select">{option}</div>'
        case other:
            raise AssertionError(other)


def button(part: Block) -> str:
    return f'<span class="button">{html.escape(part["text"]["text"])}</span>'


def text(part: Block) -> str:
    """Slack's own marks, and everything else as it stands."""
    if part["type"] == "plain_text":
        return html.escape(part["text"])
    marks = html.escape(part["text"].replace("&amp;", "\0").replace("<", "\1").replace(">", "\2"))
    marks = marks.replace("\1", "&lt;").replace("\2", "&gt;")
    linked = LINK.sub(r'<a href="\1">\2</a>', marks)
    whole = linked.replace("&amp;lt;", "&lt;").replace("&amp;gt;", "&gt;").replace("\0", "&amp;")
    return STRONG.sub(r"<strong>\1</strong>", whole)
