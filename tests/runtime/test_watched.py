"""What operators may see, and what others may not."""

import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.core.errors import NotReadyError
from bot.core.library import Library
from bot.runtime import schema
from bot.runtime import web as pages
from bot.runtime.picture import Pictures
from bot.wiring import _ready


@dataclass
class Part:
    """As much of a room and of a platform as readiness asks for."""

    is_ready: bool = True

    async def ready(self) -> None:
        return None


class Platform:
    ready = False


@pytest.mark.parametrize("header", ["Forwarded", "X-Forwarded-For", "X-Real-IP"])
async def test_metrics_are_for_this_machine(header: str, library: Library, tmp_path: Path) -> None:
    """Counts of turns are not told to whoever comes through a proxy."""
    app = web.Application()
    pages.mount(app, Part().ready, Pictures(tmp_path, library))
    async with TestClient(TestServer(app)) as client:
        assert (await client.get("/metrics")).status == 200
        assert (await client.get("/metrics", headers={header: "192.0.2.1"})).status == 403


async def test_ready_means_let_in() -> None:
    """Landa is not ready before each of its platforms has let it in."""
    await _ready(Part(), [])  # type: ignore[arg-type]
    with pytest.raises(NotReadyError):
        await _ready(Part(), [Platform()])  # type: ignore[arg-type]


TALK = """
import logging
from bot.runtime import log
log.configure("info")
logging.getLogger("landa.slack").info("connected")
logging.getLogger("landa.slack").warning("refused a request: %s", "wrong signature")
logging.getLogger("slack_sdk").error("somebody wrote: canary")
"""


def test_lines_of_our_adapters_are_read() -> None:
    """What an adapter tells operators arrives with its reason; a library's text does not."""
    done = subprocess.run([sys.executable, "-c", TALK], capture_output=True, check=True, text=True)
    assert "connected" in done.stderr
    assert "refused a request: wrong signature" in done.stderr
    assert "canary" not in done.stderr


def test_a_preview_begins_empty(sqlite_path: Path) -> None:
    """Nothing is left of an earlier play but the keys."""
    with sqlite3.connect(sqlite_path) as connection:
        connection.execute("INSERT INTO seen VALUES (x'00', 1)")
        connection.execute("INSERT INTO keyring VALUES ('rows', x'01')")
    schema.empty(sqlite_path)
    with sqlite3.connect(sqlite_path) as connection:
        counts = [
            connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            for name in ("seen", "keyring")
        ]
    assert counts == [0, 1]
