"""TaxAct, import of stock sales as CSV: columns are matched on screen by their names, in any order.

Source: TaxAct support article 882. The sign of the adjustment is not stated there; it is that of column (g).
"""

from __future__ import annotations

from worksheets.read.brokers.spreadsheet import csv_text
from worksheets.write.corrected import Corrected, dollars
from worksheets.write.target import ALL_CODES, Batch, Target, month_day_year

COLUMNS = (
    *("Description", "Date Acquired", "Date Sold", "Sales Proceeds", "Cost or Other Basis", "Adjustment Code"),
    *("Adjustment Amount", "Reporting Category", "Long/Short", "Owner"),
)


def _row(one: Corrected) -> list[str]:
    row = one.row
    return [
        row.a,
        month_day_year(row.b),
        month_day_year(row.c),
        dollars(row.d),
        dollars(row.e),
        row.f or "",
        "" if row.g is None else dollars(row.g),
        row.box,
        one.term.capitalize(),
        one.sale.owner.capitalize(),
    ]


def _compose(batch: Batch) -> bytes:
    return csv_text([COLUMNS, *map(_row, batch.rows)], end="\r\n").encode()


TARGET = Target(
    name="taxact",
    title="TaxAct's import",
    filename="taxact-1099b-{year}.csv",
    boxes="ABCDEF",
    carries_amt=False,
    carries_codes=ALL_CODES,
    compose=_compose,
    notes=(
        "match each column to TaxAct's field of the same name; at most 2,000 sales go into one import",
        "Adjustment Amount has the sign of Form 8949 column (g): compare the first row once it is imported",
    ),
)
