"""Every conversation goes in Slack as it is written, by both ways in, with the same cards."""

import shutil
from pathlib import Path

import pytest

from bot.core.library import Library
from bot.runtime.schema import prepare_sqlite
from bot.runtime.vault import Vault
from tests.adapters.slack.play import can_play, play
from tests.chat import TRANSCRIPTS

ALL = sorted(TRANSCRIPTS.glob("**/*.chat"))
PLAYED = [path for path in ALL if can_play(path.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "landa.db"
    prepare_sqlite(path)
    return path


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine a turn may be late, and its card then goes another way."""
    monkeypatch.setattr("bot.runtime.handle.PATIENCE_S", 10.0)


@pytest.mark.parametrize("path", PLAYED, ids=lambda path: str(path.relative_to(TRANSCRIPTS)))
async def test_transcript(
    path: Path, empty: Path, tmp_path: Path, library: Library, vault: Vault
) -> None:
    """After each line as many cards are shown as the transcript says, with its buttons; nothing is
    refused; and requests and Socket Mode show the same."""
    text = path.read_text(encoding="utf-8")
    http, socket = [
        await play(
            text,
            shutil.copy(empty, tmp_path / f"{by}.db"),
            vault,
            library,
            by_socket=by == "socket",
        )
        for by in ("http", "socket")
    ]
    assert http.wrong == []
    assert http.seen == socket.seen
    assert any(http.seen)


def test_what_slack_cannot_play() -> None:
    """Hardly any transcript is about something that Slack does not have."""
    assert len(PLAYED) > 0.9 * len(ALL)
