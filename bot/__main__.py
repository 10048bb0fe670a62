"""The command `landa`: arguments only."""

import asyncio
from collections.abc import Coroutine, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from bot.core.errors import LandaError, SettingsError
from bot.runtime import settings as settings_of
from bot.runtime.log import configure
from bot.runtime.settings import Settings

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Landa: helps people in emotionally heavy work to land.",
)


def _settings() -> Settings:
    try:
        settings = settings_of.read()
    except SettingsError as wrong:
        _refuse(wrong)
    configure(settings.landa_log_level)
    return settings


def _refuse(wrong: LandaError) -> NoReturn:
    text = str(wrong) or (type(wrong).__doc__ or "")
    typer.echo(text, err=True)
    raise typer.Exit(2)


@contextmanager
def _told() -> Generator[None]:
    """What the operator can mend is one sentence and exit code 2, never a trace."""
    try:
        yield
    except LandaError as wrong:
        _refuse(wrong)
    except OSError as wrong:
        typer.echo(f"{wrong.filename or 'Landa'}: {wrong.strerror or wrong}", err=True)
        raise typer.Exit(2) from None


def _serve(settings: Settings, *, web_side: bool, clock_side: bool) -> None:
    from bot import wiring  # noqa: PLC0415  what only some commands need

    with _told():
        _run(wiring.serve(settings, web_side=web_side, clock_side=clock_side))


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        from uvloop import run  # noqa: PLC0415
    except ImportError:
        from asyncio import run  # noqa: PLC0415
    run(work)


def _one_process_refused(settings: Settings, command: str) -> None:
    if settings.sqlite_path is not None:
        _refuse(
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

    settings = _settings()
    typer.echo(banner.text(settings))
    _serve(settings, web_side=True, clock_side=True)


@app.command()
def web() -> None:
    """Only the web side; for PostgreSQL, next to `landa clock`."""
    settings = _settings()
    _one_process_refused(settings, "web")
    _serve(settings, web_side=True, clock_side=False)


@app.command()
def clock() -> None:
    """Only the clock; for PostgreSQL, next to `landa web`."""
    settings = _settings()
    _one_process_refused(settings, "clock")
    _serve(settings, web_side=False, clock_side=True)


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    from bot.runtime import schema  # noqa: PLC0415
    from bot.runtime.own import own  # noqa: PLC0415

    settings = _settings()
    with _told():
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

    settings = _settings()
    with _told():
        sound = asyncio.run(examine(settings, typer.echo))
    raise typer.Exit(0 if sound else 1)


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


slack = typer.Typer(no_args_is_help=True, help="What Slack needs to know about Landa.")
app.add_typer(slack, name="slack")


@slack.command()
def manifest(
    *,
    http: Annotated[bool, typer.Option(help="Slack reaches Landa at PUBLIC_URL.")] = False,
    several: Annotated[
        bool, typer.Option(help="Several workspaces install Landa at PUBLIC_URL; implies --http.")
    ] = False,
) -> None:
    """The manifest to create the Slack app from; for Socket Mode unless --http."""
    from bot import platforms, wiring  # noqa: PLC0415

    settings = _settings()
    with _told():
        library = wiring.library_of(settings)
        typer.echo(platforms.slack_manifest(settings, library, http=http, several=several))


teams = typer.Typer(no_args_is_help=True, help="What Microsoft Teams needs to know about Landa.")
app.add_typer(teams, name="teams")


@teams.command()
def package(
    *,
    out: Annotated[Path, typer.Option(help="The zip to write.")] = Path("landa-teams.zip"),
    organisation: Annotated[str, typer.Option(help="Who runs this Landa.")] = "Landa",
    website: Annotated[str, typer.Option(help="Default: Landa's own page at PUBLIC_URL.")] = "",
    privacy: Annotated[str, typer.Option(help="The same, about who sees what.")] = "",
    terms: Annotated[str, typer.Option(help="The same, about the terms of use.")] = "",
) -> None:
    """The app package to upload in Teams' admin centre."""
    from bot import platforms, wiring  # noqa: PLC0415

    settings = _settings()
    said = {"organisation": organisation, "website": website, "privacy": privacy, "terms": terms}
    with _told():
        out.write_bytes(platforms.teams_package(settings, wiring.library_of(settings), said))
    typer.echo(f"{out}: upload it in the Teams admin centre. See docs/teams.md.")


printing = typer.Typer(no_args_is_help=True, help="Landa on paper.")
app.add_typer(printing, name="print")


@printing.command()
def box(
    *,
    language: Annotated[str, typer.Option(help="Default: LANDA_LOCALE.")] = "",
    kind: Annotated[list[str] | None, typer.Option(help="Only these; may be repeated.")] = None,
    pack: Annotated[list[str] | None, typer.Option(help="Only slips of these packs.")] = None,
    out: Annotated[Path, typer.Option(help="The PDF to write.")] = Path("landa-box.pdf"),
) -> None:
    """The box as slips on A4, with lines to cut along."""
    from bot import wiring  # noqa: PLC0415
    from bot.runtime import paper  # noqa: PLC0415  sets type, which nothing else does

    settings = _settings()
    language = language or settings.landa_locale
    with _told():
        library = wiring.library_of(settings)
        slips = paper.chosen(library, language, kind or (), pack or ())
        out.write_bytes(paper.pdf(library, language, slips))
    typer.echo(f"{out}: {len(slips)} slips. Print in actual size, cut along the lines.")


def main() -> None:
    app()


if __name__ == "__main__":
    main()
