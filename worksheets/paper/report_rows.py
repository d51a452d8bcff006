"""The reconciliation of the audit report: every row against its lots, and the bridge from them to Schedule D.

Each figure is one of the books or of Form 8949; sums are exact, and rounded only where they are printed.
Source of the columns: Form 8949 instructions; of the lines: Schedule D. Amounts are dollars.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final, NamedTuple

from worksheets.audit_desk import RowView
from worksheets.explain_rows import pairings
from worksheets.f8949 import HALF_DOLLAR, STRAIGHT_TO_SCHEDULE_D, Row, shown_basis
from worksheets.findings import NOTE, Finding
from worksheets.form import ZERO, Columns
from worksheets.household import Household, YearBooks
from worksheets.iso import Disposition
from worksheets.ledger import share_out
from worksheets.paper.money import masked_account
from worksheets.paper.report_findings import SEVERITIES, is_about_the_row
from worksheets.schedule_d import LONG_TERM_ROWS, SHORT_TERM_ROWS, ScheduleD

RIGHT: Final = "right"
STRAIGHT: Final = {"a": "1a", "d": "8a"}


class SliceLine(NamedTuple):
    """Shares that a row took from one lot: the disposition, its row of Form 8949 in both books (None where none).

    `shown` is its part of box 1e, 0 where that is empty; `straight` names the rows that skip Form 8949.
    """

    part: Disposition
    row: Row | None = None
    amt_row: Row | None = None
    straight: str = ""
    shown: Decimal = ZERO

    @property
    def where(self) -> str:
        """Where it is entered: "box A, code BT"; a line of Schedule D where it goes there directly."""
        if self.row is None:
            return ""
        place = f"line {STRAIGHT[self.straight]}" if self.straight else f"box {self.row.box}"
        return f"{place}, code {self.row.f}" if self.row.f else place


@dataclass(frozen=True)
class RowLine:
    """One row of the case with what it was taken as.

    Attributes:
        verdict: right, or the gravest severity of what was found about the row.
        left_out: shares that stay out of the forms, because no lot was found for them.
    """

    view: RowView
    verdict: str
    slices: Sequence[SliceLine]
    left_out: Decimal

    @property
    def account(self) -> str:
        """The account by its last four characters."""
        return masked_account(self.view.sale.account)

    def left_out_of(self, total: Decimal) -> Decimal:
        """The part of an amount of the row that belongs to shares left out."""
        shares = self.view.sale.shares
        return share_out(total, [shares - self.left_out, self.left_out], shares)[1]


class BridgeLine(NamedTuple):
    """A step from Forms 1099-B to Form 8949: proceeds and basis, dollars; `rows` names those concerned."""

    label: str
    proceeds: Decimal
    basis: Decimal
    rows: Sequence[str] = ()
    total: bool = False


class DLine(NamedTuple):
    """A line of Schedule D against the rows that make it up."""

    number: str
    caption: str
    rows: int
    added: Columns
    printed: Columns

    @property
    def ties(self) -> bool:
        """Whether every column is the sum of its rows."""
        return self.added == self.printed


@dataclass(frozen=True)
class YearRows:
    """The reconciliation of one year."""

    household: Household
    books: YearBooks
    lines: Sequence[RowLine]

    @property
    def year(self) -> int:
        """The tax year."""
        return self.books.year

    @cached_property
    def rows(self) -> list[Row]:
        """Every row of the regular book, those that go straight to Schedule D too."""
        return [*self.books.rows, *self.books.direct_rows]

    @cached_property
    def total(self) -> Columns:
        """Columns (d), (e), (g) and (h) of all rows, exact."""
        return _added(self.rows)

    @cached_property
    def amt_total(self) -> Columns:
        """The same of the AMT book."""
        return _added([*self.books.amt_rows, *self.books.amt_direct_rows])

    @cached_property
    def bridge(self) -> list[BridgeLine]:
        """From boxes 1d and 1e to columns (d) and (e)."""
        shown = [line for line in self.lines if line.view.sale.form != "none"]
        first = BridgeLine(
            "Boxes 1d and 1e of every row",
            sum((line.view.sale.proceeds for line in shown), ZERO),
            sum((line.view.sale.basis or ZERO for line in shown), ZERO),
        )
        steps = [first, *_left_out(shown), *self._without_form(), *_right_basis(shown)]
        return [*steps, BridgeLine("Form 8949, columns (d) and (e)", self.total.d, self.total.e, total=True)]

    def _without_form(self) -> Iterator[BridgeLine]:
        rows = [row for row in self.rows if row.box in "CFIL"]
        if rows:
            added = _added(rows)
            yield BridgeLine("Sales without an information return", added.d, added.e, _once(row.sale for row in rows))

    @property
    def bridged(self) -> bool:
        """Whether the steps lead to the totals of Form 8949."""
        *steps, last = self.bridge
        proceeds = sum((one.proceeds for one in steps), ZERO)
        basis = sum((one.basis for one in steps), ZERO)
        return max(abs(proceeds - last.proceeds), abs(basis - last.basis)) <= HALF_DOLLAR

    @cached_property
    def schedule_d(self) -> list[DLine]:
        """Each line of Schedule D that rows make up; none in a stock-only year."""
        done = self.books.tax_return
        return [] if done is None else list(_d_lines(done.schedule_d, self))


def _left_out(shown: Iterable[RowLine]) -> Iterator[BridgeLine]:
    """Shares that no lot was found for, and rows of gifts and the like, which Form 8949 does not take."""
    out = [line for line in shown if line.left_out and line.view.sale.proceeds]
    if out:
        proceeds = -sum((line.left_out_of(line.view.sale.proceeds) for line in out), ZERO)
        basis = -sum((line.left_out_of(line.view.sale.basis or ZERO) for line in out), ZERO)
        yield BridgeLine("Shares without a lot stay out of the forms", proceeds, basis, [_id(line) for line in out])
    gone = [line for line in shown if line.slices and not any(one.row for one in line.slices)]
    if any(line.view.sale.proceeds or line.view.sale.basis for line in gone):
        proceeds = -sum((line.view.sale.proceeds for line in gone), ZERO)
        basis = -sum((line.view.sale.basis or ZERO for line in gone), ZERO)
        yield BridgeLine("No sale: no row on Form 8949", proceeds, basis, [_id(line) for line in gone])


def _id(line: RowLine) -> str:
    return line.view.sale.id


def _right_basis(shown: Iterable[RowLine]) -> Iterator[BridgeLine]:
    """Column (e) takes the right basis where none was shown or reported to the IRS."""
    found = [(one.row, one.row.e - one.shown) for line in shown for one in line.slices if one.row]
    changed = [(row, amount) for row, amount in found if amount]
    if changed:
        basis = sum((amount for _, amount in changed), ZERO)
        names = _once(row.sale for row, _ in changed)
        yield BridgeLine("Right basis, where none was reported to the IRS", ZERO, basis, names)


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def _added(rows: Iterable[Row]) -> Columns:
    columns = [row.columns for row in rows]
    return Columns(*(sum(one, ZERO) for one in zip(*columns, strict=True))) if columns else Columns(*[ZERO] * 4)


def _d_lines(form: ScheduleD, year: YearRows) -> Iterator[DLine]:
    names = (*SHORT_TERM_ROWS, *LONG_TERM_ROWS)
    letters = ("a", *form.boxes[:3], "d", *form.boxes[3:])
    for name, boxes in zip(names, letters, strict=True):
        straight = boxes.islower()
        rows = year.books.direct_rows if straight else year.books.rows
        found = [
            row for row in rows if (STRAIGHT_TO_SCHEDULE_D.get(row.box) == boxes if straight else row.box in boxes)
        ]
        if found:
            line = form.definition.lines[name]
            exact = _added(found)
            added = Columns(*(form.rounding(part) for part in exact))
            yield DLine(line.number, line.caption, len(found), added, form.amounts()[name])


def year_rows(
    household: Household, views: Iterable[RowView], findings: Mapping[int, Sequence[Finding]]
) -> list[YearRows]:
    """The reconciliation of every year that has rows.

    Args:
        household: whose years have been worked.
        views: every row of the case.
        findings: by year.
    """
    verdicts = _verdicts(findings)
    by_year: dict[int, list[RowView]] = {}
    for view in views:
        by_year.setdefault(view.year, []).append(view)
    return [_year(household, year, by_year[year], verdicts) for year in household.years if year in by_year]


def _year(household: Household, year: int, views: Iterable[RowView], verdicts: Mapping[str, str]) -> YearRows:
    books = household.years[year]
    slices: dict[str, list[SliceLine]] = {}
    for pair in pairings(household.case, books):
        letter = pair.letter(amt=False)
        straight = letter if letter.islower() else ""
        slices.setdefault(pair.sale.id, []).append(SliceLine(pair.part, pair.row, pair.amt_row, straight))
    lines = [_line(view, slices.get(view.sale.id, []), verdicts.get(view.sale.id, RIGHT)) for view in views]
    return YearRows(household, books, lines)


def _line(view: RowView, slices: Sequence[SliceLine], verdict: str) -> RowLine:
    sale = view.sale
    shown = shown_basis(sale, [one.part.shares for one in slices])
    listed = [one._replace(shown=part or ZERO) for one, part in zip(slices, shown, strict=True)]
    listed += [SliceLine(part) for part in view.slices if not part.has_row]
    unmatched = sale.is_iso and not view.slices and not view.excess
    return RowLine(view, verdict, listed, sale.shares if unmatched else view.excess)


def _verdicts(findings: Mapping[int, Sequence[Finding]]) -> Mapping[str, str]:
    """The gravest severity above a note by row; a row with nothing above it is right."""
    found: dict[str, str] = {}
    for listed in findings.values():
        for one in listed:
            if is_about_the_row(one) and one.severity != NOTE:
                worst = min(SEVERITIES.index(one.severity), SEVERITIES.index(found.get(one.sale, NOTE)))
                found[one.sale] = SEVERITIES[worst]
    return found
