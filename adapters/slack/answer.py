"""What Slack is told at the door: received, and with it a card, or what a window is to show."""

from typing import Any, cast

from slack_bolt.response import BoltResponse

from adapters.slack.fields import Body
from adapters.slack.inbound import SHORTCUTS
from adapters.slack.modal import corrected, kept_open, window
from adapters.slack.picture import Show
from adapters.slack.render import render
from bot.core.message import Form
from bot.core.port import Answer


class Acknowledgement(BoltResponse):
    """card: what rides on it. To be called once this has been written out: ridden."""

    def __init__(self, answer: Answer, card: dict[str, Any] | None) -> None:
        super().__init__(status=200, body=card or "")  # pyright: ignore[reportUnknownMemberType]
        self.card = card
        self.ridden = answer.ridden


def to_command(answer: Answer, show: Show) -> BoltResponse:
    """The card rides, except for a form that a window is to be opened for."""
    riding = answer.riding
    if riding is None:
        return Acknowledgement(answer, None)
    if riding.address.get("trigger") and window(riding):
        answer.declined()
        return BoltResponse(status=200)
    return Acknowledgement(answer, {"response_type": "ephemeral", **render(riding, show)})


def to_window(answer: Answer, body: Body) -> BoltResponse:
    """A window stays open for what is wrong in it, and for what could not be kept; else it closes,
    and the next card comes where the form was asked.
    """
    riding = answer.riding
    if riding is None:
        # Slack keeps the window open, and says that something did not work.
        return BoltResponse(status=503 if answer.taken == "refused" else 200)
    state = cast("dict[str, dict[str, Any]]", body)["view"].get("state", {})
    asked: dict[str, Any] = state.get("values", {})
    if isinstance(riding.card, Form):
        told = corrected(riding, asked)
    else:
        told = kept_open(riding.card.text, asked) if answer.taken != "new" else None
    if told is None:
        answer.declined()
        return BoltResponse(status=200)
    return Acknowledgement(answer, told)


def comes_again(kind: object, answer: Answer) -> bool:
    """Slack sends events again, and only events. Of a shortcut that failed it tells the person;
    one that is late is answered by itself.
    """
    if kind == "event_callback":
        return answer.taken in ("late", "refused")
    return answer.taken == "refused" and kind in SHORTCUTS
