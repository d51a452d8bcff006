"""Letters set: the same markup as plain text to edit and as a PDF that reads like a letter.

Text lines are at most 78 characters; measures on paper are points.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from worksheets.paper.layout import Item, Setter
from worksheets.paper.markup import Element, parse
from worksheets.paper.press import Chapter, Running, Typeset, typeset
from worksheets.paper.style import BOLD, INK, Look

COLUMNS: Final = 78
LOOKS: Final[Mapping[str, Look]] = {
    "p": Look(9.6, 14.2, 0, 9.5),
    "h2": Look(9.6, 14.2, 3, 9.5, BOLD, INK),
    "li": Look(9.6, 14.2, 0, 6),
}


class LetterSetter(Setter):
    """Sets paragraphs and lists in the size of a letter."""

    def block(self, block: Element) -> Iterator[Item]:
        """The flowables of one block."""
        if block.tag == "ul":
            for entry in block.find("li"):
                yield self._item(entry, "–")
        elif block.tag in LOOKS:
            yield self._item(block)
        else:
            yield from super().block(block)

    def _item(self, element: Element, bullet: str = "") -> Item:
        look = LOOKS[element.tag]
        return Item(self._text(element, look, bullet), look.before, look.after)


def letter_pdf(markup: str, running: Running) -> bytes:
    """A letter on paper; `running` is its letterhead."""
    return typeset([Chapter(parse(markup), running)], setter=LetterSetter).pdf()


def memo_pages(markup: str, running: Running) -> Typeset:
    """A memo on paper, in the size of the schedules."""
    return typeset([Chapter(parse(markup), running)])


def plain(markup: str, head: Sequence[str] = ()) -> str:
    """The same as plain text.

    Args:
        markup: what a template wrote.
        head: lines above it, such as the letterhead.
    """
    blocks = ["\n".join(head)] if head else []
    blocks += [text for block in parse(markup) if (text := _block(block))]
    return "\n\n".join(blocks) + "\n"


def _block(block: Element) -> str:
    if block.tag in {"ul", "ol"}:
        return "\n".join(_wrapped(entry, "- ", "  ") for entry in block.find("li"))
    if block.tag == "table":
        return _table(block)
    text = _wrapped(block)
    rule = {"h1": "=", "h2": "-"}.get(block.tag)
    return f"{text}\n{rule * min(len(text), COLUMNS)}" if rule else text


def _wrapped(element: Element, first: str = "", rest: str = "") -> str:
    lines = [" ".join(line.split()) for line in element.text_as_is.split("\n")] if _has_breaks(element) else None
    texts = lines or [element.text]
    return "\n".join(
        textwrap.fill(
            text,
            COLUMNS,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for text in texts
        if text
    )


def _has_breaks(element: Element) -> bool:
    return any(True for _ in element.find("br"))


def _table(block: Element) -> str:
    """A table in columns: figures at the right, a rule under the head."""
    columns = [column for group in block.find("colgroup") for column in group.find("col")]
    heads = [cell.text for part in block.find("thead") for row in part.find("tr") for cell in row.find("th")]
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="")
    for number, column in enumerate(columns):
        right = "num" in column.classes
        table.add_column(
            Text(heads[number] if heads else ""), justify="right" if right else "left", no_wrap=right, overflow="fold"
        )
    for part in block.find("tbody"):
        for row in part.find("tr"):
            table.add_row(*(Text(cell.text) for cell in row.children if isinstance(cell, Element)))
    out = io.StringIO()
    Console(file=out, width=COLUMNS, color_system=None).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip().split("\n"))
