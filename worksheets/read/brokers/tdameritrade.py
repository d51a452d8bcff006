"""TD Ameritrade, realized gain/loss as CSV (accounts moved to Schwab in 2023).

Its cost and proceeds are "adjusted": for wash sales, not for pay. The last row is a total.
"""

from __future__ import annotations

from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Entry, Reading
from worksheets.read.brokers.table import Column, Record, TableLayout, describe


def _finish(entry: Entry, record: Record, _: Reading) -> None:
    name, _bracket, symbol = record.raw("Security").rpartition("(")
    entry.symbol = cells.words(symbol.rstrip(") ")) if name else ""
    describe(entry, cells.words(name or record.raw("Security")))


LAYOUT = TableLayout(
    name="tdameritrade",
    title="TD Ameritrade realized gain/loss",
    broker="TD Ameritrade",
    confidence="parser",
    required=(("Security",), ("Qty",), ("Open date",), ("Adj cost",), ("Close date",), ("Adj proceeds",)),
    columns=(
        Column("shares", ("Qty",), cells.shares),
        Column("acquired", ("Open date",), cells.acquired),
        Column("sold", ("Close date",), cells.sold_day),
        Column("proceeds", ("Adj proceeds",), cells.money),
        Column("basis", ("Adj cost",), cells.money),
        Column("term", ("Term",), cells.term),
    ),
    finish=_finish,
    note="cost and proceeds are adjusted for wash sales here: compare boxes 1d, 1e and 1g of Form 1099-B",
).layout
