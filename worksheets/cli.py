"""The command line: each command reads, calls one room of the house, and prints.

Exit codes: 0 done; 1 from `check` alone, there are findings; 2 the input cannot be used; 3 the program itself failed.
"""

from __future__ import annotations

import gc
import getpass
import logging
import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from worksheets import __version__, cli_exchange, cli_forms
from worksheets.cli_options import BAD_INPUT, FAILED, FINDINGS, FormsDir, TaxYear, stop

if TYPE_CHECKING:
    from worksheets.session import Session

app = typer.Typer(
    name="dualbasis",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Incentive stock options on paper: Forms 8949, Schedule D, 6251 and 8801 with both bases, "
    "and where every figure comes from.",
    epilog="Example: dualbasis init mycase; edit mycase/case.yaml; dualbasis build mycase/case.yaml -o packet",
)
app.add_typer(cli_forms.app, name="forms")
cli_exchange.register(app)

CaseFile = Annotated[Path, typer.Argument(metavar="CASE", help="The case file, such as case.yaml.", show_default=False)]
FEW_COLLECTIONS = 200_000  # objects made between two runs of the garbage collector

PacketYear = Annotated[
    int | None,
    typer.Option(
        "--year",
        help="Forms, schedules and memo of this tax year only; audit, workbook, letters to broker and employer, and "
        "carryforward.yaml stay those of the whole case.",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result object.")]


def main() -> None:
    """Run the command line; what fails in the program itself ends with one line and nothing of the case."""
    gc.set_threshold(FEW_COLLECTIONS)  # nearly all that is made lives until the end: looking through it often is a loss
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it would print pieces of a damaged file
    try:
        app()
    except Exception as error:  # noqa: BLE001 - the last resort of a program that holds people's finances
        sys.exit(_failed(error))


def _failed(error: Exception) -> int:
    from worksheets.problems import CaseError  # noqa: PLC0415 - only when something failed

    if isinstance(error, CaseError):
        for problem in error.problems:
            typer.echo(str(problem), err=True)
        return BAD_INPUT
    if os.environ.get("DUALBASIS_DEBUG"):
        raise error
    place = _where(error)
    typer.echo(f"dualbasis failed ({type(error).__name__} in {place}); this is a fault of the program.", err=True)
    typer.echo("Nothing of the case is shown here; DUALBASIS_DEBUG=1 shows the whole trace.", err=True)
    return FAILED


def _where(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


def _opened(case: Path) -> Session:
    from worksheets.session import open_case  # noqa: PLC0415 - `--help` needs none of it

    return open_case(case)


def _checked_year(session: Session, case: Path, year: int | None, key: str = "--year") -> None:
    years = session.household.case.years
    if year is not None and year not in years:
        stop(f"{case}:1: {key}: read {year}, expected one of {', '.join(map(str, years))}")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"dualbasis {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Nothing to do before a command."""


@app.command(epilog="Example: dualbasis init mycase")
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder for the case.", show_default=False)],
) -> None:
    """Write a commented case to fill in, CSV headers, and the JSON Schema for editors."""
    from worksheets.starter import StarterError, write_starter  # noqa: PLC0415 - only this command needs it

    try:
        written = write_starter(folder)
    except StarterError as error:
        stop(str(error))
    for path in written:
        typer.echo(f"wrote {path}")
    typer.echo(f"Fill in {folder / 'case.yaml'}, then: dualbasis check {folder / 'case.yaml'}")


@app.command(epilog="Example: dualbasis check case.yaml --markdown > findings.md")
def check(
    case: CaseFile,
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print a Markdown table.")] = False,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="End with 0 even when there are findings.")] = False,
) -> None:
    """Validate and reconcile: what the forms show against what is right. Ends with 1 when there are findings."""
    from worksheets import terminal  # noqa: PLC0415 - needs rich

    session = _opened(case)
    if as_json:
        typer.echo(terminal.findings_json(session))
    elif markdown:
        typer.echo(terminal.findings_markdown(session))
    else:
        terminal.show_findings(session)
    found = any(one.severity != "note" for listed in session.findings.values() for one in listed)
    if found and not exit_zero:
        raise typer.Exit(FINDINGS)


@app.command(epilog="Example: dualbasis compute case.yaml --json > results.json")
def compute(case: CaseFile, year: TaxYear = None, as_json: AsJson = False) -> None:
    """Compute the figures of every year: the forms, line by line."""
    from worksheets import terminal  # noqa: PLC0415 - needs rich

    session = _opened(case)
    _checked_year(session, case, year)
    result = session.result()
    if year is not None:
        result["years"] = {str(year): result["years"][str(year)]}
    if as_json:
        typer.echo(terminal.dumps(result))
    else:
        terminal.show_result(result)


@app.command(epilog="Example: dualbasis explain case.yaml 2024 6251:2k")
def explain(
    case: CaseFile,
    year: Annotated[int, typer.Argument(help="The tax year.", show_default=False)],
    line: Annotated[str, typer.Argument(metavar="FORM:LINE", help="Such as 6251:2k or 8801:25.", show_default=False)],
) -> None:
    """Show where a figure comes from, down to boxes of Forms 3921 and 1099-B."""
    from worksheets import explain as trails  # noqa: PLC0415 - only this command needs it
    from worksheets import terminal  # noqa: PLC0415 - needs rich

    session = _opened(case)
    _checked_year(session, case, year, "YEAR")
    try:
        node = trails.trail(session.household, year, line)
    except trails.UnknownLineError as error:
        stop(f"{case}:1: {line}: {error}")
    terminal.show_trail(node)


@app.command(epilog="Example: dualbasis build case.yaml -o packet --force")
def build(  # noqa: PLR0913 - a command has its options
    case: CaseFile,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="DIR", help="Output folder.")] = None,
    year: PacketYear = None,
    forms_dir: FormsDir = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace an existing packet.")] = False,
    flatten: Annotated[bool, typer.Option("--flatten", help="Make forms plain pages, not fillable.")] = False,
    encrypt: Annotated[bool, typer.Option("--encrypt", help="Encrypt the PDFs; the password is asked for.")] = False,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", help="With --encrypt: the password's file.", show_default=False)
    ] = None,
) -> None:
    """Build the packet: forms, schedules and worksheets as PDFs, with results.json and carryforward.yaml."""
    from worksheets import terminal  # noqa: PLC0415 - needs rich
    from worksheets.paper.packet import PacketError  # noqa: PLC0415 - needs the PDF libraries
    from worksheets.paper.packet import build as build_packet  # noqa: PLC0415 - likewise

    session = _opened(case)
    _checked_year(session, case, year)
    target = out or Path(f"{case.stem}-packet")
    options: dict[str, Any] = {"year": year, "forms_dir": forms_dir, "force": force, "flatten": flatten}
    options["password"] = _password(password_file) if encrypt else None
    try:
        with terminal.progress("building") as progress:
            built = build_packet(session, target, progress=progress, **options)
    except PacketError as error:
        stop(f"{target}:1: -o: {error}")
    terminal.show_built(built, session, year)


def _password(file: Path | None) -> str:
    """The password from its file, or asked for twice; never from the command line."""
    from worksheets.paper.packet import ENCRYPTION_NEEDS, can_encrypt  # noqa: PLC0415 - needs the PDF libraries

    if not can_encrypt():
        stop(f"--encrypt: {ENCRYPTION_NEEDS}")
    return _asked_for() if file is None else _read_from(file)


def _asked_for() -> str:
    """The password as typed, unseen; where nobody can type one unseen, the command stops."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", getpass.GetPassWarning)  # it says that the password would show
        try:
            asked: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        except (typer.Abort, getpass.GetPassWarning):
            stop("--encrypt: read no password, expected one typed in a terminal, or --password-file FILE")
    return asked


def _read_from(file: Path) -> str:
    try:
        found = file.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as fault:
        stop(f"{file}:1: --password-file: it cannot be read ({type(fault).__name__}), expected a text file")
    if not found:
        stop(f"{file}:1: --password-file: read nothing, expected a password")
    return found


@app.command("batch", hidden=True, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def batch() -> None:
    """Reserved for many cases at once."""
    stop("dualbasis batch is reserved: it is not built yet. Run `dualbasis build` once a case.")
