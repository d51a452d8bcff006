"""The tables of drawn forms: the column heads of Schedule D, and the rows of Form 8949 box by box.

All measures are points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise

from worksheets.definitions import Definition, definition, named
from worksheets.form import Rounding
from worksheets.paper.drawn_blocks import Column, ColumnHeads, Grid, PartBar, Remark, TableRow, put_check
from worksheets.paper.drawn_pages import Section
from worksheets.paper.drawn_style import CELL, LABEL, LEFT, NOTE, RIGHT, STRONG, Pen, broken, printable
from worksheets.paper.money import amount
from worksheets.paper.pages_8949 import COLUMNS, Item, Page, pages

_WIDTHS = (118.0, 50.0, 50.0, 64.0, 64.0, 28.0, 66.0, 64.0)  # of columns (a) to (h)
_AMOUNTS = "degh"
_TABLE = tuple(
    Column(left, right, letter, letter in _AMOUNTS)
    for (left, right), letter in zip(pairwise(accumulate(_WIDTHS, initial=LEFT)), COLUMNS, strict=True)
)
_CHECK = 26.0  # from one check box to the next


def _heads(columns: Sequence[Column], year: int) -> ColumnHeads:
    labels: Mapping[str, str] = definition(year, "f8949").extra["columns"]
    return ColumnHeads(columns, [broken(labels[one.letter], LABEL, one.right - one.left - 6) for one in columns])


def amount_heads(year: int, grid: Grid) -> ColumnHeads:
    """The heads over the four columns of amounts of Schedule D."""
    lefts = [grid.left(column) for column in range(len(_AMOUNTS))]
    edges = zip(pairwise([*lefts, RIGHT]), _AMOUNTS, strict=True)
    return _heads([Column(left, right, letter, is_amount=True) for (left, right), letter in edges], year)


@cache
def box_lines(year: int) -> Mapping[str, tuple[str, str]]:
    """For each box of Form 8949 the line of Schedule D that takes its totals, and that line's caption."""
    schedule = definition(year, "f1040sd")
    return {
        reference.number: (line.number, line.caption)
        for line in schedule.lines.values()
        for reference in named(line, schedule)
        if reference.form == "8949" and reference.number.isupper()
    }


@dataclass(frozen=True, slots=True)
class BoxBar:
    """Which box is checked, what stands under it, and where its totals go."""

    boxes: Sequence[str]
    checked: str
    caption: str
    line: str
    height: float = 17.0

    def draw(self, pen: Pen, top: float) -> None:
        """Draws the check boxes of the part, the caption and the line of Schedule D."""
        y = top - 12
        for index, box in enumerate(self.boxes):
            put_check(pen, LEFT + index * _CHECK, y, box, on=box == self.checked)
        pen.text(LEFT + len(self.boxes) * _CHECK + 6, y, self.caption, STRONG)
        pen.right(RIGHT, y, f"totals to Schedule D line {self.line}", NOTE)


def rows_sections(printed: Definition, listed: Sequence[Item], rounding: Rounding) -> Iterator[Section]:
    """The rows of Form 8949 in sections, one a box, each with its totals; then what the codes mean.

    Raises:
        ValueError: a row stands under a box that this year's form does not have, or a text cannot be printed.
    """
    for part in pages(printed, listed, rounding, size=len(listed) or 1):
        for index, page in enumerate(part):
            yield _box_section(printed.year, page, rounding, first=index == 0)
    if lines := _legend(printed, listed):
        yield Section((), (Remark(lines),))


def _box_section(year: int, page: Page, rounding: Rounding, *, first: bool) -> Section:
    line, caption = box_lines(year)[page.box]
    head = (BoxBar(list(page.part["boxes"]), page.box, caption, line), _heads(_TABLE, year))
    part, title = page.part["part"], page.part["title"]
    d, e, g, h = (amount(value, rounding) for value in page.totals)
    totals = TableRow(_TABLE, [[text] for text in ("Totals", "", "", d, e, "", g, h)], total=True)
    return Section(
        head=(PartBar(part, title), *head) if first else head,
        body=[*(_row(item, rounding) for item in page.items), totals],
        again=(PartBar(part, title, continued=True), *head),
    )


def _row(item: Item, rounding: Rounding) -> TableRow:
    texts = zip(_TABLE, item.cells(rounding), strict=True)
    cells = [
        [text] if one.is_amount else broken(printable(text), CELL, one.right - one.left - 4) for one, text in texts
    ]
    return TableRow(_TABLE, cells)


def _legend(printed: Definition, listed: Iterable[Item]) -> list[str]:
    used = set("".join(item.f for item in listed))
    codes: Mapping[str, str] = printed.extra["codes"]
    return [f"Code {code}: {meaning}." for code, meaning in sorted(codes.items()) if code in used]
