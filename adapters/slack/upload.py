"""One picture into one workspace: Slack names an address, takes the bytes, and is told of it."""

import json

from adapters.slack.call import Calls
from adapters.slack.fields import MalformedError, id_of, text_of
from bot.core.errors import DeliveryError

NAMED, DONE = "files.getUploadURLExternal", "files.completeUploadExternal"


async def upload(calls: Calls, team: str, name: str, data: bytes) -> str:
    """The id of a file that nobody sees until a card shows it.

    raises  DeliveryError
    """
    try:
        asked = {"filename": name, "length": len(data)}
        named = await calls.method(team, NAMED, asked, form=True)
        id, url = id_of(named, "file_id"), text_of(named, "upload_url")
    except MalformedError:
        raise DeliveryError("unreadable answer") from None
    status, _, _ = await calls.post(url, data=data)
    if status != 200:
        raise DeliveryError(f"http {status}")
    whole = {"files": json.dumps([{"id": id, "title": name}])}
    await calls.method(team, DONE, whole, form=True)
    return id
