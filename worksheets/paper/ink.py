"""Drawing on a canvas of reportlab: runs of text, rules, tints, links. All measures are points.

Text goes straight into the page's content: packets have thousands of short texts, and reportlab's own call for each
takes several times as long.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from reportlab.pdfbase.pdfdoc import PDFObject
from reportlab.pdfbase.pdfmetrics import getFont

from worksheets.paper.runs import Piece, Run
from worksheets.paper.style import Colour

_FIRST_LINE = 0.76  # of the size, from the top of a line to its baseline
_PLAIN = frozenset(range(32, 127)) - frozenset(b"()\\")


class Flowable(Protocol):
    """Something that is set on pages, as reportlab's own flowables are; `height` is known once it was wrapped."""

    height: float

    def wrap(self, room: float, height: float) -> tuple[float, float]:
        """How wide and high it is in that room."""

    def split(self, room: float, height: float) -> Sequence[Flowable]:
        """What fits into a height and the rest; nothing where not even a beginning fits, itself where all does."""

    def drawOn(self, canvas: Any, x: float, y: float) -> None:  # noqa: N802 - reportlab's name
        """Draws it with its lower left corner there."""


class _Link(PDFObject):  # type: ignore[misc]  # reportlab has no types
    """A link to a name of the packet (ISO 32000-2, 12.5.6.5), written at once: there are thousands."""

    def __init__(self, name: str, corners: Sequence[float]) -> None:
        rectangle = " ".join(f"{corner:.1f}" for corner in corners)
        entries = f"/Type/Annot/Subtype/Link/Border[0 0 0]/Rect[{rectangle}]/Dest({name})"
        self.written = f"<<{entries}>>".encode("ascii")

    def format(self, _document: object) -> bytes:
        """The annotation as it stands in the file."""
        return self.written


class Ink:
    """Draws on a canvas, from a moment on at which nothing is known of its state."""

    def __init__(self, canvas: Any) -> None:
        self.canvas = canvas
        self.colour: Colour | None = None

    def piece(self, piece: Piece, x: float, top: float, leading: float) -> None:
        """Part of a line of text, `top` being the upper edge of the line; with its link."""
        run = piece.run
        baseline = top - run.size * _FIRST_LINE - (leading - run.size) / 2
        self.text(piece.text, run, x, baseline)
        if run.link:
            lower = self.canvas.absolutePosition(x, baseline - 2)
            upper = self.canvas.absolutePosition(x + piece.width, baseline + run.size)
            self.canvas._addAnnotation(_Link(run.link, (*lower, *upper)))  # noqa: SLF001 - public calls are slow

    def text(self, text: str, run: Run, x: float, y: float) -> None:
        """A text on a baseline, in the look of a run."""
        self._fill(run.colour)
        self.canvas.addLiteral(f"BT 1 0 0 1 {x:.2f} {y:.2f} Tm {self._shown(text, run)}ET")

    def _shown(self, text: str, run: Run) -> str:
        """The operators that show a text: the first subset of a font holds ASCII at its own codes."""
        font, document = getFont(run.font), self.canvas._doc  # noqa: SLF001 - as the canvas itself calls the font
        parts = [(0, text.encode())] if text.isascii() else font.splitString(text, document)
        return "".join(
            f"{font.getSubsetInternalName(subset, document)} {run.size:.2f} Tf ({_escaped(code)}) Tj "
            for subset, code in parts
        )

    def lines(self, lines: Sequence[Sequence[Piece]], x: float, top: float, leading: float) -> None:
        """Lines of text below one another."""
        for line in lines:
            for piece in line:
                self.piece(piece, x + piece.x, top, leading)
            top -= leading

    def rule(self, x: float, y: float, wide: float, thick: float, colour: Colour) -> None:
        """A horizontal rule."""
        self.canvas.addLiteral(f"{_rgb(colour)} RG {thick:.2f} w {x:.2f} {y:.2f} m {x + wide:.2f} {y:.2f} l S")

    def tint(self, x: float, y: float, wide: float, high: float, colour: Colour) -> None:
        """A filled rectangle."""
        self._fill(colour)
        self.canvas.addLiteral(f"{x:.2f} {y:.2f} {wide:.2f} {high:.2f} re f")

    def frame(self, x: float, y: float, wide: float, high: float, colour: Colour) -> None:
        """The outline of a rectangle."""
        self.canvas.addLiteral(f"{_rgb(colour)} RG 0.6 w {x:.2f} {y:.2f} {wide:.2f} {high:.2f} re S")

    def _fill(self, colour: Colour) -> None:
        if colour != self.colour:
            self.colour = colour
            self.canvas.addLiteral(f"{_rgb(colour)} rg")


def _rgb(colour: Colour) -> str:
    return " ".join(f"{part:g}" for part in colour)


def _escaped(code: bytes) -> str:
    """A string of PDF (7.3.4.2) in ASCII."""
    return "".join(chr(byte) if byte in _PLAIN else f"\\{byte:03o}" for byte in code)
