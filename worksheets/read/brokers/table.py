"""Layouts that are tables: a header row somewhere, then rows, read by the names in the header.

Columns are found by name whatever their order, case and spacing, so that an export with more columns, or other ones, is
still read; a name that ends in `*` stands for any header that begins so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Confidence, Entry, Layout, Reading, Table
from worksheets.read.brokers.source import Line, Sheet, Source

Names = tuple[str, ...]
_FURTHEST_HEADER = 2000


class Column(NamedTuple):
    """A key of the case, the headers it may stand under, and how its cells read."""

    key: str
    names: Names
    reader: cells.Reader = cells.words


@lru_cache(maxsize=8192)
def folded(name: str) -> str:
    """A header for comparison: without regard to case, spacing and a byte order mark."""
    return cells.one_line(name).casefold()


class Header:
    """The names over the columns of a table."""

    def __init__(self, line: Line) -> None:
        self.line = line.number
        self.names = tuple(folded(cell) for cell in line.cells)
        self._places: dict[Names, int | None] = {}

    def place(self, names: Names) -> int | None:
        """The column under the first of the names that the header has."""
        if names not in self._places:
            self._places[names] = self._found(names)
        return self._places[names]

    def _found(self, names: Names) -> int | None:
        for name in names:
            wanted = folded(name.removesuffix("*"))
            for place, found in enumerate(self.names):
                if found == wanted or (name.endswith("*") and found.startswith(wanted)):
                    return place
        return None

    def has(self, required: Iterable[Names]) -> bool:
        """Whether every required column is there under one of its names."""
        return all(self.place(names) is not None for names in required)


@dataclass(frozen=True, slots=True)
class Record:
    """A row under a header."""

    header: Header
    line: Line

    def raw(self, *names: str) -> str:
        """The cell under the first of the names that the header has, or "" where there is none."""
        place = self.header.place(names)
        return self.line.cells[place].strip() if place is not None and place < len(self.line.cells) else ""

    @property
    def first(self) -> str:
        """The first cell that is not empty, in small letters: footers are known by it."""
        return next((folded(cell) for cell in self.line.cells if cell.strip()), "")

    @property
    def overlong(self) -> bool:
        """Whether cells stand where the header has none; empty ones at the end are common and mean nothing."""
        return any(map(str.strip, self.line.cells[len(self.header.names) :]))


def find_header(sheet: Sheet, required: Iterable[Names]) -> int | None:
    """The place of the first row that has the required columns; blocks of other forms may stand above it."""
    wanted = tuple(required)
    for place, line in enumerate(sheet.lines[:_FURTHEST_HEADER]):
        if len(line.cells) >= len(wanted) and Header(line).has(wanted):
            return place
    return None


def records(source: Source, required: Iterable[Names]) -> Iterator[Record]:
    """The rows under the header, of every sheet that has one."""
    wanted = tuple(required)
    for sheet in source.sheets:
        place = find_header(sheet, wanted)
        if place is not None:
            header = Header(sheet.lines[place])
            yield from (Record(header, line) for line in sheet.lines[place + 1 :])


def has_header(source: Source, required: Iterable[Names]) -> bool:
    """Whether a sheet has the required columns."""
    wanted = tuple(required)
    return any(find_header(sheet, wanted) is not None for sheet in source.sheets)


def fill(entry: Entry, record: Record, columns: Iterable[Column]) -> Entry:
    """An entry with the columns of a row read into it."""
    for column in columns:
        entry.put(column.key, record.raw(*column.names), column.reader)
    return entry


def is_row(record: Record, reading: Reading, footers: Names) -> bool:
    """Whether a record is a row of data; footers are passed over, what is too long is reported."""
    if record.first.startswith(footers):
        return False
    if record.overlong:
        reading.leave(record.line.number, f"read more cells than the {len(record.header.names)} of the header")
        return False
    return True


Finish = Callable[[Entry, Record, Reading], None]


@dataclass(frozen=True, slots=True)
class TableLayout:
    """The declarations of a layout that is one table of sales (or of `table`).

    Attributes:
        required: columns by which the layout is recognised.
        columns: what is read, and how.
        footers: how the first cell of rows that are none begins, in small letters.
        finish: what needs more than one column, done to each entry.
        note: what a person should know about any such file.
    """

    name: str
    title: str
    broker: str
    confidence: Confidence
    required: tuple[Names, ...]
    columns: tuple[Column, ...]
    footers: Names = ("total",)
    finish: Finish | None = None
    table: Table = "sales"
    note: str = ""

    @property
    def layout(self) -> Layout:
        """The layout."""
        return self.with_fill(self.fill)

    def with_fill(self, fill: Callable[[Source, Reading], None]) -> Layout:
        """The layout with a way of reading around its table."""
        return Layout(self.name, self.title, self.broker, self.confidence, self.recognise, fill)

    def recognise(self, source: Source) -> bool:
        """Whether the file has the header."""
        return has_header(source, self.required)

    def fill(self, source: Source, reading: Reading) -> None:
        """Read every row under the header."""
        if self.note:
            reading.note(self.note)
        for record in records(source, self.required):
            if is_row(record, reading, self.footers):
                entry = fill(reading.entry(self.table, record.line.number), record, self.columns)
                if self.finish:
                    self.finish(entry, record, reading)


def describe(entry: Entry, name: str) -> None:
    """Give a sale the description `N sh NAME` where the file keeps both apart, and the name to know it by."""
    count = entry.values.get("shares", "")
    entry.set("description", cells.one_line(f"{count} sh {name}") if count and name else name)


def form_code(entry: Entry, code: str) -> None:
    """What the Form 8949 code of a 1099-B row says: whether the basis was reported, and the term where none is given.

    A, D: reported; B, E: not; X: not, term unknown; C, F: no Form 1099-B.
    """
    letter = code.strip().upper()[:1]
    if letter in {"A", "D", "B", "E", "X"}:
        entry.values.setdefault("basis_reported", "true" if letter in {"A", "D"} else "false")
    if letter in {"A", "B", "D", "E"}:
        entry.values.setdefault("term", "short" if letter in {"A", "B"} else "long")
    if letter in {"C", "F"}:
        without_form(entry)


def without_form(entry: Entry) -> None:
    """Say that there was no Form 1099-B, which leaves out what only the form shows; a cost is kept in words."""
    entry.set("form", "none")
    basis = entry.values.pop("basis", "")
    if basis:
        entry.notes.append(
            f"no Form 1099-B; the file shows a cost of {basis}: with kind: other, give it as correct_basis"
        )
    for key in ("basis_reported", "noncovered", "term"):
        entry.values.pop(key, None)
