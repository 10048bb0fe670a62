"""`make bench-nudges`: a hundred thousand people who are due at once, and the peer.

Everybody has a slot of their own, in one of 40 zones, due within the same ten minutes. A claim
computes and writes when each is due next. The peer is APScheduler with a stored job for each.

python -m tests.bench.nudges [--people N] [--peers N,N]
"""

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import uvloop
from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.runtime import schema
from bot.runtime.bell import BATCH
from bot.runtime.line import Line, Look
from bot.runtime.process import settle_memory
from bot.runtime.store import Store
from tests.bench.crowd import DUE, fill
from tests.postgres import Server

FEW = 1_000
TICKS = 200


def megabytes() -> float:
    return psutil.Process().memory_info().rss / 1e6


async def landa(database: str, people: int) -> dict[str, float]:
    store = await fill(database, people)
    await store.close()
    settle_memory()  # as `landa` does when it has started
    before_mb, began = megabytes(), time.perf_counter()
    await store.open()
    early = DUE - timedelta(hours=1)
    await claim(store, early)
    ready_ms = (time.perf_counter() - began) * 1000
    idle = [await timed(lambda: claim(store, early)) for _ in range(TICKS)]
    began, longest_s, claimed, peak_mb = time.perf_counter(), 0.0, 0, before_mb
    while True:
        started = time.perf_counter()
        count = await claim(store, DUE)
        longest_s = max(longest_s, time.perf_counter() - started)
        claimed += count
        if count < BATCH:
            break
        peak_mb = max(peak_mb, megabytes()) if claimed % (BATCH * 20) == 0 else peak_mb
    spent_s = time.perf_counter() - began
    assert claimed == people
    await store.close()
    return {
        "per_s": claimed / spent_s,
        "longest_ms": longest_s * 1000,
        "idle_ms": statistics.median(idle) * 1000,
        "idle_worst_ms": max(idle) * 1000,
        "start_ms": ready_ms,
        "more_mb": peak_mb - before_mb,
    }


async def claim(store: Store, now: datetime) -> int:
    look = Look(now, Line())
    claims = await store.nudges.claim(look.now_ms, BATCH, look)
    assert all(look.fate(row, to) == "taken" for row, to in claims)
    return len(claims)


async def timed(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def peer(folder: str, people: int) -> dict[str, float]:
    """APScheduler on SQLite, a stored job for each, all due at once, with a day of grace."""

    def scheduler() -> AsyncIOScheduler:
        stored = SQLAlchemyJobStore(url=f"sqlite:///{folder}/jobs.db")
        return AsyncIOScheduler(
            jobstores={"default": stored}, executors={"default": AsyncIOExecutor()}, timezone=UTC
        )

    before_mb, due = megabytes(), datetime.now(UTC) - timedelta(minutes=1)
    first = scheduler()
    first.start(paused=True)
    trigger = CronTrigger(hour=due.hour, minute=due.minute, timezone="Europe/Stockholm")
    began = time.perf_counter()
    for number in range(people):
        first.add_job(ring, trigger, id=str(number), misfire_grace_time=86_400, next_run_time=due)
    added_s = time.perf_counter() - began
    first.shutdown(wait=False)
    again = scheduler()
    began = time.perf_counter()
    again.start()
    while len(RUNG) < people:
        await asyncio.sleep(0.05)
    spent_s = time.perf_counter() - began
    more_mb = megabytes() - before_mb
    again.shutdown(wait=False)
    return {"per_s": people / spent_s, "more_mb": more_mb, "add_per_s": people / added_s}


RUNG: list[None] = []


async def ring() -> None:
    RUNG.append(None)


def apart(*arguments: str, limit_s: float = 900) -> dict[str, float]:
    """In a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "tests.bench.nudges", "--one", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, timeout=limit_s)
    return json.loads(done.stdout.splitlines()[-1])


def one(kind: str, where: str, people: int) -> None:
    work = peer(where, people) if kind == "peer" else landa(where, people)
    figures = uvloop.run(work) if kind == "landa" else asyncio.run(work)
    sys.stdout.write(json.dumps(figures) + "\n")


def ours(people: int, folder: str, server: Server) -> None:
    print(f"{'':24}{'people/s':>10}{'longest':>9}{'idle':>9}{'worst':>9}{'start':>9}{'memory':>9}")
    for count in (FEW, people):
        where = f"sqlite:///{folder}/{count}.db"
        tell(f"SQLite, {count:,}", apart("landa", where, str(count)))
    for count in (FEW, people):
        with server.database() as url:
            schema.migrate(url)
            tell(f"PostgreSQL, {count:,}", apart("landa", url, str(count)))


def tell(name: str, run: dict[str, float]) -> None:
    print(
        f"{name:24}{run['per_s']:10,.0f}{run['longest_ms']:6.1f} ms{run['idle_ms']:6.2f} ms"
        f"{run['idle_worst_ms']:6.2f} ms{run['start_ms']:6.1f} ms{run['more_mb']:6.1f} MB",
        flush=True,
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", type=int, default=100_000)
    options.add_argument("--peers", default="10000,100000")
    options.add_argument("--one", nargs=3)
    chosen = options.parse_args()
    if chosen.one:
        kind, where, people = chosen.one
        one(kind, where, int(people))
        return
    with tempfile.TemporaryDirectory() as folder, Server(fast=False) as server:
        ours(chosen.people, folder, server)
        print("\nAPScheduler, a stored job for each, on SQLite:", flush=True)
        for count in map(int, filter(None, chosen.peers.split(","))):
            where = Path(folder) / f"peer{count}"
            where.mkdir()
            try:
                run = apart("peer", str(where), str(count))
            except subprocess.TimeoutExpired:
                print(f"{count:,}: not done within 15 minutes")
                continue
            print(
                f"{count:,}: {run['per_s']:,.0f} a second, {run['more_mb']:.0f} MB more, "
                f"{run['add_per_s']:,.0f} added a second",
                flush=True,
            )


if __name__ == "__main__":
    main()
