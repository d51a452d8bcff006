"""Robinhood (and other payers of the same make), consolidated 1099 as CSV: the rows of Form 1099-B.

Each form has a header row that, like its rows, begins with the form's name. An empty date acquired means various.
"""

from __future__ import annotations

from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Layout, Reading
from worksheets.read.brokers.source import Source
from worksheets.read.brokers.table import Column, Header, Record, fill, form_code, is_row, without_form

MARK = ("1099-b", "account number")
COLUMNS = (
    Column("account", ("ACCOUNT NUMBER",)),
    Column("description", ("DESCRIPTION",)),
    Column("shares", ("SHARES",), cells.shares),
    Column("acquired", ("DATE ACQUIRED",), cells.acquired),
    Column("sold", ("SALE DATE",), cells.sold_day),
    Column("proceeds", ("SALES PRICE",), cells.money),
    Column("basis", ("COST BASIS",), cells.money),
    Column("wash_sale_disallowed", ("WASH AMT DISALLOWED",), cells.size),
    Column("term", ("TERM",), cells.term),
    Column("noncovered", ("NON COVERED",), cells.flag),
    Column("broker", ("PAYER NAME1",)),
)


def _is_header(cells_of_row: tuple[str, ...]) -> bool:
    return tuple(cell.strip().casefold() for cell in cells_of_row[:2]) == MARK


def _recognise(source: Source) -> bool:
    return any(_is_header(line.cells) for sheet in source.sheets for line in sheet.lines)


def _fill(source: Source, reading: Reading) -> None:
    header = None
    for sheet in source.sheets:
        for line in sheet.lines:
            if _is_header(line.cells):
                header = Header(line)
            elif header and line.cells[0].strip().casefold() == MARK[0]:
                record = Record(header, line)
                if is_row(record, reading, ("total",)):
                    _sale(record, reading)


def _sale(record: Record, reading: Reading) -> None:
    entry = fill(reading.entry("sales", record.line.number), record, COLUMNS)
    entry.symbol = entry.values.get("description", "")
    if cells.blank(record.raw("DATE ACQUIRED")):
        entry.set("acquired", "various")
    if cells.ticked(record.raw("ORDINARY")):
        entry.set("term", "ordinary")
    if cells.ticked(record.raw("BASIS NOT SHOWN")):
        entry.set("basis_reported", "false")
    form_code(entry, record.raw("FORM8949CODE"))
    if cells.ticked(record.raw("FORM 1099 NOT REC")):
        without_form(entry)


LAYOUT = Layout("robinhood", "Robinhood consolidated 1099, Form 1099-B", "Robinhood", "real", _recognise, _fill)
