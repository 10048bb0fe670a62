"""Words as an Adaptive Card takes them: whatever somebody wrote is shown as it stands.

A text run knows no markup, so nothing in it can be a link, a mention or a list. Headings,
options and the fallback are read as Markdown by some clients and as plain text by others:
there a joiner, which nobody sees, parts the characters that would begin something.
Learned from github.com/microsoft/AdaptiveCards, JavaScript and C++ renderers, read 2026-11.
"""

import re
from typing import Any

from bot.core.markup import Run, paragraphs, plain

Element = dict[str, Any]

TEXT, RUNS = 3_000, 40  # of a whole card: with its two copies in words it stays under 28 kB
COPY = 1_000  # of the words that stand in for a card, or are read aloud
_END = re.compile(r"([.?!:,;…])?\s*\n\s*")
JOINER = "\N{WORD JOINER}"
_BEGINS = re.compile(
    r"""(?<=\])(?=[(\[])        # the address of a link
    | (?<=<) | (?<=&)(?=[#\w])  # an address by itself, a mention, a character by its name
    | (?<=\{)(?=\{) | (?<=:)(?=//)
    | ^(?=[\t\ \-+*#>=`~|[] | \d+[.)])  # lists, headings, quotations, code, tables, names of links
    """,
    re.MULTILINE | re.VERBOSE,
)


def blocks(text: str) -> list[Element]:
    """One block for each paragraph. What is over TEXT is left out, with an ellipsis; a text of
    more than RUNS pieces is shown in one.
    """
    shown = clip(text, TEXT)
    parts = paragraphs(shown)
    if sum(map(len, parts)) > RUNS:
        parts = [[Run(plain(shown).strip())]]
    return [block(runs) for runs in parts]


def block(runs: list[Run], **looks: Any) -> Element:
    """looks: how all of the runs look, such as size="small"."""
    return {"type": "RichTextBlock", "inlines": [_run(run, looks) for run in runs]}


def _run(run: Run, looks: Element) -> Element:
    strong = {"weight": "bolder"} if run.strong else {}
    return {"type": "TextRun", "text": _macroless(run.text), **strong, **looks}


def heading(text: str, limit: int) -> Element:
    """A block that screen readers find as a heading; text runs can't be one."""
    return {
        "type": "TextBlock",
        "text": defused(clip(text, limit)),
        "style": "heading",
        "weight": "bolder",
        "wrap": True,
    }


def defused(text: str) -> str:
    """For places that may or may not read Markdown. Stars and strokes may still change the type."""
    return _BEGINS.sub(JOINER, text)


def spoken(text: str) -> str:
    """For reading aloud: without marks, and without what could be taken for markup of speech."""
    ended = _END.sub(lambda end: f"{end[1] or '.'} ", plain(text).strip())
    return re.sub(r"[\s<>&]+", " ", ended).strip()


def clip(text: str, limit: int) -> str:
    """At most *limit* long, with an ellipsis where something is lost; no character is halved."""
    if length(text) <= limit:
        return text
    return text.encode("utf-16-le")[: (limit - 1) * 2].decode("utf-16-le", "ignore") + "…"


def length(text: str) -> int:
    """In UTF-16 code units, as Teams counts; emoji have two, and take the room of two."""
    return len(text) + sum(character > "\uffff" for character in text)


def _macroless(text: str) -> str:
    """Text runs still read two things: {{DATE(...)}} and {{TIME(...)}}."""
    return text.replace("{{", f"{{{JOINER}{{")
