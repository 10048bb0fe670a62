"""The app package: the manifest, its other languages and two icons, as Teams takes them in."""

import io
import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from adapters.teams.manifest import App, localization, manifest
from bot.core.words import Words

ICONS = ("color.png", "outline.png")
BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The oldest time a zip can tell: the same words make the same bytes, whenever they are packed."""


def package(app: App, words: Mapping[str, Words], language: str) -> bytes:
    """A zip. words: by language; the app's own is *language*, the others come in files.

    raises  ContentError where a catalog's words do not fit.
    """
    others = {tag: each for tag, each in sorted(words.items()) if tag != language}
    parts = {"manifest.json": _json(manifest(app, words[language], others))}
    parts |= {f"{tag}.json": _json(localization(each)) for tag, each in others.items()}
    icons = files("adapters.teams") / "icons"
    parts |= {name: (icons / name).read_bytes() for name in ICONS}
    out = io.BytesIO()
    # Not compressed: how that is done differs between versions of zlib, and there is little.
    with ZipFile(out, "w", ZIP_STORED) as zipped:
        for name, data in parts.items():
            entry = ZipInfo(name, BEGINNING)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # wherever it is packed
            zipped.writestr(entry, data)
    return out.getvalue()


def _json(part: Mapping[str, Any]) -> bytes:
    return (json.dumps(part, ensure_ascii=False, indent=2) + "\n").encode()
