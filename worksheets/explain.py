"""Where a figure comes from: a tree from a line of a form down to boxes of Forms 3921 and 1099-B.

The tree is made of what the lines recorded when they were worked (`Form.reads`), so that it is the computation itself.
A line that stands in several places is spelt out at the first of them. Amounts are dollars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from worksheets.amounts import Citation
from worksheets.explain_rows import TERM_BOXES, Node, StockNodes, citation_node, pairings, shown
from worksheets.f1040 import Form1040
from worksheets.form import Columns, Form, Read
from worksheets.household import Household, YearBooks
from worksheets.stock import BoxTotals, YearStock

if TYPE_CHECKING:
    from rich.tree import Tree

    from worksheets.definitions import LineDefinition

__all__ = ["FORMS", "Node", "UnknownLineError", "asked_lines", "plain", "render", "trail", "used", "where"]

FORMS: Final[Mapping[str, str]] = {
    "1040": "f1040",
    "schedule_d": "schedule_d",
    "schedule_d_amt": "schedule_d_amt",
    "6251": "f6251",
    "2k_parts": "line_2k",
    "8801": "f8801",
    "gain_worksheet": "gain_worksheet",
    "gain_worksheet_amt": "gain_worksheet_amt",
    "schedule_d_tax": "schedule_d_tax",
    "schedule_d_tax_amt": "schedule_d_tax_amt",
    "exemption": "exemption_worksheet",
    "carryover": "carryover",
    "carryover_amt": "carryover_amt",
}
"""Names of forms as results and `explain` have them, and where a return keeps them."""

STOCK: Final = ("8949", "8949_amt")
NEAR, CUTOFF = 4, 0.3
EXAMPLES: Final[Mapping[str, str]] = {"6251": "2k", "8801": "25", "2k_parts": "short", "schedule_d": "16"}
_SPOKEN: Final = re.compile(r"(.+?)[,\s]+(?:line\s+)?([0-9a-z]+)")


class UnknownLineError(LookupError):
    """What was asked for is no line of the year's return; the message names the nearest ones."""


def where(form: Form, name: str, year: int) -> str:
    """How a person finds a line: "AMT Schedule D line 7", with the year before it where it is not `year`."""
    return located(form, form.label(name), year)


def located(source: Any, label: str, year: int) -> str:
    """The label of a figure, told apart from its regular twin and from other years."""
    if str(source.key).endswith("_amt") and not label.startswith("AMT "):
        label = f"AMT {label}"
    return label if source.year == year else f"{source.year} {label}"


def used(form: Form, name: str) -> list[Read | Citation]:
    """What a line was worked from, each figure once; lines that stay blank and keys of the case at 0 are left out."""
    form.blank(name)  # works the line if it was not yet
    found: dict[tuple[Any, ...], Read | Citation] = {}
    for entry in form.reads.get(name, ()):
        if isinstance(entry, Citation):
            found.setdefault(("law", entry.name, entry.source), entry)
        elif not _empty(entry):
            found.setdefault((id(entry.source), entry.name, _text(entry.value)), entry)
    return list(found.values())


def _text(value: Any) -> str:
    return str(value)


def _empty(entry: Read) -> bool:
    """Whether a figure says nothing: a blank line, or a key of the case that is 0 or left out."""
    if isinstance(entry.source, Form):
        return entry.source.worked.get(entry.name) is None
    return entry.value is None or (not isinstance(entry.value, Columns) and not entry.value)


def left_out(form: Form, name: str) -> int:
    """How many of the figures a line read are blank or 0."""
    return len({(id(entry.source), entry.name) for entry in form.reads.get(name, ()) if _is_empty_read(entry)})


def _is_empty_read(entry: Read | Citation) -> bool:
    return isinstance(entry, Read) and _empty(entry)


def trail(household: Household, year: int, asked: str) -> Node:
    """Where a figure comes from.

    Args:
        household: whose years have been worked.
        year: a tax year of the case.
        asked: form and line as results name them: "6251:2k", "schedule_d_amt:7", "2k_parts:short", "8949:S1".

    Raises:
        UnknownLineError: the case has no such year, the year no such form, or the form no such line.
    """
    books = household.years.get(year)
    if books is None:
        raise UnknownLineError(f"read {year}, expected a year of the case: {_listed(map(str, household.years))}")
    form_name, line = _parts(asked)
    tracer = _Tracer(household, year)
    if form_name in STOCK:
        return _row(tracer, books, form_name, line.strip())
    form = _form(books, form_name)
    if form is None:
        return _stock_only(tracer, books, form_name, line.strip())
    return tracer.line(form, _line(form, form_name, line.strip()).name)


def _parts(asked: str) -> tuple[str, str]:
    """Form and line of what was asked; refused, with what was probably meant, when it is not FORM:LINE."""
    name, sign, line = asked.strip().partition(":")
    form = name.strip().lower().removeprefix("form ").strip()
    if sign and line.strip():
        return form, line.strip()
    if spoken := _SPOKEN.fullmatch(form):
        known = next((one for one in (*FORMS, *STOCK) if one == spoken[1].strip().replace(" ", "_")), "")
        if known:
            raise UnknownLineError(f"read no colon, expected FORM:LINE: did you mean {known}:{spoken[2]}?")
    if form in (*FORMS, *STOCK):
        example = "8949:S1" if form in STOCK else f"{form}:{EXAMPLES.get(form, '1')}"
        raise UnknownLineError(f"read a form without a line, expected FORM:LINE, such as {example}")
    raise UnknownLineError(f"read the form {form!r}, expected FORM:LINE, such as 6251:2k or 8949:S1")


def asked_lines(household: Household, books: YearBooks) -> Iterator[str]:
    """Everything that can be asked about a year, as `trail` takes it."""
    if books.tax_return is not None:
        for name in FORMS:
            form = _form(books, name)
            yield from (f"{name}:{number}" for number in (form.definition.numbers if form else ()))
    else:
        yield from ("6251:2i", "2k_parts:ordinary", *(f"2k_parts:{term}" for term in TERM_BOXES))
    for name in STOCK:
        yield from dict.fromkeys(f"{name}:{pair.row.sale}" for pair in pairings(household.case, books))


def _form(books: YearBooks, name: str) -> Form | None:
    known = (*FORMS, *STOCK)
    if name not in known:
        near = get_close_matches(name, known, n=NEAR, cutoff=CUTOFF) or known
        raise UnknownLineError(f"read the form {name!r}, expected FORM:LINE with one of {_listed(near)}")
    form: Form | None = getattr(books.tax_return, FORMS[name], None) if books.tax_return else None
    if form is None and books.tax_return is not None:
        raise UnknownLineError(f"{books.year}: Form {name} of that year is not supported")
    return form


def _line(form: Form, name: str, number: str) -> LineDefinition:
    numbers = form.definition.numbers
    asked = (number, number.lower())  # lines are printed in small letters
    found = next((held[one] for held in (numbers, form.definition.lines) for one in asked if one in held), None)
    if found is None:
        number = number.lower()
        stem = number[: len(number) - len(number.lstrip("0123456789"))]
        alike = [one for one in numbers if stem and one.rstrip("abcdefghijklmnopqrstuvwxyz") == stem]
        near = get_close_matches(number, alike or numbers, n=NEAR, cutoff=0.0)
        raise UnknownLineError(
            f"read line {number!r} of {form.definition.label} ({form.year}), which it does not have; nearest: "
            + _listed(f"{name}:{one}" for one in near)
        )
    return found


def _listed(names: Any) -> str:
    return ", ".join(names)


def _row(tracer: _Tracer, books: YearBooks, form: str, sale: str) -> Node:
    amt = form.endswith("_amt")
    listed = pairings(tracer.household.case, books)
    found = tuple(tracer.stock.row(pair, amt=amt) for pair in listed if pair.row.sale == sale)
    if not found:
        ids = list(dict.fromkeys(pair.row.sale for pair in listed))
        near = get_close_matches(sale, ids, n=NEAR, cutoff=CUTOFF) or ids[: 2 * NEAR]
        rows = _listed(f"{form}:{one}" for one in near) or "no sale has a row that year"
        raise UnknownLineError(f"read {sale!r}, expected a sale with a row on Form 8949 of {books.year}: {rows}")
    if len(found) == 1:
        return found[0]
    return Node(f"Form 8949, {sale}", "one sale, shares of several lots", children=found)


def _stock_only(tracer: _Tracer, books: YearBooks, form: str, number: str) -> Node:
    """A year without the rest of the return: line 2i and the parts of line 2k are all that can be asked for."""
    if (form, number) == ("6251", "2i"):
        return tracer.stock.exercises(books.year, "Form 6251 line 2i")
    if (form, number) == ("2k_parts", "ordinary"):
        return tracer.stock.dispositions(books.year, "Line 2k, ordinary income", not_on_w2=False)
    if form == "2k_parts" and number in TERM_BOXES:
        return tracer.stock.difference(books, number)
    known = _listed(asked_lines(tracer.household, books))
    raise UnknownLineError(f"{books.year} is a stock-only year (no wages are given), expected {known}")


class _Tracer:
    """Makes the tree; knows which lines it has spelt out already."""

    def __init__(self, household: Household, year: int) -> None:
        self.household = household
        self.year = year
        self.stock = StockNodes(household, year)
        self.seen: set[tuple[int, str]] = set()

    def line(self, form: Form, name: str) -> Node:
        """A line with everything below it, or a reference to where that stands."""
        entry = form.definition.lines[name]
        value = getattr(form, name)
        label = where(form, name, self.year)
        figure = "blank" if form.blank(name) else shown(value, self.household.rounding, parens=entry.parens)
        known = (id(form), name)
        if known in self.seen:
            return Node(label, entry.caption, figure, value, note="spelt out above")
        self.seen.add(known)
        children = tuple(self.read(form, one) for one in used(form, name))
        return Node(label, entry.caption, figure, value, entry.how, entry.cite, self._note(form, name), children)

    def _note(self, form: Form, name: str) -> str:
        if name in form.given:
            return "given, not worked (prior_year or as_filed)"
        empty = left_out(form, name)
        return f"{empty} more {'figures' if empty > 1 else 'figure'} read, blank or 0" if empty else ""

    def read(self, reader: Form, entry: Read | Citation) -> Node:
        """A figure that `reader` was worked from."""
        if isinstance(entry, Citation):
            return citation_node(entry)
        source = entry.source
        if isinstance(source, Form):
            return self.line(source, entry.name)
        if isinstance(source, BoxTotals):
            return self.stock.box(source, entry.name, amt=reader.key.endswith("_amt"))
        if isinstance(source, YearStock):
            return self._stock(reader, source, entry.name)
        return Node(source.label(entry.name), "the case", shown(entry.value, self.household.rounding), entry.value)

    def _stock(self, reader: Form, source: YearStock, name: str) -> Node:
        label = located(source, source.label(name), self.year)
        if name == "exercises":
            return self.stock.exercises(source.year, label)
        return self.stock.dispositions(source.year, label, not_on_w2=isinstance(reader, Form1040))


def plain(node: Node, depth: int | None = None) -> Iterator[str]:
    """The tree as lines of text, two blanks a level; `depth` levels below the top, all of them by default."""
    yield node.text
    yield from (f"  {line}" for line in node.remarks)
    if depth is None or depth > 0:
        for child in node.children:
            yield from (f"  {line}" for line in plain(child, None if depth is None else depth - 1))


def render(node: Node, depth: int | None = None) -> Tree:
    """The tree for a terminal; nothing of the case is read as markup."""
    from rich.text import Text  # noqa: PLC0415 - only a terminal needs it
    from rich.tree import Tree  # noqa: PLC0415 - likewise

    label = Text(node.label, style="bold")
    label.append(f"  {node.shown}" if node.shown else "", style="cyan")
    label.append(f"  {node.caption}" if node.caption else "", style="default not bold")
    for remark in node.remarks:
        label.append(f"\n{remark}", style="dim not bold")
    tree = Tree(label, guide_style="dim")
    if depth is None or depth > 0:
        for child in node.children:
            tree.add(render(child, None if depth is None else depth - 1))
    return tree
