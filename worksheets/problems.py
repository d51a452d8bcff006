"""What is wrong with a case file, every problem at once: file, line, key, what was read and what was expected."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps the input from being used.

    Attributes:
        file: the file as the user named it; `case` for a mapping given from Python.
        line: counted from 1; 0 for a mapping given from Python.
        key: dotted, such as `years.2024.wages` or `exercises[2].fmv` (the first is [0]); `file` for the whole file.
        message: what was read, what was expected.
    """

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.message}"


class CaseError(ValueError):
    """The input cannot be used.

    Attributes:
        problems: every problem that was found, in the order of the files and their lines.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def refuse(file: str, message: str, *, line: int = 1, key: str = "file") -> CaseError:
    """The error for one problem that leaves nothing else to read."""
    return CaseError([Problem(file, line, key, message)])


def dotted(path: Iterable[str | int]) -> str:
    """A path as the user would write it: `years.2024.wages`, `exercises[2].fmv`."""
    key = "".join(f"[{part}]" if isinstance(part, int) else f".{printable(part) or '(empty)'}" for part in path)
    return key.removeprefix(".")


def printable(text: str) -> str:
    """The text with control and other unprintable characters escaped, cut to a line's worth."""
    cut = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in cut)


def shown(value: object) -> str:
    """A value as messages quote it, on one line and cut to a line's worth."""
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool | int | float | Decimal):
        return _shown_number(value)
    if isinstance(value, str):
        return f"'{printable(value)}'"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list | tuple) else f"a {type(value).__name__}"


def _shown_number(value: float | Decimal) -> str:
    if isinstance(value, int) and value.bit_length() > 200:  # Python refuses to print the longest ones
        return "a whole number of more than 60 digits"
    return f"'{printable(str(value).lower())}'"


@lru_cache(maxsize=1024)
def nearest(name: str, known: tuple[str, ...]) -> str | None:
    """The known name most like a misspelt one, or None where none is like it."""
    import difflib  # noqa: PLC0415 - only a faulty case pays for it

    found = difflib.get_close_matches(name.strip().lower()[:_SHOWN], known, n=1, cutoff=0.6)
    return found[0] if found else None


def unknown(what: str, name: str, known: tuple[str, ...]) -> str:
    """The message for a name that nobody knows: the nearest known one, or all of them where none is near."""
    near = nearest(name, known)
    return f"read an unknown {what}, " + (f"did you mean {near}?" if near else f"expected one of {', '.join(known)}")
