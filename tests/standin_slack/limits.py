"""What Slack refuses in blocks and views. docs.slack.dev, read 2026-11."""

import json
from typing import Any

from tests.standin_slack.elements import (
    ELEMENT,
    ID,
    INPUTS,
    BlockError,
    Check,
    array,
    element,
    image,
    keys,
    kind,
    string,
    text,
)

BLOCKS, VIEW_BLOCKS = 50, 100
ALL_TEXT = 13_200
VIEW_BYTES = 250_000


def check_blocks(blocks: Any, most: int = BLOCKS) -> None:
    """raises BlockError at the first fault"""
    array(blocks, "blocks", most)
    ids: set[str] = set()
    actions: set[str] = set()
    for number, block in enumerate(blocks):
        path = f"blocks[{number}]"
        check = BLOCK.get(kind(block, path))
        if check is None:
            raise BlockError(path, "unknown block")
        unique(block, "block_id", path, ids)
        check(block, path)
        for part in elements_of(block):
            unique(part, "action_id", path, actions)
    if sum(map(text_length, blocks)) > ALL_TEXT and most == BLOCKS:
        raise BlockError("blocks", "msg_blocks_too_long")


def check_view(view: Any) -> None:
    keys(
        view,
        "view",
        "type blocks",
        "title submit close private_metadata callback_id clear_on_close notify_on_close "
        "external_id",
    )
    if view["type"] not in ("modal", "home"):
        raise BlockError("view", "unknown view")
    check_blocks(view["blocks"], VIEW_BLOCKS)
    for name in ("title", "submit", "close"):
        if name in view:
            text(view[name], f"view.{name}", 24, "plain_text")
    if view["type"] == "modal" and "title" not in view:
        raise BlockError("view", "no title")
    inputs = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and inputs and "submit" not in view:
        raise BlockError("view", "submit is needed with inputs")
    string(view.get("private_metadata", ""), "view.private_metadata", 3_000, least=0)
    string(view.get("callback_id", ""), "view.callback_id", ID, least=0)
    if len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise BlockError("view", "view_too_large")


def header(block: Any, path: str) -> None:
    keys(block, path, "type text", "block_id level")
    text(block["text"], f"{path}.text", 150, "plain_text")


def section(block: Any, path: str) -> None:
    keys(block, path, "type", "text fields accessory block_id expand")
    if "text" not in block and "fields" not in block:
        raise BlockError(path, "neither text nor fields")
    if "text" in block:
        text(block["text"], f"{path}.text", 3_000)
    if "fields" in block:
        for number, field in enumerate(array(block["fields"], f"{path}.fields", 10)):
            text(field, f"{path}.fields[{number}]", 2_000)
    if "accessory" in block:
        element(block["accessory"], f"{path}.accessory", (*ELEMENT, "image"))


def context(block: Any, path: str) -> None:
    keys(block, path, "type elements", "block_id")
    for number, part in enumerate(array(block["elements"], f"{path}.elements", 10)):
        where = f"{path}.elements[{number}]"
        image(part, where) if kind(part, where) == "image" else text(part, where, 3_000)


def actions(block: Any, path: str) -> None:
    keys(block, path, "type elements", "block_id")
    for number, part in enumerate(array(block["elements"], f"{path}.elements", 25)):
        element(part, f"{path}.elements[{number}]", tuple(ELEMENT))


def input_block(block: Any, path: str) -> None:
    keys(block, path, "type label element", "block_id hint optional dispatch_action")
    text(block["label"], f"{path}.label", 2_000, "plain_text")
    if "hint" in block:
        text(block["hint"], f"{path}.hint", 2_000, "plain_text")
    element(block["element"], f"{path}.element", INPUTS)


def divider(block: Any, path: str) -> None:
    keys(block, path, "type", "block_id")


def unique(part: Any, key: str, path: str, seen: set[str]) -> None:
    if key not in part:
        return
    string(part[key], f"{path}.{key}", ID)
    if part[key] in seen:
        raise BlockError(path, f"{key} twice")
    seen.add(part[key])


def elements_of(block: Any) -> list[Any]:
    one = [block[key] for key in ("accessory", "element") if key in block]
    return [part for part in (*block.get("elements", ()), *one) if "action_id" in part]


def text_length(part: Any) -> int:
    if isinstance(part, dict):
        own = len(part["text"]) if isinstance(part.get("text"), str) else 0
        return own + sum(text_length(value) for value in part.values())
    return sum(map(text_length, part)) if isinstance(part, list) else 0


BLOCK: dict[str, Check] = {
    "header": header,
    "section": section,
    "image": image,
    "context": context,
    "actions": actions,
    "input": input_block,
    "divider": divider,
}
