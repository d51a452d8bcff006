"""OpenTaxSolver (version 23 on): a CSV for each pair of boxes, named in its Form 1040 input; here together in a ZIP.

Source: opentaxsolver.sourceforge.net/input_format.html. Dates are M-D-YYYY, or various-short and various-long; text has
no commas or quotes.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

from worksheets.read.brokers.spreadsheet import csv_text
from worksheets.write.corrected import Corrected, dollars
from worksheets.write.target import ALL_CODES, Batch, Target

COLUMNS = ("Description", "Date_Acquired", "Date_Sold", "Proceeds", "Cost", "Code", "Adjustment")
PAIRS = ("AD", "BE", "CF", "GJ", "HK")
_NOT_TAKEN = re.compile("[,\"'`;=@\\\\{}]")
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can say: the same rows give the same bytes


def _date(value: date | str, term: str) -> str:
    return f"various-{term}" if isinstance(value, str) else f"{value.month}-{value.day}-{value.year}"


def plain_text(text: str) -> str:
    """A description without the signs that OpenTaxSolver does not take, nor any that begin a formula."""
    return " ".join(_NOT_TAKEN.sub(" ", text).split()).lstrip("+-=@ ")


def _row(one: Corrected) -> list[str]:
    row = one.row
    amounts = [dollars(row.d), dollars(row.e), row.f or "", "" if row.g is None else dollars(row.g)]
    return [plain_text(row.a), _date(row.b, one.term), _date(row.c, one.term), *amounts]


def _compose(batch: Batch) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for pair in PAIRS:
            rows = [one for one in batch.rows if one.row.box in pair]
            if rows:
                name = zipfile.ZipInfo(f"f8949_{pair[0]}{pair[1]}.csv", _ZIP_DAY)
                name.external_attr = 0o600 << 16
                archive.writestr(name, csv_text([COLUMNS, *map(_row, rows)]))
    return stream.getvalue()


TARGET = Target(
    name="opentaxsolver",
    title="OpenTaxSolver's import",
    filename="opentaxsolver-8949-{year}.zip",
    boxes="ABCDEFGHJK",
    carries_amt=False,
    carries_codes=ALL_CODES,
    compose=_compose,
    notes=("unpack, and name each file in the Form 1040 input: f8949_AD.csv at f8949_spreadsheet-A/D:, and so on",),
)
