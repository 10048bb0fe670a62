"""One-time tickets, for the way out to another site and back: sealed, bound to a browser."""

import base64
import binascii
import hmac
from collections.abc import Callable
from datetime import datetime

from bot.core.errors import StateError
from bot.runtime.codec import ms
from bot.runtime.store import Store
from bot.runtime.vault import Vault

LIVES_MS = 600_000
LONGEST = 2_000


class SealedTickets:
    """A `bot.core.port.Tickets`. purpose: tickets for one are no good for another."""

    def __init__(
        self, purpose: str, store: Store, vault: Vault, now: Callable[[], datetime]
    ) -> None:
        self._purpose, self._store, self._vault, self._now = purpose, store, vault, now

    def issue(self, browser: str) -> str:
        plain = f"{ms(self._now())} {browser}".encode()
        return base64.urlsafe_b64encode(self._vault.seal(plain, self._bound_to)).decode()

    async def redeem(self, ticket: str, browser: str) -> bool:
        if not self._holds(ticket, browser):
            return False
        # Not by its text: letters of base64 that differ may mean the same bytes.
        once = self._vault.hash("ticket", self._purpose, _bytes(ticket).hex())
        (used,) = await self._store.ask(("use_once", {"once": once, "at": ms(self._now())}))
        return bool(used)

    @property
    def _bound_to(self) -> bytes:
        return b"ticket" + self._purpose.encode()

    def _holds(self, ticket: str, browser: str) -> bool:
        try:
            plain = self._vault.open(_bytes(ticket), self._bound_to)
        except (StateError, ValueError):
            return False
        issued, _, to = plain.partition(b" ")
        age_ms = ms(self._now()) - int(issued)
        return 0 <= age_ms <= LIVES_MS and hmac.compare_digest(to, browser.encode())


def _bytes(ticket: str) -> bytes:
    """raises  ValueError"""
    if len(ticket) > LONGEST or not ticket.isascii():
        raise binascii.Error
    return base64.urlsafe_b64decode(ticket)
