"""How the project's own pages look: one small set of sizes, colours and fonts. All measures are points."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from worksheets.paper.typeface import typeface

PAPER: Final = (612.0, 792.0)
SIDE, TOP, BOTTOM = 46.0, 76.0, 42.0
WIDTH: Final = PAPER[0] - 2 * SIDE
HEIGHT: Final = PAPER[1] - TOP - BOTTOM

REGULAR, BOLD, ITALIC = "Vera", "VeraBd", "VeraIt"

Colour = tuple[float, float, float]
INK: Final[Colour] = (0.07, 0.07, 0.09)
MUTED: Final[Colour] = (0.36, 0.38, 0.42)
ACCENT: Final[Colour] = (0.11, 0.24, 0.42)
RULE: Final[Colour] = (0.80, 0.82, 0.85)
TINT: Final[Colour] = (0.945, 0.953, 0.965)
GOOD: Final[Colour] = (0.10, 0.40, 0.22)
BAD: Final[Colour] = (0.62, 0.16, 0.12)


class Look(NamedTuple):
    """How one kind of block is set."""

    size: float
    leading: float
    before: float
    after: float
    font: str = REGULAR
    colour: Colour = INK


LOOKS: Final = {
    "h1": Look(15, 19, 18, 5, BOLD, ACCENT),
    "h2": Look(10.5, 13.5, 11, 3.5, BOLD, ACCENT),
    "h3": Look(8.3, 11, 6, 2.5, BOLD, INK),
    "p": Look(7.8, 11, 0, 4.5),
    "small": Look(6.8, 9.4, 0, 3.5, REGULAR, MUTED),
    "li": Look(7.8, 11, 0, 2.2),
    "dense": Look(6.8, 9.2, 0, 1.2),
    "verdict": Look(8.2, 11.5, 0, 0),
    "cell": Look(7.1, 9.3, 0, 0),
    "head": Look(6.5, 8.4, 0, 0, BOLD, ACCENT),
    "fine": Look(6.6, 8.8, 0, 0, REGULAR, MUTED),
}


@lru_cache(maxsize=1 << 14)  # the same words and figures stand on every page
def unit_width(text: str, font: str) -> float:
    """How wide a text is at one point."""
    return typeface(font).advance(text)


def width(text: str, font: str, size: float) -> float:
    """How wide a text is when set."""
    return unit_width(text, font) * size


def fitted(text: str, font: str, size: float, room: float) -> str:
    """A text cut to `room`, an ellipsis for the rest."""
    if width(text, font, size) <= room:
        return text
    while text and width(text + "…", font, size) > room:
        text = text[:-1]
    return text.rstrip() + "…"
