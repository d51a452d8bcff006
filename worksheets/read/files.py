"""Opening what the user named: inside the case's folder, of a bearable size, as UTF-8 text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worksheets.problems import CaseError, printable, refuse

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """A file's text.

    Attributes:
        file: as messages name it.
        text: decoded, without a byte order mark.
        digest: `sha256:` and the hexadecimal digest of its bytes.
    """

    file: str
    text: str
    digest: str


def open_document(path: Path) -> Document:
    """The text of a file.

    Raises:
        CaseError: it is missing, not a regular file, over 10 MB, or not UTF-8.
    """
    file = printable_path(path)
    content = _bytes(path, file)
    return Document(file, _decoded(content, file), "sha256:" + hashlib.sha256(content).hexdigest())


def printable_path(path: Path) -> str:
    """A path as messages name it: as it was given, on one line."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(path))


def inside(folder: Path, name: str) -> Path:
    """The path of a file that a case names, in the case's folder or below it.

    Raises:
        ValueError: it lies elsewhere (links followed), or is no file.
    """
    expected = "expected a file in the case's folder or below it"
    path = folder / name
    try:
        lies_inside = path.resolve().is_relative_to(folder.resolve())
        found = path.is_file()
    except (OSError, RuntimeError, ValueError):  # a name too long, a circle of links, a zero byte
        lies_inside = found = False
    if not lies_inside:
        raise ValueError(f"read '{printable(name)}', {expected}")
    if not found:
        raise ValueError(f"read '{printable(name)}', where there is no file, {expected}")
    return path


def _case_in(folder: Path) -> str:
    """The case that a folder named in its place holds, under the name that `dualbasis init` gives it."""
    case = folder / "case.yaml"
    return f", such as {printable_path(case)}" if case.is_file() else ""


def _bytes(path: Path, file: str) -> bytes:
    try:
        if path.is_dir():
            raise refuse(file, f"read a folder, expected a file{_case_in(path)}")
        if not path.is_file():
            raise refuse(file, f"read no {'regular ' if path.exists() else ''}file there, expected one")
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, CaseError):
            raise
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "no such path"
        raise refuse(file, f"read nothing ({reason}), expected a file that can be read") from None
    if len(content) > MOST_BYTES:
        raise refuse(file, "read more than 10 MB, expected a file of at most 10 MB")
    return content


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = "read bytes that are no UTF-8 text, expected the file saved as UTF-8"
        raise refuse(file, message, line=line) from None
