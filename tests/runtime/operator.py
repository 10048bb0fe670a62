"""Landa as an operator meets it: a command, an environment, what it prints."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tests.postgres import free_port

COMMAND = str(Path(sys.executable).with_name("landa"))
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
SLACK = {
    "SLACK_BOT_TOKEN": "xoxb-test",
    "SLACK_SIGNING_SECRET": "secret",
    "SLACK_API_URL": "http://127.0.0.1:1/",
    "LANDA_SECRET_KEYS": KEY,
}


def environment(**env: str) -> dict[str, str]:
    """Nothing of the machine's own settings but where programs are."""
    return {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **env}


def landa(folder: Path, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
    """One command of Landa's, run in *folder* until it ends."""
    return subprocess.run(
        [COMMAND, *command],
        cwd=folder,
        env=environment(**env),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


class Running:
    """`landa run`, or another command that stays, from entry until exit."""

    def __init__(self, folder: Path, command: str = "run", **env: str) -> None:
        self.port = int(env.get("PORT", free_port()))
        self._folder, self._command = folder, command
        self._env = environment(
            PORT=str(self.port), **{k: v for k, v in env.items() if k != "PORT"}
        )

    def __enter__(self) -> Self:
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            [COMMAND, self._command],
            cwd=self._folder,
            env=self._env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.communicate()

    def ready(self) -> float:
        """Wait until it takes turns. Returns the seconds since its start."""
        while self._process.poll() is None and time.perf_counter() - self.started < 20:
            if self.get("/readyz")[0] == 200:
                return time.perf_counter() - self.started
            time.sleep(0.02)
        raise AssertionError(self._process.communicate()[0])

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read()
        except HTTPError as refused:
            return refused.code, refused.read()
        except (URLError, OSError):
            return 0, b""

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str, float]:
        """The exit code, what it printed, and how many seconds it took to end."""
        began = time.perf_counter()
        self._process.send_signal(how)
        output, _ = self._process.communicate(timeout=20)
        return self._process.returncode, output, time.perf_counter() - began


def is_sentence(line: str) -> bool:
    """One line that begins with the key it is about."""
    return bool(re.fullmatch(r"(?:[A-Z_, ]+|Microsoft[A-Za-z]+|\.env): \S.{8,200}", line))
