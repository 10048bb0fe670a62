"""Microsoft's own programs, as npm installs them. Missing, they are a failure and never a skip."""

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HERE = Path(__file__).parent
PACKAGES = HERE.parents[1] / "node_modules"
"""`make setup-test` puts them there."""


def node(script: str) -> list[str]:
    """The command that runs one of the scripts beside this file."""
    assert (PACKAGES / "adaptivecards").is_dir(), "run make setup-test: npm's packages are missing"
    return ["node", str(HERE / script)]


class Parser:
    """Microsoft's parser of Adaptive Cards, at work in a process of its own."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            node("parse.cjs"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=15)

    def faults(self, card: dict[str, Any]) -> list[str]:
        """What it says about *card*; empty when it has nothing to say."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(card) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())
