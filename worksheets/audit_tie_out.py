"""The return as filed against the return as worked: each line that differs, why, and what it does to later years.

A line follows from others when, worked with all other filed lines, it gives what was filed. A line that does not is
explained by the one finding without whose correction it would give what was filed, if there is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from worksheets.audit_desk import YearView, year_finding
from worksheets.audit_whatif import Carried, carried
from worksheets.audit_words import count, money
from worksheets.definitions import LineDefinition, definition
from worksheets.findings import ASK_OWNER, WARNING, Finding
from worksheets.form import ZERO, Columns, Form
from worksheets.household import FILES, SAME_LINE
from worksheets.iso import SAME_YEAR
from worksheets.problems import CaseError
from worksheets.reported import AMT, BASIS, EXPENSES, PAY, TERM, WASH, Correction, Reported
from worksheets.tax_return import TaxReturn

ROUNDING = 1
LINE_2I = "incentive_stock_options"
MOST_TRIED = 60
WHAT: Mapping[str, str] = {
    BASIS: "the basis of {sale} as box 1e shows it",
    TERM: "the term of {sale} as box 2 shows it",
    EXPENSES: "the selling expenses of {sale} left out",
    WASH: "the wash sale of {sale} as box 1g shows it",
    PAY: "the pay of {sale} left out",
    AMT: "the AMT basis and line 2k left out",
}
AMEND = "Form 1040-X puts that right."
Given = dict[str, dict[str, Decimal | Columns]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A filed line that differs from the one worked."""

    form: str
    line: LineDefinition
    filed: Decimal
    worked: Decimal


def form_of(done: TaxReturn, name: str) -> Form | None:
    """The form that a case calls by this name."""
    forms: Mapping[str, Form | None] = {
        "1040": done.f1040,
        "6251": done.f6251,
        "8801": done.f8801,
        "schedule_d": done.schedule_d,
    }
    return forms[name]


def amount_on(form: Form | None, line: LineDefinition) -> Decimal:
    """What a form works for a line: 0 where it is blank, column (h) of a row of Schedule D."""
    value = None if form is None else form.amounts().get(line.name)
    return ZERO if value is None else value.h if isinstance(value, Columns) else value


@year_finding
def tie_out_difference(view: YearView) -> Iterable[Finding]:
    """Lines of the return as filed that differ by more than a dollar from what is worked."""
    done = view.books.tax_return
    if done is None or not view.books.facts.as_filed:
        return
    yield from _unknown_lines(view)
    found = list(_differences(view, done))
    causes = _Causes(view) if found else None
    for one in found:
        yield _finding(view, done, one, causes)


def _lines(view: YearView) -> Iterator[tuple[str, str, LineDefinition | None, Decimal]]:
    """Every line as filed: form, number, its definition (None where this year's form has no such line), amount."""
    for form, lines in view.books.facts.as_filed.items():
        numbers = definition(view.year, FILES[form]).numbers
        for number, filed in lines.items():
            yield form, number, numbers.get(number) or numbers.get(SAME_LINE.get(number, "")), filed


def _unknown_lines(view: YearView) -> Iterator[Finding]:
    for form, number, line, filed in _lines(view):
        if line is None:
            what = f"{_label(form)} of {view.year} has no line {number}"
            message = f"{what}: the {money(filed)} as filed is not compared."
            yield Finding("tie_out_difference", WARNING, ASK_OWNER, message, reported=filed)


def _label(form: str) -> str:
    return "Schedule D" if form == "schedule_d" else f"Form {form}"


def _differences(view: YearView, done: TaxReturn) -> Iterator[Difference]:
    for form, _, line, filed in _lines(view):
        if line is not None:
            worked = amount_on(form_of(done, form), line)
            signed = abs(filed) if line.parens else filed
            if abs(signed - worked) > ROUNDING:
                yield Difference(form, line, signed, worked)


def _finding(view: YearView, done: TaxReturn, one: Difference, causes: _Causes | None) -> Finding:
    follows = _follows(view, done, one)
    cause = None if follows or causes is None else causes.of(one)
    why = "It follows from other lines as filed." if follows else "No one finding accounts for it."
    later = "" if follows else _later(done, one, cause)
    if cause is not None:
        why, later = cause.words, f"{later} {AMEND}".strip()
    message = (
        f"{_label(one.form)} line {one.line.number} ({_uncapped(one.line.caption)}) was filed as {money(one.filed)}; "
        f"it works out to {money(one.worked)}. {why} {later}"
    )
    return Finding(
        "tie_out_difference",
        WARNING,
        ASK_OWNER,
        message.strip(),
        reported=one.filed,
        correct=one.worked,
        cite=one.line.cite,
        details={"form": one.form, "line": one.line.number, "follows": "yes" if follows else "no"},
    )


def _uncapped(caption: str) -> str:
    """A caption within a sentence; the name of a form keeps its capital, and so do initials (AMTI)."""
    first = caption.partition(" ")[0]
    initials = len(first) > 1 and first.isupper()
    return caption if first == "Form" or initials else caption[:1].lower() + caption[1:]


def _twin(done: TaxReturn, given: Given) -> TaxReturn:
    """The same return with lines given instead of worked."""
    return TaxReturn(
        law=done.law,
        rounding=done.rounding,
        trail=done.trail,
        facts=done.facts,
        stock=done.stock,
        prior=done.prior,
        opening=done.opening,
        given=given,  # type: ignore[arg-type]  # a row of Schedule D is given as columns
        no_amt=done.no_amt,
    )


def _given(done: TaxReturn, form: str, line: LineDefinition, filed: Decimal) -> Decimal | Columns:
    """A filed amount as the form holds it: a row of Schedule D as columns, of which column (h) counts."""
    is_row = isinstance(getattr(form_of(done, form), line.name, None), Columns)
    return Columns(filed, ZERO, ZERO, filed) if is_row else filed


def _follows(view: YearView, done: TaxReturn, one: Difference) -> bool:
    """Whether the line gives what was filed once all other filed lines are given."""
    given: Given = {}
    for form, _, line, filed in _lines(view):
        if line is not None and (form, line.name) != (one.form, one.line.name):
            amount = abs(filed) if line.parens else filed
            given.setdefault(FILES[form], {})[line.name] = _given(done, form, line, amount)
    worked = amount_on(form_of(_twin(done, given), one.form), one.line)
    return abs(worked - one.filed) <= ROUNDING


def _later(done: TaxReturn, one: Difference, cause: Cause | None) -> str:
    """What goes to later years, against what is worked: by the cause where there is one, else by the line alone."""
    given: Given = {FILES[one.form]: {one.line.name: _given(done, one.form, one.line, one.filed)}}
    found = carried(_twin(done, given) if cause is None else cause.done) - carried(done)
    if found == Carried():
        return ""
    return f"{'With this line alone' if cause is None else 'So'} filed, {found.words} would go to later years."


class Cause(NamedTuple):
    """What a filed line comes from, in a sentence, and the return so worked."""

    words: str
    done: TaxReturn


class _Causes:
    """Which correction, left out, gives a line as filed."""

    def __init__(self, view: YearView) -> None:
        self.view = view
        self.reported = Reported(view.desk.household)
        self.worked: dict[frozenset[Correction], TaxReturn | None] = {}

    def of(self, one: Difference) -> Cause | None:
        """The cause; None where no one correction accounts for the line."""
        if (sold := self._sold_shares_left_in(one)) is not None:
            return sold
        everything = self.reported.all
        for correction in self._candidates():
            done = self._giving(one, everything - {correction})
            if done is not None:
                what = WHAT[correction.thing].format(sale=self._sale(correction))
                return Cause(f"It is what one gets with {what}.", done)
        done = self._giving(one, frozenset())
        words = "It is what one gets with every row as the broker reports it, without line 2k."
        return None if done is None else Cause(words, done)

    def _sold_shares_left_in(self, one: Difference) -> Cause | None:
        """Line 2i with the spread of shares that were sold early in the year of exercise (IRC 56(b)(3))."""
        books = self.view.books
        sold = [part for part in books.dispositions if part.kind == SAME_YEAR and part.lot.own_from <= part.sold]
        spread = sum((part.lot.spread for part in sold), ZERO)
        done = books.tax_return
        if done is None or one.line.name != LINE_2I or not spread:
            return None
        if abs(books.stock.inclusion + spread - one.filed) > ROUNDING:
            return None
        shares, spreads = count(sum((part.shares for part in sold), ZERO)), money(spread)
        words = (
            f"It is what one gets with the {shares} shares sold in the year of exercise left in: their spread of "
            f"{spreads} is pay, and nothing of it goes on line 2i."
        )
        return Cause(words, _twin(done, {FILES[one.form]: {one.line.name: one.filed}}))

    def _sale(self, correction: Correction) -> str:
        """The row that a correction is of; shares given up in an exercise have negative places."""
        sales = self.view.desk.case.sales
        return sales[correction.place].id if correction.thing != AMT and correction.place >= 0 else "an exercise"

    def _candidates(self) -> list[Correction]:
        """The corrections that change this year, line 2k first; not too many of them."""
        rows = self.reported.rows[self.view.year]
        of_rows = [one for one in self.reported.all if one.place in rows or one.thing == AMT]
        return sorted(of_rows, key=lambda one: (one.thing != AMT, one.place, one.thing))[:MOST_TRIED]

    def _giving(self, one: Difference, corrections: frozenset[Correction]) -> TaxReturn | None:
        """The return with these corrections, if it gives the line as filed."""
        if corrections not in self.worked:
            self.worked[corrections] = self._work(corrections)
        done = self.worked[corrections]
        same = done is not None and abs(amount_on(form_of(done, one.form), one.line) - one.filed) <= ROUNDING
        return done if same else None

    def _work(self, corrections: frozenset[Correction]) -> TaxReturn | None:
        try:
            return self.reported.work(corrections).years[self.view.year].tax_return
        except CaseError:
            return None
