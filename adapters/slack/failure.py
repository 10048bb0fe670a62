"""What Slack's refusals mean for a card: try again, wait, go another way, or give up."""

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from slack_sdk.errors import SlackApiError

from bot.core.errors import DeliveryError

# docs.slack.dev, errors of chat.postMessage and chat.update, read 2026-11
BUSY = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
BROKEN = frozenset({"fatal_error", "internal_error", "request_timeout", "service_unavailable"})
MOVING = frozenset({"team_added_to_org", "external_channel_migrating"})
# The card is not there to be rewritten, while its person can still be reached.
GONE = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "update_failed"}
    | {"channel_not_found", "is_inactive", "streaming_state_conflict"}
)
# Nothing can be shown to this person in this channel: they, or Landa, are not in it.
AWAY = frozenset(
    {"channel_not_found", "not_in_channel", "user_not_in_channel", "is_archived", "no_permission"}
    | {"restricted_action", "restricted_action_read_only_channel", "thread_not_found"}
    | {"restricted_action_thread_only_channel", "restricted_action_non_threadable_channel"}
    | {"method_not_supported_for_channel_type", "access_denied"}
)
# A picture that Slack cannot fetch, does not find, or has not looked at yet.
BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format"})
# github.com/slackapi/java-slack-sdk/issues/1349: a response_url answers 404 to BLOCKS as well.
RESPONSE_URL_CLOSED = frozenset({404, 410})
RESPONSE_URL_OVER = frozenset({"expired_url", "used_url"})
UNTOLD_S = 30.0
"""Slack is busy and does not say for how long."""
DAY_S = 86_400
CODE = re.compile(r"[a-z_]{1,64}")


def refused(code: str) -> DeliveryError:
    """*code*: Slack's own word for why; it never holds what was sent.

    A code that is not known to pass is final: the same card would meet it again.
    """
    if code in BUSY:
        return DeliveryError(code, retry_after_s=UNTOLD_S)
    if code in BROKEN:  # "some aspect of the operation" may have succeeded, says Slack
        return DeliveryError(code, unknown=True)
    return DeliveryError(code, permanent=code not in MOVING)


def failed(status: int, headers: Mapping[str, str], code: str = "") -> DeliveryError:
    """An answer with an HTTP status that is not 200, or that could not be read."""
    if status == 429:
        return DeliveryError("ratelimited", retry_after_s=_seconds(headers.get("Retry-After")))
    if status >= 500 or status < 400:
        return DeliveryError(code or f"http {status}", unknown=True)
    return DeliveryError(code or f"http {status}", permanent=True)


def api_error(error: SlackApiError) -> DeliveryError:
    answer: Any = error.response  # of either kind of client, or of aiohttp
    status = getattr(answer, "status_code", None)
    data: object = getattr(answer, "data", None)
    if not isinstance(status, int):
        return DeliveryError("unreadable answer", unknown=True)
    code = word(cast("Mapping[str, object]", data).get("error")) if isinstance(data, dict) else ""
    if status == 200:
        return refused(code) if code else DeliveryError("unreadable answer", unknown=True)
    return failed(status, answer.headers, code)


def code_of(body: bytes) -> str:
    """Slack's word for how it went: "ok", an error, or "" for anything else."""
    try:
        answer: object = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(answer, dict):
        return ""
    fields = cast("Mapping[str, object]", answer)
    return "ok" if fields.get("ok") is True else word(fields.get("error"))


def word(code: object) -> str:
    """An error code, or "" for what does not look like one: it will stand in a log."""
    return code if isinstance(code, str) and CODE.fullmatch(code) else ""


def _seconds(text: str | None) -> float:
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 5):
        return UNTOLD_S
    return float(min(int(text), DAY_S))
