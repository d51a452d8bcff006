"""Cards on paper: text and tables at the left, a picture at the right, a bar of colour along the edge.

In the markup a card is an `aside` of class "card", and a paragraph of class "picture" stands for the drawing of its
name. All measures are points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from worksheets.form import Rounding
from worksheets.paper.ink import Flowable, Ink
from worksheets.paper.layout import Item, Resolve, Setter
from worksheets.paper.markup import Element
from worksheets.paper.report_drawings import BarsDrawing, Drawing, TimelineDrawing
from worksheets.paper.report_pictures import Bars, Timeline
from worksheets.paper.style import ACCENT, BAD, GOOD, HEIGHT, MUTED, WIDTH, Colour

BAR, PAD, GUTTER = 2.4, 9.0, 22.0
BEFORE, AFTER = 7.0, 9.0
EDGES: Final[Mapping[str, Colour]] = {
    "error": BAD,
    "warning": BAD,
    "corrected": GOOD,
    "note": MUTED,
    "lot": ACCENT,
}


class CardBlock:
    """Items one below the other, and beside them a drawing; never parted."""

    def __init__(self, items: Sequence[Item], drawing: Drawing | None, colour: Colour) -> None:
        self.items, self.drawing, self.colour = items, drawing, colour
        self.width = self.height = 0.0

    def wrap(self, room: float, height: float) -> tuple[float, float]:
        """Measures the items in the room that the drawing leaves."""
        if room != self.width:
            self.width = room
            right = 0.0 if self.drawing is None else self.drawing.wide + GUTTER
            used = -self.items[0].before - self.items[-1].after
            for item in self.items:
                used += item.before + item.flowable.wrap(room - BAR - PAD - right, height)[1] + item.after
            self.height = max(used, 0.0 if self.drawing is None else self.drawing.height)
        return room, self.height

    def split(self, _room: float, height: float) -> Sequence[Flowable]:
        """All or nothing."""
        return [self] if self.height <= height else []

    def draw(self, ink: Ink, x: float, y: float) -> None:
        """Draws the bar, the items from the top down, and the drawing."""
        ink.tint(x, y, BAR, self.height, self.colour)
        top = y + self.height + self.items[0].before
        for item in self.items:
            top -= item.before + item.flowable.height
            item.flowable.draw(ink, x + BAR + PAD, top)
            top -= item.after
        if self.drawing is not None:
            self.drawing.draw(ink, x + self.width - self.drawing.wide, y + self.height - self.drawing.height)


class CardSetter(Setter):
    """Sets a text with cards and pictures."""

    def __init__(self, resolve: Resolve, drawings: Mapping[str, Drawing]) -> None:
        super().__init__(resolve)
        self.drawings = drawings

    def block(self, block: Element) -> Iterator[Item]:
        """The flowables of one block."""
        if "picture" in block.classes:
            yield Item(self.drawings[block.name], 3, 6)
        elif "card" in block.classes:
            yield from self._card(block)
        else:
            yield from super().block(block)

    def _card(self, block: Element) -> Iterator[Item]:
        """A card, or its items one after the other where it is higher than a page."""
        children = [child for child in block.children if isinstance(child, Element)]
        pictures = [child for child in children if "picture" in child.classes]
        items = [item for child in children if child not in pictures for item in self.block(child)]
        drawing = self.drawings[pictures[0].name] if pictures else None
        colour = next((EDGES[name] for name in sorted(block.classes) if name in EDGES), MUTED)
        made = CardBlock(items, drawing, colour)
        if made.wrap(WIDTH, HEIGHT)[1] <= HEIGHT:
            yield Item(made, BEFORE, AFTER)
        else:
            yield from (item for child in children for item in self.block(child))


class Illustrator:
    """Keeps the drawings of a text while its template is filled in.

    Args:
        rounding: of the return.
    """

    def __init__(self, rounding: Rounding) -> None:
        self.rounding = rounding
        self.drawings: dict[str, Drawing] = {}

    def keep(self, picture: Bars | Timeline) -> str:
        """Takes a picture in; returns the name under which its drawing is set."""
        name = f"picture-{len(self.drawings) + 1}"
        if isinstance(picture, Bars):
            self.drawings[name] = BarsDrawing(picture, self.rounding)
        else:
            self.drawings[name] = TimelineDrawing(picture)
        return name

    def setter(self, resolve: Resolve) -> Setter:
        """What sets the text."""
        return CardSetter(resolve, self.drawings)
