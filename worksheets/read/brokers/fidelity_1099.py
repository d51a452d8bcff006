"""Fidelity, consolidated 1099 as CSV: the block of Form 1099-B, and the totals of its summary.

Every row of a block begins with the block's name, padded with blanks; the first such row is its header. Rows may end
with a carriage return alone. Years have two digits. An empty box 1b means various. Where the number of shares stands is
not known from a real file: it is read from a column called Quantity.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Entry, Layout, Reading
from worksheets.read.brokers.source import Line, Source
from worksheets.read.brokers.table import Column, Header, Record, fill, is_row

DETAIL, SUMMARY = "1099-b-detail", "1099 summary"
COLUMNS = (
    Column("description", ("1099-B-1a*",)),
    Column("shares", ("Quantity*",), cells.shares),
    Column("proceeds", ("1099-B-1d*",), cells.money),
    Column("basis", ("1099-B-1e*",), cells.money),
    Column("wash_sale_disallowed", ("1099-B-1g*",), cells.size),
    Column("term", ("Term",), cells.term),
)
TOTALS = (
    Column("account", ("Account Number",)),
    Column("proceeds", ("1099-B-Total Proceeds",), cells.money),
    Column("basis", ("1099-B-Total Cost Basis",), cells.money),
    Column("wash_sale_disallowed", ("1099-B-Total Wash Sales",), cells.size),
)


def _blocks(source: Source, name: str) -> Iterator[Record]:
    """The rows of a block under its own header."""
    header = None
    for sheet in source.sheets:
        for line in sheet.lines:
            if line.cells[0].strip().casefold() != name:
                continue
            if header is None:
                header = Header(Line(line.number, line.cells))
            else:
                yield Record(header, line)


def _recognise(source: Source) -> bool:
    return any(line.cells[0].strip().casefold() == DETAIL for sheet in source.sheets for line in sheet.lines)


def _fill(source: Source, reading: Reading) -> None:
    for record in _blocks(source, DETAIL):
        if is_row(record, reading, ("total",)):
            _sale(record, reading)
    sold = list(reading.entries)
    years = {entry.values["sold"][:4] for entry in sold if "sold" in entry.values}
    for record in _blocks(source, SUMMARY):
        _total(record, reading, sold, years)


def _sale(record: Record, reading: Reading) -> None:
    entry = fill(reading.entry("sales", record.line.number), record, COLUMNS)
    entry.symbol = entry.values.get("description", "")
    entry.put("sold", record.raw("1099-B-1c*"), cells.sold_day)
    acquired = record.raw("1099-B-1b*")
    sold_in = entry.values.get("sold", "")[:4]
    entry.put("acquired", cells.long_year(acquired, int(sold_in)) if sold_in else acquired, cells.acquired)
    if cells.blank(acquired):
        entry.set("acquired", "various")
    covered = record.raw("Covered/Uncovered").casefold()
    if covered:
        entry.set("basis_reported", "true" if covered == "covered" else "false")
        entry.set("noncovered", "false" if covered == "covered" else "true")


def _total(record: Record, reading: Reading, sold: list[Entry], years: set[str]) -> None:
    """The totals of box 1d, 1e and 1g, to tie the rows to; told at once where the rows do not add up to them."""
    entry = fill(reading.entry("totals", record.line.number), record, TOTALS)
    for row in sold:
        row.set("account", entry.values.get("account", ""))
    if len(years) == 1:
        entry.set("year", min(years))
    for key in ("proceeds", "basis", "wash_sale_disallowed"):
        found = sum((Decimal(row.values.get(key, "0")) for row in sold), Decimal(0))
        told = Decimal(entry.values.get(key, "0"))
        if found != told:
            reading.note(f"{key}: the rows add up to {found:f}, the summary says {told:f}")


LAYOUT = Layout("fidelity_1099", "Fidelity consolidated 1099, Form 1099-B", "Fidelity", "parser", _recognise, _fill)
