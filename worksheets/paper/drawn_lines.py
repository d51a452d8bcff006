"""The lines of a form or worksheet as blocks, part by part, with the questions of Schedule D between them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from worksheets.definitions import LineDefinition
from worksheets.form import Columns, Form, columns, worked_lines
from worksheets.paper.drawn_blocks import Block, Cell, Grid, LineRow, PartBar, QuestionRow, Remark
from worksheets.paper.drawn_pages import Section
from worksheets.paper.drawn_style import BODY, LEFT, NOTE, RIGHT, STRONG, broken, width
from worksheets.paper.drawn_tables import amount_heads
from worksheets.paper.money import amount
from worksheets.paper.questions import CAPTIONS, OPPORTUNITY_FUND, answers
from worksheets.paper.render import spot
from worksheets.schedule_d import ScheduleD

_AMOUNT, _TABLE_AMOUNT, _LEAST_NUMBER = 88.0, 66.0, 22.0  # widths of columns, points
_HOW, _AMOUNT_BESIDE_HOW = 192.0, 76.0
_GROUP = re.compile(r"(\d+)[a-z]")


class FormLines:
    """The lines of a worked form.

    Args:
        form: the form.
        how: whether each line says what it was worked from.
        anchors: whether each line is given its name in a packet ("2024.6251.2k").
    """

    def __init__(self, form: Form, *, how: bool, anchors: bool) -> None:
        self.form = form
        self.how = how
        self.anchors = anchors
        self.amounts = form.amounts()
        self.answers = answers(form) if isinstance(form, ScheduleD) else {}

    @cached_property
    def rows(self) -> frozenset[str]:
        """The lines that are rows of a table, by name."""
        entries: Mapping[str, Any] = worked_lines(type(self.form))  # type: ignore[arg-type]  # a class is hashable
        return frozenset(name for name, entry in entries.items() if isinstance(entry, columns))

    @cached_property
    def grid(self) -> Grid:
        """The columns of this form."""
        numbers = [width(line.number, STRONG) + 8 for line in self.form.definition.lines.values()]
        number = max(_LEAST_NUMBER, *numbers)
        if self.rows:
            return Grid(number, (_TABLE_AMOUNT,) * len(Columns._fields))
        return Grid(number, (_AMOUNT_BESIDE_HOW,), _HOW) if self.how else Grid(number, (_AMOUNT,))

    @cached_property
    def questions(self) -> Sequence[str]:
        """The questions answered by check boxes, by line number, in the order printed."""
        checks = self.form.definition.extra.get("checks", {})
        return tuple(dict.fromkeys(key.rpartition("_")[0] for key in checks)) if self.rows else ()

    def sections(self) -> Iterator[Section]:
        """The parts of the form, each under its bar."""
        if OPPORTUNITY_FUND in self.questions:
            yield Section((), (self._question(OPPORTUNITY_FUND),))
        for part in self.form.definition.raw_parts:
            lines = [line for line in self.form.definition.lines.values() if line.part == part["part"]]
            heads = (amount_heads(self.form.year, self.grid),) if any(line.name in self.rows for line in lines) else ()
            yield Section(
                head=(PartBar(part["part"], part["title"]), *_condition(part), *heads),
                body=tuple(self._body(lines, part)),
                again=(PartBar(part["part"], part["title"], continued=True), *heads),
            )

    def _body(self, lines: Sequence[LineDefinition], part: Mapping[str, Any]) -> Iterator[Block]:
        """The rows of a part, each question before the first line of a higher number, or after the last of all."""
        is_last = part is self.form.definition.raw_parts[-1]
        ahead = [number for number in self.questions if number.isdigit() and int(number) > _ordinal(lines[0].number)]
        for line, (follows, leads) in zip(lines, _groups([line.number for line in lines]), strict=True):
            while ahead and int(ahead[0]) < _ordinal(line.number):
                yield self._question(ahead.pop(0))
            yield self._row(line, follows=follows, leads=leads)
        yield from (self._question(number) for number in ahead if is_last)

    def _question(self, number: str) -> QuestionRow:
        printed = number if number.isdigit() else ""
        return QuestionRow(self.grid, printed, CAPTIONS[number], self.answers.get(number))

    def _row(self, line: LineDefinition, *, follows: bool, leads: bool) -> LineRow:
        cells = self._cells(line)
        return LineRow(
            grid=self.grid,
            number=line.number,
            caption=broken(line.caption, BODY, self.grid.room(min(cells))),
            cells=cells,
            how=_how(line, self.grid.how) if self.grid.how else (),
            follows=follows,
            leads=leads,
            anchor=spot(self.form.year, self.form.key, line.number) if self.anchors else "",
        )

    def _cells(self, line: LineDefinition) -> Mapping[int, Cell]:
        """The amounts of a line by column of the grid; a column that the form has no box for is shut."""
        value, rounding = self.amounts.get(line.name), self.form.rounding
        if line.name not in self.rows:
            text = "" if value is None else amount(value, rounding, parens=line.parens)
            return {len(self.grid.amounts) - 1: Cell(text, line.parens)}
        shut = [column for column in Columns._fields if line.boxes and column not in line.boxes]
        texts = {} if value is None else {name: amount(part, rounding) for name, part in value._asdict().items()}
        return {
            index: Cell(shut=True) if column in shut else Cell(texts.get(column, ""))
            for index, column in enumerate(Columns._fields)
        }


def _condition(part: Mapping[str, Any]) -> Iterator[Remark]:
    if part.get("when"):
        yield Remark(broken(f"Filled in only if {plain(part['when'])}.", NOTE, RIGHT - LEFT))


def _ordinal(number: str) -> int:
    found = re.match(r"\d+", number)
    return int(found[0]) if found else 0


def _groups(numbers: Sequence[str]) -> Iterator[tuple[bool, bool]]:
    """For each line whether it continues a group of lettered lines (2b after 2a), and whether the next does."""
    stems = ["", *(found[1] if (found := _GROUP.fullmatch(number)) else "" for number in numbers), ""]
    for before, stem, after in zip(stems, stems[1:], stems[2:], strict=False):
        yield bool(stem) and stem == before, bool(stem) and stem == after


def _how(line: LineDefinition, room: float) -> list[str]:
    """What a line is worked from, and the citation, which is not broken if it need not be."""
    lines = broken(plain(line.how), NOTE, room)
    if not line.cite:
        return lines
    ending = f"{lines[-1]} ({line.cite})"
    if width(ending, NOTE) <= room:
        return [*lines[:-1], ending]
    return [*lines, *broken(f"({line.cite})", NOTE, room)]


def plain(how: str) -> str:
    """What a line is worked from, as printed: keys of the case in quotation marks."""
    return re.sub(r"`(\w+)`", r"“\1”", how)
