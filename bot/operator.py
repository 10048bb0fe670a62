"""How a command reads the settings, and how it tells an operator what is wrong."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import NoReturn

import typer

from bot.core.errors import LandaError, SettingsError
from bot.runtime import settings as settings_of
from bot.runtime.log import configure
from bot.runtime.settings import Settings


def settings() -> Settings:
    try:
        found = settings_of.read()
    except SettingsError as wrong:
        refuse(wrong)
    configure(found.landa_log_level)
    return found


def refuse(wrong: LandaError) -> NoReturn:
    text = str(wrong) or (type(wrong).__doc__ or "")
    typer.echo(text, err=True)
    raise typer.Exit(2)


@contextmanager
def told() -> Generator[None]:
    """What the operator can mend is one sentence and exit code 2, never a trace."""
    try:
        yield
    except LandaError as wrong:
        refuse(wrong)
    except OSError as wrong:
        typer.echo(f"{wrong.filename or 'Landa'}: {wrong.strerror or wrong}", err=True)
        raise typer.Exit(2) from None
