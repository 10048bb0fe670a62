"""Windows and pages: what opens one, what may stand in it, and what it is told when it is sent."""

from dataclasses import dataclass, field
from typing import Any

from tests.standin_slack.elements import BlockError
from tests.standin_slack.limits import check_view
from tests.standin_slack.oauth import SlackError
from tests.standin_slack.world import World, elements_of, words_of

Fields = dict[str, Any]
TRIGGER_S = 3.0  # docs.slack.dev, read 2026-11
ACTIONS = ("clear", "errors", "push", "update")


@dataclass(slots=True)
class View:
    """A modal or a Home, as one person sees it. errors: block_id -> what stands beside it.

    written  block_id -> what its person last put there.
    before  what it said earlier, oldest first.
    """

    id: str
    user: str
    said: Fields
    hash: str
    open: bool = True
    errors: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    before: list[Fields] = field(default_factory=list)

    @property
    def blocks(self) -> list[dict[str, Any]]:
        return self.said["blocks"]

    @property
    def elements(self) -> list[dict[str, Any]]:
        return elements_of(self.blocks)

    @property
    def labels(self) -> list[str]:
        return [element["text"]["text"] for element in self.elements]

    @property
    def words(self) -> str:
        return "\n".join(words_of([self.said.get("title", {}), self.blocks]))


class Views:
    """windows: of each person the newest. homes: of each person who has one."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.windows: dict[str, View] = {}
        self.homes: dict[str, View] = {}

    def open(self, fields: Fields) -> Fields:
        """views.open"""
        user = self._exchanged(str(fields.get("trigger_id", "")))
        shown = self._made(user, fields.get("view"), "modal")
        self.windows[user] = shown
        return {"ok": True, "view": self.payload(shown)}

    def publish(self, fields: Fields) -> Fields:
        """views.publish"""
        user, before = str(fields.get("user_id", "")), self.homes.get(str(fields.get("user_id")))
        if not user or user in self.world.missing:
            raise SlackError("user_not_found")
        if fields.get("hash") and before and fields["hash"] != before.hash:
            raise SlackError("hash_conflict")
        shown = self._made(user, fields.get("view"), "home")
        if before:
            shown.id, shown.before = before.id, [*before.before, before.said]
        self.homes[user] = shown
        return {"ok": True, "view": self.payload(shown)}

    def update(self, fields: Fields) -> Fields:
        """views.update"""
        found = [each for each in self.windows.values() if each.id == fields.get("view_id")]
        if not found or not found[0].open:
            raise SlackError("not_found")
        if fields.get("hash") and fields["hash"] != found[0].hash:
            raise SlackError("hash_conflict")
        self._rewrite(found[0], fields.get("view"))
        return {"ok": True, "view": self.payload(found[0])}

    def told(self, shown: View, answer: Fields) -> None:
        """What the answer to a submission does with the window."""
        action = answer.get("response_action")
        if action not in ACTIONS or set(answer) - {"response_action", "view", "errors"}:
            raise SlackError("invalid answer", f"{answer}")
        match action:
            case "errors":
                asked = {each["block_id"] for each in shown.blocks if each["type"] == "input"}
                errors = answer.get("errors")
                if not isinstance(errors, dict) or not errors or not set(errors) <= asked:
                    raise SlackError("invalid answer", f"errors: {errors}")
                if not all(isinstance(each, str) and each.strip() for each in errors.values()):
                    raise SlackError("invalid answer", f"errors: {errors}")
                shown.errors = errors
            case "update":
                shown.errors = {}
                self._rewrite(shown, answer.get("view"))
            case "push":
                raise SlackError("invalid answer", "nothing is expected to be pushed")
            case _:
                shown.open = False

    def payload(self, shown: View, values: Fields | None = None) -> Fields:
        """As Slack tells of it, with all the fields that it really has."""
        said = {key: value for key, value in shown.said.items() if key != "type"}
        team = self.world.homes.get(shown.user, self.world.team)
        return {
            "id": shown.id,
            "team_id": team,
            "type": shown.said["type"],
            "private_metadata": "",
            "callback_id": "",
            "title": None,
            "close": None,
            "submit": None,
            "clear_on_close": False,
            "notify_on_close": False,
            **said,
            "state": {"values": values or {}},
            "hash": shown.hash,
            "previous_view_id": None,
            "root_view_id": shown.id,
            "app_id": self.world.app,
            "external_id": "",
            "app_installed_team_id": team,
            "bot_id": self.world.bot,
        }

    def _exchanged(self, trigger_id: str) -> str:
        """Whose act it was. It opens one window, within three seconds."""
        trigger = self.world.triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id", trigger_id)
        if trigger.used:
            raise SlackError("exchanged_trigger_id", trigger_id)
        if self.world.clock() - trigger.at > TRIGGER_S:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger.user

    def _made(self, user: str, view: Any, kind: str) -> View:
        checked(view, kind)
        number = self.world.number()
        return View(f"V0{number:08d}", user, view, f"{number}.stand-in")

    def _rewrite(self, shown: View, view: Any) -> None:
        checked(view, "modal")
        shown.before.append(shown.said)
        shown.said, shown.hash = view, f"{self.world.number()}.stand-in"


def checked(view: Any, kind: str) -> None:
    try:
        check_view(view)
    except BlockError as error:
        code = "view_too_large" if "view_too_large" in str(error) else "invalid_arguments"
        raise SlackError(code, str(error)) from None
    if view["type"] != kind:
        raise SlackError("invalid_arguments", f"a {kind} is expected")
