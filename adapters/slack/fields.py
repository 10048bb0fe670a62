"""One field of a payload: of the type that Slack describes, or MalformedError."""

import re
from collections.abc import Mapping
from typing import cast

Body = Mapping[str, object]

ID_LENGTH = 255  # Block Kit ids; Slack's own ids are shorter. docs.slack.dev, read 2026-11
MENTION = re.compile(r"<@[UW][A-Z0-9]{1,40}(?:\|[^<>]{0,80})?>")


class MalformedError(ValueError):
    """The payload does not have the shape that Slack describes."""


def mapping(value: object, name: str) -> Body:
    if not isinstance(value, dict):
        raise MalformedError(name)
    return cast("Body", value)


def id_of(body: Body, name: str) -> str:
    """An id of Slack's: printable ASCII, never empty."""
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= ID_LENGTH:
        raise MalformedError(name)
    if not (value.isascii() and value.isprintable()):
        raise MalformedError(name)
    return value


def text_of(body: Body, name: str) -> str:
    """A text as it stands; "" where there is none."""
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MalformedError(name)
    return clean(value)


def clean(text: str) -> str:
    """Without NUL and lone surrogates, which no database and no encoder takes."""
    if text.isprintable():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "�")


def plain(text: str) -> str:
    """As the person wrote it: Slack escapes three characters in what it delivers."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def unmentioned(text: str) -> str:
    """Without the names of people, which Slack puts there as ids: nobody's id is handed on."""
    return MENTION.sub(" ", text).strip()
