"""OLT.com, import of capital gains as XLSX: 29 columns, every cell text. Source: a program that writes it."""

from __future__ import annotations

import io

from worksheets.form import ZERO
from worksheets.read.brokers.spreadsheet import harmless
from worksheets.write.corrected import Corrected, dollars
from worksheets.write.target import ALL_CODES, Batch, Target, month_day_year

COLUMNS = (
    *("Description of capital asset", "Date acquired", "Date sold", "Proceeds or Sales Price ($)"),
    *("Cost or other basis ($)", "Code(s)", "Adjustments to gain or loss ($)", "Accrued market discount ($)"),
    *("Wash sale loss disallowed ($)", "Long Term/Short Term/Ordinary", "Collectibles/QOF"),
    *("Federal Income Tax Withheld ($)", "Noncovered Security", "Reported to IRS"),
    *("Loss not allowed based on amount in 1d", "Basis Reported to IRS", "Bartering"),
    *("Applicable Checkbox on Form 8949", "Whose Capital Assets", "Payer Name", "Payer TIN", "Foreign Address?"),
    *("Payer Address line 1", "Payer Address line 2", "Payer City", "Payer State", "Payer Zip", "Payer Country Code"),
    "Form Type",
)
YES_NO = {True: "Yes", False: "No"}


def _row(one: Corrected) -> list[str]:
    row, sale = one.row, one.sale
    has_form = sale.form != "none"
    cells = [row.a, month_day_year(row.b), month_day_year(row.c), dollars(row.d), dollars(row.e), row.f or ""]
    cells += ["" if row.g is None else dollars(row.g), "0", dollars(one.codes.get("W", ZERO)), one.term.capitalize()]
    cells += ["No", "0", YES_NO[sale.noncovered], "GROSS PROCEEDS" if has_form else "NONE", "No"]
    cells += [YES_NO[row.box in "AD"], "", row.box, "S" if sale.owner == "spouse" else "P", sale.broker or "", "", "No"]
    return [*cells, *[""] * (len(COLUMNS) - len(cells) - 1), "1099B" if has_form else ""]


def _compose(batch: Batch) -> bytes:
    import openpyxl  # noqa: PLC0415 - only a workbook pays for it
    from openpyxl.cell.cell import TYPE_STRING  # noqa: PLC0415 - likewise

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for number, cells in enumerate([list(COLUMNS), *map(_row, batch.rows)], 1):
        for place, cell in enumerate(map(harmless, cells), 1):
            if cell:
                written = sheet.cell(number, place)
                written.value = cell
                written.data_type = TYPE_STRING
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


TARGET = Target(
    name="olt",
    title="OLT's import",
    filename="olt-capital-gains-{year}.xlsx",
    boxes="ABCDEF",
    carries_amt=False,
    carries_codes=ALL_CODES,
    compose=_compose,
    notes=(
        "payer's TIN and address are left empty: OLT asks for them",
        "a spouse's rows are marked S, which is not documented",
    ),
)
