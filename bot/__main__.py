"""The command `landa`: arguments only."""

import asyncio
from collections.abc import Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import handouts, operator
from bot.core.errors import SettingsError
from bot.runtime.settings import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Landa: helps people in emotionally heavy work to land.",
)
app.add_typer(handouts.slack, name="slack")
app.add_typer(handouts.teams, name="teams")
app.add_typer(handouts.printing, name="print")


def _serve(settings: Settings, *, web_side: bool, clock_side: bool) -> None:
    from bot import wiring  # noqa: PLC0415  what only some commands need

    with operator.told():
        _run(wiring.serve(settings, web_side=web_side, clock_side=clock_side))


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        from uvloop import run  # noqa: PLC0415
    except ImportError:
        from asyncio import run  # noqa: PLC0415
    run(work)


def _one_process_refused(settings: Settings, command: str) -> None:
    if settings.sqlite_path is not None:
        operator.refuse(
            SettingsError(
                (
                    f"landa {command} is one of several processes, and SQLite carries one. "
                    "Use: landa run. Or set DATABASE_URL to a PostgreSQL database.",
                )
            )
        )


@app.command()
def run() -> None:
    """Everything in one process: the platforms, the clock and, when wanted, the web preview."""
    from bot.runtime import banner  # noqa: PLC0415

    settings = operator.settings()
    typer.echo(banner.text(settings))
    _serve(settings, web_side=True, clock_side=True)


@app.command()
def web() -> None:
    """Only the web side; for PostgreSQL, next to `landa clock`."""
    settings = operator.settings()
    _one_process_refused(settings, "web")
    _serve(settings, web_side=True, clock_side=False)


@app.command()
def clock() -> None:
    """Only the clock; for PostgreSQL, next to `landa web`."""
    settings = operator.settings()
    _one_process_refused(settings, "clock")
    _serve(settings, web_side=False, clock_side=True)


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    from bot.runtime import schema  # noqa: PLC0415
    from bot.runtime.own import own  # noqa: PLC0415

    settings = operator.settings()
    with operator.told():
        if settings.sqlite_path is None:
            schema.migrate(settings.database_url)
        else:
            with ExitStack() as stack:
                own(settings.sqlite_path, "DATABASE_URL", stack)
    typer.echo(f"The database has schema {schema.newest()}.")


@app.command()
def check() -> None:
    """Every fault of the content and the settings, at once."""
    from bot.runtime import faults as faults_of  # noqa: PLC0415

    faults, warnings = faults_of.check()
    for line in (*warnings, *faults):
        typer.echo(line, err=True)
    if faults:
        raise typer.Exit(2)
    typer.echo("Content and settings are as they should be.")


@app.command()
def doctor() -> None:
    """What is switched on, whether it works, and what waits for somebody to look."""
    from bot.doctor import examine  # noqa: PLC0415

    settings = operator.settings()
    with operator.told():
        sound = asyncio.run(examine(settings, typer.echo))
    raise typer.Exit(0 if sound else 1)


@app.command()
def backup(
    out: Annotated[Path | None, typer.Argument(help="Default: named by the time.")] = None,
) -> None:
    """A copy of the database in a new file, while Landa runs. See docs/backup.md."""
    from bot.runtime import copies  # noqa: PLC0415
    from bot.wiring import utc_now  # noqa: PLC0415

    settings = operator.settings()
    with operator.told():
        made = copies.backup(settings, out or copies.named(utc_now()))
    typer.echo(f"{made.path}: {made.size:,} bytes, schema {made.schema}, read through and sound.")


@app.command()
def restore(copy: Annotated[Path, typer.Argument(help="What landa backup made.")]) -> None:
    """Put a copy back, where there is no database. Stop Landa first."""
    from bot.runtime import copies  # noqa: PLC0415

    settings = operator.settings()
    with operator.told():
        back = copies.restore(settings, copy)
    typer.echo(f"The database is as {copy} has it, with schema {back.schema}.")


@app.command(name="data-map")
def data_map(
    *, markdown: Annotated[bool, typer.Option(help="As a page, for a register.")] = False
) -> None:
    """What is stored: whose it is, why, for how long, and who can read it."""
    from bot.runtime import datamap  # noqa: PLC0415

    typer.echo(datamap.markdown() if markdown else datamap.text(), nl=not markdown)


@app.command(name="new-key")
def new_key() -> None:
    """A new key for LANDA_SECRET_KEYS."""
    from bot.runtime import vault  # noqa: PLC0415

    typer.echo(vault.new_key())


def main() -> None:
    app()


if __name__ == "__main__":
    main()
