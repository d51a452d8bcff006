"""The dispositions of a workbook: which lot each sale took, the tests, the pay, and the result in both books.

One row a slice, as our lot choice gave it; dates, caps, bases, gains and terms are formulas beside the functions of
`iso`, `holding` and `ledger`. Amounts are exact dollars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from worksheets.case import Case
from worksheets.form import ZERO
from worksheets.holding import first_qualifying_day
from worksheets.household import Household
from worksheets.iso import DISQUALIFYING, OTHER, SAME_YEAR, Disposition
from worksheets.ledger import share_out
from worksheets.paper.workbook_lots import NEAR, LotRow, by_exercise, leaves_line_2i, match, split_factor
from worksheets.paper.workbook_sheet import Cell, chosen, label
from worksheets.paper.workbook_table import Column, Local, Row, Table, numbered, to_cent

DISPOSITIONS: Final = (
    Column("year", "Year", 6, "count"),
    Column("sale", "Sale", 7, "text"),
    Column("lot", "Lot", 5, "count"),
    Column("exercise", "Exercise", 9, "text"),
    Column("chosen_by", "Lot chosen by", 10, "text"),
    Column("how", "How parted with", 11, "text"),
    Column("sold", "Sold", 10.5, "day"),
    Column("shares", "Shares", 9, "shares"),
    Column("ratio", "Splits since exercise", 8, "ratio"),
    Column("at_exercise", "Shares as at exercise", 9, "shares"),
    Column("gross", "Box 1d for these shares", 11.5, "cents"),
    Column("shown", "Box 1e for these shares", 11.5, "cents"),
    Column("expenses", "Expenses not in box 1d", 10, "cents"),
    Column("proceeds", "Amount realized", 11.5, "cents"),
    Column("added_part", "Part of a loss disallowed", 9, "ratio"),
    Column("added", "Added by a wash sale (or rounding)", 10, "cents"),
    Column("amt_added", "Added to the AMT basis", 10, "cents"),
    Column("paid", "Regular basis before pay", 11.5, "cents"),
    Column("amt_paid", "AMT basis before line 2i", 11.5, "cents"),
    Column("spread", "Spread", 11.5, "cents"),
    Column("included", "Line 2i in AMT basis", 11.5, "cents"),
    Column("first_day", "First qualifying day", 10.5, "day"),
    Column("kind", "Kind", 13, "text"),
    Column("most", "Pay without the cap", 11.5, "cents"),
    Column("law_pay", "Pay by law", 11.5, "cents"),
    Column("weight", "Weight for Form W-2", 11.5, "cents"),
    Column("more", "Form W-2 above the law's pay", 11.5, "cents"),
    Column("pay", "Pay used", 11.5, "cents"),
    Column("out", "Shares out of line 2i", 9, "shares"),
)
NOTE: Final = (
    "One row a slice of a sale. Pay is the lesser of the spread and the gain (IRC 421(b), 422(c)(2)), or what a larger "
    "Form W-2 shows. Plum cells are our choice of lots."
)
NO_CAP: Final = 'OR({how}="wash_sale",{how}="related_party",{how}="gift",{how}="surrender")'
NO_ROW: Final = 'OR({how}="gift",{how}="death",{how}="to_spouse",{how}="surrender")'
KEEPS: Final = 'OR({how}="death",{how}="to_spouse")'
EARLY: Final = 'OR({kind}="disqualifying",{kind}="same_year")'


@dataclass(frozen=True, slots=True)
class Slice:
    """A disposition in the workbook.

    Attributes:
        lot: place of its lot among the lots; None for an asset that is no option stock.
        first, last: rows of the slices of the same sale.
        whole: whether those slices are all of the sale's shares.
        factor: shares on that day for each share at exercise.
        gross, shown, expenses: its parts of boxes 1d and 1e and of the expenses; None where there are none.
        out: whether line 2i of the year has lost its shares.
    """

    part: Disposition
    lot: int | None
    first: int
    last: int
    whole: bool
    factor: Decimal
    gross: Decimal | None
    shown: Decimal | None
    expenses: Decimal | None
    out: bool

    @property
    def other(self) -> bool:
        """Whether it is another asset, passed through."""
        return self.part.kind == OTHER


def dispositions(household: Household) -> list[Disposition]:
    """Every disposition by year: option stock in the order of the books, then other assets."""
    found = list(household.ledger.dispositions)
    found += [part for books in household.years.values() for part in books.dispositions if part.kind == OTHER]
    return sorted(found, key=lambda part: (part.sold.year, part.kind == OTHER))


def slices(case: Case, parts: Sequence[Disposition], lots: Sequence[LotRow]) -> list[Slice]:
    """The dispositions with what the sheet needs besides."""
    groups: dict[tuple[str, int], list[int]] = {}
    for place, part in enumerate(parts):
        groups.setdefault((part.sale, part.row), []).append(place)
    found: dict[int, Slice] = {}
    of_exercise = by_exercise(lots)
    for (_, row), places in groups.items():
        shares = [parts[place].shares for place in places]
        boxes = _boxes(case, row, shares)
        sale_shares = case.sales[row].shares if row >= 0 else None
        for place, (gross, shown, expenses) in zip(places, boxes, strict=True):
            part = parts[place]
            factor = split_factor(case, part.lot, part.sold)
            lot = None if part.kind == OTHER else match(of_exercise, lots, part.lot, factor)
            whole = sum(shares, ZERO) == sale_shares
            out = lot is not None and leaves_line_2i(case, part)
            found[place] = Slice(part, lot, places[0], places[-1], whole, factor, gross, shown, expenses, out)
    return [found[place] for place in range(len(parts))]


def _boxes(case: Case, row: int, shares: list[Decimal]) -> list[tuple[Decimal | None, ...]]:
    """Boxes 1d and 1e and expenses shared out to the slices of a sale, as Form 8949 shares them out."""
    nothing: list[Decimal | None] = [None] * len(shares)
    if row < 0:
        return [(None, None, None)] * len(shares)
    sale = case.sales[row]
    gross = share_out(sale.proceeds, shares, sale.shares)
    expenses = share_out(sale.selling_expenses, shares, sale.shares)
    shown = nothing if sale.basis is None else list(share_out(sale.basis, shares, sale.shares))
    return list(zip(gross, shown, expenses, strict=True))


class SliceTable:
    """The sheet of dispositions.

    Args:
        case: the household.
        tables: laid out: `dispositions`, `books`, `lots`, `exercises`, `sales`, `pay`.
        listed: the slices.
        lots: the lots.
        pay_rows: row of the sheet of pay by sale and row of the case.
    """

    def __init__(
        self,
        case: Case,
        tables: Mapping[str, Table],
        listed: Sequence[Slice],
        lots: Sequence[LotRow],
        pay_rows: Mapping[tuple[str, int], int],
    ) -> None:
        self.case = case
        self.tables = tables
        self.table = tables["dispositions"]
        self.listed = listed
        self.lots = lots
        self.pay_rows = pay_rows

    def write(self) -> None:
        """Write it."""
        cells = (self._cells(place, one) for place, one in enumerate(self.listed))
        self.table.fill("Dispositions: what each sale took, and the pay from it", NOTE, cells, frozen=4)
        if not any(
            one.lot is not None and self._added(n, one, self.lots[one.lot]) for n, one in enumerate(self.listed)
        ):
            self.table.hide(("added_part", "added", "amt_added"))

    def local(self, place: int, one: Slice, table: Table | None = None) -> Local:
        """The cells that formulas of a slice name: its own, its lot's (`l_`), its sale's (`s_`), its exercise's."""
        others: dict[str, str] = {}
        if one.lot is not None:
            others |= {f"l_{key}": self.tables["lots"].at(key, one.lot) for key in self.tables["lots"].places}
        if one.part.row >= 0:
            others |= {f"s_{key}": self.tables["sales"].at(key, one.part.row) for key in self.tables["sales"].places}
        else:
            exercises = self.tables["exercises"]
            others |= {f"e_{key}": exercises.at(key, -1 - one.part.row) for key in exercises.places}
        if table is not None:
            others |= {key: self.table.at(key, place) for key in self.table.places if key not in table.places}
        return Local(table or self.table, place, others)

    def shared(self, one: Slice, place: int, key: str, amounts: tuple[str, str, str], *, alone: bool = False) -> str:
        """A slice's part of an amount of its sale, to the cent, so that the parts of a whole sale add up.

        `amounts` are the amount, the column that it is shared out by, and what that column's cells are measured by;
        `alone` says that a slice without others has it all.
        """
        total, by, of = amounts
        if (one.whole or alone) and one.first == one.last:
            return total
        reached = f"SUM({self.table.area(by, one.first, place)})"
        before = f"-SUM({self.table.area(key, one.first, place - 1)})" if place > one.first else ""
        return f"IF({reached}={of},{total},{to_cent(f'{total}*{reached}/{of}')}){before}"

    def _cells(self, place: int, one: Slice) -> Row:
        part, of = one.part, self.local(place, one)
        common = {
            "year": Cell(Decimal(part.sold.year), of.formula("YEAR({sold})")),
            "sale": Cell(part.sale, of["s_id"] if part.row >= 0 else of["e_id"]),
            "chosen_by": chosen(part.chosen_by.removesuffix("_grant").replace("_", " ")),
            "how": self._how(one, of),
            "sold": Cell(part.sold, of["s_sold"] if part.row >= 0 else of["e_exercise_date"]),
            "shares": self._shares(place, one, of),
            "proceeds": _proceeds(one, of),
            **self._shown(place, one, of),
        }
        stock = {"kind": label(OTHER)} if one.lot is None else self._stock(place, one, of)
        return {**common, **stock}

    def _how(self, one: Slice, of: Local) -> Cell:
        part = one.part
        same = part.row >= 0 and self.case.sales[part.row].disposition == part.how
        return Cell(part.how, of["s_disposition"]) if same else chosen(part.how)

    def _shares(self, place: int, one: Slice, of: Local) -> Cell:
        number = numbered("parts", one.part.shares)
        if not one.whole or place < one.last:
            return chosen(one.part.shares, number)
        less = f"-SUM({self.table.area('shares', one.first, place - 1)})" if place > one.first else ""
        return Cell(one.part.shares, of["s_shares"] + less, number=number)

    def _shown(self, place: int, one: Slice, of: Local) -> Row:
        """Its parts of boxes 1d and 1e and of the expenses."""
        if one.gross is None:
            return {}
        found = {}
        for key, fact, value in (
            ("gross", "s_proceeds", one.gross),
            ("shown", "s_basis", one.shown),
            ("expenses", "s_selling_expenses", one.expenses),
        ):
            formula = self.shared(one, place, key, (of[fact], "shares", of["s_shares"]))
            if key == "shown":
                formula = f'IF({of[fact]}="","",{formula})'
            found[key] = Cell(value, formula)
        return found

    def _stock(self, place: int, one: Slice, of: Local) -> Row:
        """The cells of option stock."""
        part, lot = one.part, self.lots[one.lot or 0]
        base = {
            "lot": chosen((one.lot or 0) + 1),
            "exercise": Cell(part.lot.exercise, of["l_exercise"]),
            "ratio": chosen(one.factor),
            **self._added(place, one, lot),
        }
        worked = {key: Cell(value, of.formula(text)) for key, (value, text) in _tests(one).items()}
        number = numbered("parts", part.shares / one.factor)
        worked["at_exercise"] = Cell(part.shares / one.factor, of.formula("{shares}/{ratio}"), number=number)
        return {**base, **worked, **self._pay(place, one, of)}

    def _added(self, place: int, one: Slice, row: LotRow) -> Row:
        """What a wash sale added to the bases: a part of the loss it disallowed; a figure where there were several."""
        share = one.part.shares / one.factor / row.lot.shares
        added = one.part.lot.paid - row.lot.paid * share
        amt_added = one.part.lot.amt_paid - row.lot.amt_paid * share
        if abs(added) <= NEAR and abs(amt_added) <= NEAR:
            return {}
        sources = [place for place, other in enumerate(self.listed) if self._replaced_by(other, row.exercise.id)]
        if len(sources) != 1:
            return {"added": chosen(added), "amt_added": chosen(amt_added)}
        source = self.listed[sources[0]].part
        by_regular = bool(source.regular.disallowed)
        portion = added / source.regular.disallowed if by_regular else amt_added / source.amt.disallowed
        books = self.tables["books"]
        cell = self.table.own("added_part", place)
        return {
            "added_part": chosen(portion),
            "added": Cell(added, f"{cell}*{books.at('r_disallowed', sources[0])}"),
            "amt_added": Cell(amt_added, f"{cell}*{books.at('a_disallowed', sources[0])}"),
        }

    def _replaced_by(self, one: Slice, exercise: str) -> bool:
        part = one.part
        if part.how != "wash_sale" or part.row < 0 or not (part.regular.disallowed or part.amt.disallowed):
            return False
        return self.case.sales[part.row].replacement == exercise

    def _pay(self, place: int, one: Slice, of: Local) -> Row:
        """The pay used: the law's, or what a larger figure on Form W-2 puts on top of it."""
        part, pay, row = one.part, self.tables["pay"], self.pay_rows[one.part.sale, one.part.row]
        group = {key: self.table.area(key, one.first, one.last) for key in ("law_pay", "most", "kind", "weight")}
        capped = f"ROUND(SUM({group['most']})-SUM({group['law_pay']}),Fine)<>0"
        early = f'COUNTIFS({group["kind"]},"disqualifying")+COUNTIFS({group["kind"]},"same_year")'
        weight = of.formula(
            f"IF({capped},{{most}}-{{law_pay}},IF(SUM({group['most']})<>0,{{most}},"
            f"IF({early}=0,{{shares}},IF({EARLY},{{shares}},0))))"
        )
        above = f"({pay.at('shown', row)}-SUM({group['law_pay']}))"
        more = self.shared(one, place, "more", (above, "weight", f"SUM({group['weight']})"), alone=True)
        follow = pay.at("follow", row)
        return {
            "weight": Cell(self._weight(place, one), weight),
            "more": Cell(part.pay - part.law_pay, f"IF({follow},{more},0)"),
            "pay": Cell(part.pay, of.formula("{law_pay}+{more}")),
        }

    def _weight(self, place: int, one: Slice) -> Decimal:
        """By what a slice takes part in sharing out what Form W-2 shows above the law's pay."""
        group = [other.part for other in self.listed[one.first : one.last + 1]]
        early = [part.kind in {DISQUALIFYING, SAME_YEAR} for part in group]
        candidates = (
            [part.uncapped_pay - part.law_pay for part in group],
            [part.uncapped_pay for part in group],
            [part.shares if is_early else ZERO for part, is_early in zip(group, early, strict=True)],
            [part.shares for part in group],
        )
        return next(found for found in candidates if any(found))[place - one.first]


def _proceeds(one: Slice, of: Local) -> Cell:
    text = "{shares}*{e_fmv}" if one.part.row < 0 else "{gross}-{expenses}"
    return Cell(one.part.proceeds, of.formula(text))


def _tests(one: Slice) -> dict[str, tuple[Any, str]]:
    """Basis before pay, the tests, and the pay by law: value and formula."""
    part, lot = one.part, one.part.lot
    early = part.kind in {DISQUALIFYING, SAME_YEAR}
    first = "MAX(EDATE({l_grant_date},Grant_months),EDATE({l_exercise_date},Exercise_months))+1"
    kind = (
        f'IF({KEEPS},"not_a_disposition",IF({{sold}}>={{first_day}},"qualifying",'
        'IF({year}<=YEAR({l_own_from}),"same_year","disqualifying")))'
    )
    unvested = 'AND({l_vested}<>"",{sold}<{l_vested})'
    most = f"IF({EARLY},IF({unvested},MAX(0,{{proceeds}}-{{paid}}),{{spread}}),0)"
    capped = "MIN({most},MAX(0,{proceeds}-{paid}))"
    gone = f"IF(AND({{year}}<=YEAR({{l_own_from}}),NOT(AND(NOT({EARLY}),{{sold}}>={{l_own_from}}))),{{at_exercise}},0)"
    return {
        "paid": (lot.paid, "{l_paid}*{at_exercise}/{l_shares}+{added}"),
        "amt_paid": (lot.amt_paid, "{l_amt_paid}*{at_exercise}/{l_shares}+{amt_added}"),
        "spread": (lot.spread, "MAX(0,{l_spread})*{at_exercise}/{l_shares}"),
        "included": (lot.included, "IF({l_included_before},0,MAX(0,{l_amt_spread})*{at_exercise}/{l_shares})"),
        "first_day": (first_qualifying_day(lot.grant_date, lot.exercise_date), first),
        "kind": (part.kind, kind),
        "most": (part.uncapped_pay if early else ZERO, most),
        "law_pay": (part.law_pay, f"IF({EARLY},IF({NO_CAP},{{most}},ROUND({capped},Fine)),0)"),
        "out": (part.shares / one.factor if one.out else ZERO, gone),
    }
