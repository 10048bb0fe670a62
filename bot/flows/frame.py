"""frame: what holds for all times: working hours, time zone, how many on one day."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from bot.core import wanted, zone
from bot.core.card import choices
from bot.core.context import Context, zone_of
from bot.core.conversation import Conversation
from bot.core.effect import Keep, Replace, SetNudges
from bot.core.flow import Begin, Flow, Next, Reply
from bot.core.form import again, clock
from bot.core.message import Field, Form, Option
from bot.core.nudge import MOST_A_DAY, Hours, Nudges, zone_named
from bot.core.turn import Submitted, Turn

MOST = tuple(str(n) for n in range(1, MOST_A_DAY + 1))


def start(context: Context, data: Mapping[str, str]) -> Next:
    nudges = context.nudges
    if nudges is None or not nudges.slots:
        return Begin("nudges")
    hours = nudges.hours
    values = {
        "begins": f"{hours.begins:%H:%M}" if hours else "",
        "ends": f"{hours.ends:%H:%M}" if hours else "",
        "zone": nudges.zone,
        "most": str(nudges.most),
    }
    return _form(context, nudges, values, {})


def respond(conversation: Conversation, turn: Turn, context: Context) -> Next:
    nudges = context.nudges
    match turn:
        case Submitted("save", values) if nudges and nudges.slots and context.reachable:
            wrong = _wrong(context, nudges, values)
            if wrong:
                return _form(context, nudges, values, wrong)
            return _kept(context, nudges, values)
        case _:
            return Begin("nudges")


def _hours(values: Mapping[str, str]) -> Hours | None:
    begins, ends = (clock(values.get(id, "")) for id in ("begins", "ends"))
    return Hours(begins, ends) if begins is not None and ends is not None else None


def _wrong(context: Context, nudges: Nudges, values: Mapping[str, str]) -> dict[str, str]:
    """Field -> what is wrong with it."""
    words, wrong = context.words, dict[str, str]()
    written = {id: values.get(id, "").strip() for id in ("begins", "ends")}
    if any(written.values()):
        bad = [id for id, text in written.items() if clock(text) is None]
        wrong |= {id: words("frame.both" if not written[id] else "slot.no_time") for id in bad}
    hours = _hours(values)
    outside = [slot for slot in nudges.slots if hours and not hours.hold(slot.at)]
    if outside:
        key = "ends" if hours and outside[0].at >= hours.ends else "begins"
        wrong[key] = words("frame.outside", slot=wanted.label(words, outside[0]))
    if zone_of(values.get("zone", "")) is None:
        wrong["zone"] = words("settings.choose_one")
    if values.get("most") not in MOST:
        wrong["most"] = words("settings.choose_one")
    return wrong


def _kept(context: Context, nudges: Nudges, values: Mapping[str, str]) -> Next:
    """The zone is the person's own, wherever it is asked for."""
    most, hours = int(values["most"]), _hours(values)
    changed = replace(nudges, zone=values["zone"], hours=hours, most=most)
    profile = {key: str(value) for key, value in asdict(context.profile).items()}
    keep = Keep({**profile, "zone": values["zone"]})
    moved = values["zone"] != nudges.zone
    return Begin("nudges", effects=(SetNudges(changed), *((keep,) if moved else ())))


def _form(
    context: Context, nudges: Nudges, values: Mapping[str, str], wrong: Mapping[str, str]
) -> Next:
    words = context.words
    first = zone_of(values.get("zone", "")) or zone_named(nudges.zone)
    zones = zone.options(first, context.now, words)
    most = tuple(Option(n, words.count("frame.times", int(n))) for n in MOST)
    offered = {"zone": zones, "most": most}
    begins, ends, *others = (
        Field(id, words(f"frame.{id}"), offered.get(id, ()), values.get(id, ""), wrong.get(id, ""))
        for id in ("begins", "ends", "zone", "most")
    )
    begins, ends = (
        replace(each, kind="time", value=again(each.value), optional=True)
        for each in (begins, ends)
    )
    buttons = choices(words, "frame", "save", "leave")
    form = Form(words("frame.title"), words("frame.about"), (begins, ends, *others), buttons)
    return Reply("form", (Replace(form),))


FLOW = Flow("frame", start, respond)
