"""What people see: a card as each platform shows it, held against that platform's limits."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from adapters.slack import modal
from adapters.slack import render as slack
from adapters.teams import render as teams
from bot.core.message import Breath, Form
from bot.core.port import Outgoing
from tests.adapters.teams.limits import complaints, parts
from tests.adapters.teams.microsoft import Parser
from tests.standin_slack.api import TEXT, SlackError, content
from tests.standin_slack.elements import BlockError
from tests.standin_slack.limits import check_view

PICTURES = "https://landa.example.se"
WORDS = {"RichTextBlock", "TextRun", "AdaptiveCard"}


def _hosted(breath: Breath) -> dict[str, str]:
    return {"image_url": f"{PICTURES}/pictures/{breath.name}.gif"}


def problems(cards: Iterable[Outgoing], parser: Parser) -> list[str]:
    """Everything that is wrong with *cards*; empty when all can be shown everywhere."""
    return [problem for card in cards for problem in (*_slack(card), *_teams(card, parser))]


def _slack(outgoing: Outgoing) -> Iterator[str]:
    try:
        content(slack.render(outgoing, _hosted), TEXT)
        for view in _views(outgoing):
            check_view(view)
    except (SlackError, BlockError) as refused:
        yield f"Slack: {refused}"


def _views(outgoing: Outgoing) -> Iterator[dict[str, Any]]:
    """The same in a window of its own, and as a page."""
    card = outgoing.card
    if isinstance(card, Form):
        window = modal.window(outgoing)
        assert window or len(card.choices) > 2, "a form that no window can hold"
        if window:
            yield window
    elif card.standing:
        yield {"type": "home", "blocks": slack.page(card)}


def _teams(outgoing: Outgoing, parser: Parser) -> Iterator[str]:
    card = teams.render(outgoing, PICTURES)
    yield from (f"Teams: {each}" for each in (*complaints(card), *parser.faults(card)))
    if "slack" in json.dumps(card).lower():
        yield "Teams: another chat platform is named"
    # It stays where the person was, and says nothing of what was there before.
    finished = outgoing.replace and not outgoing.card.choices
    if finished and {part["type"] for part in parts(card)} != WORDS:
        yield "Teams: a finished card that is more than its last words"
