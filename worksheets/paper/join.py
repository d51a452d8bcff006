"""Many filled sheets and drawn pages in one PDF: the packet.

Copies of one blank share everything but pages and fields, so that a packet grows by little more than its figures.
Fields stay fillable under names of their own ("s3_topmostSubform[0]…"), or are drawn on the pages. Drawn pages share
their fonts, their links work across parts, and they are tagged. Sheets in a packet are not: structure trees of
hundreds of copies would weigh more than the rest of it; such a document does not call itself tagged throughout.
"""

from __future__ import annotations

import io
import logging
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pypdf import PdfWriter
from pypdf.errors import DependencyError

from worksheets.paper.fill import Copy, Sheet, acroform, catalog_entries, footer_drawing
from worksheets.paper.leaves import Leaves, page_entries
from worksheets.paper.pdf import Builder, Properties, number, references, source_date, text_string
from worksheets.paper.strip import PAGE_TREE
from worksheets.paper.structure import StructureTree
from worksheets.paper.typeface import COMPOSITE, SIMPLE, embedded, font_resources, typeface

if TYPE_CHECKING:
    from datetime import datetime

    from worksheets.paper.blank import Blank
    from worksheets.paper.ink import Leaf

Stamp = Callable[[int, int], str | None]
"""Gives the footer of a page from its number (from 1) and the number of pages: "3 of 17"."""


class OutlineEntry(NamedTuple):
    """A bookmark: its title, the page it opens (from 0), and how many levels it lies below the top."""

    title: str
    page: int
    level: int = 0


class Destination(NamedTuple):
    """A place to link to: a page (from 0) and a height on it in the page's own points, or None for its upper edge."""

    page: int
    top: float | None = None


def join(  # noqa: PLR0913 # what a document is made of and says of itself, each by name
    parts: Sequence[Sheet | Leaves],
    *,
    outline: Sequence[OutlineEntry] = (),
    destinations: Mapping[str, Destination] | None = None,
    title: str,
    author: str = "",
    subject: str = "",
    created: datetime | None = None,
    lang: str = "en-US",
    stamp: Stamp | None = None,
    labels: Mapping[int, str] | None = None,
    flatten: bool = False,
) -> bytes:
    """One document of `parts`, in order: filled sheets and drawn pages.

    `outline` gives the bookmarks and `destinations` places that links lead to besides those that the pages name, pages
    counted from 0 over the whole document; `labels` names runs of pages from the page (from 0) on which each begins,
    an empty label leaving plain numbers. `created` is by default the moment of SOURCE_DATE_EPOCH, or left out. With
    `flatten` fields become part of the page.

    Raises:
        ValueError: a link leads nowhere or a name stands for two places; an entry of the outline or a destination lies
            outside the document.
    """
    packet = _Packet(parts, stamp, flatten=flatten)
    packet.write()
    packet.name(destinations or {})
    properties = Properties(title, author, subject, created or source_date())
    return packet.finish(properties, lang, outline, labels or {})


def encrypt(pdf: bytes, password: str) -> bytes:
    """The document encrypted with AES-256, to be opened with `password`; not the same bytes twice, by design.

    Raises:
        RuntimeError: the package `cryptography`, which does it, is not installed.
    """
    noise = logging.getLogger("pypdf._writer")
    noise.addFilter(_copied_twice)
    try:
        writer = PdfWriter(clone_from=io.BytesIO(pdf))
        writer.compress_identical_objects()
        writer.encrypt(password, algorithm="AES-256")
        out = io.BytesIO()
        writer.write(out)
    except DependencyError as lacking:
        raise RuntimeError("encryption needs the package cryptography: pip install cryptography") from lacking
    finally:
        noise.removeFilter(_copied_twice)
    return out.getvalue()


def _copied_twice(record: logging.LogRecord) -> bool:
    """Keeps from the log that pypdf copies a content stream once for each page it is on: they are merged again."""
    return not record.msg.startswith("Object count")


class _Packet:
    """The document being made: parts written one after another, then what binds them together."""

    def __init__(self, parts: Sequence[Sheet | Leaves], stamp: Stamp | None, *, flatten: bool) -> None:
        self.parts = parts
        self.flatten = flatten
        self.builder = Builder()
        self.stock = typeface().install(self.builder)
        self.tree = self.builder.reserve()
        self.pages: list[int] = []
        self.told: list[tuple[int, Leaf]] = []
        self.tops: list[float] = []
        self.roots: list[int] = []
        self.names: dict[str, bytes] = {}
        self.links: set[str] = set()
        self._shared: dict[int, list[int]] = {}
        count = sum(part.page_count for part in parts)
        self.footers = [stamp(index + 1, count) if stamp else None for index in range(count)]

    def write(self) -> None:
        """Writes every part."""
        for index, part in enumerate(self.parts):
            if isinstance(part, Sheet):
                self._sheet(part, f"s{index + 1}_")
            else:
                self._leaves(part)

    def _sheet(self, sheet: Sheet, prefix: str) -> None:
        numbers = list(self._shared_of(sheet.blank))
        sheet.blank.number(self.builder, numbers)
        footers = self.footers[len(self.pages) : len(self.pages) + sheet.page_count]
        pages, roots = sheet.write(
            self.builder, Copy(numbers, self.stock, {}, flat=self.flatten, prefix=prefix, footers=footers)
        )
        self.pages += pages
        self.tops += [page.box[3] for page in sheet.blank.parts.pages]
        self.roots += roots

    def _shared_of(self, blank: Blank) -> list[int]:
        if id(blank) not in self._shared:
            numbers = blank.share(self.builder, self.stock)
            numbers[PAGE_TREE] = self.tree
            self._shared[id(blank)] = numbers
        return self._shared[id(blank)]

    def _leaves(self, part: Leaves) -> None:
        first = len(self.pages)
        for leaf in part.pages:
            links = part.links(leaf)
            self.links |= {link.name for link in links}
            shown = [self.builder.add_stream(b"/Filter/FlateDecode", leaf.deflated)]
            if footer := self.footers[len(self.pages)]:
                over = footer_drawing(footer, (0, 0, *leaf.paper))
                shown = [self.stock.save, *shown, self.builder.add_stream(b"", b"\nQ\n" + over, deflate=True)]
            entries = page_entries(self.builder, leaf, links, self._resources)
            if leaf.tags:
                entries += b"/Tabs/S/StructParents %d" % len(self.told)
                self.told.append((len(self.pages), leaf))
            page = b"<<%s/Parent %d 0 R/Contents%s>>" % (entries, self.tree, references(shown))
            self.pages.append(self.builder.add(page))
            self.tops.append(leaf.paper[1])
        for index, name, top in part.names():
            self._name(name, self._place(first + index, top, name))

    def _structure(self) -> bytes:
        """The structure tree of the pages that say what their parts are; whether that is all of them is said, too."""
        pages = [(self.pages[index], leaf) for index, leaf in self.told]
        return StructureTree(self.builder, pages, whole=len(pages) == len(self.pages)).write()

    @cached_property
    def _resources(self) -> int:
        """The resources of drawn pages: each face that one of them uses, and the one that footers are set in."""
        wanted = {SIMPLE}.union(*(part.fonts for part in self.parts if isinstance(part, Leaves)))
        stock = {SIMPLE: self.stock.simple, COMPOSITE: self.stock.composite}
        fonts = stock | embedded(self.builder, wanted - stock.keys())
        return self.builder.add(font_resources({name: place for name, place in fonts.items() if name in wanted}))

    def _name(self, name: str, place: bytes) -> None:
        if name in self.names:
            raise ValueError(f"the name {name} stands for two places")
        self.names[name] = place

    def _place(self, index: int, top: float | None, what: str) -> bytes:
        """An explicit destination (12.3.2.2) on the page with this index."""
        if not 0 <= index < len(self.pages):
            raise ValueError(f"{what} leads to page {index} of {len(self.pages)} (from 0)")
        return b"[%d 0 R/XYZ 0 %s null]" % (self.pages[index], number(self.tops[index] if top is None else top))

    def name(self, destinations: Mapping[str, Destination]) -> None:
        """Adds the caller's destinations, and checks that every link has one."""
        for name, (page, top) in destinations.items():
            self._name(name, self._place(page, top, name))
        if lost := sorted(self.links - set(self.names)):
            raise ValueError(f"links lead to names that no part has: {', '.join(lost)}")

    def finish(
        self, properties: Properties, lang: str, outline: Sequence[OutlineEntry], labels: Mapping[int, str]
    ) -> bytes:
        """The catalog with everything that hangs on it, and the file."""
        add = self.builder.add
        self.builder.put(self.tree, b"<</Type/Pages/Count %d/Kids%s>>" % (len(self.pages), references(self.pages)))
        metadata = self.builder.add_stream(b"/Type/Metadata/Subtype/XML", properties.xmp(lang))
        entries = catalog_entries(self.tree, lang) + b"/Metadata %d 0 R" % metadata
        if self.told:
            entries += self._structure()
        if self.roots:
            entries += b"/AcroForm %d 0 R" % add(acroform(self.roots, self.stock))
        if self.names:
            ordered = sorted((_raw(name), text_string(name), place) for name, place in self.names.items())
            pairs = b" ".join(name + place for _, name, place in ordered)
            entries += b"/Names<</Dests %d 0 R>>" % add(b"<</Names[" + pairs + b"]>>")
        if outline:
            entries += b"/Outlines %d 0 R/PageMode/UseOutlines" % self._outline(outline)
        if labels:
            entries += b"/PageLabels %d 0 R" % add(_page_labels(labels))
        return self.builder.finish(add(b"<<" + entries + b">>"), add(properties.info()))

    def _outline(self, outline: Sequence[OutlineEntry]) -> int:
        """The outline (12.3.3), with what lies below its first level folded in."""
        root, first = self.builder.reserve(), self.builder.reserve(len(outline))
        above = _parents(outline)
        below: dict[int, list[int]] = {}
        for index, parent in enumerate(above):
            below.setdefault(parent, []).append(index)
        for index, mark in enumerate(outline):
            place, parent = self._place(mark.page, None, mark.title), above[index]
            family = below[parent]
            at = bisect_left(family, index)
            up = root if parent < 0 else first + parent
            body = b"/Title%s/Dest%s/Parent %d 0 R" % (text_string(mark.title), place, up)
            body += b"/Prev %d 0 R" % (first + family[at - 1]) if at else b""
            body += b"/Next %d 0 R" % (first + family[at + 1]) if at + 1 < len(family) else b""
            if inner := below.get(index):
                body += b"/First %d 0 R/Last %d 0 R/Count -%d" % (first + inner[0], first + inner[-1], len(inner))
            self.builder.put(first + index, b"<<" + body + b">>")
        top = below[-1]
        ends = first + top[0], first + top[-1], len(top)
        self.builder.put(root, b"<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>" % ends)
        return root


def _parents(outline: Sequence[OutlineEntry]) -> list[int]:
    """For each entry the index of the one it lies under, -1 for the root."""
    path: list[int] = []
    above = []
    for index, mark in enumerate(outline):
        if not 0 <= mark.level <= len(path):
            raise ValueError(f"outline: {mark.title!r} is at level {mark.level}, expected at most {len(path)}")
        del path[mark.level :]
        above.append(path[-1] if path else -1)
        path.append(index)
    return above


def _page_labels(labels: Mapping[int, str]) -> bytes:
    given = {0: "", **labels}  # 12.4.2: the first page needs one
    prefixes = {page: b"/P" + text_string(label) if label else b"" for page, label in given.items()}
    return b"<</Nums[" + b" ".join(b"%d<</S/D%s>>" % run for run in sorted(prefixes.items())) + b"]>>"


def _raw(name: str) -> bytes:
    """What a text string holds, by which a name tree is sorted."""
    return name.encode("ascii") if name.isascii() else b"\xfe\xff" + name.encode("utf-16-be")
