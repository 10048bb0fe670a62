"""What is stored, column by column, each with its purpose and how long it is kept.

Times are milliseconds since 1970 in UTC (`*_ms`). People and workspaces are keyed
hashes; "sealed" bytes can be read only with the keys, which are not in the database.
"""

from sqlalchemy import Table
from sqlmodel import SQLModel

from bot.runtime.tables.company import Colleague, Invitation
from bot.runtime.tables.delivery import Outbox, Seen
from bot.runtime.tables.people import Conversation, Due, Entry, Nudge, Person
from bot.runtime.tables.places import Installation, Keyring, Leaving, Served, Upload
from bot.runtime.tables.teams import Lead, Slip, Team

__all__ = [
    "Colleague",
    "Conversation",
    "Due",
    "Entry",
    "Installation",
    "Invitation",
    "Keyring",
    "Lead",
    "Leaving",
    "Nudge",
    "Outbox",
    "Person",
    "Seen",
    "Served",
    "Slip",
    "Team",
    "Upload",
]

METADATA = SQLModel.metadata


def table(model: type[SQLModel]) -> Table:
    """The Core table of *model*, which the hot path's statements are made of."""
    return METADATA.tables[model.__name__.lower()]
