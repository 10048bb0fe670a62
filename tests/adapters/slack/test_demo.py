"""The day that `make demo-slack` shows."""

from tests.adapters.slack.demo import played


async def test_a_day() -> None:
    """Slack would take all of it, and what comes by itself comes: the team's pause, an end."""
    told: list[str] = []
    await played(told.append)
    day = "\n".join(told)
    assert day.count("(by itself)") >= 2
    assert "all in the channel: En liten paus" in day
    assert "Anna's Home: Det här är Landa" in day
    assert "Done: language and time." in day
    assert day.endswith("Landa hör inte av sig.")
