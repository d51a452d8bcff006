"""A CSV table in the case's own names: a header row in any order, one entry a row, every cell text."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from worksheets.problems import Problem, dotted, printable, refuse, unknown
from worksheets.read.located import Rows, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worksheets.read.files import Document


def read_table(document: Document, name: str, columns: tuple[str, ...]) -> tuple[Rows, list[Problem]]:
    """The rows of a CSV, and what is wrong with its layout.

    An empty cell is left out of its row. A row with more cells than the header is None in the result, so that default
    ids still count in file order; rows without any cell are skipped.

    Args:
        document: the CSV's text.
        name: what the case calls the table, `exercises` or `sales`.
        columns: the names a header may have; case does not matter.

    Raises:
        CaseError: no header row, or quotes that do not close.
    """
    lines = _Lines(document)
    header = next(iter(lines), None)
    if header is None:
        raise refuse(document.file, f"read an empty file, expected a header row with the names of {name}")
    names, problems = _header(document.file, lines.line, header, columns)
    rows = Rows(document.file, lines.line)
    rows.columns = frozenset(filter(None, names))
    for cells in lines:
        if any(map(str.strip, cells)):
            _add(rows, cells, names, lines.line)
    problems += [_too_long(document.file, name, rows, index, names) for index, row in enumerate(rows) if row is None]
    return rows, problems


class _Lines:
    """The records of a CSV; `line` is where the one at hand begins."""

    def __init__(self, document: Document) -> None:
        self.file = document.file
        self.line = 0
        self._reader = csv.reader(io.StringIO(document.text, newline=""), strict=True)

    def __iter__(self) -> Iterator[list[str]]:
        while True:
            self.line = self._reader.line_num + 1
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                message = f"read no CSV ({printable(str(error))}), expected cells between commas"
                raise refuse(self.file, message, line=self.line) from None
            if cells:
                yield cells


def _header(file: str, line: int, cells: list[str], columns: tuple[str, ...]) -> tuple[list[str | None], list[Problem]]:
    names: list[str | None] = []
    problems: list[Problem] = []
    for cell in cells:
        name = cell.strip().lower()
        if name in columns and name not in names:
            names.append(name)
            continue
        names.append(None)
        problems.append(Problem(file, line, printable(name) or "file", _column_message(name, columns)))
    return names, problems


def _column_message(name: str, columns: tuple[str, ...]) -> str:
    if name in columns:
        return "read the column a second time, expected it once"
    if not name:
        return "read a column without a name, expected a name over every column"
    if ";" in name or "\t" in name:
        return "read a header without commas, expected the names with commas between them"
    return unknown("column", name, columns)


def _add(rows: Rows, cells: list[str], names: list[str | None], line: int) -> None:
    rows.lines.append(line)
    if len(cells) > len(names):
        rows.append(None)
        return
    row = Table(rows.file, line)
    for name, cell in zip(names, cells, strict=False):
        if name is not None and (text := cell.strip()):
            row[name] = text
    rows.append(row)


def _too_long(file: str, name: str, rows: Rows, index: int, names: list[str | None]) -> Problem:
    message = f"read more cells than the header has, expected at most {len(names)} (quote a cell that holds a comma)"
    return Problem(file, rows.lines[index], dotted((name, index)), message)
