"""A spreadsheet's own arithmetic, as far as the workbook uses it, so that tests can recalculate without a spreadsheet.

Formulas are taken apart by openpyxl's tokenizer and worked as Excel works them: an empty cell is zero and empty text,
text compares without case, TRUE counts as one where a number is asked for, ROUND goes away from zero, IF works one branch.
"""

from __future__ import annotations

import io
import math
import zipfile
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import openpyxl
from openpyxl.formula import Tokenizer
from openpyxl.utils import range_boundaries
from openpyxl.xml.functions import fromstring

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone
INFIX = {"=": "==", "<>": "!=", "&": "&"}
DIGITS = 15  # significant ones a spreadsheet keeps
MONTHS = 12


def plain(value):
    """A cell's value as formulas see it: days are numbers."""
    if isinstance(value, date):
        return (date(value.year, value.month, value.day) - FIRST_DAY.date()).days
    return "" if value is None else value


def cached_figures(raw: bytes):
    """The value that each formula cell of a written workbook holds, by sheet and cell."""
    with zipfile.ZipFile(io.BytesIO(raw)) as inside:
        names = [one.get("name") for one in fromstring(inside.read("xl/workbook.xml")).iter(f"{MAIN}sheet")]
        for number, name in enumerate(names, 1):
            for cell in fromstring(inside.read(f"xl/worksheets/sheet{number}.xml")).iter(f"{MAIN}c"):
                if cell.find(f"{MAIN}f") is not None:
                    yield (name, cell.get("r")), _cached(cell.get("t"), cell.findtext(f"{MAIN}v") or "")


def _cached(kind, text):
    if kind == "b":
        return text == "1"
    return text if kind == "str" or not text else float(text)


class V:
    """A value with a spreadsheet's operators; `empty` where a cell holds nothing."""

    def __init__(self, value, *, empty=False):
        self.value, self.empty = value, empty

    @property
    def number(self):
        if self.empty or isinstance(self.value, bool):
            return float(bool(self.value))
        if isinstance(self.value, str):
            raise TypeError(f"#VALUE! {self.value!r}")
        return float(self.value)

    def _rank(self, other):
        one, two = (0.0 if self.empty else self.value), (0.0 if other.empty else other.value)
        if isinstance(one, str) or isinstance(two, str):
            one, two = ("" if self.empty else one), ("" if other.empty else two)
        kinds = [
            0 if isinstance(v, int | float) and not isinstance(v, bool) else 1 if isinstance(v, str) else 2
            for v in (one, two)
        ]
        if kinds[0] != kinds[1]:
            return kinds[0] - kinds[1]
        one, two = (v.casefold() if isinstance(v, str) else v for v in (one, two))
        return (one > two) - (one < two)

    def __eq__(self, other):
        return V(self._rank(other) == 0)

    def __ne__(self, other):
        return V(self._rank(other) != 0)

    def __lt__(self, other):
        return V(self._rank(other) < 0)

    def __le__(self, other):
        return V(self._rank(other) <= 0)

    def __gt__(self, other):
        return V(self._rank(other) > 0)

    def __ge__(self, other):
        return V(self._rank(other) >= 0)

    def __add__(self, other):
        return V(self.number + other.number)

    def __sub__(self, other):
        return V(self.number - other.number)

    def __mul__(self, other):
        return V(self.number * other.number)

    def __truediv__(self, other):
        return V(self.number / other.number)

    def __neg__(self):
        return V(-self.number)

    def __and__(self, other):
        return V(self.text + other.text)

    @property
    def text(self):
        if self.empty or isinstance(self.value, str):
            return "" if self.empty else self.value
        return f"{self.value:.{DIGITS}g}"

    __hash__ = None


def rounded(value, places):
    """ROUND: the number as its 15 digits say it, halves away from zero."""
    exact = Decimal(f"{value:.{DIGITS}g}")
    return float(exact.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)) + 0.0


def later(day, months):
    """EDATE: the same day so many months later, or the last of that month."""
    start = FIRST_DAY + timedelta(days=day)
    year, month = divmod(start.month - 1 + int(months), MONTHS)
    year, month = start.year + year, month + 1
    last = (date(year + month // MONTHS, month % MONTHS + 1, 1) - timedelta(days=1)).day
    return (datetime(year, month, min(start.day, last)) - FIRST_DAY).days  # noqa: DTZ001 - no zones


def _numbers(arguments):
    """The numbers among arguments: in ranges and references, text and empty cells do not count."""
    for argument in arguments:
        cells = argument if isinstance(argument, list) else [argument]
        for cell in cells:
            if not cell.empty and isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                yield float(cell.value)


def _matching(pairs):
    """Places at which every range equals its criterion."""
    ranges = [(cells, wanted) for cells, wanted in zip(pairs[::2], pairs[1::2], strict=True)]
    return [n for n in range(len(ranges[0][0])) if all((cells[n] == wanted).value for cells, wanted in ranges)]


def _sum_at(cells, places):
    return V(sum(_numbers([cells[n] for n in places])))


FUNCTIONS = {
    "IF": lambda test, then, other: then() if test().value else other(),
    "AND": lambda *found: V(all(one.value and not one.empty for one in found)),
    "OR": lambda *found: V(any(one.value and not one.empty for one in found)),
    "NOT": lambda one: V(not (one.value and not one.empty)),
    "TRUE": lambda: V(value=True),
    "FALSE": lambda: V(value=False),
    "ABS": lambda one: V(abs(one.number)),
    "ROUND": lambda one, places: V(rounded(one.number, places.number)),
    "MAX": lambda *found: V(max(_numbers(found), default=0.0)),
    "MIN": lambda *found: V(min(_numbers(found), default=0.0)),
    "SUM": lambda *found: V(math.fsum(_numbers(found))),
    "COUNT": lambda *found: V(float(len(list(_numbers(found))))),
    "N": lambda one: V(0.0 if isinstance(one.value, str) and not one.empty else one.number),
    "ISNUMBER": lambda one: V(bool(list(_numbers([one])))),
    "YEAR": lambda one: V(float((FIRST_DAY + timedelta(days=one.number)).year)),
    "DAY": lambda one: V(float((FIRST_DAY + timedelta(days=one.number)).day)),
    "EDATE": lambda day, months: V(float(later(day.number, months.number))),
    "INDEX": lambda cells, *place: cells[int(place[-1].number) - 1],
    "COLUMNS": lambda cells: V(float(len(cells))),
    "MATCH": lambda wanted, cells, _: V(float(next(n for n, one in enumerate(cells, 1) if (one == wanted).value))),
    "SUMIF": lambda cells, wanted, summed: _sum_at(summed, _matching([cells, wanted])),
    "SUMIFS": lambda summed, *pairs: _sum_at(summed, _matching(pairs)),
    "COUNTIFS": lambda *pairs: V(float(len(_matching(pairs)))),
}


class Spreadsheet:
    """A workbook, worked cell by cell on demand."""

    def __init__(self, book: openpyxl.Workbook):
        self.names = {name: found.attr_text for name, found in book.defined_names.items()}
        self.sheets = {sheet.title: sheet for sheet in book}
        self.known = {name: self._known(name) for name in self.sheets}
        self.worked = {}
        self.python = {}

    def cell(self, sheet, place):
        """The value of a cell, worked if it is a formula."""
        key = (sheet, place.replace("$", ""))
        if key not in self.worked:
            found = self.sheets[sheet][key[1]]
            written, formula = found.value, found.data_type == "f"
            self.worked[key] = self._work(sheet, written) if formula else V(plain(written), empty=written is None)
        return self.worked[key]

    def _work(self, sheet, formula):
        found = eval(self._python(formula), self.known[sheet])  # noqa: S307 - our own formulas
        return V(0.0) if found.empty else found

    def _known(self, sheet):
        """What the Python of a sheet's formulas knows."""
        return {**FUNCTIONS, "V": V, "R": lambda name: self._named(sheet, name)}

    def _named(self, sheet, name):
        where = self.names.get(name, name)
        of, _, cells = where.rpartition("!")
        of = of.strip("'") or sheet
        if ":" not in cells:
            return self.cell(of, cells)
        left, top, right, bottom = range_boundaries(cells)
        rows = self.sheets[of].iter_rows(top, bottom, left, right)
        return [self.cell(of, one.coordinate) for row in rows for one in row]

    def _python(self, formula):
        if formula not in self.python:
            self.python[formula] = compile(translated(formula), formula[:40], "eval")
        return self.python[formula]


def translated(formula):
    """A formula as a Python expression on `V`, names and cells read by `R`."""
    written, inside = [], []
    for token in Tokenizer(formula).items:
        if token.type == "FUNC" and token.subtype == "OPEN":
            inside.append(token.value)
            written.append(token.value + ("lambda: " if token.value == "IF(" else ""))
        elif token.type == "SEP":
            written.append(", lambda: " if inside[-1] == "IF(" else ", ")
        elif token.type == "OPERAND":
            written.append(_operand(token))
        elif token.type == "OPERATOR-INFIX":
            written.append(f" {INFIX.get(token.value, token.value)} ")
        else:
            if token.type == "PAREN":
                inside += ["("] if token.subtype == "OPEN" else []
            if token.subtype == "CLOSE":
                inside.pop()
            written.append(token.value)
    return "".join(written).strip()


def _operand(token):
    if token.subtype == "TEXT":
        return f"V({token.value[1:-1].replace(chr(34) * 2, chr(34))!r})"
    if token.subtype == "NUMBER":
        return f"V({float(token.value)})"
    return f"R({token.value!r})"
