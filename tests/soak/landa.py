"""Landa as its own process, to be killed and started again."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from bot.runtime.site import EXAMPLE
from bot.runtime.vault import new_key
from tests.postgres import free_port

COMMAND = str(Path(sys.executable).with_name("landa"))


class StandIn(Protocol):
    """settings: that lead Landa to it. landa: where Landa listens."""

    landa: str

    @property
    def settings(self) -> Mapping[str, str]: ...


class Process:
    """env: what to set besides what *there*, the platform, needs.

    says  what it says by itself is the tests' own flow.
    """

    def __init__(
        self, there: StandIn, folder: Path, database: str, *, says: bool = False, **env: str
    ) -> None:
        self.port = free_port()
        self._command = [sys.executable, "-m", "tests.soak.saying"] if says else [COMMAND]
        self._log = folder / "landa.log"
        self._env = {
            **os.environ,
            **there.settings,
            "LANDA_SECRET_KEYS": new_key(),
            "PORT": str(self.port),
            "LANDA_SITE": str(EXAMPLE),
            "LANDA_VAR": str(folder),
            "DATABASE_URL": database,
            **env,
        }
        there.landa = f"http://127.0.0.1:{self.port}"

    def run(self, *command: str) -> None:
        subprocess.run([COMMAND, *command], env=self._env, check=True, capture_output=True)

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._command, "run"], env=self._env, stdout=log, stderr=log
            )

    async def ready(self) -> None:
        for _ in range(400):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return
        raise AssertionError(self._log.read_text())

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """Asked kindly. Returns the exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(20)

    @property
    def log(self) -> str:
        return self._log.read_text()
