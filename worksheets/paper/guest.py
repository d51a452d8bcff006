"""Documents from elsewhere as parts of a packet: read once, put whole or in part into as many files as need them."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from worksheets.paper.pdf import Body, Copier
from worksheets.paper.strip import RESERVED, Rect, annotations_of, contents_of, entry, page_entries, page_ref, rectangle

if TYPE_CHECKING:
    from pypdf import PageObject
    from pypdf.generic import IndirectObject


class Guest:
    """A document from elsewhere, opened: its objects serialised, its links turned into names of the packet.

    Attributes:
        locals: the local number of each page.
        bodies: of each page its entries, its content streams and its box.
        names: places that have names.
        rest: every other object by its local number.
        leading: of the links among these the names that they lead to.

    Raises:
        ValueError: the bytes are no PDF that can be read, or it has fields, or a name stands for two places.
    """

    def __init__(self, pdf: bytes) -> None:
        try:
            self._read(PdfReader(io.BytesIO(pdf)))
        except (PyPdfError, TypeError) as fault:
            raise ValueError(str(fault)) from fault

    def _read(self, reader: PdfReader) -> None:
        self.copier = Copier(reader, RESERVED)
        pages = list(reader.pages)
        self._links: list[tuple[IndirectObject, str]] = []
        self.names: dict[str, Body] = {}
        self.locals = self.copier.claim([page_ref(page) for page in pages])
        for name, place in _named_places(reader.root_object):
            self.names[name] = self.copier.body(place)
        self.bodies = [self._page(page) for page in pages]
        self.rest: Mapping[int, Body] = self.copier.rest()
        self.leading = {self.copier.local(ref): name for ref, name in self._links}
        self._by_local = {self.copier.local(ref): ref for ref, _ in self._links}

    def _page(self, page: PageObject) -> tuple[Body, tuple[int, ...], Rect]:
        shown = [item for item in annotations_of(page) if self._stays(page, item)]
        body = page_entries(page, self.copier, {}, shown)
        return body, tuple(map(self.copier.local, contents_of(page))), rectangle(page.cropbox)

    def _stays(self, page: PageObject, ref: IndirectObject) -> bool:
        """Whether an annotation is one to keep; prepares it if so, and takes the name from an anchor."""
        annotation: Any = ref.get_object()
        if entry(annotation, "/Subtype") == "/Widget":
            raise ValueError("has form fields: give it as a sheet, or flattened")
        if name := _web_name(annotation, "anchor:"):
            if name in self.names:
                raise ValueError(f"the name {name} stands for two places")
            top = NumberObject(int(rectangle(annotation["/Rect"])[3]) + 1)
            place = ArrayObject([page_ref(page), NameObject("/XYZ"), NumberObject(0), top, NumberObject(0)])
            self.names[name] = self.copier.body(place)
            return False
        if goal := _led(annotation):
            self._links.append((ref, goal))
        for key in "/StructParent", "/AA":
            annotation.pop(key, None)
        return True

    def whole(self) -> Excerpt:
        """All of it, as a part of a packet."""
        return Excerpt(self, 0, len(self.locals))

    def unled(self, local: int) -> Body:
        """The link with this local number, leading nowhere."""
        return self.copier.body(self._by_local[local].get_object(), {"/Dest"})


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Pages of a document that follow one another: from `first` (from 0) on, `page_count` of them.

    With `known`, links to any name not in it lead nowhere; so does whatever leads to a page that is left out.
    """

    guest: Guest
    first: int
    page_count: int
    known: Collection[str] | None = None

    @property
    def pages(self) -> dict[int, tuple[Body, tuple[int, ...], Rect]]:
        """The pages by their local numbers, in order."""
        span = slice(self.first, self.first + self.page_count)
        return dict(zip(self.guest.locals[span], self.guest.bodies[span], strict=True))

    def names(self) -> dict[str, Body]:
        """The named places on these pages."""
        pages = set(self.pages)
        return {name: place for name, place in self.guest.names.items() if not pages.isdisjoint(place.refs)}

    def links(self, among: Collection[int]) -> frozenset[str]:
        """The names that those of its links lead to that are `among` these objects."""
        return frozenset(name for local, name in self.guest.leading.items() if local in among and self._leads(name))

    def rest(self) -> dict[int, Body]:
        """Every object that the pages need, by its local number."""
        found = dict(self.guest.rest)
        if self.page_count < len(self.guest.locals):
            needed = self._needed()
            found = {local: body for local, body in found.items() if local in needed}
        lost = [local for local, name in self.guest.leading.items() if local in found and not self._leads(name)]
        return found | {local: self.guest.unled(local) for local in lost}

    def _leads(self, name: str) -> bool:
        return self.known is None or name in self.known

    def _needed(self) -> set[int]:
        pending = [ref for body, streams, _ in self.pages.values() for ref in (*body.refs, *streams)]
        needed: set[int] = set()
        while pending:
            local = pending.pop()
            if local not in needed:
                needed.add(local)
                pending += self.guest.rest[local].refs if local in self.guest.rest else ()
        return needed


def _led(annotation: Any) -> str:
    """Turns whatever way a link names its goal into /Dest with that name, and returns it; places stay as they are."""
    action = entry(annotation, "/A", {})
    kind = entry(action, "/S")
    goal = entry(annotation, "/Dest", entry(action, "/D") if kind == "/GoTo" else None)
    name = _web_name(annotation, "dest:") or (str(goal).removeprefix("/") if isinstance(goal, str) else "")
    if name:
        annotation.pop("/A", None)
        annotation[NameObject("/Dest")] = TextStringObject(name)
    elif kind not in (None, "/GoTo", "/URI"):
        annotation.pop("/A")
    return name


def _web_name(annotation: Any, scheme: str) -> str:
    action = entry(annotation, "/A", {})
    address = str(entry(action, "/URI", "")) if entry(action, "/S") == "/URI" else ""
    return address.removeprefix(scheme) if address.startswith(scheme) else ""


def _named_places(root: Any) -> Iterator[tuple[str, Any]]:
    """The named destinations of a document, of both kinds (12.3.2.4), as arrays."""
    for name, place in entry(root, "/Dests", {}).items():
        yield str(name).removeprefix("/"), _place(place)
    branches = [entry(entry(root, "/Names", {}), "/Dests", {})]
    while branches:
        branch = branches.pop()
        branches += [kid.get_object() for kid in entry(branch, "/Kids", [])]
        pairs = list(entry(branch, "/Names", []))
        for name, place in zip(pairs[::2], pairs[1::2], strict=True):
            yield str(name), _place(place)


def _place(place: Any) -> Any:
    found = place.get_object()
    return found["/D"] if isinstance(found, DictionaryObject) else found
