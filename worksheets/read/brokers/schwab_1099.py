"""Schwab, "1099 Composite and Year-End Summary" as CSV: the block of Form 1099-B.

Blocks of other forms stand before it. Of the header's names three hold years that change, so they are not asked for.
The description begins with the number of shares. Sales through the Equity Award Center are on a Form 1099-B of their
own, which this download does not hold.
"""

from __future__ import annotations

from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Entry, Reading
from worksheets.read.brokers.source import Source
from worksheets.read.brokers.table import Column, Record, TableLayout, form_code

REQUIRED = (
    ("Description of property*",),
    ("Date acquired",),
    ("Date sold or disposed",),
    ("Cost or other basis",),
    ("Form 8949 Code",),
    ("Check if basis reported to IRS",),
)


def noncovered(text: str) -> str:
    """Box 5, printed as Covered or Noncovered (or as a tick)."""
    word = text.strip().casefold().replace("-", "")
    if word in {"covered", "noncovered", "uncovered"}:
        return "false" if word == "covered" else "true"
    return cells.flag(text)


def _finish(entry: Entry, record: Record, _: Reading) -> None:
    count, name = cells.leading_shares(entry.values.get("description", ""))
    entry.set("shares", count)
    entry.symbol = name
    form_code(entry, record.raw("Form 8949 Code"))


TABLE = TableLayout(
    name="schwab_1099",
    title="Schwab 1099 Composite, Form 1099-B",
    broker="Schwab",
    confidence="real",
    required=REQUIRED,
    columns=(
        Column("description", ("Description of property*",)),
        Column("acquired", ("Date acquired",), cells.acquired),
        Column("sold", ("Date sold or disposed",), cells.sold_day),
        Column("proceeds", ("Proceeds",), cells.money),
        Column("basis", ("Cost or other basis",), cells.money),
        Column("wash_sale_disallowed", ("Wash sale loss disallowed",), cells.size),
        Column("term", ("Short-Term gain loss*",), cells.term),
        Column("noncovered", ("Check if noncovered security",), noncovered),
        Column("basis_reported", ("Check if basis reported to IRS",), cells.flag),
    ),
    finish=_finish,
    note="sales of the Equity Award Center are on a Form 1099-B of their own, not in this file",
)


def _fill(source: Source, reading: Reading) -> None:
    TABLE.fill(source, reading)
    account = next(
        (line.cells[1] for line in source.sheets[0].lines if line.cells[0].strip() == "Account" and line.cells[1:]), ""
    )
    for entry in reading.entries:
        entry.set("account", cells.words(account))


LAYOUT = TABLE.with_fill(_fill)
