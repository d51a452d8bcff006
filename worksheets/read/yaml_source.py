"""YAML with the line of every key and every scalar left as text, so that a number is never a float on its way.

Built from the parser's events rather than its objects: no tag is acted on, duplicate keys are seen, aliases are counted
before they can blow up, and nothing recurses.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from worksheets.problems import CaseError, Problem, dotted, printable, refuse
from worksheets.read.located import MOST_LEVELS, Rows, Table

if TYPE_CHECKING:
    from worksheets.read.files import Document

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_.]*(:[0-9][0-9_.]*)+")
_MOST_REPEATED = 100_000


def load(document: Document) -> tuple[Table, list[Problem]]:
    """The mapping that a YAML document holds, and what is wrong with it that leaves the rest readable.

    Keys and scalars are text; an empty value and `null` are None.

    Raises:
        CaseError: no YAML, empty, no mapping, nested too deeply, or aliases that blow up.
    """
    builder = _Builder(document.file)
    try:
        for event in yaml.parse(document.text, Loader=_LOADER):
            builder.take(event)
    except yaml.YAMLError as error:
        raise _syntax(document, error) from None
    return builder.mapping(), builder.problems


def _syntax(document: Document, error: yaml.YAMLError) -> CaseError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else document.text.count("\n", 0, getattr(error, "position", None) or 0) + 1
    reason = printable(str(getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable"))
    return refuse(document.file, f"read no YAML ({reason}), expected a YAML mapping", line=line)


class _Frame:
    """A mapping or list being built: its anchor, the key whose value comes next, and how many values it holds."""

    __slots__ = ("anchor", "held", "key", "lines", "size", "wanted")

    def __init__(self, held: Table | Rows, anchor: str | None) -> None:
        self.held = held
        self.anchor = anchor
        self.key: str | None = None
        self.wanted = True
        self.lines: dict[str, int] = {}
        self.size = 1


class _Builder:
    """Takes the parser's events one by one and holds what they build."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._frames: list[_Frame] = []
        self._anchors: dict[str, tuple[Any, int] | None] = {}
        self._root: Any = None
        self._documents = 0
        self._repeated = 0

    def mapping(self) -> Table:
        """What was built, when it is a mapping."""
        if self._root is None:
            raise refuse(self.file, "read an empty file, expected a YAML mapping")
        if not isinstance(self._root, Table):
            raise refuse(self.file, "read no mapping, expected keys such as case, taxpayer, years")
        return self._root

    def take(self, event: Any) -> None:
        """Build on with one event."""
        if isinstance(event, yaml.ScalarEvent):
            self._put(self._scalar(event), 1, _line(event), event.anchor)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._put(*self._alias(event), _line(event), None)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._refuse("read a second YAML document, expected one", event)

    def _scalar(self, event: Any) -> str | None:
        text: str = event.value
        if event.tag is not None:
            self._tell(f"read the tag {printable(event.tag)}, expected no tag", event)
        if event.style:
            return text
        if _BASE_60.fullmatch(text):
            self._tell(
                f"read {printable(text)} without quotes, which YAML takes for a number, "
                f'expected it in quotes: "{printable(text)}"',
                event,
            )
        return None if text in _NULLS else text

    def _open(self, event: Any) -> None:
        if len(self._frames) >= MOST_LEVELS:
            raise self._refuse(f"read more than {MOST_LEVELS} levels, expected a case", event)
        if event.tag is not None:
            self._tell(f"read the tag {printable(event.tag)}, expected no tag", event)
        if event.anchor:
            self._anchors[event.anchor] = None
        kind = Table if isinstance(event, yaml.MappingStartEvent) else Rows
        self._frames.append(_Frame(kind(self.file, event.start_mark.line + 1), event.anchor))

    def _close(self) -> None:
        frame = self._frames.pop()
        if isinstance(frame.held, Table):
            frame.held.lines = frame.lines
        self._put(frame.held, frame.size, frame.held.line, frame.anchor)

    def _alias(self, event: Any) -> tuple[Any, int]:
        known = self._anchors.get(event.anchor)
        if known is None:
            what = "to itself" if event.anchor in self._anchors else "to nothing"
            raise self._refuse(
                f"read *{printable(event.anchor)}, an alias {what}, expected one to an earlier value", event
            )
        self._repeated += known[1]
        if self._repeated > _MOST_REPEATED:
            raise self._refuse(f"read aliases that repeat more than {_MOST_REPEATED} values, expected fewer", event)
        return known

    def _put(self, value: Any, size: int, line: int, anchor: str | None) -> None:
        if anchor:
            self._anchors[anchor] = (value, size)
        if not self._frames:
            self._root = value
            return
        frame = self._frames[-1]
        frame.size += size
        if isinstance(frame.held, Rows):
            frame.held.append(value)
            frame.held.lines.append(line)
        elif frame.key is None:
            self._take_key(frame, frame.held, value, line)
        else:
            if frame.wanted:
                frame.held[frame.key] = value
            frame.key = None

    def _take_key(self, frame: _Frame, held: Table, value: Any, line: int) -> None:
        frame.key = "" if value is None else value if isinstance(value, str) else "?"
        frame.wanted = isinstance(value, str | None) and frame.key not in held
        if isinstance(value, Table | Rows):
            self._tell_at("read a mapping or list for a key, expected a name", line)
        elif not frame.wanted:
            self._tell_at(
                f"read the key a second time (first on line {frame.lines[frame.key]}), expected it once", line
            )
        else:
            frame.lines[frame.key] = line

    def _path(self) -> str:
        parts: list[str | int] = []
        for frame in self._frames:
            if isinstance(frame.held, Rows):
                parts.append(len(frame.held))
            elif frame.key is not None:
                parts.append(frame.key)
        return dotted(parts) or "file"

    def _tell(self, message: str, event: Any) -> None:
        self._tell_at(message, _line(event))

    def _tell_at(self, message: str, line: int) -> None:
        self.problems.append(Problem(self.file, line, self._path(), message))

    def _refuse(self, message: str, event: Any) -> CaseError:
        return refuse(self.file, message, line=_line(event), key=self._path())


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1
