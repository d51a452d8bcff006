"""Pages that were drawn, as parts of a document: several files may hold them, each with its links in order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from worksheets.paper.pdf import number, references, text_string

if TYPE_CHECKING:
    from worksheets.paper.ink import Leaf, Link
    from worksheets.paper.pdf import Builder


@dataclass(frozen=True, slots=True)
class Leaves:
    """Pages in order; with `known`, links to any name not in it are left out, their text stays."""

    pages: Sequence[Leaf]
    known: Collection[str] | None = None

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return len(self.pages)

    @property
    def fonts(self) -> frozenset[str]:
        """The names of the fonts they use."""
        return frozenset().union(*(page.fonts for page in self.pages))

    def names(self) -> Iterator[tuple[int, str, float]]:
        """The places that have names: page (from 0), name and height."""
        for index, page in enumerate(self.pages):
            yield from ((index, name, top) for name, top in page.names)

    def links(self, page: Leaf) -> list[Link]:
        """The links of one of its pages that lead somewhere."""
        return [link for link in page.links if self.known is None or link.name in self.known]


def page_entries(builder: Builder, leaf: Leaf, links: Sequence[Link], resources: int) -> bytes:
    """The entries of a page object (7.7.3.3) but for its parent and contents; its links are put into the file."""
    box = b" ".join(map(number, leaf.paper))
    entries = b"/Type/Page/MediaBox[0 0 %s]/Resources %d 0 R" % (box, resources)
    if links:
        entries += b"/Annots" + references([builder.add(_annotation(link)) for link in links])
    return entries


def _annotation(link: Link) -> bytes:
    """A link annotation without a border (12.5.6.5)."""
    rect = " ".join(f"{side:.1f}" for side in link.rect).encode("ascii")
    return b"<</Type/Annot/Subtype/Link/Border[0 0 0]/Rect[%s]/Dest%s>>" % (rect, text_string(link.name))
