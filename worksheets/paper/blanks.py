"""Finding the official blanks on this machine, and making sure that each is the one whose boxes are known.

A blank is looked for in the folder given, then in $DUALBASIS_FORMS, then in the user's cache, under the name that
irs.gov gives prior revisions ("f6251--2024.pdf"). forms/blanks.yaml holds the digest of each file whose boxes were
compared with the form file; any other file is taken only if title, number of fields and every box agree.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, NamedTuple

from worksheets.definitions import Definition, definition, read_yaml
from worksheets.paper.blank import Blank, Field

ENVIRONMENT = "DUALBASIS_FORMS"
_KEPT = 64  # blanks held in memory, each some hundred kilobytes


class RefusedBlankError(ValueError):
    """A file that has the name of a blank is not that blank: the message says what disagrees."""


@dataclass(frozen=True, slots=True)
class Known:
    """An official blank as forms/blanks.yaml has it.

    `fields` is the number of its fields; `sha256` is None where no copy of that revision was at hand; a `draft` is
    never filled.
    """

    form: str
    year: int
    file: str
    address: str
    title: str
    fields: int
    sha256: str | None
    draft: bool


class Official(NamedTuple):
    """A blank found on this machine; `warning` is empty when it is the very file whose boxes were checked."""

    blank: Blank
    path: Path
    warning: str


@cache
def catalogue() -> Mapping[tuple[str, int], Known]:
    """Every official blank, by base name ("f6251") and year."""
    found = (
        _known(form, int(year), entry)
        for form, years in read_yaml("blanks.yaml").items()
        for year, entry in years.items()
    )
    return {(entry.form, entry.year): entry for entry in found}


def _known(form: str, year: int, entry: Mapping[str, str]) -> Known:
    return Known(
        form=form,
        year=year,
        file=entry["file"],
        address=entry["address"],
        title=entry["title"],
        fields=int(entry["fields"]),
        sha256=None if entry["sha256"] == "null" else entry["sha256"],
        draft=entry.get("draft") == "true",
    )


def cache_folder() -> Path:
    """Where fetched blanks are kept: "dualbasis/forms" in the user's cache directory of this system."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "dualbasis" / "forms"


def folders(given: Path | None = None) -> tuple[Path, ...]:
    """The folders that blanks are looked for in, first to last."""
    named = os.environ.get(ENVIRONMENT)
    return tuple(path for path in (given, Path(named) if named else None, _cache()) if path is not None)


def _cache() -> Path | None:
    """The cache folder; None for a user without a home, as programs in containers may be."""
    try:
        return cache_folder()
    except RuntimeError:
        return None


def find(form: str, year: int, given: Path | None = None) -> Path | None:
    """The file of a blank, or None where there is none, none is known of that year, or only a draft."""
    known = catalogue().get((form, year))
    if known is None or known.draft:
        return None
    return next((path for folder in folders(given) if _is_file(path := folder / known.file)), None)


def _is_file(path: Path) -> bool:
    """Whether a file is there; in a folder that this user must not look into there is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def official(form: str, year: int, given: Path | None = None) -> Official | None:
    """The blank of a form (base name "f6251"), read, checked and kept for the next time; None where there is none.

    Raises:
        RefusedBlankError: the file found is not that blank.
        OSError: it cannot be read.
    """
    path = find(form, year, given)
    if path is None:
        return None
    state = path.stat()
    return _opened(path, (state.st_mtime_ns, state.st_size), form, year)


@lru_cache(maxsize=_KEPT)
def _opened(path: Path, _state: tuple[int, int], form: str, year: int) -> Official:
    """The blank at `path`, read again when the file changes (`_state`)."""
    known = catalogue()[form, year]
    try:
        blank = Blank.load(path)
    except ValueError as fault:
        raise RefusedBlankError(str(fault)) from fault
    if hashlib.sha256(path.read_bytes()).hexdigest() == known.sha256:
        return Official(blank, path, "")
    return Official(blank, path, agreed(blank, known, path.name))


def agreed(blank: Blank, known: Known, name: str) -> str:
    """The warning that goes with a blank whose digest is not known, though everything else agrees.

    Raises:
        RefusedBlankError: title, number of fields or a box disagrees.
    """
    faults = list(disagreements(blank, known, definition(known.year, known.form)))
    if faults:
        raise RefusedBlankError(f"{name}: not the blank of {known.title}: {'; '.join(faults[:3])}")
    return (
        f"{name} is not a copy whose boxes were checked before: title, fields and the order of the boxes agree. "
        "Compare its figures with the schedules before it is filed."
    )


def disagreements(blank: Blank, known: Known, printed: Definition) -> Iterator[str]:
    """What speaks against a file being the blank that the form file describes, in words."""
    if blank.title != known.title:
        yield f"its title is {blank.title or 'empty'}"
    if len(blank.fields) != known.fields:
        yield f"it has {len(blank.fields)} fields, expected {known.fields}"
    for run in runs(printed):
        missing = [box for box in run.boxes if not _fits(blank.fields.get(box), run)]
        yield from (f"field {box} is missing, or not on page {run.page}" for box in missing)
        if not missing:
            yield from _disorder([blank.fields[box] for box in run.boxes], run)


class Run(NamedTuple):
    """Boxes of one kind on one page that follow one another, downwards or to the right."""

    page: int
    kind: Literal["text", "check"]
    direction: Literal["down", "right", "any"]
    boxes: tuple[str, ...]


def runs(printed: Definition) -> Iterator[Run]:
    """Every box that a form file names, in runs."""
    parts = [part for part in printed.raw_parts if "row_boxes" in part]
    yield from (run for part in parts for run in _table_runs(part))
    if head := printed.extra.get("header"):
        yield Run(1, "text", "right", (head["name"], head["ssn"]))
    for box in printed.extra.get("checks", {}).values():
        yield Run(int(box[1]), "check", "any", (box,))
    lines = [line for line in printed.lines.values() if line.boxes]
    for page in sorted({line.page for line in lines}):
        yield Run(page, "text", "down", tuple(next(iter(line.boxes.values())) for line in lines if line.page == page))
    yield from (Run(line.page, "text", "right", tuple(line.boxes.values())) for line in lines)


def _table_runs(part: Mapping[str, Any]) -> Iterator[Run]:
    page, rows, totals = int(part["page"]), part["row_boxes"], part["totals"]
    yield Run(page, "text", "right", (part["name"], part["ssn"]))
    yield Run(page, "check", "down", tuple(part["boxes"].values()))
    yield from (Run(page, "text", "right", tuple(row)) for row in rows)
    for index, column in enumerate("abcdefgh"):
        total = (totals[column],) if column in totals else ()
        yield Run(page, "text", "down", (*(row[index] for row in rows), *total))
    yield Run(page, "text", "right", tuple(totals.values()))


def _fits(field: Field | None, run: Run) -> bool:
    return field is not None and (field.page, field.kind) == (run.page, run.kind)


def _disorder(fields: Iterable[Field], run: Run) -> Iterator[str]:
    for first, second in pairwise(fields):
        in_order = {
            "down": second.rect[3] <= first.rect[1] + 1,
            "right": second.rect[0] >= first.rect[2] - 1,
            "any": True,
        }[run.direction]
        if not in_order:
            yield f"field {second.name} does not follow {first.name}"
