"""Where Landa is installed, and with which keys."""

from typing import Any

from sqlalchemy import BigInteger, LargeBinary, String
from sqlmodel import SQLModel

from bot.runtime.columns import column, whose
from bot.runtime.retention import GOOD, GRACE, INSTALLED


class Installation(SQLModel, table=True):
    """Each workspace, or organisation, that has installed Landa for itself."""

    __table_args__: Any = whose("workspace")
    id: bytes = column(LargeBinary, "keyed hash: of where", INSTALLED, primary_key=True)
    platform: str = column(String(16), "which adapter it is for", INSTALLED)
    sealed: bytes = column(LargeBinary, "sealed: ids, tokens, scopes, when", INSTALLED)
    version: int = column(BigInteger, "decides between two that change it", INSTALLED)


class Served(SQLModel, table=True):
    """Workspaces that an organisation's installation serves."""

    __table_args__: Any = whose("workspace")
    workspace: bytes = column(LargeBinary, "keyed hash: where", INSTALLED, primary_key=True)
    installation: bytes = column(LargeBinary, "keyed hash: of the organisation", INSTALLED)
    since_ms: int = column(BigInteger, "news from before then come too late", INSTALLED)


class Leaving(SQLModel, table=True):
    """Workspaces that have taken Landa away, while what belongs to them is still kept."""

    __table_args__: Any = whose("workspace")
    workspace: bytes = column(LargeBinary, "keyed hash: where", GRACE, primary_key=True)
    until_ms: int = column(BigInteger, "everything goes from then on", GRACE, index=True)


class Upload(SQLModel, table=True):
    """Pictures that a platform keeps for us, in each workspace."""

    __table_args__: Any = whose("workspace")
    id: bytes = column(LargeBinary, "keyed hash: which picture, where", INSTALLED, primary_key=True)
    workspace: bytes = column(LargeBinary, "keyed hash: where", INSTALLED, index=True)
    sealed: bytes = column(LargeBinary, "sealed: its name, and the platform's id of it", INSTALLED)


class Keyring(SQLModel, table=True):
    """Landa's own keys, wrapped by LANDA_SECRET_KEYS."""

    __table_args__: Any = whose("nobody")
    purpose: str = column(String(16), "what the key is for", GOOD, primary_key=True)
    wrapped: bytes = column(LargeBinary, "the key, sealed by the operator's key", GOOD)
