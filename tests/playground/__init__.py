"""Microsoft's Agents Playground, a client of Teams' own kind that needs no account, and a Landa
that answers it.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.runtime.site import EXAMPLE
from bot.runtime.vault import new_key
from tests.adapters.teams.microsoft import PACKAGES
from tests.postgres import free_port

CLI = PACKAGES / "@microsoft" / "m365agentsplayground" / "cli.js"
WHO = ".m365agentsplayground.yml"


class Landa:
    """`landa run` for clients on this machine, to be killed and started again."""

    def __init__(self, folder: Path) -> None:
        """folder: for its database and whatever else it writes."""
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._database = folder / "landa.db"
        self._environment = {
            "PATH": os.environ["PATH"],
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "LANDA_TEAMS_INSECURE": "1",
            "LANDA_SECRET_KEYS": new_key(),
            "LANDA_SITE": str(EXAMPLE),
            "LANDA_VAR": str(folder),
            "DATABASE_URL": f"sqlite:///{self._database}",
        }

    def start(self) -> None:
        command = [Path(sys.executable).with_name("landa"), "run"]
        self._process = subprocess.Popen(command, env=self._environment)
        _wait(f"{self.url}/readyz", self._process)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait(15)

    def stop(self) -> None:
        self._process.terminate()
        assert self._process.wait(15) == 0

    def let_time_pass(self) -> None:
        """The one thing that waits for its time is due now."""
        now_ms = round(time.time() * 1000)
        late_ms = now_ms + 600_000
        with closing(sqlite3.connect(self._database)) as database, database:
            pauses = database.execute("UPDATE due SET due_ms = ?", (now_ms,)).rowcount
            nudges = database.execute(
                "UPDATE nudge SET at_ms = ?1, due_ms = ?1, until_ms = ?2", (now_ms, late_ms)
            ).rowcount
            assert pauses + nudges == 1


@contextmanager
def playground(app: str, folder: Path) -> Iterator[str]:
    """Started for the bot at *app*, with the team of WHO. Gives its own address.

    folder  where it may write down what was said.
    """
    assert CLI.is_file(), "run make setup-test: Microsoft's Agents Playground is missing"
    shutil.copy(Path(__file__).with_name(WHO), folder)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    wanted = {"-e": app, "-c": "msteams", "-p": str(port), "--su": f"{url}/_connector"}
    command = [
        "node",
        str(CLI),
        "start",
        "--dt",
        *(each for pair in wanted.items() for each in pair),
    ]
    with (folder / "playground.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "TEAMSAPPTESTER_BROWSER": "none"},
            stdout=log,
            stderr=log,
        )
    try:
        _wait(url, process, folder / "playground.log")
        yield url
    finally:
        process.terminate()
        process.wait(15)


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path | None = None) -> None:
    """Until something answers at *url*."""
    for _ in range(600):
        try:
            urllib.request.urlopen(url, timeout=1)
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text() if log else f"nothing answers at {url}")
