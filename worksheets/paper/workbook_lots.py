"""The lots of a workbook: what each exercise left one with, with its totals and line 2i as formulas of Form 3921.

An exercise is one lot, or several where shares vest later or were paid with shares (see `openings`). Totals are dollars
for all shares of the lot; shares are counted as at exercise, so that a split changes nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

from worksheets.case import Case, Exercise
from worksheets.form import ZERO, over
from worksheets.iso import Disposition, Shares, leaves_inclusion, same_year
from worksheets.ledger import Ledger
from worksheets.lots import Lot, Taken
from worksheets.openings import open_lots
from worksheets.paper.money import JOINT
from worksheets.paper.workbook_sheet import CHOSEN, INPUT, Cell, chosen, label
from worksheets.paper.workbook_table import Column, Local, Row, Table, numbered

NEAR: Final = Decimal("1e-6")  # of a dollar: parts of a lot are cut finer
PLAIN, VESTING, EXCHANGED, ADDED = "", "v", "x", "+"

LOTS: Final = (
    Column("number", "Lot", 5, "count"),
    Column("exercise", "Exercise", 9, "text"),
    Column("part", "Part", 12, "text"),
    Column("grant_date", "Granted", 10.5, "day"),
    Column("exercise_date", "Exercised", 10.5, "day"),
    Column("shares", "Shares (as at exercise)", 11, "shares"),
    Column("cost", "Cost of the whole exercise", 13, "cents"),
    Column("value", "Value per share at vesting", 11, "price"),
    Column("ratio", "Split until vesting", 8, "ratio"),
    Column("vested", "Vested", 10.5, "day"),
    Column("paid", "Regular basis before pay", 13, "cents"),
    Column("amt_paid", "AMT basis before line 2i", 13, "cents"),
    Column("spread", "Spread: what pay is at most", 13, "cents"),
    Column("amt_spread", "Spread for line 2i", 13, "cents"),
    Column("own_from", "One's own for the AMT from", 11, "day"),
    Column("held_from", "Held from", 10.5, "day"),
    Column("amt_held_from", "Held from (AMT)", 10.5, "day"),
    Column("included_before", "AMT basis holds line 2i already", 11, "text"),
    Column("gone", "Shares gone by the end of that year", 11, "shares"),
    Column("year", "Year of line 2i", 8, "count"),
    Column("line_2i", "Line 2i", 13, "cents"),
)
NOTE: Final = (
    "One row a lot. Line 2i takes the spread on the shares that became one's own in the year and were not disposed of "
    "in it (IRC 56(b)(3), 83)."
)


@dataclass(frozen=True, slots=True)
class LotRow:
    """One lot as it was on the day of exercise.

    Attributes:
        kind: plain, vesting later, exchanged (a stock swap) or added to exchanged shares.
        place: of the exercise in the case.
        tranche: place of the vesting in the exercise, or of the surrender among the exercise's, from 0.
        gone: shares that left by the end of the year in which they became one's own, counted as at exercise.
        ratio: shares on the day of vesting for each share at exercise.
    """

    exercise: Exercise
    place: int
    lot: Lot
    kind: str
    tranche: int
    gone: Decimal
    ratio: Decimal

    @property
    def line_2i(self) -> Decimal:
        """What it puts on line 2i (dollars)."""
        left = self.lot.shares - self.gone
        return self.lot.included * left / self.lot.shares if self.lot.shares else ZERO


def lot_rows(case: Case, ledger: Ledger, parts: Sequence[Disposition]) -> list[LotRow]:
    """Every lot that the exercises opened, in the order of the case."""
    found: list[LotRow] = []
    for place, exercise in enumerate(case.exercises):
        given_up = surrenders(ledger, place)
        lots = list(open_lots(case, place, exercise, [_taken(part) for part in given_up]))
        for lot in lots:
            ratio = split_factor(case, lot, lot.vested or lot.exercise_date)
            found.append(LotRow(exercise, place, lot, _kind(lot, given_up), _tranche(lot), ZERO, ratio))
    places, gone = by_exercise(found), dict[int, Decimal]()
    for part in parts:
        factor = split_factor(case, part.lot, part.sold)
        row = match(places, found, part.lot, factor)
        if row is not None and leaves_line_2i(case, part):
            gone[row] = gone.get(row, ZERO) + part.shares / factor
    return [replace(row, gone=gone.get(place, ZERO)) for place, row in enumerate(found)]


def surrenders(ledger: Ledger, place: int) -> list[Disposition]:
    """What was given up to pay for the exercise at a place of the case."""
    return [part for part in ledger.dispositions if part.row == -1 - place]


def _taken(part: Disposition) -> Taken:
    basis = replace(part.lot, paid=part.regular.basis, amt_paid=part.amt.basis)
    return Taken(cast("Lot", None), basis, part.chosen_by)  # openings read the shares alone


def _kind(lot: Lot, given_up: Sequence[Disposition]) -> str:
    if given_up:
        return EXCHANGED if lot.piece else ADDED
    return VESTING if lot.piece else PLAIN


def _tranche(lot: Lot) -> int:
    return int(lot.piece[1:]) - 1 if lot.piece else 0


def leaves_line_2i(case: Case, part: Disposition) -> bool:
    """Whether shares were gone from line 2i of the year in which it would take them in."""
    if part.how == "to_spouse" and case.years[part.sold.year].filing_status == JOINT:
        return False  # they stay in the file
    return same_year(part.lot, part.sold) and not leaves_inclusion(part.lot, part.sold, part.how)


def split_factor(case: Case, lot: Shares | Lot, day: date) -> Decimal:
    """Shares on a day for each share at exercise."""
    factor = Decimal(1)
    for action in case.corporate_actions:
        same = action.corporation.casefold() == lot.corporation.casefold()
        if same and lot.exercise_date < action.date <= day:
            factor = factor * action.split.new / action.split.old
    return factor


def by_exercise(rows: Sequence[LotRow]) -> Mapping[str, list[int]]:
    """The places of the lots of each exercise."""
    found: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        found.setdefault(row.exercise.id, []).append(place)
    return found


def match(places: Mapping[str, list[int]], rows: Sequence[LotRow], shares: Shares, factor: Decimal) -> int | None:
    """Which lot shares came from: of those of the exercise, the one they fit best.

    `factor` is shares on the day for each share at exercise.
    """
    fitting = places.get(shares.exercise, [])
    return max(fitting, key=lambda place: (_fit(rows[place], shares, factor), -place)) if fitting else None


def _fit(row: LotRow, shares: Shares, factor: Decimal) -> tuple[bool, bool, bool, Decimal]:
    """How well shares fit a lot: vested when, spread for each share, held since when, and how near in basis."""
    lot, number = row.lot, shares.shares / factor
    same_spread = abs(over(lot.spread, ZERO) * number - shares.spread * lot.shares) <= NEAR * (1 + abs(lot.paid))
    apart = abs(lot.paid * number - shares.paid * lot.shares) / lot.shares / number
    return lot.vested == shares.vested, same_spread, lot.held_from == shares.held_from, -apart


class LotTable:
    """The sheet of lots.

    Args:
        table: laid out.
        facts: the table of exercises.
        rows: the lots.
    """

    def __init__(self, table: Table, facts: Table, rows: Sequence[LotRow]) -> None:
        self.table = table
        self.facts = facts
        self.rows = rows

    def write(self, swapped: Mapping[tuple[int, int], Mapping[str, str]]) -> None:
        """Write it; `swapped` gives the cells of what was surrendered, by place of the exercise and order."""
        cells = (self._cells(place, row, swapped) for place, row in enumerate(self.rows))
        self.table.fill("Lots: what each exercise left one with", NOTE, cells, frozen=3)
        if all(row.kind != VESTING for row in self.rows):
            self.table.hide(("value", "ratio", "vested"))

    def _fact(self, row: LotRow, key: str) -> str:
        return self.facts.at(key, row.place)

    def _cells(self, place: int, row: LotRow, swapped: Mapping[tuple[int, int], Mapping[str, str]]) -> Row:
        exercise, lot = row.exercise, row.lot
        facts = {f"f_{column.key}": self._fact(row, column.key) for column in self.facts.columns}
        of = Local(self.table, place, {**facts, **swapped.get((row.place, row.tranche), {})})
        worked = {key: Cell(value, of.formula(text)) for key, (value, text) in _common(row).items()}
        return {
            "number": label_number(place + 1),
            "exercise": Cell(exercise.id, of["f_id"]),
            "part": label(_part(row)),
            **worked,
            **self._own(place, row, of),
            "shares": self._shares(place, row, of),
            "gone": Cell(row.gone, self._gone(of), number=numbered("parts", row.gone)),
            "year": Cell(Decimal(lot.own_from.year), of.formula("YEAR({own_from})")),
        }

    def _gone(self, of: Local) -> str:
        return of.formula("SUMIF(Disp_lot,{number},Disp_out)")

    def _shares(self, place: int, row: LotRow, of: Local) -> Cell:
        number, value = numbered("parts", row.lot.shares), row.lot.shares
        if row.kind == VESTING:
            return Cell(value, role=INPUT, number=number)
        if row.kind == EXCHANGED:
            return Cell(value, of["g_shares"], number=number)
        others = [n for n, one in enumerate(self.rows) if one.place == row.place and n != place]
        less = "".join(f"-{self.table.own('shares', other)}" for other in others)
        return Cell(value, of["f_shares"] + less, number=number)

    def _own(self, place: int, row: LotRow, of: Local) -> Row:
        """What differs by the kind of lot."""
        if row.kind == VESTING:
            return _vesting(row, of)
        if row.kind in {EXCHANGED, ADDED}:
            first = [n for n, one in enumerate(self.rows) if one.place == row.place]
            exchanged = "+".join(self.table.own("shares", n) for n in first if n != place) or "0"
            return _swapped(row, of, exchanged)
        return {}


def label_number(number: int) -> Cell:
    """A running number."""
    return Cell(number, role="label")


def _part(row: LotRow) -> str:
    words = {PLAIN: "", VESTING: "vesting later", EXCHANGED: "exchanged", ADDED: "added"}
    return words[row.kind]


_WHOLE_PAID: Final = 'IF({f_regular_basis}="",{cost}+{f_commission},{f_regular_basis})'
_WHOLE_AMT: Final = 'IF({f_amt_basis}="",{cost}+{f_commission},{f_amt_basis})'
_HELD: Final = 'IF({f_held_from}="",{f_exercise_date},{f_held_from})'


def _common(row: LotRow) -> dict[str, tuple[Any, str]]:
    """Cells of every lot: value and formula, as a lot of a plain exercise has them."""
    lot, exercise = row.lot, row.exercise
    return {
        "grant_date": (lot.grant_date, "{f_grant_date}"),
        "exercise_date": (lot.exercise_date, "{f_exercise_date}"),
        "cost": (exercise.cost, 'IF({f_paid}="",{f_exercise_price}*{f_shares},{f_paid})'),
        "paid": (lot.paid, _WHOLE_PAID + "*{shares}/{f_shares}"),
        "amt_paid": (lot.amt_paid, _WHOLE_AMT + "*{shares}/{f_shares}"),
        "spread": (lot.spread, "({f_fmv}*{f_shares}-{cost})*{shares}/{f_shares}"),
        "amt_spread": (lot.amt_spread, "({f_fmv}*{f_shares}-{cost})*{shares}/{f_shares}"),
        "own_from": (lot.own_from, "{f_exercise_date}"),
        "held_from": (lot.held_from, _HELD),
        "amt_held_from": (lot.amt_held_from, f'IF({{f_amt_held_from}}="",{_HELD},{{f_amt_held_from}})'),
        "included_before": (lot.already_included, 'AND({f_amt_basis}<>"",YEAR({own_from})<First_year)'),
        "line_2i": (row.line_2i, "IF({included_before},0,MAX(0,{amt_spread})*({shares}-{gone})/{shares})"),
    }


def _vesting(row: LotRow, of: Local) -> Row:
    """A lot that vests later: the value that day measures the pay, and line 2i unless the election was made."""
    lot, tranche = row.lot, row.exercise.vesting[row.tranche]
    spread = "{value}*{shares}*{ratio}-{cost}*{shares}/{f_shares}"
    found = {
        "value": Cell(tranche.fmv, role=INPUT),
        "vested": Cell(tranche.date, role=INPUT),
        "ratio": chosen(row.ratio),
        "spread": Cell(lot.spread, of.formula(spread)),
    }
    if row.exercise.section_83b:
        return found
    return {
        **found,
        "amt_spread": Cell(lot.amt_spread, of.formula("{spread}")),
        "own_from": Cell(lot.own_from, of.formula("{vested}")),
        "amt_held_from": Cell(lot.amt_held_from, of.formula('IF({f_amt_held_from}="",{vested},{f_amt_held_from})')),
    }


def _swapped(row: LotRow, of: Local, exchanged: str) -> Row:
    """A lot paid for with shares: exchanged ones take the old bases, added ones cost what was added in cash."""
    lot = row.lot
    if row.kind == EXCHANGED:
        return {
            "paid": Cell(lot.paid, of["g_basis"]),
            "amt_paid": Cell(lot.amt_paid, of["g_amt_basis"]),
            "spread": Cell(ZERO),
            "amt_spread": Cell(ZERO),
            "held_from": Cell(lot.held_from, role=CHOSEN),
            "amt_held_from": Cell(lot.amt_held_from, role=CHOSEN),
        }
    cash = of.formula(f"MAX(0,{_WHOLE_PAID}-{{f_fmv}}*({exchanged}))")
    spread = of.formula("{f_fmv}*{f_shares}-{cost}")
    return {
        "paid": Cell(lot.paid, cash),
        "amt_paid": Cell(lot.amt_paid, cash),
        "spread": Cell(lot.spread, spread),
        "amt_spread": Cell(lot.amt_spread, spread),
    }


def swap_order(parts: Sequence[Disposition]) -> Iterator[tuple[int, tuple[int, int]]]:
    """For each disposition that paid for an exercise: its row, and the place of that exercise with its order."""
    seen: dict[int, int] = {}
    for place, part in enumerate(parts):
        if part.row < 0:
            exercise = -1 - part.row
            yield place, (exercise, seen.get(exercise, 0))
            seen[exercise] = seen.get(exercise, 0) + 1
