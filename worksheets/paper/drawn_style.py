"""The look of drawn forms: one grid, a few styles of one typeface in two weights, a few greys; and the pen they use.

All measures are points, greys run from 0 (black) to 1 (white). The typeface is the one of all the project's pages, with
which the official forms are filled too; it is embedded.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from worksheets.paper.style import BOLD, PAPER, REGULAR
from worksheets.paper.style import width as set_width
from worksheets.paper.typeface import typeface

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from worksheets.paper.ink import Ink
    from worksheets.paper.style import Colour

PAGE = PAPER
LEFT, RIGHT, TOP, BOTTOM = 54.0, 558.0, 744.0, 60.0

CAP_HEIGHT = 0.729  # of the size
LEADING = 1.28  # of the size, from baseline to baseline
SMALLEST = 4.5  # below this nothing is read with ease

INK, SOFT, DIM, RULE, FAINT, TINT, PAPER_WHITE = 0.0, 0.38, 0.62, 0.74, 0.88, 0.94, 1.0
HAIR, LINE, STROKE = 0.35, 0.6, 1.1


class Style(NamedTuple):
    """How a text is set."""

    size: float
    font: str = REGULAR
    grey: float = INK

    @property
    def step(self) -> float:
        """From one baseline to the next."""
        return self.size * LEADING

    @property
    def cap(self) -> float:
        """The height of capitals and figures."""
        return self.size * CAP_HEIGHT


BODY, STRONG, PALE = Style(7.8), Style(7.8, BOLD), Style(7.8, REGULAR, SOFT)
STEM = Style(7.8, BOLD, DIM)
CELL, TOTAL = Style(7.2), Style(7.2, BOLD)
NOTE, LABEL, LETTER = Style(6.4, REGULAR, SOFT), Style(5.8, REGULAR, SOFT), Style(5.8, BOLD)
BAR, BAR_NUMBER = Style(8, BOLD), Style(8, BOLD, PAPER_WHITE)
FLAG = Style(6.4, BOLD, PAPER_WHITE)
TITLE, SMALL_TITLE, NUMERAL, WHO = Style(12.5, BOLD), Style(10.8, BOLD), Style(23, BOLD), Style(8.6)


def width(text: str, style: Style) -> float:
    """The width of a text."""
    return set_width(text, style.font, style.size)


def broken(text: str, style: Style, room: float) -> list[str]:
    """The text in lines no wider than `room`, broken at blanks; a word wider than that is cut."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if width(longer, style) <= room:
            lines[-1] = longer
        else:
            lines += _cut_up(word, style, room)
    return lines if lines[0] else lines[1:] or lines


def _cut_up(word: str, style: Style, room: float) -> list[str]:
    parts = [""]
    for char in word if width(word, style) > room else [word]:
        if parts[-1] and width(parts[-1] + char, style) > room:
            parts.append("")
        parts[-1] += char
    return parts


def shrunk(text: str, style: Style, room: float) -> Style:
    """The style, smaller if the text would else be wider than `room`."""
    taken = width(text, style)
    return style if taken <= room else style._replace(size=style.size * room / taken)


def cut(text: str, style: Style, room: float) -> tuple[str, Style]:
    """A text on one line no wider than `room`: smaller if need be, shortened if it would be too small to read."""
    fitting = shrunk(text, style, room)
    while fitting.size < SMALLEST:
        text = text.rstrip("…")[:-1].rstrip() + "…"
        fitting = shrunk(text, style, room)
    return text, fitting


def printable(text: str) -> str:
    """The text, if the typeface has each character of it.

    Raises:
        ValueError: it lacks one, which the message names.
    """
    typeface().width(text)
    return text


class Pen:
    """Draws on one page after another: text on a baseline, rules, tints and frames."""

    def __init__(self, ink: Ink) -> None:
        self.ink = ink
        self._each = ""

    @contextmanager
    def each(self, kind: str) -> Iterator[None]:
        """Every text drawn within is tagged by itself, as a paragraph ("P") or a cell ("TD"): see `Ink.tagged`."""
        outer, self._each = self._each, kind
        yield
        self._each = outer

    @contextmanager
    def whole(self, kind: str = "") -> Iterator[None]:
        """What is drawn within is one text of that kind; without one, of the kind of `each`, if any."""
        kind = kind or self._each
        outer, self._each = self._each, ""
        if kind:
            with self.ink.tagged(kind):
                yield
        else:
            yield
        self._each = outer

    def text(self, x: float, y: float, text: str, style: Style = BODY) -> None:
        """A text that starts at `x`."""
        if text and self._each:
            with self.ink.tagged(self._each):
                self._show(x, y, text, style)
        elif text:
            self._show(x, y, text, style)

    def _show(self, x: float, y: float, text: str, style: Style) -> None:
        self.ink.show(text, (style.font, style.size), _grey(style.grey), x, y)

    def right(self, x: float, y: float, text: str, style: Style = BODY) -> None:
        """A text that ends at `x`."""
        self.text(x - width(text, style), y, text, style)

    def lines(self, x: float, y: float, lines: Sequence[str], style: Style = BODY) -> None:
        """Lines of one text below one another, the first on the baseline `y`; a blank between them, to be read out."""
        if len(lines) == 1:
            self.text(x, y, lines[0], style)
            return
        if not any(lines):
            return
        with self.whole():
            for index, line in enumerate(lines, start=1):
                blank = " " if index < len(lines) else ""
                self.text(x, y - (index - 1) * style.step, line + blank, style)

    def rule(self, left: float, y: float, right: float, weight: float = HAIR, grey: float = RULE) -> None:
        """A horizontal rule."""
        self.ink.rule(left, y, right - left, weight, _grey(grey))

    def upright(self, x: float, top: float, bottom: float, weight: float = HAIR, grey: float = RULE) -> None:
        """A vertical rule."""
        self.ink.upright(x, bottom, top - bottom, weight, _grey(grey))

    def tint(self, left: float, bottom: float, right: float, top: float, grey: float = TINT) -> None:
        """A filled rectangle."""
        self.ink.tint(left, bottom, right - left, top - bottom, _grey(grey))

    def frame(self, left: float, bottom: float, right: float, top: float) -> None:
        """The outline of a rectangle."""
        self.ink.stroke(_grey(INK), HAIR)
        self.ink.outline(left, bottom, right - left, top - bottom)

    def anchor(self, name: str, top: float) -> None:
        """Gives a row a name that links elsewhere in a packet may lead to."""
        self.ink.name(name, top)


def _grey(part: float) -> Colour:
    return part, part, part
