"""Whether a blank on this machine is the form whose map we have: its title, its fields, and where each box stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from worksheets.definitions import read_yaml
from worksheets.paper.blanks import catalogue, find
from worksheets.paper.geometry import Claim, Fault, Geometry, Paper, claims

_OURS = re.compile(r".+ \(\d{4}\)")  # "Form 6251 (2024)"


class Revision(NamedTuple):
    """A form (base name "f6251") of a tax year."""

    form: str
    year: int


class Verdict(NamedTuple):
    """What verifying one blank came to.

    `boxes` is how many boxes of the form file were looked at; `rows` how many lines and table rows they make up, of
    which `agreed` stand where the form prints them. `known` says that the file is, to the byte, one whose map was
    checked before.
    """

    path: Path
    revision: Revision
    boxes: int
    rows: int
    agreed: int
    faults: tuple[Fault, ...]
    known: bool


@cache
def names_of_forms() -> dict[str, str]:
    """The base name of each form by its title without the year ("Form 6251")."""
    return {entry.title.partition(" ")[2]: entry.form for entry in catalogue().values()}


def revision_of(title: str) -> Revision | None:
    """The form and year that a document's title names ("2024 Form 6251"), or None where it names none we know."""
    found = re.fullmatch(r"(\d{4}) (.+)", title.strip())
    form = names_of_forms().get(found[2]) if found else None
    return Revision(form, int(found[1])) if found and form else None


def verify(path: Path, form: str | None = None, year: int | None = None) -> Verdict:
    """Hold a blank against the form file of its year, or of the form and year given.

    Raises:
        ValueError: the file is no fillable form, its title names no form we know, or there is no map of that year.
        OSError: it cannot be read.
    """
    paper = Paper(path)
    titled = revision_of(paper.title)
    form, year = form or (titled.form if titled else None), year or (titled.year if titled else None)
    if form is None or year is None:
        ours = ", as packets title their forms, expected an official blank with" if _OURS.fullmatch(paper.title) else ""
        raise ValueError(
            f"{path.name}: its title reads '{paper.title}'{ours or ', expected'} one like '2024 Form 6251'"
        )
    return _verdict(path, paper, Revision(form, year))


def _verdict(path: Path, paper: Paper, revision: Revision) -> Verdict:
    found = map_of(revision)
    faults = (*_of_the_whole(paper, revision), *Geometry(paper).faults(found))
    wrong = {fault.field for fault in faults}
    rows = {_row(claim) for claim in found}
    entry = catalogue().get((revision.form, revision.year))
    return Verdict(
        path=path,
        revision=revision,
        boxes=len(found),
        rows=len(rows),
        agreed=len(rows - {_row(claim) for claim in found if claim.field in wrong}),
        faults=faults,
        known=entry is not None and sha256(path.read_bytes()).hexdigest() == entry.sha256,
    )


def map_of(revision: Revision) -> list[Claim]:
    """What the form file of a form and year says of its boxes.

    Raises:
        ValueError: there is none.
    """
    try:
        return claims(read_yaml(f"{revision.year}/{revision.form}.yaml"))
    except FileNotFoundError:
        raise ValueError(f"there is no map of {revision.form} for {revision.year}") from None


def _row(claim: Claim) -> tuple[int, str, int]:
    """The line or table row of a box; boxes of a heading and check boxes are a row each."""
    return claim.page, claim.number or claim.field, claim.row


def _of_the_whole(paper: Paper, revision: Revision) -> Iterator[Fault]:
    entry = catalogue().get(revision)
    if revision_of(paper.title) != revision:
        expected = entry.title if entry else f"that of {revision.form} for {revision.year}"
        yield Fault("", "title", f"reads '{paper.title}', not '{expected}'")
    if entry and len(paper.fields) != entry.fields:
        yield Fault("", "form", f"{len(paper.fields)} fields, not {entry.fields}")


def on_this_machine(year: int | None = None, given: Path | None = None) -> list[Path]:
    """The official blanks found in the usual folders, oldest year first; drafts are not among them."""
    entries = sorted((entry.year, entry.form) for entry in catalogue().values() if year in {None, entry.year})
    return [path for found, form in entries if (path := find(form, found, given)) is not None]
