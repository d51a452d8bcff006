"""Interactive Brokers, "Worksheet for Form 8949" as CSV.

Rows are told by their first cell. The box of Part II is A, B or C in the older files, D, E or F as on the form today.
Whether today's files are still laid out so is not known.
"""

from __future__ import annotations

from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Entry, Layout, Reading
from worksheets.read.brokers.source import Source
from worksheets.read.brokers.table import Column, Header, Record, fill, form_code, is_row

TITLE = ("title", "worksheet for form 8949")
LONG_BOXES = {"A": "D", "B": "E", "C": "F"}
COLUMNS = (
    Column("description", ("Description",)),
    Column("acquired", ("Date Acquired",), cells.acquired),
    Column("sold", ("Date Sold",), cells.sold_day),
    Column("proceeds", ("Sales Price",), cells.money),
    Column("basis", ("Cost Basis",), cells.money),
)


def _recognise(source: Source) -> bool:
    firsts = (line.cells[:2] for sheet in source.sheets for line in sheet.lines[:1])
    return any(tuple(cell.strip().casefold() for cell in first) == TITLE for first in firsts)


def _fill(source: Source, reading: Reading) -> None:
    part, box, account, header = "", "", "", None
    for line in source.sheets[0].lines:
        kind, value = line.cells[0].strip().casefold(), line.cells[1].strip() if line.cells[1:] else ""
        if kind == "account":
            account = cells.words(value)
        elif kind == "part":
            part = value.upper()
        elif kind == "box":
            box = LONG_BOXES.get(value.upper(), value.upper()) if part == "II" else value.upper()
        elif kind == "header":
            header = Header(line)
        elif kind == "data" and header and is_row(record := Record(header, line), reading, ("total",)):
            _sale(record, reading, box).set("account", account)


def _sale(record: Record, reading: Reading, box: str) -> Entry:
    entry = reading.entry("sales", record.line.number)
    fill(entry, record, COLUMNS)
    count, entry.symbol = cells.leading_shares(entry.values.get("description", ""))
    entry.set("shares", count)
    code = record.raw("Code").upper()
    if code == "W":
        entry.put("wash_sale_disallowed", record.raw("Adjustment"), cells.size)
    elif code:
        entry.notes.append(f"the file gives adjustment code {cells.one_line(code)}, which is worked anew here")
    form_code(entry, box)
    return entry


LAYOUT = Layout(
    "ibkr", "Interactive Brokers worksheet for Form 8949", "Interactive Brokers", "parser", _recognise, _fill
)
