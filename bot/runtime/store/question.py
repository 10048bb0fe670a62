"""Statements by name, for what few turns change and few look up."""

from collections.abc import Mapping
from typing import Any, Literal

Question = Literal[
    "installation",
    "installations",
    "install",
    "change",
    "uninstall",
    "served",
    "serve",
    "members",
    "drop_cards",
    "drop_pauses",
    "drop_conversations",
    "drop_people",
    "drop_served",
    "uploads",
    "keep_upload",
    "drop_uploads",
    "use_once",
    "settle",
    "unsettle",
    "keep_mine",
    "lose_mine",
    "forget_conversation",
    "forget_person",
    "forget_pause",
    "forget_cards",
    "drop_nudges",
    "forget_nudges",
    "keep_nudges",
    "lose_nudges",
    "forget_empty",
    "drop_slots",
    "drop_slot",
    "drop_nudge_cards",
    "drop_calls",
    "add_nudge",
    "team",
    "leads",
    "keep_team",
    "add_lead",
    "drop_lead",
    "end_team",
    "end_leads",
    "forget_leads",
    "drop_teams",
    "drop_leads",
]
"""One statement of `bot.runtime.store.places`, about where Landa is installed; of
`bot.runtime.store.people`, about one person; of `bot.runtime.store.nudges`; or of
`bot.runtime.store.teams`."""
Ask = tuple[Question, Mapping[str, Any]]
