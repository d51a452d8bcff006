"""A spreadsheet being written: cells by what they are, formats, names, print setup, the XLSX file itself.

A cell says by its colour what it is (see `ROLES`); text is always written as text, so that nothing of a case becomes a
formula. Every formula carries the figure of our own computation as its cached value: a viewer that does not
recalculate shows the same as one that does. Format: ECMA-376, written with XlsxWriter.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from math import ceil
from typing import Any, Final

from worksheets.paper.pdf import source_date

INPUT, TYPED, CHOSEN, WORKED, LABEL, WARNING = "input", "typed", "chosen", "worked", "label", "warning"
LONGEST_TEXT: Final = 32_767  # characters a cell takes
LONGEST_NAME: Final = 100  # characters of the name in a page's head
LETTERS: Final = 26
LEGAL_FROM: Final = 150  # characters: a wider sheet is printed on legal paper
TABLOID_FROM: Final = 230  # characters: a sheet wider still on tabloid paper
LETTER, TABLOID, LEGAL = 1, 3, 5  # sizes of paper, as the file format numbers them
CENTRED: Final = frozenset({"day", "count", "flag", "ratio"})
SHRUNK: Final = frozenset({"money", "parens", "cents", "price", "shares", "parts", "ratio"})
INDENTED: Final = frozenset({INPUT, TYPED, CHOSEN, WORKED, LABEL, WARNING})
LINE: Final = 12.5  # points a line of text takes
DENSITY: Final = 1.3  # characters of text for each character of a column's width
FIRST_DAY: Final = date(1899, 12, 30)  # the day that a spreadsheet numbers 0
UNDATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - a spreadsheet's moments have no zone
FONT: Final = "Arial"

_HEAD: Final = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3251", "text_wrap": True, "valign": "vcenter"}
ROLES: Final[Mapping[str, Mapping[str, Any]]] = {
    INPUT: {"font_color": "#0B3D91", "bg_color": "#EAF2FB", "border": 1, "border_color": "#C3D4EA"},
    TYPED: {"font_color": "#6B4300", "bg_color": "#FFE2A8", "border": 1, "border_color": "#E3BC6A"},
    CHOSEN: {"font_color": "#5B2A86", "bg_color": "#F4EDFA", "border": 1, "border_color": "#DCCBEA"},
    WORKED: {"font_color": "#000000", "bottom": 4, "bottom_color": "#BFBFBF"},
    LABEL: {"font_color": "#262626", "bottom": 4, "bottom_color": "#D9D9D9"},
    "plain": {},
    "note": {"font_color": "#595959", "italic": True},
    "title": {"bold": True, "font_size": 14, "font_color": "#1F3251"},
    "head": {**_HEAD, "align": "left", "indent": 1},
    "middle": {**_HEAD, "align": "center"},
    "figures": {**_HEAD, "align": "right"},
    "part": {"bold": True, "font_color": "#1F3251", "bg_color": "#DDE3EC"},
    WARNING: {"bold": True, "font_color": "#9C0006", "bg_color": "#FBE3E4"},
    "link": {"font_color": "#0B3D91", "underline": 1},
}
"""What a cell is, and how that looks."""

_DOLLARS = "#,##0_);(#,##0);0_);@"
_CENTS = "#,##0.00_);(#,##0.00);0.00_);@"
NUMBERS: Final[Mapping[str, str]] = {
    "text": "@",
    "wrap": "@",
    "flag": '"TRUE";"TRUE";"FALSE";@',
    "ratio": "General",
    "money": _DOLLARS,
    "parens": "(#,##0);-#,##0_);0_);@",
    "cents": _CENTS,
    "cents_parens": "(#,##0.00);-#,##0.00_);0.00_);@",
    "price": "#,##0.00####_);(#,##0.00####);0.00_);@",
    "shares": "#,##0_);(#,##0);0_);@",
    "parts": "#,##0.0#######_);(#,##0.0#######);0_);@",
    "rate": "0%_)",
    "day": "mm/dd/yyyy;;;@",
    "count": "0",
}
"""How the number in a cell is shown."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: a value, or a formula with the value that it has in our computation.

    `number` names the format of its number (see `NUMBERS`) where it is not the column's.
    """

    value: Any
    formula: str = ""
    role: str = WORKED
    number: str = ""


def given(value: Any, number: str = "") -> Cell:
    """A fact of the case, to be changed at will."""
    return Cell(value, role=INPUT, number=number)


def typed(value: Any, number: str = "") -> Cell:
    """A figure that only the return program can know."""
    return Cell(value, role=TYPED, number=number)


def chosen(value: Any, number: str = "") -> Cell:
    """What our choice of lots fixed, or what follows from facts that the workbook does not hold."""
    return Cell(value, role=CHOSEN, number=number)


def label(text: str) -> Cell:
    """A word beside figures."""
    return Cell(text, role=LABEL)


@cache
def letters(column: int) -> str:
    """The letters of a column counted from 0: "A", "AB"."""
    found, rest = "", column + 1
    while rest:
        rest, place = divmod(rest - 1, LETTERS)
        found = chr(ord("A") + place) + found
    return found


def cached(value: Any) -> Any:
    """A value as a cell holds it: numbers and days as binary numbers, which is all that a spreadsheet has."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, date):
        return (value - FIRST_DAY).days
    return "" if value is None else float(value)


@cache
def _plain_worksheet() -> Any:
    """A worksheet that takes formulas as they are.

    XlsxWriter looks through each one for some thirty newer functions, most of the time it takes; ours have none.
    """
    from xlsxwriter.worksheet import Worksheet  # noqa: PLC0415 - only a workbook pays for it

    class PlainWorksheet(Worksheet):  # type: ignore[misc]  # the library has no types
        """A worksheet whose formulas hold functions of the first edition of the format only."""

        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
            return formula.removeprefix("=")

    return PlainWorksheet


class Book:
    """The file.

    Args:
        title: in its properties.
        owner: the names on the return, for the head of each printed page.
        places: decimals of an amount: 0 where the return rounds to dollars, else 2.
    """

    def __init__(self, title: str, owner: str, places: int) -> None:
        import xlsxwriter  # noqa: PLC0415 - only a workbook pays for it

        self.stream = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.file: Any = xlsxwriter.Workbook(self.stream, {**options, "strings_to_numbers": False})
        made = source_date()
        moment = UNDATED if made is None else made.replace(tzinfo=None)
        self.file.set_properties({"title": title, "author": "", "comments": "", "created": moment})
        self.owner = owner
        self.cents = places > 0
        self.formats: dict[tuple[str, str], Any] = {}
        self.names: dict[str, str] = {}

    def format(self, role: str, number: str) -> Any:
        """The format of a cell by what it is and how its number is shown."""
        key = (role, number)
        if key not in self.formats:
            shown = f"cents{number.removeprefix('money')}" if self.cents and number == "money" else number
            shown = "cents_parens" if self.cents and number == "parens" else shown
            look: dict[str, Any] = {"font_name": FONT, "font_size": 9, "valign": "top", "num_format": NUMBERS[shown]}
            if number == "wrap":
                look["text_wrap"] = True
            if number in SHRUNK:
                look["shrink"] = True  # rather than number signs, however long a changed fact makes it
            if number in CENTRED:
                look["align"] = "center"
            elif number in {"text", "wrap"} and role in INDENTED:
                look |= {"align": "left", "indent": 1}
            self.formats[key] = self.file.add_format({**look, **ROLES[role]})
        return self.formats[key]

    def sheet(self, name: str, widths: list[float], tab: str = "#1F3251") -> Sheet:
        """A new sheet with its columns, in characters."""
        return Sheet(self, name, widths, tab)

    def name(self, name: str, where: str) -> str:
        """Give a cell or range a name for formulas.

        Raises:
            ValueError: the name is taken.
        """
        if name in self.names:
            raise ValueError(f"{name} is taken")
        self.names[name] = where
        self.file.define_name(name, f"={where}")
        return name

    def save(self) -> bytes:
        """The file's bytes."""
        self.file.close()
        return self.stream.getvalue()


class Sheet:
    """One sheet."""

    def __init__(self, book: Book, name: str, widths: list[float], tab: str) -> None:
        self.book = book
        self.name = name
        self.widths = widths
        self.paper: Any = book.file.add_worksheet(name, _plain_worksheet())
        for place, width in enumerate(widths):
            self.paper.set_column(place, place, width, book.format("plain", "text"))
        self.paper.hide_gridlines(2)
        self.paper.set_tab_color(tab)
        self._print_setup()

    def _print_setup(self) -> None:
        # "&" begins a code and stands for itself when doubled; XlsxWriter still takes a letter right after it for one
        owner = " ".join(self.book.owner.replace("&", " & ").split())[:LONGEST_NAME].replace("&", "&&")
        self.paper.set_landscape()
        wide = sum(self.widths)
        self.paper.set_paper(TABLOID if wide > TABLOID_FROM else LEGAL if wide > LEGAL_FROM else LETTER)
        self.paper.fit_to_pages(1, 0)
        self.paper.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        self.paper.set_header(f"&L&8{_apart(owner)}&R&8{_apart(self.name)}")
        self.paper.set_footer("&L&8Live workbook: change a blue or amber cell and recalculate&R&8Page &P of &N")

    def freeze(self, rows: int, columns: int = 0) -> None:
        """Keep the first rows (and columns) in sight, and print the rows on every page."""
        self.paper.freeze_panes(rows, columns)
        self.paper.repeat_rows(0, rows - 1)

    def title(self, text: str, note: str = "") -> None:
        """The sheet's first two rows."""
        self.text(0, 0, text, "title")
        self.paper.set_row(0, 21)
        self.text(1, 0, note, "note")

    def heads(self, row: int, texts: Sequence[str], height: float = 26, shown: Mapping[int, str] | None = None) -> None:
        """A row of column headings, set as their columns are: `shown` names those whose numbers are no amounts."""
        self.paper.set_row(row, height)
        for column, text in enumerate(texts):
            number = (shown or {}).get(column, "money")
            role = "head" if number == "text" else "middle" if number in CENTRED else "figures"
            self.text(row, column, text, role)

    def fit(self, row: int, texts: Mapping[int, str]) -> None:
        """Make a row as high as its longest text needs, by column."""
        lines = max(ceil(len(text) / (self.widths[column] * DENSITY)) for column, text in texts.items())
        if lines > 1:
            self.paper.set_row(row, lines * LINE)

    def ruled(self, row: int) -> None:
        """A row with its rule all the way, for cells to be written over."""
        for column in range(len(self.widths)):
            self.put(row, column, Cell(None, role=LABEL))

    def alarm(self, row: int, column: int, rule: Mapping[str, Any]) -> None:
        """Show a cell in red where a rule holds."""
        look = self.book.file.add_format(dict(ROLES[WARNING]))
        self.paper.conditional_format(row, column, row, column, {**rule, "format": look})

    def band(self, row: int, text: str) -> None:
        """A row that begins a part."""
        for column in range(len(self.widths)):
            self.text(row, column, text if column == 0 else "", "part")

    def text(self, row: int, column: int, text: str, role: str = "plain", *, wrap: bool = False) -> None:
        """Text, never taken for anything else."""
        look = self.book.format(role, "wrap" if wrap else "text")
        if text:
            self.paper.write_string(row, column, text[:LONGEST_TEXT], look)
        else:
            self.paper.write_blank(row, column, None, look)

    def put(self, row: int, column: int, cell: Cell, number: str = "text") -> None:
        """A cell, in its own number format or the one given."""
        value = cell.value
        look = self.book.format(cell.role, "flag" if isinstance(value, bool) else cell.number or number)
        if cell.formula:
            self.paper.write_formula(row, column, f"={cell.formula}", look, cached(value))
        elif isinstance(value, bool):
            self.paper.write_boolean(row, column, value, look)
        elif isinstance(value, date | Decimal | int):
            self.paper.write_number(row, column, cached(value), look)
        else:
            self.text_in(row, column, value or "", look)

    def text_in(self, row: int, column: int, text: str, look: Any) -> None:
        """Text in a format of its own."""
        if text:
            self.paper.write_string(row, column, text[:LONGEST_TEXT], look)
        else:
            self.paper.write_blank(row, column, None, look)

    def ref(self, row: int, column: int) -> str:
        """How other sheets and names refer to a cell: "'Facts sales'!$C$7"."""
        return f"'{self.name}'!${letters(column)}${row + 1}"

    def span(self, column: int, first: int, last: int) -> str:
        """The same for a part of a column."""
        return f"{self.ref(first, column)}:${letters(column)}${last + 1}"

    def row_span(self, row: int, first: int, last: int) -> str:
        """The same for a part of a row."""
        return f"{self.ref(row, first)}:${letters(last)}${row + 1}"

    def choices(self, row: int, column: int, allowed: list[str]) -> None:
        """What a cell may hold."""
        self.paper.data_validation(row, column, row, column, {"validate": "list", "source": allowed})


def _apart(text: str) -> str:
    """Text after a font size in a page's head: digits would be read as part of the size."""
    return f" {text}" if text[:1].isdigit() else text
