"""What people in a team write for its own box: what may stand there, and who may do what."""

from collections.abc import Mapping
from dataclasses import replace

from bot.core import asking, deck, proof
from bot.core.context import Context
from bot.core.team import OwnSlip

KINDS = ("question", "pride", "work", "body")
LENGTHS = {"30": 30, "60": 60, "120": 120, "300": 300}
"""As in a form -> seconds."""
USUAL_LENGTH = "60"
MOST = 100
"""A box is to be read, and a person should be able to know it."""


def faults(context: Context, values: Mapping[str, str]) -> Mapping[str, str]:
    """Field -> what is wrong with it, as the end of a key in the catalog."""
    text, wrong = values.get("text", ""), dict[str, str]()
    if values.get("kind") not in KINDS:
        wrong["kind"] = "kind"
    if values.get("length") not in LENGTHS:
        wrong["length"] = "length"
    elif len(text.split()) / proof.WORDS_PER_S > int(values["length"]):
        wrong["length"] = "short"
    if fault := asking.fault(context, text) or _promises(context, text):
        wrong["text"] = fault
    elif there(context, asking.tidy(text)):
        wrong["text"] = "twice"
    elif len(own(context)) >= MOST:
        wrong["text"] = "full"
    return wrong


def _promises(context: Context, text: str) -> str:
    known = context.library.lexicons.values()
    promised = any(True for each in known for _ in each.found(text, each.promises))
    return "words" if promised or "!" in text else ""


def made(context: Context, values: Mapping[str, str]) -> OwnSlip:
    """The slip that *values*, which have no faults, ask for; nobody has approved it."""
    id = f"{deck.number(context.me, context.here, context.now.isoformat()):016x}"
    text, seconds = asking.tidy(values["text"]), int(values["length"])
    return OwnSlip(id, values["kind"], text, seconds, author=context.me)


def of_question(context: Context, text: str) -> OwnSlip:
    """The slip of a question in a lead's own words, which all have seen. Whoever puts it in, it is
    the same one, and nobody's.
    """
    id = f"{deck.number(context.here, text):016x}"
    return OwnSlip(id, "question", text, int(USUAL_LENGTH), approved=True)


def is_question(context: Context, slip: OwnSlip) -> bool:
    return slip == of_question(context, slip.text)


def own(context: Context) -> tuple[OwnSlip, ...]:
    return context.team.slips if context.team else ()


def approved(context: Context) -> tuple[OwnSlip, ...]:
    return tuple(slip for slip in own(context) if slip.approved)


def there(context: Context, text: str) -> bool:
    """Whether a slip says just that."""
    return any(slip.text == text for slip in own(context))


def found(context: Context, id: str) -> OwnSlip | None:
    return next((slip for slip in own(context) if slip.id == id), None)


def put_in(slip: OwnSlip) -> OwnSlip:
    return replace(slip, approved=True)
