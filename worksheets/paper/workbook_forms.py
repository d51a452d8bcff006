"""The forms of a year in a workbook: line by line as printed, captions from `forms/`, amounts as formulas.

One sheet each: the return up to the tax, Schedule D in both books, Form 6251 with the worksheets behind it, Form 8801,
and what is carried to the next year. Every amount has a name, such as `F6251_2024_2k`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from worksheets.definitions import LineDefinition
from worksheets.form import ZERO, Columns, Form, Rounding
from worksheets.household import YearBooks
from worksheets.paper.render import STATUS_WORDS
from worksheets.paper.workbook_law import remark
from worksheets.paper.workbook_lines import fine
from worksheets.paper.workbook_scope import Scope, cell_name, form_of, formulas, step_value, steps
from worksheets.paper.workbook_sheet import Book, Cell, Sheet, label, typed
from worksheets.schedule_d import ScheduleD

TABS: Final = ("#2F6F5E", "#8A5A1F", "#4B4E9E", "#9E3D52")
"""Colours of the sheets' tabs, in turn by year."""

DIRECT: Final = {"short_term_reported_unadjusted": ("1a",), "long_term_reported_unadjusted": ("8a",)}
"""Rows of Schedule D that take rows without adjustment (Exception 1); spreadsheets do not tell "a" from "A"."""

BOXED: Final = (
    "short_term_reported",
    "short_term_not_reported",
    "short_term_no_form",
    "long_term_reported",
    "long_term_not_reported",
    "long_term_no_form",
)
"""Rows of Schedule D in the order of the boxes of Form 8949 that they take."""

LETTERS: Final = ("d", "e", "g", "h")
STOCK: Final = {
    "inclusion": ("Line 2i: spread on shares kept to the year's end", "SUMIF(Lots_year,{y},Lots_line_2i)"),
    "pay": ("Pay from early sales, regular book", "SUMIF(Disp_year,{y},Books_r_income)"),
    "amt_pay": ("Pay from early sales, AMT book", "SUMIF(Disp_year,{y},Books_a_income)"),
    "pay_elsewhere": ("Pay that no Form W-2 shows (Schedule 1)", "SUMIF(Pay_year,{y},Pay_missing)"),
}
BETWEEN: Final = "Between the lines"


@dataclass(frozen=True, slots=True)
class Block:
    """A form on a sheet: one book or both side by side, up to a line or whole.

    Attributes:
        keys: the form, and its AMT copy where it stands beside it.
        until: name of the last line shown; what comes after leads to the typed tax.
    """

    keys: tuple[str, ...]
    until: str = ""


BOTH_GAIN: Final = Block(("gain_worksheet", "gain_worksheet_amt"), "ordinary_part")
BOTH_SPECIAL: Final = Block(("schedule_d_tax", "schedule_d_tax_amt"), "taxed_at_ordinary_rates")
SINGLE, DOUBLE, WIDE = 1, 2, 8
SHEETS: Final = (
    ("schedule_d", "Sch D", WIDE, (Block(("schedule_d", "schedule_d_amt")),)),
    ("f6251", "6251", SINGLE, (Block(("f6251",)), Block(("line_2k",)), Block(("exemption_worksheet",)))),
    ("f8801", "8801", SINGLE, (Block(("f8801",)),)),
    ("carryover", "Carryover", DOUBLE, (Block(("carryover", "carryover_amt")),)),
)
TERMS: Final = {"short": ("1a", *"ABCGHI"), "long": ("8a", *"DEFJKL")}
STRAIGHT: Final = {"1a": "a", "8a": "d"}
"""Boxes of Form 8949 by term, with what goes straight to Schedule D."""


class YearSheet:
    """A sheet of one year: lines with their amounts.

    Args:
        book: the file.
        books: the year.
        name: what the sheet is called after its year.
        title: its first row.
        shape: how many columns of amounts it has: one, one a book, or four a book (Schedule D).
    """

    def __init__(self, book: Book, books: YearBooks, name: str, title: str, shape: int = SINGLE) -> None:
        self.book = book
        self.books = books
        self.year = books.year
        self.shape = shape
        amounts = [13.0 if shape == WIDE else 17.0] * shape
        tab = TABS[books.year % len(TABS)]
        self.sheet: Sheet = book.sheet(f"{books.year} {name}", [8, 52, *amounts, 62, 24], tab)
        status = STATUS_WORDS[books.facts.filing_status]
        said = ", ".join(filter(None, (book.owner, status, remark(books.law))))
        self.sheet.title(f"{title} ({books.year})", said)
        heads = ["Line", "What it is", *self._headings(), "How it is worked", "Law"]
        words = dict.fromkeys((0, 1, len(heads) - 2, len(heads) - 1), "text")
        self.sheet.heads(2, heads, 18, words)
        self.sheet.freeze(3, 2)
        self.row = 2

    def _headings(self) -> list[str]:
        if self.shape == SINGLE:
            return ["Amount"]
        if self.shape == DOUBLE:
            return ["Regular tax", "AMT copy"]
        return [f"{book} ({letter})" for book in ("Regular", "AMT") for letter in LETTERS]

    def band(self, text: str) -> None:
        """A row that begins a part, after an empty one."""
        self.row += 1 if self.row == 2 else 2
        self.sheet.band(self.row, text)

    def words(self, number: str, caption: str, how: str = "", cite: str = "") -> None:
        """The next row, with its words."""
        self.row += 1
        texts = {0: number, 1: caption, 2 + self.shape: how.replace("`", ""), 3 + self.shape: cite}
        self.sheet.ruled(self.row)
        for column, text in texts.items():
            self.sheet.put(self.row, column, label(text), "wrap")
        self.sheet.fit(self.row, texts)

    def put(self, place: int, name: str, cell: Cell, number: str = "money", letter: str = "h") -> None:
        """An amount of this row in one of the books, with its name."""
        wide = self.shape == WIDE
        column = 2 + (place * len(LETTERS) + LETTERS.index(letter) if wide else place)
        self.sheet.put(self.row, column, cell, number)
        self.book.name(name, self.sheet.ref(self.row, column))


class FormSheet(YearSheet):
    """A sheet of forms of a whole year."""

    def __init__(self, book: Book, scope: Scope, name: str, title: str, shape: int = SINGLE) -> None:
        super().__init__(book, scope.books, name, title, shape)
        self.scope = scope

    def form(self, block: Block) -> None:
        """Write a form, then what it decides between its lines."""
        forms = [form_of(self.scope.done, key) for key in block.keys]
        for form in forms:
            form.amounts()
        for part, entries in groupby(_shown(forms, block), key=lambda entry: entry.part):
            self.band(_part_title(forms[0], part))
            for entry in entries:
                self._line(block, forms, entry)
        self.steps(block, forms)

    def _line(self, block: Block, forms: Sequence[Form], entry: LineDefinition) -> None:
        self.words(entry.number, entry.caption, entry.how, entry.cite)
        for place, (key, form) in enumerate(zip(block.keys, forms, strict=True)):
            if entry.name not in form.definition.lines:
                continue
            if entry.is_row:
                self._columns(place, key, form, entry)
            else:
                self._amount(place, key, form, entry)

    def _amount(self, place: int, key: str, form: Form, entry: LineDefinition) -> None:
        name, value = cell_name(key, self.year, entry.name), form.worked[entry.name]
        number = "parens" if entry.parens else "money"
        if entry.name in form.given:
            self.put(place, name, typed(value), number)
            return
        text = self.scope.formula(formulas(form, key)[entry.name], key)
        self.put(place, name, Cell(value, text), number)

    def _columns(self, place: int, key: str, form: Form, entry: LineDefinition) -> None:
        """A row of Schedule D: the totals of its boxes of Form 8949, blank where they have no rows."""
        value: Columns | None = form.worked[entry.name]
        table = "F8949AMT" if key.endswith("_amt") else "F8949"
        boxes = _boxes(form, entry.name)
        where = f"{table}_year,Year_{self.year},{table}_to"
        count = "+".join(f'COUNTIFS({where},"{box}")' for box in boxes)
        for letter in LETTERS:
            total = "+".join(f'SUMIFS({table}_{letter},{where},"{box}")' for box in boxes)
            formula = f'IF({count}=0,"",ROUND(ROUND({total},Fine),Places))'
            name = f"{cell_name(key, self.year, entry.name).removesuffix('_h')}_{letter}"
            self.put(place, name, Cell(None if value is None else getattr(value, letter), formula), letter=letter)

    def steps(self, block: Block, forms: Sequence[Form]) -> None:
        """What a form decides or adds up between its lines."""
        found = [steps(form, key) for key, form in zip(block.keys, forms, strict=True)]
        if not any(found):
            return
        self.band(f"{BETWEEN} of {forms[0].definition.label}")
        for alike in zip(*found, strict=True):
            self.words("", alike[0].caption)
            for place, (step, key, form) in enumerate(zip(alike, block.keys, forms, strict=True)):
                value = step_value(form, step.name)
                text = self.scope.formula(step.formula, key)
                self.put(place, cell_name(key, self.year, step.name), Cell(value, text))


def _shown(forms: Sequence[Form], block: Block) -> Iterator[LineDefinition]:
    for entry in forms[0].definition.lines.values():
        yield entry
        if entry.name == block.until:
            return


def _part_title(form: Form, part: str) -> str:
    title = form.definition.parts[part]
    return f"{form.definition.label}, Part {part}: {title}" if part else form.definition.title


def _boxes(form: Form, name: str) -> Sequence[str]:
    """The boxes of Form 8949 that a row of Schedule D takes."""
    if name in DIRECT or not isinstance(form, ScheduleD):
        return DIRECT[name]
    return form.boxes[BOXED.index(name)]


def stock_lines(sheet: YearSheet) -> None:
    """What the year's exercises and sales hand the forms."""
    sheet.band("What the year's option stock hands the forms")
    sheet.words("", "Tax year")
    sheet.put(0, f"Year_{sheet.year}", Cell(sheet.year), "count")
    for key, (caption, formula) in STOCK.items():
        value: Any = getattr(sheet.books.stock, key)
        sheet.words("", caption, "the sheets Lots, Dispositions, Both books and Pay")
        sheet.put(0, f"Stock_{sheet.year}_{key}", Cell(value, formula.format(y=f"Year_{sheet.year}")), "cents")


def year_sheets(book: Book, scope: Scope) -> None:
    """The sheets of a whole year."""
    whole = FormSheet(book, scope, "Return", "Form 1040, wages to tax, and the worksheets behind it", DOUBLE)
    stock_lines(whole)
    for block in (Block(("f1040",)), BOTH_GAIN, BOTH_SPECIAL):
        whole.form(block)
    done = scope.done
    for key, name, shape, blocks in SHEETS:
        if getattr(done, key) is not None:
            definition = form_of(done, key).definition
            sheet = FormSheet(book, scope, name, f"{definition.label}: {definition.title}", shape)
            for block in blocks:
                sheet.form(block)


def stock_sheet(book: Book, books: YearBooks, rounding: Rounding) -> None:
    """The sheet of a stock-only year: line 2i, and line 2k as far as it follows from the stock alone."""
    sheet = YearSheet(book, books, "Stock", "Option stock of a year without a return")
    stock_lines(sheet)
    year, stock = books.year, books.stock
    sheet.band("Form 6251, as far as it follows from the stock alone")
    sheet.words("2i", "Exercise of incentive stock options", "the exercises", "IRC 56(b)(3)")
    included = Cell(rounding(stock.inclusion), fine(f"Stock_{year}_inclusion"))
    sheet.put(0, cell_name("f6251", year, "incentive_stock_options"), included)
    sheet.words("2k", "Its part: ordinary income from dispositions", "AMT less regular", "IRC 56(b)(3)")
    ordinary = Cell(rounding(stock.amt_pay - stock.pay), fine(f"Stock_{year}_amt_pay-Stock_{year}_pay"))
    sheet.put(0, cell_name("line_2k", year, "ordinary"), ordinary)
    for term, letters in TERMS.items():
        sheet.words("2k", f"Its part: net {term}-term result, before carryovers and the loss limit", "AMT less regular")
        value = _net(stock.amt_boxes, letters) - _net(stock.boxes, letters)
        cell = Cell(rounding(value), fine(f"{_sum('F8949AMT', year, letters)}-({_sum('F8949', year, letters)})"))
        sheet.put(0, cell_name("line_2k", year, term), cell)


def _net(boxes: Mapping[str, Columns], names: Sequence[str]) -> Decimal:
    known = [boxes.get(STRAIGHT.get(name, name)) for name in names]
    return sum((found.h for found in known if found is not None), ZERO)


def _sum(table: str, year: int, letters: Sequence[str]) -> str:
    where = f"{table}_year,Year_{year},{table}_to"
    return "+".join(f'SUMIFS({table}_h,{where},"{letter}")' for letter in letters)
