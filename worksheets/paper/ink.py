"""Drawing pages: runs of text, rules, tints, links and named places, straight into each page's content.

Packets have thousands of short texts; a drawing library's own call for each takes several times as long, and what it
writes would have to be read again to be joined. Operators are those of ISO 32000-2, Annex A. All measures are points,
the origin is the lower left corner of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol

from worksheets.paper.pdf import deflated
from worksheets.paper.runs import Piece, Run
from worksheets.paper.style import PAPER, Colour
from worksheets.paper.typeface import typeface

_FIRST_LINE = 0.76  # of the size, from the top of a line to its baseline
_FINE = 0.6
_ROUND = 0.5523  # of the radius: how far the control points of a quarter circle lie from its ends

Rect = tuple[float, float, float, float]


class Flowable(Protocol):
    """Something that is set on pages; `height` is known once it was wrapped."""

    height: float

    def wrap(self, room: float, height: float) -> tuple[float, float]:
        """How wide and high it is in that room."""

    def split(self, room: float, height: float) -> Sequence[Flowable]:
        """What fits into a height and the rest; nothing where not even a beginning fits, itself where all does."""

    def draw(self, ink: Ink, x: float, y: float) -> None:
        """Draws it with its lower left corner there."""


class Link(NamedTuple):
    """A link to a name of the document, and where it is: left, bottom, right, top."""

    name: str
    rect: Rect


class Tag(NamedTuple):
    """What a part of a page is, for readers that speak it: a structure type (14.8.4), and what is in it.

    That is either the number of its marked content on the page, or further tags.
    """

    kind: str
    content: int | tuple[Tag, ...]


@dataclass(frozen=True)
class Leaf:
    """A page that was drawn: its operators, the fonts they use, its links, the names of heights on it, and its tags."""

    paper: tuple[float, float]
    content: bytes
    fonts: frozenset[str]
    links: tuple[Link, ...]
    names: tuple[tuple[str, float], ...]
    tags: tuple[Tag, ...] = ()

    @cached_property
    def deflated(self) -> bytes:
        """The operators as a stream holds them; made once for all files the page goes into."""
        return deflated(self.content)


class Ink:
    """Draws on one page after another; `turn` begins the next.

    Attributes:
        leaves: the pages that were drawn.
    """

    def __init__(self, paper: tuple[float, float] = PAPER) -> None:
        self.paper = paper
        self.leaves: list[Leaf] = []
        self._begin()

    def _begin(self) -> None:
        self._out: list[str] = []
        self._fonts: set[str] = set()
        self._links: list[Link] = []
        self._names: list[tuple[str, float]] = []
        self._marked = 0
        self._open: list[list[Tag]] = [[]]
        self._forget()

    def _forget(self) -> None:
        """Nothing is known of the graphics state."""
        self._filled: Colour | None = None
        self._stroked: tuple[Colour, float] | None = None
        self._set: tuple[str, float] | None = None

    def turn(self) -> None:
        """Ends the page."""
        content = "\n".join(self._out).encode("cp1252")
        found = frozenset(self._fonts), tuple(self._links), tuple(self._names), tuple(self._open[0])
        self.leaves.append(Leaf(self.paper, content, *found))
        self._begin()

    @contextmanager
    def tagged(self, kind: str) -> Iterator[None]:
        """What is drawn within is a paragraph ("P"), a heading ("H1"), a cell ("TD")."""
        self._out.append(f"/{kind} <</MCID {self._marked}>> BDC")
        self._open[-1].append(Tag(kind, self._marked))
        self._marked += 1
        yield
        self._out.append("EMC")

    @contextmanager
    def group(self, kind: str) -> Iterator[None]:
        """What is tagged within belongs together, as the cells of a row ("TR") and the rows of a table ("Table")."""
        self._open.append([])
        yield
        within = self._open.pop()
        if within:
            self._open[-1].append(Tag(kind, tuple(within)))

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """What is drawn within is no part of the text, such as a running head."""
        self._out.append("/Artifact BMC")
        yield
        self._out.append("EMC")

    @contextmanager
    def kept(self) -> Iterator[None]:
        """What is changed within, such as dashes or a clipped area, is as before afterwards."""
        self._out.append("q")
        yield
        self._out.append("Q")
        self._forget()

    def show(self, text: str, look: tuple[str, float], colour: Colour, x: float, y: float) -> None:
        """A text on a baseline; `look` is its font and size."""
        self.fill(colour)
        font, size = look
        face, operand = typeface(font).shown(text)
        if self._set != (face, size):
            self._set = face, size
            self._fonts.add(face)
            self._out.append(f"/{face} {size:.2f} Tf")
        self._out.append(f"BT {x:.2f} {y:.2f} Td {operand} Tj ET")

    def text(self, text: str, run: Run, x: float, y: float) -> None:
        """A text on a baseline, in the look of a run."""
        self.show(text, (run.font, run.size), run.colour, x, y)

    def piece(self, piece: Piece, x: float, top: float, leading: float) -> None:
        """Part of a line of text, `top` being the upper edge of the line; with its link."""
        run = piece.run
        baseline = top - run.size * _FIRST_LINE - (leading - run.size) / 2
        self.text(piece.text, run, x, baseline)
        if run.link:
            self._links.append(Link(run.link, (x, baseline - 2, x + piece.width, baseline + run.size)))

    def lines(self, lines: Sequence[Sequence[Piece]], x: float, top: float, leading: float) -> None:
        """Lines of text below one another."""
        for line in lines:
            for piece in line:
                self.piece(piece, x + piece.x, top, leading)
            top -= leading

    def name(self, name: str, top: float) -> None:
        """Gives a height on the page a name that links may lead to."""
        self._names.append((name, top))

    def fill(self, colour: Colour) -> None:
        """The colour of texts and filled areas from here on."""
        if colour != self._filled:
            self._filled = colour
            self._out.append(_operator(colour, "g", "rg"))

    def stroke(self, colour: Colour, thick: float) -> None:
        """The colour and thickness of lines from here on."""
        if (colour, thick) != self._stroked:
            self._stroked = colour, thick
            self._out.append(f"{_operator(colour, 'G', 'RG')} {thick:.2f} w")

    def line(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """A line in the colour and thickness of before."""
        self._out.append(f"{start[0]:.2f} {start[1]:.2f} m {end[0]:.2f} {end[1]:.2f} l S")

    def rule(self, x: float, y: float, wide: float, thick: float, colour: Colour) -> None:
        """A horizontal rule."""
        self.stroke(colour, thick)
        self.line((x, y), (x + wide, y))

    def upright(self, x: float, y: float, high: float, thick: float, colour: Colour) -> None:
        """A vertical rule, from `y` upwards."""
        self.stroke(colour, thick)
        self.line((x, y), (x, y + high))

    def tint(self, x: float, y: float, wide: float, high: float, colour: Colour) -> None:
        """A filled rectangle."""
        self.fill(colour)
        self._out.append(f"{x:.2f} {y:.2f} {wide:.2f} {high:.2f} re f")

    def frame(self, x: float, y: float, wide: float, high: float, colour: Colour) -> None:
        """The outline of a rectangle, in a fine line."""
        self.stroke(colour, _FINE)
        self.outline(x, y, wide, high)

    def outline(self, x: float, y: float, wide: float, high: float) -> None:
        """The outline of a rectangle in the colour and thickness of before."""
        self._out.append(f"{x:.2f} {y:.2f} {wide:.2f} {high:.2f} re S")

    def polygon(self, corners: Sequence[tuple[float, float]], colour: Colour) -> None:
        """A filled polygon."""
        self.fill(colour)
        path = " l ".join(f"{x:.2f} {y:.2f}" for x, y in corners)
        self._out.append(path.replace(" l ", " m ", 1) + " l h f")

    def disc(self, x: float, y: float, radius: float, inside: Colour, outline: Colour) -> None:
        """A filled circle with its outline."""
        self.fill(inside)
        self.stroke(outline, 1)
        far = radius * _ROUND
        path = [f"{x + radius:.2f} {y:.2f} m"]
        for (ax, ay), (bx, by) in zip(_QUARTERS, (*_QUARTERS[1:], _QUARTERS[0]), strict=True):
            first = x + ax * radius + bx * far, y + ay * radius + by * far
            second = x + bx * radius + ax * far, y + by * radius + ay * far
            end = x + bx * radius, y + by * radius
            path.append(" ".join(f"{value:.2f}" for point in (first, second, end) for value in point) + " c")
        self._out.append(" ".join(path) + " b")

    def dash(self, drawn: float, left: float) -> None:
        """Lines are dashed from here on, until the end of `kept`."""
        self._out.append(f"[{drawn:g} {left:g}] 0 d")

    def clip(self, x: float, y: float, wide: float, high: float) -> None:
        """Nothing is drawn outside of a rectangle, until the end of `kept`."""
        self._out.append(f"{x:.2f} {y:.2f} {wide:.2f} {high:.2f} re W n")


_QUARTERS = ((1, 0), (0, 1), (-1, 0), (0, -1))


@lru_cache(maxsize=256)  # a few colours come back thousands of times
def _operator(colour: Colour, grey: str, full: str) -> str:
    if len(set(colour)) == 1:
        return f"{colour[0]:g} {grey}"
    return " ".join(f"{part:g}" for part in colour) + f" {full}"
