"""The desk of the audit: a worked household with what every finding looks up, gathered once.

A finding is a small function marked `row_finding` or `year_finding` and named as its code; it is given a `RowView` or
a `YearView` and yields what it finds. Looking up is by index, so that an audit grows with the number of rows.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from worksheets.audit_whatif import WhatIf
from worksheets.audit_words import form_rows
from worksheets.case import Exercise, Sale
from worksheets.f8949 import Row
from worksheets.findings import Finding
from worksheets.form import ZERO
from worksheets.household import Household, YearBooks
from worksheets.iso import Disposition
from worksheets.pay import PayShown

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Got:
    """Shares that came in: by an exercise (its id in `exercise`) or otherwise (`name` says how)."""

    day: date
    shares: Decimal
    name: str
    exercise: str = ""


class Desk:
    """A household and its indexes.

    Args:
        household: whose years have been worked.
    """

    def __init__(self, household: Household) -> None:
        self.household = household
        self.case = household.case
        self.ledger = household.ledger
        self.what_if = WhatIf(household)
        self._indexes: dict[str, Any] = {}

    def index(self, name: str, make: Callable[[Desk], T]) -> T:
        """An index that one kind of finding needs, made on first use."""
        if name not in self._indexes:
            self._indexes[name] = make(self)
        found: T = self._indexes[name]
        return found

    @cached_property
    def slices(self) -> Mapping[int, list[Disposition]]:
        """What each row of the case was taken as, by place in the case."""
        found: defaultdict[int, list[Disposition]] = defaultdict(list)
        for books in self.household.years.values():
            for part in books.dispositions:
                found[part.row].append(part)
        return found

    @cached_property
    def rows(self) -> Mapping[str, list[Row]]:
        """Rows of Form 8949 (regular tax) by sale."""
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for books in self.household.years.values():
            for row in (*books.rows, *books.direct_rows):
                found[row.sale].append(row)
        return found

    @cached_property
    def pay(self) -> Mapping[int, PayShown]:
        """Pay by place of the row in the case; shares given up in an exercise have negative places."""
        return {one.row: one for books in self.household.years.values() for one in books.pay}

    @cached_property
    def exercises(self) -> Mapping[str, Exercise]:
        """Exercises by id."""
        return {one.id: one for one in self.case.exercises}

    @cached_property
    def got(self) -> Mapping[str, tuple[list[date], list[Got]]]:
        """Shares that came in, by corporation, in order of days."""
        found: defaultdict[str, list[Got]] = defaultdict(list)
        for exercise in self.case.exercises:
            entry = Got(exercise.exercise_date, exercise.shares, exercise.id, exercise.id)
            found[exercise.corporation.casefold()].append(entry)
        for other in self.case.acquisitions:
            found[other.corporation.casefold()].append(Got(other.date, other.shares, other.kind or "acquired"))
        for entries in found.values():
            entries.sort(key=lambda one: one.day)
        return {name: ([one.day for one in entries], entries) for name, entries in found.items()}

    def got_near(self, corporation: str, day: date, within: int) -> Sequence[Got]:
        """Shares of a corporation that came in within so many days before or after a day."""
        dates, entries = self.got.get(corporation.casefold(), ([], []))
        span = timedelta(days=within)
        return entries[bisect_left(dates, day - span) : bisect_right(dates, day + span)]

    def ratio(self, corporation: str, after: date, until: date) -> Decimal:
        """Shares held after the splits between two days for each one held before (the first day left out)."""
        found = Decimal(1)
        for action in self.case.corporate_actions:
            if after < action.date <= until and action.corporation.casefold() == corporation.casefold():
                found = found * action.split.new / action.split.old
        return found

    def at_exercise(self, part: Disposition) -> Decimal:
        """The shares of a disposition counted as at exercise, before splits."""
        return part.shares / self.ratio(part.lot.corporation, part.lot.exercise_date, part.sold)

    @cached_property
    def gone(self) -> Mapping[str, tuple[list[date], list[Decimal]]]:
        """By exercise: the days on which shares left, and how many had by then, counted as at exercise."""
        found: dict[str, tuple[list[date], list[Decimal]]] = {}
        for part in sorted(self.ledger.dispositions, key=lambda one: one.sold):
            dates, totals = found.setdefault(part.lot.exercise, ([], []))
            dates.append(part.sold)
            totals.append((totals[-1] if totals else ZERO) + self.at_exercise(part))
        return found

    def gone_by(self, exercise: str, day: date) -> Decimal:
        """How many shares of an exercise had left by the end of a day, counted as at exercise."""
        dates, totals = self.gone.get(exercise, ([], []))
        place = bisect_right(dates, day)
        return totals[place - 1] if place else ZERO

    def views(self) -> Iterator[RowView]:
        """Every row of the case, in its order."""
        for place, sale in enumerate(self.case.sales):
            yield RowView(self, place, sale, self.slices.get(place, []))


class RowView:
    """One row of the case with what it was taken as."""

    def __init__(self, desk: Desk, place: int, sale: Sale, slices: list[Disposition]) -> None:
        self.desk = desk
        self.place = place
        self.sale = sale
        self.slices = slices
        self.listed = [part for part in slices if part.has_row]

    @property
    def year(self) -> int:
        """The tax year."""
        return self.sale.sold.year

    @property
    def rows(self) -> list[Row]:
        """Its rows of Form 8949 (regular tax)."""
        return self.desk.rows.get(self.sale.id, [])

    @property
    def pay(self) -> PayShown | None:
        """Its pay by law and as a W-2 shows it, where there is any."""
        return self.desk.pay.get(self.place)

    @property
    def whole(self) -> bool:
        """Whether its year is a whole return."""
        return self.desk.case.years[self.year].whole

    @property
    def has_form(self) -> bool:
        """Whether an information return shows it and Form 8949 gets a row."""
        return bool(self.listed) and self.sale.form != "none"

    @property
    def excess(self) -> Decimal:
        """Shares that no lot was found for."""
        return self.desk.ledger.excess.get(self.sale.id, ZERO) if self.sale.is_iso else ZERO

    def says(self, key: str) -> bool:
        """Whether the row gives a key, as against taking its default."""
        return key in self.sale.model_fields_set

    @property
    def entry(self) -> str:
        """What to enter on Form 8949."""
        return f"Enter it as {form_rows(self.rows, self.desk.household.rounding)}."

    def finding(self, code: str, severity: str, remedy: str, message: str, **more: Any) -> Finding:
        """A finding about this row."""
        exercises = {part.lot.exercise for part in self.slices}
        exercise = next(iter(exercises)) if len(exercises) == 1 else ""
        return Finding(code, severity, remedy, message, sale=self.sale.id, exercise=exercise, **more)


@dataclass(frozen=True)
class YearView:
    """One tax year of the case."""

    desk: Desk
    year: int
    books: YearBooks

    @cached_property
    def exercises(self) -> Sequence[Exercise]:
        """The year's exercises; the first year has those before it too."""
        first = self.desk.case.first_year
        return [one for one in self.desk.case.exercises if max(first, one.exercise_date.year) == self.year]


RowFinding = Callable[[RowView], Iterable[Finding]]
YearFinding = Callable[[YearView], Iterable[Finding]]
ROW_FINDINGS: dict[str, RowFinding] = {}
YEAR_FINDINGS: dict[str, YearFinding] = {}


def row_finding(find: RowFinding) -> RowFinding:
    """Collect a finding about rows under the function's name, which is its code."""
    ROW_FINDINGS[_name(find)] = find
    return find


def year_finding(find: YearFinding) -> YearFinding:
    """Collect a finding about years under the function's name, which is its code."""
    YEAR_FINDINGS[_name(find)] = find
    return find


def _name(find: Callable[..., Any]) -> str:
    return str(getattr(find, "__name__", ""))
