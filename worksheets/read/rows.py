"""Rows of exercises and sales as they go to the models: with an id, the place they stand in, and one spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from worksheets.case_fields import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from worksheets.read.located import Rows


def folded(name: str) -> str:
    """A name for comparison: without regard to case and white space."""
    return " ".join(name.split()).casefold()


class Corporations:
    """The corporations named in the exercises, each in the spelling of its first row.

    Elsewhere the same name in other case or spacing is taken as that corporation; no other likeness counts.
    """

    def __init__(self, exercises: Iterable[Any]) -> None:
        self._spelled: dict[str, str] = {}
        self._described: dict[str, str | None] = {}
        for row in exercises:
            name = row.get("corporation") if isinstance(row, dict) else None
            if isinstance(name, str) and name.strip():
                self._spelled.setdefault(folded(name), " ".join(name.split()))

    def spell(self, row: Any) -> Any:
        """The row with its corporation in one spelling, and found in the description where it names none."""
        if not isinstance(row, dict):
            return row
        name, description = row.get("corporation"), row.get("description")
        if isinstance(name, str) and name.strip():
            return {**row, "corporation": self._spelled.get(folded(name), name)}
        found = self._in_description(description) if isinstance(description, str) else None
        return {**row, "corporation": found} if found else dict(row)

    def _in_description(self, description: str) -> str | None:
        """The one corporation that the description contains, or None for none or several."""
        if description not in self._described:
            text = folded(description)
            found = [name for key, name in self._spelled.items() if key in text]
            self._described[description] = found[0] if len(found) == 1 else None
        return self._described[description]


def prepared(rows: Rows, letter: str, file: str, corporations: Corporations) -> list[Any]:
    """The rows with id (by place in the file where none is given), origin and corporation; what is no row stays.

    Args:
        rows: as read.
        letter: what default ids begin with, E or S.
        file: the file as the case names it.
        corporations: the spellings.
    """
    ready = []
    for place, row in enumerate(rows):
        entry = corporations.spell(row)
        if isinstance(entry, dict):
            entry["id"] = entry.get("id") or f"{letter}{place + 1}"
            entry.setdefault("origin", Origin(file, rows.lines[place]))
        ready.append(entry)
    return ready


def ids(entries: Iterable[Any], letter: str) -> tuple[str, ...]:
    """The ids of prepared rows in file order; what is no row counts by its place."""
    return tuple(
        " ".join(str(entry["id"]).split()) if isinstance(entry, dict) else f"{letter}{place + 1}"
        for place, entry in enumerate(entries)
    )
