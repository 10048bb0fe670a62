"""`landa doctor`: what is switched on, whether it works, and what waits for somebody to look."""

from collections.abc import Callable

from bot.core.errors import LandaError
from bot.platforms import registry_of, slack_of
from bot.runtime import codec, faults, schema
from bot.runtime.settings import Settings, secret_keys
from bot.runtime.store.places import UNINSTALLED
from bot.runtime.vault import unlock
from bot.wiring import library_of, plan_of, store_of, utc_now

Tell = Callable[[str], None]


async def examine(settings: Settings, tell: Tell) -> bool:
    """Tells one line for each thing looked at. Returns whether all of it is sound."""
    sound = [_content(settings, tell), await _database(settings, tell)]
    if settings.slack:
        sound.append(await _slack(settings, tell))
    else:
        tell("  -  Slack: off")
    if not settings.landa_site:
        tell("  -  Workplace: no LANDA_SITE, so cards name no occupational health service")
    return all(sound)


def _content(settings: Settings, tell: Tell) -> bool:
    try:
        library = library_of()
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
    given_up = {why: count for why, count in backlog.given_up.items() if why != UNINSTALLED}
    for reason, count in given_up.items():
        tell(f"  x  Outbox: {count} cards were given up: {reason}")
    if backlog.set_aside:
        tell(f"  x  Clock: {backlog.set_aside} pauses failed five times and are set aside")
    return not given_up and not backlog.set_aside


async def _slack(settings: Settings, tell: Tell) -> bool:
    try:
        tell(f" ok  Slack: {await _checked(settings)}")
    except LandaError as wrong:
        tell(f"  x  Slack: {str(wrong) or type(wrong).__doc__}")
        return False
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
