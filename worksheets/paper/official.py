"""A year's forms on the official blanks: which value goes into which box.

Values come from the worked lines (`Form.amounts`), boxes from forms/<year>/, so that paper says what the result says.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from worksheets.definitions import Definition
from worksheets.form import Columns, Form, Rounding
from worksheets.paper.blank import Blank, Field
from worksheets.paper.fill import Sheet, drawing
from worksheets.paper.money import Header, amount
from worksheets.paper.pages_8949 import Item, Page, pages
from worksheets.paper.questions import answers
from worksheets.paper.typeface import typeface
from worksheets.schedule_d import ScheduleD

AMT = "AMT"
Values = dict[str, str | bool]
_SURELY_FITS = 24  # characters that go into any box for words


def fill_form(blank: Blank, form: Form, header: Header, *, mark: str | None = None) -> Sheet:
    """A worked form in the boxes of its blank: every line that is not blank, the answers, name and number.

    Raises:
        ValueError: the blank lacks a box, or a name has a character that its typeface lacks.
    """
    head = form.definition.extra["header"]
    return blank.fill(_headed(blank, head, header) | form_values(form), mark)


def form_values(form: Form) -> Values:
    """What a form's boxes hold, by short field name, without name and number."""
    values: Values = {}
    for name, value in form.amounts().items():
        line = form.definition.lines[name]
        for column, box in line.boxes.items():
            exact = getattr(value, column) if isinstance(value, Columns) else value
            values[box] = amount(exact, form.rounding, parens=line.parens)
    if isinstance(form, ScheduleD):
        checks = form.definition.extra["checks"]
        values |= {checks[f"{line}_{'yes' if yes else 'no'}"]: True for line, yes in answers(form).items()}
    return values


def fill_8949(  # noqa: PLR0913 # what a sheet holds, each by name
    blank: Blank,
    printed: Definition,
    listed: Sequence[Item],
    header: Header,
    rounding: Rounding,
    *,
    mark: str | None = None,
) -> list[Sheet]:
    """As many sheets of Form 8949 as the rows take: short-term pages in front, long-term pages on the back.

    A sheet stays whole: where only one side has rows, the other bears name and number alone.

    Raises:
        ValueError: a row stands under a box that this year's form does not have, or a text cannot be printed.
    """
    head: Values = {}
    for part in printed.raw_parts:
        head |= _headed(blank, part, header)
    sheets = zip_longest(*pages(printed, listed, rounding))
    return [blank.fill(head | _sheet_values(blank, sides, rounding), mark) for sides in sheets]


def _sheet_values(blank: Blank, sides: Sequence[Page | None], rounding: Rounding) -> Values:
    return {box: value for side in sides if side for box, value in _page_values(blank, side, rounding)}


def _page_values(blank: Blank, page: Page, rounding: Rounding) -> Iterator[tuple[str, str | bool]]:
    yield page.part["boxes"][page.box], True
    for boxes, item in zip(page.part["row_boxes"], page.items, strict=False):
        description, *others = item.cells(rounding)
        yield boxes[0], fitted(blank, boxes[0], description)
        yield from zip(boxes[1:], others, strict=True)
    for column, box in page.part["totals"].items():
        yield box, amount(getattr(page.totals, column), rounding)


def _headed(blank: Blank, boxes: Mapping[str, Any], header: Header) -> Values:
    return {boxes["name"]: fitted(blank, boxes["name"], header.name), boxes["ssn"]: header.ssn}


def fitted(blank: Blank, name: str, text: str) -> str:
    """The text as far as it goes into its box at the smallest type, an ellipsis for the rest.

    Raises:
        ValueError: it has a character that the typeface lacks.
    """
    if len(text) <= _SURELY_FITS:
        return text
    typeface().width(text)
    field = blank.named(name)
    if _fits(field, text):
        return text
    first_too_long = bisect_left(range(1, len(text)), 1, key=lambda length: int(not _fits(field, _cut(text, length))))
    return _cut(text, first_too_long)


def _cut(text: str, length: int) -> str:
    return text[:length].rstrip() + "…"


def _fits(field: Field, text: str) -> bool:
    try:
        drawing(field, text)
    except ValueError:
        return False
    return True
