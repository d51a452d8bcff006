"""The facts of a workbook: exercises and sales, one row each, as Forms 3921 and 1099-B show them, all inputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from worksheets.case import Case, Exercise, Sale
from worksheets.paper.money import masked_account
from worksheets.paper.workbook_sheet import Book, Cell, given, label
from worksheets.paper.workbook_table import Column, Row, Table, numbered

EXERCISES: Final = (
    Column("id", "Exercise", 9, "text"),
    Column("owner", "Owner", 9, "text"),
    Column("corporation", "Corporation (transferor, or box 6)", 24, "text"),
    Column("grant_date", "Granted (box 1)", 10.5, "day"),
    Column("exercise_date", "Exercised (box 2)", 10.5, "day"),
    Column("exercise_price", "Price per share (box 3)", 12, "price"),
    Column("fmv", "Value per share (box 4)", 12, "price"),
    Column("shares", "Shares (box 5)", 11, "shares"),
    Column("paid", "Paid in all, where price × shares differs", 13, "cents"),
    Column("commission", "Commission paid to exercise", 11, "cents"),
    Column("regular_basis", "Regular basis, changed before", 12, "cents"),
    Column("amt_basis", "AMT basis, changed before", 12, "cents"),
    Column("held_from", "Held from, where it differs", 11, "day"),
    Column("amt_held_from", "The same for the AMT", 11, "day"),
    Column("section_83b", "Election for the AMT (unvested shares)", 12, "text"),
    Column("account", "Account", 9, "text"),
)
SALES: Final = (
    Column("id", "Sale", 7, "text"),
    Column("owner", "Owner", 9, "text"),
    Column("broker", "Broker", 14, "text"),
    Column("account", "Account", 8.5, "text"),
    Column("corporation", "Corporation", 19, "text"),
    Column("description", "Description (box 1a)", 19, "text"),
    Column("shares", "Shares (box 1a)", 9, "shares"),
    Column("acquired", "Acquired (box 1b)", 10.5, "day"),
    Column("sold", "Sold (box 1c)", 10.5, "day"),
    Column("proceeds", "Proceeds (box 1d)", 12, "cents"),
    Column("basis", "Basis (box 1e; empty: not shown)", 12, "cents"),
    Column("wash_sale_disallowed", "Wash sale loss (box 1g)", 10, "cents"),
    Column("term", "Term (box 2)", 7.5, "text"),
    Column("noncovered", "Noncovered (box 5)", 11, "text"),
    Column("basis_reported", "Basis reported (box 12; empty: if shown)", 11, "text"),
    Column("form", "Form", 8, "text"),
    Column("selling_expenses", "Expenses not in box 1d", 10, "cents"),
    Column("pay_reported", "Pay on Form W-2 from this sale (empty: not given)", 12, "cents"),
    Column("disposition", "How parted with", 12, "text"),
    Column("replaced_shares", "Shares replaced", 9, "shares"),
    Column("kind", "Kind", 6, "text"),
    Column("correct_acquired", "Right date (other assets)", 10.5, "day"),
    Column("correct_basis", "Right basis (other assets)", 11, "cents"),
    Column("amt_basis", "AMT basis (other assets)", 11, "cents"),
)
WORDS: Final = {
    "term": ["short", "long", "ordinary"],
    "form": ["1099-B", "1099-DA", "none"],
    "disposition": ["sale", "related_party", "gift", "wash_sale", "death", "to_spouse"],
}
"""What a cell of these columns may hold."""

EXERCISE_NOTE: Final = (
    "As Form 3921 shows them. Change a price, a value or a number of shares and follow it to line 2i, both bases, "
    "line 2k and the credit. A new exercise needs the case file."
)
SALE_NOTE: Final = (
    "As Form 1099-B shows them. Which lot each sale took stands on the sheet Dispositions; a new sale needs the case "
    "file."
)


def exercise_table(book: Book, case: Case) -> Table:
    """The exercises, in the order of the case."""
    table = Table(book, "Facts exercises", EXERCISES, len(case.exercises))
    table.fill("Exercises of incentive stock options (Form 3921)", EXERCISE_NOTE, map(_exercise, case.exercises))
    return table


def _exercise(one: Exercise) -> Row:
    cells = {column.key: given(getattr(one, column.key)) for column in EXERCISES}
    return {
        **cells,
        "id": label(one.id),
        "account": label(masked_account(one.account)),
        "shares": given(one.shares, numbered("parts", one.shares)),
        "commission": given(one.commission or None),
    }


def sale_table(book: Book, case: Case) -> Table:
    """The sales, in the order of the case."""
    table = Table(book, "Facts sales", SALES, len(case.sales))
    table.fill("Sales and other ways of parting with shares (Form 1099-B)", SALE_NOTE, map(_sale, case.sales))
    if all(one.is_iso for one in case.sales):
        table.hide(("kind", "correct_acquired", "correct_basis", "amt_basis"))
    if all(one.disposition != "wash_sale" for one in case.sales):
        table.hide(("replaced_shares",))
    for row in range(len(case.sales)):
        for key, words in WORDS.items():
            table.sheet.choices(3 + row, table.places[key], words)
    return table


def _sale(one: Sale) -> Row:
    cells = {column.key: given(getattr(one, column.key)) for column in SALES}
    return {**cells, **dict(_shown_otherwise(one))}


def _shown_otherwise(one: Sale) -> Iterator[tuple[str, Cell]]:
    yield "id", label(one.id)
    yield "account", label(masked_account(one.account))
    yield "kind", label(one.kind or "iso")
    yield "shares", given(one.shares, numbered("parts", one.shares))
    for key in ("wash_sale_disallowed", "selling_expenses"):
        yield key, given(getattr(one, key) or None)
