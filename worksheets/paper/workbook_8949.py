"""Form 8949 in a workbook, one sheet a book: box, codes and columns (d) to (h) as formulas, as `f8949` has them.

The columns shown are rounded as the return rounds; totals are taken from the unrounded ones beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from worksheets.case import Sale
from worksheets.f8949 import Row as FormRow
from worksheets.f8949 import rows
from worksheets.household import Household
from worksheets.paper.workbook_sheet import Cell
from worksheets.paper.workbook_slices import Slice
from worksheets.paper.workbook_table import Column, Local, Row, Table

NAMED: Final = ("year", "to", "d", "e", "g", "h")
F8949: Final = (
    Column("year", "Year", 6, "count"),
    Column("box", "Box", 5, "text"),
    Column("sale", "Sale", 7, "text"),
    Column("exercise", "Exercise", 9, "text"),
    Column("a", "(a) Description", 26, "text"),
    Column("b", "(b) Date acquired", 10.5, "day"),
    Column("c", "(c) Date sold", 10.5, "day"),
    Column("p_d", "(d) Proceeds", 12, "money"),
    Column("p_e", "(e) Cost or other basis", 12, "money"),
    Column("f", "(f) Code", 7, "text"),
    Column("p_g", "(g) Adjustment", 12, "money"),
    Column("p_h", "(h) Gain or loss", 12, "money"),
    Column("to", "To Schedule D as", 9, "text"),
    Column("shown", "Box 1e", 11.5, "cents"),
    Column("right", "Right basis", 11.5, "cents"),
    Column("disallowed", "Loss disallowed", 10, "cents"),
    Column("d", "(d) unrounded", 12, "cents"),
    Column("e", "(e) unrounded", 12, "cents"),
    Column("g", "(g) unrounded", 12, "cents"),
    Column("h", "(h) unrounded", 12, "cents"),
)
NOTES: Final = {
    False: "Rows by year and box. Column (g) mends what box 1e shows wrong (Form 8949 instructions, code B).",
    True: "Refigured for the AMT: the same rows with the AMT basis. Keep it, do not file it.",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: its slice, the row as our computation has it, and whether it goes straight to Schedule D."""

    place: int
    one: Slice
    row: FormRow
    direct: bool


def entries(household: Household, listed: Sequence[Slice], *, amt: bool) -> list[Entry]:
    """The rows of one book by year and box, then in the order of the case."""
    found = list(_entries(household, listed, amt=amt))
    return sorted(found, key=lambda entry: (entry.row.c.year, entry.row.box, entry.one.part.row, entry.place))


def _entries(household: Household, listed: Sequence[Slice], *, amt: bool) -> Iterator[Entry]:
    years = household.years.values()
    direct = {row for books in years for row in (books.amt_direct_rows if amt else books.direct_rows)}
    for place, one in enumerate(listed):
        if place != one.first or one.part.row < 0 or not one.part.has_row:
            continue
        group = listed[one.first : one.last + 1]
        made = rows(household.case.sales[one.part.row], [part.part for part in group], amt=amt)
        for offset, (part, row) in enumerate(zip(group, made, strict=True)):
            yield Entry(place + offset, part, row, row in direct)


class Form8949Table:
    """The sheet of one book.

    Args:
        household: worked.
        tables: laid out: the sheet itself under `8949` or `8949_amt`, `dispositions`, `books`, `sales`.
        listed: its rows.
        amt: which book.
    """

    def __init__(
        self, household: Household, tables: Mapping[str, Table], listed: Sequence[Entry], *, amt: bool
    ) -> None:
        self.household = household
        self.tables = tables
        self.table = tables["8949_amt" if amt else "8949"]
        self.listed = listed
        self.amt = amt

    def write(self) -> None:
        """Write it."""
        title = "Form 8949, refigured for the AMT" if self.amt else "Form 8949, Sales and Other Dispositions"
        self.table.fill(title, NOTES[self.amt], (self._cells(*found) for found in enumerate(self.listed)), frozen=4)

    def _cells(self, place: int, entry: Entry) -> Row:
        of = self._local(place, entry)
        sale, row = self.household.case.sales[entry.one.part.row], entry.row
        values = _values(sale, entry, amt=self.amt)
        texts = _formulas(stock=entry.one.lot is not None)
        cells = {key: Cell(values[key], of.formula(text)) for key, text in texts.items()}
        for column in "degh":
            shown = of.formula(f'IF({{{column}}}="","",ROUND(ROUND({{{column}}},Fine),Places))')
            exact = getattr(row, column)
            cells[f"p_{column}"] = Cell(None if exact is None else self.household.rounding(exact), shown)
        return cells

    def _local(self, place: int, entry: Entry) -> Local:
        disposed, books, sales = (self.tables[name] for name in ("dispositions", "books", "sales"))
        others = {f"s_{key}": sales.at(key, entry.one.part.row) for key in sales.places}
        others |= {f"d_{key}": disposed.at(key, entry.place) for key in disposed.places}
        first, last = disposed.at("how", entry.one.first), disposed.at("how", entry.one.last)
        others["d_hows"] = f"{first}:{last.rpartition('!')[2]}"
        mark = "a_" if self.amt else "r_"
        others |= {f"b_{key.removeprefix(mark)}": books.at(key, entry.place) for key in books.places}
        if entry.one.lot is not None:
            others["l_exercise_date"] = self.tables["lots"].at("exercise_date", entry.one.lot)
        return Local(self.table, place, others)


def _values(sale: Sale, entry: Entry, *, amt: bool) -> dict[str, Any]:
    row, part = entry.row, entry.one.part
    book = part.amt if amt else part.regular
    straight = {"A": "1a", "G": "1a", "D": "8a", "J": "8a"}
    return {
        "year": Decimal(row.c.year),
        **{key: getattr(row, key) for key in ("box", "sale", "exercise", "a", "b", "c", "d", "e", "h")},
        "f": row.f or "",
        "g": row.g,
        "to": straight[row.box] if entry.direct else row.box,
        "shown": entry.one.shown if sale.basis is not None else None,
        "right": book.basis,
        "disallowed": book.disallowed,
    }


_LETTERS: Final = (
    'IF({s_form}="none",IF({long},"F","C"),IF({s_form}="1099-DA",'
    'IF({long},IF({reported},"J","K"),IF({reported},"G","H")),'
    'IF({long},IF({reported},"D","E"),IF({reported},"A","B"))))'
)
_REPORTED: Final = 'AND({s_basis}<>"",IF({s_basis_reported}="",NOT({s_noncovered}),{s_basis_reported}))'
_NOT_REPORTED_TO_IRS: Final = 'OR({box}="C",{box}="F")'
_REPORTED_BOX: Final = 'OR({box}="A",{box}="D",{box}="G",{box}="J")'
_NO_BASIS: Final = f'OR({{shown}}="",{_NOT_REPORTED_TO_IRS})'
_WRONG: Final = f"IF({_NO_BASIS},FALSE(),ROUND(ABS(N({{shown}})-{{right}}),Fine)>Half_dollar)"
_FORM: Final = '{s_form}<>"none"'
_WRONG_TERM: Final = f'AND({_FORM},{{s_term}}<>"",{{s_term}}<>{{b_term}})'
_BOX_1G: Final = 'AND({s_wash_sale_disallowed}<>0,OR({d_how}="wash_sale",COUNTIFS({d_hows},"wash_sale")=0))'
_RELATED: Final = 'AND({d_how}="related_party",{disallowed}<>0)'
_WASHED: Final = f"AND(NOT({_RELATED}),OR({{disallowed}}<>0,{_BOX_1G}))"
_EXPENSES: Final = f"AND({_FORM},{{d_expenses}}<>0)"
_DIRECT: Final = f'AND(Exception_1,{{f}}="",N({{s_wash_sale_disallowed}})=0,{{s_term}}<>"ordinary",{_REPORTED_BOX})'


def _formulas(*, stock: bool) -> dict[str, str]:
    """Formulas of a row; the date acquired of an asset that is no option stock is the right one, or box 1b."""
    box = _LETTERS.replace("{long}", '{b_term}="long"').replace("{reported}", _REPORTED)
    known = 'IF({s_correct_acquired}="",{s_acquired},{s_correct_acquired})'
    acquired = "{l_exercise_date}" if stock else f'IF({known}="various","VARIOUS",IF({known}="","",{known}))'
    own_words = 'AND({s_description}<>"",{d_shares}={s_shares})'
    adjusted = f"IF(AND({_WRONG},{_REPORTED_BOX}),N({{shown}})-{{right}},0)"
    losses = f"IF(OR({_RELATED},{_WASHED}),{{disallowed}},0)"
    return {
        "year": "YEAR({c})",
        "box": box,
        "sale": "{d_sale}",
        "exercise": "{d_exercise}" if stock else '""',
        "a": f'IF({own_words},{{s_description}},MAX(ROUND({{d_shares}},Fine),Dust)&" sh "&{{s_corporation}})',
        "b": acquired,
        "c": "{d_sold}",
        "shown": 'IF({d_shown}="","",{d_shown})',
        "right": "{b_basis}",
        "disallowed": "{b_disallowed}",
        "d": f"{{d_gross}}-IF({_FORM},0,N({{d_expenses}}))",
        "e": f"IF({_NO_BASIS},{{right}},IF({_REPORTED_BOX},{{shown}},{{right}}))",
        "f": (
            f'IF({_WRONG},"B","")&IF({_EXPENSES},"E","")&IF({_RELATED},"L","")'
            f'&IF({_WRONG_TERM},"T","")&IF({_WASHED},"W","")'
        ),
        "g": f'IF({{f}}="","",{adjusted}+{losses}-IF({_EXPENSES},{{d_expenses}},0))',
        "h": "{d}-{e}+N({g})",
        "to": f'IF({_DIRECT},IF(OR({{box}}="A",{{box}}="G"),"1a","8a"),{{box}})',
    }
