"""How results read in a terminal: tables where there is one, plain lines when piped."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from worksheets.audit_words import money
from worksheets.definitions import definition
from worksheets.findings import Finding
from worksheets.results import finding as finding_entry
from worksheets.results import result_head
from worksheets.session import Session

if TYPE_CHECKING:
    from worksheets.explain import Node
    from worksheets.paper.packet import Built

COLOURS = {"error": "bold red", "warning": "yellow", "corrected": "cyan", "note": "dim"}
ASK = {"ask_broker": "ask the broker", "ask_employer": "ask the employer", "ask_owner": "for you to answer"}
FILES = {"1040": "f1040", "6251": "f6251", "8801": "f8801", "schedule_d": "f1040sd", "schedule_d_amt": "f1040sd"}
ROOM_FOR_FIGURES = 64  # columns of a terminal
LONGEST_ROW_NAME = 16  # columns; longer names go over lines
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
    years = {
        year: {name: found[name] for name in ("ready_to_file", "assumptions", "findings")}
        for year, found in result["years"].items()
    }
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
    return "\n".join(head + rows) if rows else "No findings."


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
    for year, found in result["years"].items():
        verdict = "ready to file" if found["ready_to_file"] else "not ready to file"
        counts = _counts(found["findings"])
        out.print(f"{year}: {verdict}{f' ({counts})' if counts else ', no findings'}", markup=False, soft_wrap=True)


def _stake(session: Session) -> str:
    """What filing as reported would cost; "" where nothing was corrected or nothing is priced."""
    from worksheets.pricing import price  # noqa: PLC0415 - only `check` needs it

    if not any(one.severity == "corrected" for found in session.findings.values() for one in found):
        return ""
    found = price(session.household)
    if not found.years:
        return ""
    first, last = min(found.years), max(found.years)
    span = f"{first}" if first == last else f"{first} to {last}"
    if not found.total:
        return f"Filed as reported, the tax of {span} would come to the same."
    side = "high" if found.total < 0 else "low"
    much = f"${money(abs(found.total))} too {side}"
    return f"Filed as reported, the tax of {span} would be {much} (state tax and NIIT left out)."


def _counts(findings: list[dict[str, Any]]) -> str:
    severities = [one["severity"] for one in findings]
    return ", ".join(f"{severities.count(name)} {name}" for name in COLOURS if name in severities)


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
        out.print(_rows_table(found["forms"]["8949"]))
        if statement := found["forms"].get("8949_statement"):
            out.print(_rows_table(statement, "Form 8949, attached statement"))
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


def _rows_table(rows: list[Mapping[str, Any]], title: str = "Form 8949") -> Table | str:
    """Rows of Form 8949: the description only where there is room for it; what is too wide goes over lines, uncut."""
    if not rows:
        return "Form 8949: no rows"
    cells = [{name: amount(row.get(name, "")) for name in ("box", "sale", *"abcdefgh")} for row in rows]
    room = console().width - sum(GAP + _widest(cells, name) for name in ("box", *"bcdefgh"))
    room -= min(NARROWEST, GAP + _widest(cells, "sale"))
    table = Table(box=None, title=title, title_justify="left", title_style="", pad_edge=False)
    names = ["box", "sale", *("a" if room >= NARROWEST - GAP else ""), *"bcdefgh"]
    for name in names:
        right = "right" if name in "defgh" else "left"
        fixed = name not in {"sale", "a"} and room >= 0
        table.add_column(name, justify=right, no_wrap=fixed, overflow="fold")  # type: ignore[arg-type]
    for one in cells:
        table.add_row(*(Text(one[name]) for name in names))
    return table


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


def show_built(built: Built, session: Session) -> None:
    """What was written, what to do next, and whether the years are ready to file."""
    out = console()
    for path in built.files:
        out.print(f"wrote {path}", markup=False, soft_wrap=True)
    for note in built.notes:
        out.print(note, markup=False, soft_wrap=True)
    for year, found in session.findings.items():
        blocking = sum(one.blocks_filing for one in found)
        state = f"not ready to file, {blocking} open" if blocking else "nothing open"
        out.print(f"{year}: {len(found)} {'finding' if len(found) == 1 else 'findings'}, {state}", markup=False)
