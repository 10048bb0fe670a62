"""One field of a payload of Slack's, and the texts in it."""

import re

from adapters.fields import Body, MalformedError, clean, id_of, mapping, text_of

MENTION = re.compile(r"<@[UW][A-Z0-9]{1,40}(?:\|[^<>]{0,80})?>")

__all__ = (
    "Body",
    "MalformedError",
    "clean",
    "id_of",
    "mapping",
    "plain",
    "text_of",
    "unmentioned",
)


def plain(text: str) -> str:
    """As the person wrote it: Slack escapes three characters in what it delivers."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def unmentioned(text: str) -> str:
    """Without the names of people, which Slack puts there as ids: nobody's id is handed on."""
    return MENTION.sub(" ", text).strip()
