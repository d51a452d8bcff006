"""Tables in the case file's own names (`3921.csv`, `1099b.csv`), or with columns that the user has mapped to them.

Names are taken whatever their case; values may be written as brokers write them ($1,000.00, 03/10/2025).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worksheets.case import Exercise, Sale
from worksheets.problems import refuse
from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Layout, Reading, Table
from worksheets.read.brokers.source import Line, Sheet, Source
from worksheets.read.brokers.table import folded
from worksheets.read.translate import known_keys

NAMES: Mapping[Table, tuple[str, ...]] = {"exercises": known_keys(Exercise), "sales": known_keys(Sale)}
ALL_NAMES = tuple(dict.fromkeys((*NAMES["exercises"], *NAMES["sales"])))
# By these a table is known for what it is.
MARKS: Mapping[Table, str] = {"exercises": "exercise_date", "sales": "sold"}
READERS: Mapping[str, cells.Reader] = {
    **dict.fromkeys(("grant_date", "exercise_date", "held_from"), cells.day),
    "sold": cells.sold_day,
    **dict.fromkeys(("acquired", "correct_acquired"), cells.acquired),
    **dict.fromkeys(("exercise_price", "fmv", "paid", "commission", "regular_basis", "amt_basis"), cells.money),
    **dict.fromkeys(("proceeds", "basis", "correct_basis", "selling_expenses", "pay_reported"), cells.money),
    "wash_sale_disallowed": cells.size,
    **dict.fromkeys(("shares", "replaced_shares"), cells.shares),
    **dict.fromkeys(("basis_reported", "noncovered", "section_83b"), cells.flag),
    "term": cells.term,
}


@dataclass(frozen=True, slots=True)
class Found:
    """A header: its line, the key of the case for each column ("" for none), and which table it is of."""

    place: int
    keys: tuple[str, ...]
    table: Table
    ignored: tuple[str, ...]


class Plain:
    """Tables in our own names, once columns are renamed as the user says.

    Args:
        mapping: column → name of the case file, or "" to leave a column aside.
    """

    def __init__(self, mapping: Mapping[str, str]) -> None:
        self.mapping = {folded(column): name.strip().lower() for column, name in mapping.items()}

    @property
    def layout(self) -> Layout:
        """The layout."""
        title = "table with columns as mapped" if self.mapping else "table"
        return Layout("plain", title, "", "own", self.recognise, self.fill)

    def maps(self, source: Source) -> bool:
        """Whether a column that the user mapped is in the file."""
        return any(
            folded(cell) in self.mapping for sheet in source.sheets for line in sheet.lines for cell in line.cells
        )

    def recognise(self, source: Source) -> bool:
        """Whether a sheet has a header in our names."""
        return any(self._header(sheet, source.file) for sheet in source.sheets)

    def fill(self, source: Source, reading: Reading) -> None:
        """Read the rows of every table."""
        for sheet in source.sheets:
            found = self._header(sheet, source.file)
            if found is None:
                continue
            for name in found.ignored:
                reading.note(f"the column '{cells.hidden_digits(name)}' is not mapped and was left aside")
            for line in sheet.lines[found.place + 1 :]:
                _row(line, found, reading)

    def _header(self, sheet: Sheet, file: str) -> Found | None:
        for place, line in enumerate(sheet.lines):
            names = tuple(map(folded, line.cells))
            keys = tuple(self.mapping.get(name, name if name in ALL_NAMES else "") for name in names)
            tables = [table for table, mark in MARKS.items() if mark in keys]
            strange = tuple(name for name, key in zip(names, keys, strict=True) if name and not key)
            ignored = tuple(name for name in strange if name not in self.mapping)
            if not tables or (ignored and not self.mapping):
                continue
            return self._checked(Found(place, keys, tables[0], ignored), file, line.number, len(tables) > 1)
        return None

    @staticmethod
    def _checked(found: Found, file: str, line: int, both: bool) -> Found:
        if both:
            raise refuse(file, "read columns of exercises and of sales together, expected one or the other", line=line)
        given = [key for key in found.keys if key]
        for key in given:
            if key not in NAMES[found.table]:
                raise refuse(
                    file, f"read a column of no use in {found.table}, expected it left out", line=line, key=key
                )
            if given.count(key) > 1:
                raise refuse(file, "read two columns for it, expected one", line=line, key=key)
        return found


def _row(line: Line, found: Found, reading: Reading) -> None:
    if any(map(str.strip, line.cells[len(found.keys) :])):
        reading.leave(line.number, f"read more cells than the {len(found.keys)} of the header")
        return
    entry = reading.entry(found.table, line.number)
    for key, cell in zip(found.keys, line.cells, strict=False):
        if key:
            entry.put(key, cell, READERS.get(key, cells.words))
