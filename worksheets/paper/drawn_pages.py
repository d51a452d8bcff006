"""From blocks to pages: the head of the first page, running heads, footers, and where pages break.

All measures are points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from worksheets.paper.drawn_blocks import Block, ColumnHeads, LineRow, QuestionRow, Space, TableRow
from worksheets.paper.drawn_style import (
    BOTTOM,
    FAINT,
    FLAG,
    INK,
    LABEL,
    LEFT,
    LINE,
    NOTE,
    NUMERAL,
    PALE,
    RIGHT,
    SMALL_TITLE,
    STROKE,
    STRONG,
    TITLE,
    TOP,
    WHO,
    Pen,
    Style,
    broken,
    cut,
    shrunk,
    width,
)
from worksheets.paper.ink import Ink
from worksheets.paper.join import join
from worksheets.paper.leaves import Leaves

_SIDE = 96.0  # width of the fields with the form's number and with the year
_HEAD, _NAMES, _AIR = 58.0, 27.0, 12.0  # heights: head, name row, and the space below
_FLAG = 13.0  # what a row of flags adds to a head with a title of two lines
_RUNNING = 26.0  # height of the running head of later pages
_FOOT = 40.0  # baseline of the footer
_BETWEEN = 14.0  # between sections
_FULL = TOP - _RUNNING - BOTTOM  # room on a later page
_BEGINNING = 100.0  # the least room in which a section longer than a page begins


@dataclass(frozen=True, slots=True)
class Masthead:
    """What stands at the head of a drawn form.

    `label` is its name ("Form 6251", "Gain Worksheet"), `edition` what this paper is and what to do with it, `ssn` the
    number as shown here, `mark` the book ("AMT"), `warnings` what must not be overlooked ("Draft figures").
    """

    label: str
    year: int
    title: str
    edition: str
    sequence: str
    name: str
    ssn: str
    mark: str = ""
    warnings: Sequence[str] = ()

    @property
    def height(self) -> float:
        """How high it is, with the space below."""
        return TOP - self._bottom + _NAMES + _AIR

    @property
    def _bottom(self) -> float:
        """Where the head ends and the name row begins; flags below a title of two lines need more room."""
        crowded = bool(self.mark or self.warnings) and len(_set_title(self.title, self._title_room)[0]) > 1
        return TOP - _HEAD - (_FLAG if crowded else 0)

    @property
    def _numbered(self) -> bool:
        return self.label.startswith(("Form ", "Schedule ")) and "Worksheet" not in self.label

    @property
    def _left(self) -> float:
        """Where the title starts: after the field with the form's number, if there is one."""
        return LEFT + _SIDE + 12 if self._numbered else LEFT

    @property
    def _title_room(self) -> float:
        return RIGHT - _SIDE - 12 - self._left

    def draw(self, pen: Pen) -> None:
        """Draws head and name row at the top of the page."""
        bottom = self._bottom
        if self._numbered:
            self._label(pen, bottom)
        self._title(pen, bottom)
        self._year(pen, bottom)
        pen.rule(LEFT, bottom, RIGHT, STROKE, INK)
        split = RIGHT - _SIDE
        _field(pen, LEFT, bottom, split - LEFT - 12, ("Name(s) shown on return", self.name))
        _field(pen, split + 8, bottom, _SIDE - 8, ("Social security number", self.ssn))
        pen.upright(split, bottom, bottom - _NAMES, LINE, INK)
        pen.rule(LEFT, bottom - _NAMES, RIGHT, LINE, INK)

    def _label(self, pen: Pen, bottom: float) -> None:
        small, _, large = self.label.rpartition(" ")
        pen.text(LEFT, TOP - 10, small, NOTE)
        pen.text(LEFT, TOP - 33, large, shrunk(large, NUMERAL, _SIDE - 12))
        if small == "Schedule":
            pen.text(LEFT, bottom + 8, "(Form 1040)", NOTE)
        pen.upright(LEFT + _SIDE, TOP - 2, bottom, LINE, INK)

    def _title(self, pen: Pen, bottom: float) -> None:
        left, below = self._left, bottom + 8
        lines, style = _set_title(self.title, self._title_room)
        with pen.whole("H1"):
            pen.lines(left, TOP - 15, lines, style)
        pen.text(left, below, self.edition, shrunk(self.edition, NOTE, self._title_room))
        for flag in filter(None, (self.mark, *self.warnings)):
            end = left + width(flag, FLAG) + 10
            pen.tint(left, below + 9.5, end, below + 19.5, INK)
            pen.text(left + 5, below + 12.2, flag, FLAG)
            left = end + 6

    def _year(self, pen: Pen, bottom: float) -> None:
        pen.upright(RIGHT - _SIDE, TOP - 2, bottom, LINE, INK)
        pen.right(RIGHT, TOP - 33, str(self.year), NUMERAL)
        if self.sequence:
            pen.right(RIGHT, bottom + 8, f"Attachment Sequence No. {self.sequence}", LABEL)

    def draw_running(self, pen: Pen) -> None:
        """Draws the head of a later page."""
        name = f"{self.label} ({self.year})"
        pen.text(LEFT, TOP - 10, name, STRONG)
        who = " · ".join(filter(None, (self.name, self.ssn)))
        pen.right(RIGHT, TOP - 10, *cut(who, PALE, RIGHT - LEFT - width(name, STRONG) - 24))
        pen.rule(LEFT, TOP - 16, RIGHT, STROKE, INK)

    def draw_footer(self, pen: Pen, page: int, count: int) -> None:
        """Draws the footer: what this paper is, and which page of how many."""
        pen.rule(LEFT, _FOOT + 10, RIGHT, LINE, FAINT)
        pen.text(LEFT, _FOOT, " · ".join((self.edition, *self.warnings)), LABEL)
        pen.right(RIGHT, _FOOT, f"Page {page} of {count}", LABEL)


def _set_title(title: str, room: float) -> tuple[list[str], Style]:
    """The lines of a title: one if it can be, else broken after a dash, else where it must be."""
    style = shrunk(title, TITLE, room)
    if style.size >= SMALL_TITLE.size:
        return [title], style
    head, dash, rest = title.partition("—")
    if dash and max(width(part, TITLE) for part in (head + dash, rest)) <= room:
        return [head + dash, rest], TITLE
    lines = broken(title, TITLE, room)
    return (lines, TITLE) if len(lines) <= 2 else (broken(title, SMALL_TITLE, room), SMALL_TITLE)


def _field(pen: Pen, x: float, top: float, room: float, entry: tuple[str, str]) -> None:
    label, value = entry
    pen.text(x, top - 8, label, LABEL)
    pen.text(x, top - 21, *cut(value, WHO, room))


def _height(blocks: Iterable[Block]) -> float:
    return sum(block.height for block in blocks)


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks that belong together: a head that stays with the first of the rest; `again` heads it on a next page."""

    head: Sequence[Block]
    body: Sequence[Block]
    again: Sequence[Block] = ()

    @property
    def least(self) -> float:
        """The room it must find to start on a page: for all of it if one page can hold it, else for a beginning."""
        all_of_it = _height(self.head) + _height(self.body)
        return all_of_it if all_of_it <= _FULL else max(_height([*self.head, *self.body[:1]]), _BEGINNING)


class _Flow:
    """Pages as they fill up, and the room left on the last."""

    def __init__(self, left: float) -> None:
        self.pages: list[list[Block]] = [[]]
        self.left = left

    def put(self, *blocks: Block) -> None:
        """Puts blocks on the last page."""
        self.pages[-1] += blocks
        self.left -= _height(blocks)

    def turn(self, *blocks: Block) -> None:
        """Begins a page with `blocks`."""
        self.pages.append([])
        self.left = _FULL
        self.put(*blocks)

    def add(self, section: Section) -> None:
        """Adds a section, on a new page if this one has not the room for it."""
        if self.pages[-1] and self.left - _BETWEEN < section.least:
            self.turn()
        elif self.pages[-1]:
            self.put(Space(_BETWEEN))
        self.put(*section.head)
        for block in section.body:
            if block.height > self.left:
                self.turn(*section.again)
            self.put(block)


@dataclass(frozen=True, slots=True)
class Piece:
    """One drawn form: what stands at its head, and its sections."""

    masthead: Masthead
    sections: Sequence[Section]

    def pages(self) -> list[list[Block]]:
        """The blocks of each page."""
        flow = _Flow(TOP - self.masthead.height - BOTTOM)
        for section in self.sections:
            flow.add(section)
        return flow.pages

    def draw(self, pen: Pen) -> None:
        """Draws every page."""
        pages = self.pages()
        for number, blocks in enumerate(pages, 1):
            self._head(pen, first=number == 1)
            top = TOP - (self.masthead.height if number == 1 else _RUNNING)
            for is_row, found in groupby(zip(blocks, _tops(blocks, top), strict=True), lambda one: _is_row(one[0])):
                _draw_blocks(pen, found, rows=is_row)
            with pen.ink.artifact():
                self.masthead.draw_footer(pen, number, len(pages))
            pen.ink.turn()

    def _head(self, pen: Pen, *, first: bool) -> None:
        if first:
            with pen.each("P"):
                self.masthead.draw(pen)
        else:
            with pen.ink.artifact():
                self.masthead.draw_running(pen)


def _is_row(block: Block) -> bool:
    return isinstance(block, LineRow | QuestionRow | ColumnHeads | TableRow)


def _draw_blocks(pen: Pen, blocks: Iterable[tuple[Block, float]], *, rows: bool) -> None:
    """Draws blocks below the heights given: rows of one table, or else bars of parts and remarks."""
    with pen.ink.group("Table" if rows else "Div"):
        for block, top in blocks:
            if rows:
                with pen.ink.group("TR"), pen.each("TH" if isinstance(block, ColumnHeads) else "TD"):
                    block.draw(pen, top)
            else:
                with pen.each("P"):
                    block.draw(pen, top)


def _tops(blocks: Sequence[Block], top: float) -> Iterator[float]:
    for block in blocks:
        yield top
        top -= block.height


def leaves(pieces: Iterable[Piece]) -> Leaves:
    """The pieces as pages of a packet."""
    ink = Ink()
    pen = Pen(ink)
    for piece in pieces:
        piece.draw(pen)
    return Leaves(ink.leaves)


def render(pieces: Sequence[Piece]) -> bytes:
    """The pieces as one PDF, fonts embedded; the same pieces give the same bytes."""
    first = pieces[0].masthead
    return join([leaves(pieces)], title=f"{first.label} ({first.year})", subject=first.title)
