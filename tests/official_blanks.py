"""The IRS's own blank forms, read for tests: where fields stand and where words are printed.

Points, origin at the bottom left of the page. Pages count from 1 as the form counts them: the cover page of a draft,
which has no field, is left out.
"""

import re
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pypdf
import pypdfium2 as pdfium
import pytest
from blank_folder import BLANKS as FOLDER

from worksheets.definitions import read_yaml

READ_ONLY = 1  # the field flag of the shaded boxes
MARGIN = 60  # left of it stand the line numbers
WORD_GAP, LINE_GAP = 1.5, 4


class Word(NamedTuple):
    text: str
    left: float
    bottom: float
    right: float
    top: float


class Field(NamedTuple):
    page: int
    left: float
    bottom: float
    right: float
    top: float
    text: bool
    writable: bool


def table() -> dict[tuple[str, int], dict[str, str]]:
    """forms/blanks.yaml: what is known of each blank, by base name and year."""
    return {(name, int(year)): row for name, rows in read_yaml("blanks.yaml").items() for year, row in rows.items()}


def pinned() -> dict[tuple[str, int], str]:
    """The blanks whose contents are pinned by a sha256: base name and year to file name."""
    return {key: row["file"] for key, row in table().items() if row["sha256"] != "null"}


class Blank:
    """One blank: its fields by short name, its words by page."""

    def __init__(self, path: Path) -> None:
        self.reader = pypdf.PdfReader(path)
        self.document = pdfium.PdfDocument(path)
        self.title = str(self.reader.metadata["/Title"])

    @cached_property
    def cover(self) -> int:
        """How many pages stand before the form's first."""
        return next(index for index, page in enumerate(self.reader.pages) if any(widgets(page)))

    @cached_property
    def fields(self) -> dict[str, Field]:
        found = {}
        for index, page in enumerate(self.reader.pages):
            for widget in widgets(page):
                name = str(widget["/T"]).removesuffix("[0]")
                assert name not in found, f"two fields are called {name}"
                text = widget.get_inherited("/FT") == "/Tx"
                writable = not int(widget.get_inherited("/Ff", 0)) & READ_ONLY
                found[name] = Field(index + 1 - self.cover, *map(float, widget["/Rect"]), text, writable)
        return found

    @cache  # noqa: B019 - the few blanks live as long as the tests
    def words(self, page: int) -> list[Word]:
        return list(words(self.document[page - 1 + self.cover].get_textpage()))

    def numbers(self, page: int) -> list[Word]:
        """The line numbers in the left margin, top to bottom."""
        found = [w for w in self.words(page) if w.left < MARGIN and re.fullmatch(r"\d{1,2}[a-z]?|[a-z]", w.text)]
        return sorted(found, key=lambda word: -word.bottom)

    def section(self, page: int, number: str) -> str:
        """What is printed from the line called `number` down to the next number in the margin."""
        numbers = self.numbers(page)
        at = next(index for index, word in enumerate(numbers) if word.text == number)
        top = numbers[at].top + LINE_GAP
        bottom = numbers[at + 1].top + LINE_GAP if at + 1 < len(numbers) else 0
        return " ".join(word.text for word in self.words(page) if bottom < word.top < top)


def widgets(page: pypdf.PageObject) -> Iterator[Any]:
    annotations = (reference.get_object() for reference in page.get("/Annots", ()))
    return (annotation for annotation in annotations if annotation.get("/Subtype") == "/Widget")


def words(page: pdfium.PdfTextPage) -> Iterator[Word]:
    """The words of a page, in the order they are drawn: characters without a gap between them."""
    current: list[Word] = []
    for index in range(page.count_chars()):
        character = chr(pdfium.raw.FPDFText_GetUnicode(page.raw, index))
        left, _, right, _ = page.get_charbox(index, loose=True)  # with the room a narrow digit leaves at its sides
        box = left, page.get_charbox(index)[1], right, page.get_charbox(index)[3]
        last = current[-1] if current else None
        apart = last and (abs(box[1] - last.bottom) > LINE_GAP or not -WORD_GAP < left - last.right < WORD_GAP)
        if current and (apart or not character.strip()):
            yield joined(current)
            current = []
        if character.strip():
            current.append(Word(character, *box))
    if current:
        yield joined(current)


def joined(characters: list[Word]) -> Word:
    _, left, bottom, right, top = zip(*characters, strict=True)
    return Word("".join(character.text for character in characters), min(left), min(bottom), max(right), max(top))


@cache
def read(path: Path) -> Blank:
    return Blank(path)


def blank(name: str, year: int) -> Blank:
    """The blank of that base name and year; skips the test, saying what is missing, where it is not at hand."""
    path = FOLDER / pinned()[name, year]
    if not path.is_file():
        pytest.skip(f"the official blank {path.name} is missing: {FOLDER} holds none")
    return read(path)
