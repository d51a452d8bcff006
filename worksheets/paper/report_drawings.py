"""The pictures of the audit report on paper: the same figures as on the page, drawn with our own ink.

All measures are points; amounts are printed as the return rounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from worksheets.form import Rounding
from worksheets.paper.ink import Flowable, Ink
from worksheets.paper.money import amount
from worksheets.paper.report_pictures import Bar, Bars, Mark, Timeline
from worksheets.paper.runs import Run
from worksheets.paper.style import ACCENT, GOOD, INK, MUTED, REGULAR, RULE, TINT, Colour, fitted, width

BARS_WIDE, LINE_WIDE = 190.0, 250.0
BAR, BAR_STEP, PARTS_STEP = 7.0, 23.0, 9.0
AXIS, LANE, FOOT = 6.0, 10.0, 12.0
SIZE, SMALL = 6.8, 6.2
HATCH: Final = 3.0
PAPER: Final[Colour] = (1, 1, 1)
AMT: Final[Colour] = (0.42, 0.27, 0.59)
EARLY: Final[Colour] = (0.54, 0.35, 0.0)
SOLID: Final[Mapping[str, Colour]] = {
    "proceeds": INK,
    "reported": MUTED,
    "right": ACCENT,
    "paid": ACCENT,
    "amt": AMT,
    "amt_paid": AMT,
    "free": GOOD,
}
HATCHED: Final[Mapping[str, Colour]] = {"pay": ACCENT, "spread": AMT, "early": EARLY}
OPEN: Final = frozenset({"grant", "vest", "split"})
PLAIN: Final = Run("", REGULAR, SIZE, INK)
FINE: Final = Run("", REGULAR, SMALL, MUTED)
Box = tuple[float, float, float, float]


class Drawing:
    """A picture of fixed size, never parted."""

    wide = 0.0
    height = 0.0

    def wrap(self, _room: float, _height: float) -> tuple[float, float]:
        """Its size, whatever the room."""
        return self.wide, self.height

    def split(self, _room: float, height: float) -> Sequence[Flowable]:
        """All or nothing."""
        return [self] if self.height <= height else []

    def draw(self, ink: Ink, x: float, y: float) -> None:
        """Draws it with its lower left corner there; the text beside it says the same to readers that speak."""
        with ink.artifact():
            self.show(ink, x, y)

    def show(self, ink: Ink, x: float, y: float) -> None:
        """What each picture draws."""
        raise NotImplementedError


class BarsDrawing(Drawing):
    """Amounts as bars on one scale, the proceeds as a dashed rule through all."""

    wide = BARS_WIDE

    def __init__(self, bars: Bars, rounding: Rounding) -> None:
        self.bars, self.rounding = bars, rounding
        self.height = sum(BAR_STEP + _parts_high(bar) for bar in bars.bars)

    def show(self, ink: Ink, x: float, y: float) -> None:
        """Draws the bars from the top down."""
        top = y + self.height
        for bar in self.bars.bars:
            self._bar(ink, bar, x, top)
            top -= BAR_STEP + _parts_high(bar)

    def _bar(self, ink: Ink, bar: Bar, x: float, top: float) -> None:
        text = "not shown" if bar.amount is None else amount(bar.amount, self.rounding)
        _text(ink, bar.label, x, top - SIZE)
        _text(ink, text, x + BARS_WIDE - width(text, REGULAR, SIZE), top - SIZE)
        y = top - SIZE - 4 - BAR
        ink.tint(x, y, BARS_WIDE, BAR, TINT)
        for part in self.bars.segments(bar):
            _fill(ink, part.kind, (x + _points(part.left, BARS_WIDE), y, _points(part.width, BARS_WIDE), BAR))
        _dashes(ink, x + _points(self.bars.at, BARS_WIDE), y - 2, y + BAR + 2)
        if len(bar.parts) > 1:
            made = " + ".join(f"{amount(value, self.rounding)} {name}" for _, name, value in bar.parts)
            _text(ink, fitted(made, REGULAR, SMALL, BARS_WIDE), x, y - SMALL - 2, FINE)


def _parts_high(bar: Bar) -> float:
    return PARTS_STEP if len(bar.parts) > 1 else 0.0


class TimelineDrawing(Drawing):
    """The life of a lot on a line of time."""

    wide = LINE_WIDE

    def __init__(self, picture: Timeline) -> None:
        self.picture = picture
        up, down = picture.lanes
        self.above = up * LANE + 10  # from the axis to the upper edge
        self.height = self.above + AXIS + down * LANE + 10 + FOOT

    def show(self, ink: Ink, x: float, y: float) -> None:
        """Draws years, spans of time, then the marks."""
        axis = y + self.height - self.above
        self._years(ink, x, y, axis)
        for span in self.picture.spans:
            left, wide = x + _points(span.left, LINE_WIDE), _points(span.width, LINE_WIDE)
            if span.kind == "option":
                _dots(ink, left, axis, wide)
            else:
                _fill(ink, span.kind, (left, axis - AXIS / 2, wide, AXIS))
        for mark in self.picture.marks:
            if mark.label:
                _label(ink, mark, x + _points(mark.at, LINE_WIDE), axis)
        for mark in self.picture.marks:
            _sign(ink, mark.event.kind, x + _points(mark.at, LINE_WIDE), axis)

    def _years(self, ink: Ink, x: float, y: float, axis: float) -> None:
        for tick in self.picture.ticks:
            at = x + _points(tick.at, LINE_WIDE)
            _line(ink, at, (y + FOOT - 2, axis), RULE, 0.4)
            _text(ink, tick.label, at - width(tick.label, REGULAR, SMALL) / 2, y + 2, FINE)


def _label(ink: Ink, mark: Mark, x: float, axis: float) -> None:
    reach = 8 + LANE * mark.lane
    y = axis - reach - SIZE + 1 if mark.event.below else axis + reach
    inner = AXIS / 2 if mark.event.kind == "year" else 0
    _line(ink, x, (y, axis) if mark.event.below else (axis - inner, y + SIZE - 1), MUTED, 0.5)
    _text(ink, mark.label, x + 3, y)


def _sign(ink: Ink, kind: str, x: float, y: float) -> None:
    """The sign of an event: an open circle, a square, a diamond."""
    if kind == "exercise":
        ink.tint(x - 2.8, y - 2.8, 5.6, 5.6, INK)
    elif kind in OPEN:
        ink.disc(x, y, 2.6, PAPER, INK)
    elif kind == "sale":
        ink.polygon([(x, y + 4), (x + 4, y), (x, y - 4), (x - 4, y)], INK)


def _points(percent: Decimal, wide: float) -> float:
    return float(percent) * wide / 100


def _text(ink: Ink, text: str, x: float, y: float, run: Run = PLAIN) -> None:
    ink.text(text, run, x, y)


def _line(ink: Ink, x: float, ends: tuple[float, float], colour: Colour, thick: float) -> None:
    """An upright line."""
    ink.upright(x, ends[0], ends[1] - ends[0], thick, colour)


def _dashes(ink: Ink, x: float, low: float, high: float) -> None:
    with ink.kept():
        ink.dash(2, 1.4)
        _line(ink, x, (low, high), INK, 0.9)


def _dots(ink: Ink, x: float, y: float, wide: float) -> None:
    with ink.kept():
        ink.dash(1, 2)
        ink.rule(x, y, wide, 1.1, MUTED)


def _fill(ink: Ink, kind: str, box: Box) -> None:
    """A bar of one kind: solid, or hatched within a frame."""
    if kind in SOLID:
        ink.tint(*box, SOLID[kind])
        return
    x, y, wide, high = box
    colour = HATCHED[kind]
    ink.tint(*box, PAPER)
    with ink.kept():
        ink.clip(*box)
        ink.stroke(colour, 0.9)
        for start in _steps(x - high, x + wide):
            ink.line((start, y), (start + high, y + high))
    ink.frame(x, y, wide, high, colour)


def _steps(start: float, end: float) -> Iterator[float]:
    while start < end:
        yield start
        start += HATCH
