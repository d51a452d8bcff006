"""Where the boxes of an official form stand, held against what the form prints beside, above and left of them.

A form file claims that a box belongs to a line, a column or a caption; the blank itself says where the box is and where
the words are. `Geometry.faults` compares the two, for the blank of a year and the file of that year:

    Geometry(Paper(Path("f6251--2024.pdf"))).faults(claims(read_yaml("2024/f6251.yaml")))

Lengths are in points, origin at the bottom left of the page. Pages count from 1 as the form counts them: a cover page
without fields, as drafts have, is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from worksheets.paper.blank import Blank, Field
from worksheets.paper.geometry_words import Word, words_of
from worksheets.problems import printable

COLUMNS = "abcdefgh"  # of Form 8949
MARGIN = 60  # left of it stand the line numbers
NEAR = 30  # from a box to what is printed beside it
_TOUCHING = 5  # from a box to its parentheses
_FOOT = 2  # the foot of a page is one line, of one baseline within this
_OVER = 15  # from a box of the heading to its caption
_OVERLAP = 2  # a box may reach this far into what is printed beside it
HEADING = {"name": "Name", "ssn": "ocial|dentifying"}
_NUMBER = re.compile(r"\d{1,2}[a-z]?")
_IN_MARGIN = re.compile(r"\d{1,2}[a-z]?|[a-z]")
_LETTER = re.compile(r"\([a-z]\)")
_REFERRING = {"column", "columns", "and"}


class Box(NamedTuple):
    """A field of the form: its page, rectangle in points, whether it takes text (or a check), and may be filled in."""

    page: int
    left: float
    bottom: float
    right: float
    top: float
    text: bool
    writable: bool


class Layout(Protocol):
    """What is known of a form's paper: boxes by short field name, words by page."""

    @property
    def fields(self) -> Mapping[str, Box]:
        """Every field of the form."""

    def words(self, page: int) -> Sequence[Word]:
        """The words of a page, in the order drawn."""


class Paper:
    """A blank's layout as pypdf reads it, with its `title` ("2024 Form 6251"); `cover` pages stand before the form.

    Raises:
        ValueError: the file is no fillable form in PDF.
        OSError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        blank = Blank.load(path)
        first = min(field.page for field in blank.fields.values())
        self.title = printable(blank.title)
        self.fields: Mapping[str, Box] = {name: _box(field, first) for name, field in blank.fields.items()}
        self._name, self.cover, self._reader = path.name, first - 1, PdfReader(path)
        self._words: dict[int, list[Word]] = {}

    def words(self, page: int) -> Sequence[Word]:
        """The words of a page, in the order drawn.

        Raises:
            ValueError: the page cannot be read.
        """
        if page not in self._words:
            try:
                self._words[page] = words_of(self._reader.pages[page - 1 + self.cover])
            except (PyPdfError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as fault:
                raise ValueError(f"{self._name}: page {page} cannot be read ({type(fault).__name__})") from fault
        return self._words[page]


def _box(field: Field, first: int) -> Box:
    return Box(field.page - first + 1, *field.rect, text=field.kind == "text", writable=not field.read_only)


class Claim(NamedTuple):
    """A box as a form file names it: what must be printed at it.

    A line has its `number`, in a table also a `column` and, on Form 8949, a `row`; a check box or a box of the heading
    has a `label`, a pattern. `page` is 0 where the file does not say it; `parens` says that parentheses are printed.
    """

    field: str
    page: int = 0
    number: str = ""
    column: str = ""
    label: str = ""
    parens: bool = False
    row: int = 0

    @property
    def where(self) -> str:
        """What the box is for, as the form calls it."""
        what = f"line {self.number}" if self.number else "heading" if self.label in HEADING.values() else "box"
        row = f" row {self.row}" if self.row else ""
        column = f" column ({self.column})" if self.column else ""
        return what + row + column + (f" {self.label}" if self.label and what != "heading" else "")


class Fault(NamedTuple):
    """What is wrong with one box: where the form file has it, and what the paper says."""

    field: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}, box {self.field}: {self.what}" if self.field else f"{self.where}: {self.what}"


def claims(form_file: Mapping[str, Any]) -> list[Claim]:
    """What a form file, as read, says of every box that it names."""
    heading = [_of_heading(key, field) for key, field in form_file.get("header", {}).items()]
    checks = [_of_check(key, field) for key, field in form_file.get("checks", {}).items()]
    parts = form_file["parts"]
    return [*heading, *checks, *(claim for part in parts for claim in (*_of_lines(part), *_of_table(part)))]


def _of_heading(key: str, field: str, page: int = 0) -> Claim:
    word, _, written_page = key.partition("_")
    return Claim(field, page or int(written_page or 1), label=HEADING[word])


def _of_check(key: str, field: str) -> Claim:
    number, _, answer = key.partition("_")
    return Claim(field, number=number if number.isdigit() else "", label=answer.capitalize())


def _of_lines(part: Mapping[str, Any]) -> Iterator[Claim]:
    for line in part.get("lines", ()):
        boxes = line.get("boxes") or ({"": line["box"]} if "box" in line else {})
        page, parens = int(line.get("page", part.get("page", 1))), line.get("parens") == "true"
        yield from (Claim(field, page, line["line"], column, parens=parens) for column, field in boxes.items())


def _of_table(part: Mapping[str, Any]) -> Iterator[Claim]:
    """The boxes of a part of Form 8949: heading, check boxes, rows, totals."""
    page = int(part.get("page", 1))
    yield from (_of_heading(key, part[key], page) for key in HEADING if key in part)
    yield from (Claim(field, page, label=f"({letter})") for letter, field in part.get("boxes", {}).items())
    for index, row in enumerate(part.get("row_boxes", ()), start=1):
        yield from (Claim(box, page, "1", column, row=index) for column, box in zip(COLUMNS, row, strict=True))
    for column, field in part.get("totals", {}).items():
        yield Claim(field, page, "2", column)


class Geometry:
    """The rules: what a form prints at a box, and which claims about boxes it does not bear out."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._numbers: dict[int, list[Word]] = {}
        self._headings: dict[int, list[Word]] = {}

    def numbers(self, page: int) -> list[Word]:
        """The line numbers in the left margin, top to bottom."""
        if page not in self._numbers:
            found = [w for w in self.layout.words(page) if w.left < MARGIN and _IN_MARGIN.fullmatch(w.text)]
            self._numbers[page] = sorted(found, key=lambda word: -word.bottom)
        return self._numbers[page]

    def in_row(self, box: Box) -> list[Word]:
        """The words printed at the height of a box."""
        return [w for w in self.layout.words(box.page) if box.bottom < (w.bottom + w.top) / 2 < box.top]

    def beside(self, box: Box) -> str:
        """The word printed just left of a box, empty where there is none; its opening parenthesis does not count."""
        left = [w for w in self.in_row(box) if 0 < box.left - w.right + _OVERLAP < NEAR and w.text != "("]
        return max(left, key=lambda word: word.right).text if left else ""

    def in_margin(self, box: Box) -> str:
        """The lowest number in the left margin that does not stand below a box, empty where there is none."""
        above = [word.text for word in self.numbers(box.page) if word.bottom >= box.bottom]
        return above[-1] if above else ""

    def columns(self, box: Box) -> list[str]:
        """The letters of the columns whose nearest headings above stand over the middle of a box.

        A letter after "column" or "and" is a reference, no heading of its own.
        """
        above = (head for head in self._heads(box.page) if head.bottom > box.top)
        nearest = {head.text: head for head in sorted(above, key=lambda head: -head.bottom)}
        over = (head for head in nearest.values() if box.left < (head.left + head.right) / 2 < box.right)
        return [head.text.strip("()") for head in over]

    def _heads(self, page: int) -> list[Word]:
        if page not in self._headings:
            self._headings[page] = [
                word
                for before, word in pairwise(self.layout.words(page))
                if _LETTER.fullmatch(word.text) and before.text.lower() not in _REFERRING
            ]
        return self._headings[page]

    def caption(self, box: Box) -> str:
        """The caption of a box: the word right of a check box, what is printed over a box of the heading."""
        if not box.text:
            right = [word for word in self.in_row(box) if 0 < word.left - box.right + _OVERLAP < NEAR]
            return min(right, key=lambda word: word.left).text if right else ""
        over = [word for word in self.layout.words(box.page) if 0 < word.top - box.top < _OVER]
        return " ".join(word.text for word in over if box.left - _OVERLAP < word.left < box.right)

    def parentheses(self, box: Box) -> str:
        """Which parentheses are printed around a box: "()", one of them alone, or none."""
        row = self.in_row(box)
        opening = any(word.text == "(" and abs(word.right - box.left) < _TOUCHING for word in row)
        closing = any(word.text == ")" and abs(word.left - box.right) < _TOUCHING for word in row)
        return "(" * opening + ")" * closing

    def faults(self, found: Sequence[Claim]) -> list[Fault]:
        """What is wrong with a map of boxes, box by box: none is missing, each stands where the map has it."""
        boxes, times = self.layout.fields, Counter(claim.field for claim in found)
        twice = [Fault(field, "map", f"named {count} times") for field, count in times.items() if count > 1]
        missed = [
            Fault(name, f"page {box.page}", f"in no map, stands at {self.beside(box) or self.caption(box) or 'none'}")
            for name, box in boxes.items()
            if box.writable and name not in times
        ]
        wrong = [Fault(claim.field, claim.where, what) for claim in found for what in self._misplaced(claim)]
        return [*twice, *wrong, *missed, *_out_of_order([claim for claim in found if claim.field in boxes], boxes)]

    def _misplaced(self, claim: Claim) -> Iterator[str]:
        box = self.layout.fields.get(claim.field)
        if box is None:
            yield "not in the blank"
        elif claim.page not in {0, box.page}:
            yield f"stands on page {box.page}, not {claim.page}"
        else:
            yield from self._differences(claim, box)

    def _differences(self, claim: Claim, box: Box) -> Iterator[str]:
        if not box.writable:
            yield "shaded in the blank"
        if claim.number and (number := self._number(claim, box)) != claim.number:
            yield f"stands at line {number or 'none'}, not {claim.number}"
        if claim.column and claim.column not in (over := self.columns(box)):
            yield f"stands under {' and '.join(f'({letter})' for letter in over) or 'no heading'}, not ({claim.column})"
        if claim.label and not re.search(claim.label if box.text else re.escape(claim.label), self.caption(box)):
            yield f"stands at “{self.caption(box)[:40]}”, not {claim.label}"
        if box.text and (around := self.parentheses(box)) != ("()" if claim.parens else ""):
            yield f"parentheses printed: {around or 'none'}, not {'()' if claim.parens else 'none'}"

    def _number(self, claim: Claim, box: Box) -> str:
        """The number of the line a box belongs to: printed beside it, or for a table or check box in the margin."""
        return self.beside(box) if box.text and not claim.column else self.in_margin(box)

    def proposed(self) -> Iterator[Claim]:
        """What the paper itself says of each box that may be filled in, in the order of its fields."""
        for field, box in self.layout.fields.items():
            if box.writable:
                yield self._proposal(field, box)

    def _proposal(self, field: str, box: Box) -> Claim:
        parens = self.parentheses(box) == "()"
        if not box.text:
            return Claim(field, box.page, self.in_margin(box), label=self.caption(box))
        if _NUMBER.fullmatch(number := self.beside(box)):
            return Claim(field, box.page, number, parens=parens)
        if columns := self.columns(box):
            return Claim(field, box.page, self.in_margin(box), columns[0], parens=parens)
        return Claim(field, box.page, label=self.caption(box))

    def bearing_out(self, claim: Claim) -> list[str]:
        """The boxes that could be the one claimed: all that the claim says is printed there, whatever their names."""
        text = bool(claim.column) or not claim.label or claim.label in HEADING.values()
        return [
            field
            for field, box in self.layout.fields.items()
            if box.text == text and claim.page in {0, box.page} and not any(self._differences(claim, box))
        ]

    def section(self, box: Box) -> str:
        """What is printed from the number of a box's line, as it stands in the margin, down to the next number.

        The foot of the page is left out.
        """
        numbers = [word for word in self.numbers(box.page) if word.bottom >= box.bottom]
        if not numbers:
            return ""
        top = numbers[-1].top + 1
        below = [word.top + 1 for word in self.numbers(box.page) if word.bottom < numbers[-1].bottom - 1]
        words = self.layout.words(box.page)
        foot = min(word.bottom for word in words) + _FOOT
        bottom = below[0] if below else 0
        return " ".join(word.text for word in words if bottom < word.top <= top and word.bottom > foot)


def _out_of_order(found: Sequence[Claim], boxes: Mapping[str, Box]) -> Iterator[Fault]:
    """Form 8949: its rows follow one another downwards, the boxes of a row stand beside that of column (a)."""
    columns: dict[tuple[int, str], list[Claim]] = {}
    for claim in found:
        if claim.column:
            columns.setdefault((claim.page, claim.column), []).append(claim)
    for (page, _), down in columns.items():
        for above, below in pairwise(down):
            if boxes[above.field].bottom < boxes[below.field].top - 1:
                yield Fault(below.field, below.where, "rows not in order: does not stand below the row before")
        for first, claim in zip(columns.get((page, "a"), ()), down, strict=False):
            if not boxes[first.field].bottom <= boxes[claim.field].bottom < boxes[first.field].top:
                yield Fault(claim.field, claim.where, "does not stand beside column (a)")
