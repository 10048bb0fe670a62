"""What Teams sends, in the shapes it was seen to send them in."""

import uuid
from datetime import UTC, datetime
from typing import Any

from tests.standin_teams.world import ROOM, Shown, World, parts

Body = dict[str, Any]


def _activity(world: World, kind: str, user: str, service: str, room: str = "") -> Body:
    now = datetime.now(UTC)
    stamp = now.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    talk: Body = {"tenantId": world.tenant, "id": room or world.talk(user)}
    if room:
        talk |= {"isGroup": True, "conversationType": "channel"}
    else:
        talk["conversationType"] = "personal"
    data: Body = {"tenant": {"id": world.tenant}}
    if room:
        channel = room.partition(";")[0]
        data |= {"teamsChannelId": channel, "teamsTeamId": channel, "channel": {"id": channel}}
    return {
        "type": kind,
        "id": world.number(),
        "timestamp": stamp,
        "localTimestamp": stamp,
        "localTimezone": "Europe/Stockholm",
        "serviceUrl": service,
        "channelId": "msteams",
        "from": {
            "id": world.id_of(user),
            "name": f"{user} Andersson",
            "aadObjectId": str(uuid.uuid5(uuid.NAMESPACE_OID, user)),
        },
        "conversation": talk,
        "recipient": {"id": f"28:{world.app}", "name": "Landa"},
        "entities": [
            {
                "locale": "sv-SE",
                "country": "SE",
                "platform": "Web",
                "timezone": "Europe/Stockholm",
                "type": "clientInfo",
            }
        ],
        "channelData": data,
        "locale": "sv-SE",
    }


def message(world: World, user: str, text: str, service: str) -> Body:
    return {
        **_activity(world, "message", user, service),
        "textFormat": "plain",
        "text": text,
        "attachments": [{"contentType": "text/html", "content": f"<p>{text}</p>"}],
    }


def mention(world: World, user: str, text: str, service: str, room: str = ROOM) -> Body:
    body = _activity(world, "message", user, service, room)
    called = {"mentioned": {"id": f"28:{world.app}", "name": "Landa"}, "type": "mention"}
    body["entities"].insert(0, {**called, "text": "<at>Landa</at>"})
    return {**body, "textFormat": "plain", "text": f"<at>Landa</at> {text}\n", "attachments": []}


def press(
    world: World, user: str, button: Body, values: dict[str, str], card: Shown, service: str
) -> Body:
    """The inputs' values come among the button's data, all of them unless it says none."""
    room = card.talk if card.talk != world.talk(user) else ""
    body = _activity(world, "invoke", user, service, room)
    sent = values if button.get("associatedInputs", "auto") == "auto" else {}
    action = {
        "type": "Action.Execute",
        "title": button["title"],
        "verb": button["verb"],
        "data": {**button["data"], **sent},
    }
    return {
        **body,
        "id": f"f:{uuid.uuid4()}",
        "name": "adaptiveCard/action",
        "replyToId": card.id,
        "value": {"action": action, "trigger": "manual"},
        "channelData": {
            **body["channelData"],
            "source": {"name": "message"},
            "legacy": {"replyToId": f"1:{uuid.uuid4().hex[:12]}"},
        },
    }


def answers(card: Shown, chosen: dict[str, str]) -> dict[str, str]:
    """What the inputs hold: as they were, or as chosen. chosen: id -> value."""
    values: dict[str, str] = {}
    for part in parts(card.card):
        if part["type"].startswith("Input."):
            held = chosen.get(part["id"], part.get("value", ""))
            if held:
                values[part["id"]] = held
    return values


def installation(world: World, user: str, action: str, service: str) -> Body:
    """action: add, remove, add-upgrade or remove-upgrade."""
    body = _activity(world, "installationUpdate", user, service)
    return {**body, "id": f"f:{uuid.uuid4()}", "action": action}


def joined(world: World, user: str, service: str) -> Body:
    """What comes beside an installation: the bot itself is among the new members."""
    members = [{"id": f"28:{world.app}"}, {"id": world.id_of(user)}]
    body = _activity(world, "conversationUpdate", user, service)
    return {**body, "id": f"f:{uuid.uuid4()}", "membersAdded": members}
