"""The operator's pages, and the pictures that cards show."""

import asyncio
import io
import itertools
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from PIL import Image
from yarl import URL

from bot.core.errors import SchemaError, StorageError
from bot.core.library import Library
from bot.runtime import metrics, picture
from bot.runtime import web as pages
from bot.runtime.picture import Pictures, breaths, gif, still, width_at

KNOWN = "landa_(turns|turn_seconds|faults|deliveries|tick_seconds|oldest_due_seconds|"
KNOWN += "oldest_nudge_seconds|nudges|nudge_batch_seconds)"
LABELS = r'taken="(new|seen|late|refused)"|became="[a-z_]+"|le="[0-9.e+Inf]+"'


class Readiness:
    """Whether Landa is ready, as told."""

    fault: Exception | None = None

    async def __call__(self) -> None:
        if self.fault:
            raise self.fault


@pytest.fixture
def readiness() -> Readiness:
    return Readiness()


@pytest.fixture
async def client(
    library: Library, readiness: Readiness, tmp_path: Path
) -> AsyncIterator[TestClient[web.Request, web.Application]]:
    app = web.Application()
    pages.mount(app, readiness, Pictures(tmp_path / "pictures", library))
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_it_says_that_it_lives(client: TestClient) -> None:
    """/healthz answers as long as the process does, whatever the database says."""
    answer = await client.get("/healthz")
    assert (answer.status, await answer.text()) == (200, "ok\n")


async def test_it_says_whether_it_is_ready(client: TestClient, readiness: Readiness) -> None:
    """/readyz is 503 while the database is away or of another version, and 200 again after."""
    assert (await client.get("/readyz")).status == 200
    for fault in (StorageError("kanariefågel"), SchemaError()):
        readiness.fault = fault
        answer = await client.get("/readyz")
        assert (answer.status, await answer.text()) == (503, f"not ready: {type(fault).__name__}\n")
    readiness.fault = None
    assert (await client.get("/readyz")).status == 200


async def test_it_does_not_wait_to_say_so(
    client: TestClient, readiness: Readiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that does not answer at all makes /readyz 503 in time."""
    assert pages.READY_S <= 5
    readiness.fault = TimeoutError()
    assert (await client.get("/readyz")).status == 503


async def test_numbers_name_nobody(client: TestClient) -> None:
    """The metrics have no label but how a turn was taken, and no name of anybody's."""
    for taken in ("new", "seen", "late", "refused"):
        metrics.TURNS.labels(taken)
    body = await (await client.get("/metrics")).text()
    lines = [line for line in body.splitlines() if not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.match(KNOWN, line), line
        labels = re.search(r"\{(.*)\}", line)
        if labels:
            assert re.fullmatch(
                r'taken="(new|seen|late|refused)"|became="[a-z_]+"|le="[0-9.e+Inf]+"', labels[1]
            )


async def test_pictures_are_served(client: TestClient, library: Library) -> None:
    """The picture of every rhythm that a slip has is there, moving and still."""
    name = next(iter(breaths(library))).name
    for kind in ("gif", "png"):
        answer = await client.get(f"/pictures/{name}.{kind}")
        assert (answer.status, answer.content_type) == (200, f"image/{kind}")
        assert Image.open(io.BytesIO(await answer.read())).format == kind.upper()
        assert "max-age" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "name",
    [
        "unknown.gif",
        "in4-out6-x9999.gif",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e%2fsecret.key",
        "..%5csecret.key",
        "in4-out6-x12",
        ".gif",
        "%00.gif",
        "a" * 5000 + ".gif",
    ],
)
async def test_other_names_are_not_found(client: TestClient, name: str) -> None:
    """Only rhythms that slips have are drawn: every other name is 404, and leaves no file."""
    answer = await client.get(URL(f"/pictures/{name}", encoded=True))
    assert answer.status == 404


async def test_a_picture_is_drawn_once(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture that many ask for at once, and again after a restart, is drawn once."""
    drawn: list[str] = []
    real = picture.gif

    def count(breath: picture.Breath) -> bytes:
        drawn.append(breath.name)
        return real(breath)

    monkeypatch.setattr(picture, "gif", count)
    name = next(iter(breaths(library))).name
    for _ in range(2):
        pictures = Pictures(tmp_path, library)
        found = await asyncio.gather(*(pictures.get(f"{name}.gif") for _ in range(9)))
        assert len({one.data for one in found if one}) == 1
    assert drawn == [name]
    assert [path.name for path in tmp_path.iterdir()] == [f"{name}.gif"]


async def test_a_folder_that_takes_nothing_costs_no_picture(
    library: Library, tmp_path: Path
) -> None:
    """Where pictures cannot be kept, they are still shown."""
    (tmp_path / "file").write_text("x")
    pictures = Pictures(tmp_path / "file", library)
    assert await pictures.get(f"{next(iter(breaths(library))).name}.png")


def unique(library: Library) -> dict[str, picture.Breath]:
    return {breath.name: breath for breath in breaths(library)}


def test_pictures_are_small_and_end(library: Library) -> None:
    """Each picture is under 150 kB, moves as many breaths as the slip has, and then rests."""
    found = unique(library)
    assert found
    for breath in found.values():
        data = gif(breath)
        assert len(data) < 150_000, breath.name
        image = Image.open(io.BytesIO(data))
        assert 1 + image.info.get("loop", 0) == breath.times, breath.name
        assert image.size == (picture.SIZE, picture.SIZE)
        whole_ms = 0
        for number in range(image.n_frames):
            image.seek(number)
            whole_ms += image.info["duration"]
        assert abs(whole_ms - 1000 * breath.cycle_s) < 20 * image.n_frames


def test_still_pictures_stand_still(library: Library) -> None:
    """Who wants still pictures gets one frame, and a small one."""
    for breath in unique(library).values():
        image = Image.open(io.BytesIO(still(breath)))
        assert getattr(image, "n_frames", 1) == 1
        assert len(still(breath)) < 20_000


def test_no_picture_flickers(library: Library) -> None:
    """The circle never jumps: nothing flashes."""
    for breath in unique(library).values():
        steps = [width_at(breath.phases, n / 20) for n in range(round(20 * breath.cycle_s) + 1)]
        jumps = [abs(b - a) for a, b in itertools.pairwise(steps)]
        assert max(jumps) < 0.08, breath.name
        assert abs(steps[0] - steps[-1]) < 0.05, breath.name
        assert min(steps) >= picture.SMALL - 0.001
