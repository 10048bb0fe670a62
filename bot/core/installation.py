"""Where Landa is installed: what a workspace, or a whole organisation, has entrusted to it."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Installation:
    """team            "" where a whole organisation has installed Landa.
    enterprise      the organisation; "" for a workspace of its own.
    expires_at      of the token; None for one that lasts.
    busy_until      somebody is exchanging the refresh token until then; nobody else may.
    lost            the refresh token no longer works: only a new installation helps.
    version         of what is stored; 0 before it is. Decides between two that change it.
    """

    team: str = field(repr=False)
    enterprise: str = field(repr=False)
    bot_token: str = field(repr=False)
    bot_user: str = field(repr=False)
    scopes: tuple[str, ...]
    installed_at: datetime
    refresh_token: str = field(default="", repr=False)
    expires_at: datetime | None = None
    busy_until: datetime | None = None
    lost: bool = False
    version: int = 0
