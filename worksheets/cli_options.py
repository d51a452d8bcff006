"""What the commands have in common: exit codes, options, and how a command stops."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from worksheets.private import not_written, write_private

FINDINGS, BAD_INPUT, FAILED = 1, 2, 3

TaxYear = Annotated[int | None, typer.Option("--year", help="Only this tax year.", show_default=False)]


def _folder(given: Path | None) -> Path | None:
    """The folder as given, when it is one: a name mistyped would silently count as a folder without blanks."""
    if given is not None and not _is_folder(given):
        stop(f"--forms-dir: read '{given}', where there is no folder, expected a folder of official blank forms")
    return given


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # it lies where this user must not look
        return False


FormsDir = Annotated[
    Path | None,
    typer.Option("--forms-dir", callback=_folder, help="Folder of official blank forms.", show_default=False),
]
NewFormsDir = Annotated[
    Path | None, typer.Option("--forms-dir", help="Folder to keep the official blank forms in.", show_default=False)
]


def stop(message: str) -> NoReturn:
    """Ends the command with exit code 2 and one line on standard error."""
    typer.echo(message, err=True)
    raise typer.Exit(BAD_INPUT)


def vacant(path: Path, *, force: bool) -> None:
    """Stops the command where a file stands at `path` already and must not be replaced."""
    try:
        taken = path.exists()
    except OSError as fault:
        stop(not_written(path, fault))
    if taken and not force:
        stop(f"{path}:1: -o: read a file that exists, expected a new one (or --force)")


def put(path: Path, content: bytes) -> None:
    """Writes a file for its owner only, or stops the command where that cannot be done."""
    try:
        write_private(path, content)
    except OSError as fault:
        stop(not_written(path, fault))
