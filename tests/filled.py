"""Reading filled forms back with PDFium and pypdf, which know nothing of how we write them."""

import io
import shutil
import subprocess
from functools import cache

import pypdf
import pypdfium2 as pdfium
import pytest
from blank_folder import BLANKS, NONE_HERE

from worksheets.paper.blank import Blank

FORMS = sorted(path.stem for path in BLANKS.glob("*.pdf"))
every_form = pytest.mark.parametrize("form", FORMS or [pytest.param("", marks=pytest.mark.skip(reason=NONE_HERE))])
KINDS = [
    form for form in ("f1040sd--2025", "f6251--2019", "f6251--2024", "f8801--2025", "f8949--2025") if form in FORMS
]
each_kind = pytest.mark.parametrize("form", KINDS or [pytest.param("", marks=pytest.mark.skip(reason=NONE_HERE))])
needs_blanks = pytest.mark.skipif(not FORMS, reason=NONE_HERE)
needs_qpdf = pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed")


@cache
def load(form):
    return Blank.load(BLANKS / f"{form}.pdf")


def open_fields(blank, kind):
    return [field for field in blank.fields.values() if field.kind == kind and not field.read_only]


def names_as_text(blank):
    return {field.name: field.name for field in open_fields(blank, "text")}


def amounts(blank):
    shown = ("1,234,567", "(12,345)")
    return {field.name: shown[index % 2] for index, field in enumerate(open_fields(blank, "text"))}


def texts(pdf, first_page=0):
    """A function from a field to the text PDFium finds in its rectangle once form fields are part of the page.

    The last line of it: on page 2 of Form 8949 the tails of the row above reach into the box.
    """
    document = pdfium.PdfDocument(pdf)
    document.init_forms()
    for index in range(len(document)):
        document[index].flatten()
    # PDFium sees what it flattened only after reading its own output again.
    saved = io.BytesIO()
    document.save(saved)
    again = pdfium.PdfDocument(saved.getvalue())
    pages = [again[index].get_textpage() for index in range(len(again))]
    return lambda field: pages[first_page + field.page - 1].get_text_bounded(*field.rect).split("\n")[-1].strip(" ()\r")


def images(pdf, scale=1.0):
    document = pdfium.PdfDocument(pdf)
    document.init_forms()  # without it PDFium draws no fields
    return [document[index].render(scale=scale).to_pil().convert("L") for index in range(len(document))]


def dark(image, rect, scale=1.0):
    left, bottom, right, top = (side * scale for side in rect)
    crop = image.crop(
        (round(left) + 1, round(image.height - top) + 1, round(right) - 1, round(image.height - bottom) - 1)
    )
    return sum(crop.histogram()[:128])


def check_with_qpdf(pdf, tmp_path):
    path = tmp_path / "out.pdf"
    path.write_bytes(pdf)
    found = subprocess.run(["qpdf", "--check", str(path)], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def walk(value, seen=None):
    """Every dictionary that can be reached from `value`."""
    seen = set() if seen is None else seen
    todo = [value]
    while todo:
        at = todo.pop()
        if isinstance(at, pypdf.generic.IndirectObject):
            if at.idnum in seen:
                continue
            seen.add(at.idnum)
            at = at.get_object()
        if isinstance(at, dict):
            yield at
            todo.extend(dict.values(at))
        elif isinstance(at, list):
            todo.extend(list.__iter__(at))
