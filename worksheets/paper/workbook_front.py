"""The first two sheets of a workbook: what it is and how to use it, and the figures that matter, year by year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from worksheets import __version__
from worksheets.form import ZERO
from worksheets.household import Household
from worksheets.paper.money import masked_ssn
from worksheets.paper.workbook_income import FITS
from worksheets.paper.workbook_law import remark
from worksheets.paper.workbook_scope import Scope, cell_name, form_of
from worksheets.paper.workbook_sheet import (
    CHOSEN,
    INPUT,
    LABEL,
    LINE,
    TYPED,
    WARNING,
    WORKED,
    Cell,
    Sheet,
    letters,
)

COLOURS: Final = (
    (INPUT, "Blue", "A fact of the case: boxes of Forms 3921, 1099-B and W-2. Change it and follow it."),
    (TYPED, "Amber", "What only the return program can know: the regular tax, credits, and years not in this file."),
    (CHOSEN, "Plum", "Our choice: which lot a sale took and how many shares of it, with splits in between."),
    (WARNING, "Red", "Something to look at: a figure has moved, or a typed tax no longer fits."),
    (WORKED, "Black", "A formula. Its names read as forms do: F6251_2024_2k is Form 6251 of 2024, line 2k."),
)
LIVE: Final = """
From exercise price, value, shares, sale proceeds, dates and Form W-2 pay through line 2i, both bases, Form 8949,
Schedule D, line 2k, Form 6251 with Part III, Form 8801 with Part III, and both loss carryovers, year after year.

Filing status, income, deductions and the law's amounts on the sheet Law follow too.
"""
NOT_LIVE: Final = """
The regular tax (Form 1040 line 16): type the return program's figure on Facts years, with the taxable income and the
gain it was figured on. The row below them says when this workbook has moved away from those.

Which lot a sale takes (after a stock swap, which of the shares come first), a new exercise, a new sale, a split, or a
lot made by a wash sale: change the case file and write the workbook again.

What a year reads of a year that is not in this file, or of a return taken as filed: typed below on Facts years.

Which returns must attach Form 6251 (the packet says so), state tax, net investment income tax.
"""
SOURCES: Final = """
Line numbers and captions: the official forms of each year. Amounts of the law: the sheet Law, each with the document it
was read in. Rules: IRC 53, 55-59, 83, 421, 422, 1091, 1211, 1212, 1222; Publications 525 and 550; instructions for
Forms 1040, 6251, 8801, 8949 and Schedule D.

Amounts are rounded where the forms round them, halves away from zero; totals are taken from unrounded figures.

Every formula cell holds the figure that the program computed, until the workbook is recalculated.
"""
SHEETS: Final[Mapping[str, str]] = {
    "Summary": "the lines that matter, as they stand now and as delivered",
    "Facts exercises": "Forms 3921",
    "Facts sales": "Forms 1099-B",
    "Facts years": "income, typed regular tax, carryovers into the first year",
    "Law": "amounts of the law with their sources",
    "Lots": "what each exercise left one with; line 2i",
    "Dispositions": "which lot each sale took, the tests, the pay",
    "Both books": "basis, gain and term for the regular tax and the AMT",
    "Pay": "pay by law against Forms W-2",
    "Form 8949": "rows for the regular tax",
    "Form 8949 AMT": "the same rows refigured for the AMT",
}
LINES: Final = (
    ("f6251", "incentive_stock_options"),
    ("f6251", "disposition_of_property"),
    ("f1040", "taxable_income"),
    ("f1040", "tax"),
    ("f6251", "amti"),
    ("f6251", "tentative_minimum_tax"),
    ("f6251", "regular_tax"),
    ("f6251", "amt"),
    ("schedule_d", "net_gain"),
    ("schedule_d_amt", "net_gain"),
    ("carryover", "short_term_carryover"),
    ("carryover", "long_term_carryover"),
    ("carryover_amt", "short_term_carryover"),
    ("carryover_amt", "long_term_carryover"),
    ("f8801", "credit_available"),
    ("f8801", "credit"),
    ("f8801", "carryforward_out"),
)


def read_me(sheet: Sheet, household: Household, names: Sequence[str]) -> None:
    """The first sheet; `names` are those of the others, in order."""
    case = household.case
    sheet.title("Incentive stock options: a live workbook", f"Written by dualbasis {__version__}. Not tax advice.")
    row = 2
    people = [("Taxpayer", case.taxpayer)] + ([("Spouse", case.spouse)] if case.spouse else [])
    for word, person in people:
        number = masked_ssn(person.ssn) if person else ""
        sheet.put(row, 0, Cell(word, role=LABEL))
        sheet.put(row, 1, Cell(f"{person.name if person else ''}   {number}".rstrip(), role=LABEL))
        row += 1
    for word, text in _warnings(household):
        sheet.put(row, 0, Cell(word, role=LABEL))
        sheet.put(row, 1, Cell(text, role=WARNING), "wrap")
        sheet.fit(row, {1: text})
        row += 1
    row = _colours(sheet, row + 1)
    for title, words in (("What is live", LIVE), ("What is not", NOT_LIVE), ("Sources", SOURCES)):
        row = _paragraphs(sheet, row + 1, title, words)
    _contents(sheet, row + 1, names)


def _warnings(household: Household) -> Iterator[tuple[str, str]]:
    """What a reader must know first: years whose law is not final, and shares that no figure of the workbook holds."""
    for year, books in household.years.items():
        if words := remark(books.law):
            yield str(year), f"{words[0].upper()}{words[1:]}: not for filing."
    for sale in household.ledger.unmatched:
        yield sale, "In no figure of this workbook: no exercise of its corporation is in the case."
    for sale, shares in household.ledger.excess.items():
        yield (
            sale,
            f"{shares.normalize():,f} shares of it are in no figure of this workbook: there were no lots for them.",
        )


def _colours(sheet: Sheet, row: int) -> int:
    sheet.band(row, "Colours")
    for place, (role, word, meaning) in enumerate(COLOURS, start=row + 1):
        sheet.put(place, 0, Cell(word, role=role))
        sheet.text(place, 1, meaning, wrap=True)
    return row + 1 + len(COLOURS)


def _paragraphs(sheet: Sheet, row: int, title: str, words: str) -> int:
    texts = [" ".join(paragraph.split()) for paragraph in words.strip().split("\n\n")]
    sheet.band(row, title)
    for place, text in enumerate(texts, start=row + 1):
        sheet.text(place, 1, text, wrap=True)
        sheet.fit(place, {1: text})
    return row + 1 + len(texts)


def _contents(sheet: Sheet, row: int, names: Sequence[str]) -> None:
    sheet.band(row, "Sheets")
    for place, name in enumerate(names, start=row + 1):
        look = sheet.book.format("link", "text")
        sheet.paper.write_url(place, 0, f"internal:'{name}'!A1", look, name)
        sheet.text(place, 1, _about(name), wrap=True)


def _about(name: str) -> str:
    words = {
        "Return": "Form 1040 to the tax, and the worksheets behind the gains rates",
        "Sch D": "Schedule D, regular and AMT",
        "6251": "Form 6251, the parts of line 2k, the Exemption Worksheet",
        "8801": "Form 8801: last year's minimum tax credit",
        "Carryover": "capital losses carried to the next year, both books",
        "Stock": "line 2i and the parts of line 2k of a year without a return",
    }
    return SHEETS.get(name) or words[name.partition(" ")[2]]


def summary(sheet: Sheet, scopes: Mapping[int, Scope]) -> None:
    """The lines that matter: as they stand now, as delivered, and the difference."""
    sheet.title(
        "Summary", "Now: recalculated. As delivered: the figures of the program. Change a blue cell and look here."
    )
    heads = [f"{_headed(scope)} {word}" for scope in scopes.values() for word in ("now", "as delivered", "change")]
    sheet.heads(2, ["Line", "What it is", *heads], 39, shown={0: "text", 1: "text"})
    sheet.freeze(3, 2)
    row = 2
    for key, item in LINES:
        shown = [scope for scope in scopes.values() if getattr(scope.done, key) is not None]
        if shown:
            row += 1
            _line(sheet, row, *_words(shown[-1], key, item))
        for place, scope in enumerate(scopes.values()):
            if scope in shown:
                _three(sheet, row, 2 + 3 * place, cell_name(key, scope.year, item), _delivered(scope, key, item))
    _tax_fits(sheet, row + 1, scopes)


def _headed(scope: Scope) -> str:
    words = remark(scope.books.law)
    return f"{scope.year} ({words})" if words else str(scope.year)


def _line(sheet: Sheet, row: int, number: str, caption: str) -> None:
    for column in range(len(sheet.widths)):
        sheet.put(row, column, Cell((number, caption)[column] if column < 2 else None, role=LABEL))


def _tax_fits(sheet: Sheet, row: int, scopes: Mapping[int, Scope]) -> None:
    """Whether the typed regular tax of each year still belongs to the taxable income that the workbook has."""
    if not scopes:
        sheet.text(row, 0, "No year of this file has a return: see the sheets of each year.", "note")
        return
    _line(sheet, row, "Facts years", "The typed regular tax fits the taxable income as it stands now")
    sheet.paper.set_row(row, 2 * LINE)  # room for what it says when it does not
    for place, year in enumerate(scopes):
        sheet.put(row, 2 + 3 * place, Cell(FITS, f"Facts_{year}_tax_fits"), "wrap")
        sheet.alarm(row, 2 + 3 * place, {"type": "cell", "criteria": "!=", "value": f'"{FITS}"'})


def _words(scope: Scope, key: str, item: str) -> tuple[str, str]:
    form = form_of(scope.done, key)
    entry = form.definition.lines[item]
    book = "AMT " if key == "schedule_d_amt" else ""
    return f"{book}{form.definition.label} line {entry.number}", entry.caption


def _delivered(scope: Scope, key: str, item: str) -> Decimal:
    """A line as we computed it; a blank line counts as nothing."""
    form = form_of(scope.done, key)
    value: Decimal | None = form.amounts().get(item)
    return ZERO if value is None else value


def _three(sheet: Sheet, row: int, column: int, name: str, value: Decimal) -> None:
    """A line now, as delivered, and the change."""
    now, delivered = (f"{letters(column + offset)}{row + 1}" for offset in (0, 1))
    cells = (Cell(value, f"N({name})"), Cell(value, role=LABEL), Cell(ZERO, f"ROUND({now}-{delivered},Places)"))
    for offset, cell in enumerate(cells):
        sheet.put(row, column + offset, cell, "money")
    sheet.alarm(row, column + 2, {"type": "cell", "criteria": "!=", "value": 0})
