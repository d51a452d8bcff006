"""What the law fixes, on a sheet of its own: every amount that a formula uses, with the document it was read in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from worksheets.amounts import STATUSES, Law, table
from worksheets.case import Case
from worksheets.f8949 import HALF_DOLLAR
from worksheets.holding import EXERCISE_YEARS, GRANT_YEARS
from worksheets.ledger import CENT
from worksheets.lots import DUST
from worksheets.paper.workbook_sheet import Book, Cell, Sheet, label
from worksheets.paper.workbook_table import HEAD

MONTHS: Final = 12
HALF_CENT: Final = CENT / 2
AMOUNTS: Final = (
    "amt_exemption",
    "amt_phaseout_start",
    "amt_phaseout_rate",
    "amt_breakpoint",
    "amt_rate_low",
    "amt_rate_high",
    "zero_rate_top",
    "fifteen_rate_top",
    "gains_rate_middle",
    "gains_rate_top",
    "unrecaptured_1250_rate",
    "capital_loss_limit",
    "standard_deduction",
    "additional_standard_deduction",
)
RATES: Final = frozenset(name for name in AMOUNTS if "rate" in name and not name.endswith("_top")) | {"gains_rate_top"}
SETTINGS: Final = (
    (
        "Grant_months",
        MONTHS * GRANT_YEARS,
        "Months from the grant to the end of the first holding period",
        "IRC 422(a)(1)",
    ),
    ("Exercise_months", MONTHS * EXERCISE_YEARS, "Months from the exercise to the end of the second", "IRC 422(a)(1)"),
    ("Long_term_months", MONTHS, "Months that a long-term asset is held more than", "IRC 1222; Rev. Rul. 66-7, 70-598"),
    ("Half_dollar", HALF_DOLLAR, "Difference up to which a basis or pay is taken as the same", "rounding of the forms"),
    ("Cents", 2, "Decimals of dollars and cents, to which a row is shared out to its lots", "Form 1099-B"),
    ("Half_cent", HALF_CENT, "Where a part ends in this, it goes to the even cent", "of this workbook"),
    ("Dust", DUST, "The smallest part of a share that column (a) shows", "Form 8949, column (a)"),
    ("Fine", 6, "Decimals kept before a line is rounded, so that binary fractions do no harm", "of this workbook"),
    ("Finest", 8, "Decimals to which a part is looked at for half a cent", "of this workbook"),
)
"""What formulas use besides: name, value, what it is, source."""

FIRST: Final = 2
"""The column of the first filing status."""

IN_USE: Final = FIRST + len(STATUSES)
HEADS: Final = ["Name", "What it is", *STATUSES, "In use", "Law", "Read in"]
MIDDLE_BRACKET: Final = "middle_bracket_top"
MIDDLE_BRACKET_WORDS: Final = "Top of the fourth bracket (24%), Schedule D Tax Worksheet line 19"
NOTE: Final = (
    "Formulas read the column “In use”, which follows the filing status on Facts years. Nothing of the law is typed "
    "into a formula."
)


class LawSheet:
    """The sheet, with a block for each year.

    Args:
        book: the file.
        case: whose hypothetical amounts, if any, are laid over the law's.
        statuses: the filing status of each year to be shown.
    """

    def __init__(self, book: Book, case: Case, statuses: Mapping[int, str]) -> None:
        self.book = book
        self.case = case
        self.statuses = statuses
        self.sheet: Sheet = book.sheet("Law", [27, 54, *[14.0] * len(STATUSES), 13, 22, 54])
        self.row = HEAD

    def write(self) -> None:
        """Write it."""
        self.sheet.title("What the law fixes", NOTE)
        self.sheet.heads(HEAD - 1, HEADS, shown=dict.fromkeys((0, 1, IN_USE + 1, IN_USE + 2), "text"))
        self.sheet.freeze(HEAD, FIRST)
        self.sheet.band(self.row, "Every year")
        for name, value, what, source in SETTINGS:
            self._line(name, what, source, "")
            self._in_use(name, Cell(value), "count" if isinstance(value, int) else "ratio")
        for year in self.statuses:
            self._year(year)

    def _line(self, name: str, what: str, law: str, source: str) -> None:
        self.row += 1
        self.sheet.ruled(self.row)
        for column, text in ((0, name), (1, what), (IN_USE + 1, law), (IN_USE + 2, source)):
            self.sheet.put(self.row, column, label(text), "wrap")
        self.sheet.fit(self.row, {1: what, IN_USE + 1: law, IN_USE + 2: source})

    def _in_use(self, name: str, cell: Cell, number: str) -> None:
        self.sheet.put(self.row, IN_USE, cell, number)
        self.book.name(name, self.sheet.ref(self.row, IN_USE))

    def _year(self, year: int) -> None:
        laws = [Law(year, status, self.case.overlay) for status in STATUSES]
        self.row += 2
        words = remark(laws[0])
        self.sheet.band(self.row, f"{year}: {words}" if words else str(year))
        self._status(year)
        for name, values, source in _amounts(laws):
            entry = table()["bracket_tops" if name == MIDDLE_BRACKET else name]
            what = MIDDLE_BRACKET_WORDS if name == MIDDLE_BRACKET else entry["what"]
            self._line(name, what, entry["law"], source)
            self._by_status(year, name, values)
        self._derived(year, laws[self._place(year)])

    def _place(self, year: int) -> int:
        return STATUSES.index(self.statuses[year])

    def _status(self, year: int) -> None:
        """Which column is in use, counted from 1."""
        self._line("filing status", "Which of the columns is in use", "", "")
        cells = self._columns(HEAD - 1)
        match = Cell(self._place(year) + 1, f"MATCH(Facts_{year}_filing_status,{cells},0)")
        self._in_use(f"Status_{year}", match, "count")

    def _columns(self, row: int) -> str:
        first, last = self.sheet.ref(row, FIRST), self.sheet.ref(row, IN_USE - 1)
        return f"{first}:{last.rpartition('!')[2]}"

    def _by_status(self, year: int, name: str, values: list[Any]) -> None:
        number = "rate" if name in RATES else "money"
        for place, value in enumerate(values):
            self.sheet.put(self.row, FIRST + place, Cell(value), number)
        worked = Cell(values[self._place(year)], f"INDEX({self._columns(self.row)},Status_{year})")
        self._in_use(f"Law_{year}_{name}", worked, number)

    def _derived(self, year: int, law: Law) -> None:
        for name, value, formula, what in _derivations(law, f"Law_{year}_"):
            self._line(name, what, "IRC 55(b)(1), (d)", "follows from the amounts above")
            self._in_use(f"Law_{year}_{name}", Cell(value, formula), "money")


def remark(law: Law) -> str:
    """What must be said of a year whose amounts are not the law's final ones; nothing of any other."""
    words = ["figures of a draft"] if law.draft else []
    words += ["hypothetical amounts of the case"] if law.hypothetical else []
    return " and ".join(words)


def _amounts(laws: list[Law]) -> Iterator[tuple[str, list[Any], str]]:
    """Each amount by filing status, with its source."""
    for name in AMOUNTS:
        values = [law.amount(name) for law in laws]
        yield name, values, _source(laws, name)
    yield MIDDLE_BRACKET, [law.middle_bracket_top for law in laws], _source(laws, "bracket_tops")


def _source(laws: list[Law], name: str) -> str:
    return "; ".join(dict.fromkeys(law.known[name].source for law in laws))


def _derivations(law: Law, prefix: str) -> Iterator[tuple[str, Decimal, str, str]]:
    yield (
        "high_rate_subtraction",
        law.high_rate_subtraction,
        f"({prefix}amt_rate_high-{prefix}amt_rate_low)*{prefix}amt_breakpoint",
        "What is taken off where all is taxed at the higher AMT rate",
    )
    yield (
        "exemption_used_up",
        law.exemption_used_up,
        f"{prefix}amt_phaseout_start+{prefix}amt_exemption/{prefix}amt_phaseout_rate",
        "AMTI at which nothing is left of the exemption (married filing separately, line 4)",
    )
