"""Landa as a process of its own: starts, answers, ends."""

import json
import signal
import sqlite3
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from adapters.web.inbound import PEOPLE
from bot.runtime import schema
from bot.wiring import DRAIN_S
from tests.postgres import Server, free_port
from tests.runtime.operator import KEY, Running, landa

STOP_S = 10


def test_it_starts_and_ends(tmp_path: Path, record_property: object) -> None:
    """`landa run` is ready within seconds, and SIGTERM ends it with 0 within ten."""
    with Running(tmp_path) as running:
        cold_s = running.ready()
        print(f"cold start: {cold_s:.2f} s")
        record_property("cold_start_s", round(cold_s, 2))  # type: ignore[operator]
        assert cold_s < 10
        assert running.get("/healthz") == (200, b"ok\n")
        code, output, took_s = running.stop()
    assert (code, took_s < STOP_S) == (0, True), output
    assert "Traceback" not in output
    assert "event='stopping'" in output


def test_ctrl_c_ends_it(tmp_path: Path) -> None:
    """Ctrl+C ends it as kindly as SIGTERM does."""
    with Running(tmp_path) as running:
        running.ready()
        code, output, _ = running.stop(signal.SIGINT)
    assert code == 0
    assert "Traceback" not in output


def test_it_starts_again(tmp_path: Path) -> None:
    """It starts on what it left behind, also after a kill, and leaves one tidy file."""
    for how in (signal.SIGKILL, signal.SIGTERM, signal.SIGTERM):
        with Running(tmp_path) as running:
            running.ready()
            running.stop(how)
    assert {path.name for path in (tmp_path / "var").glob("landa.db*")} == {"landa.db"}
    check = sqlite3.connect(tmp_path / "var" / "landa.db")
    assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()


def test_a_watched_preview_does_not_keep_it(tmp_path: Path) -> None:
    """An open page does not hold up the end."""
    with Running(tmp_path) as running:
        running.ready()
        request = Request(f"http://127.0.0.1:{running.port}/preview/events?person={PEOPLE[0]}")
        with urlopen(request, timeout=5) as stream:
            assert stream.status == 200
            code, output, took_s = running.stop()
    assert code == 0, output
    assert took_s < STOP_S


def test_the_log_says_when_it_is_ready(tmp_path: Path) -> None:
    """The banner and the log say where Landa is."""
    port = free_port()
    with Running(tmp_path, PORT=str(port), LANDA_LOG_LEVEL="debug") as running:
        running.ready()
        _, output, _ = running.stop()
    assert f"http://127.0.0.1:{port}" in output
    assert f"event='ready' host='127.0.0.1' port={port}" in output


def test_web_and_clock_share_a_database(tmp_path: Path, postgres_server: Server) -> None:
    """`landa web` and `landa clock`, started at once on a new PostgreSQL, use the same keys."""
    with postgres_server.database() as url:
        env = {"DATABASE_URL": url, "LANDA_SECRET_KEYS": KEY}
        assert landa(tmp_path, "migrate", **env).returncode == 0
        with (
            Running(tmp_path, "web", **env) as web,
            Running(tmp_path, "clock", **env) as clock,
            Running(tmp_path, "web", **env) as another,
        ):
            web.ready()
            another.ready()
            time.sleep(1)
            assert web.get("/healthz")[0] == 200
            assert clock.get("/healthz")[0] == 0
            ends = [each.stop() for each in (web, clock, another)]
        assert [(code, "error" in output) for code, output, _ in ends] == [(0, False)] * 3
        assert landa(tmp_path, "doctor", **env).returncode == 0


def test_it_is_not_ready_without_its_database(tmp_path: Path) -> None:
    """While PostgreSQL is away Landa lives and is not ready; when it is back, it is."""
    with Server() as server, server.database() as url:
        schema.migrate(url)
        with Running(tmp_path, DATABASE_URL=url, LANDA_SECRET_KEYS=KEY) as running:
            running.ready()
            server.stop("immediate")
            assert running.get("/readyz")[0] == 503
            assert running.get("/healthz")[0] == 200
            server.start()
            assert running.get("/readyz")[0] == 200
            code, output, _ = running.stop()
    assert code == 0, output
    assert "Traceback" not in output


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_the_preview_is_for_this_machine(tmp_path: Path, host: str) -> None:
    """The preview answers on this machine alone: beside an open port it has one of its own."""
    own = free_port()
    with Running(tmp_path, HOST=host, LANDA_PREVIEW_PORT=str(own)) as running:
        running.ready()
        alone = running.get("/")[0]
        running.port, open_port = own, running.port
        beside = running.get("/")[0]
        assert (alone, beside) == ((200, 0) if host == "127.0.0.1" else (404, 200))
        assert open_port != own


def test_a_talk_survives_a_restart(tmp_path: Path) -> None:
    """What a person did before a stop is all delivered, and there when it starts again."""
    with Running(tmp_path) as running:
        running.ready()
        act(running, {"id": "first-act", "person": PEOPLE[0], "room": "chat", "text": "/landa"})
        running.stop()
    database = sqlite3.connect(tmp_path / "var" / "preview.db")
    assert database.execute("SELECT count(*) FROM outbox").fetchone() == (0,)
    database.close()


def act(running: Running, what: dict[str, str]) -> int:
    request = Request(
        f"http://127.0.0.1:{running.port}/preview/act",
        json.dumps(what).encode(),
        {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{running.port}"},
    )
    with urlopen(request, timeout=5) as answer:
        return answer.status


def test_the_end_has_its_time() -> None:
    """What is under way gets its time, and all of it is under ten seconds."""
    assert DRAIN_S + 2 < STOP_S
