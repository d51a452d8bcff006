"""Cells of an XLSX workbook as text, read by openpyxl within limits.

openpyxl does not guard against XML that blows up (its own documentation says so): parts that declare a document type
are refused before it sees them, and so are archives that unpack to more than a case could need.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from worksheets.problems import CaseError, refuse

_MOST_UNPACKED = 100_000_000
_MOST_PARTS, _MOST_ROWS, _MOST_CELLS = 500, 200_000, 200
_DECLARATIONS = tuple(
    mark.encode(code) for mark in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)

Row = tuple[int, tuple[str, ...]]


def sheets(content: bytes, file: str) -> list[tuple[str, list[Row]]]:
    """The rows of every sheet: row number counted from 1, cells as text; empty rows are left out.

    Raises:
        CaseError: no workbook, or one beyond the limits.
    """
    _check_archive(content, file)
    import openpyxl  # noqa: PLC0415 - only a workbook pays for it

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        return [(sheet.title, list(_rows(sheet, file))) for sheet in book.worksheets]
    except CaseError:
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever its XML led it to
        raise refuse(file, f"read a workbook that cannot be opened ({type(error).__name__}), expected XLSX") from None


def _check_archive(content: bytes, file: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise refuse(file, "read a workbook that unpacks to more than 100 MB, expected a smaller one")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and _declares(archive.read(part)):
                    raise refuse(file, "read a workbook with a document type in its XML, expected one without")
            if "[Content_Types].xml" not in archive.namelist():
                raise refuse(file, "read an archive, expected an XLSX workbook or the file inside the archive")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        if isinstance(error, CaseError):
            raise
        raise refuse(file, "read an archive that cannot be opened, expected an XLSX workbook") from None


def _declares(part: bytes) -> bool:
    return any(mark in part for mark in _DECLARATIONS)


def _rows(sheet: Any, file: str) -> Iterator[Row]:
    sheet.reset_dimensions()  # some exporters write a wrong size, which would hide rows
    for number, cells in enumerate(sheet.iter_rows(max_col=_MOST_CELLS, values_only=True), 1):
        if number > _MOST_ROWS:
            raise refuse(file, "read a sheet of more than 200,000 rows, expected fewer")
        texts = tuple(map(_text, cells))
        if any(map(str.strip, texts)):
            yield number, texts


def _text(value: Any) -> str:
    """A cell as text: dates as ISO, numbers exactly as they print."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"
    return str(value)
