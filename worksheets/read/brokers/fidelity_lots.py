"""Fidelity, realized gain/loss (closed positions) as CSV, both generations.

The term is told by which of two gain columns holds a number. There is no box 5, 12 or 1g, and the account number is
only in the file's name. Rows of the later generation end in one more, empty, cell than the header.
"""

from __future__ import annotations

from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Entry, Reading
from worksheets.read.brokers.table import Column, Record, TableLayout, describe

SHORT, LONG = ("Short-term gain/loss", "Short Term Gain/Loss"), ("Long-term gain/loss", "Long Term Gain/Loss")


def _finish(entry: Entry, record: Record, _: Reading) -> None:
    symbol = record.raw("Symbol(CUSIP)").partition("(")[0]
    entry.symbol = cells.words(symbol)
    describe(entry, cells.words(record.raw("Security description")) or entry.symbol)
    held = [term for term, names in (("short", SHORT), ("long", LONG)) if not cells.blank(record.raw(*names))]
    if len(held) == 1:
        entry.set("term", held[0])
    else:
        entry.notes.append("no term: both gain columns are " + ("filled" if held else "empty"))


LAYOUT = TableLayout(
    name="fidelity_lots",
    title="Fidelity realized gain/loss",
    broker="Fidelity",
    confidence="real",
    required=(("Symbol(CUSIP)",), ("Security description",), ("Date acquired",), ("Date sold",), SHORT, LONG),
    columns=(
        Column("shares", ("Quantity",), cells.shares),
        Column("acquired", ("Date acquired",), cells.acquired),
        Column("sold", ("Date sold",), cells.sold_day),
        Column("proceeds", ("Proceeds",), cells.money),
        Column("basis", ("Cost basis",), cells.money),
    ),
    finish=_finish,
    note="realized lots are not Form 1099-B: they give no box 1g, 5 or 12; compare both and import only one of them",
).layout
