"""CSV text that no spreadsheet program runs.

A cell that begins with =, +, -, @, a tab or a carriage return can be taken as a formula when the file is opened; such a
cell gets an apostrophe before it, unless it is a plain number. Line ends inside a cell become blanks: Python quotes a
cell only for the line end it writes itself, so that a lone carriage return would begin a row of its own.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_LINE_ENDS = re.compile("[\r\n\x00\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_STARTS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before it where a program could take it for a formula."""
    risky = cell.startswith(_STARTS) or cell.lstrip().startswith(_STARTS)
    return f"'{cell}" if risky and not _NUMBER.fullmatch(cell) else cell


def csv_text(rows: Iterable[Iterable[str]], *, end: str = "\n") -> str:
    """Rows of cells as CSV, every cell harmless and on one line."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator=end)
    writer.writerows([harmless(_LINE_ENDS.sub(" ", cell)) for cell in row] for row in rows)
    return stream.getvalue()
