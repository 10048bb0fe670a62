"""The breathing circle, drawn from a slip's own rhythm: a moving GIF, and a still PNG.

The circle grows on the way in, rests where the breath is held, and shrinks on the
way out; a small mark travels round it once a breath. The GIF plays as many breaths
as the slip has, and then stands still. It shows no words: the card has them.
"""

import asyncio
import io
import math
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.core.exercise import BreatheStep
from bot.core.library import Library
from bot.core.message import Breath, Phase

if TYPE_CHECKING:
    from PIL.Image import Image

SIZE = 220
SMALL, LARGE, FULL = 0.36, 0.80, 0.92
"""The circle's width empty, after an ordinary breath in, and after the small one on top."""
FRAME_S = 0.25
SCALE = 3
"""Drawn larger and shrunk, for smooth edges."""
PAPER, RING, BREATH, MARK = (250, 247, 240), (196, 210, 200), (108, 156, 140), (36, 84, 74)
EDGES = ((RING, 1), (BREATH, 5), (MARK, 4))
"""How many steps each edge has on its way to the paper: every picture has the same colours."""


@dataclass(frozen=True, slots=True)
class Drawn:
    data: bytes = field(repr=False)
    kind: str


class Pictures:
    """Draws each picture once and keeps it in *folder*. Only rhythms that slips have are drawn."""

    def __init__(self, folder: Path, library: Library) -> None:
        self._folder = folder
        self._known = {breath.name: breath for breath in breaths(library)}
        self._drawing = asyncio.Lock()

    @property
    def names(self) -> tuple[str, ...]:
        """File names of the moving ones."""
        return tuple(f"{name}.gif" for name in self._known)

    async def get(self, file_name: str) -> Drawn | None:
        """file_name: a breath's name with .gif or .png. None for any other."""
        name, _, kind = file_name.rpartition(".")
        breath = self._known.get(name)
        if breath is None or kind not in {"gif", "png"}:
            return None
        async with self._drawing:  # what several ask for at once is drawn once
            return Drawn(await asyncio.to_thread(self._drawn, breath, kind), f"image/{kind}")

    def _drawn(self, breath: Breath, kind: str) -> bytes:
        path = self._folder / f"{breath.name}.{kind}"
        with suppress(OSError):
            return path.read_bytes()
        data = gif(breath) if kind == "gif" else still(breath)
        with suppress(OSError):  # a folder that takes nothing costs time, not the picture
            self._folder.mkdir(parents=True, exist_ok=True)
            fresh = path.with_name(f"{path.name}.{os.getpid()}")
            fresh.write_bytes(data)
            fresh.replace(path)
        return data


def breaths(library: Library) -> Iterable[Breath]:
    """Every rhythm there is, without its words."""
    for exercises in library.exercises.values():
        for exercise in exercises.values():
            for step in exercise.steps:
                if isinstance(step, BreatheStep):
                    yield Breath(step.phases, step.times, "")


def gif(breath: Breath) -> bytes:
    """One breath as frames, repeated as often as the slip says, then still."""
    frames = max(2, round(breath.cycle_s / FRAME_S))
    images = [_frame(breath.phases, i * breath.cycle_s / frames) for i in range(frames)]
    out = io.BytesIO()
    # A GIF's loop count is how often it is repeated after the first time; none when it plays once.
    repeated = {"loop": breath.times - 1} if breath.times > 1 else {}
    images[0].save(
        out,
        "GIF",
        save_all=True,
        append_images=images[1:],
        optimize=True,
        duration=round(1000 * breath.cycle_s / frames),
        disposal=1,
        **repeated,
    )
    return out.getvalue()


def still(breath: Breath) -> bytes:
    """The circle between empty and full, for those who want nothing to move."""
    out = io.BytesIO()
    _frame(breath.phases, breath.phases[0].seconds / 2).save(out, "PNG", optimize=True)
    return out.getvalue()


def width_at(phases: tuple[Phase, ...], at_s: float) -> float:
    """The circle's width, as a part of the picture's, *at_s* seconds into a breath."""
    width = SMALL
    for phase in phases:
        target = {"in": LARGE, "top": FULL, "out": SMALL}.get(phase.move, width)
        if at_s < phase.seconds:
            eased = (1 - math.cos(math.pi * at_s / phase.seconds)) / 2
            return width + (target - width) * eased
        at_s -= phase.seconds
        width = target
    return width


def _frame(phases: tuple[Phase, ...], at_s: float) -> "Image":
    from PIL import Image, ImageDraw  # noqa: PLC0415  loaded only where pictures are drawn

    side = SIZE * SCALE
    image = Image.new("RGB", (side, side), PAPER)
    draw = ImageDraw.Draw(image)

    def box(part: float) -> tuple[float, float, float, float]:
        edge = side * (1 - part) / 2
        return edge, edge, side - edge, side - edge

    draw.ellipse(box(FULL + 0.04), outline=RING, width=2 * SCALE)
    draw.ellipse(box(width_at(phases, at_s)), fill=BREATH)
    cycle_s = sum(phase.seconds for phase in phases)
    angle = 2 * math.pi * at_s / cycle_s - math.pi / 2
    x, y = (side / 2 * (1 + (FULL + 0.04) * f(angle)) for f in (math.cos, math.sin))
    dot = 6 * SCALE
    draw.ellipse((x - dot, y - dot, x + dot, y + dot), fill=MARK)
    image.thumbnail((SIZE, SIZE), Image.Resampling.LANCZOS)
    return image.quantize(palette=_palette(), dither=Image.Dither.NONE)


@cache
def _palette() -> "Image":
    from PIL import Image  # noqa: PLC0415

    colours = [PAPER]
    for colour, steps in EDGES:
        for step in range(1, steps + 1):
            parts = zip(PAPER, colour, strict=True)
            red, green, blue = (round(a + (b - a) * step / steps) for a, b in parts)
            colours.append((red, green, blue))
    held = Image.new("P", (1, 1))
    held.putpalette([part for colour in colours for part in colour])
    return held
