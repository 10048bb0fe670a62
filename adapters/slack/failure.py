"""What Slack's refusals mean for a card: try again, wait, go another way, or give up."""

from collections.abc import Mapping

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
RESPONSE_URL_CLOSED = frozenset({404, 410})
RESPONSE_URL_OVER = frozenset({"expired_url", "used_url"})
DAY_S = 86_400


def refused(code: str, retry_after_s: float | None = None) -> DeliveryError:
    """*code*: Slack's own word for why; it never holds what was sent.

    A code that is not known to pass is final: the same card would meet it again.
    """
    if code in BUSY:
        return DeliveryError(code, retry_after_s=retry_after_s)
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


def _seconds(text: str | None) -> float | None:
    """None for what is no whole number of seconds within a day."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= 5):
        return None
    return float(min(int(text), DAY_S))
