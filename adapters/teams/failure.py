"""What the connector's refusals mean for a card: try again, wait, go another way, or give up."""

import json
import re
from collections.abc import Mapping
from typing import cast

from bot.core.errors import DeliveryError

# learn.microsoft.com, "Optimize your bot with rate limiting" and "Send proactive messages",
# read 2026-11: these are to be tried again, spread out
PASSING = frozenset({408, 412, 425, 429})
# The card is not there to be rewritten, while its person can still be reached.
GONE = frozenset({"ActivityNotFoundInConversation", "MessageNotFound", "BadSyntax", "http 404"})
SHUT_OUT = "MessageWritesBlocked"
DAY_S = 86_400
CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")


def failed(status: int, headers: Mapping[str, str], body: bytes) -> DeliveryError:
    """A status that is no success. The reason never holds what was sent."""
    code = _code(body) or f"http {status}"
    if status in PASSING:
        return DeliveryError(code, retry_after_s=_seconds(headers.get("Retry-After")))
    if status == 401:  # ours to mend, and then the card can still go
        return DeliveryError(code)
    if status >= 500 or status < 400:
        return DeliveryError(code, unknown=True)
    return DeliveryError(code, permanent=True, shut=code == SHUT_OUT)


def _code(body: bytes) -> str:
    """Microsoft's word for why; "" for what does not look like one: it will stand in a log."""
    try:
        answer: object = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    error = cast("Mapping[str, object]", answer).get("error") if isinstance(answer, dict) else None
    code = cast("Mapping[str, object]", error).get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) and CODE.fullmatch(code) else ""


def _seconds(text: str | None) -> float | None:
    """None for what is no whole number of seconds."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 5):
        return None
    return float(min(int(text), DAY_S))
