"""People who come back until they have landed, whatever happens to Landa meanwhile."""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.standin_slack import Ack, Shown, StandIn

END = "Det är bra så"
LOOK_S = 0.1
PATIENCE_S = 25.0
"""A card that was committed before a kill comes when its lease has ended: 15 seconds."""


class StuckError(AssertionError):
    """Somebody could not get to the end."""


async def land(slack: StandIn, user: str, rng: random.Random, *, wait: bool) -> int:
    """Press on from `/landa` to `Klar för nu`. Returns how many acts it took.

    wait  let the exercise end by itself instead of stopping it.
    """
    for acts in range(1, 40):
        before = _state(slack, user)
        ack = await _act(slack, user, wait=wait)
        if ack and ack.status != 200:
            await asyncio.sleep(rng.uniform(0.2, 1.0))
        else:
            await _changed(slack, user, before)
        # Also when Slack gave up waiting: what was asked for may have come all the same.
        if any(END in shown.words for shown in slack.seen(user)):
            return acts
    raise StuckError([(shown.text[:60], shown.labels) for shown in slack.seen(user)[-6:]])


async def _act(slack: StandIn, user: str, *, wait: bool) -> Ack | None:
    """What somebody does who sees this."""
    card = next((c for c in reversed(slack.seen(user)) if c.labels), None)
    for label in ("Klar för nu", "Sluta", "Lugna kroppen", "Landa"):
        if card and label in card.labels:
            if label == "Sluta" and wait and await _ended(card):
                return None
            return await slack.press(user, label, card)
    return await slack.command(user)


async def _ended(card: Shown) -> bool:
    """Whether the exercise's card was rewritten within its time."""
    shown = card.text
    for _ in range(int(110 / LOOK_S)):
        if card.text != shown:
            return True
        await asyncio.sleep(LOOK_S)
    return False


async def _changed(slack: StandIn, user: str, before: object) -> None:
    for _ in range(int(PATIENCE_S / LOOK_S)):
        if _state(slack, user) != before:
            return
        await asyncio.sleep(LOOK_S)


def _state(slack: StandIn, user: str) -> tuple[int, int]:
    seen = slack.seen(user)
    return len(seen), sum(len(shown.versions) for shown in seen)


def anew(slack: StandIn, users: Iterable[str]) -> int:
    """How many stand at the beginning again, by an act of theirs that Landa heard only after they
    had landed."""
    return sum(END not in slack.seen(user)[-1].words for user in users)


def doubles(slack: StandIn) -> int:
    """How often a card was handed over that had been handed over before.

    Buttons are signed for one person and one turn, so the same buttons are the same card.
    """
    cards: Counter[str] = Counter()
    for shown in slack.messages:
        versions: list[list[dict[str, Any]]] = [blocks for _, blocks in shown.versions]
        for blocks in (*versions, shown.blocks):
            values = [
                part.get("value", "")
                for block in blocks
                for part in block.get("elements", [])
                if isinstance(part, dict)
            ]
            if any(values):
                cards["".join(values)] += 1
    return sum(count - 1 for count in cards.values())
