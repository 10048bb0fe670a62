"""What Landa says in one language, by key."""

from collections.abc import Callable, Container
from dataclasses import dataclass, field

Translate = Callable[[str], str]
TranslateCount = Callable[[str, str, int], str]


@dataclass(frozen=True, slots=True)
class Words:
    """`words("land.here")`, `words("menu.guess", word="andas")`, `words.count("card.minutes", 2)`.

    A key that is not in the catalog comes back as itself; a test finds it before a person does.
    """

    language: str
    translate: Translate = field(repr=False)
    translate_count: TranslateCount = field(repr=False)

    def __call__(self, key: str, **values: str) -> str:
        text = self.translate(key)
        return text.format_map(values) if values else text

    def count(self, key: str, n: int) -> str:
        return self.translate_count(key, key, n).format_map({"n": n})


def spoken_by(accepted: str, known: Container[str]) -> str:
    """The first language that a browser asks for and Landa speaks; "" for none.

    accepted  the header Accept-Language, as it came.
    """
    wished = (
        part.split(";")[0].strip().split("-")[0] for part in accepted[:200].lower().split(",")
    )
    return next((each for each in wished if each in known), "")
