"""An official blank, read and stripped once, ready to be filled any number of times.

    blank = Blank.load(Path("f6251--2024.pdf"))
    pdf = blank.fill({"f1_1": "Sample Taxpayer", "f1_3": "250,400"}).pdf()

Everything that filling does not change is kept serialised; a fill writes pages, fields and appearances only.
"""

from __future__ import annotations

import difflib
import io
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from worksheets.paper.fill import Sheet, entered
from worksheets.paper.pdf import Body, Builder
from worksheets.paper.strip import CHECK, COMPOSITE_FONT, EMPTY, PAGE_TREE, SIMPLE_FONT, Field, Parts, take_apart
from worksheets.paper.typeface import Stock, typeface

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# What pypdf, or taking apart what it read, meets in a file that is no PDF or not built as a form is.
_FAULTS = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)

__all__ = ["Blank", "Field"]


class Begun(NamedTuple):
    """A single form begun: the file, real numbers by local number, what its pages use, and its fields up to a value."""

    builder: Builder
    numbers: list[int]
    stock: Stock
    heads: dict[int, bytes]


class Blank:
    """A fillable form: `fields` by short name, `title` and `lang` as the document has them ("2024 Form 6251")."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.fields: Mapping[str, Field] = {widget.field.name: widget.field for widget in parts.widgets}
        self.title = parts.title
        self.lang = parts.lang
        self._begun: dict[bool, Begun] = {}

    @classmethod
    def load(cls, path: Path) -> Blank:
        """Reads and strips the blank at `path`.

        Raises:
            ValueError: the file is no fillable form in PDF, or is encrypted.
            OSError: it cannot be read.
        """
        data = path.read_bytes()
        try:
            reader = PdfReader(io.BytesIO(data))
            parts = None if reader.is_encrypted else take_apart(reader)
        except _FAULTS as fault:
            raise ValueError(f"{path.name}: not a form in PDF that can be read ({type(fault).__name__})") from fault
        if parts is None or not parts.widgets:
            raise ValueError(f"{path.name}: {'encrypted' if parts is None else 'no fields'}, expected a fillable form")
        return cls(parts)

    def fill(self, values: Mapping[str, str | bool], mark: str | None = None) -> Sheet:
        """The form with `values` in its boxes, by short field name: text, or True for a check box that is on.

        An empty text and False leave a box as it is. `mark` ("AMT") is printed above the form on each of its pages.

        Raises:
            ValueError: a field is unknown, read-only or of the other kind, a text does not go into its box even at
                the smallest type or has a character the typeface lacks, or two boxes of one question are on. The
                message names the field, never the value.
        """
        return Sheet(self, entered([(self.named(name), value) for name, value in values.items()]), mark)

    def named(self, name: str) -> Field:
        """The field called `name`, with or without a last "[0]".

        Raises:
            ValueError: there is none; the message gives the nearest name.
        """
        found = self.fields.get(name.removesuffix("[0]"))
        if found is None:
            near = difflib.get_close_matches(name, self.fields, n=1)
            raise ValueError(f"{self.title}: no field {name}" + (f", did you mean {near[0]}?" if near else ""))
        return found

    @cached_property
    def own(self) -> tuple[int, ...]:
        """Local numbers of the objects of which each copy of the form needs its own."""
        parts = self.parts
        return (
            *(page.local for page in parts.pages),
            *(widget.local for widget in parts.widgets),
            *(node.local for node in parts.nodes),
            *parts.own,
        )

    def share(self, builder: Builder, stock: Stock) -> list[int]:
        """Puts what copies of the form share into a file; returns real numbers by local number, 0 where none yet."""
        numbers = [0] * self.parts.size
        numbers[SIMPLE_FONT], numbers[COMPOSITE_FONT] = stock.simple, stock.composite
        numbers[EMPTY], numbers[CHECK] = stock.empty, stock.check
        _put(builder, self.parts.shared, numbers)
        return numbers

    def number(self, builder: Builder, numbers: list[int]) -> None:
        """Reserves real numbers for one copy's own objects and enters them in `numbers`."""
        first = builder.reserve(len(self.own))
        for offset, local in enumerate(self.own):
            numbers[local] = first + offset

    def begin(self, *, tagged: bool) -> Begun:
        """A file that holds everything of the single form but page tree, pages and fields, which are numbered.

        With the structure tree if `tagged`. The builder is the caller's own; the rest serves the next fill as well.
        """
        if tagged not in self._begun:
            builder = Builder()
            stock = typeface().install(builder)
            numbers = self.share(builder, stock)
            numbers[PAGE_TREE] = builder.reserve()
            self.number(builder, numbers)
            if tagged:
                _put(builder, self.parts.structure, numbers)
            self._begun[tagged] = Begun(builder, numbers, stock, {})
        begun = self._begun[tagged]
        return begun._replace(builder=begun.builder.copy())


def _put(builder: Builder, bodies: Mapping[int, Body], numbers: list[int]) -> None:
    first = builder.reserve(len(bodies))
    for offset, local in enumerate(bodies):
        numbers[local] = first + offset
    for local, body in bodies.items():
        builder.place(numbers[local], body, numbers)
