"""Paragraphs and framed boxes. All measures are points."""

from __future__ import annotations

from collections.abc import Sequence

from worksheets.paper.ink import Flowable, Ink
from worksheets.paper.runs import Piece, Run, broken
from worksheets.paper.style import TINT, Colour

_TOGETHER = 2  # lines of a paragraph that stay together at the foot or head of a page
_FRAME, _BAR = 7.0, 3.0


class Paragraph:
    """Text in lines; `indent` moves it to the right of its `bullet`; `kind` is its structure type (`Ink.tagged`)."""

    kind = "P"

    def __init__(self, runs: Sequence[Run], leading: float, *, indent: float = 0.0, bullet: Run | None = None) -> None:
        self.runs, self.leading, self.indent, self.bullet = runs, leading, indent, bullet
        self.lines: Sequence[Sequence[Piece]] = ()
        self.width = self.height = 0.0

    def wrap(self, room: float, _height: float) -> tuple[float, float]:
        """Breaks the text into lines."""
        if room != self.width:
            self.width, self.lines = room, broken(self.runs, room - self.indent)
            self.height = len(self.lines) * self.leading
        return room, self.height

    def least(self) -> float:
        """Two lines, or one where there is one."""
        return min(len(self.lines), _TOGETHER) * self.leading

    def split(self, _room: float, height: float) -> Sequence[Flowable]:
        """As many lines as fit, never one alone on either side."""
        fit = int(height / self.leading)
        if fit >= len(self.lines):
            return [self]
        fit = min(fit, len(self.lines) - _TOGETHER)
        if fit < _TOGETHER:
            return []
        return [self._part(self.lines[:fit], self.bullet), self._part(self.lines[fit:], None)]

    def _part(self, lines: Sequence[Sequence[Piece]], bullet: Run | None) -> Paragraph:
        part = Paragraph(self.runs, self.leading, indent=self.indent, bullet=bullet)
        part.lines, part.width, part.height = lines, self.width, len(lines) * self.leading
        part.kind = self.kind
        return part

    def draw(self, ink: Ink, x: float, y: float) -> None:
        """Draws the lines, and the bullet beside the first."""
        top = y + self.height
        with ink.tagged(self.kind):
            if self.bullet is not None:
                ink.lines(broken([self.bullet], self.indent), x + 2, top, self.leading)
            ink.lines(self.lines, x + self.indent, top, self.leading)


class Framed:
    """Paragraphs in a tinted box with a bar of colour at its left; never parted."""

    def __init__(self, parts: Sequence[Paragraph], colour: Colour) -> None:
        self.parts, self.colour = parts, colour
        self.width = self.height = 0.0

    def wrap(self, room: float, height: float) -> tuple[float, float]:
        """Measures the paragraphs."""
        self.width = room
        self.height = sum(part.wrap(room - 2 * _FRAME - _BAR, height)[1] for part in self.parts) + 2 * _FRAME
        return room, self.height

    def split(self, _room: float, height: float) -> Sequence[Flowable]:
        """All or nothing."""
        return [self] if self.height <= height else []

    def draw(self, ink: Ink, x: float, y: float) -> None:
        """Draws the box and what is in it."""
        ink.tint(x, y, self.width, self.height, TINT)
        ink.tint(x, y, _BAR, self.height, self.colour)
        top = y + self.height - _FRAME
        for part in self.parts:
            top -= part.height
            part.draw(ink, x + _BAR + _FRAME, top)
