"""The `forms` commands: the official blanks brought, listed, verified, and next year's map proposed."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

from worksheets.cli_options import BAD_INPUT, FormsDir, NewFormsDir, TaxYear, stop

app = typer.Typer(
    no_args_is_help=True, help="The official blank forms: bring, list and verify them; propose a new year's map."
)

Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[FILE]…", help="Blanks to verify; without one, those on this machine.", show_default=False),
]
NewForm = Annotated[Path, typer.Argument(metavar="FILE", help="The new blank, a PDF.", show_default=False)]
MapYear = Annotated[
    int | None, typer.Option("--year", help="Tax year, if not the one in the title.", show_default=False)
]
MapForm = Annotated[
    str | None, typer.Option("--form", help="Form, such as f6251, if the title does not say it.", show_default=False)
]


@app.callback()
def _quiet() -> None:
    """Keeps what pypdf says of a damaged file, parts of its content among it, out of the terminal."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@app.command(epilog="Example: dualbasis forms fetch --year 2024")
def fetch(year: TaxYear = None, forms_dir: NewFormsDir = None) -> None:
    """Bring the official blanks from irs.gov and check them; the only command that uses the network."""
    from worksheets import terminal_forms  # noqa: PLC0415 - needs rich
    from worksheets.fetch import NoNetworkError, official_blanks  # noqa: PLC0415 - only this command needs it
    from worksheets.paper.blanks import folders  # noqa: PLC0415 - likewise

    wanted, kept_in = official_blanks(year), folders(forms_dir)
    if not kept_in:
        stop("--forms-dir: read nothing, expected a folder: this user has no home folder to keep blanks in")
    if not wanted:
        stop(f"--year: read {year}, expected one of {', '.join(sorted({str(b.year) for b in official_blanks()}))}")
    try:
        outcomes = terminal_forms.fetch_all(wanted, kept_in[0])
    except NoNetworkError as error:
        stop(str(error))
    if not all(one.kept for one in outcomes):
        raise typer.Exit(BAD_INPUT)


@app.command("list", epilog="Example: dualbasis forms list")
def list_forms(forms_dir: FormsDir = None) -> None:
    """Show which official blanks are there, and whether they check."""
    from worksheets import terminal_forms  # noqa: PLC0415 - needs rich
    from worksheets.paper.blanks import folders  # noqa: PLC0415 - only this command needs it

    terminal_forms.show_forms(folders(forms_dir))


@app.command(epilog="Example: dualbasis forms verify f8801--2024.pdf")
def verify(files: Files = None, year: MapYear = None, forms_dir: FormsDir = None) -> None:
    """Check on your own copies that each box stands where the form prints its line. Ends with 2 if one does not.

    With --year, files are held against that year's map; without files, only that year's blanks are verified.
    """
    from worksheets import terminal_forms  # noqa: PLC0415 - needs rich
    from worksheets.paper.verify import on_this_machine  # noqa: PLC0415 - only this command needs it

    found = [(path, year) for path in files] if files else [(path, None) for path in on_this_machine(year, forms_dir)]
    if not found:
        stop("no official blanks here: bring them with `dualbasis forms fetch`, or name a file")
    if not terminal_forms.verify_all(found):
        raise typer.Exit(BAD_INPUT)


@app.command(epilog="Example: dualbasis forms adopt f6251--2026.pdf -o f6251.yaml")
def adopt(
    file: NewForm,
    year: MapYear = None,
    form: MapForm = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Write the proposed file here.", show_default=False)
    ] = None,
    forms_dir: FormsDir = None,
) -> None:
    """Propose the map of a new year's form, as a difference from last year's file to review."""
    from worksheets import terminal_forms  # noqa: PLC0415 - needs rich
    from worksheets.adopt import propose  # noqa: PLC0415 - only this command needs it

    try:
        proposal = propose(file, form, year, forms_dir)
    except (OSError, ValueError) as error:
        stop(f"{file}:0: {getattr(error, 'strerror', None) or error}")
    terminal_forms.show_proposal(proposal)
    if out is not None:
        _write_new(out, proposal.text)


def _write_new(out: Path, text: str) -> None:
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        stop(f"{out}: --out: {error.strerror}, expected a new file")
    typer.echo(f"wrote {out}", err=True)
