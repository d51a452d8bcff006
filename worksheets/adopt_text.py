"""Changing a form file where its boxes changed, and nowhere else: comments, captions and layout stay as written.

The places to change come from the YAML parser's own marks; a change is a span of the text and what stands there next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Edit(NamedTuple):
    """A span of the text, from `start` up to `end`, and what it becomes."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Changes:
    """What is to be changed in a form file, and what a reviewer is told."""

    edits: list[Edit] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with every edit made; what is put in at one place comes in the order given, before what is replaced."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end))[::-1]:
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def root(text: str) -> MappingNode:
    """The tree of a form file.

    Raises:
        ValueError: it is no mapping.
    """
    node = yaml.compose(text, Loader=yaml.BaseLoader)
    if not isinstance(node, MappingNode):
        raise ValueError("a form file is a mapping")  # noqa: TRY004 - it is the file that is wrong, not a type
    return node


def entries(node: Node) -> dict[str, tuple[ScalarNode, Node]]:
    """The entries of a mapping by key: the node of the key, the node of the value."""
    return {key.value: (key, value) for key, value in node.value} if isinstance(node, MappingNode) else {}


def items(node: Node | None) -> Sequence[Node]:
    """The items of a sequence; none where there is no node."""
    return node.value if isinstance(node, SequenceNode) else ()


def child(node: Node, key: str) -> Node | None:
    """The value of a key, None where the mapping lacks it."""
    return entries(node).get(key, (None, None))[1]


def value(node: Node, key: str, default: str = "") -> str:
    """The text of a key's value."""
    found = child(node, key)
    return str(found.value) if isinstance(found, ScalarNode) else default


def start(node: Node) -> int:
    """Where a node begins in the text."""
    return int(node.start_mark.index)


def end(node: Node) -> int:
    """Where a node ends in the text."""
    return int(node.end_mark.index)


def flow(boxes: Mapping[str, str]) -> str:
    """A mapping as the form files write one: `{d: f1_3, A: "c1_1[1]"}`."""
    return "{" + ", ".join(f"{key}: {scalar(field)}" for key, field in boxes.items()) + "}"


def row(boxes: Sequence[str]) -> str:
    """A row of boxes as the form files write one: `[f1_3, f1_4]`."""
    return "[" + ", ".join(map(scalar, boxes)) + "]"


def scalar(text: str) -> str:
    """A value, quoted unless it reads the same without."""
    return text if _PLAIN.fullmatch(text) else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def replaced(node: Node, text: str) -> Edit:
    """The edit that puts a text in the place of a node."""
    return Edit(start(node), end(node), text)


def set_key(entry: Node, key: str, text: str | None) -> list[Edit]:
    """The edits that give a flow mapping `key: text`, or none of that key where `text` is None."""
    found = entries(entry)
    if key not in found:
        return [] if text is None else [Edit(end(entry) - 1, end(entry) - 1, f", {key}: {text}")]
    if text is not None:
        return [] if _same(found[key][1], text) else [replaced(found[key][1], text)]
    before = [node for name, (_, node) in found.items() if end(node) <= start(found[key][0])]
    return [Edit(end(before[-1]) if before else start(entry) + 1, end(found[key][1]), "")]


def _same(node: Node, text: str) -> bool:
    return plain(node) == plain(root(f"x: {text}").value[0][1])


def plain(node: Node) -> object:
    """What a node says, without its marks."""
    if isinstance(node, MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    return [plain(item) for item in node.value] if isinstance(node, SequenceNode) else node.value


def renumbered(entry: Node, number: str) -> list[Edit]:
    """The edits that give a line another number, keeping what follows it in its column where the file aligns it."""
    found = entries(entry)
    if value(entry, "line") == number:
        return []
    at = found["line"][1]
    after = min((start(key) for key, _ in found.values() if start(key) > end(at)), default=end(at))
    text = f'"{number}",'
    aligned = after - end(at) > 2
    return [Edit(start(at), after, text.ljust(after - start(at)) if aligned else text + " ")]


def whole_lines(text: str, node: Node) -> tuple[int, int]:
    """The span of the lines of text that a node stands on, with the last line's end."""
    first = text.rfind("\n", 0, start(node)) + 1
    last = text.find("\n", end(node))
    return first, len(text) if last < 0 else last + 1


def set_line(text: str, tree: Node, key: str, said: str | None, changes: Changes) -> None:
    """Gives a file the line `key: said` at top level, before its parts, or takes that line away where it is None."""
    found = child(tree, key)
    if found is not None and said is not None:
        changes.edits.append(replaced(found, said))
    elif found is not None:
        changes.edits.append(Edit(*whole_lines(text, entries(tree)[key][0]), ""))
    elif said is not None:
        at = start(entries(tree)["parts"][0])
        changes.edits.append(Edit(at, at, f"{key}: {said}\n"))
