"""A whole turn on Teams, from a message to its card, beside the two kits' own echo bots."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack

import psutil

from bot.runtime.vault import new_key
from tests.bench.process import process
from tests.postgres import Server, free_port
from tests.standin_teams.login import KEY_ENV, pem, signing_key
from tests.standin_teams.world import APP, SECRET

CLIENTS = 64
KEY = new_key()
PEERS = {"botbuilder": "tests.bench.echo_botbuilder", "agents": "tests.bench.echo_agents"}


def run(seconds: float, rounds: int, stack: ExitStack) -> None:
    names = (*PEERS, "landa-sqlite", "landa-agents", "landa-postgres")
    ports = {name: (free_port(), free_port()) for name in names}
    pids: dict[str, int] = {}
    for name, module in PEERS.items():
        peer = process(sys.executable, "-m", module, str(ports[name][0]))
        pids[name] = stack.enter_context(peer).pid
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    server = stack.enter_context(Server(fast=False))
    database = stack.enter_context(server.database())
    migrate = [sys.executable, "-m", "bot", "migrate"]
    with_postgres = {"DATABASE_URL": database}
    with process(*migrate, env=with_postgres) as migrating:
        migrating.wait()
    kept = {
        "landa-sqlite": {"DATABASE_URL": f"sqlite:///{folder}/one.db"},
        "landa-agents": {
            "DATABASE_URL": f"sqlite:///{folder}/two.db",
            "LANDA_TEAMS_KIT": "agents",
        },
        "landa-postgres": with_postgres,
    }
    for name, more in kept.items():
        env = {**_settings(*ports[name], folder), **more}
        landa = process(sys.executable, "-m", "bot", "run", env=env)
        pids[name] = stack.enter_context(landa).pid
    results: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            results[name].append(_measured(name, ports[name], seconds, pids[name]))
    _report(results)


def _settings(port: int, service_port: int, folder: str) -> dict[str, str]:
    there = f"http://127.0.0.1:{service_port}"
    return {
        "MicrosoftAppId": APP,
        "MicrosoftAppPassword": SECRET,
        "MicrosoftAppType": "MultiTenant",
        "LANDA_TEAMS_OPENID_URL": f"{there}/v1/.well-known/openidconfiguration",
        "LANDA_TEAMS_LOGIN_URL": f"{there}/login",
        "LANDA_TEAMS_SERVICE_URL": f"{there}/teams",
        "LANDA_SECRET_KEYS": KEY,
        "LANDA_VAR": folder,
        "LANDA_LOG_LEVEL": "error",
        "PORT": str(port),
    }


SIGNING = pem(signing_key())
"""The same for all rounds."""


def _measured(name: str, ports: tuple[int, int], seconds: float, pid: int) -> dict[str, float]:
    """cpu_us: the server's own processor time for each turn, in microseconds."""
    bare = ["bare"] if name in PEERS else []
    server = psutil.Process(pid)
    numbers = [*map(str, ports), str(seconds), str(CLIENTS)]
    before = sum(server.cpu_times()[:2])
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.teams_load", *numbers, *bare],
        check=True,
        stdout=subprocess.PIPE,
        env={**os.environ, KEY_ENV: SIGNING},
    )
    figures = json.loads(done.stdout)
    spent_s = sum(server.cpu_times()[:2]) - before
    return {**figures, "cpu_us": 1e6 * spent_s / figures["turns"]}


def _report(results: dict[str, list[dict[str, float]]]) -> None:
    middle = {
        name: {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        for name, runs in results.items()
    }
    print(f"\nTeams: {CLIENTS} clients, from a signed message to its reply, medians:\n")
    print(f"{'':16}{'turns/s':>9}{'of botb.':>9}{'p50 ms':>9}{'p99 ms':>9}{'CPU µs':>9}")
    for name, run in middle.items():
        ratio = run["per_s"] / middle["botbuilder"]["per_s"]
        print(
            f"{name:16}{run['per_s']:9,.0f}{ratio:9.2f}{run['p50_ms']:9.1f}{run['p99_ms']:9.1f}"
            f"{run['cpu_us']:9.0f}"
        )
