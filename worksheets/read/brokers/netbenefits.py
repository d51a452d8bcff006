"""Fidelity NetBenefits: closed lots as CSV, stock sales copied from the web page, and open lots.

None names the corporation. Rows of closed lots may be transfers, not sales. Open lots alone carry the grant date; they
hold what is left of an exercise, not what was exercised, and say nothing of the value at exercise.
"""

from __future__ import annotations

from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Entry, Layout, Reading
from worksheets.read.brokers.source import Source
from worksheets.read.brokers.table import Column, Record, TableLayout, has_header

FOOTERS = ("the values", "total")
SOLD = ("Date sold or transferred",)
# What the source column says for shares that are no option's; the code for options is not known from a real file.
OTHER_SOURCES = {"RS": "restricted stock", "SP": "an employee stock purchase plan", "DO": "another award"}
COLUMNS = (
    Column("shares", ("Quantity",), cells.shares),
    Column("acquired", ("Date acquired",), cells.acquired),
    Column("sold", SOLD, cells.sold_day),
    Column("proceeds", ("Proceeds",), cells.money),
    Column("basis", ("Cost basis",), cells.money),
    Column("term", ("Term",), cells.term),
)


def _sold(entry: Entry, record: Record, _: Reading) -> None:
    entry.hints["corporation"] = "as the exercises spell it (the file names no stock)"
    plan = OTHER_SOURCES.get(record.raw("Stock source", "Share source").upper())
    if plan:
        entry.set("kind", "other")
        entry.hints["correct_basis"] = f"the right basis of shares from {plan}, with the pay reported for them"


CLOSED = TableLayout(
    name="netbenefits_closed",
    title="Fidelity NetBenefits closed lots or stock sales",
    broker="Fidelity",
    confidence="parser",
    required=(("Date acquired",), ("Quantity",), SOLD, ("Proceeds",), ("Cost basis",)),
    columns=COLUMNS,
    footers=FOOTERS,
    finish=_sold,
    note="rows may be transfers, which are no sales: strike those; boxes 5 and 12 are on Form 1099-B only",
)
OPEN_REQUIRED = (("Date acquired",), ("Quantity",), ("Cost basis/share",), ("Grant date",), ("Share source",))


def _held(entry: Entry, record: Record, reading: Reading) -> None:
    source = record.raw("Share source")
    if source.upper() in OTHER_SOURCES:
        reading.entries.remove(entry)
        return
    entry.hints |= {
        "corporation": "Form 3921 transferor, or box 6 (the file names no stock)",
        "fmv": "Form 3921 box 4",
        "shares": f"Form 3921 box 5, all shares exercised (still held: {cells.one_line(record.raw('Quantity'))})",
    }
    entry.notes.append(f"share source {cells.one_line(source) or 'not given'}: strike the row if it is no ISO")


OPEN = TableLayout(
    name="netbenefits_open",
    title="Fidelity NetBenefits open lots",
    broker="Fidelity",
    confidence="parser",
    required=OPEN_REQUIRED,
    columns=(
        Column("grant_date", ("Grant date",), cells.day),
        Column("exercise_date", ("Date acquired",), cells.day),
        Column("exercise_price", ("Cost basis/share",), cells.money),
    ),
    footers=FOOTERS,
    finish=_held,
    table="exercises",
    note="lots of other plans are left aside; cost basis per share is taken as the exercise price",
)


def _recognise(source: Source) -> bool:
    return has_header(source, CLOSED.required) or has_header(source, OPEN_REQUIRED)


def _fill(source: Source, reading: Reading) -> None:
    (OPEN if has_header(source, OPEN_REQUIRED) else CLOSED).fill(source, reading)


LAYOUT = Layout("netbenefits", "Fidelity NetBenefits lots", "Fidelity", "parser", _recognise, _fill)
