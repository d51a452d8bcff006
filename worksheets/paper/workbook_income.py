"""The facts of each year in a workbook: what the case gives, the typed regular tax, and what comes in from before.

Years stand side by side. Blue cells are facts, amber ones figures that only the return program can know. What the
first year reads of the year before it, or a year of what was filed in place of what is computed, is typed below.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from worksheets.amounts import STATUSES
from worksheets.case import Year
from worksheets.case_fields import AMT_ADJUSTMENT_LINES
from worksheets.definitions import definition
from worksheets.form import Columns
from worksheets.household import Household, YearBooks
from worksheets.paper.workbook_scope import TYPED_BEFORE, Scope, cell_name, form_of, handed_over, step_value
from worksheets.paper.workbook_sheet import LABEL, Book, Cell, Sheet, given, label, typed
from worksheets.tax_return import TaxReturn

FACTS: Final = (
    "wages",
    "iso_income_in_wages",
    "interest",
    "ordinary_dividends",
    "qualified_dividends",
    "capital_gain_distributions",
    "other_income",
    "adjustments",
    "itemized",
    "itemized_taxes",
    "age_65_or_blind",
    "other_short_term",
    "other_long_term",
    "unrecaptured_1250",
    "gain_28_percent",
    "amt_unrecaptured_1250",
    "amt_gain_28_percent",
    "tax_refund",
)
RETURN_PROGRAM: Final = (
    "qbi_deduction",
    "schedule_1a",
    "senior_deduction",
    "foreign_tax_credit",
    "amt_foreign_tax_credit",
    "other_credits",
    "schedule_2_line_1z",
    "form_4972_tax",
)
TAX: Final = ("tax", "tax_income", "tax_gain", "tax_fits")
CARRIED: Final = (
    "capital_loss_carryover_short",
    "capital_loss_carryover_long",
    "amt_capital_loss_carryover_short",
    "amt_capital_loss_carryover_long",
    "prior_minimum_tax_credit",
)
WORDS: Final[Mapping[str, str]] = {
    "filing_status": f"one of {', '.join(STATUSES)}",
    "iso_income_in_wages": "how much of wages is pay from selling ISO shares early (empty: not given)",
    "itemized": "Schedule A total (empty: the standard deduction)",
    "itemized_taxes": "Schedule A line 7, with itemized deductions",
    "amt_foreign_tax_credit": "Form 6251 line 8 (empty: the same as the regular one)",
    "amt_unrecaptured_1250": "AMT Schedule D line 19 (empty: the same as the regular one)",
    "amt_gain_28_percent": "AMT Schedule D line 18 (empty: the same as the regular one)",
    "tax": "regular tax, Form 1040 line 16: typed from the return program",
    "tax_income": "taxable income that this tax was figured on",
    "tax_gain": "qualified dividends and net capital gain that it was figured on",
    "tax_fits": "whether both still stand so in this workbook",
    "capital_loss_carryover_short": "short-term capital loss carried into the first year",
    "capital_loss_carryover_long": "long-term capital loss carried into the first year",
    "amt_capital_loss_carryover_short": "the same for the AMT, short-term",
    "amt_capital_loss_carryover_long": "the same for the AMT, long-term",
    "prior_minimum_tax_credit": "Form 8801 line 26 of the year before the first",
}
OPTIONAL: Final = frozenset(
    {"wages", "iso_income_in_wages", "amt_foreign_tax_credit", "amt_unrecaptured_1250", "amt_gain_28_percent"}
)
"""Facts whose zero says something else than an empty cell."""
WHOLE_ROWS: Final = frozenset({"iso_income_in_wages"})
"""Facts that formulas look up by year, so that a sale can move into another one."""

FITS: Final = "yes"
STALE: Final = "no: type the tax again"
FIRST: Final = 2
"""The column of the first year."""

NOTE: Final = (
    "Blue: facts of the case, change them at will. Amber: what only the return program can know, above all the regular "
    "tax; type it again when taxable income changes."
)


class IncomeSheet:
    """The sheet.

    Args:
        book: the file.
        household: worked.
        scopes: of the whole years, by year.
    """

    def __init__(self, book: Book, household: Household, scopes: Mapping[int, Scope]) -> None:
        self.book = book
        self.household = household
        self.scopes = scopes
        self.sheet: Sheet = book.sheet("Facts years", [34, 70, *[17.0] * len(household.years)])
        self.row = 2

    def write(self) -> None:
        """Write it."""
        self.sheet.title("Facts of each year", NOTE)
        heads = ["Key of the case", "What it is", *map(str, self.household.years)]
        self.sheet.heads(self.row, heads, 18, {0: "text", 1: "text"})
        self.sheet.freeze(self.row + 1, FIRST)
        self._household()
        self._block("The return", ("filing_status", *FACTS))
        self._block("Regular tax", TAX)
        self._block("What else only the return program can know", RETURN_PROGRAM)
        numbers = [f"line_{number}" for number, refused in AMT_ADJUSTMENT_LINES.items() if not refused]
        self._block("Other lines of Form 6251, Part I", numbers)
        self._block("Carried into the first year", CARRIED)
        for scope in self.scopes.values():
            if scope.ending and (scope.chained or scope.done.f8801 is not None):
                self._before(scope)

    def _band(self, text: str) -> None:
        self.row += 2
        self.sheet.band(self.row, text)

    def _words(self, key: str, what: str) -> None:
        self.row += 1
        self.sheet.ruled(self.row)
        self.sheet.put(self.row, 0, label(key))
        self.sheet.put(self.row, 1, label(what))

    def _household(self) -> None:
        case, first = self.household.case, self.household.case.first_year
        self.row -= 1
        self._band("The household")
        settings: Sequence[tuple[str, str, str, Cell, str]] = (
            (
                "rounding",
                "decimals of an amount: 0 to whole dollars, 2 to cents",
                "Places",
                given(self.places),
                "count",
            ),
            (
                "exception_1",
                "rows without adjustment go straight to Schedule D",
                "Exception_1",
                given(case.exception_1),
                "",
            ),
            ("first year", "the first year of this file", "First_year", Cell(first, role=LABEL), "count"),
        )
        for key, what, name, cell, number in settings:
            self._words(key, what)
            self.sheet.put(self.row, FIRST, cell, number or "text")
            self.book.name(name, self.sheet.ref(self.row, FIRST))

    @property
    def places(self) -> int:
        """Decimals of a rounded amount."""
        return -int(self.household.rounding.step.as_tuple().exponent)

    def _block(self, title: str, keys: Sequence[str]) -> None:
        self._band(title)
        for key in keys:
            self._words(key, self._what(key))
            if key in WHOLE_ROWS:
                last = FIRST + len(self.household.years) - 1
                self.book.name(f"Facts_{key}", self.sheet.row_span(self.row, FIRST, last))
            for place, (year, books) in enumerate(self.household.years.items()):
                self._fact(FIRST + place, key, year, books)

    def _what(self, key: str) -> str:
        if key in WORDS:
            return WORDS[key]
        if key.startswith("line_"):
            number = key.removeprefix("line_")
            return f"Form 6251 line {number}: {definition(max(self.household.years), 'f6251').numbered(number).caption}"
        return Year.model_fields[key].description or ""

    def _fact(self, column: int, key: str, year: int, books: YearBooks) -> None:
        self.book.name(f"Facts_{year}_{key}", self.sheet.ref(self.row, column))
        known = year in self.scopes or key == "filing_status"
        if not known or (key in CARRIED and self.scopes[year].chained):
            return
        self.sheet.put(self.row, column, self._cell(key, year, books), "count" if key == "age_65_or_blind" else "cents")
        if key == "tax_fits":
            self.sheet.alarm(self.row, column, {"type": "cell", "criteria": "!=", "value": f'"{FITS}"'})
        if key == "filing_status":
            self.sheet.choices(self.row, column, list(STATUSES))

    def _cell(self, key: str, year: int, books: YearBooks) -> Cell:
        if key in TAX:
            return _regular_tax(key, self.scopes[year])
        value = _fact_of(key, books.facts)
        return typed(value) if key in RETURN_PROGRAM else given(value)

    def _before(self, scope: Scope) -> None:
        """What a year reads of the one before, where that one is not computed in this workbook."""
        year, done = scope.year - 1, scope.done.prior
        filed = "as filed" if scope.ending != TYPED_BEFORE else "from the case"
        self._band(f"{year}, {filed}: what {scope.year} reads of it")
        known = done is not None and not done.no_amt
        self._typed("known", "Form 8801 Part I is to be completed", f"Known_{year}{scope.ending}", known)
        if year not in self.household.years:
            self._last_facts(scope, year)
        for key, item in handed_over(scope):
            value = None if done is None or (done.no_amt and item != "amt") else _handed(scope, done, key, item)
            words = _line_words(key, year, item)
            self._typed(words[0], words[1], cell_name(key, year, item) + scope.ending, value)

    def _typed(self, key: str, what: str, name: str, value: Any) -> None:
        self._words(key, what)
        self.sheet.put(self.row, FIRST, typed(value), "cents")
        self.book.name(name, self.sheet.ref(self.row, FIRST))

    def _last_facts(self, scope: Scope, year: int) -> None:
        done = scope.done.prior
        status = scope.books.law.status if done is None else done.law.status
        credit = None if done is None else done.facts.entries.get("amt_foreign_tax_credit")
        for key, value in (("filing_status", status), ("foreign_tax_credit", None), ("amt_foreign_tax_credit", credit)):
            self._typed(key, f"{year}: {self._what(key)}", f"Facts_{year}_{key}", value or None)


def _regular_tax(key: str, scope: Scope) -> Cell:
    done, year = scope.done, scope.year
    income, gain = cell_name("f1040", year, "taxable_income"), cell_name("gain_worksheet", year, "preferential")
    same = f"AND(Facts_{year}_tax_income={income},Facts_{year}_tax_gain={gain})"
    cells = {
        "tax": typed(done.f1040.tax),
        "tax_income": typed(done.f1040.taxable_income),
        "tax_gain": typed(done.gain_worksheet.preferential),
        "tax_fits": Cell(FITS, f'IF({same},"{FITS}","{STALE}")'),
    }
    return cells[key]


def _fact_of(key: str, facts: Year) -> Any:
    """A fact of a year; what is nothing is left empty."""
    if key in {"itemized", "itemized_taxes"}:
        found = facts.itemized
        return None if found is None else getattr(found, key.removeprefix("itemized_"))
    if key.startswith("line_"):
        return facts.amt_adjustments.get(key.removeprefix("line_"))
    if key.endswith(("_short", "_long")) and key in CARRIED:
        loss = facts.amt_carried_loss if key.startswith("amt_") else facts.carried_loss
        return getattr(loss, key.rpartition("_")[2])
    value = getattr(facts, key)
    return value if key in OPTIONAL else value or None


def _handed(scope: Scope, done: TaxReturn, key: str, item: str) -> Any:
    """What a line or a step of the year before comes to."""
    if item.startswith("source_ordinary_for_") and scope.done.f8801 is not None:
        return getattr(scope.done.f8801, item)()
    found = step_value(form_of(done, key), item)
    return found.h if isinstance(found, Columns) else found


def _line_words(key: str, year: int, item: str) -> tuple[str, str]:
    form = definition(year, {"schedule_d": "f1040sd"}.get(key, key))
    entry = form.lines.get(item)
    if entry is not None:
        return f"{form.label} line {entry.number}", entry.caption
    words: Mapping[str, str] = {
        "both_gains": "lines 15 and 16 are both gains",
        "special_rates": "line 18 or 19 is filled in",
        "preferential": "what the gains rates apply to",
        "source_ordinary_for_zero": "line 20, or what it would hold",
        "source_ordinary_for_fifteen": "line 27, or what it would hold",
    }
    return form.label, words[item]
