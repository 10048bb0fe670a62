"""How many people a moment can carry, and what the operator is told of it."""

from pathlib import Path

import pytest

from adapters.slack.pace import PACE
from bot.core.errors import SettingsError
from bot.doctor import _nudges
from bot.runtime import site
from bot.runtime.faults import country
from bot.runtime.lane import each_ms
from bot.runtime.line import LONGEST_MS
from bot.runtime.redday import RedDays
from bot.runtime.store import Backlog

MOST = LONGEST_MS // each_ms(PACE)


def told(**counts: object) -> tuple[bool, str]:
    lines: list[str] = []
    backlog = Backlog(0, {}, 0, 0, None, **counts)  # type: ignore[arg-type]
    sound = _nudges(backlog, {"slack": PACE}, lines.append)
    return sound, "\n".join(lines)


def test_nobody_has_asked_for_anything() -> None:
    """Where nobody wants to hear from Landa, there is nothing to tell."""
    assert told() == (True, "")


def test_a_small_crowd_is_no_news() -> None:
    """People who fit into a minute are counted, and that is all."""
    sound, lines = told(nudges=250, crowds={"slack": 200, "web": 9_000})
    assert sound
    assert lines == " ok  Nudges: 250 slots and reminders"


def test_a_crowd_is_told_with_how_long_it_takes() -> None:
    """A crowd that takes some minutes is told as it is; one that does not fit is a fault."""
    sound, lines = told(nudges=3_000, crowds={"slack": 3_000})
    assert sound
    assert "3000 people of one workspace (slack)" in lines
    assert "within 10 minutes" in lines
    sound, lines = told(nudges=20_000, crowds={"slack": MOST + 1})
    assert not sound
    assert f"At most {MOST} are reached" in lines


def test_what_was_set_aside_is_told() -> None:
    """A slot that failed five times is somebody's to look at."""
    sound, lines = told(nudges=3, nudges_set_aside=1)
    assert not sound
    assert "  x  Nudges: 1 failed five times" in lines


def test_a_workplace_has_its_own_days_off(tmp_path: Path) -> None:
    """The site file's days off are off, written as TOML writes a date."""
    path = tmp_path / "site.toml"
    path.write_text("closed = [2026-06-05, 2026-12-23]")
    closed = site.read(path).everywhere.closed
    assert {day.isoformat() for day in closed} == {"2026-06-05", "2026-12-23"}
    assert closed <= {day for day in closed if day in RedDays("", closed)}
    path.write_text('closed = ["strandens dag"]')
    with pytest.raises(SettingsError, match="LANDA_SITE: closed"):
        site.read(path)


def test_a_country_nobody_knows_is_told() -> None:
    """A country whose red days are not known is told before it matters."""
    assert country("SE") == country("") == country("NO") == []
    assert len(country("XX")) == 1
