"""How results read in a terminal: tables where there is one, plain lines when piped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from worksheets.audit_whatif import Carried
from worksheets.definitions import definition
from worksheets.findings import Finding
from worksheets.results import finding as finding_entry
from worksheets.results import result_head
from worksheets.session import Session

if TYPE_CHECKING:
    from worksheets.explain import Node
    from worksheets.household import YearBooks
    from worksheets.paper.packet import Built

COLOURS = {"error": "bold red", "warning": "yellow", "corrected": "cyan", "note": "dim"}
ASK = {"ask_broker": "ask the broker", "ask_employer": "ask the employer", "ask_owner": "for you to answer"}
FILES = {"1040": "f1040", "6251": "f6251", "8801": "f8801", "schedule_d": "f1040sd", "schedule_d_amt": "f1040sd"}
STOCK_ONLY = "whether AMT is due is not worked"
DRAFT = "its amounts and forms are drafts"
HYPOTHETICAL = "hypothetical amounts stand in place of the law's"
NO_STOCK = "; the case holds no exercise and no sale yet"
ROOM_FOR_FIGURES = 64  # columns of a terminal
LONGEST_ROW_NAME = 16  # columns; longer names go over lines
COLUMNS = ("box", "sale", *"abcdefgh")
GAP, NARROWEST = 2, 9  # columns between those of a table; the least that names go into
TITLES = {
    "1040": "Form 1040",
    "6251": "Form 6251",
    "8801": "Form 8801",
    "schedule_d": "Schedule D",
    "schedule_d_amt": "Schedule D, AMT copy",
}


def console() -> Console:
    """Standard output; colours and boxes only on a terminal."""
    return Console(highlight=False, soft_wrap=False)


def dumps(value: Any) -> str:
    """JSON as people and programs read it."""
    return json.dumps(value, indent=2, ensure_ascii=False)


def amount(value: Any) -> str:
    """A figure with separators, a negative in parentheses."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    text = f"{abs(value):,}" if isinstance(value, int) else f"{abs(value):,.2f}"
    return f"({text})" if value < 0 else text


def findings_json(session: Session) -> str:
    """The findings of every year, with what was assumed and whether the packet is ready to file."""
    result = session.result()
    names = ("draft", "hypothetical_amounts", "ready_to_file", "assumptions", "findings")
    years = {year: {name: found[name] for name in names if name in found} for year, found in result["years"].items()}
    return dumps({**result_head(session.name, session.household), "years": years})


def _listed(session: Session) -> Iterator[tuple[int, Finding]]:
    for year, found in session.findings.items():
        for one in found:
            yield year, one


def _place(one: Finding) -> str:
    return one.sale or one.exercise or "year"


def findings_markdown(session: Session) -> str:
    """The findings as a Markdown table."""
    head = ["| year | row | severity | finding | reported | correct | what to do |", "|---|---|---|---|---:|---:|---|"]
    rows = [
        f"| {year} | {_cell(_place(one))} | {one.severity} | `{one.code}` | {_shown(one, 'reported')} | "
        f"{_shown(one, 'correct')} | {_cell(one.message + _rest(one))} |"
        for year, one in _listed(session)
    ]
    years = session.household.years.items()
    told = [f"{year}: {', '.join(why)}.\n" for year, books in years if (why := _rests_on(books))]
    return "\n".join([*told, *(head + rows if rows else ["No findings."])])


def _rests_on(books: YearBooks) -> list[str]:
    """What else than the final law the figures of a year rest on."""
    law = books.law
    return [why for why, holds in ((DRAFT, law.draft), (HYPOTHETICAL, law.hypothetical)) if holds]


def _cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _shown(one: Finding, name: str) -> str:
    value = finding_entry(one).get(name)
    return "" if value is None else amount(value)


def _rest(one: Finding) -> str:
    """The rule, and whom to ask, in brackets."""
    told = "; ".join(part for part in (one.cite, ASK.get(one.remedy, "")) if part)
    return f" [{told}]" if told else ""


def _both(one: Finding) -> str:
    """What is reported and what is right, as far as the finding has both, in parentheses."""
    named = (("reported", "reported"), ("correct", "right"))
    shown = [f"{text} {word}" for name, word in named if (text := _shown(one, name))]
    return f" ({', '.join(shown)})" if shown and one.reported is not None else ""


def show_findings(session: Session) -> None:
    """The findings as a table, or line by line when piped; then whether each year is ready to file."""
    out = console()
    if out.is_terminal:
        out.print(_findings_table(session, out.width))
    else:
        for year, one in _listed(session):
            text = f"{year} {_place(one)} {one.severity} {one.code}{_both(one)}: {one.message}{_rest(one)}"
            out.print(text, markup=False, soft_wrap=True)
    result = session.result()
    if stake := _stake(session):
        out.print(stake, markup=False, soft_wrap=not out.is_terminal)
    empty = not session.household.case.exercises and not session.household.case.sales
    for year, found in result["years"].items():
        out.print(f"{year}: {_verdict(found)}{NO_STOCK if empty else ''}", markup=False, soft_wrap=True)


def _verdict(found: Mapping[str, Any]) -> str:
    """Whether a year is ready to file, with how many findings of each severity and what else keeps it from that."""
    counts = _counts(found["findings"])
    ready, stock_only = found["ready_to_file"], found["stock_only"]
    told = ["stock figures only"] if stock_only else []
    told += ["ready to file"] if ready and not stock_only else [] if ready else ["not ready to file"]
    hypothetical = found.get("hypothetical_amounts", False)
    reasons = ((DRAFT, found["draft"]), (HYPOTHETICAL, hypothetical), (STOCK_ONLY, stock_only))
    more = [why for why, holds in reasons if holds]
    return "; ".join([f"{', '.join(told)}{f' ({counts})' if counts else ', no findings'}", *more])


def unready(session: Session, year: int) -> str:
    """What keeps a year from being ready to file, and which sales lack in its rows; "" where nothing does."""
    found = session.result()["years"][str(year)]
    if found["ready_to_file"]:
        return ""
    lacking = list(dict.fromkeys(one.sale for one in session.findings[year] if one.severity == "error" and one.sale))
    left_out = f"; {', '.join(lacking)}: in part or whole left out of the forms and of this file" if lacking else ""
    return f"{year}: {_verdict(found)}{left_out}; dualbasis check says why"


def _stake(session: Session) -> str:
    """What filing as reported would cost, as the audit says it; "" where nothing is priced or nothing is at stake."""
    from worksheets.pricing import price, stake_words  # noqa: PLC0415 - only `check` needs it

    found = price(session.household)
    corrected = any(one.severity == "corrected" for listed in session.findings.values() for one in listed)
    if not corrected and not found.total and found.carried_difference == Carried():
        return ""
    words = stake_words(found)
    return f"{words} State tax and net investment income tax are left out." if words else ""


def _counts(findings: list[dict[str, Any]]) -> str:
    severities = [one["severity"] for one in findings]
    return ", ".join(_several(severities.count(name), name) for name in COLOURS if name in severities)


def _several(number: int, severity: str) -> str:
    """So many of a severity: 1 note, 2 notes, 3 corrected."""
    return f"{number} {severity}{'s' if number > 1 and severity != 'corrected' else ''}"


def _findings_table(session: Session, width: int) -> Table:
    """The findings; figures in columns of their own where the terminal (so many columns wide) has room for them."""
    wide = width >= ROOM_FOR_FIGURES
    table = Table(box=None, pad_edge=False, show_lines=False, padding=(0, 2, 1, 0))
    table.add_column("year", no_wrap=True)
    table.add_column("row", max_width=LONGEST_ROW_NAME, overflow="fold")
    table.add_column("finding", ratio=1, overflow="fold")
    for title in ("reported", "correct") if wide else ():
        table.add_column(title, justify="right", no_wrap=True)
    for year, one in _listed(session):
        figures = (_shown(one, "reported"), _shown(one, "correct")) if wide else ()
        table.add_row(str(year), Text(_place(one)), _told(one, "" if wide else _both(one)), *figures)
    return table


def _told(one: Finding, figures: str) -> Text:
    """A finding in its colour: code, severity, what it says."""
    text = Text(f"{one.code} ", style=COLOURS[one.severity])
    text.append(f"{one.severity}{figures}\n", style="dim")
    text.append(one.message)
    text.append(_rest(one), style="dim")
    return text


def show_result(result: Mapping[str, Any]) -> None:
    """Every form line of every year, with its caption."""
    out = console()
    for year, found in result["years"].items():
        marks = [word for word, on in (("draft figures", found["draft"]), ("stock only", found["stock_only"])) if on]
        if found.get("hypothetical_amounts"):
            marks.append("hypothetical amounts")
        title = f"{year}  {found['filing_status'].replace('_', ' ')}"
        out.print(f"[bold]{title}[/bold]" + (f"  ({', '.join(marks)})" if marks else ""))
        for form, lines in found["forms"].items():
            if form in FILES:
                out.print(_form_table(int(year), form, lines))
        _show_rows(out, found["forms"]["8949"])
        if statement := found["forms"].get("8949_statement"):
            _show_rows(out, statement, "Form 8949, attached statement")
        out.print()


def _form_table(year: int, form: str, lines: Mapping[str, Any]) -> Table:
    attach = lines.get("attach")
    note = "" if attach is None else ("  attach to the return" if attach else "  keep, not attached")
    table = Table(box=None, title=f"{TITLES[form]}{note}", title_justify="left", title_style="", pad_edge=False)
    table.add_column("line", no_wrap=True, min_width=5)
    table.add_column("", ratio=1)
    table.add_column("amount", justify="right", no_wrap=True)
    captions = definition(year, FILES[form]).numbers
    for number, value in lines.items():
        if number != "attach":
            shown = "  ".join(map(amount, value.values())) if isinstance(value, dict) else amount(value)
            table.add_row(number, captions[number].caption if number in captions else "", shown)
    return table


def _show_rows(out: Console, rows: list[Mapping[str, Any]], title: str = "Form 8949") -> None:
    """Rows of Form 8949: a table, or one row below the other where a figure or the description would be broken."""
    if not rows:
        out.print("Form 8949: no rows")
        return
    cells = [{name: amount(row.get(name, "")) for name in COLUMNS} for row in rows]
    room = out.width - sum(GAP + _widest(cells, name) for name in ("box", *"bcdefgh"))
    room -= min(NARROWEST, GAP + _widest(cells, "sale"))
    if room >= NARROWEST - GAP:
        out.print(_rows_table(cells, title))
        return
    out.print(title)
    for one in cells:
        for line in _stacked(one, out.width):
            out.print(Text(line, overflow="fold"))


def _rows_table(cells: list[dict[str, str]], title: str) -> Table:
    table = Table(box=None, title=title, title_justify="left", title_style="", pad_edge=False)
    for name in COLUMNS:
        justify: Literal["left", "right"] = "right" if name in "defgh" else "left"
        table.add_column(name, justify=justify, no_wrap=name not in {"sale", "a"}, overflow="fold")
    for one in cells:
        table.add_row(*(Text(one[name]) for name in COLUMNS))
    return table


def _stacked(row: Mapping[str, str], width: int) -> Iterator[str]:
    """A row over several lines, each column with its letter and none broken."""
    yield f"box {row['box']}  sale {row['sale']}"
    yield f"  a {row['a']}"
    line = ""
    for part in (f"  {name} {row[name]}" for name in "bcdefgh" if row[name]):
        if line and len(line) + len(part) > width:
            yield line
            line = ""
        line += part
    yield line


def _widest(cells: list[dict[str, str]], name: str) -> int:
    """How many columns of a terminal a column of a table takes, its title included."""
    return max(len(name), *(len(one[name]) for one in cells))


def show_trail(node: Node) -> None:
    """Where a figure comes from, as a tree."""
    from worksheets.explain import render  # noqa: PLC0415 - imports more than the other commands need

    console().print(render(node))


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """Says what is being done: a spinner on a terminal, nothing when piped."""
    out = Console(stderr=True, highlight=False)
    if not out.is_terminal:
        yield lambda _step: None
        return
    with out.status(title) as status:
        yield lambda step: status.update(f"{title}: {step}")


def show_built(built: Built, session: Session, only: int | None = None) -> None:
    """What was written, what to do next, and whether the years (or `only` one) are ready to file."""
    out = console()
    for path in built.files:
        out.print(f"wrote {path}", markup=False, soft_wrap=True)
    for note in built.notes:
        out.print(note, markup=False, soft_wrap=True)
    for year, found in session.findings.items():
        if only in {None, year}:
            said = f"{year}: {len(found)} {'finding' if len(found) == 1 else 'findings'}, {_open(session, year)}"
            out.print(said, markup=False, soft_wrap=True)


def _open(session: Session, year: int) -> str:
    """How many findings of a year are open, and what else must be known before it is filed."""
    blocking, books = sum(one.blocks_filing for one in session.findings[year]), session.household.years[year]
    told = [f"not ready to file, {blocking} open" if blocking else "nothing open"]
    if reasons := _rests_on(books):
        told = [f"not ready to file: {', '.join(reasons)}{f', {blocking} open' if blocking else ''}"]
    return "; ".join([*told, *([f"stock figures only: {STOCK_ONLY}"] if books.tax_return is None else ())])
