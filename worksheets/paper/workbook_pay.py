"""Pay from early sales in a workbook: what the law gives against Forms W-2, as `pay` has it, one row a sale.

Amounts are exact dollars, shared out to the cent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

from worksheets.case import Case
from worksheets.form import ZERO
from worksheets.household import Household
from worksheets.ledger import share_out
from worksheets.paper.workbook_sheet import Cell
from worksheets.paper.workbook_slices import Slice
from worksheets.paper.workbook_table import Column, Local, Row, Table, to_cent
from worksheets.pay import PayShown

PAY: Final = (
    Column("year", "Year", 7, "count"),
    Column("sale", "Sale", 9, "text"),
    Column("law", "Pay by law", 15, "cents"),
    Column("given", "Form W-2, for this sale", 15, "cents"),
    Column("total", "Form W-2, for the year", 15, "cents"),
    Column("open", "Takes part in the year's total", 12, "text"),
    Column("open_law", "Its pay by law", 14, "cents"),
    Column("open_most", "Its pay without the cap", 14, "cents"),
    Column("left", "Year's total left for them", 14, "cents"),
    Column("lawful", "Their pay by law", 14, "cents"),
    Column("highest", "Without the cap", 14, "cents"),
    Column("weight", "Shared out by", 14, "cents"),
    Column("extra", "Shared out", 14, "cents"),
    Column("share", "Part of the year's total on Forms W-2", 15, "cents"),
    Column("shown", "Pay on Forms W-2", 15, "cents"),
    Column("missing", "Not on a W-2: Schedule 1", 15, "cents"),
    Column("follow", "W-2 shows more: basis follows it", 14, "text"),
)
NOTE: Final = (
    "What Forms W-2 show less goes on Schedule 1; what they show more, basis and line 2k follow (Publication 525). The "
    "figures of Forms W-2 stand on Facts sales and Facts years."
)


def pay_groups(listed: Sequence[Slice]) -> list[list[Slice]]:
    """The slices of each sale of option stock, in the order of the books."""
    stock = [one for one in listed if not one.other]
    return [list(found) for _, found in groupby(stock, key=lambda one: (one.part.sale, one.part.row))]


def pay_rows(groups: Sequence[Sequence[Slice]]) -> Mapping[tuple[str, int], int]:
    """The row of each sale."""
    return {(found[0].part.sale, found[0].part.row): place for place, found in enumerate(groups)}


class PayTable:
    """The sheet of pay.

    Args:
        household: worked.
        tables: laid out: `pay`, `dispositions`, `sales`.
        groups: the slices of each sale.
    """

    def __init__(self, household: Household, tables: Mapping[str, Table], groups: Sequence[Sequence[Slice]]) -> None:
        self.case: Case = household.case
        self.table = tables["pay"]
        self.tables = tables
        self.groups = groups
        shown = [pay for books in household.years.values() for pay in books.pay]
        self.known = {(pay.sale, pay.row): pay for pay in shown}
        self.years = [found[0].part.sold.year for found in groups]
        self.spans = {
            year: (self.years.index(year), len(self.years) - self.years[::-1].index(year) - 1)
            for year in set(self.years)
        }
        self.shared: dict[int, list[Share]] = {}

    def write(self) -> None:
        """Write it."""
        self.table.fill("Pay from early sales", NOTE, map(self._cells, range(len(self.groups))), frozen=2)

    def _law(self, place: int) -> Decimal:
        return sum((one.part.law_pay for one in self.groups[place]), ZERO)

    def _reported(self, place: int) -> Decimal | None:
        row = self.groups[place][0].part.row
        return self.case.sales[row].pay_reported if row >= 0 else None

    def _total(self, place: int) -> Decimal | None:
        year = self.years[place]
        return self.case.years[year].iso_income_in_wages if year in self.case.years else None

    def _pay(self, place: int) -> PayShown:
        part, law = self.groups[place][0].part, self._law(place)
        return self.known.get((part.sale, part.row)) or PayShown(part.sale, part.row, law, law, given=False)

    def _most(self, place: int) -> Decimal:
        return sum((one.part.uncapped_pay for one in self.groups[place]), ZERO)

    def _open(self, place: int) -> bool:
        """Whether a sale takes part in sharing out the year's total."""
        return self._reported(place) is None and self._total(place) is not None

    def _local(self, place: int) -> Local:
        group = self.groups[place]
        disposed, sales, row = self.tables["dispositions"], self.tables["sales"], group[0].part.row
        areas = {
            f"d_{key}": f"{disposed.at(key, group[0].first)}:{disposed.at(key, group[0].last).rpartition('!')[2]}"
            for key in ("law_pay", "most")
        }
        cells = {
            "d_year": disposed.at("year", group[0].first),
            "d_sale": disposed.at("sale", group[0].first),
            "d_given": sales.at("pay_reported", row) if row >= 0 else '""',
            "first_year": "First_year",
            "totals": "Facts_iso_income_in_wages",
        }
        keys = ("given", "open_law", "open_most", "weight")
        years = {f"y_{key}": self._of_year(key, place, len(self.groups) - 1) for key in keys}
        return Local(self.table, place, {**areas, **cells, **years})

    def _cells(self, place: int) -> Row:
        part, pay, of = self.groups[place][0].part, self._pay(place), self._local(place)
        opened, shares = self._open(place), self._shares(place)
        law, most = self._law(place), self._most(place)
        follow = "ROUND({shown}-{law},Fine)>Half_dollar" if part.row >= 0 else "FALSE()"
        texts = {
            "year": (Decimal(self.years[place]), "{d_year}"),
            "sale": (part.sale, "{d_sale}"),
            "law": (law, "SUM({d_law_pay})"),
            "given": (self._reported(place), 'IF({d_given}="","",{d_given})'),
            "total": (self._total(place), _TOTAL),
            "open": (opened, 'AND({given}="",{total}<>"")'),
            "open_law": (law if opened else ZERO, "IF({open},{law},0)"),
            "open_most": (most if opened else ZERO, "IF({open},SUM({d_most}),0)"),
            "left": (shares.left, "MAX(0,N({total})-{y_given})"),
            "lawful": (shares.lawful, "{y_open_law}"),
            "highest": (shares.highest, "{y_open_most}"),
            "weight": (shares.weight, _WEIGHT),
            "extra": (shares.extra, self._extra(place)),
            "share": (shares.base + shares.extra, f"IF({_CAPPED},{{open_law}},0)+{{extra}}"),
            "shown": (pay.shown, 'IF({given}<>"",{given},IF({total}="",{law},{share}))'),
            "missing": (pay.missing, "IF(ROUND({law}-{shown},Fine)>Half_dollar,{law}-{shown},0)"),
            "follow": (pay.exceeds and part.row >= 0, follow),
        }
        return {key: Cell(value, of.formula(text)) for key, (value, text) in texts.items()}

    def _of_year(self, key: str, place: int, last: int) -> str:
        """The sum of a column down to a row, for the sales of a row's year."""
        area = self.table.area(key, 0, last)
        return f"SUMIF({self.table.area('year', 0, last)},{self.table.own('year', place)},{area})"

    def _shares(self, place: int) -> Share:
        """How the year's total is shared out to a sale."""
        year = self.years[place]
        if year not in self.shared:
            self.shared[year] = list(self._shared_out(*self.spans[year]))
        return self.shared[year][place - self.spans[year][0]]

    def _shared_out(self, first: int, last: int) -> Iterator[Share]:
        rows = range(first, last + 1)
        law = [self._law(row) if self._open(row) else ZERO for row in rows]
        most = [self._most(row) if self._open(row) else ZERO for row in rows]
        lawful, highest = sum(law, ZERO), sum(most, ZERO)
        given = sum((self._reported(row) or ZERO for row in rows), ZERO)
        left = max(ZERO, (self._total(first) or ZERO) - given)
        base = [ZERO] * len(law)
        if left <= lawful or lawful == highest:
            weights, amount = law, left
        elif left > highest:
            weights, amount = most, left
        else:
            weights, amount, base = [high - low for low, high in zip(law, most, strict=True)], left - lawful, law
        whole = sum(weights, ZERO)
        extra = share_out(amount, weights, whole) if whole else [ZERO] * len(law)
        for weight, low, more in zip(weights, base, extra, strict=True):
            yield Share(left, lawful, highest, weight, low, more)

    def _extra(self, place: int) -> str:
        """What is shared out, to the cent, so that the parts add up."""
        reached = self._of_year("weight", place, place)
        before = f"-{self._of_year('extra', place, place - 1)}" if place else ""
        amount = f"({{left}}-IF({_CAPPED},{{lawful}},0))"
        shared = to_cent(f"{amount}*{reached}/{{y_weight}}")
        return f"IF({{y_weight}}=0,0,IF({reached}={{y_weight}},{amount},{shared}){before})"


class Share(NamedTuple):
    """A sale's part of a year's total on Forms W-2 (dollars).

    What is left of the total for the sales without a figure of their own, their pay by law and without the cap; then,
    for this sale, what it is shared out by, the law's pay if it has that first, and its part of the rest.
    """

    left: Decimal
    lawful: Decimal
    highest: Decimal
    weight: Decimal
    base: Decimal
    extra: Decimal


_INSIDE: Final = "AND({year}>={first_year},{year}<{first_year}+COLUMNS({totals}))"
_OF_YEAR: Final = "INDEX({totals},1,{year}-{first_year}+1)"
_TOTAL: Final = f'IF({_INSIDE},IF({_OF_YEAR}="","",{_OF_YEAR}),"")'
_LAWFUL: Final = "OR(ROUND({left}-{lawful},Fine)<=0,ROUND({highest}-{lawful},Fine)=0)"
_ABOVE: Final = "ROUND({left}-{highest},Fine)>0"
_CAPPED: Final = f"NOT(OR({_LAWFUL},{_ABOVE}))"
_WEIGHT: Final = f"IF({_LAWFUL},{{open_law}},IF({_ABOVE},{{open_most}},{{open_most}}-{{open_law}}))"
