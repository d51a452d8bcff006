"""Drake, import of Form 8949 (GruntWorx Trades): 40 columns whose order counts.

The only import known with a column for the AMT basis. Source: Drake's help page on the import, 2020 to 2022, and
programs that write it. Adjustments in the sign of column (g).
"""

from __future__ import annotations

from worksheets.form import ZERO
from worksheets.read.brokers.spreadsheet import csv_text
from worksheets.write.corrected import Corrected, dollars
from worksheets.write.target import ALL_CODES, Batch, Target, month_day_year

COLUMNS = (
    *("TSJ", "F", "State", "City", "Form 8949 Check Box", "Desc", "Date Acquired", "Date Sold", "Type", "Ordinary"),
    *("Proceeds", "Cost", "AMT Cost Basis", "Accrued Discount", "Wash Sale Loss", "US Real Property"),
    *("Adj 1 Code", "Adj 1 Amount", "Adj 1 AMT Amount", "Adj 2 Code", "Adj 2 Amount", "Adj 2 AMT Amount"),
    *("Adj 3 Code", "Adj 3 Amount", "Adj 3 AMT Amount", "Fed W/H", "Loss Not Allowed", "Collectibles", "QSBS Code"),
    *("QSBS Amount", "State", "State ID #", "State Tax W/H", "State 2", "State 2 ID #", "State Tax W/H"),
    *("State Use Code", "State Adjustment", "State Cost/Basis", "LLC Number"),
)
_ADJUSTMENTS = COLUMNS.index("Adj 1 Code")
_MOST_ADJUSTMENTS = 3


def _row(one: Corrected) -> list[str]:
    adjustments, wash = _adjustments(one)
    differs = one.differs or one.amt_basis != one.row.e
    cells = ["S" if one.sale.owner == "spouse" else "T", "", "", "", one.row.box, one.row.a]
    cells += [month_day_year(one.row.b, "VARIOUS", ""), month_day_year(one.row.c, separator="")]
    cells += [one.term[0].upper(), "", dollars(one.row.d), dollars(one.row.e)]
    cells += [dollars(one.amt_basis) if differs else "", "", wash, ""]
    cells += [cell for adjustment in adjustments for cell in adjustment]
    return cells + [""] * (len(COLUMNS) - len(cells))


def _adjustments(one: Corrected) -> tuple[list[tuple[str, str, str]], str]:
    """Code, amount and AMT amount of each adjustment, and the wash sale loss, which has a column of its own.

    The AMT basis column holds the right one, so code B adjusts nothing for the AMT. A wash sale loss that is another
    one for the AMT becomes an adjustment, where both amounts fit.
    """
    own_column = one.codes.get("W", ZERO) == one.amt_codes.get("W", ZERO) and "W" in one.codes
    codes = sorted({*one.codes, *one.amt_codes} - ({"W"} if own_column else set()))
    amt = {**one.amt_codes, "B": ZERO}
    found = [(code, one.codes.get(code, ZERO), amt.get(code, ZERO)) for code in codes if _counts(one, code)]
    if len(found) > _MOST_ADJUSTMENTS:  # Form 8949 too takes several codes with one amount
        letters, amounts, amt_amounts = zip(*found, strict=True)
        found = [("".join(letters), sum(amounts, ZERO), sum(amt_amounts, ZERO))]
    listed = [(code, dollars(amount), dollars(amt_amount)) for code, amount, amt_amount in found]
    return listed, dollars(one.codes["W"]) if own_column else ""


def _counts(one: Corrected, code: str) -> bool:
    """Whether a code is on the regular row, or adjusts the AMT one by itself."""
    return code in one.codes or (code != "B" and bool(one.amt_codes[code]))


def _compose(batch: Batch) -> bytes:
    return csv_text([COLUMNS, *map(_row, batch.rows)], end="\r\n").encode()


TARGET = Target(
    name="drake",
    title="Drake's import",
    filename="drake-8949-{year}.csv",
    boxes="ABCDEF",
    carries_amt=True,
    carries_codes=ALL_CODES,
    compose=_compose,
    notes=(
        "AMT Cost Basis holds the right AMT basis, and code B has the AMT amount 0",
        "whether Drake wants both so is not documented: compare its Form 6251 line 2k",
        "the check box is given as a letter, A to F",
    ),
)
