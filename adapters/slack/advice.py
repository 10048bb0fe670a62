"""What an operator can do about a card that Slack would not take, by Slack's own word for why."""

from collections.abc import Mapping

_GONE = "the person's account is closed, or Landa's is"
_LEAVE = "install Landa again in Slack, and set the token that it then has"
AGAIN = "paste the manifest again in the Slack app's settings, and install Landa again"
_TAB = "App Home in the Slack app's settings: switch the Messages tab on, and let people write"
_OURS = "a card that Slack does not take: a fault of Landa's own; please report it with this word"
_RULES = "the workspace's rules keep Landa from writing there: ask its owner"
_AWAY = "Slack was not to be reached, or did not answer, for more than ten minutes"

ADVICE: Mapping[str, str] = {
    **dict.fromkeys(("invalid_auth", "not_authed", "token_revoked", "token_expired"), _LEAVE),
    "reinstall_needed": "its token was lost: install Landa again at /slack/install",
    "missing_scope": AGAIN,
    **dict.fromkeys(("messages_tab_disabled", "cannot_dm_bot"), _TAB),
    **dict.fromkeys(("invalid_blocks", "msg_too_long", "msg_blocks_too_long", "no_text"), _OURS),
    **dict.fromkeys(("restricted_action", "access_denied", "ekm_access_denied"), _RULES),
    **dict.fromkeys(("no connection", "connection lost", "unreadable answer"), _AWAY),
}
FINE: Mapping[str, str] = {
    **dict.fromkeys(("account_inactive", "user_not_found", "user_disabled"), _GONE),
    "channel_not_found": "the person's chat with Landa is no longer there",
    "is_archived": "the channel was put away",
    "outcome_unknown": "Slack's answer was lost twice; the card may have arrived",
    "another_workspace": "cards from before the token was changed to another workspace's",
    "reinstalled": "cards from before Landa was installed anew",
    "uninstalled": "cards that waited when Landa was taken away",
}
"""Nothing is to be done about these."""
