"""The lots of the audit report: what happened to each, and the two anniversaries that class its sales.

Source of the marks: IRC 422(a)(1) (two years from the grant, one from the exercise; a sale on the anniversary itself
is still early). Amounts are dollars, prices dollars per share.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

from worksheets.case import Exercise
from worksheets.explain_rows import shares_text
from worksheets.form import ZERO
from worksheets.holding import EXERCISE_YEARS, GRANT_YEARS, anniversary, first_qualifying_day
from worksheets.household import Household
from worksheets.iso import Disposition
from worksheets.paper.report_pictures import Event, Timeline, timeline, told

MOST_LOTS: Final = 60  # further lots have no picture: their sales stand in the reconciliation
MOST_LABELS: Final = 4  # days of sale, or of vesting, that have a label each
MOST_LISTED: Final = 12  # days of one kind that are listed each
MOST_TOLD: Final = 6  # sales of one day that are told each
LAST_MONTH, LAST_DAY = 12, 31
KINDS: Final[Mapping[str, str]] = {
    "qualifying": "qualifying",
    "disqualifying": "early",
    "same_year": "early, in the year of exercise",
    "not_a_disposition": "no disposition",
    "other": "",
}
HOW: Final[Mapping[str, str]] = {
    "sale": "sold",
    "related_party": "sold to a related party",
    "wash_sale": "sold and replaced (wash sale)",
    "gift": "given away",
    "death": "passed on at death",
    "to_spouse": "given to the spouse",
    "surrender": "given up to pay for an exercise",
}


@dataclass(frozen=True)
class LotStory:
    """One exercise and what became of its shares."""

    household: Household
    exercise: Exercise
    parts: Sequence[Disposition]

    @property
    def first_qualifying(self) -> date:
        """The first day on which a sale is no early sale."""
        return first_qualifying_day(self.exercise.grant_date, self.exercise.exercise_date)

    @cached_property
    def held(self) -> Decimal:
        """Shares still held at the end of the case's last year."""
        listed = self.household.ledger.holdings[self.household.case.last_year]
        return sum((one.shares for one in listed if one.exercise == self.exercise.id), ZERO)

    @property
    def end(self) -> date:
        """The day at the right end of its line of time: the last that matters."""
        last = max([self.exercise.exercise_date, self.first_qualifying, *(part.sold for part in self.parts)])
        year_end = date(self.household.case.last_year, LAST_MONTH, LAST_DAY)
        return max(last, year_end) if self.held else last

    @cached_property
    def events(self) -> list[Event]:
        """Everything on its line of time, by day."""
        return sorted([*self._days(), *self._vesting(), *self._splits(), *self._sales()], key=lambda event: event.day)

    @cached_property
    def listed(self) -> list[Event]:
        """The same to be read: where days of one kind are many, they are one entry."""
        return _gathered(_gathered(self.events, "sale", "days of sale"), "vest", "days of vesting")

    def _days(self) -> Iterator[Event]:
        one = self.exercise
        two_years = anniversary(one.grant_date, GRANT_YEARS)
        one_year = anniversary(one.exercise_date, EXERCISE_YEARS)
        yield Event(one.grant_date, "grant", "Granted", "option granted")
        yield Event(one.exercise_date, "exercise", "Exercised", f"{shares_text(one.shares)} shares exercised")
        yield Event(two_years, "year", "2 years", "two years from the grant")
        yield Event(one_year, "year", "1 year", "one year from the exercise")
        yield Event(self.first_qualifying, "first", "", "first qualifying day")

    def _vesting(self) -> Iterator[Event]:
        days = self.exercise.vesting
        for number, one in enumerate(days):
            label = "Vested" if len(days) <= MOST_LABELS else "" if number else f"{len(days)} vest"
            yield Event(one.date, "vest", label, f"{shares_text(one.shares)} shares vested")

    def _splits(self) -> Iterator[Event]:
        for action in self.household.case.corporate_actions:
            same = action.corporation.casefold() == self.exercise.corporation.casefold()
            if same and self.exercise.exercise_date < action.date <= self.end:
                ratio = f"{shares_text(action.split.new)}:{shares_text(action.split.old)}"
                yield Event(action.date, "split", ratio, f"{ratio} split")

    def _sales(self) -> Iterator[Event]:
        days: dict[date, list[Disposition]] = {}
        for part in self.parts:
            days.setdefault(part.sold, []).append(part)
        for number, (day, parts) in enumerate(sorted(days.items())):
            names = list(dict.fromkeys(part.sale for part in parts))
            label = names[0] if len(names) == 1 else f"{names[0]} +{len(names) - 1}"
            if len(days) > MOST_LABELS:
                label = "" if number else f"{len(days)} days"
            yield Event(day, "sale", label, _of_day(parts), below=True)

    @property
    def spans(self) -> Iterator[tuple[str, date, date]]:
        """The option, the time in which a sale is early, and the time after."""
        one = self.exercise
        yield "option", one.grant_date, one.exercise_date
        yield "early", one.exercise_date, min(self.first_qualifying, self.end)
        if self.first_qualifying < self.end:
            yield "free", self.first_qualifying, self.end

    @cached_property
    def picture(self) -> Timeline:
        """Its line of time."""
        return timeline(self.events, self.spans, self.end, told(self.listed))


def _gathered(events: Sequence[Event], kind: str, name: str) -> list[Event]:
    """Events with those of one kind made one where they are many."""
    found = [event for event in events if event.kind == kind]
    if len(found) <= MOST_LISTED:
        return list(events)
    one = found[0]._replace(text=f"the first of {len(found)} {name}, the last is {found[-1].day}")
    return [one if event is found[0] else event for event in events if event.kind != kind or event is found[0]]


def _of_day(parts: Sequence[Disposition]) -> str:
    """What was parted with on one day."""
    if len(parts) <= MOST_TOLD:
        return "; ".join(_told(part) for part in parts)
    shares = sum((part.shares for part in parts), ZERO)
    return f"{parts[0].sale} and {len(parts) - 1} more: {shares_text(shares)} shares"


def _told(part: Disposition) -> str:
    kind = KINDS[part.kind]
    return f"{part.sale}: {shares_text(part.shares)} {HOW[part.how]}" + (f", {kind}" if kind else "")


def stories(household: Household) -> list[LotStory]:
    """Every exercise with what became of its shares, those that sales took shares from first to last."""
    parts: dict[str, list[Disposition]] = {}
    for part in household.ledger.dispositions:
        parts.setdefault(part.lot.exercise, []).append(part)
    return [LotStory(household, one, _in_order(parts.get(one.id, ()))) for one in household.case.exercises]


def _in_order(parts: Iterable[Disposition]) -> list[Disposition]:
    return sorted(parts, key=lambda part: (part.sold, part.row))
