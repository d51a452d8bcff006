"""The entry sheet: what people who key a return into a program need, on paper and as CSV.

Per sale the basis as Form 1099-B shows it, the one to key in as column (e), the right basis, the AMT basis, code,
column (g) and term; line 2i, the parts of line 2k, the credit and the losses carried in and out. Dates are
month/day/year, amounts as the return rounds.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from worksheets.attach import attach_6251, attach_8801
from worksheets.explain_rows import Pairing, pairings
from worksheets.f8949 import shown_basis
from worksheets.form import ZERO, Rounding
from worksheets.paper.money import day
from worksheets.paper.render import place, spot
from worksheets.paper.schedule_views import LineView
from worksheets.paper.schedules import YearSchedules
from worksheets.pay import by_sale

COLUMNS: Final = (
    "kind",
    "year",
    "item",
    "description",
    "date_acquired",
    "date_sold",
    "proceeds",
    "basis_on_1099b",
    "basis_e",
    "right_basis",
    "amt_basis",
    "code",
    "adjustment_g",
    "gain_h",
    "amt_gain_h",
    "term",
    "box",
    "amount",
    "where",
)
NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


class SaleEntry(NamedTuple):
    """A row of Form 8949 as it is keyed in; `reported` is box 1e, None where it is not shown."""

    pairing: Pairing
    reported: Decimal | None
    here: str

    @property
    def right_basis(self) -> Decimal:
        """The right regular basis, dollars."""
        return self.pairing.part.regular.basis

    @property
    def amt_basis(self) -> Decimal:
        """The right AMT basis, dollars."""
        return self.pairing.part.amt.basis

    @property
    def term(self) -> str:
        """The term; of the AMT too where it differs there."""
        regular, amt = self.pairing.part.regular.term, self.pairing.part.amt.term
        return regular if regular == amt else f"{regular}, AMT {amt}"

    @property
    def straight(self) -> bool:
        """Whether the row goes straight to Schedule D line 1a or 8a."""
        return self.pairing.letter(amt=False).islower()


class AmountEntry(NamedTuple):
    """A single figure: what it is, where it is entered (or "keep"), how much (dollars)."""

    item: str
    caption: str
    where: str
    value: Decimal
    href: str = ""


class Group(NamedTuple):
    """Figures that belong together on the sheet."""

    title: str
    entries: Sequence[AmountEntry]


def sale_entries(view: YearSchedules) -> list[SaleEntry]:
    """The rows of a year's Form 8949, in the order of the case."""
    basis: dict[int, Decimal | None] = {}
    for (_, row), parts in by_sale(view.books.dispositions).items():
        listed = [part for part in parts if part.has_row]
        if row >= 0:
            shown = shown_basis(view.case.sales[row], [part.shares for part in listed])
            basis |= {id(part): one for part, one in zip(listed, shown, strict=True)}
    return [
        SaleEntry(pairing, basis[id(pairing.part)], spot(view.year, f"s{pairing.part.row}"))
        for pairing in pairings(view.case, view.books)
    ]


def groups(view: YearSchedules) -> list[Group]:
    """The single figures of a year, in groups; a group without figures is left out."""
    found = [
        Group("Form 6251", [*_f6251(view)]),
        Group("Line 2k in its parts", [*_parts(view)]),
        Group("Form 8801", [*_f8801(view)]),
        Group("Capital losses carried in and out", [*_losses(view)]),
        Group("Form 1040 and its schedules", [*_f1040(view)]),
    ]
    return [group for group in found if group.entries]


def _entry(line: LineView | None, label: str, where: str = "") -> Iterator[AmountEntry]:
    """A line as an entry, unless it is blank."""
    if line is not None:
        yield AmountEntry(f"{label} {line.number}", line.caption, where, line.value, f"#{line.on_form} #{line.here}")


def _f6251(view: YearSchedules) -> Iterator[AmountEntry]:
    done = view.done
    if done is None:
        yield AmountEntry("Form 6251 line 2i", "Exercise of incentive stock options", "", view.books.stock.inclusion)
        return
    for name in ("incentive_stock_options", "disposition_of_property", "tentative_minimum_tax", "regular_tax"):
        yield from _entry(view.line("f6251", name), "Form 6251 line")
    attached = "attach Form 6251" if attach_6251(done) else "Form 6251 need not be attached"
    yield from _entry(view.line("f6251", "amt"), "Form 6251 line", f"{place('amt', view.year)}; {attached}")


def _parts(view: YearSchedules) -> Iterator[AmountEntry]:
    if view.done is None:
        for name, value in view.stock_parts.items():
            yield AmountEntry(f"2k, {name}", PART_CAPTIONS[name], "", value)
        return
    for name in ("ordinary", "short", "long", "limit"):
        line = view.line("line_2k", name)
        if line is not None:
            yield AmountEntry(f"2k, {name}", line.caption, "", line.value, f"#{line.here}")


PART_CAPTIONS: Final = {
    "ordinary": "Ordinary income from dispositions",
    "short": "Short-term result, before the loss limit",
    "long": "Long-term result, before the loss limit",
}


def _f8801(view: YearSchedules) -> Iterator[AmountEntry]:
    done = view.done
    if done is None or done.f8801 is None:
        return
    filed = "attach Form 8801" if attach_8801(done) else "keep"
    yield from _entry(view.line("f8801", "carryforward_in"), "Form 8801 line", "carried in")
    yield from _entry(view.line("f8801", "credit_available"), "Form 8801 line", filed)
    yield from _entry(view.line("f8801", "credit"), "Form 8801 line", place("minimum_tax_credit", view.year))
    yield from _entry(view.line("f8801", "carryforward_out"), "Form 8801 line", f"carried to {view.year + 1}")
    left = view.credit_left
    if left is not None and left.amt:
        where = f"keep; Form 8801 of {left.year}, line 21"
        yield AmountEntry(
            f"Credit for {left.year}", f"AMT of {view.year} less the exclusion part, and carried", where, left.total
        )


def _losses(view: YearSchedules) -> Iterator[AmountEntry]:
    for book, schedule, worksheet in (("", "schedule_d", "carryover"), ("AMT ", "schedule_d_amt", "carryover_amt")):
        for name in ("short_term_carryover", "long_term_carryover"):
            yield from _entry(view.line(schedule, name), f"{book}Schedule D line", "carried in, a loss")
        for name in ("short_term_carryover", "long_term_carryover"):
            label = f"{book}Carryover Worksheet line"
            yield from _entry(view.line(worksheet, name), label, f"carried to {view.year + 1}, a loss")


def _f1040(view: YearSchedules) -> Iterator[AmountEntry]:
    if view.done is None:
        return
    for name in ("wages", "capital_gain", "agi", "taxable_income", "tax"):
        yield from _entry(view.line("f1040", name), "Form 1040 line")
    missing = view.books.stock.pay_elsewhere
    if missing:
        yield AmountEntry(place("pay_not_on_w2", view.year), "Pay from early sales that no Form W-2 shows", "", missing)


def harmless(text: str) -> str:
    """A cell that a spreadsheet does not take for a formula; numbers stay as they are.

    Source: OWASP, CSV Injection (a leading =, +, -, @, tab or line end; an apostrophe before it makes it text).
    """
    if NUMBER.fullmatch(text) or not text.startswith(RISKY):
        return text
    return f"'{text}"


def csv_text(view: YearSchedules) -> str:
    """The entry sheet as CSV: what its figures rest on, one row a sale, one row a figure, columns as in `COLUMNS`."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in (*_note_rows(view), *_sale_rows(view), *_amount_rows(view)):
        writer.writerow({name: harmless(text) for name, text in row.items()})
    return out.getvalue()


def _number(value: Decimal | None, rounding: Rounding) -> str:
    """A figure without separators, negatives with a minus sign."""
    return "" if value is None else f"{rounding(value):f}"


def _note_rows(view: YearSchedules) -> Iterator[dict[str, str]]:
    """What must be said of all figures of the year: drafts, hypothetical amounts."""
    for mark in view.marks:
        yield {"kind": "note", "year": str(view.year), "description": mark}


def _sale_rows(view: YearSchedules) -> Iterator[dict[str, str]]:
    rounding = view.household.rounding
    for entry in sale_entries(view):
        row, amt_row = entry.pairing.row, entry.pairing.amt_row
        figures = {
            "proceeds": row.d,
            "basis_on_1099b": entry.reported,
            "basis_e": row.e,
            "right_basis": entry.right_basis,
            "amt_basis": entry.amt_basis,
            "adjustment_g": row.g,
            "gain_h": row.h,
            "amt_gain_h": amt_row.h,
        }
        yield {
            "kind": "sale",
            "year": str(view.year),
            "item": row.sale,
            "description": row.a,
            "date_acquired": day(row.b),
            "date_sold": day(row.c),
            **{name: _number(value, rounding) for name, value in figures.items()},
            "code": row.f or "",
            "term": entry.term,
            "box": row.box,
            "where": "Schedule D directly (Exception 1)" if entry.straight else "Form 8949",
        }


def _amount_rows(view: YearSchedules) -> Iterator[dict[str, str]]:
    for group in groups(view):
        for entry in group.entries:
            yield {
                "kind": "amount",
                "year": str(view.year),
                "item": entry.item,
                "description": entry.caption,
                "amount": _number(entry.value, view.household.rounding),
                "where": entry.where,
            }


def total(entries: Sequence[SaleEntry]) -> dict[str, Decimal]:
    """Sums of the printed columns: proceeds, column (e), right basis, AMT basis, column (g), gains in both books."""
    return {
        "proceeds": sum((one.pairing.row.d for one in entries), ZERO),
        "e": sum((one.pairing.row.e for one in entries), ZERO),
        "right": sum((one.right_basis for one in entries), ZERO),
        "amt": sum((one.amt_basis for one in entries), ZERO),
        "g": sum((one.pairing.row.g or ZERO for one in entries), ZERO),
        "h": sum((one.pairing.row.h for one in entries), ZERO),
        "amt_h": sum((one.pairing.amt_row.h for one in entries), ZERO),
    }
