"""The memo to the preparer of the return, one page a year: what was done, assumed, asked, elected, and what goes where.

Figures are those of the forms, whole dollars unless the case asks for cents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, NamedTuple

from worksheets.attach import attach_6251, attach_8801
from worksheets.audit_words import listed, money
from worksheets.findings import CORRECTED, Finding
from worksheets.form import Columns, Form
from worksheets.paper.front import FrontYear, front_years
from worksheets.paper.letter_text import memo_pages, plain
from worksheets.paper.press import Running
from worksheets.paper.render import place, render
from worksheets.session import Session

TEMPLATE: Final = "letters/memo.j2"
MOST: Final = (9, 8, 7, 6, 5, 4, 3, 2, 1)  # questions and assumptions spelt out, fewer until all of it is on one page
EVERY_ONE: Final = 10**6
ZERO_KEYS: Final = "Taken as 0 because not given: "


class Entry(NamedTuple):
    """A figure to enter: the form, the line, what it is, dollars."""

    form: str
    line: str
    caption: str
    amount: Decimal


class Question(NamedTuple):
    """An open question: the row or year that it is about, the code of the finding, its message."""

    where: str
    code: str
    message: str


@dataclass(frozen=True)
class Memo:
    """What the memo of one year says."""

    session: Session
    front: FrontYear

    @property
    def year(self) -> int:
        """The tax year."""
        return self.front.year

    @cached_property
    def corrected(self) -> list[Finding]:
        """What was wrong and is put right."""
        return [one for one in self.front.findings if one.severity == CORRECTED]

    @property
    def rows(self) -> int:
        """Rows that came on an information return."""
        sales = self.session.household.case.sales
        return sum(one.sold.year == self.year and one.form != "none" for one in sales)

    @property
    def questions(self) -> list[Question]:
        """What a person must still settle."""
        return [Question(one.sale or one.exercise or "the year", one.code, _asked(one)) for one in self.front.open]

    @property
    def assumptions(self) -> list[str]:
        """What the case leaves open, without the long list of keys taken as 0."""
        return [_shortened(text) for text in self.session.assumptions.get(self.year, [])]

    @property
    def elections(self) -> Iterator[str]:
        """Elections and choices that the figures rest on."""
        case, facts = self.session.household.case, self.front.books.facts
        elected = [one.id for one in case.exercises if one.section_83b and one.exercise_date.year <= self.year]
        if elected:
            yield f"Section 83(b) for the AMT, made within 30 days of exercise: {listed(elected)}."
        named = [one.id for one in case.sales if one.lots and one.sold.year == self.year]
        if named:
            yield f"Shares identified at the sale: {listed(named)}. Confirm that the broker was told in time."
        if self.front.books.direct_rows:
            yield "Exception 1: rows without any adjustment stand on Schedule D lines 1a and 8a only."
        if "rounding" in case.model_fields_set:
            yield f"Amounts are rounded to {'whole dollars' if case.rounding == 'dollars' else 'cents'} on every form."
        if facts.chain == "as_filed":
            yield "What this year hands the next is taken from the return as filed."

    @property
    def entries(self) -> list[Entry]:
        """What to enter where."""
        return [*self._income(), *self._schedules(), *self._schedule_d(), *self._minimum_tax()]

    def _income(self) -> Iterator[Entry]:
        done = self.front.view.done
        if done is not None:
            yield from _lines(done.f1040, "Form 1040")

    def _schedules(self) -> Iterator[Entry]:
        books, done = self.front.books, self.front.view.done
        if books.stock.pay_elsewhere:
            caption = "Pay from early sales that no Form W-2 shows"
            yield _placed("pay_not_on_w2", self.year, caption, books.stock.pay_elsewhere)
        if done is None:
            return
        if done.f6251.amt:
            yield _placed("amt", self.year, "Alternative minimum tax, Form 6251 line 11", done.f6251.amt)
        if done.f8801 is not None and done.f8801.credit:
            yield _placed("minimum_tax_credit", self.year, "Minimum tax credit, Form 8801 line 25", done.f8801.credit)

    def _schedule_d(self) -> Iterator[Entry]:
        done = self.front.view.done
        if done is not None and not done.schedule_d.empty:
            yield from _lines(done.schedule_d, "Schedule D")

    def _minimum_tax(self) -> Iterator[Entry]:
        done = self.front.view.done
        if done is None:
            yield Entry("Form 6251", "line 2i", "Exercise of incentive stock options", self.front.books.stock.inclusion)
            return
        names = ("incentive_stock_options", "disposition_of_property", "tentative_minimum_tax", "amt")
        yield from _lines(done.f6251, "Form 6251", names)
        if done.f8801 is not None:
            yield from _lines(done.f8801, "Form 8801", ("credit", "carryforward_out"))
        left = self.front.view.credit_left
        if left is not None and left.amt:
            yield Entry("Form 8801", "line 21", f"Of {left.year}: credit to use, from AMT of {self.year}", left.total)

    @property
    def attached(self) -> list[str]:
        """The forms that the return must carry."""
        done, books = self.front.view.done, self.front.books
        found = ["Form 8949"] if books.rows else []
        if done is not None:
            found += ["Schedule D"] if not done.schedule_d.empty else []
            found += ["Form 6251"] if attach_6251(done) else []
            found += ["Form 8801"] if attach_8801(done) else []
        return found


def _asked(one: Finding) -> str:
    """What a finding asks; of a line as filed that differs, the line and both amounts."""
    if one.code != "tie_out_difference" or "form" not in one.details:
        return one.message
    head, found, _ = one.message.partition("; it works out to ")
    return f"{head}, worked as {money(one.correct)}." if found and isinstance(one.correct, Decimal) else one.message


def _lines(form: Form, label: str, names: Sequence[str] = ()) -> Iterator[Entry]:
    """The lines of a form that are not blank; column (h) of a row."""
    for name, value in form.amounts().items():
        line = form.definition.lines[name]
        if value is not None and not line.working and (not names or name in names):
            caption = line.caption
            if isinstance(value, Columns):
                d, e, g = (money(part) for part in (value.d, value.e, value.g))
                caption += f": (d) {d}, (e) {e}, (g) {g}; column (h)"
            amount = value.h if isinstance(value, Columns) else value
            yield Entry(label, f"line {line.number}", caption, -amount if line.parens else amount)


def _placed(name: str, year: int, caption: str, amount: Decimal) -> Entry:
    form, _, line = place(name, year).partition(" line ")
    return Entry(form, f"line {line}", caption, amount)


def _shortened(text: str) -> str:
    """An assumption without the list of all keys that are taken as 0."""
    if not text.startswith(ZERO_KEYS):
        return text
    return f"{text.count(',') + 1} kinds of income, deductions and credits that the case does not give are taken as 0."


def memos(session: Session) -> Iterator[tuple[str, bytes]]:
    """The memo of every year, as PDF and as text, by file name.

    Args:
        session: the case, worked and audited.
    """
    for front in front_years(session, session.result(), session.household.years):
        name = f"cpa-memo-{front.year}"
        memo = Memo(session, front)
        yield f"{name}.pdf", _one_page(memo)
        yield f"{name}.txt", plain(_text(memo, EVERY_ONE)).encode()


def _text(memo: Memo, most: int) -> str:
    words: dict[str, Any] = {"m": memo, "year": memo.year, "most": most}
    return render(TEMPLATE, memo.session.household.rounding, **words)


def _one_page(memo: Memo) -> bytes:
    """The memo on paper, with as much spelt out as one page holds."""
    running = Running(f"Memo to the preparer, {memo.year}", memo.front.view.names, memo.front.view.marks)
    for most in MOST:
        made = memo_pages(_text(memo, most), running)
        if made.pages == 1:
            break
    return made.pdf()
