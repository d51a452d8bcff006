"""The pictures of the audit report as numbers: bars on one scale, and the life of a lot on a line of time.

Places and widths are percents of the picture's width, so that the same figures serve a page that may be narrow or wide
and a sheet of paper. Each picture carries its text. Amounts are dollars.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from worksheets.form import ZERO

WHOLE: Final = Decimal(100)
ROOM: Final = Decimal(78)  # percent of a timeline that holds marks: what is right of it is for the last label
START: Final = Decimal(2)
HUNDREDTH: Final = Decimal("0.01")
LETTER: Final = Decimal("2.05")  # percent that a letter of a label takes on the narrowest page
GAP: Final = Decimal(3)
MOST_TICKS: Final = 8
LONGEST: Final = 10


class Segment(NamedTuple):
    """A part of a bar: what it stands for, where it begins and how wide it is (percent)."""

    kind: str
    left: Decimal
    width: Decimal


class Bar(NamedTuple):
    """One amount as a bar; `amount` is None where the form shows none. `parts` says what it is made of."""

    kind: str
    label: str
    amount: Decimal | None
    parts: Sequence[tuple[str, str, Decimal]] = ()


@dataclass(frozen=True, slots=True)
class Bars:
    """Amounts on one scale that begins at zero; `line` is the amount that a rule marks through all of them."""

    bars: Sequence[Bar]
    line: Decimal

    @property
    def scale(self) -> Decimal:
        """The amount at the right edge."""
        return max([self.line, *(bar.amount or ZERO for bar in self.bars)])

    @property
    def at(self) -> Decimal:
        """Where the rule stands."""
        return _percent(self.line, self.scale)

    def segments(self, bar: Bar) -> list[Segment]:
        """The parts of a bar from left to right."""
        found, left = [], ZERO
        for kind, _, amount in bar.parts or ((bar.kind, bar.label, bar.amount or ZERO),):
            width = _percent(amount, self.scale)
            if width:
                found.append(Segment(kind, left, width))
            left += width
        return found


def _percent(amount: Decimal, of: Decimal) -> Decimal:
    return (amount * WHOLE / of).quantize(HUNDREDTH) if of else ZERO


class Event(NamedTuple):
    """Something that happened to a lot, or a day that counts; `below` puts it under the line, as sales are."""

    day: date
    kind: str
    label: str
    text: str
    below: bool = False


class Mark(NamedTuple):
    """An event with its place: percent from the left, and the lane of its label, 0 next to the line."""

    event: Event
    at: Decimal
    lane: int

    @property
    def label(self) -> str:
        """The label, cut where it is long."""
        text = self.event.label
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


class Tick(NamedTuple):
    """The first day of a year on the line of time."""

    at: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The life of a lot: spans of time, marks above and below the line, and years."""

    spans: Sequence[Segment]
    marks: Sequence[Mark]
    ticks: Sequence[Tick]
    text: str

    @property
    def above(self) -> list[Mark]:
        """The marks above the line."""
        return [mark for mark in self.marks if not mark.event.below]

    @property
    def below(self) -> list[Mark]:
        """The marks below it."""
        return [mark for mark in self.marks if mark.event.below]

    @property
    def lanes(self) -> tuple[int, int]:
        """How many lanes of labels there are above and below the line."""
        return tuple(max((mark.lane + 1 for mark in side), default=0) for side in (self.above, self.below))  # type: ignore[return-value]  # two of them


class Scale:
    """Days as places on a line of time.

    Args:
        first: the day at its left end.
        last: the day at its right end, after `first`.
    """

    def __init__(self, first: date, last: date) -> None:
        self.first = first
        self.days = max((last - first).days, 1)

    def at(self, day: date) -> Decimal:
        """The place of a day, percent."""
        return (START + (ROOM - START) * (day - self.first).days / self.days).quantize(HUNDREDTH)

    def span(self, kind: str, start: date, end: date) -> Segment:
        """The time between two days."""
        left = self.at(start)
        return Segment(kind, left, max(self.at(end) - left, ZERO))

    def ticks(self) -> list[Tick]:
        """First days of years, not too many of them."""
        last = self.first.toordinal() + self.days
        years = range(self.first.year + 1, date.fromordinal(last).year + 1)
        step = -(-len(years) // MOST_TICKS) or 1
        return [Tick(self.at(date(year, 1, 1)), str(year)) for year in years[::step]]


def told(events: Iterable[Event]) -> str:
    """Events in words: "2022-01-03: option granted; 2023-03-13: …"."""
    return "; ".join(f"{event.day}: {event.text}" for event in events)


def timeline(events: Iterable[Event], spans: Iterable[tuple[str, date, date]], end: date, text: str = "") -> Timeline:
    """A line of time from the first event to `end`.

    Args:
        events: what is marked, in any order.
        spans: stretches of time by kind, with the days they begin and end on.
        end: the day at the right end.
        text: what it shows, in words; the events where that is left out.
    """
    listed = sorted(events, key=lambda event: event.day)
    scale = Scale(listed[0].day, max(end, listed[-1].day))
    marks = [mark for below in (False, True) for mark in _placed(scale, listed, below=below)]
    return Timeline([scale.span(*span) for span in spans], marks, scale.ticks(), text or told(listed))


def _placed(scale: Scale, events: Sequence[Event], *, below: bool) -> list[Mark]:
    """The marks of one side. Labels stand right of their mark; from the right, each takes the first free lane.

    A label that reaches over a mark at its right goes above all that this mark has, so that no line crosses a label.
    """
    found: list[Mark] = []
    for event in reversed([event for event in events if event.below is below]):
        at = scale.at(event.day)
        end = at + GAP + LETTER * min(len(event.label), LONGEST)
        near = (mark.lane + 1 for mark in found if mark.at < end and event.label)
        found.append(Mark(event, at, max(near, default=0)))
    return found[::-1]
