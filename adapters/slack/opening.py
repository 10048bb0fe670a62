"""A form's window is opened while Slack still lets us: within three seconds of what was done."""

import asyncio
import logging
from datetime import datetime, timedelta

from adapters.slack.call import Calls
from adapters.slack.modal import window
from bot.core.errors import DeliveryError
from bot.core.port import Outgoing

log = logging.getLogger("landa.slack")

YOUNG = timedelta(seconds=2.5)
# A trigger_id works once, for three seconds. docs.slack.dev, read 2026-11
WAIT_S = 3.0


async def opened(calls: Calls, outgoing: Outgoing, now: datetime) -> bool:
    """False where the form is to be shown as a card: there is nothing to open a window with, it is
    too late, or Slack did not do it.
    """
    trigger = outgoing.address.get("trigger")
    if not trigger or outgoing.doubts or now - outgoing.since > YOUNG:
        return False
    view = window(outgoing)
    if view is None:
        return False
    try:
        async with asyncio.timeout(WAIT_S):
            team = str(outgoing.address.get("team", ""))
            await calls.method(team, "views.open", {"trigger_id": trigger, "view": view})
    except DeliveryError as error:
        log.info("no window: %s", error.reason)
        return False
    except TimeoutError:
        log.info("no window: no answer")
        return False
    return True
