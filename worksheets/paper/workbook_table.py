"""Tables of a workbook: one row a thing, one column a fact of it, and how formulas refer to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from worksheets.paper.workbook_sheet import LABEL, Book, Cell, Sheet, letters

HEAD: Final = 3  # rows above the first of a table: title, note, headings
Row = Mapping[str, Cell]
EMPTY: Final = Cell(None, role=LABEL)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the key that formulas know it by, its heading, its width in characters, how its numbers are shown."""

    key: str
    heading: str
    width: float = 12
    number: str = "money"


class Table:
    """A table on a sheet of its own, laid out before its rows are written, so that others can refer to them.

    Args:
        book: the file.
        name: of the sheet.
        columns: in order.
        count: how many rows it will have.
        named: keys of the columns that have names, by the names' beginning: `("Disp", ("lot", "out"))`.
    """

    def __init__(
        self,
        book: Book,
        name: str,
        columns: Sequence[Column],
        count: int,
        named: tuple[str, tuple[str, ...]] = ("", ()),
    ) -> None:
        self.columns = columns
        self.places = {column.key: place for place, column in enumerate(columns)}
        self.count = max(count, 1)
        self.sheet: Sheet = book.sheet(name, [column.width for column in columns])
        self.columns_of = {key: letters(place) for key, place in self.places.items()}
        self.before = {key: f"'{name}'!${column}$" for key, column in self.columns_of.items()}
        prefix, keys = named
        for key in keys:
            book.name(f"{prefix}_{key}", self.span(key))

    def at(self, key: str, row: int) -> str:
        """A cell as other sheets refer to it."""
        return f"{self.before[key]}{HEAD + row + 1}"

    def own(self, key: str, row: int) -> str:
        """A cell as its own sheet refers to it."""
        return f"{self.columns_of[key]}{HEAD + row + 1}"

    def area(self, key: str, first: int, last: int) -> str:
        """Cells of a column, as their own sheet refers to them."""
        return f"{self.own(key, first)}:{self.own(key, last)}"

    def span(self, key: str) -> str:
        """A whole column."""
        return self.sheet.span(self.places[key], HEAD, HEAD + self.count - 1)

    def fill(self, title: str, note: str, rows: Iterable[Row], frozen: int = 1) -> None:
        """Write the table with its title; keys that a row leaves out stay empty."""
        self.sheet.title(title, note)
        shown = {place: "text" if column.number == "text" else "count" for place, column in enumerate(self.columns)}
        self.sheet.heads(HEAD - 1, [column.heading for column in self.columns], 52, shown)
        self.sheet.freeze(HEAD, frozen)
        for place, row in enumerate(rows):
            for column in self.columns:
                cell = row.get(column.key, EMPTY)
                self.sheet.put(HEAD + place, self.places[column.key], cell, column.number)

    def hide(self, keys: Iterable[str]) -> None:
        """Hide columns that this household has no use for; a user can show them again."""
        for key in keys:
            place = self.places[key]
            self.sheet.paper.set_column(place, place, self.columns[place].width, None, {"hidden": True})


class Local:
    """Cells of one row, as formulas on the row's own sheet name them: `of["shares"]`, or in a text `{shares}`."""

    def __init__(self, table: Table, row: int, others: Mapping[str, str] | None = None) -> None:
        self.table = table
        self.row = row
        self.others = others or {}

    def __getitem__(self, key: str) -> str:
        return self.others[key] if key in self.others else self.table.own(key, self.row)

    def formula(self, text: str) -> str:
        """A formula with the cells it names in braces."""
        return text.format_map(self)


def to_cent(amount: str) -> str:
    """An amount to the cent, half a cent to the even one, as `ledger.share_out` has it."""
    even = f"ROUND(({amount})/2,Cents)*2"
    nearest = f"ROUND({amount},Cents)"
    return f"IF(ROUND(ABS({amount}-{nearest}),Finest)=Half_cent,{even},{nearest})"


def numbered(name: str, value: Any) -> str:
    """How a number of shares is shown: without decimals where it has none."""
    return "shares" if value == value.to_integral_value() else name
