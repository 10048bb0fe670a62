"""Commands that make what is handed to others: a manifest, an app package, the box on paper."""

from pathlib import Path
from typing import Annotated

import typer

from bot import operator

slack = typer.Typer(no_args_is_help=True, help="What Slack needs to know about Landa.")


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

    settings = operator.settings()
    with operator.told():
        library = wiring.library_of(settings)
        typer.echo(platforms.slack_manifest(settings, library, http=http, several=several))


teams = typer.Typer(no_args_is_help=True, help="What Microsoft Teams needs to know about Landa.")


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

    settings = operator.settings()
    said = {"organisation": organisation, "website": website, "privacy": privacy, "terms": terms}
    with operator.told():
        out.write_bytes(platforms.teams_package(settings, wiring.library_of(settings), said))
    typer.echo(f"{out}: upload it in the Teams admin centre. See docs/teams.md.")


printing = typer.Typer(no_args_is_help=True, help="Landa on paper.")


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

    settings = operator.settings()
    language = language or settings.landa_locale
    with operator.told():
        library = wiring.library_of(settings)
        slips = paper.chosen(library, language, kind or (), pack or ())
        out.write_bytes(paper.pdf(library, language, slips))
    typer.echo(f"{out}: {len(slips)} slips. Print in actual size, cut along the lines.")
