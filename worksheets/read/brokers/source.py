"""What a file from a broker holds, before anyone knows its layout: text, sheets of cells, or JSON.

Safe by construction: at most 10 MB, nothing is run or fetched, XML entities are refused, decimals never become floats.
"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from worksheets.problems import CaseError, printable, refuse
from worksheets.read.brokers import workbook
from worksheets.read.files import MOST_BYTES, printable_path

_BY_HAND = (
    "download the same data as CSV, XLSX, TXF or OFX from the tax or gains-and-losses page, or type its rows into "
    "1099b.csv and 3921.csv (`dualbasis init` writes their headers)"
)
# First bytes of what cannot be read, and what to do instead.
_REFUSED = (
    (b"%PDF", f"read a PDF, which is not read here, expected a file of data: {_BY_HAND}"),
    (b"\xd0\xcf\x11\xe0", "read an old Excel file (.xls), expected it saved as .xlsx or CSV"),
    (b"<!DOCTYPE html", f"read a web page, expected a file of data: {_BY_HAND}"),
    (b"<html", f"read a web page, expected a file of data: {_BY_HAND}"),
)
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


@dataclass(frozen=True, slots=True)
class Line:
    """One row of cells; `number` is its line in the file, or its row in the sheet, counted from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of cells: a CSV, or one sheet of a workbook (then `name` is the sheet's)."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Source:
    """One file.

    Attributes:
        file: as the user named it, for messages.
        text: its text; "" for a workbook.
        book: the sheets of a workbook; None for text.
    """

    file: str
    text: str
    book: tuple[Sheet, ...] | None = None

    @property
    def short(self) -> str:
        """The file's name without its folder."""
        return Path(self.file).name

    @cached_property
    def sheets(self) -> tuple[Sheet, ...]:
        """The rows of a workbook or of a CSV; none for what is neither."""
        if self.book is not None:
            return self.book
        return () if self.fault else (Sheet("", self._lines),)

    @cached_property
    def fault(self) -> str:
        """Why the text is no CSV, or ""."""
        try:
            self._lines  # noqa: B018 - read for the error it may raise
        except csv.Error as error:
            return str(error)
        return ""

    @cached_property
    def _lines(self) -> tuple[Line, ...]:
        reader = csv.reader(io.StringIO(self.text, newline=""), delimiter=self._delimiter, strict=True)
        found, before = [], 0
        for cells in reader:
            if any(map(str.strip, cells)):
                found.append(Line(before + 1, tuple(cells)))
            before = reader.line_num
        return tuple(found)

    @property
    def _delimiter(self) -> str:
        first = next((line for line in self.text.splitlines() if line.strip()), "")
        return "\t" if first.count("\t") > first.count(",") else ","

    @cached_property
    def data(self) -> Any:
        """What a JSON text holds, its decimals exact; None for anything else."""
        if self.text.lstrip()[:1] not in ("{", "["):
            return None
        try:
            return json.loads(self.text, parse_float=Decimal, parse_constant=_no_number)
        except (ValueError, RecursionError, ArithmeticError) as error:
            line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
            raise refuse(self.file, "read no JSON, expected what opens with a bracket to be JSON", line=line) from None


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def open_source(path: Path) -> Source:
    """What a file holds.

    Raises:
        CaseError: it is missing, over 10 MB, a PDF or web page, or no text or workbook at all.
    """
    file = printable_path(path)
    content = _bytes(path, file)
    for start, message in _REFUSED:
        if content.lstrip()[: len(start)].lower() == start.lower():
            raise refuse(file, message)
    if path.suffix.lower() in {".yaml", ".yml"}:
        raise refuse(file, "read a case file, expected a broker's file: `dualbasis check` reads cases")
    if content.startswith(b"PK"):
        sheets = workbook.sheets(content, file)
        return Source(file, "", tuple(Sheet(name, tuple(Line(*row) for row in rows)) for name, rows in sheets))
    return Source(file, _decoded(content, file))


def _bytes(path: Path, file: str) -> bytes:
    try:
        if not path.is_file():
            raise refuse(file, "read no regular file" if path.exists() else "read no file there, expected one")
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, CaseError):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "no such path"
        raise refuse(file, f"read nothing ({printable(reason)}), expected a file that can be read") from None
    if len(content) > MOST_BYTES:
        raise refuse(file, "read more than 10 MB, expected a file of at most 10 MB")
    if not content.strip():
        raise refuse(file, "read an empty file, expected a broker's file")
    return content


def _decoded(content: bytes, file: str) -> str:
    """The text: UTF-8, UTF-16 with its mark, or the Windows code page that older exports are in."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    for tried in (encoding, "cp1252"):
        try:
            text = content.decode(tried)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise refuse(file, "read bytes that are no text, expected a CSV, XLSX, TXF, OFX, JSON or text file")
