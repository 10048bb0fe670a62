"""One field of what a platform sent: of the type that it describes, or MalformedError."""

from collections.abc import Mapping
from typing import cast

Body = Mapping[str, object]

ID_LENGTH = 255


class MalformedError(ValueError):
    """The payload does not have the shape that the platform describes."""


def mapping(value: object, name: str) -> Body:
    if not isinstance(value, dict):
        raise MalformedError(name)
    return cast("Body", value)


def id_of(body: Body, name: str, longest: int = ID_LENGTH) -> str:
    """An id of the platform's: printable ASCII, never empty."""
    value = body.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
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
