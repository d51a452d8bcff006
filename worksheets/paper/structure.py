"""The structure tree of a document of drawn pages (ISO 32000-2, 14.7): what readers that speak a page go by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from worksheets.paper.pdf import references

if TYPE_CHECKING:
    from worksheets.paper.ink import Leaf, Tag
    from worksheets.paper.pdf import Builder


class StructureTree:
    """Puts the tags of pages into a file.

    Args:
        builder: the file.
        pages: the number of each page and the page, in order.
        whole: whether every page of the document is among them. If not, tables are one element each: the document
            is not called tagged, and their cells would be most of the tree.
    """

    def __init__(self, builder: Builder, pages: Sequence[tuple[int, Leaf]], *, whole: bool) -> None:
        self.builder = builder
        self.pages = pages
        self.whole = whole
        self.parents: list[list[int]] = []

    def write(self) -> bytes:
        """Puts the tree; returns what the catalog says of it."""
        root, document = self.builder.reserve(), self.builder.reserve()
        children = []
        for page, leaf in self.pages:
            self.parents.append([])
            children += [self._put(tag, document, page) for tag in leaf.tags]
        self.builder.put(document, b"<</S/Document/P %d 0 R/K%s>>" % (root, references(children)))
        numbered = b" ".join(b"%d%s" % (place, references(found)) for place, found in enumerate(self.parents))
        parents = self.builder.add(b"<</Nums[%s]>>" % numbered)
        self.builder.put(root, b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R>>" % (document, parents))
        marked = b"/MarkInfo<</Marked true>>" if self.whole else b""
        return marked + b"/StructTreeRoot %d 0 R" % root

    def _put(self, tag: Tag, above: int, page: int) -> int:
        """Puts an element and what is below it; marked content is met in the order of its numbers."""
        place, kind = self.builder.reserve(), tag.kind
        if isinstance(tag.content, int):
            self.parents[-1].append(place)
            inside = b"/Pg %d 0 R/K %d" % (page, tag.content)
        elif not self.whole:
            kind, marked = "Div", list(_marked(tag))
            self.parents[-1] += [place] * len(marked)
            inside = b"/Pg %d 0 R/K[%s]" % (page, b" ".join(b"%d" % one for one in marked))
        else:
            inside = b"/K" + references([self._put(one, place, page) for one in tag.content])
        self.builder.put(place, b"<</S/%s/P %d 0 R%s>>" % (kind.encode("ascii"), above, inside))
        return place


def _marked(tag: Tag) -> Iterator[int]:
    """The numbers of the marked content in a tag, in order."""
    if isinstance(tag.content, int):
        yield tag.content
    else:
        for one in tag.content:
            yield from _marked(one)
