"""`landa doctor`: what is switched on, whether it works, and what waits for somebody to look."""

from collections.abc import Callable, Mapping

from bot.advice import told
from bot.core.errors import LandaError
from bot.core.port import Pace
from bot.platforms import paces_of, registry_of, slack_of, teams_of
from bot.runtime import codec, faults, schema, site
from bot.runtime.lane import each_ms
from bot.runtime.line import LONGEST_MS
from bot.runtime.settings import Settings, secret_keys
from bot.runtime.store import Backlog
from bot.runtime.vault import unlock
from bot.wiring import library_of, plan_of, store_of, utc_now

NO_TEAM = "Until then no team can begin there."
Tell = Callable[[str], None]


async def examine(settings: Settings, tell: Tell) -> bool:
    """Tells one line for each thing looked at. Returns whether all of it is sound."""
    sound = [_content(settings, tell), _site(settings, tell), await _database(settings, tell)]
    if settings.slack:
        sound.append(await _slack(settings, tell))
    else:
        tell("  -  Slack: off")
    if settings.teams:
        sound.append(await _teams(settings, tell))
    else:
        tell("  -  Teams: off")
    return all(sound)


def _content(settings: Settings, tell: Tell) -> bool:
    try:
        library = library_of(settings)
        plan_of(settings, library)
    except LandaError as wrong:
        tell(f"  x  Content: {wrong}")
        return False
    slips = len(library.exercises[settings.landa_locale])
    tell(f" ok  Content: {slips} slips in {', '.join(library.languages)}")
    old = faults.numbers(library)
    for line in old:
        tell(f"  x  {line}")
    if not old:
        tell(" ok  Crisis numbers: all looked up within a year")
    return not old


def _site(settings: Settings, tell: Tell) -> bool:
    """Whether each team would find who helps at its workplace."""
    if settings.preview_alone and not settings.landa_site:
        tell("  -  Site: made-up people help in the preview. For real ones, set LANDA_SITE")
        return True
    try:
        gaps = list(site.read(settings.landa_site).gaps())
    except LandaError as wrong:
        tell(f"  x  Site: {wrong}")
        return False
    for place, parts in gaps:
        keys = ", ".join(" or ".join(sorted(site.TOGETHER[part])) for part in parts)
        tell(f"  x  Site: {f'{place}: ' if place else ''}LANDA_SITE does not say {keys}. {NO_TEAM}")
    if not gaps:
        tell(" ok  Site: it is said who helps at the workplace")
    return not gaps


async def _database(settings: Settings, tell: Tell) -> bool:
    path = settings.sqlite_path
    if path is not None and not path.exists():
        tell(f"  -  Database: {path} is made at the first start")
        return True
    store = store_of(settings)
    try:
        await store.open()
        await schema.check(store)
        if keyring := await store.keyring():
            unlock(secret_keys(settings), keyring)
        backlog = await store.backlog(codec.ms(utc_now()))
    except LandaError as wrong:
        tell(f"  x  Database: {str(wrong) or type(wrong).__doc__}")
        return False
    finally:
        await store.close()
    tell(f" ok  Database: up to date; {backlog.waiting} cards and {backlog.due} pauses wait")
    lost = list(told(backlog.given_up, settings))
    for each in lost:
        tell(f"  {'-' if each.sound else 'x'}  Outbox: {each.text}")
    if backlog.set_aside:
        tell(f"  x  Clock: {backlog.set_aside} pauses failed five times and are set aside")
    said = _nudges(backlog, paces_of(settings), tell)
    return said and all(each.sound for each in lost) and not backlog.set_aside


def _nudges(backlog: Backlog, paces: Mapping[str, Pace], tell: Tell) -> bool:
    """Whether everybody can be told something at the moment they chose, or soon after."""
    if backlog.nudges:
        tell(f" ok  Nudges: {backlog.nudges} slots and reminders")
    if backlog.nudges_set_aside:
        tell(f"  x  Nudges: {backlog.nudges_set_aside} failed five times and are set aside")
    fits = True
    for platform, people in backlog.crowds.items():
        if platform not in paces:
            continue
        each = each_ms(paces[platform])
        most, minutes = LONGEST_MS // each, people * each / 60_000
        crowd = f"Nudges: {people} people of one workspace ({platform}) chose the same moment"
        if people > most:
            fits = False
            tell(f"  x  {crowd}. At most {most} are reached, within the hour that follows")
        elif minutes > 1:
            tell(f"  -  {crowd}: they are reached one by one within {minutes:.0f} minutes")
    return fits and not backlog.nudges_set_aside


async def _slack(settings: Settings, tell: Tell) -> bool:
    try:
        tell(f" ok  Slack: {await _checked(settings)}")
    except LandaError as wrong:
        tell(f"  x  Slack: {str(wrong) or type(wrong).__doc__}")
        return False
    return True


async def _teams(settings: Settings, tell: Tell) -> bool:
    try:
        line = await teams_of(settings, plan_of(settings, library_of(settings)), utc_now).check()
    except LandaError as wrong:
        tell(f"  x  Teams: {str(wrong) or type(wrong).__doc__}")
        return False
    if settings.landa_teams_insecure:
        tell(f"  x  Teams: {line}; LANDA_TEAMS_INSECURE is never for real people")
        return False
    tell(f" ok  Teams: {line}")
    return True


async def _checked(settings: Settings) -> str:
    """raises  LandaError"""
    slack = slack_of(settings, utc_now)
    if not settings.slack_several:
        return await slack.check()
    path = settings.sqlite_path
    if path is not None and not path.exists():
        return "nothing is installed yet"
    store = store_of(settings)
    try:
        await store.open()
        await schema.check(store)
        vault = unlock(secret_keys(settings), await store.keyring()).vault
        return await slack.check(registry_of(store, vault, utc_now))
    finally:
        await store.close()
