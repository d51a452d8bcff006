"""What was read, and where: mappings and lists that know their file and line, every scalar as text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from worksheets.problems import dotted, refuse

MOST_LEVELS = 20
MOST_VALUES = 5_000_000


class Table(dict[str, Any]):
    """A mapping as it was read: `lines` gives each key's line, `line` its own."""

    __slots__ = ("file", "line", "lines")

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: Mapping[str, int] = {}


class Rows(list[Any]):
    """A list as it was read: `lines` gives each entry's line.

    Of a CSV, `columns` holds the names of its header, and an entry that could not be read is None.
    """

    __slots__ = ("columns", "file", "line", "lines")

    def __init__(self, file: str, line: int) -> None:
        super().__init__()
        self.file = file
        self.line = line
        self.lines: list[int] = []
        self.columns: frozenset[str] | None = None


def locate(root: Table, path: Iterable[str | int]) -> tuple[str, int]:
    """File and line of a path; of what would hold it where it is missing."""
    here: Any = root
    file, line = root.file, root.line
    for part in path:
        if isinstance(here, Table):
            file, line = here.file, here.lines.get(str(part), here.line)
            here = here.get(str(part))
        elif isinstance(here, Rows) and isinstance(part, int) and part < len(here):
            file, line = here.file, here.lines[part]
            here = here[part]
        else:
            break
        if isinstance(here, Table | Rows) and here.file != file:  # a CSV in place of the list
            file, line = here.file, here.line
    return file, line


def from_python(mapping: Mapping[Any, Any]) -> Table:
    """A mapping given from Python, with file `case` and line 0.

    Raises:
        CaseError: it nests too deeply, or holds itself.
    """
    return _Copy().table(mapping, ())


class _Copy:
    """Copies mappings and lists, counting what it copies, so that a mapping that repeats itself cannot blow up."""

    def __init__(self) -> None:
        self.values = 0

    def table(self, mapping: Mapping[Any, Any], path: tuple[str | int, ...]) -> Table:
        """A copy of a mapping, its keys as text."""
        table = Table("case", 0)
        for key, value in mapping.items():
            name = str(key)
            if name in table:
                raise refuse("case", "read the key twice, expected it once", line=0, key=dotted((*path, name)))
            table[name] = self.value(value, (*path, name))
        return table

    def rows(self, values: Iterable[Any], path: tuple[str | int, ...]) -> Rows:
        """A copy of a list."""
        rows = Rows("case", 0)
        rows.extend(self.value(value, (*path, index)) for index, value in enumerate(values))
        rows.lines = [0] * len(rows)
        return rows

    def value(self, value: Any, path: tuple[str | int, ...]) -> Any:
        """A copy of a mapping or list; anything else as it is."""
        self.values += 1
        if len(path) > MOST_LEVELS or self.values > MOST_VALUES:
            message = f"read more than {MOST_LEVELS} levels or {MOST_VALUES} values, expected a case"
            raise refuse("case", message, line=0, key=dotted(path))
        if isinstance(value, Mapping):
            return self.table(value, path)
        return self.rows(value, path) if isinstance(value, list | tuple) else value
