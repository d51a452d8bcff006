"""The commands that read what others send and write what others read: `import` and `export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from worksheets.cli_options import put, stop, vacant


def import_files(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="What the broker or issuer sent.")],
    out: Annotated[Path, typer.Option("-o", "--out", metavar="CASE", help="The case file to write.")],
    mapping: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=NAME", help="What a column of an unknown layout is in a case file."),
    ] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing case file.")] = False,
) -> None:
    """Read what brokers and issuers send; show what was understood, row by row, and what was not."""
    from worksheets.read.importer import understand  # noqa: PLC0415 - only this command needs it

    pairs = dict(_pair(text) for text in mapping or ())
    found = understand(files, pairs)
    texts = found.files(out.name)
    for name in texts:
        vacant(out.parent / name, force=force)
    for line in found.lines():
        typer.echo(line)
    for name, text in texts.items():
        put(out.parent / name, text.encode())
        typer.echo(f"wrote {out.parent / name}")
    typer.echo(f"Fill in what is missing, then: dualbasis check {out}")


def _pair(text: str) -> tuple[str, str]:
    column, sign, name = text.partition("=")
    if not sign:
        stop(f"--map: read '{text}', expected COLUMN=NAME")
    return column, name


def export(
    case: Annotated[Path, typer.Argument(metavar="CASE", help="The case file.", show_default=False)],
    target: Annotated[str, typer.Option("--to", help="drake, taxact, olt, opentaxsolver, txf or fdx.")],
    year: Annotated[int, typer.Option("--year", help="The tax year.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="The file to write.")] = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing file.")] = False,
) -> None:
    """Write the corrected rows of Form 8949 for another program to import."""
    from worksheets.session import open_case  # noqa: PLC0415 - `--help` needs none of it
    from worksheets.terminal import unready  # noqa: PLC0415 - needs rich
    from worksheets.write import write  # noqa: PLC0415 - likewise

    session = open_case(case)
    try:
        written = write(target, session.household, year)
    except ValueError as error:
        stop(f"{case}:0: {error}")
    path = out or Path(written.filename)
    vacant(path, force=force)
    put(path, written.content)
    typer.echo(f"wrote {path}")
    if not session.household.years[year].rows and not session.household.years[year].direct_rows:
        typer.echo(f"{year} has no row of Form 8949: the file holds none")
    if why := unready(session, year):
        typer.echo(why)
    for note in written.notes:
        typer.echo(note)


def register(app: typer.Typer) -> None:
    """Add both commands to the command line."""
    app.command("import", epilog="Example: dualbasis import gains.csv 3921.csv -o imported/case.yaml")(import_files)
    app.command("export", epilog="Example: dualbasis export case.yaml --to txf --year 2024")(export)
