"""The supporting schedules of a year: what they show, taken from the books and from what the lines recorded.

Each figure is one of the computation; nothing is worked here but sums that are printed as totals and tied to a line.
The words stand in templates/.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Final

from worksheets.amounts import Citation
from worksheets.case import Exercise
from worksheets.credit_left import CreditLeft, credit_parts
from worksheets.explain import located, used, where
from worksheets.explain_rows import TERM_BOXES, law_value, shown
from worksheets.f8949 import Row
from worksheets.form import ZERO, Columns, Form, Read
from worksheets.holding import first_qualifying_day
from worksheets.household import Household, YearBooks
from worksheets.ledger import Inclusion
from worksheets.paper.basis_worksheet import BasisAdjustment, basis_adjustments
from worksheets.paper.money import header
from worksheets.paper.render import STATUS_WORDS, render, spot
from worksheets.paper.schedule_views import FormView, Held, LineView, Pair, Reference, Slice, gated
from worksheets.stock import BoxTotals
from worksheets.tax_return import TaxReturn

COMPACT_OVER: Final = 40  # dispositions, from which on reasons are given once for all that have the same
FILED: Final = ("f1040", "schedule_d", "schedule_d_amt", "f6251", "f8801")
WORKED: Final = (
    "f1040",
    "schedule_d",
    "gain_worksheet",
    "schedule_d_tax",
    "schedule_d_amt",
    "gain_worksheet_amt",
    "schedule_d_tax_amt",
    "line_2k",
    "exemption_worksheet",
    "f6251",
    "f8801",
    "carryover",
    "carryover_amt",
)
CHAIN: Final = (  # lines of Form 8801 that make up the credit from year to year
    "prior_amt",
    "exclusion_part",
    "adjusted_minimum_tax",
    "carryforward_in",
    "credit_available",
    "regular_tax_less_credits",
    "tentative_minimum_tax",
    "credit_limit",
    "credit",
    "carryforward_out",
)
CARRIED: Final = ("short_term_carryover", "long_term_carryover")


class YearSchedules:
    """What the templates of one year read."""

    def __init__(self, household: Household, books: YearBooks) -> None:
        self.household = household
        self.books = books
        self.year = books.year
        self.case = household.case
        self.head = header(household.case, books.facts.filing_status)

    @property
    def done(self) -> TaxReturn | None:
        """The year's return, None in a stock-only year."""
        return self.books.tax_return

    @property
    def status(self) -> str:
        """The filing status in words."""
        return STATUS_WORDS[self.books.facts.filing_status]

    @property
    def names(self) -> str:
        """Names and masked number, for the head of a page."""
        return " · ".join(part for part in (self.head.name, self.head.masked) if part)

    @property
    def marks(self) -> list[str]:
        """What every page of the year must say of its figures."""
        law = self.books.law
        found = (("DRAFT FIGURES", law.draft), ("HYPOTHETICAL AMOUNTS", law.hypothetical))
        return [mark for mark, on in found if on]

    @cached_property
    def exercise_places(self) -> Mapping[str, int]:
        """The place of each exercise in the case."""
        return {one.id: place for place, one in enumerate(self.case.exercises)}

    def exercise_spot(self, exercise: str) -> str:
        """The place in the packet where an exercise stands among this year's."""
        return spot(self.year, f"x{self.exercise_places.get(exercise, 0)}")

    @property
    def exercises(self) -> list[Exercise]:
        """Forms 3921 of the year, and earlier ones whose shares were sold in it or held at its end."""
        concerned = {part.lot.exercise for part in self.books.dispositions}
        concerned |= {one.exercise for one in self.books.holdings}
        concerned |= {one.exercise for one in self.books.inclusions}
        return [one for one in self.case.exercises if one.exercise_date.year == self.year or one.id in concerned]

    @property
    def inclusions(self) -> list[Inclusion]:
        """What goes on line 2i, lot by lot."""
        return self.books.inclusions

    @cached_property
    def slices(self) -> list[Slice]:
        """Every disposition of the year, in the order of the case."""
        ordered = sorted(self.books.dispositions, key=lambda part: (part.row < 0, part.sold, part.row))
        seen: Counter[int] = Counter()
        found = []
        for part in ordered:
            seen[part.row] += 1
            again = f"-{seen[part.row]}" if seen[part.row] > 1 else ""
            sale = self.case.sales[part.row] if part.row >= 0 else None
            found.append(Slice(part, sale, spot(self.year, f"s{part.row}{again}")))
        return found

    @cached_property
    def basis_adjustments(self) -> list[BasisAdjustment]:
        """The worksheet of Form 8949's instructions for every basis that is reported wrong."""
        return basis_adjustments(self.case, self.books)

    @property
    def compact(self) -> bool:
        """Whether there are so many dispositions that reasons are given once for all that have the same."""
        return len(self.slices) > COMPACT_OVER

    @property
    def alike(self) -> list[list[Slice]]:
        """Dispositions by lot, kind and way where there are many, else each by itself."""
        if not self.compact:
            return [[one] for one in self.slices]
        found: dict[tuple[object, ...], list[Slice]] = {}
        for one in self.slices:
            found.setdefault(one.reasons, []).append(one)
        return list(found.values())

    @property
    def left_out(self) -> list[tuple[str, Decimal]]:
        """Sales of the year with shares that no lot was found for: id and how many."""
        ledger = self.household.ledger
        found = []
        for sale in self.case.sales:
            missing = sale.shares if sale.id in ledger.unmatched else ledger.excess.get(sale.id, ZERO)
            if missing and sale.sold.year == self.year:
                found.append((sale.id, missing))
        return found

    @property
    def held(self) -> list[Held]:
        """Every lot still held at the year's end."""
        return [
            Held(one, first_qualifying_day(one.grant_date, one.exercise_date), self.exercise_spot(one.exercise))
            for one in self.books.holdings
        ]

    def form(self, name: str) -> Form | None:
        """A form of the year by its name on the return; None where the year has none."""
        return None if self.done is None else getattr(self.done, name)

    def line(self, form: str, name: str) -> LineView | None:
        """One line of the year's return by its name; None where it is blank or there is no such form."""
        found = self.form(form)
        if found is None or name not in found.definition.lines or found.blank(name):
            return None
        return self.view(found, name)

    def view(self, form: Form, name: str) -> LineView:
        """A line with what it was worked from."""
        entry = form.definition.lines[name]
        form.blank(name)
        value = form.worked[name]
        read = used(form, name)
        references = [self.reference(form, one) for one in read if isinstance(one, Read)]
        references += [self.law(one) for one in read if isinstance(one, Citation)]
        return LineView(
            number=entry.number,
            caption=entry.caption,
            value=value,
            amount=shown(value, self.household.rounding, parens=entry.parens),
            how=entry.how.replace("`", ""),
            cite=entry.cite,
            references=references,
            here=spot(form.year, "how", form.key, entry.number),
            on_form=spot(form.year, form.key, entry.number),
        )

    def reference(self, reader: Form, entry: Read) -> Reference:
        """A figure that a line of `reader` was worked from."""
        source = entry.source
        amount = shown(entry.value, self.household.rounding)
        if isinstance(source, Form):
            line = source.definition.lines[entry.name]
            label = f"line {line.number}" if source is reader else where(source, entry.name, self.year)
            parts = (source.key, line.number)
            href = f"#{spot(source.year, 'how', *parts)} #{spot(source.year, *parts)}"
            return Reference(label, shown(entry.value, self.household.rounding, parens=line.parens), href)
        label = source.label(entry.name)
        if isinstance(source, BoxTotals):
            label = f"AMT {label}" if reader.key.endswith("_amt") else label
            return Reference(label, amount, f"#{spot(source.year, 'schedule', 'dispositions')}")
        if source.key == "stock":
            return Reference(located(source, label, self.year), amount, f"#{spot(source.year, 'schedule', entry.name)}")
        return Reference(label, amount, "")

    def law(self, citation: Citation) -> Reference:
        """An amount of the law with the document it was read in."""
        value = law_value(citation) if not isinstance(citation.value, list) else "its table"
        return Reference(f"{citation.source}:", value, "")

    @cached_property
    def worked(self) -> list[FormView]:
        """Every form and worksheet of the year that was used, line by line."""
        return [
            FormView(
                _label(form), _title(form), gated([self.view(form, name) for name in form.amounts()], form.definition)
            )
            for form in self.used_forms().values()
        ]

    def used_forms(self) -> Mapping[str, Form]:
        """The forms and worksheets of the year that its lines were worked with, by name on the return."""
        roots = [form for name in FILED if (form := self.form(name)) is not None]
        reached = _reached([*roots, *self._carried()])
        found = {name: form for name in WORKED if (form := self.form(name)) is not None}
        return {name: form for name, form in found.items() if id(form) in reached and form.amounts()}

    def _carried(self) -> list[Form]:
        """The carryover worksheets, where they were needed."""
        found = [form for name in ("carryover", "carryover_amt") if (form := self.form(name)) is not None]
        return [form for form in found if form.amounts()]

    @property
    def law_used(self) -> list[Citation]:
        """The amounts of the law that the year's lines used, by name."""
        law = self.books.law
        reads = (form.reads[name] for form in self.used_forms().values() for name in form.amounts())
        cited = (one for read in reads for one in read if isinstance(one, Citation))
        found = {one.name: one for one in cited if one == law.citation(one.name)}
        return [found[name] for name in sorted(found)]

    @property
    def both_schedules_d(self) -> list[Pair]:
        """Schedule D of both books side by side, line by line."""
        if self.done is None:
            return []
        return list(self._pairs(self.done.schedule_d, self.done.schedule_d_amt))

    @property
    def both_carryovers(self) -> list[Pair]:
        """The Carryover Worksheets of both books side by side."""
        if self.done is None:
            return []
        return list(self._pairs(self.done.carryover, self.done.carryover_amt))

    def _pairs(self, regular: Form, amt: Form) -> Iterator[Pair]:
        for name in regular.definition.lines:
            pair = [None if form.blank(name) else self.view(form, name) for form in (regular, amt)]
            if any(pair):
                yield Pair(pair[0], pair[1], _gain(pair[1]) - _gain(pair[0]))

    @property
    def chain(self) -> list[tuple[str, list[LineView | None]]]:
        """Form 8801 of every whole year: for each line its caption and the line of each year."""
        columns = self.credit_years
        found = []
        for name in CHAIN:
            cells = [one.line("f8801", name) for one in columns]
            if any(cells):
                found.append((name, cells))
        return found

    @cached_property
    def credit_years(self) -> list[YearSchedules]:
        """The whole years of the case that have a Form 8801."""
        return [
            YearSchedules(self.household, books)
            for books in self.household.years.values()
            if books.tax_return is not None and books.tax_return.f8801 is not None
        ]

    @cached_property
    def credit_left(self) -> CreditLeft | None:
        """What the Form 8801 of the year after starts from; None after a year of stock only."""
        return None if self.books.handed_on is None else credit_parts(self.books.handed_on)

    @property
    def stock_parts(self) -> Mapping[str, Decimal]:
        """The parts of line 2k in a stock-only year: ordinary, short and long, AMT less regular."""
        stock = self.books.stock
        found = {"ordinary": stock.amt_pay - stock.pay}
        for name, letters in TERM_BOXES.items():
            found[name] = _net(self.books.amt_rows, letters) - _net(self.books.rows, letters)
        return found

    def carried_out(self, form: str, name: str) -> Decimal:
        """What a carryover worksheet hands the next year, 0 where it is blank."""
        found = self.line(form, name)
        return ZERO if found is None else found.value


def _net(rows: Iterable[Row], letters: str) -> Decimal:
    return sum((row.h for row in rows if row.box in letters), ZERO)


def _label(form: Form) -> str:
    label = form.definition.label
    amt = form.key.endswith("_amt") and not label.startswith("AMT")
    return f"AMT {label}" if amt else label


def _title(form: Form) -> str:
    return f"{_label(form)}, {form.definition.title}"


def _gain(line: LineView | None) -> Decimal:
    if line is None:
        return ZERO
    value: Decimal = line.value.h if isinstance(line.value, Columns) else line.value
    return value


def _reached(roots: Iterable[Form]) -> set[int]:
    """Ids of every form that lines of `roots` were worked from, directly or through others."""
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        form = waiting.pop()
        if id(form) in found:
            continue
        found.add(id(form))
        reads = [entry for name in form.amounts() for entry in used(form, name)]
        waiting += [one.source for one in reads if isinstance(one, Read) and isinstance(one.source, Form)]
    return found


def schedules_text(household: Household, year: int) -> str:
    """The supporting schedules of a year, as markup."""
    view = YearSchedules(household, household.years[year])
    return render("schedules.j2", household.rounding, y=view, books=view.books, household=household)
