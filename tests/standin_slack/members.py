"""What Slack knows of people: names and pictures too, which are none of Landa's business."""

from typing import Any

from tests.standin_slack.oauth import SlackError
from tests.standin_slack.world import World

Fields = dict[str, Any]


class Members:
    """people: what is different about somebody; without an entry, nothing is."""

    def __init__(self, world: World) -> None:
        self.world = world

    def info(self, fields: Fields) -> Fields:
        """users.info"""
        user = str(fields.get("user", ""))
        if not user.startswith(("U", "W")) or user in self.world.missing:
            raise SlackError("user_not_found")
        return {"ok": True, "user": self.described(user, locale=bool(fields.get("include_locale")))}

    def described(self, user: str, *, locale: bool = True) -> Fields:
        whole: Fields = {}
        team = self.world.homes.get(user, self.world.team)
        if self.world.enterprise:
            whole["enterprise_user"] = {
                "id": user,
                "enterprise_id": self.world.enterprise,
                "enterprise_name": "Region",
                "is_admin": False,
                "is_owner": False,
                "teams": [team],
            }
        said = {
            "id": user,
            "team_id": team,
            "name": "kanarie.namn",
            "deleted": False,
            "color": "9f69e7",
            "real_name": "Kanarie Namnsson",
            "tz": "Europe/Stockholm",
            "tz_label": "Central European Time",
            "tz_offset": 3600,
            "profile": {
                "avatar_hash": "ge3b51ca72de",
                "status_text": "kanariestatus",
                "real_name": "Kanarie Namnsson",
                "display_name": "kanarie",
                "image_original": "https://avatars.example/kanarie.jpg",
                "team": team,
            },
            "is_admin": False,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": False,
            "updated": 1795420800,
            "is_app_user": False,
            "has_2fa": False,
            **({"locale": "sv-SE"} if locale else {}),
            **whole,
            **self.world.people.get(user, {}),
        }
        return said if locale else {key: each for key, each in said.items() if key != "locale"}
