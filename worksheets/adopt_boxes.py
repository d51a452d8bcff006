"""A new year's boxes that are no lines: the heading, the check boxes, and the rows of Form 8949."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from yaml.nodes import Node

from worksheets.adopt_text import (
    Changes,
    Edit,
    child,
    end,
    entries,
    flow,
    items,
    plain,
    replaced,
    row,
    scalar,
    start,
    value,
)
from worksheets.paper.geometry import COLUMNS, HEADING, Claim, Geometry, claims


def name_boxes(tree: Node, geometry: Geometry, changes: Changes) -> None:
    """Gives each box of the heading and each check box of a form file the name it has on the new paper."""
    for key in ("header", "checks"):
        if found := child(tree, key):
            nodes = [node for _, node in entries(found).values()]
            given = claims({key: plain(found), "parts": []})
            taken = {field for claim in given for field in geometry.bearing_out(claim) if claim.number}
            for node, claim in zip(nodes, given, strict=True):
                _name_box(node, claim, geometry.bearing_out(claim), set() if claim.number else taken, changes)


def _name_box(node: Node, claim: Claim, could_be: Sequence[str], taken: set[str], changes: Changes) -> None:
    """Renames one box; one without a line number is none of those `taken` by lines."""
    left = [field for field in could_be if field not in taken]
    if not left:
        changes.notes.append(f"{claim.where}: no such box on the paper (was {claim.field})")
    elif claim.field not in left:
        changes.edits.append(replaced(node, scalar(left[0])))


def name_tables(tree: Node, parts: Sequence[Node], geometry: Geometry, changes: Changes) -> None:
    """Gives each part of Form 8949 the boxes, rows and totals of its page on the new paper."""
    found = list(geometry.proposed())
    for part in parts:
        page = int(value(part, "page", "1"))
        _name_part(part, [claim for claim in found if claim.page == page], geometry, changes)
    counts = {len(_rows([c for c in found if c.page == int(value(part, "page", "1"))], geometry)) for part in parts}
    if (rows := child(tree, "rows")) and len(counts) == 1 and value(tree, "rows") != (count := str(counts.pop())):
        changes.edits.append(replaced(rows, f'"{count}"'))
        changes.notes.append(f"rows of a page: {count}, were {value(tree, 'rows')}")


def _name_part(part: Node, found: Sequence[Claim], geometry: Geometry, changes: Changes) -> None:
    for key, pattern in HEADING.items():
        if node := child(part, key):
            claim = Claim(value(part, key), int(value(part, "page", "1")), label=pattern)
            _name_box(node, claim, geometry.bearing_out(claim), set(), changes)
    letters = {claim.label.strip("()"): claim.field for claim in found if not geometry.layout.fields[claim.field].text}
    _replace(part, "boxes", letters, changes)
    totals = {claim.column: claim.field for claim in found if claim.column and claim.number == "2"}
    _replace(part, "totals", dict(sorted(totals.items())), changes)
    old = items(child(part, "row_boxes"))
    rows = _rows(found, geometry)
    if [plain(node) for node in old] != rows:
        indent = "\n      - "
        changes.edits.append(Edit(start(old[0]), end(old[-1]), indent.join(map(row, rows))))


def _rows(found: Sequence[Claim], geometry: Geometry) -> list[list[str]]:
    """The boxes of the rows of line 1, top to bottom, columns (a) to (h)."""
    boxes = geometry.layout.fields
    of_line = [claim for claim in found if claim.number == "1" and claim.column in COLUMNS]
    down = sorted(of_line, key=lambda claim: (-round(boxes[claim.field].bottom), claim.column))
    rows = groupby(down, key=lambda claim: round(boxes[claim.field].bottom))
    return [[claim.field for claim in one] for _, one in rows]


def _replace(part: Node, key: str, boxes: Mapping[str, str], changes: Changes) -> None:
    node = child(part, key)
    if node is None or plain(node) == boxes:
        return
    changes.edits.append(replaced(node, flow(boxes)))
    before = {name for name, _ in entries(node).items()}
    for letter in sorted(before ^ set(boxes)):
        state = "no longer there" if letter in before else "new"
        changes.notes.append(f"part {value(part, 'part')}, {key} ({letter}): {state}")
