"""Rows of Form 8949 as they are printed: by box and page, with the totals of each page.

Source: Form 8949 instructions, line 1 (a page for each box), line 2 (totals) and Exception 2 (an attached statement
in place of rows). Amounts are rounded for print; the totals of the pages add up exactly to the line of Schedule D.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from worksheets.definitions import Definition
from worksheets.f8949 import Row
from worksheets.form import ZERO, Columns, Rounding
from worksheets.paper.money import amount, composed, day
from worksheets.statements import listing

COLUMNS = "abcdefgh"
_KINDS = 3  # boxes of a part come as reported, not reported, no form; then the same again for digital assets
_NOTHING = Columns(ZERO, ZERO, ZERO, ZERO)


class Item(NamedTuple):
    """One row: columns (a), (b), (c) and (f) as printed, the others exact; (g) is blank where (f) is."""

    box: str
    a: str
    b: str
    c: str
    f: str
    amounts: Columns

    def cells(self, rounding: Rounding) -> tuple[str, ...]:
        """Columns (a) to (h) as printed."""
        d, e, g, h = (amount(value, rounding) for value in self.amounts)
        return self.a, self.b, self.c, d, e, self.f, g if self.f else "", h


@dataclass(frozen=True, slots=True)
class Page:
    """One page: a part of the form with one box checked, its rows, and the totals of columns (d), (e), (g) and (h)."""

    part: Mapping[str, Any]
    box: str
    items: Sequence[Item]
    totals: Columns


def items(rows: Iterable[Row]) -> list[Item]:
    """Each row as it is printed; rows that go straight to Schedule D lines 1a and 8a stay out."""
    listed = [row for row in rows if row.box.isupper()]
    return [Item(row.box, composed(row.a), day(row.b), day(row.c), row.f or "", row.columns) for row in listed]


def pages(printed: Definition, listed: Iterable[Item], rounding: Rounding, size: int | None = None) -> list[list[Page]]:
    """The pages of each part of the form, in order, `size` rows to a page (as many as the form has).

    Raises:
        ValueError: a row stands under a box that this year's form does not have.
    """
    by_box = {box: list(found) for box, found in groupby(sorted(listed, key=attrgetter("box")), attrgetter("box"))}
    known = [box for part in printed.raw_parts for box in part["boxes"]]
    if unknown := sorted(set(by_box) - set(known)):
        raise ValueError(f"Form 8949 ({printed.year}) has no box {', '.join(unknown)}")
    room = size or int(printed.extra["rows"])
    return [list(_part_pages(part, by_box, rounding, room)) for part in printed.raw_parts]


def _part_pages(
    part: Mapping[str, Any], by_box: Mapping[str, Sequence[Item]], rounding: Rounding, room: int
) -> Iterator[Page]:
    """The pages of one part; boxes that share a line of Schedule D (A and G) follow one another in their totals."""
    order = list(part["boxes"])
    for kind in range(_KINDS):
        before, shown = _NOTHING, _NOTHING
        for box in order[kind::_KINDS]:
            found = by_box.get(box, ())
            for start in range(0, len(found), room):
                on_page = found[start : start + room]
                before = _sum([before, *(item.amounts for item in on_page)])
                rounded: Columns = rounding(before)
                yield Page(part, box, on_page, _less(rounded, shown))
                shown = rounded


def _sum(parts: Iterable[Columns]) -> Columns:
    return Columns(*(sum(values, ZERO) for values in zip(*parts, strict=True)))


def _less(one: Columns, other: Columns) -> Columns:
    return Columns(*(first - second for first, second in zip(one, other, strict=True)))


def summarised(
    rows: Sequence[Row], brokers: Mapping[str, str], most: Decimal | int | None
) -> tuple[list[Item], list[Item]]:
    """The rows to print on the form, and those to list on an attached statement instead (Exception 2).

    A broker with more than `most` rows under one box gets one row there, coded M; `brokers` names that of each sale.
    """
    found = listing(rows, brokers, most)
    on_form = items(found.rows)
    on_form += (Item(one.box, composed(one.text), "", "", one.codes, one.columns) for one in found.together)
    return sorted(on_form, key=attrgetter("box")), items(found.statement)
