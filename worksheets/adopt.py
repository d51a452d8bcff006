"""Proposing the map of a new year's form: from where its boxes stand and from last year's file.

    proposal = propose(Path("f6251--2025.pdf"))
    for line in proposal.difference(): ...

Every box is read off the paper (`Geometry.proposed`): its line, column, page, parentheses. Lines are told apart by what
they print, if last year's blank is at hand too, else by their numbers alone. The proposal is last year's file with only
that changed which the paper contradicts; captions, names and citations of new lines are left to whoever reviews it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml.nodes import Node

from worksheets import adopt_words as words
from worksheets.adopt_boxes import name_boxes, name_tables
from worksheets.adopt_text import (
    Changes,
    Edit,
    child,
    edited,
    flow,
    items,
    renumbered,
    root,
    set_key,
    set_line,
    start,
    value,
    whole_lines,
)
from worksheets.data import folder
from worksheets.definitions import years
from worksheets.fetch import digest
from worksheets.paper.blanks import catalogue, find
from worksheets.paper.geometry import Claim, Geometry, Paper, claims
from worksheets.paper.verify import Revision, names_of_forms, revision_of

_AMOUNTS_OF_LAST_YEAR = {"f8801"}  # it figures last year's tax again
_SAID = 80  # characters of a new line's printed text


class Line(NamedTuple):
    """A line as the paper has it: number, page, boxes by column ("" for a single one), parentheses, printed text."""

    number: str
    page: int
    boxes: Mapping[str, str]
    parens: bool
    text: str


class Pair(NamedTuple):
    """A line of last year's file (its entry, its part, what it printed) and the line of this year's paper it is."""

    entry: Node | None
    part: Node | None
    printed: str
    line: Line | None

    @property
    def was(self) -> str:
        """The number it had."""
        return value(self.entry, "line") if self.entry else ""


class Proposal(NamedTuple):
    """A form file proposed for a year: `text` beside last year's, `base`; what is to be reviewed is in `notes`."""

    revision: Revision
    base_year: int
    base: str
    text: str
    notes: tuple[str, ...]

    def difference(self) -> list[str]:
        """What differs between last year's file and the proposal, as a unified diff."""
        before, after = (f"forms/{year}/{self.revision.form}.yaml" for year in (self.base_year, self.revision.year))
        return list(
            difflib.unified_diff(self.base.splitlines(), self.text.splitlines(), before, after, lineterm="", n=2)
        )


def propose(path: Path, form: str | None = None, year: int | None = None, forms_dir: Path | None = None) -> Proposal:
    """The map that a new blank calls for, as a change of the newest earlier year's file.

    Args:
        path: the blank.
        form: its base name ("f6251"), if the title does not say it.
        year: its tax year, if not the one in the title.
        forms_dir: where last year's blank may be, before the usual folders.

    Raises:
        ValueError: the file is no fillable form, or neither title nor arguments say which.
        OSError: it cannot be read.
    """
    paper = Paper(path)
    revision = _revision(paper, form, year)
    base_year = _base_year(revision)
    base = (folder("forms") / str(base_year) / f"{revision.form}.yaml").read_text(encoding="utf-8")
    return draft(path, paper, revision, (base_year, base), _paper_of(revision.form, base_year, forms_dir))


def _revision(paper: Paper, form: str | None, year: int | None) -> Revision:
    titled = revision_of(paper.title)
    form, year = form or (titled.form if titled else None), year or (titled.year if titled else None)
    known = sorted(set(names_of_forms().values()))
    if form not in known:
        raise ValueError(f"--form: read {form or 'nothing'}, expected one of {', '.join(known)}")
    if year is None:
        raise ValueError("--year: read nothing, and the title names no year")
    return Revision(form, year)


def _base_year(revision: Revision) -> int:
    file = f"{revision.form}.yaml"
    before = [year for year in years() if year < revision.year and (folder("forms") / str(year) / file).is_file()]
    if not before:
        raise ValueError(f"there is no map of {revision.form} before {revision.year} to begin with")
    return before[-1]


def _paper_of(form: str, year: int, forms_dir: Path | None) -> Geometry | None:
    """A blank's geometry, if it is on this machine and can be read."""
    found = find(form, year, forms_dir)
    try:
        return None if found is None else Geometry(Paper(found))
    except (OSError, ValueError):
        return None


def draft(path: Path, paper: Paper, revision: Revision, base: tuple[int, str], last: Geometry | None) -> Proposal:
    """The proposal for a paper from a form file (its year, its text) and, if at hand, the paper of that year."""
    (base_year, text), geometry, changes = base, Geometry(paper), Changes()
    tree = root(text)
    parts = items(child(tree, "parts"))
    tables = [part for part in parts if child(part, "row_boxes")]
    pairs = [] if tables else list(pair_lines(parts, geometry, last))
    _head(tree, f"proposed from {path.name} and the file of {base_year}: not reviewed", revision, changes)
    set_line(text, tree, "verified", "false", changes)
    set_line(text, tree, "draft", "true" if paper.cover else None, changes)
    name_boxes(tree, geometry, changes)
    name_tables(tree, tables, geometry, changes)
    _lines(text, pairs, (base_year, revision.year), changes)
    proposed = edited(text, changes.edits)
    back = revision.form in _AMOUNTS_OF_LAST_YEAR
    notes = (
        f"{revision.form} {revision.year}: {path.name} against forms/{base_year}/{revision.form}.yaml",
        *_without(last, base_year, pairs),
        *changes.notes,
        *_other_structure(tree, pairs),
        *(note for pair in pairs for note in _amounts(pair, (base_year - back, revision.year - back))),
        *_held_against(proposed, geometry),
        *_to_pin(path, paper, revision),
    )
    return Proposal(revision, base_year, text, proposed, notes)


def _without(last: Geometry | None, base_year: int, pairs: Sequence[Pair]) -> Iterator[str]:
    if last is None and pairs:
        yield (
            f"the blank of {base_year} is not here (dualbasis forms fetch --year {base_year}): lines are matched by "
            "number alone, so that one that moved to another number is not noticed"
        )


def _other_structure(tree: Node, pairs: Sequence[Pair]) -> Iterator[str]:
    if any(pair.line is None or pair.was != pair.line.number for pair in pairs):
        named = value(tree, "structure", value(tree, "blank"))
        yield f"structure {named}: lines are not those of last year, it may need another"


def _head(tree: Node, words_of_it: str, revision: Revision, changes: Changes) -> None:
    """The comment on top."""
    changes.edits.append(Edit(0, start(tree), f"# {value(tree, 'label')} ({revision.year}), {words_of_it}.\n"))


def lines_of(geometry: Geometry) -> list[Line]:
    """The lines of a form with an amount to enter, in printed order."""
    boxes, found = geometry.layout.fields, dict[tuple[int, str], list[Claim]]()
    claimed = [claim for claim in geometry.proposed() if claim.number and not claim.label]
    for claim in sorted(claimed, key=lambda claim: (claim.page, -boxes[claim.field].top)):
        found.setdefault((claim.page, claim.number), []).append(claim)
    return [
        Line(
            number=number,
            page=page,
            boxes={claim.column: claim.field for claim in sorted(group, key=lambda claim: claim.column)},
            parens=group[0].parens,
            text=geometry.section(boxes[group[0].field]),
        )
        for (page, number), group in found.items()
    ]


def pair_lines(parts: Sequence[Node], geometry: Geometry, last: Geometry | None) -> Iterator[Pair]:
    """Last year's entries and this year's lines, in order, each with its counterpart."""
    printed = {line.number: line.text for line in lines_of(last)} if last else {}
    old = [
        (entry, part, printed.get(value(entry, "line"), "")) for part in parts for entry in items(child(part, "lines"))
    ]
    new = lines_of(geometry)
    likeness = [
        [words.alike((value(entry, "line"), said), (line.number, line.text)) for line in new] for entry, _, said in old
    ]
    for before, after in words.paired(likeness) if old else ((None, index) for index in range(len(new))):
        entry, part, said = (None, None, "") if before is None else old[before]
        yield Pair(entry, part, said, None if after is None else new[after])


def _lines(text: str, pairs: Sequence[Pair], years_of: tuple[int, int], changes: Changes) -> None:
    """What becomes of each entry, and entries for new lines, each after the line that it follows."""
    first = next((pair.entry for pair in pairs if pair.entry), None)
    at = whole_lines(text, first)[0] if first else len(text)
    for pair in pairs:
        changes.notes += _remarks(pair, years_of)
        if pair.entry is not None:
            begin, at = whole_lines(text, pair.entry)
            changes.edits += [Edit(begin, at, "")] if pair.line is None else _changed(pair.entry, pair.part, pair.line)
        elif pair.line is not None:
            changes.edits.append(Edit(at, at, _new_entry(pair.line)))


def _changed(entry: Node, part: Node | None, line: Line) -> list[Edit]:
    """The edits that make an entry say what the paper says of its line."""
    single = line.boxes.get("")
    page = str(line.page)
    usual = value(part, "page", "1") if part else "1"
    return [
        *renumbered(entry, line.number),
        *set_key(entry, "box", single),
        *set_key(entry, "boxes", None if single else flow(line.boxes)),
        *set_key(entry, "page", page if value(entry, "page") or page != usual else None),
        *set_key(entry, "parens", "true" if line.parens else None),
    ]


def _new_entry(line: Line) -> str:
    """An entry to complete for a new line, under a comment with the first of its printed words."""
    boxes = f"box: {line.boxes['']}" if "" in line.boxes else f"boxes: {flow(line.boxes)}"
    parens = ", parens: true" if line.parens else ""
    return (
        f"      # new, on page {line.page}: {words.wording(line.text)[:_SAID]}\n"
        f'      - {{line: "{line.number}", name: "?", caption: "?", how: "?", {boxes}{parens}}}\n'
    )


def _remarks(pair: Pair, years_of: tuple[int, int]) -> Iterator[str]:
    """What a reviewer must look at in a line, beyond a box that only bears another name."""
    if pair.line is None:
        yield f"line {pair.was}: no longer there"
        return
    number = pair.line.number
    if pair.entry is None:
        yield f"line {number}: new, box {', '.join(pair.line.boxes.values())} on page {pair.line.page}"
        return
    if pair.was != number:
        yield f"line {number}: was line {pair.was}; `how` and `when` of other lines may name it"
    if pair.printed and (changes := words.reworded(pair.printed, pair.line.text, years_of)):
        yield f"line {number} reads otherwise: {', '.join(changes)}"


def _amounts(pair: Pair, years_of: tuple[int, int]) -> Iterator[str]:
    """Amounts that a line prints and last year's did not, each with the one it replaces.

    `years_of` are those of the amounts, last year's and this year's.
    """
    if pair.line is None:
        return
    if pair.printed:
        for old, new in words.replaced_amounts(pair.printed, pair.line.text):
            name = words.name_of(old, years_of[0])
            called = f" ({name} {years_of[0]})" if name else ""
            yield f"line {pair.line.number}: prints {new or 'nothing'}, was {old or 'nothing'}{called}"
        return
    for new in words.printed_amounts(pair.line.text):
        if was := words.before(new, years_of):
            yield f"line {pair.line.number}: prints {new}, {was}"


def _held_against(text: str, geometry: Geometry) -> Iterator[str]:
    """The proposal's own claims, held against the paper."""
    found = claims(_read(text))
    faults = geometry.faults(found)
    yield f"the proposal against the paper: {len(found)} boxes, {len(faults) or 'no'} faults"
    yield from map(str, faults)


def _read(text: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader builds text only
    return loaded


def _to_pin(path: Path, paper: Paper, revision: Revision) -> Iterator[str]:
    """What forms/blanks.yaml needs, unless it has this very file."""
    sha256 = digest(path.read_bytes())
    known = catalogue().get(revision)
    if known is None or known.sha256 != sha256:
        yield (
            f"forms/blanks.yaml, {revision.form} {revision.year}: title: {paper.title}, fields: {len(paper.fields)}, "
            f"sha256: {sha256}"
        )
