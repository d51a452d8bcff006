"""Flowables onto pages: a running head on each with "page 2 of 6", no heading left alone at the foot of a page.

All measures are points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from worksheets.paper.grid import Grid
from worksheets.paper.ink import Flowable, Ink, Leaf
from worksheets.paper.join import Destination, OutlineEntry, join
from worksheets.paper.layout import Item, Resolve, Setter, least_heights
from worksheets.paper.leaves import Leaves
from worksheets.paper.markup import Element
from worksheets.paper.runs import Run
from worksheets.paper.style import (
    ACCENT,
    BAD,
    BOLD,
    BOTTOM,
    HEIGHT,
    MUTED,
    PAPER,
    REGULAR,
    SIDE,
    WIDTH,
    fitted,
    width,
)

_HEAD = PAPER[1] - 46  # the baseline of the running head
_ABOVE = 6.0  # points shown above the place that a link leads to


class Heading(NamedTuple):
    """A heading of the outline and the page (from 0) it stands on; level 1 is a title, 2 a schedule."""

    text: str
    page: int
    level: int


@dataclass(frozen=True, slots=True)
class Running:
    """What stands at the head of every page: a title, the names with a masked number, and marks in frames."""

    title: str
    names: str
    marks: Sequence[str] = ()


class Chapter(NamedTuple):
    """Blocks of markup with the head of their pages."""

    blocks: Sequence[Element]
    running: Running


@dataclass(frozen=True, slots=True)
class Typeset:
    """Pages that were set, with their title, and where their headings and named places stand."""

    title: str
    leaves: Sequence[Leaf]
    headings: Sequence[Heading]
    places: Mapping[str, tuple[int, float]]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return len(self.leaves)

    def pdf(self, title: str = "") -> bytes:
        """A document of its own: links out of it lead nowhere, its headings are bookmarks."""
        top = min((head.level for head in self.headings[:1]), default=1)
        outline = [OutlineEntry(head.text, head.page, max(head.level - top, 0)) for head in self.headings]
        places = {name: Destination(page, top) for name, (page, top) in self.places.items()}
        leaves = Leaves(self.leaves, known=self.places)
        return join([leaves], title=title or self.title, outline=outline, destinations=places)


@dataclass(slots=True)
class _Page:
    """A page as it fills up: what stands on it, with the height of its lower edge above the margin."""

    running: Running
    placed: list[tuple[Item, Flowable, float]] = field(default_factory=list)
    used: float = 0.0

    def place(self, item: Item, flowable: Flowable) -> tuple[Flowable | None, bool]:
        """Places what fits of a flowable; returns the rest and whether the page is full."""
        before = item.before if self.placed else 0.0
        room = HEIGHT - self.used - before
        _, height = flowable.wrap(WIDTH, room)
        if self.placed and flowable is item.flowable and item.least > room:
            return flowable, True
        if height <= room:
            self._put(item, flowable, before)
            self.used += item.after
            return None, False
        parts = flowable.split(WIDTH, room)
        if len(parts) > 1:
            parts[0].wrap(WIDTH, room)
            self._put(item, parts[0], before)
            return parts[1], True
        if self.placed:
            return flowable, True
        self._put(item, flowable, before)  # higher than any page: it runs over the foot
        return None, True

    def _put(self, item: Item, flowable: Flowable, before: float) -> None:
        self.used += before + flowable.height
        self.placed.append((item, flowable, HEIGHT - self.used))


Known = Callable[[str], bool]
"""Whether there is a place of that name outside of the document."""


def names_in(blocks: Iterable[Element]) -> frozenset[str]:
    """The places that a text gives names."""
    return frozenset(name for block in blocks for name in block.names)


def typeset(
    chapters: Sequence[Chapter], known: Known = lambda _name: False, setter: Callable[[Resolve], Setter] = Setter
) -> Typeset:
    """Sets chapters on pages, each from a new page on.

    Args:
        chapters: what templates wrote, parsed, each with the head of its pages.
        known: which names outside of the text links may lead to; a link to any other is plain text.
        setter: makes the blocks, where a text has some of its own.
    """
    here = names_in([block for chapter in chapters for block in chapter.blocks])
    makes = setter(lambda name: name in here or known(name))
    pages = [page for chapter in chapters for page in _chapter_pages(makes, chapter)]
    headings = [
        Heading(item.text, number, item.heading)
        for number, page in enumerate(pages)
        for item, flowable, _ in page.placed
        if item.heading in {1, 2} and flowable is item.flowable
    ]
    return Typeset(chapters[0].running.title, _drawn(pages), headings, dict(_places(pages)))


def _places(pages: Sequence[_Page]) -> Iterator[tuple[str, tuple[int, float]]]:
    """Every named place: its page (from 0) and height on it."""
    for number, page in enumerate(pages):
        for item, flowable, y in page.placed:
            if isinstance(flowable, Grid):
                yield from ((name, (number, BOTTOM + y + top + _ABOVE)) for name, top in flowable.places())
            elif flowable is item.flowable:
                yield from ((name, (number, BOTTOM + y + flowable.height + _ABOVE)) for name in item.names)


def _chapter_pages(setter: Setter, chapter: Chapter) -> list[_Page]:
    items = setter.items(chapter.blocks)
    least_heights(items)
    return list(paginate(items, chapter.running))


def paginate(items: Iterable[Item], running: Running) -> Iterator[_Page]:
    """Flowables onto pages, each page filled as far as goes without parting what belongs together."""
    page = _Page(running)
    for item in items:
        if item.new_page and page.placed:
            yield page
            page = _Page(running)
        rest: Flowable | None = item.flowable
        while rest is not None:
            rest, full = page.place(item, rest)
            if full:
                yield page
                page = _Page(running)
    if page.placed:
        yield page


def _drawn(pages: Sequence[_Page]) -> Sequence[Leaf]:
    ink = Ink()
    for number, page in enumerate(pages, start=1):
        with ink.artifact():
            _running_head(ink, page.running, f"page {number} of {len(pages)}")
        for _, flowable, y in page.placed:
            flowable.draw(ink, SIDE, BOTTOM + y)
        ink.turn()
    return ink.leaves


def _running_head(ink: Ink, running: Running, number: str) -> None:
    right = PAPER[0] - SIDE
    room = width(number, REGULAR, 7.2)
    ink.text(number, Run("", REGULAR, 7.2, MUTED), right - room, _HEAD)
    ink.text(fitted(running.title, BOLD, 8, WIDTH - room - 12), Run("", BOLD, 8, ACCENT), SIDE, _HEAD)
    left_of_marks = _marks(ink, running.marks, right)
    names = fitted(running.names, REGULAR, 7.2, left_of_marks - SIDE - 10)
    ink.text(names, Run("", REGULAR, 7.2, MUTED), SIDE, _HEAD - 11)
    ink.rule(SIDE, _HEAD - 16.5, WIDTH, 0.8, ACCENT)


def _marks(ink: Ink, marks: Sequence[str], right: float) -> float:
    """Frames with the marks, from the right; returns where the last one begins."""
    for mark in marks:
        wide = width(mark, BOLD, 6) + 6
        ink.frame(right - wide, _HEAD - 13.2, wide, 9, BAD)
        ink.text(mark, Run("", BOLD, 6, BAD), right - wide + 3, _HEAD - 10.9)
        right -= wide + 4
    return right
