"""What a template says becomes blocks that are set on pages: paragraphs, lists, tables, framed boxes.

One small set of styles for everything (`style`); `press` sets them on pages. All measures are points.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from worksheets.paper.grid import Cell, Grid, Row
from worksheets.paper.ink import Flowable
from worksheets.paper.markup import Element
from worksheets.paper.prose import Framed, Paragraph
from worksheets.paper.runs import Run
from worksheets.paper.style import ACCENT, BAD, BOLD, GOOD, ITALIC, LOOKS, MUTED, WIDTH, Look

_INDENT, _ENDLESS = 16.0, 1e6
_SPANS = {"muted": MUTED, "good": GOOD, "bad": BAD}

Resolve = Callable[[str], bool]
"""Whether there is a place of that name, so that links may lead to it."""


@dataclass(slots=True)
class Item:
    """A flowable with what the press must know.

    Attributes:
        heading: 1 or 2 for a heading that goes into the outline, 3 for a lesser one, 0 for none.
        lead: it stays with what follows, as headings do.
        new_page: it begins a page.
        names: places that stand at its upper edge.
        least: how much must fit where it begins, what it leads to included.
    """

    flowable: Flowable
    before: float = 0.0
    after: float = 0.0
    heading: int = 0
    lead: bool = False
    new_page: bool = False
    text: str = ""
    names: Sequence[str] = ()
    least: float = 0.0


class Setter:
    """Makes blocks of elements; `resolve` says which names there are."""

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve

    def items(self, blocks: Iterable[Element]) -> list[Item]:
        """The blocks of a text, in order."""
        found: list[Item] = []
        new_page = False
        for block in blocks:
            if block.tag == "hr":
                new_page = True
                continue
            made = list(self.block(block))
            if made:
                made[0].new_page = made[0].new_page or new_page
                new_page = False
            found += made
        return found

    def block(self, block: Element) -> Iterator[Item]:
        """The blocks of one element."""
        if block.tag in {"ul", "ol"}:
            yield from self._list(block)
        elif block.tag == "table":
            yield Item(self.table(block), 2, 8)
        elif block.tag == "aside":
            yield self._aside(block)
        else:
            yield self._paragraph(block)

    def _paragraph(self, block: Element) -> Item:
        kind = "small" if "small" in block.classes else block.tag
        look = LOOKS[kind]
        level = int(kind[1]) if kind[0] == "h" else 0
        text = self._text(block, look)
        text.kind = f"H{level}" if level else "P"
        made = Item(text, look.before, look.after, level, names=block.names)
        made.lead = level > 0 or "lead" in block.classes
        made.text = block.text
        return made

    def _text(self, block: Element, look: Look, bullet: str = "") -> Paragraph:
        runs = [*self._runs(block, look, "")]
        if not bullet:
            return Paragraph(runs, look.leading)
        return Paragraph(runs, look.leading, indent=_INDENT, bullet=Run(bullet, look.font, look.size, look.colour))

    def _list(self, block: Element) -> Iterator[Item]:
        look = LOOKS["dense" if "dense" in block.classes else "li"]
        entries = list(block.find("li"))
        for number, entry in enumerate(entries, start=1):
            text = self._text(entry, look, f"{number}." if block.tag == "ol" else "•")
            last = number == len(entries)
            yield Item(text, 0, look.after + (4 if last else 0), names=entry.names)

    def _aside(self, block: Element) -> Item:
        parts = [self._text(part, LOOKS["verdict"]) for part in block.find("p")]
        colour = next((_SPANS[word] for word in ("good", "bad") if word in block.classes), ACCENT)
        return Item(Framed(parts, colour), 2, 8)

    def address(self, element: Element) -> str:
        """Where a link leads: the first of the names in its address that there is, "" where there is none."""
        names = (name.removeprefix("#") for name in element.attributes.get("href", "").split())
        return next((name for name in names if self.resolve(name)), "")

    def table(self, block: Element) -> Grid:
        """A table: columns from `colgroup`, head and body."""
        columns = [column for group in block.find("colgroup") for column in group.find("col")]
        shares = _shares(columns)
        right = [place for place, column in enumerate(columns) if "num" in column.classes]
        fine = [place for place, column in enumerate(columns) if "fine" in column.classes]
        head = [self._row(row, right, (), head=True) for part in block.find("thead") for row in part.find("tr")]
        blocks: list[list[Row]] = []
        for body in block.find("tbody"):
            rows = [self._row(row, right, fine) for row in body.find("tr")]
            blocks += [rows] if "keep" in body.classes else _with_groups(rows)
        return Grid(shares, head, [rows for rows in blocks if rows])

    def _row(self, row: Element, right: Collection[int], fine: Collection[int], *, head: bool = False) -> Row:
        cells, column = [], 0
        bold = not row.classes.isdisjoint({"total", "group"})
        for entry in (child for child in row.children if isinstance(child, Element)):
            span = int(entry.attributes.get("colspan", "1"))
            small = column in fine or "fine" in entry.classes
            look = LOOKS["head" if head else "fine" if small else "cell"]
            if not head and not small and (bold or entry.tag == "th"):
                look = look._replace(font=BOLD)
            to_right = (column in right and span == 1) or "num" in entry.classes
            cells.append(Cell([*self._runs(entry, look, "")], look.leading, to_right, span))
            column += span
        classes = row.classes
        tinted = not classes.isdisjoint({"group", "reason"})
        return Row(cells, "total" in classes, group=tinted, tinted=tinted, names=row.names)

    def _runs(self, element: Element, look: Look, link: str) -> Iterator[Run]:
        """The text of a cell in runs of one look."""
        for child in element.children:
            if isinstance(child, str):
                yield Run(child.replace("\n", " "), look.font, look.size, ACCENT if link else look.colour, link)
            elif child.tag == "br":
                yield Run("\n", look.font, look.size, look.colour)
            elif child.tag == "a":
                yield from self._runs(child, look, self.address(child))
            else:
                yield from self._runs(child, _changed(look, child), link)


def _changed(look: Look, element: Element) -> Look:
    """The look inside of an inline element."""
    if element.tag == "b":
        return look._replace(font=BOLD)
    if element.tag == "i":
        return look._replace(font=ITALIC)
    colour = next((_SPANS[word] for word in sorted(element.classes) if word in _SPANS), look.colour)
    return look._replace(colour=colour)


def _shares(columns: Sequence[Element]) -> list[float]:
    """The width of each column as a part of the whole: "width: 12%" in its style."""
    given = [column.attributes["style"].removeprefix("width:").strip().removesuffix("%") for column in columns]
    whole = sum(map(float, given))
    return [float(text) / whole for text in given]


def _with_groups(rows: Sequence[Row]) -> list[list[Row]]:
    """Each row by itself, but a heading over rows with the first of them."""
    blocks: list[list[Row]] = []
    waiting: list[Row] = []
    for row in rows:
        waiting.append(row)
        if not row.group:
            blocks.append(waiting)
            waiting = []
    return [*blocks, waiting]


def least_heights(items: Sequence[Item]) -> None:
    """Measures every flowable, and says how much must fit where it begins; a heading needs what it leads to as well."""
    following = 0.0
    for item in reversed(items):
        _, height = item.flowable.wrap(WIDTH, _ENDLESS)
        if item.lead:
            item.least = height + item.after + following
        else:
            item.least = item.flowable.least() if isinstance(item.flowable, Grid | Paragraph) else height
        following = item.before + item.least
