"""What Slack tells about Landa itself is understood, or refused: never guessed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from adapters.slack.fields import MalformedError
from adapters.slack.news import Gone, news_of
from adapters.slack.workspaces import MOST, Workspaces
from bot.core.installation import Installation

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def body(inner: dict[str, Any], **more: Any) -> dict[str, Any]:
    stamp = int(AT.timestamp())
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_time": stamp,
        "event": inner,
        **more,
    }


WHOLE = [{"enterprise_id": "E1", "team_id": None, "is_enterprise_install": True}]


@pytest.mark.parametrize(
    ("inner", "more", "found"),
    [
        ({"type": "app_uninstalled"}, {}, [("T1", "")]),
        ({"type": "app_uninstalled"}, {"enterprise_id": "E1"}, [("T1", "E1")]),
        ({"type": "app_uninstalled"}, {"team_id": "E1"}, [("", "E1")]),
        ({"type": "app_uninstalled"}, {"team_id": None, "enterprise_id": "E1"}, [("", "E1")]),
        (
            {"type": "app_uninstalled"},
            {"enterprise_id": "E1", "authorizations": WHOLE},
            [("", "E1")],
        ),
        ({"type": "tokens_revoked", "tokens": {"bot": ["U1"]}}, {}, [("T1", "")]),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}}, {}, []),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}, {}, []),
        (
            {"type": "team_access_revoked", "team_ids": ["T1", "T2"]},
            {"team_id": "E1"},
            [("T1", ""), ("T2", "")],
        ),
    ],
)
def test_who_is_gone(inner: Any, more: Any, found: Any) -> None:
    """A workspace, a whole organisation, some workspaces of one; or a person's token: nobody."""
    assert news_of(body(inner, **more)) == tuple(Gone(*each, AT) for each in found)


@pytest.mark.parametrize(
    "wrong",
    [
        body({"type": "app_uninstalled"}, event_time="soon"),
        body({"type": "app_uninstalled"}, event_time=0),
        body({"type": "app_uninstalled"}, event_time=10**12),
        body({"type": "app_uninstalled"}, team_id=7),
        body({"type": "app_uninstalled"}, team_id=None),
        body({"type": "tokens_revoked"}),
        body({"type": "tokens_revoked", "tokens": ["U1"]}),
        body({"type": "team_access_revoked", "team_ids": "T1"}),
        body({"type": "team_access_revoked", "team_ids": [7]}),
    ],
)
def test_what_nobody_understands(wrong: Any) -> None:
    """News of another shape than Slack describes takes nothing away."""
    with pytest.raises(MalformedError):
        news_of(wrong)


@pytest.mark.parametrize(
    "other", [{"type": "message"}, {"type": "app_mention"}, {"type": None}, {}]
)
def test_other_events(other: Any) -> None:
    """What people write is no news of this kind, nor is a command."""
    assert news_of(body(other)) is None
    assert news_of({"command": "/landa", "team_id": "T1"}) is None


async def test_only_so_many_are_remembered() -> None:
    """However many workspaces come, only so many are kept at hand."""

    class All:
        async def find(self, team: str, enterprise: str = "") -> Installation:
            return Installation(team, enterprise, "t", "U", (), AT)

    served: Any = Workspaces(All(), None, lambda: AT)  # type: ignore[arg-type]
    for number in range(MOST + 50):
        assert await served.serves(f"T{number}", "")
    assert len(served._kept) == MOST
    assert ("T0", "") not in served._kept
    assert await served.serves("T0", "")
