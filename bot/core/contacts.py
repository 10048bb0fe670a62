"""Who can be called, as lines and as links: those who always answer, and those of the workplace."""

from bot.core.context import Context
from bot.core.message import Link
from bot.core.site import OnCall


def numbers(context: Context) -> str:
    """The support lines, who is on call at the workplace, and its occupational health service."""
    lines = [line.label for line in context.support]
    lines += [_on_call(context, each) for each in context.site.on_call]
    return "\n".join(filter(None, (*lines, health(context))))


def health(context: Context) -> str:
    """ "Företagshälsan: Hälsan 0911-123 45."; "" where there is none."""
    site = context.site
    told = _joined(site.health_name, site.health_phone)
    return context.words("support.health", health=told) if told else ""


def safety(context: Context) -> str:
    """ "Skyddsombud: Kim Ek 070-174 06 15."; "" where nobody is named."""
    site = context.site
    told = _joined(site.safety_rep, site.safety_rep_phone)
    return context.words("threat.safety_rep", name=told) if told else ""


def calls(context: Context) -> tuple[Link, ...]:
    """The same numbers as in `numbers`, to be pressed on a telephone."""
    lines = [(line.phone, line.phone) for line in context.support]
    lines += [(each.phone, each.phone) for each in context.site.on_call]
    return (*(_call(context, whom, phone) for whom, phone in lines), *health_call(context))


def health_call(context: Context) -> tuple[Link, ...]:
    phone, whom = context.site.health_phone, context.words("support.health_short")
    return (_call(context, whom, phone),) if phone else ()


def safety_call(context: Context) -> tuple[Link, ...]:
    phone, whom = context.site.safety_rep_phone, context.words("support.safety_short")
    return (_call(context, whom, phone),) if phone else ()


def incident(context: Context, key: str) -> tuple[Link, ...]:
    """Where incidents are reported. key: of the link's label."""
    url = context.site.incident_url
    return (Link(context.words(key), url),) if url else ()


def _on_call(context: Context, each: OnCall) -> str:
    """ "Socialjouren 08-465 004 20, kvällar och helger." """
    when = f", {each.when}" if each.when else ""
    return f"{each.name} {each.phone}{when}."


def _joined(*parts: str) -> str:
    return " ".join(filter(None, parts))


def _call(context: Context, whom: str, phone: str) -> Link:
    dialled = "".join(each for each in phone if each in "+0123456789")
    return Link(context.words("support.call", whom=whom), f"tel:{dialled}")
