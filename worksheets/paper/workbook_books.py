"""Both books of a workbook: basis, gain, disallowed loss and term of every slice, for the regular tax and the AMT.

Rows stand beside those of the sheet Dispositions; formulas follow `iso` and, for assets that are no option stock,
`others`. Amounts are exact dollars.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from worksheets.case import Sale
from worksheets.form import ZERO
from worksheets.holding import first_long_term_day
from worksheets.iso import DISQUALIFYING, SAME_YEAR, Book, Disposition, capital_held_from
from worksheets.paper.workbook_lots import LotRow
from worksheets.paper.workbook_sheet import Cell, chosen
from worksheets.paper.workbook_slices import EARLY, NO_CAP, NO_ROW, Slice, SliceTable
from worksheets.paper.workbook_table import Column, Local, Row

BOOKS: Final = (
    Column("sale", "Sale", 7, "text"),
    Column("exercise", "Exercise", 9, "text"),
    Column("kind", "Kind", 13, "text"),
    Column("sold", "Sold", 10.5, "day"),
    Column("shares", "Shares", 9, "shares"),
    Column("proceeds", "Amount realized", 12, "cents"),
    Column("held", "Held from", 10.5, "day"),
    Column("r_held", "Holding period counted from", 10.5, "day"),
    Column("r_long_from", "Long-term from", 10.5, "day"),
    Column("r_income", "Regular: pay", 11.5, "cents"),
    Column("r_basis", "Regular: basis", 12, "cents"),
    Column("r_gain", "Regular: gain or loss", 12, "cents"),
    Column("r_disallowed", "Regular: loss disallowed", 11, "cents"),
    Column("r_term", "Regular: term", 8, "text"),
    Column("amt_held", "AMT: held from", 10.5, "day"),
    Column("a_long_from", "AMT: long-term from", 10.5, "day"),
    Column("a_income", "AMT: pay", 11.5, "cents"),
    Column("a_basis", "AMT: basis", 12, "cents"),
    Column("a_gain", "AMT: gain or loss", 12, "cents"),
    Column("a_disallowed", "AMT: loss disallowed", 11, "cents"),
    Column("a_term", "AMT: term", 8, "text"),
)
NOTE: Final = (
    "The same slices: the regular basis holds the pay, the AMT basis line 2i (IRC 56(b)(3)). A term counts from the "
    "day after the holding period begins, month ends as Rev. Rul. 66-7."
)
_LONG: Final = "IF(DAY({day}+1)=1,EDATE({day}+1,Long_term_months),EDATE({day},Long_term_months)+1)"
_INCLUDED: Final = 'IF({kind}="same_year",{a_income},IF({sold}>={l_own_from},{included},0))'


def write_books(slices: SliceTable) -> None:
    """Write the sheet."""
    table = slices.tables["books"]
    cells = (_cells(slices, place, one) for place, one in enumerate(slices.listed))
    table.fill("Both books: regular tax and AMT side by side", NOTE, cells, frozen=2)


def _cells(slices: SliceTable, place: int, one: Slice) -> Row:
    of = slices.local(place, one, slices.tables["books"])
    at = slices.table.at
    same = {
        key: Cell(_value(one.part, key), at(key, place))
        for key in ("sale", "exercise", "kind", "sold", "shares", "proceeds")
        if one.lot is not None or key != "exercise"
    }
    if one.lot is None:
        return {**same, **_other(slices.case.sales[one.part.row], one, of)}
    return {**same, **_stock(slices.lots[one.lot], one, of)}


def _value(part: Disposition, key: str) -> Any:
    return part.lot.exercise if key == "exercise" else getattr(part, key)


def _stock(row: LotRow, one: Slice, of: Local) -> Row:
    part, lot = one.part, one.part.lot
    early = part.kind in {DISQUALIFYING, SAME_YEAR}
    counted = capital_held_from(lot, early=early)
    texts: dict[str, tuple[Any, str]] = {
        "r_held": (counted, f'IF(AND({EARLY},{{l_vested}}<>""),{{l_vested}},{{held}})'),
        "r_long_from": (first_long_term_day(counted), _LONG.replace("{day}", "{r_held}")),
        "r_term": (part.regular.term, 'IF({sold}>={r_long_from},"long","short")'),
        "r_basis": (part.regular.basis, "{paid}+{pay}"),
        "r_income": (part.regular.ordinary_income, "{pay}"),
        "a_income": (part.amt.ordinary_income, 'IF({kind}="same_year",{pay},0)'),
        "a_basis": (part.amt.basis, "{amt_paid}+" + _INCLUDED),
        "a_long_from": (first_long_term_day(lot.amt_held_from), _LONG.replace("{day}", "{amt_held}")),
        "a_term": (
            part.amt.term,
            'IF({kind}="same_year",{r_term},IF({sold}>={a_long_from},"long","short"))',
        ),
        **_gain("r", part.regular),
        **_gain("a", part.amt),
    }
    held = _held(lot.held_from, row.lot.held_from, of["l_held_from"])
    amt_held = _held(lot.amt_held_from, row.lot.amt_held_from, of["l_amt_held_from"])
    worked = {key: Cell(value, of.formula(text)) for key, (value, text) in texts.items()}
    return {**worked, "held": held, "amt_held": amt_held}


def _held(day: Any, of_lot: Any, cell: str) -> Cell:
    """Since when shares are held: as their lot, or from the day that a wash sale put back."""
    return Cell(day, cell) if day == of_lot else chosen(day)


def _gain(book: str, result: Book) -> dict[str, tuple[Any, str]]:
    """Gain, and the loss disallowed where a loss would not be recognised."""
    gain = f"IF({NO_ROW},0,ROUND({{proceeds}}-{{{book}_basis}},Fine))"
    disallowed = f"IF({NO_CAP},MAX(0,-{{{book}_gain}}),0)"
    return {f"{book}_gain": (result.gain, gain), f"{book}_disallowed": (result.disallowed, disallowed)}


_KNOWN: Final = 'IF({s_correct_acquired}="",{s_acquired},{s_correct_acquired})'
_OTHER_TERM: Final = 'IF(ISNUMBER({held}),IF({sold}>={r_long_from},"long","short"),IF({s_term}="long","long","short"))'
_REPLACED: Final = 'IF({s_replaced_shares}="",{s_shares},MIN({s_replaced_shares},{s_shares}))'


def _disallowed(book: str) -> str:
    loss = f"MAX(0,-{{{book}_gain}})"
    wash = f'IF({{how}}="wash_sale",{loss}*{_REPLACED}/{{s_shares}},MIN({loss},N({{s_wash_sale_disallowed}})))'
    return f'IF({{how}}="related_party",{loss},{wash})'


def _other(sale: Sale, one: Slice, of: Local) -> Row:
    """Another asset: its right basis, its term by the right date or box 2."""
    part = one.part
    known = sale.correct_acquired or sale.acquired or ""
    long_from = first_long_term_day(known) if isinstance(known, date) else ""
    texts: dict[str, tuple[Any, str]] = {
        "held": (known, f'IF({_KNOWN}="","",{_KNOWN})'),
        "r_long_from": (long_from, "IF(ISNUMBER({held})," + _LONG.replace("{day}", "{held}") + ',"")'),
        "r_income": (ZERO, "0"),
        "a_income": (ZERO, "0"),
        "r_basis": (part.regular.basis, 'IF({s_correct_basis}="",N({s_basis}),{s_correct_basis})'),
        "a_basis": (part.amt.basis, 'IF({s_amt_basis}="",{r_basis},{s_amt_basis})'),
        "r_gain": (part.regular.gain, f"IF({NO_ROW},0,ROUND({{proceeds}}-{{r_basis}},Fine))"),
        "a_gain": (part.amt.gain, f"IF({NO_ROW},0,ROUND({{proceeds}}-{{a_basis}},Fine))"),
        "r_disallowed": (part.regular.disallowed, _disallowed("r")),
        "a_disallowed": (part.amt.disallowed, _disallowed("a")),
        "r_term": (part.regular.term, _OTHER_TERM),
        "a_term": (part.amt.term, "{r_term}"),
    }
    return {key: Cell(value, of.formula(text)) for key, (value, text) in texts.items()}
