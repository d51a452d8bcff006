"""Schwab, Realized Gain/Loss, Lot Details as CSV.

A title row (with part of the account number) may stand above the header. Disallowed Loss is signed both ways.
"""

from __future__ import annotations

from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Entry, Reading
from worksheets.read.brokers.table import Column, Record, TableLayout, describe


def _finish(entry: Entry, record: Record, _: Reading) -> None:
    entry.symbol = cells.words(record.raw("Symbol"))
    describe(entry, cells.words(record.raw("Name")) or entry.symbol)


LAYOUT = TableLayout(
    name="schwab_lots",
    title="Schwab Realized Gain/Loss, Lot Details",
    broker="Schwab",
    confidence="real",
    required=(("Symbol",), ("Closed Date",), ("Opened Date",), ("Cost Basis (CB)",), ("Proceeds",)),
    columns=(
        Column("shares", ("Quantity",), cells.shares),
        Column("acquired", ("Opened Date",), cells.acquired),
        Column("sold", ("Closed Date",), cells.sold_day),
        Column("proceeds", ("Proceeds",), cells.money),
        Column("basis", ("Cost Basis (CB)",), cells.money),
        Column("wash_sale_disallowed", ("Disallowed Loss",), cells.size),
        Column("term", ("Term",), cells.term),
    ),
    finish=_finish,
    note="realized lots are not Form 1099-B: they give no box 5 or 12; compare both and import only one of them",
).layout
