"""Whether a card has arrived whose answer was lost: each carries a mark that is its row's own."""

from datetime import timedelta
from typing import Any, cast

from adapters.slack.call import Calls
from adapters.slack.fields import Body
from bot.core.errors import DeliveryError
from bot.core.port import Outgoing

# Without a directory's approval Slack gives no more at once. docs.slack.dev, read 2026-11
LIMIT = 15
SKEW = timedelta(minutes=5)
"""Our clock and Slack's may differ by as much."""


def marked(fields: dict[str, Any], id: str) -> dict[str, Any]:
    """The same message, with the mark. id: of the outbox row."""
    blocks: list[dict[str, Any]] = list(fields["blocks"])
    free = next((n for n, block in enumerate(blocks) if "block_id" not in block), None)
    if free is None:
        return fields
    blocks[free] = {**blocks[free], "block_id": _mark(id)}
    return {**fields, "blocks": blocks}


async def arrived(calls: Calls, outgoing: Outgoing) -> bool | None:
    """Whether the card stands in its person's own chat. None: there is no way to tell.

    Only marks are looked at, never what anybody wrote.
    raises  DeliveryError when it cannot be told now
    """
    channel = _chat(outgoing)
    if not channel:
        return None
    since = (outgoing.since - SKEW).timestamp()
    asked = {"channel": channel, "oldest": f"{since:.6f}", "limit": LIMIT}
    team = str(outgoing.address.get("team", ""))
    try:
        answer = await calls.method(team, "conversations.history", asked)
    except DeliveryError as error:
        if error.permanent:
            return None
        # Not told is not denied: the doubt remains.
        again = error.retry_after_s
        raise DeliveryError(error.reason, retry_after_s=again, unknown=True) from None
    return _mark(outgoing.id) in _block_ids(answer)


def _chat(outgoing: Outgoing) -> str:
    """The person's own chat with Landa; "" where it is not known."""
    if channel := outgoing.home.get("channel"):
        return str(channel)
    return (
        str(outgoing.address["channel"])
        if outgoing.address.get("dm") and ("channel" in outgoing.address)
        else ""
    )


def _block_ids(answer: Body) -> set[object]:
    found: set[object] = set()
    for message in _list(answer.get("messages")):
        for block in _list(message.get("blocks")):
            found.add(block.get("block_id"))
    return found


def _list(value: object) -> list[Body]:
    if not isinstance(value, list):
        return []
    many = cast("list[object]", value)
    return [cast("Body", one) for one in many if isinstance(one, dict)]


def _mark(id: str) -> str:
    return f"card-{id}"
