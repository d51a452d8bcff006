"""The audit: every finding about a household's rows and years, collected by name from the rooms named `audit_…`."""

from __future__ import annotations

from collections.abc import Iterator

from worksheets import (  # noqa: F401 - each room adds its findings, in the order named here
    audit_basis,
    audit_boxes,
    audit_choice,
    audit_dates,
    audit_lots,
    audit_market,
    audit_pay,
    audit_return,
    audit_tie_out,
    audit_totals,
    audit_wash,
)
from worksheets.audit_desk import ROW_FINDINGS, YEAR_FINDINGS, Desk, RowView, YearView
from worksheets.findings import Finding
from worksheets.household import Household

# The order of a row's findings; the basis codes exclude each other, the first that fits standing for all.
BASIS_CODES = (
    "basis_missing",
    "basis_is_zero",
    "basis_omits_compensation",
    "basis_is_fmv",
    "basis_double_counts_compensation",
    "basis_other",
)
ROW_CODES = (
    "wrong_term",
    "wrong_box",
    "wrong_acquired_date",
    "selling_expenses_omitted",
    "wash_sale_mismatch",
    "wash_sale_possible",
    "amt_wash_sale_possible",
    "wash_sale_outside",
    "proceeds_out_of_line",
    "duplicate_sale",
    "shares_exceed_lots",
    "no_matching_exercise",
    "split_suspected",
    "holding_period_boundary",
    "w2_pay_assumed",
    "w2_omits_compensation",
    "w2_exceeds_compensation",
    "lot_choice_matters",
    "qsbs_question",
)


def audit(household: Household) -> dict[int, list[Finding]]:
    """The findings of each year: those about its rows in the order of the case, then those about the year."""
    desk = Desk(household)
    found: dict[int, list[Finding]] = {year: [] for year in household.years}
    for row in desk.views():
        found[row.year] += _of_row(row)
    for year, books in household.years.items():
        view = YearView(desk, year, books)
        found[year] += (one for find in YEAR_FINDINGS.values() for one in find(view))
    return found


def _of_row(row: RowView) -> Iterator[Finding]:
    for code in BASIS_CODES:
        basis = list(ROW_FINDINGS[code](row))
        if basis:
            yield from basis
            break
    for code in ROW_CODES:
        yield from ROW_FINDINGS[code](row)
