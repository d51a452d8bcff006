"""What the commands have in common: exit codes, options, and how a command stops."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

FINDINGS, BAD_INPUT, FAILED = 1, 2, 3

TaxYear = Annotated[int | None, typer.Option("--year", help="Only this tax year.", show_default=False)]
FormsDir = Annotated[
    Path | None, typer.Option("--forms-dir", help="Folder of official blank forms.", show_default=False)
]


def stop(message: str) -> NoReturn:
    """Ends the command with exit code 2 and one line on standard error."""
    typer.echo(message, err=True)
    raise typer.Exit(BAD_INPUT)
