"""What the schedules show, piece by piece: lines with what they were worked from, dispositions with their dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from worksheets.case import Sale
from worksheets.definitions import Definition, LineDefinition, Named, named
from worksheets.explain_rows import is_early
from worksheets.form import ZERO
from worksheets.holding import EXERCISE_YEARS, GRANT_YEARS, anniversary, first_long_term_day, first_qualifying_day
from worksheets.iso import NO_LOSS_RECOGNISED, Disposition, capital_held_from, same_year
from worksheets.ledger import Holding


class Reference(NamedTuple):
    """A figure that a line was worked from: how to find it, how much it is, and the places a link may lead to."""

    label: str
    amount: str
    href: str


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as a schedule shows it: `value` is a Decimal or a row of columns, dollars; `amount` the same as text."""

    number: str
    caption: str
    value: Any
    amount: str
    how: str
    cite: str
    references: Sequence[Reference]
    here: str
    on_form: str
    gate: Gate | None = None


class Gate(NamedTuple):
    """On what it depends whether a whole part of a form is filled in, with the figures; told at its first line."""

    when: str
    references: Sequence[Reference]


def gated(lines: Sequence[LineView], of: Definition) -> list[LineView]:
    """The lines of a form with what a whole part depends on told once, not as an operand of each of its lines.

    Args:
        lines: those of the form that are not blank.
        of: its definition: `when` of a part names what the part depends on, `how` what a line is worked from.
    """
    found: list[LineView] = []
    seen: dict[str, int] = {}
    for line in lines:
        entry = of.numbers[line.number]
        if not entry.when:
            found.append(line)
            continue
        own, gate = _parted(line, entry, of)
        first = seen.setdefault(entry.part, len(found))
        found.append(replace(line, references=own))
        told = found[first].gate or Gate(entry.when, ())
        more = [one for one in gate if one not in told.references]
        found[first] = replace(found[first], gate=Gate(told.when, [*told.references, *more]))
    return found


def _parted(line: LineView, entry: LineDefinition, of: Definition) -> tuple[list[Reference], list[Reference]]:
    """What a line is worked from; then what only its part depends on."""
    gates = named(replace(entry, how=""), of) - named(replace(entry, when=""), of)
    labels = {label for one in gates for label in (f"{one.form} line {one.number}", _short(one, of))}
    known = [(one, one.label in labels or one.label.partition(" ")[2] in labels) for one in line.references]
    return [one for one, gate in known if not gate], [one for one, gate in known if gate]


def _short(one: Named, of: Definition) -> str:
    """How a form names a line of its own."""
    return f"line {one.number}" if one.form == of.label else f"{one.form} line {one.number}"


@dataclass(frozen=True, slots=True)
class FormView:
    """A form or worksheet with the lines that are not blank; `label` is its short name ("Form 6251")."""

    label: str
    title: str
    lines: Sequence[LineView]


@dataclass(frozen=True, slots=True)
class Slice:
    """A disposition with the dates that class it."""

    part: Disposition
    sale: Sale | None
    here: str

    @property
    def first_qualifying(self) -> date:
        """The first day on which a sale is qualifying (IRC 422(a)(1))."""
        return first_qualifying_day(self.part.lot.grant_date, self.part.lot.exercise_date)

    @property
    def grant_end(self) -> date:
        """The last day of the two years from grant."""
        return anniversary(self.part.lot.grant_date, GRANT_YEARS)

    @property
    def exercise_end(self) -> date:
        """The last day of the year from exercise."""
        return anniversary(self.part.lot.exercise_date, EXERCISE_YEARS)

    @property
    def held_from(self) -> date:
        """The day the regular holding period is counted from: vesting, for an early sale of stock then unvested."""
        return capital_held_from(self.part.lot, early=self.early)

    @property
    def long_term(self) -> date:
        """The first day on which a sale is long-term (IRC 1222)."""
        return first_long_term_day(self.held_from)

    @property
    def reasons(self) -> tuple[object, ...]:
        """What is the same for dispositions that are classed and measured for the same reasons."""
        part = self.part
        terms = (part.regular.term, part.amt.term)
        return (part.lot.exercise, part.kind, part.how, part.chosen_by, *terms, self.held_from, part.lot.own_from)

    @property
    def early(self) -> bool:
        """Whether it came before the first qualifying day."""
        return is_early(self.part)

    @property
    def capped(self) -> bool:
        """Whether the pay is limited to the gain (IRC 422(c)(2))."""
        return self.part.how not in NO_LOSS_RECOGNISED

    @property
    def same_year(self) -> bool:
        """Whether both books treat it alike: the AMT inclusion would fall in the year of the sale or later."""
        return is_early(self.part) and same_year(self.part.lot, self.part.sold)

    @property
    def when_same_year(self) -> str:
        """What put a disposition into the year in which the shares became one's own, or before it."""
        lot, sold = self.part.lot, self.part.sold
        if lot.exercise_date.year == sold.year:
            return "in the year of exercise"
        return "in the year of vesting" if sold >= lot.own_from else "before vesting"

    @property
    def room(self) -> Decimal:
        """Proceeds less cost, not below zero: the most that pay can be where a loss would be recognised."""
        return max(ZERO, self.part.proceeds - self.part.lot.paid)

    @property
    def of_line_2i(self) -> Decimal:
        """What the AMT basis holds above what was paid."""
        return self.part.amt.basis - self.part.lot.amt_paid


class Held(NamedTuple):
    """A lot still held at the year's end."""

    holding: Holding
    first_qualifying: date
    here: str


class Pair(NamedTuple):
    """A line of both books side by side, and AMT less regular."""

    regular: LineView | None
    amt: LineView | None
    difference: Decimal
