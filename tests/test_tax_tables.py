"""Regular tax against what the IRS printed: each cell of the tax tables, each row of the Tax Computation Worksheet."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from worksheets.amounts import Law
from worksheets.regular_tax import tax_by_schedule, tax_on

PRINTED = Path(__file__).parents[1] / ".." / "shared" / "irs"
TABLES = sorted((PRINTED / "tax-tables").glob("tax-table-*.csv"))
INSTRUCTIONS = sorted((PRINTED / "instructions").glob("i1040gi--*.txt"))
# The table's columns and the worksheet's sections; the joint ones also serve a qualifying surviving spouse.
COLUMNS = {
    "single": ("single",),
    "married_joint": ("married_joint", "surviving_spouse"),
    "married_separate": ("married_separate",),
    "head_of_household": ("head_of_household",),
}
SECTIONS = dict(zip("ABCD", COLUMNS, strict=True))
# The extract of that year has rows of another table (the Earned Income Credit) from 16,800 to 21,450 in them.
MISREAD_ROWS = {"2021": 93}
NOT_HERE = "the official tax tables are not at hand (../shared/irs): nothing to compare with"
ROW = re.compile(r"(?:At least|Over) \$([\d,]+)(?: but not over \$([\d,]+))?")


def year_of(path: Path) -> int:
    return int(path.stem[-4:])


def dollars(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def table_rows(path: Path) -> tuple[list[dict[str, str]], int]:
    """The rows of a printed tax table, and how many were left out: their figures fall, which a tax never does."""
    kept: list[dict[str, str]] = []
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        if not kept or all(int(row[column]) >= int(kept[-1][column]) for column in COLUMNS):
            kept.append(row)
    return kept, len(rows) - len(kept)


@pytest.mark.skipif(not TABLES, reason=NOT_HERE)
@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("path", TABLES, ids=year_of)
def test_every_cell_of_the_tax_table(path, column):
    # A row holds for the amounts from `at_least` up to, not including, `less_than`.
    rows, misread = table_rows(path)
    assert misread == MISREAD_ROWS.get(path.stem[-4:], 0)
    assert rows[-1]["less_than"] == "100000"
    for law in (Law(year_of(path), status) for status in COLUMNS[column]):
        for row in rows:
            first, last = Decimal(row["at_least"]), Decimal(row["less_than"]) - 1
            printed = Decimal(row[column])
            assert (tax_on(law, first), tax_on(law, last)) == (printed, printed), (law.status, row)


def sections(text: str, year: int) -> dict[str, str]:
    """The four sections of the Tax Computation Worksheet, by letter."""
    worksheet = text[text.index(f"{year} Tax Computation Worksheet—Line 16") :]
    parts = re.split(r"Section ([A-D])—", worksheet)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def printed_rows(section: str) -> list[tuple[Decimal, Decimal | None, Decimal, Decimal]]:
    """Each row: over, not over (None in the last), rate, subtraction."""
    bounds = ROW.findall(section)
    rates = re.findall(r"\((0\.\d\d)\)", section)[: len(bounds)]
    subtractions = re.findall(r"\$ ?([\d,]+\.\d\d)", section)[: len(bounds)]
    return [
        (dollars(over), dollars(top) if top else None, Decimal(rate), dollars(less))
        for (over, top), rate, less in zip(bounds, rates, subtractions, strict=True)
    ]


@pytest.mark.skipif(not INSTRUCTIONS, reason=NOT_HERE)
@pytest.mark.parametrize("letter", SECTIONS)
@pytest.mark.parametrize("path", INSTRUCTIONS, ids=year_of)
def test_every_row_of_the_tax_computation_worksheet(path, letter):
    # The worksheet multiplies by the rate of the highest bracket and subtracts a constant; we add up the brackets.
    rows = printed_rows(sections(path.read_text(encoding="utf-8"), year_of(path))[letter])
    assert rows[0][0] == Decimal(100_000)
    assert rows[-1][1] is None
    for law in (Law(year_of(path), status) for status in COLUMNS[SECTIONS[letter]]):
        for over, top, rate, less in rows:
            for amount in (over + 1, (over + (top or 2 * over)) / 2, top or 3 * over):
                assert tax_by_schedule(law, amount) == amount * rate - less, (law.status, amount)
                assert tax_on(law, amount) == amount * rate - less, (law.status, amount)
