"""A table that goes over pages: its head again on each, rows that belong together never parted.

A row is measured once, so that a table of thousands of rows costs what its pages cost. All measures are points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from worksheets.paper.ink import Flowable, Ink
from worksheets.paper.runs import Piece, Run, broken, shrunk
from worksheets.paper.style import ACCENT, RULE, TINT, width

PAD, ABOVE, BELOW = 3.0, 2.1, 2.3
_SHORT = 90.0  # two blocks at the head or foot of a table stay together if they are not higher than this


@dataclass(slots=True)
class Cell:
    """What stands in one cell: runs of text, all of one leading."""

    runs: Sequence[Run] = ()
    leading: float = 0.0
    right: bool = False
    span: int = 1
    lines: Sequence[Sequence[Piece]] = ()
    height: float = 0.0

    def measure(self, room: float) -> float:
        """Breaks the text to `room`, figures made smaller rather than broken; returns how high the cell is."""
        runs = shrunk(self.runs, room - self._overhang) if self.right and self.runs else self.runs
        self.lines = broken(runs, room) if runs else ()
        self.height = len(self.lines) * self.leading
        return self.height

    @property
    def _overhang(self) -> float:
        """The room that figures leave at the right for a closing parenthesis, so that all stand in line."""
        return _hang(self.runs[-1].text, self.runs[-1])

    def draw(self, ink: Ink, left: float, right: float, top: float) -> None:
        """Draws the lines between two edges."""
        if not self.right:
            ink.lines(self.lines, left, top, self.leading)
            return
        for line in filter(None, self.lines):
            last = line[-1]
            hang = _hang(last.text, last.run)
            ink.lines([line], right - hang - last.x - last.width, top, self.leading)
            top -= self.leading


@dataclass(slots=True)
class Row:
    """A row: its cells; whether it is a total, a heading over the rows that follow, tinted."""

    cells: Sequence[Cell]
    total: bool = False
    group: bool = False
    tinted: bool = False
    names: Sequence[str] = ()
    height: float = 0.0

    @property
    def begins(self) -> bool:
        """Whether it begins something; a row whose first cell is empty goes on with the one above."""
        return bool(self.cells and self.cells[0].runs)


class Grid:
    """A table: `head` rows, then blocks of rows, each of which stays on one page.

    Args:
        shares: width of each column as a part of the whole.
        head: rows repeated on every page.
        blocks: rows that stay together.
    """

    def __init__(self, shares: Sequence[float], head: Sequence[Row], blocks: Sequence[Sequence[Row]]) -> None:
        self.shares, self.head, self.blocks = shares, head, blocks
        self.width = self.height = 0.0

    @property
    def rows(self) -> Iterator[Row]:
        """Every row as it stands on the page."""
        yield from self.head
        for block in self.blocks:
            yield from block

    @cached_property
    def edges(self) -> list[float]:
        """Where columns begin, and where the last one ends."""
        found = [0.0]
        for share in self.shares:
            found.append(found[-1] + share * self.width)
        return found

    def wrap(self, room: float, _height: float) -> tuple[float, float]:
        """Gives every row its height."""
        if room != self.width:
            self.width = room
            self.__dict__.pop("edges", None)
            for row in self.rows:
                row.height = self._height(row)
            self.height = _sum(self.rows)
        return room, self.height

    def _height(self, row: Row) -> float:
        column, most = 0, 0.0
        for cell in row.cells:
            room = self.edges[column + cell.span] - self.edges[column] - 2 * PAD
            most = max(most, cell.measure(room))
            column += cell.span
        return most + ABOVE + BELOW

    def places(self) -> Iterator[tuple[str, float]]:
        """The names of its rows, and how far each begins above the table's lower edge."""
        top = self.height
        for row in self.rows:
            yield from ((name, top) for name in row.names)
            top -= row.height

    def least(self) -> float:
        """The height of the head and of the blocks that must stand on the page where the table begins."""
        kept = sum((_sum(block) for block in self.blocks[: _company(self.blocks)]), 0.0)
        return _sum(self.head) + kept

    def split(self, _room: float, height: float) -> Sequence[Flowable]:
        """As many blocks as fit, and the rest under the head again; no short block alone if it can be helped."""
        used, count = _sum(self.head), 0
        for block in self.blocks:
            used += _sum(block)
            if used > height:
                break
            count += 1
        if count == len(self.blocks):
            return [self]
        count -= _called_over(self.blocks, count)
        return [self._part(self.blocks[:count]), self._part(self.blocks[count:])] if count else []

    def _part(self, blocks: Sequence[Sequence[Row]]) -> Grid:
        part = Grid(self.shares, self.head, blocks)
        part.width, part.height = self.width, _sum(part.rows)
        return part

    def draw(self, ink: Ink, x: float, y: float) -> None:
        """Draws every row from the top down, one rule under the head and a fine one under each block."""
        with ink.group("Table"):
            self._draw_rows(ink, x, y + self.height)

    def _draw_rows(self, ink: Ink, x: float, top: float) -> None:
        for row in self.head:
            self._draw_row(ink, row, x, top, head=True)
            top -= row.height
        ink.rule(x, top, self.width, 0.8, ACCENT)
        for block in self.blocks:
            for place, row in enumerate(block):
                if place and row.begins:
                    ink.rule(x, top, self.width, 0.35, RULE)
                self._draw_row(ink, row, x, top, head=False)
                top -= row.height
            ink.rule(x, top, self.width, 0.35, RULE)

    def _draw_row(self, ink: Ink, row: Row, x: float, top: float, *, head: bool) -> None:
        if row.tinted:
            ink.tint(x, top - row.height, self.width, row.height, TINT)
        if row.total:
            ink.rule(x, top, self.width, 0.6, ACCENT)
        column = 0
        with ink.group("TR"):
            for cell in row.cells:
                left, right = x + self.edges[column] + PAD, x + self.edges[column + cell.span] - PAD
                with ink.tagged("TH" if head else "TD"):
                    cell.draw(ink, left, right, top - (row.height - cell.height - BELOW if head else ABOVE))
                column += cell.span


def _company(blocks: Sequence[Sequence[Row]]) -> int:
    """How many blocks, from the first, stay together: one that is high enough stands alone, a short one does not."""
    return 1 + (len(blocks) > 1 and _sum(blocks[0]) + _sum(blocks[1]) <= _SHORT)


def _called_over(blocks: Sequence[Sequence[Row]], count: int) -> int:
    """How many of the `count` blocks that fit a page must go over to the next, so that a last short one has company."""
    alone = count == len(blocks) - 1 and count > _company(blocks)
    return int(alone and _company(blocks[count - 1 :]) > 1)


def _hang(text: str, run: Run) -> float:
    """How far a text stays away from the right edge: as wide as a closing parenthesis, or nothing if it has one."""
    return 0.0 if text.rstrip().endswith(")") else width(")", run.font, run.size)


def _sum(rows: Iterable[Row]) -> float:
    return sum((row.height for row in rows), 0.0)
