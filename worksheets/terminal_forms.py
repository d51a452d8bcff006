"""How the `forms` commands read in a terminal: a progress bar and tables where there is one, plain lines when piped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from worksheets import fetch
from worksheets.definitions import definition
from worksheets.paper.blanks import Known, find
from worksheets.paper.verify import Verdict, verify
from worksheets.terminal import console, progress

if TYPE_CHECKING:
    from worksheets.adopt import Proposal

SHOWN_FAULTS = 12  # of a blank, on a terminal
_COLOURS = {
    "fetched": "green",
    "present": "dim",
    "unpinned": "yellow",
    "refused": "bold red",
    "missing": "dim",
    "unverified": "yellow",
    "digest not known": "yellow",
    "there, boxes agree": "yellow",
    "there, not the known file": "red",
    "there, not a form": "red",
    "there, cannot be read": "red",
}


def fetch_all(wanted: Sequence[Known], folder: Path, site: str = fetch.SITE) -> list[fetch.Outcome]:
    """Bring the blanks one after another, with a progress bar on a terminal and a line each.

    Raises:
        NoNetworkError: the site cannot be reached.
    """
    out, outcomes = console(), list[fetch.Outcome]()
    with _bar(len(wanted)) as begin:
        for done, blank in enumerate(wanted):
            outcome = fetch.fetch(blank, folder, begin(blank.file, done), site)
            _say(out, f"{outcome.state:8}", _rest(outcome), style=_COLOURS[outcome.state])
            outcomes.append(outcome)
    _say(out, f"{sum(one.kept for one in outcomes)} of {len(outcomes)} in {folder}")
    return outcomes


def _rest(outcome: fetch.Outcome) -> str:
    return f" {outcome.blank.file}" + (f": {outcome.reason}" if outcome.reason else "")


def _say(out: Console, text: str, rest: str = "", style: str = "") -> None:
    """Prints a line, its first part in a colour; what a file or a site put into it cannot steer the terminal."""
    out.print(Text(_plain(text), style=style).append(_plain(rest), style="default"), soft_wrap=True)


def _plain(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


@contextmanager
def _bar(blanks: int) -> Iterator[Callable[[str, int], fetch.Progress]]:
    """A bar of all blanks, with the name of the one being brought and how much of it has come; nothing when piped."""
    columns = (
        TextColumn("{task.description:18}"),
        BarColumn(24),
        MofNCompleteColumn(),
        TextColumn("{task.fields[came]}"),
    )
    hidden = not (console().is_terminal and Console(stderr=True).is_terminal)
    with Progress(*columns, console=Console(stderr=True), disable=hidden, transient=True) as shown:
        task = shown.add_task("", total=blanks, came="")

        def _begin(name: str, done: int) -> fetch.Progress:
            shown.update(task, description=name, completed=done, came="")
            return lambda came, of: shown.update(task, came=_kilobytes(came, of))

        yield _begin


def _kilobytes(came: int, of: int | None) -> str:
    return f"{came // 1000:,} of {of // 1000:,} kB" if of else f"{came // 1000:,} kB"


def show_forms(folders: Sequence[Path]) -> None:
    """Which official blanks are on this machine, whether each is the known file, and whether its map was verified."""
    out = console()
    first = folders[0] if folders else None
    rows = [_listed(blank, first) for blank in fetch.official_blanks()]
    if out.is_terminal:
        out.print(_table(("year", "form", "file", "state", "map"), rows))
    else:
        for year, form, file, state, its_map in rows:
            _say(out, f"{year} {form} {file}: {state}, map {its_map}")
    looked = f"looked in {', '.join(map(str, folders)) or 'no folder: this user has no home'}"
    more = any(row[3] == "missing" for row in rows)
    hint = "; bring what is missing with: dualbasis forms fetch" if more else ""
    _say(out, looked + hint)


def _listed(blank: Known, folder: Path | None) -> tuple[str, ...]:
    verified = definition(blank.year, blank.form).extra.get("verified") != "false"
    state = _state(find(blank.form, blank.year, folder), blank)
    return str(blank.year), blank.form, blank.file, state, "verified" if verified else "unverified"


def _state(path: Path | None, blank: Known) -> str:
    if path is None:
        return "missing"
    try:
        if blank.sha256:
            known = fetch.digest(path.read_bytes()) == blank.sha256
            return "there, checks" if known else "there, not the known file"
        faults = verify(path, blank.form, blank.year).faults
    except OSError:
        return "there, cannot be read"
    except ValueError:
        return "there, not a form"
    return f"there, {_counted(faults)}" if faults else "there, boxes agree"


def _counted(faults: Sequence[object]) -> str:
    return f"{len(faults)} fault{'s' * (len(faults) > 1)}"


def _table(titles: Iterable[str], rows: Iterable[Sequence[str]], right: frozenset[str] = frozenset()) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in titles:
        table.add_column(title, no_wrap=True, justify="right" if title in right else "left")
    for row in rows:
        table.add_row(*(Text(_plain(cell), style=_style(cell)) for cell in row))
    return table


def _style(cell: str) -> str:
    return "red" if "fault" in cell else _COLOURS.get(cell, "")


def verify_all(paths: Sequence[tuple[Path, int | None]]) -> bool:
    """Verify blanks, each against the map of its year or of the one given; returns whether all of them agree.

    A line (on a terminal, a row) for each, then its faults: line, box, and where the box stands. What cannot be read
    as a form is said on standard error.
    """
    out, verdicts, unread = console(), list[Verdict](), list[str]()
    with progress("verifying") as step:
        for path, year in paths:
            step(path.name)
            try:
                verdicts.append(verify(path, year=year))
            except (OSError, ValueError) as error:
                unread.append(f"{path}:0: {getattr(error, 'strerror', None) or error}")
    _show_verdicts(out, verdicts)
    for line in unread:
        _say(Console(stderr=True, highlight=False), line)
    return not unread and not any(verdict.faults for verdict in verdicts)


def _show_verdicts(out: Console, verdicts: Sequence[Verdict]) -> None:
    rows = [
        (str(v.revision.year), v.revision.form, v.path.name, str(v.boxes), f"{v.agreed} of {v.rows}", _result(v))
        for v in verdicts
    ]
    if out.is_terminal and rows:
        titles = "year", "form", "file", "boxes", "rows agreed", "result"
        out.print(_table(titles, rows, right=frozenset({"boxes", "rows agreed"})))
    for (year, form, _, boxes, agreed, result), verdict in zip(rows, verdicts, strict=True):
        if not out.is_terminal:
            _say(out, f"{verdict.path}: {form} {year}: {boxes} boxes checked, {agreed} rows agree, {result}")
        _show_faults(out, verdict)


def _result(verdict: Verdict) -> str:
    if verdict.faults:
        return _counted(verdict.faults)
    return "known file" if verdict.known else "digest not known"


def _show_faults(out: Console, verdict: Verdict) -> None:
    """Each fault, on a terminal the first of them under the name of the file."""
    if not out.is_terminal:
        for fault in verdict.faults:
            _say(out, f"{verdict.path}: {fault}")
        return
    for line in [f"{verdict.path}:"] * bool(verdict.faults) + [f"  {one}" for one in verdict.faults[:SHOWN_FAULTS]]:
        _say(out, line)
    if (more := len(verdict.faults) - SHOWN_FAULTS) > 0:
        _say(out, f"  and {more} more: pipe the command to see all")


def show_proposal(proposal: Proposal) -> None:
    """What is new in a form, line by line, then the difference between last year's file and the proposed one."""
    out = console()
    for note in proposal.notes:
        _say(out, note)
    for line in proposal.difference():
        _say(out, line, style={"+": "green", "-": "red", "@": "cyan"}.get(line[:1], ""))
