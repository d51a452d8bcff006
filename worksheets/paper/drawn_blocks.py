"""What a drawn page is built of: blocks of known height, one below the other, on one grid.

All measures are points. A block draws itself below a given height; amounts are set so that their digits stand in a
column and a closing parenthesis hangs outside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from worksheets.paper.drawn_style import (
    BAR,
    BAR_NUMBER,
    BODY,
    CELL,
    FAINT,
    HAIR,
    INK,
    LABEL,
    LEFT,
    LETTER,
    LINE,
    NOTE,
    PALE,
    RIGHT,
    RULE,
    STEM,
    STRONG,
    TOTAL,
    Pen,
    Style,
    shrunk,
    width,
)

ROW = 15.2  # height of a row of one line
_GAP = 8.0  # between columns
_HANG = 5.0  # from the digits of an amount to the right edge of its column
_BAR = 16.0  # height of the bar of a part
_BOX = 6.6  # side of a check box


class Block(Protocol):
    """Something drawn, as wide as the page and of known height."""

    @property
    def height(self) -> float:
        """How high it is."""

    def draw(self, pen: Pen, top: float) -> None:
        """Draws it below `top`."""


class Cell(NamedTuple):
    """An amount in its column: the text, whether the form prints parentheses there, whether the form shuts the box."""

    text: str = ""
    parens: bool = False
    shut: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns of a form: number, caption, how (0: none) and one or more of amounts, widths from the left."""

    number: float
    amounts: tuple[float, ...]
    how: float = 0.0

    @property
    def caption(self) -> float:
        """Where captions start."""
        return LEFT + self.number

    def left(self, column: int) -> float:
        """Where a column of amounts starts, counted from the left from 0."""
        return RIGHT - sum(self.amounts[column:])

    def room(self, first: int) -> float:
        """How wide a caption may be whose row uses the columns of amounts from `first` on."""
        return self.left(first) - self.caption - _GAP - (self.how + _GAP if self.how else 0)


def baseline(top: float, style: Style = BODY) -> float:
    """The first baseline of a row: in the middle of a row of one line."""
    return top - (ROW + style.cap) / 2


def more_lines(lines: Sequence[str], style: Style) -> float:
    """What lines after the first add to a row."""
    return max(len(lines) - 1, 0) * style.step


def put_amount(pen: Pen, cell: Cell, sides: tuple[float, float], y: float, style: Style = BODY) -> None:
    """Sets an amount in the column between two sides, on the baseline `y`."""
    left, right = sides
    edge = right - _HANG
    style = shrunk(cell.text, style, right - left - 2 * _HANG)
    if not cell.text and not cell.parens:
        return
    with pen.whole():
        if cell.parens:
            pen.text(left + 3, y, "(", PALE)
        pen.right(edge + (width(")", style) if cell.text.endswith(")") else 0), y, cell.text, style)
        if cell.parens:
            pen.text(edge + 0.8, y, ")", PALE)


def put_check(pen: Pen, x: float, y: float, label: str, *, on: bool) -> None:
    """A check box with its label to the right of it."""
    bottom, cross = y + (BODY.cap - _BOX) / 2, Style(8, STRONG.font)
    pen.frame(x, bottom, x + _BOX, bottom + _BOX)
    if on:
        pen.text(x + (_BOX - width("×", cross)) / 2, y + 0.1, "×", cross)
    pen.text(x + _BOX + 4, y, label, STRONG if on else PALE)


@dataclass(frozen=True, slots=True)
class Space:
    """Nothing, of some height."""

    height: float

    def draw(self, pen: Pen, top: float) -> None:
        """Draws nothing."""


@dataclass(frozen=True, slots=True)
class PartBar:
    """The head of a part: its number in a black field, its title."""

    part: str
    title: str
    continued: bool = False
    height: float = _BAR + 3

    def draw(self, pen: Pen, top: float) -> None:
        """Draws the bar, with a rule below it."""
        bottom, x = top - _BAR, LEFT
        y = bottom + (_BAR - BAR.cap) / 2
        pen.tint(LEFT, bottom, RIGHT, top)
        with pen.whole("H2"):
            if self.part:
                number = f"Part {self.part}"
                x += width(number, BAR) + 14
                pen.tint(LEFT, bottom, x, top, INK)
                pen.text(LEFT + 7, y, f"{number} ", BAR_NUMBER)
            pen.text(x + 8, y, self.title, BAR)
        if self.continued:
            pen.right(RIGHT - _HANG, y, "continued", NOTE)
        pen.rule(LEFT, bottom, RIGHT, LINE, INK)


@dataclass(frozen=True, slots=True)
class Remark:
    """A few lines of small grey text."""

    lines: Sequence[str]

    @property
    def height(self) -> float:
        """As high as its lines, with some air."""
        return len(self.lines) * NOTE.step + 5

    def draw(self, pen: Pen, top: float) -> None:
        """Draws the lines."""
        pen.lines(LEFT, top - NOTE.size - 1, self.lines, NOTE)


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line of a form: number, caption, what it was worked from, and its amounts by column.

    `follows`: its number continues a group (2b after 2a); `leads`: the next row continues its group. A group is held
    together by fainter rules that leave the numbers out. `anchor` is the row's name in a packet, if any.
    """

    grid: Grid
    number: str
    caption: Sequence[str]
    cells: Mapping[int, Cell]
    how: Sequence[str] = ()
    follows: bool = False
    leads: bool = False
    anchor: str = ""

    @property
    def height(self) -> float:
        """As high as the higher of caption and how."""
        return ROW + max(more_lines(self.caption, BODY), more_lines(self.how, NOTE))

    def draw(self, pen: Pen, top: float) -> None:
        """Draws the row, with a rule below it."""
        grid, y, bottom, first = self.grid, baseline(top), top - self.height, min(self.cells)
        self._number(pen, y)
        pen.lines(grid.caption, y, self.caption)
        if grid.how:
            pen.lines(grid.left(first) - grid.how - _GAP, y, self.how, NOTE)
        elif len(self.cells) == 1:  # the number again, beside the amount as official forms have it
            pen.right(grid.left(first) - 5, y, self.number, NOTE)
        for column, cell in self.cells.items():
            left = grid.left(column)
            right = left + grid.amounts[column]
            if cell.shut:
                pen.tint(left, bottom, right, top, FAINT)
            put_amount(pen, cell, (left, right), y)
            pen.upright(left, top, bottom)
        pen.rule(grid.caption if self.leads else LEFT, bottom, RIGHT, HAIR, FAINT if self.leads else RULE)
        if self.anchor:
            pen.anchor(self.anchor, top)

    def _number(self, pen: Pen, y: float) -> None:
        stem = self.number[:-1] if self.follows else ""
        with pen.whole():
            pen.text(LEFT, y, stem, STEM)
            pen.text(LEFT + width(stem, STEM), y, self.number[len(stem) :], STRONG)


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question answered by two check boxes: yes, no, or (None) neither."""

    grid: Grid
    number: str
    caption: str
    yes: bool | None
    height: float = ROW

    def draw(self, pen: Pen, top: float) -> None:
        """Draws the question and its boxes, with a rule below."""
        y = baseline(top)
        pen.text(LEFT, y, self.number, STRONG)
        pen.text(self.grid.caption, y, self.caption)
        put_check(pen, RIGHT - 76, y, "Yes", on=self.yes is True)
        put_check(pen, RIGHT - 34, y, "No", on=self.yes is False)
        pen.rule(LEFT, top - self.height, RIGHT)


class Column(NamedTuple):
    """A column of a table: its sides, its letter on the form, and whether it holds amounts (set flush right)."""

    left: float
    right: float
    letter: str
    is_amount: bool


@dataclass(frozen=True, slots=True)
class ColumnHeads:
    """The heads of columns: the letter, and below it a short text."""

    columns: Sequence[Column]
    texts: Sequence[Sequence[str]]

    @property
    def height(self) -> float:
        """As high as the highest of them."""
        return 14 + max(map(len, self.texts)) * LABEL.step

    def draw(self, pen: Pen, top: float) -> None:
        """Draws the heads standing on one line, with a rule below."""
        bottom = top - self.height
        for column, text in zip(self.columns, self.texts, strict=True):
            y = bottom + 5 + len(text) * LABEL.step
            for index, (line, style) in enumerate([(f"({column.letter})", LETTER), *((line, LABEL) for line in text)]):
                x = column.right - _HANG - width(line, style) if column.is_amount else column.left + 2
                pen.text(x, y - index * LABEL.step, line, style)
        pen.rule(LEFT, bottom, RIGHT, LINE, INK)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table: the lines of each cell, an amount having one."""

    columns: Sequence[Column]
    cells: Sequence[Sequence[str]]
    total: bool = False

    @property
    def height(self) -> float:
        """As high as the highest cell."""
        return ROW + max(more_lines(lines, CELL) for lines in self.cells)

    def draw(self, pen: Pen, top: float) -> None:
        """Draws the row, with a rule below it; totals are tinted."""
        style = TOTAL if self.total else CELL
        y, bottom = baseline(top, style), top - self.height
        if self.total:
            pen.tint(LEFT, bottom, RIGHT, top)
        for column, lines in zip(self.columns, self.cells, strict=True):
            if column.is_amount:
                put_amount(pen, Cell(lines[0]), (column.left, column.right), y, style)
            else:
                pen.lines(column.left + 2, y, lines, style)
            if column.left > LEFT:
                pen.upright(column.left, top, bottom, HAIR, FAINT)
        pen.rule(LEFT, bottom, RIGHT, LINE if self.total else HAIR, INK if self.total else RULE)
