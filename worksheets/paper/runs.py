"""Text of several looks in one cell, broken into lines: what stands in tables.

Tables have thousands of cells; measuring and drawing these short texts here is several times faster than a paragraph
of reportlab for each. All measures are points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from worksheets.paper.style import Colour, unit_width

_TOKENS = re.compile(r"\n|[^\S\n]+|\S+")
_WITHIN = 0.999  # of the room: what is made smaller to fit it must not miss it by a binary fraction


class Run(NamedTuple):
    """Text of one look; `link` is the address it leads to, "" for none. A line ends at each line feed."""

    text: str
    font: str
    size: float
    colour: Colour
    link: str = ""


class Piece(NamedTuple):
    """A part of a run as it stands on a line, from `x` on."""

    x: float
    width: float
    text: str
    run: Run


@dataclass(slots=True)
class _Line:
    """A line being filled: parts of runs one after another, blanks at its ends dropped.

    `wrapped` is whether its text goes on below: a blank stands at its end then, so that words stay apart when read out.
    """

    parts: list[tuple[str, Run]] = field(default_factory=list)
    used: float = 0.0
    blank: tuple[str, Run] | None = None
    wrapped: bool = False

    def add(self, word: Sequence[tuple[str, Run]], wide: float) -> None:
        """Puts a word at the end, with the blank before it."""
        if self.blank is not None and self.parts:
            self.parts.append(self.blank)
            self.used += _wide(*self.blank)
        self.blank = None
        self.parts += word
        self.used += wide

    def pieces(self) -> list[Piece]:
        """The parts with their places, those of one run joined."""
        x, found = 0.0, []
        for run, group in groupby(self.parts, key=lambda part: part[1]):
            text = "".join(part for part, _ in group)
            wide = _wide(text, run)
            found.append(Piece(x, wide, text, run))
            x += wide
        if self.wrapped:
            found[-1] = found[-1]._replace(text=f"{found[-1].text} ")
        return found


def _wide(text: str, run: Run) -> float:
    return unit_width(text, run.font) * run.size


def shrunk(runs: Sequence[Run], room: float) -> Sequence[Run]:
    """The runs, smaller where a word of them would else be wider than `room`."""
    if sum(_wide(run.text, run) for run in runs) <= room:
        return runs
    widest = max((sum(_wide(*part) for part in word) for kind, word in _words(runs) if kind == "w"), default=0.0)
    return runs if widest <= room else [run._replace(size=run.size * _WITHIN * room / widest) for run in runs]


def broken(runs: Iterable[Run], room: float) -> list[list[Piece]]:
    """The lines that the runs make in `room`; a word that is wider is broken where it must be."""
    runs = list(runs)
    if len(runs) == 1 and (piece := _whole(runs[0], room)):
        return [[piece]]
    lines = [_Line()]
    for kind, word in _words(runs):
        if kind == "\n":
            lines.append(_Line())
        elif kind == " ":
            lines[-1].blank = word[0]
        else:
            _set(lines, word, room)
    return [line.pieces() for line in lines]


def _whole(run: Run, room: float) -> Piece | None:
    """A run that stands on one line by itself, as most in tables do."""
    text = " ".join(run.text.split())
    if not text or "\n" in run.text or (wide := _wide(text, run)) > room:
        return None
    return Piece(0.0, wide, text, run)


def _set(lines: list[_Line], word: list[tuple[str, Run]], room: float) -> None:
    wide = sum(_wide(*part) for part in word)
    line = lines[-1]
    blank = _wide(*line.blank) if line.blank and line.parts else 0.0
    if line.used + blank + wide <= room:
        line.add(word, wide)
        return
    if line.parts:
        line.wrapped = line.blank is not None
        lines.append(_Line())
    if wide <= room:
        lines[-1].add(word, wide)
        return
    for char, run in ((char, run) for text, run in word for char in text):
        if lines[-1].parts and lines[-1].used + _wide(char, run) > room:
            lines.append(_Line())
        lines[-1].add([(char, run)], _wide(char, run))


def _words(runs: Iterable[Run]) -> Iterator[tuple[str, list[tuple[str, Run]]]]:
    """Words (which may go over several runs), blanks and line feeds, in order."""
    word: list[tuple[str, Run]] = []
    for run in runs:
        for part in _TOKENS.findall(run.text):
            if not part.isspace():
                word.append((part, run))
                continue
            if word:
                yield "w", word
                word = []
            yield ("\n" if part == "\n" else " "), [(" ", run)]
    if word:
        yield "w", word
