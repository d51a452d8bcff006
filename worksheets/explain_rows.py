"""The leaves of an explanation: what the stock hands the forms, down to boxes of Forms 3921 and 1099-B.

Amounts are dollars, prices dollars per share. Sources of the rules: see `iso` and `f8949`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from worksheets.amounts import Citation
from worksheets.case import Case, Exercise, Sale
from worksheets.f8949 import STRAIGHT_TO_SCHEDULE_D, Row, is_unadjusted, rows
from worksheets.form import ZERO, Columns, Rounding
from worksheets.household import Household, YearBooks
from worksheets.iso import DISQUALIFYING, SAME_YEAR, Disposition
from worksheets.ledger import Inclusion
from worksheets.paper.money import amount
from worksheets.pay import by_sale
from worksheets.stock import BoxTotals

CENTS = 2
TERM_BOXES = {"short": "ABCGHI", "long": "DEFJKL"}


@dataclass(frozen=True, slots=True)
class Node:
    """A figure and what it was worked from.

    Attributes:
        label: where it stands: "Form 6251 line 2k", "Form 3921 (E1) box 4".
        caption: what it is, in the form's terms.
        shown: the figure as printed; `value` the figure itself (dollars), None where it is none.
        how: what it is made of, in words; `cite` the rule.
        children: the figures it was worked from.
    """

    label: str
    caption: str = ""
    shown: str = ""
    value: Any = None
    how: str = ""
    cite: str = ""
    note: str = ""
    children: tuple[Node, ...] = ()

    @property
    def text(self) -> str:
        """Label, figure and caption in one line."""
        return "  ".join(part for part in (self.label, self.shown, self.caption) if part)

    @property
    def remarks(self) -> list[str]:
        """What is said below it: how it is made, with the rule, and a note."""
        made = f"= {self.how}" if self.how else ""
        made += f" [{self.cite}]" if self.cite else ""
        return [part.strip() for part in (made, f"({self.note})" if self.note else "") if part]


def exact(value: Decimal) -> str:
    """A price or a number of shares with all its decimals: "1,000", "12.50", "0.3333"."""
    text = f"{value.normalize():,f}"
    whole, point, decimals = text.partition(".")
    return whole + point + decimals.ljust(CENTS, "0") if point else text


def shares_text(value: Decimal) -> str:
    """A number of shares: "1,000", "0.5"."""
    return f"{value.normalize():,f}"


def percent(rate: Decimal) -> str:
    """A rate: "26%"."""
    return f"{(rate * 100).normalize():f}%"


def law_value(citation: Citation) -> str:
    """An amount of the law as printed: dollars, a rate, or a row of them."""
    value = citation.value
    if isinstance(value, list):
        flat = [part for row in value for part in (row if isinstance(row, list) else [row])]
        return ", ".join(_law_text(part) for part in flat)
    return _law_text(value) if isinstance(value, Decimal) else str(value)


def _law_text(value: Decimal) -> str:
    """Dollars, or a rate: what is below one is a rate."""
    return percent(value) if 0 < value < 1 else exact(value)


def citation_node(citation: Citation) -> Node:
    """An amount of the law, with the document it was read in."""
    return Node("Law", citation.what, law_value(citation), citation.value, note=f"read in {citation.source}")


def shown(value: Any, rounding: Rounding, *, parens: bool = False) -> str:
    """A figure as printed; the columns of a row by letter. A line printed in parentheses gets them."""
    if isinstance(value, Columns):
        columns = [(name, part) for name, part in value._asdict().items() if part or name != "g"]
        return " ".join(f"({name}) {amount(part, rounding)}" for name, part in columns)
    if isinstance(value, Decimal):
        return f"({amount(value, rounding)})" if parens and value > 0 else amount(value, rounding)
    return "" if value is None else str(value)


class Pairing(NamedTuple):
    """One slice of a sale with its row of Form 8949 in both books."""

    sale: Sale
    part: Disposition
    row: Row
    amt_row: Row
    exception_1: bool

    def letter(self, *, amt: bool) -> str:
        """The box it is counted under; "a" or "d" where it goes straight to Schedule D."""
        row = self.amt_row if amt else self.row
        straight = self.exception_1 and is_unadjusted(row, self.sale)
        return STRAIGHT_TO_SCHEDULE_D[row.box] if straight else row.box


def pairings(case: Case, books: YearBooks) -> list[Pairing]:
    """Every row of a year with the disposition it reports, in the order of the case."""
    found = []
    for (_, place), parts in sorted(by_sale(books.dispositions).items(), key=lambda entry: entry[0][1]):
        if place < 0:
            continue
        sale, listed = case.sales[place], [part for part in parts if part.has_row]
        both = zip(listed, rows(sale, listed, amt=False), rows(sale, listed, amt=True), strict=True)
        found += [Pairing(sale, part, row, amt_row, case.exception_1) for part, row, amt_row in both]
    return found


class StockNodes:
    """Makes the nodes of exercises, dispositions and rows; `year` is the one that was asked about."""

    def __init__(self, household: Household, year: int) -> None:
        self.household = household
        self.rounding = household.rounding
        self.year = year
        self.exercises_by_id = {one.id: one for one in household.case.exercises}
        self.sales_by_id = {one.id: one for one in household.case.sales}

    def exercises(self, year: int, label: str) -> Node:
        """Line 2i of a year: one node for each lot that became one's own and stayed."""
        books = self.household.years.get(year)
        listed = [] if books is None else books.inclusions
        total = sum((one.amount for one in listed), ZERO)
        children = tuple(self.inclusion(one) for one in listed if one.amount or len(listed) == 1)
        how = "value less price of the shares that became one's own this year and were not disposed of in it"
        return Node(label, "Exercises", self._text(total), total, how, "IRC 56(b)(3)", "", children)

    def inclusion(self, one: Inclusion) -> Node:
        """What one lot puts on line 2i."""
        exercise = self.exercises_by_id[one.exercise]
        held = f"{shares_text(one.shares)} shares, {'vested' if one.vesting else 'exercised'} {one.own_from}"
        how = "value at vesting less price, times shares" if one.vesting else "(box 4 less box 3) × shares kept"
        children = (*self.boxes(exercise, vested=one.own_from if one.vesting else None),)
        return Node(f"Exercise {exercise.id}", held, self._text(one.amount), one.amount, how, children=children)

    def boxes(self, exercise: Exercise, vested: date | None = None) -> Iterator[Node]:
        """Boxes 3, 4 and 5 of a Form 3921, or what replaces them."""
        at = f"Form 3921 ({exercise.id})"
        if exercise.paid is not None:
            yield Node(f"{exercise.id} paid", "total paid", exact(exercise.paid), exercise.paid)
        if exercise.commission:
            yield Node(f"{exercise.id} commission", "to exercise", exact(exercise.commission), exercise.commission)
        if exercise.paid_with:
            given_up = ", ".join(f"{shares_text(one.shares)} of {one.exercise}" for one in exercise.paid_with)
            yield Node(f"{exercise.id} paid_with", "shares given up to pay", given_up, given_up)
        if exercise.regular_basis is not None:
            basis = exercise.regular_basis
            yield Node(f"{exercise.id} regular_basis", "as the case gives it", exact(basis), basis)
        yield Node(f"{at} box 3", "price per share", exact(exercise.exercise_price), exercise.exercise_price)
        tranche = next((part for part in exercise.vesting if part.date == vested), None)
        if tranche is not None:
            where = f"{exercise.id} vesting {tranche.date}"
            yield Node(where, "value per share that day", exact(tranche.fmv), tranche.fmv)
            yield Node(where, "shares that vested", shares_text(tranche.shares), tranche.shares)
            return
        yield Node(f"{at} box 4", "value per share at exercise", exact(exercise.fmv), exercise.fmv)
        yield Node(f"{at} box 5", "shares", shares_text(exercise.shares), exercise.shares)

    def dispositions(self, year: int, label: str, *, not_on_w2: bool) -> Node:
        """Pay of a year's early sales: what no Form W-2 shows, or AMT less regular for line 2k."""
        books = self.household.years.get(year)
        if books is None:
            return Node(label, "Dispositions", self._text(ZERO), ZERO)
        if not_on_w2:
            missing = tuple(
                Node(f"Sale {pay.sale}", "pay less what the W-2 shows", self._text(pay.missing), pay.missing)
                for pay in books.pay
                if pay.missing
            )
            total = books.stock.pay_elsewhere
            return Node(label, "Pay that no Form W-2 shows", self._text(total), total, children=missing)
        children = tuple(self.pay(part) for part in books.dispositions if part.pay)
        total = books.stock.amt_pay - books.stock.pay
        how = "AMT less regular ordinary income of each disposition"
        return Node(label, "Dispositions", self._text(total), total, how, "IRC 56(b)(3)", "", children)

    def pay(self, part: Disposition) -> Node:
        """The pay of one disposition: AMT less regular."""
        found = part.amt.ordinary_income - part.regular.ordinary_income
        how = "no AMT income, less the regular pay" if found else "the same in both books (year of exercise)"
        return Node(
            self._slice(part),
            f"sold {part.sold}",
            self._text(found),
            found,
            how,
            children=(self.regular_pay(part),),
        )

    def regular_pay(self, part: Disposition) -> Node:
        """The pay of an early sale, from the boxes that limit it."""
        capped = part.law_pay != part.uncapped_pay
        how = "proceeds less cost, which is less than value less price" if capped else "value less price"
        note = "" if part.pay == part.law_pay else f"the W-2 shows this; the law gives {self._text(part.law_pay)}"
        cite = "IRC 422(c)(2)" if capped else "IRC 421(b)"
        children = (*self._boxes_of(part, "1", "2", "3", "4"), *self._sale_boxes(part))
        return Node(f"Pay, {self._slice(part)}", "regular", self._text(part.pay), part.pay, how, cite, note, children)

    def box(self, source: BoxTotals, letter: str, *, amt: bool) -> Node:
        """The rows of Form 8949 under one box; "a" and "d" are those that go straight to Schedule D."""
        books = self.household.years.get(source.year)
        listed = [] if books is None else pairings(self.household.case, books)
        children = tuple(self.row(pair, amt=amt) for pair in listed if pair.letter(amt=amt) == letter)
        label = f"AMT {source.label(letter)}" if amt else source.label(letter)
        label = label if source.year == self.year else f"{source.year} {label}"
        value = source.totals[letter]
        return Node(label, "total of its rows", shown(value, self.rounding), value, children=children)

    def difference(self, books: YearBooks, term: str) -> Node:
        """AMT less regular result of a year's rows of one term, where the rest of the return is not known."""
        rows: list[Node] = []
        total = ZERO
        for pair in pairings(self.household.case, books):
            for row, amt in ((pair.amt_row, True), (pair.row, False)):
                if row.box in TERM_BOXES[term]:
                    rows.append(self.row(pair, amt=amt))
                    total += row.h if amt else -row.h
        how = "column (h) of the AMT rows less column (h) of the regular rows"
        return Node(f"Line 2k, {term}-term", "AMT less regular", self._text(total), total, how, children=tuple(rows))

    def row(self, pair: Pairing, *, amt: bool) -> Node:
        """One row of Form 8949 with the boxes and the basis it is made of."""
        row = pair.amt_row if amt else pair.row
        codes = f" code {row.f}" if row.f else ""
        label = f"{'AMT ' if amt else ''}Form 8949 box {row.box}{codes}, {row.sale}"
        children = (*sale_boxes(pair.sale), self.basis(pair.part, amt=amt))
        return Node(label, row.a, shown(row.columns, self.rounding), row.columns, children=children)

    def basis(self, part: Disposition, *, amt: bool) -> Node:
        """The basis of one disposition in one book."""
        book = part.amt if amt else part.regular
        label = f"{'AMT' if amt else 'Regular'} basis, {self._slice(part)}"
        if not part.lot.exercise:
            return Node(label, "as the case gives it", self._text(book.basis), book.basis)
        paid = part.lot.amt_paid if amt else part.lot.paid
        children = [self._paid(part, paid)]
        if book.ordinary_income:
            children.append(self.regular_pay(part))
        elif amt and book.basis != paid:
            what, included = f"on line 2i of {part.lot.own_from.year}", book.basis - paid
            boxes = tuple(self._boxes_of(part, "3", "4"))
            children.append(Node(f"Exercise {part.lot.exercise}", what, self._text(included), included, children=boxes))
        how = "paid plus line 2i" if amt and not book.ordinary_income else "paid plus pay"
        how = how if book.basis != paid else "paid"
        cite = "IRC 56(b)(3)" if amt else "IRC 1012, 83"
        return Node(label, part.kind.replace("_", " "), self._text(book.basis), book.basis, how, cite, "", (*children,))

    def _paid(self, part: Disposition, paid: Decimal) -> Node:
        boxes = tuple(self._boxes_of(part, "1", "2", "3", "5", "paid", "commission", "paid_with", "regular_basis"))
        exercise = self.exercises_by_id[part.lot.exercise]
        plainly = paid * exercise.shares == (exercise.cost + exercise.commission) * part.lot.shares
        note = "" if plainly else "a split, a swap, a wash sale or a basis of the case stands in it"
        label = f"Exercise {part.lot.exercise}"
        return Node(label, "paid for these shares", self._text(paid), paid, note=note, children=boxes)

    def _boxes_of(self, part: Disposition, *wanted: str) -> Iterator[Node]:
        """Some boxes of the Form 3921 that a disposition's shares came from."""
        for node in self._exercise_boxes(part):
            box = node.label.rsplit(" ", 1)[-1]
            if box in wanted or " vesting " in node.label:
                yield node

    def _exercise_boxes(self, part: Disposition) -> Iterator[Node]:
        exercise = self.exercises_by_id.get(part.lot.exercise)
        if exercise is not None:
            at = f"Form 3921 ({exercise.id})"
            yield Node(f"{at} box 1", "granted", str(exercise.grant_date), exercise.grant_date)
            yield Node(f"{at} box 2", "exercised", str(exercise.exercise_date), exercise.exercise_date)
            yield from self.boxes(exercise, part.lot.vested)

    def _sale_boxes(self, part: Disposition) -> Iterator[Node]:
        sale = self.sales_by_id.get(part.sale)
        if sale is not None:
            yield from (node for node in sale_boxes(sale) if node.label.endswith(("1c", "1d")))

    def _slice(self, part: Disposition) -> str:
        lot = f" of {part.lot.exercise}" if part.lot.exercise else ""
        return f"{shares_text(part.shares)} sh{lot} in {part.sale}"

    def _text(self, value: Decimal) -> str:
        return amount(value, self.rounding)


def sale_boxes(sale: Sale) -> Iterator[Node]:
    """Boxes 1a to 1e of a Form 1099-B as the case has them; what is not shown is left out."""
    at = f"{sale.id}" if sale.form == "none" else f"Form {sale.form} ({sale.id})"
    acquired = sale.acquired
    yield Node(f"{at} box 1a", "description", sale.box_1a, sale.box_1a)
    if acquired is not None:
        yield Node(f"{at} box 1b", "date acquired", str(acquired), acquired)
    yield Node(f"{at} box 1c", "date sold", str(sale.sold), sale.sold)
    yield Node(f"{at} box 1d", "proceeds", exact(sale.proceeds), sale.proceeds)
    if sale.basis is not None:
        yield Node(f"{at} box 1e", "basis shown", exact(sale.basis), sale.basis)
    if sale.selling_expenses:
        yield Node(f"{sale.id} selling_expenses", "not in box 1d", exact(sale.selling_expenses), sale.selling_expenses)


def is_early(part: Disposition) -> bool:
    """Whether a disposition came before the first qualifying day."""
    return part.kind in {DISQUALIFYING, SAME_YEAR}
