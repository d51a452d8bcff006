"""What a layout is, and what reading a file by it gives.

A layout is a module of a few declarations with a `LAYOUT`: how a file is recognised, and how its rows become entries in
the names of the case file. `confidence` says how the layout is known: from a real export, from programs that read it,
or from the format's own specification.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from worksheets.problems import printable
from worksheets.read.brokers import cells
from worksheets.read.brokers.source import Source

Table = Literal["exercises", "sales", "acquisitions", "totals"]
Confidence = Literal["real", "parser", "spec", "own"]

CONFIDENCE: Mapping[Confidence, str] = {
    "real": "seen in real exports",
    "parser": "known from programs that read it",
    "spec": "as its specification says",
    "own": "the case file's own names",
}
# What an entry must have before a case can use it (`corporation` may also come from a sale's description).
REQUIRED: Mapping[Table, tuple[str, ...]] = {
    "exercises": ("corporation", "grant_date", "exercise_date", "exercise_price", "fmv", "shares"),
    "sales": ("corporation", "shares", "sold", "proceeds"),
    "acquisitions": ("corporation", "date", "shares"),
    "totals": ("year",),
}
WORDS: Mapping[Table, str] = {
    "exercises": "exercise",
    "sales": "sale",
    "acquisitions": "other shares got",
    "totals": "totals",
}


@dataclass(slots=True, eq=False)
class Entry:
    """One row in the case file's names.

    Attributes:
        values: key → plain text, as the case file takes it; keys without a value are left out.
        unread: key → what stands in the file and what was expected, for a cell that could not be read.
        hints: key → what to fill in, for a key that this file cannot say.
        notes: what a person should know about the row.
        aside: key → value and why it is not among `values`: written as a comment.
        symbol: the stock's symbol or name, for a row whose corporation only its description can tell.
        line: line of the file, row of the sheet or place of the record, counted from 1.
    """

    table: Table
    file: str
    line: int
    values: dict[str, str] = field(default_factory=dict)
    unread: dict[str, tuple[str, str]] = field(default_factory=dict)
    hints: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    aside: dict[str, tuple[str, str]] = field(default_factory=dict)
    symbol: str = ""

    def put(self, key: str, raw: str, reader: cells.Reader) -> None:
        """Read a cell into a key; what cannot be read is kept apart with the reason."""
        try:
            value = reader(raw)
        except ValueError as error:
            self.unread[key] = (cells.one_line(raw), str(error))
        else:
            self.set(key, value)

    def set(self, key: str, value: str) -> None:
        """Give a key a value; nothing for an empty one."""
        if value:
            self.values[key] = value

    @property
    def missing(self) -> tuple[str, ...]:
        """Keys that a case needs and the row lacks."""
        return tuple(key for key in REQUIRED[self.table] if key not in self.values)


@dataclass(frozen=True, slots=True)
class Left:
    """A row that was not understood: where, and why."""

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.why}"


@dataclass(slots=True)
class Reading:
    """What one file gave.

    Attributes:
        left: rows that were not understood; a row with a cell that was not is here and among the entries.
        notes: what a person should know about the file.
    """

    layout: Layout
    file: str
    entries: list[Entry] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def entry(self, table: Table, line: int) -> Entry:
        """A new entry, added to the reading; its broker is the layout's."""
        entry = Entry(table, self.file, line)
        if table in ("sales", "totals"):
            entry.set("broker", self.layout.broker)
        self.entries.append(entry)
        return entry

    def leave(self, line: int, why: str) -> None:
        """Report a row that was not understood."""
        self.left.append(Left(self.file, line, why))

    def note(self, text: str) -> None:
        """Tell something about the file, once."""
        if text not in self.notes:
            self.notes.append(text)

    def finish(self) -> Reading:
        """The reading, with what could not be read in its entries among the rows not understood."""
        for entry in self.entries:
            for key, (raw, expected) in entry.unread.items():
                self.leave(entry.line, f"{key}: read '{printable(cells.hidden_digits(raw))}', expected {expected}")
        self.left.sort(key=lambda left: left.line)
        return self


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout of files: its name, what people call it, and how it is recognised and read.

    Attributes:
        name: short, as its fixture's folder is called.
        broker: who sends such files, as the case names them; "" when the file says or nobody in particular does.
    """

    name: str
    title: str
    broker: str
    confidence: Confidence
    recognise: Callable[[Source], bool]
    fill: Callable[[Source, Reading], None]

    def read(self, source: Source) -> Reading:
        """Everything the file holds."""
        reading = Reading(self, source.file)
        self.fill(source, reading)
        return reading.finish()
