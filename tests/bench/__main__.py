"""`make bench`: a whole signed turn on each platform beside its peers, `respond`, the start."""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.error import URLError
from urllib.request import urlopen

import psutil
from aiohttp import web

from bot.runtime.vault import new_key
from tests.bench import load, respond, teams
from tests.bench.process import process
from tests.postgres import Server, free_port

SECRET = "bench-signing-secret"
KEY = new_key()
CLIENTS = 16
PATH = "/slack/events"


@contextmanager
def landa(port: int, api: str, folder: str, database: str) -> Iterator[subprocess.Popen[bytes]]:
    """Landa as an operator runs it, with Slack on."""
    env = {
        "SLACK_BOT_TOKEN": "xoxb-bench",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": api,
        "LANDA_SECRET_KEYS": KEY,
        "PORT": str(port),
        "LANDA_VAR": folder,
        "DATABASE_URL": database,
        "LANDA_LOG_LEVEL": "error",
    }
    with process(sys.executable, "-m", "bot", "run", env=env) as started:
        yield started


def answered(port: int, secret: str) -> float:
    """Seconds until a first signed command is answered with a card."""
    began = time.perf_counter()
    while time.perf_counter() - began < 30:
        try:
            urlopen(f"http://127.0.0.1:{port}{PATH}", timeout=1)
        except URLError as refused:
            if getattr(refused, "code", 0) == 405:
                break
        except OSError:
            pass
        time.sleep(0.005)
    asyncio.run(load.run(port, PATH, secret.encode(), 0.001, 1))
    return time.perf_counter() - began


def measured(port: int, seconds: float, pid: int) -> dict[str, float]:
    """cpu_us: the server's own processor time for each request, in microseconds."""
    server = psutil.Process(pid)
    before = sum(server.cpu_times()[:2])
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.bench.load",
            str(port),
            PATH,
            SECRET,
            str(seconds),
            str(CLIENTS),
        ],
        check=True,
        capture_output=True,
    )
    figures = json.loads(done.stdout)
    spent_s = sum(server.cpu_times()[:2]) - before
    return {**figures, "cpu_us": 1e6 * spent_s / (figures["per_s"] * seconds)}


def slack_stand_in(port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.bench.__main__", "--api", str(port)])


def api(port: int) -> None:
    """As much of Slack as a start needs: who the token belongs to."""

    async def who(_: web.Request) -> web.Response:
        return web.json_response(
            {
                "ok": True,
                "team_id": "T1",
                "team": "Team",
                "user_id": "U0",
                "user": "landa",
                "bot_id": "B0",
                "url": "https://t.slack.com/",
            }
        )

    app = web.Application()
    app.router.add_post("/api/auth.test", who)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=4)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--api", type=int)
    options.add_argument("--only", choices=("slack", "teams"))
    chosen = options.parse_args()
    if chosen.api:
        api(chosen.api)
        return
    print(f"respond alone: {respond.per_second():,.0f} turns a second on one core", flush=True)
    for name, measure in (("slack", turns), ("teams", teams.run)):
        if chosen.only in (None, name):
            with ExitStack() as stack:
                measure(chosen.seconds, chosen.rounds, stack)


def turns(seconds: float, rounds: int, stack: ExitStack) -> None:
    ports = {
        name: free_port()
        for name in ("bare", "bolt", "bolt-default", "landa-sqlite", "landa-postgres")
    }
    api_port = free_port()
    stand_in = slack_stand_in(api_port)
    stack.callback(stand_in.kill)
    address = f"http://127.0.0.1:{api_port}/api"
    pids: dict[str, int] = {}
    for name in ("bare", "bolt", "bolt-default"):
        peer = process(sys.executable, "-m", "tests.bench.peers", name, str(ports[name]), SECRET)
        pids[name] = stack.enter_context(peer).pid
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    time.sleep(1.5)
    sqlite = f"sqlite:///{folder}/landa.db"
    with landa(ports["landa-sqlite"], address, folder, sqlite):
        answered(ports["landa-sqlite"], SECRET)  # the first start makes the database
    one = stack.enter_context(landa(ports["landa-sqlite"], address, folder, sqlite))
    started_s = answered(ports["landa-sqlite"], SECRET)
    server = stack.enter_context(Server(fast=False))
    database = stack.enter_context(server.database())
    migrated = {**os.environ, "DATABASE_URL": database}
    subprocess.run(
        [sys.executable, "-m", "bot", "migrate"],
        env=migrated,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    other = stack.enter_context(landa(ports["landa-postgres"], address, folder + "/pg", database))
    pids |= {"landa-sqlite": one.pid, "landa-postgres": other.pid}
    answered(ports["landa-postgres"], SECRET)
    resident = psutil.Process(one.pid).memory_info().rss / 1e6
    print(f"first answered request {started_s:.2f} s after the start; {resident:.0f} MB resident\n")
    results: dict[str, list[dict[str, float]]] = {name: [] for name in ports}
    for _ in range(rounds):
        for name, port in ports.items():
            results[name].append(measured(port, seconds, pids[name]))
    report(results)


def report(results: dict[str, list[dict[str, float]]]) -> None:
    middle = {
        name: {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        for name, runs in results.items()
    }
    print(f"{CLIENTS} clients, one signed /landa a request, medians:\n")
    print(f"{'':16}{'req/s':>9}{'of bolt':>9}{'p50 ms':>9}{'p99 ms':>9}{'CPU µs':>9}")
    for name, run in middle.items():
        ratio = run["per_s"] / middle["bolt"]["per_s"]
        print(
            f"{name:16}{run['per_s']:9,.0f}{ratio:9.2f}{run['p50_ms']:9.1f}{run['p99_ms']:9.1f}"
            f"{run['cpu_us']:9.0f}"
        )


if __name__ == "__main__":
    main()
