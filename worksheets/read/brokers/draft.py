"""The case file that an import leaves to fill in: commented YAML, and CSV tables where rows are many.

What no file said stands as an empty key with FILL IN beside it, or as a question mark where the key may be left out, so
that the case is refused until a person has put it there. Amounts are plain text; account numbers are written in full,
for the owner's file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from worksheets.case_years import supported_years
from worksheets.read.brokers.cells import one_line
from worksheets.read.brokers.layout import REQUIRED, Entry, Table
from worksheets.read.brokers.plain import NAMES
from worksheets.read.brokers.spreadsheet import csv_text

TABLES: Mapping[Table, str] = {"exercises": "3921.csv", "sales": "1099b.csv"}
FILL_IN = "FILL IN"
_ORDER: Mapping[Table, tuple[str, ...]] = {
    **NAMES,
    "acquisitions": ("corporation", "date", "shares", "kind"),
    "totals": ("broker", "account", "year", "proceeds", "basis", "wash_sale_disallowed"),
}
_BARE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]+(?:\.[0-9]*)?|true|false")
_TEXTS = frozenset({"id", "corporation", "description", "account", "broker", "owner", "kind", "lots"})
_STATUSES = "single, married_joint, married_separate, head_of_household or surviving_spouse"
_CARRIED = (
    ("capital_loss_carryover", "{short: 0, long: 0}"),
    ("amt_capital_loss_carryover", "{short: 0, long: 0}"),
    ("prior_minimum_tax_credit", "0"),
    ("prior_year", "{form_6251: {11: 0}}"),
)


def scalar(key: str, value: str) -> str:
    """A value as YAML: amounts and dates plain, text quoted where it needs to be."""
    if key not in _TEXTS and _BARE.fullmatch(value):
        return value
    dumped: str = yaml.safe_dump(value, allow_unicode=True, width=10_000)
    return dumped.removesuffix("...\n").rstrip("\n")


def years(entries: Iterable[Entry]) -> list[int]:
    """The tax years that a case of these rows lists: from the first exercise or sale that is supported to the last."""
    dates = [
        entry.values[key]
        for entry in entries
        for key in (("sold",) if entry.table == "sales" else ("exercise_date",))
        if entry.table in TABLES and key in entry.values
    ]
    found = [year for year in (int(date[:4]) for date in dates) if year in supported_years()]
    return list(range(min(found), max(found) + 1)) if found else []


def keys(entry: Entry) -> list[str]:
    """The keys to write for an entry, in the order of the case file: with values, unread, missing or hinted at."""
    wanted = {*entry.values, *entry.unread, *entry.missing, *entry.hints}
    return [key for key in _ORDER[entry.table] if key in wanted]


def case_yaml(entries: Sequence[Entry], titles: Iterable[str], left: Iterable[str], *, tables: bool) -> str:
    """The commented case.

    Args:
        entries: what was understood.
        titles: the files it was read from and what to know about them, one line each.
        left: rows that were not understood, one line each.
        tables: whether exercises and sales are in CSV files beside the case.
    """
    lines = ["# A case to complete: what no file said is marked FILL IN. Read from:"]
    lines += [f"#   {one_line(title)}" for title in titles]
    lines += ["# NOT UNDERSTOOD (see to each; a row without any cell that could be read is not below):"] if left else []
    lines += [f"#   {one_line(row)}" for row in left]
    lines += ["", "case: 1", "taxpayer:", f"  name:  # {FILL_IN}: as shown on the return"]
    lines += ["# spouse: {name: }  # on a joint return, or where rows are the spouse's (owner: spouse)"]
    lines += ["# state: CA  # two letters, where your state has an AMT of its own", ""]
    for table in _ORDER:
        lines += _section(
            table, [entry for entry in entries if entry.table == table], in_csv=tables and table in TABLES
        )
    return "\n".join([*lines, *_years(entries)]) + "\n"


def _section(table: Table, rows: list[Entry], *, in_csv: bool) -> Iterator[str]:
    if not rows:
        if table == "exercises":
            yield f"exercises:  # {FILL_IN}: one entry per Form 3921, from which each sale of ISO shares comes"
            yield ""
        return
    if in_csv:
        yield f"{table}: {TABLES[table]}"
        for entry in rows:
            for key in keys(entry):
                if comment := _comment(entry, key):
                    yield f"#   {_place(entry)}: {key}:{comment.removeprefix('  #')}"
    else:
        yield f"{table}:"
        for entry in rows:
            yield from _entry(entry)
    yield ""


def _place(entry: Entry) -> str:
    return f"{one_line(Path(entry.file).name)}, line {entry.line}"


def _entry(entry: Entry) -> Iterator[str]:
    yield "  # " + "; ".join([_place(entry), *map(one_line, entry.notes)])
    mark = "  - "
    for key in keys(entry):
        value = _written(entry, key)
        shown = f" {scalar(key, value)}" if value else ""
        yield f"{mark}{key}:{shown}{_comment(entry, key)}"
        mark = "    "
    yield from (f"    # {key}: {scalar(key, value)}  # {why}" for key, (value, why) in entry.aside.items())


def _written(entry: Entry, key: str) -> str:
    """What stands for a key: its value, what could not be read, or a question mark that the case reader refuses."""
    unknown = "" if key in REQUIRED[entry.table] or key not in entry.hints else "?"
    return entry.values.get(key) or entry.unread.get(key, (unknown,))[0]


def _comment(entry: Entry, key: str) -> str:
    """What a person has to do about a key, or ""."""
    if key in entry.unread:
        return f"  # {FILL_IN}: this could not be read, expected {one_line(entry.unread[key][1])}"
    if key in entry.values:
        return ""
    return f"  # {FILL_IN}: {one_line(entry.hints.get(key, 'the file does not say'))}"


def csv_tables(entries: Iterable[Entry]) -> Mapping[str, str]:
    """The CSV files of exercises and sales, by name: headers as the case file has them, cells that no program runs."""
    listed = list(entries)
    return {
        name: text for table, name in TABLES.items() if (text := _csv([e for e in listed if e.table == table], table))
    }


def _csv(rows: list[Entry], table: Table) -> str:
    wanted = {key for entry in rows for key in keys(entry)}
    columns = [key for key in _ORDER[table] if key in wanted]
    cells = [[_written(entry, key) for key in columns] for entry in rows]
    return csv_text([columns, *cells]) if rows else ""


def _years(entries: Sequence[Entry]) -> Iterator[str]:
    yield f"years:  # {FILL_IN} each; without wages a year gives what concerns the stock only (lots, bases, Form 8949)"
    listed = years(entries)
    if not listed:
        yield f"  # {FILL_IN}: every tax year from the first to the last, each with its filing_status"
    for year in listed:
        yield f"  {year}:"
        yield f"    filing_status:  # {FILL_IN}: {_STATUSES}"
        yield f"    # wages:  # {FILL_IN} for the whole return: Form W-2 box 1, all of them, as printed"
        if year == listed[0]:
            yield from _carried(entries, year)


def _carried(entries: Iterable[Entry], first: int) -> Iterator[str]:
    """Keys that cannot be assumed once wages are given, where lots were exercised before the first year."""
    earlier = any(
        entry.table == "exercises" and entry.values.get("exercise_date", "9")[:4] < str(first) for entry in entries
    )
    if earlier:
        yield "    # with wages also these, which cannot be assumed here (shown: nothing carried in):"
        for key, nothing in _CARRIED:
            yield f"    # {key}: {nothing}"
