"""A page as a viewer shows it, word by word, with where each stands and whether it is set in our typeface."""

import ctypes
import io
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import pypdf
import pypdfium2 as pdfium

OURS = b"BitstreamVera"
GAP, LINE = 1.5, 4
FONT, FLAGS = ctypes.create_string_buffer(80), ctypes.c_int()  # where PDFium writes what it is asked


class Word(NamedTuple):
    """Points, origin at the bottom left."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    ours: bool

    @property
    def centre(self):
        return (self.left + self.right) / 2

    @property
    def middle(self):
        return (self.bottom + self.top) / 2


def opened(pdf, *, flatten=True):
    """The document with its form fields made part of the pages, which PDFium sees only after reading its own output."""
    document = pdfium.PdfDocument(pdf)
    if not flatten:
        return document
    document.init_forms()
    for index in range(len(document)):
        document[index].flatten()
    saved = io.BytesIO()
    document.save(saved)
    return pdfium.PdfDocument(saved.getvalue())


@lru_cache(maxsize=8)
def pages_of(pdf, *, flatten=True):
    """The words of each page."""
    document = opened(pdf, flatten=flatten)
    return [list(page_words(document[index])) for index in range(len(document))]


def page_words(page):
    """The words of a page in the order they are drawn: characters of one font without a gap between them."""
    text = page.get_textpage()
    characters = [character(text, index) for index in range(text.count_chars())]
    word = []
    for one, following in pairwise([*characters, None]):
        if one.text.strip():
            word.append(one)
        if word and (following is None or not one.text.strip() or apart(one, following)):
            yield joined(word)
            word = []


def character(text, index):
    pdfium.raw.FPDFText_GetFontInfo(text.raw, index, FONT, len(FONT), FLAGS)
    left, _, right, _ = text.get_charbox(index, loose=True)  # with the room a narrow digit leaves at its sides
    _, bottom, _, top = text.get_charbox(index)
    letter = chr(pdfium.raw.FPDFText_GetUnicode(text.raw, index))
    return Word(letter, left, bottom, right, top, OURS in FONT.value)


def apart(one, other):
    if not other.text.strip():
        return True
    gap = other.left - one.right
    return one.ours != other.ours or abs(other.bottom - one.bottom) > LINE or not -GAP < gap < GAP


def joined(characters):
    letters, left, bottom, right, top, ours = zip(*characters, strict=True)
    return Word("".join(letters), min(left), min(bottom), max(right), max(top), ours[0])


def checked(pdf):
    """The check boxes that are on: page from 0 and rectangle of each."""
    found = []
    for index, page in enumerate(pypdf.PdfReader(io.BytesIO(pdf)).pages):
        for reference in page.get("/Annots", ()):
            widget = reference.get_object()
            if widget.get("/AS", "/Off") != "/Off":
                found.append((index, [float(side) for side in widget["/Rect"]]))
    return found
