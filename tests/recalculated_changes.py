"""The facts that `recalculate.py` changes in written workbooks, each with the case that says the same."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from recalculated_cases import NAMES, named_cases

from worksheets.case import Case


def changed(known: Case, path: str, value: object) -> Case:
    """A case with one value set by dotted path: `exercises.0.fmv`, `years.2024.wages`."""
    table, row, key = path.split(".")
    rows = getattr(known, table)
    place = int(row)
    one = rows[place].model_copy(update={key: value})
    found = {**rows, place: one} if isinstance(rows, dict) else (*rows[:place], one, *rows[place + 1 :])
    return known.model_copy(update={table: found})


PRICE, VALUE, SHARES = "Price per share (box 3)", "Value per share (box 4)", "Shares (box 5)"
PROCEEDS, ON_W2 = "Proceeds (box 1d)", "Pay on Form W-2 from this sale (empty: not given)"
BASIS = "Basis (box 1e; empty: not shown)"
CELLS = {
    "price": ("exercises", "exercise_price", PRICE),
    "value": ("exercises", "fmv", VALUE),
    "shares": ("exercises", "shares", SHARES),
    "proceeds": ("sales", "proceeds", PROCEEDS),
    "basis": ("sales", "basis", BASIS),
    "pay": ("sales", "pay_reported", ON_W2),
}
GRANTED, EXERCISED, WHEN_SOLD = "Granted (box 1)", "Exercised (box 2)", "Sold (box 1c)"
DAYS = {
    "grant_date": ("exercises", GRANTED),
    "exercise_date": ("exercises", EXERCISED),
    "sold": ("sales", WHEN_SOLD),
}
SHEETS = {"exercises": "Facts exercises", "sales": "Facts sales"}
EDITS = (  # case, what, place of the row, amount
    *((name, "price", 0, "7.25") for name in NAMES),
    *((name, "value", 0, "61.5") for name in NAMES),
    *((name, "shares", 0, "6000") for name in NAMES),
    *((name, "proceeds", place, amount) for name in NAMES for place in (0, 1) for amount in ("54321.98", "99.5")),
    *((name, "basis", 1, "2345.67") for name in NAMES),
    *((name, "pay", 0, "1234.56") for name in NAMES),
    ("hard-household", "value", 3, "12"),
    ("hard-household", "proceeds", 2, "8000"),
    ("hard-household", "pay", 2, "60000"),
    ("swap", "value", 1, "80"),
    ("swap", "price", 0, "3"),
    ("swap", "proceeds", 0, "1000.25"),
    ("pay", "value", 1, "120"),
    ("pay", "pay", 1, "300.33"),
    ("pay", "proceeds", 0, "9999.99"),
    ("other-assets", "basis", 0, "12"),
    ("other-assets", "value", 0, "31"),
    ("stock-only", "value", 0, "80"),
    ("stock-only", "proceeds", 1, "8000.75"),
    ("every-year", "value", 0, "9000"),
    ("typed-lines", "proceeds", 0, "40000"),
    ("as-filed", "value", 0, "400"),
    ("pay-total", "proceeds", 3, "9000"),
    ("pay-total", "value", 0, "90"),
    ("wash-sales", "proceeds", 0, "4000"),
    ("wash-sales", "price", 0, "12"),
    ("swap-order", "proceeds", 0, "1000"),
)
DATED = (  # case, what, place of the row, day
    ("irs-line-2k", "sold", 0, date(2024, 3, 20)),
    ("irs-line-2k", "sold", 0, date(2023, 12, 20)),
    ("irs-line-2k", "exercise_date", 0, date(2023, 5, 13)),
    ("irs-line-2k", "grant_date", 0, date(2022, 8, 1)),
    ("three-year-credit", "exercise_date", 0, date(2022, 9, 4)),
    ("three-year-credit", "sold", 0, date(2022, 12, 30)),
    ("every-year", "sold", 3, date(2022, 12, 31)),
    ("every-year", "exercise_date", 0, date(2018, 6, 1)),
)
"""Days to change, each in a case whose one exercise gives every sale its lot."""

YEARLY = (  # case, year, key, value
    *(("irs-line-2k", 2024, key, value) for key, value in (("wages", "260000"), ("iso_income_in_wages", "30000"))),
    *(("three-year-credit", 2023, key, "70000") for key in ("other_long_term", "qualified_dividends", "tax_refund")),
    *(("hard-household", 2024, key, "60000") for key in ("iso_income_in_wages", "other_short_term", "other_income")),
    *(("pay-total", 2024, "iso_income_in_wages", amount) for amount in ("100", "60000")),
    ("irs-line-2k", 2024, "filing_status", "married_separate"),
    ("every-year", 2021, "filing_status", "head_of_household"),
    ("every-year", 2020, "other_long_term", "900000"),
)
Edit = tuple[str, str, str, object]
Change = tuple[str, str, Edit, Case]


def changes() -> Iterator[Change]:
    """Facts to change: a name, the case, the cell with its new value, and the case that says the same."""
    known = named_cases()
    for number, (name, what, place, text) in enumerate(EDITS):
        table, key, heading = CELLS[what]
        amount = Decimal(text)
        row = getattr(known[name], table)[place].id
        edit = (SHEETS[table], row, heading, float(amount))
        yield f"{number:02}-{name}-{row}-{what}", name, edit, changed(known[name], f"{table}.{place}.{key}", amount)
    for name, key, place, day in DATED:
        table, heading = DAYS[key]
        row = getattr(known[name], table)[place].id
        yield (
            f"{name}-{row}-{key}-{day}",
            name,
            (SHEETS[table], row, heading, day),
            changed(known[name], f"{table}.{place}.{key}", day),
        )
    for name, year, key, text in YEARLY:
        value: object = text if key == "filing_status" else Decimal(text)
        edit = ("Facts years", key, str(year), text if key == "filing_status" else float(text))
        yield f"{name}-{year}-{key}", name, edit, changed(known[name], f"years.{year}.{key}", value)
