"""What Slack refuses in the parts of blocks. docs.slack.dev, read 2026-11; code points."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

ID = 255
BUTTON_STYLES = ("primary", "danger")


class BlockError(Exception):
    """path: where in the blocks. The message says what is wrong there."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")


def image(block: Any, path: str) -> None:
    keys(block, path, "type alt_text", "block_id title image_url slack_file")
    string(block["alt_text"], f"{path}.alt_text", 2_000)
    if ("image_url" in block) == ("slack_file" in block):
        raise BlockError(path, "either image_url or slack_file")
    if "slack_file" in block:
        slack_file(block["slack_file"], f"{path}.slack_file")
    else:
        string(block["image_url"], f"{path}.image_url", 3_000)
        if not block["image_url"].startswith(("https://", "http://")):
            raise BlockError(path, "image_url")
    if "title" in block:
        text(block["title"], f"{path}.title", 2_000, "plain_text")


def slack_file(part: Any, path: str) -> None:
    if not isinstance(part, dict) or len(part) != 1:
        raise BlockError(path, "either id or url")
    keys(part, path, "", "id url")
    string(next(iter(part.values())), path, ID)


def button(part: Any, path: str) -> None:
    keys(part, path, "type text", "action_id url value style confirm accessibility_label")
    text(part["text"], f"{path}.text", 75, "plain_text")
    string(part.get("value", "-"), f"{path}.value", 2_000)
    string(part.get("url", "-"), f"{path}.url", 3_000)
    if "url" in part and not part["url"].startswith(("https://", "http://", "mailto:", "slack:")):
        raise BlockError(path, "url")
    string(part.get("accessibility_label", "-"), f"{path}.accessibility_label", 75)
    if "style" in part and part["style"] not in BUTTON_STYLES:
        raise BlockError(path, "style")


def select(part: Any, path: str) -> None:
    keys(part, path, "type options", "action_id initial_option placeholder confirm focus_on_load")
    options(part, path, 100, "plain_text")
    if "placeholder" in part:
        text(part["placeholder"], f"{path}.placeholder", 150, "plain_text")


def overflow(part: Any, path: str) -> None:
    keys(part, path, "type options", "action_id confirm")
    options(part, path, 5, "plain_text")


def ticks(part: Any, path: str) -> None:
    keys(
        part, path, "type options", "action_id initial_option initial_options confirm focus_on_load"
    )
    options(part, path, 10, "plain_text", "mrkdwn")


def selects(part: Any, path: str) -> None:
    keys(
        part,
        path,
        "type options",
        "action_id initial_options placeholder confirm focus_on_load max_selected_items",
    )
    options(part, path, 100, "plain_text")


def timepicker(part: Any, path: str) -> None:
    keys(part, path, "type", "action_id initial_time placeholder confirm focus_on_load timezone")
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", part.get("initial_time", "00:00")):
        raise BlockError(path, "initial_time")


def datepicker(part: Any, path: str) -> None:
    keys(part, path, "type", "action_id initial_date placeholder confirm focus_on_load")
    try:
        date.fromisoformat(part.get("initial_date", "2026-01-01"))
    except ValueError:
        raise BlockError(path, "initial_date") from None


def users_select(part: Any, path: str) -> None:
    keys(part, path, "type", "action_id initial_user placeholder confirm focus_on_load")
    if not re.fullmatch(r"[UW][A-Z0-9]+", part.get("initial_user", "U1")):
        raise BlockError(path, "initial_user")


def plain_text_input(part: Any, path: str) -> None:
    keys(part, path, "type", "action_id initial_value multiline min_length max_length placeholder")
    if "placeholder" in part:
        text(part["placeholder"], f"{path}.placeholder", 150, "plain_text")


def options(part: Any, path: str, most: int, *kinds: str) -> None:
    offered = array(part["options"], f"{path}.options", most)
    for number, option in enumerate(offered):
        where = f"{path}.options[{number}]"
        keys(option, where, "text value", "description url")
        text(option["text"], f"{where}.text", 75, *kinds)
        string(option["value"], f"{where}.value", 150)
    initial = [part["initial_option"]] if "initial_option" in part else []
    if "initial_options" in part:
        initial += array(part["initial_options"], f"{path}.initial_options", most)
    if any(chosen not in offered for chosen in initial):
        raise BlockError(path, "what is chosen first is none of the options")


def confirm(part: Any, path: str) -> None:
    keys(part, path, "title text confirm deny", "style")
    text(part["title"], f"{path}.title", 100, "plain_text")
    text(part["text"], f"{path}.text", 300)
    text(part["confirm"], f"{path}.confirm", 30, "plain_text")
    text(part["deny"], f"{path}.deny", 30, "plain_text")


def element(part: Any, path: str, kinds: tuple[str, ...]) -> None:
    name = kind(part, path)
    if name not in kinds:
        raise BlockError(path, "unknown element here")
    image(part, path) if name == "image" else ELEMENT[name](part, path)
    if "confirm" in part:
        confirm(part["confirm"], f"{path}.confirm")


def text(part: Any, path: str, most: int, *kinds: str) -> None:
    name = kind(part, path)
    if name not in (kinds or ("plain_text", "mrkdwn")):
        raise BlockError(path, "wrong kind of text")
    keys(part, path, "type text", "emoji" if name == "plain_text" else "verbatim")
    string(part["text"], f"{path}.text", most)


def string(value: Any, path: str, most: int, least: int = 1) -> None:
    if not isinstance(value, str):
        raise BlockError(path, "no string")
    if not least <= len(value) <= most:
        raise BlockError(path, f"{len(value)} characters, {least} to {most} allowed")


def array(value: Any, path: str, most: int) -> list[Any]:
    if not isinstance(value, list):
        raise BlockError(path, "no array")
    if not 1 <= len(value) <= most:
        raise BlockError(path, f"{len(value)} items, 1 to {most} allowed")
    return value


def keys(part: Any, path: str, needed: str, allowed: str = "") -> None:
    if missing := set(needed.split()) - set(part):
        raise BlockError(path, f"missing {sorted(missing)}")
    if unknown := set(part) - set(needed.split()) - set(allowed.split()):
        raise BlockError(path, f"unknown {sorted(unknown)}")


def kind(part: Any, path: str) -> str:
    if not isinstance(part, dict) or not isinstance(part.get("type"), str):
        raise BlockError(path, "no type")
    return part["type"]


Check = Callable[[Any, str], None]
ELEMENT: dict[str, Check] = {
    "button": button,
    "static_select": select,
    "overflow": overflow,
    "checkboxes": ticks,
    "radio_buttons": ticks,
    "plain_text_input": plain_text_input,
    "multi_static_select": selects,
    "timepicker": timepicker,
    "datepicker": datepicker,
    "users_select": users_select,
}
INPUTS = (
    "static_select",
    "multi_static_select",
    "checkboxes",
    "radio_buttons",
    "plain_text_input",
    "timepicker",
    "datepicker",
    "users_select",
)
