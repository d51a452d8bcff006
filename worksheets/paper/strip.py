"""Taking an official blank apart: what pypdf reads of it, serialised once and stripped of what a fill must not carry.

What the IRS publishes holds a second, hidden form (XFA, /AcroForm/XFA), usage rights that editing breaks (/Perms and
the signature behind them) and JavaScript (/Names, /OpenAction, /AA). None of it is copied: only the pages with their
fields and web links, the structure tree, the language and the metadata are. Clause numbers are those of ISO 32000-2.

Rectangles are in points, in the page's own coordinates (origin at bottom left).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from worksheets.paper.pdf import Body, Copier
from worksheets.paper.typeface import COMPOSITE, SIMPLE

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

# Local numbers of the objects that are made for each file and do not come from the blank.
PAGE_TREE, SIMPLE_FONT, COMPOSITE_FONT, EMPTY, CHECK, RESERVED = range(6)
CHECK_MARK = "Check"  # its name in the resources of a page with check boxes

_READ_ONLY, _MULTILINE, _COMB = 1 << 0, 1 << 12, 1 << 24  # field flags, 12.7.4.1 and 12.7.5.3
_PAGE = ("/Type", "/MediaBox", "/CropBox", "/Rotate", "/Group", "/UserUnit")
_FIELD_DROPS = {"/A", "/AA", "/AP", "/AS", "/DA", "/MK", "/StructParent", "/T", "/V"}
_LINK_DROPS = {"/AA", "/StructParent"}
_DEEP = 50  # fields within fields: more is no form but a loop
_CATALOG = ("/Extensions",)
_LANG = "en-US"  # of the forms this is for; blanks before those of 2022 leave it out

Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Field:
    """A box to fill, as the blank defines it.

    `name` is the short name ("f1_3", "c1_1[3]"), `rect` (left, bottom, right, top), `page` counts from 1, `align` is 0
    left, 1 centred, 2 right, `on_state` the appearance state a check box shows when on, `group` the question of whose
    boxes only one may be on.
    """

    name: str
    full_name: str
    page: int
    rect: Rect
    kind: Literal["text", "check"]
    font_size: float
    align: int = 0
    max_len: int | None = None
    comb: bool = False
    multiline: bool = False
    read_only: bool = False
    on_state: str | None = None
    group: str | None = None


class Widget(NamedTuple):
    """A field's own object: its entries but for value and appearance, which each fill adds; `look` is /AP."""

    field: Field
    local: int
    entries: Body
    look: Body | None
    struct_parent: int | None

    @property
    def is_root(self) -> bool:
        """Whether no field stands above it."""
        return "." not in self.field.full_name

    @property
    def partial_name(self) -> str:
        """Its own part of the full name, in which parts are joined by a full stop."""
        return self.field.full_name.rpartition(".")[2]


class Page(NamedTuple):
    """A page's own object: its entries but for /Contents and /Annots, which depend on the fill."""

    local: int
    entries: Body
    contents: tuple[int, ...]
    widgets: tuple[int, ...]
    links: tuple[int, ...]
    box: Rect
    struct_parents: int | None


class Node(NamedTuple):
    """A field that only groups others; a root one is renamed when sheets are joined."""

    local: int
    entries: Body
    name: str
    is_root: bool


class Parts(NamedTuple):
    """A blank taken apart.

    `own` are objects beside pages, widgets and nodes of which each copy of the form needs its own, since they refer
    to these; `shared` those of which copies need one between them: content streams, fonts, check marks. Both and
    `structure`, the structure tree, are keyed by local number; `size` is how many of these there are.
    """

    pages: tuple[Page, ...]
    widgets: tuple[Widget, ...]
    nodes: tuple[Node, ...]
    own: Mapping[int, Body]
    shared: Mapping[int, Body]
    structure: Mapping[int, Body]
    structure_root: int | None
    catalog: Body
    info: Body
    metadata: Body | None
    title: str
    lang: str
    size: int


def take_apart(reader: PdfReader) -> Parts:
    """The parts of the form that `reader` has opened; KeyError or TypeError where it is not built as a form is."""
    return _Reading(reader).parts()


class _Found(NamedTuple):
    """A widget as found on a page, the field names above it and its own, root first, and the fields above it."""

    ref: IndirectObject
    widget: Any
    page: int
    path: tuple[str, ...]
    above: tuple[IndirectObject, ...]

    @property
    def is_check(self) -> bool:
        """Whether it is a check box (12.7.5.2) and not text."""
        return bool(self.widget.get_inherited("/FT") == "/Btn")

    @property
    def on_state(self) -> str:
        """The name of the appearance of a check box that is not /Off."""
        states = [str(state)[1:] for state in self.widget["/AP"]["/N"] if state != "/Off"]
        if len(states) != 1:
            raise TypeError("a check box has another number of appearances than on and off")
        return states[0]

    @property
    def question(self) -> tuple[str, ...]:
        """What boxes of one question have in common: all of the path but the last index."""
        return (*self.path[:-1], re.sub(r"\[\d+\]$", "", self.path[-1]))


class _Reading:
    """One pass over the document; `copier` numbers the objects as they are met."""

    def __init__(self, reader: PdfReader) -> None:
        self.reader = reader
        self.root: Any = reader.root_object
        self.copier = Copier(reader, RESERVED)
        self.pages = list(reader.pages)
        self.found = [found for index, page in enumerate(self.pages) for found in _widgets(page, index + 1)]
        self.links = [ref for page in self.pages for ref in annotations_of(page) if _is_web_link(ref.get_object())]

    def parts(self) -> Parts:
        """The parts; the order in which objects are met decides which group they belong to."""
        copier, info = self.copier, DictionaryObject(self.reader.metadata or {})
        branches = {ref.idnum: ref for found in self.found for ref in found.above}
        copier.claim([*map(page_ref, self.pages), *(f.ref for f in self.found), *branches.values(), *self.links])
        own = {copier.local(ref): copier.body(ref.get_object(), _LINK_DROPS) for ref in self.links}
        pages = tuple(self._page(index) for index in range(len(self.pages)))
        widgets, nodes = self._fields(), tuple(self._node(ref) for ref in branches.values())
        catalog = DictionaryObject({NameObject(key): self.root.raw_get(key) for key in _CATALOG if key in self.root})
        heads = copier.body(catalog, entries=True), copier.body(info), self._metadata()
        mixed = copier.rest()
        own |= _entangled(mixed, {*own, *(item.local for group in (pages, widgets, nodes) for item in group)})
        structure_root, structure = self._structure()
        return Parts(
            pages=pages,
            widgets=widgets,
            nodes=nodes,
            own=own,
            shared={local: body for local, body in mixed.items() if local not in own},
            structure=structure,
            structure_root=structure_root,
            catalog=heads[0],
            info=heads[1],
            metadata=heads[2],
            title=str(entry(info, "/Title", "")),
            lang=str(entry(self.root, "/Lang", _LANG)),
            size=len(copier),
        )

    def _metadata(self) -> Body | None:
        return self.copier.body(self.root["/Metadata"]) if "/Metadata" in self.root else None

    def _structure(self) -> tuple[int | None, dict[int, Body]]:
        if "/StructTreeRoot" not in self.root:
            return None, {}
        return self.copier.local(self.root.raw_get("/StructTreeRoot")), self.copier.rest(raw=True)

    def _fields(self) -> tuple[Widget, ...]:
        names = short_names([found.path for found in self.found])
        states: dict[tuple[str, ...], list[str]] = {}
        for found in self.found:
            if found.is_check:
                states.setdefault(found.question, []).append(found.on_state)
        exclusive = {question for question, seen in states.items() if len(set(seen)) == len(seen) > 1}
        return tuple(
            self._widget(found, name, found.question in exclusive)
            for found, name in zip(self.found, names, strict=True)
        )

    def _widget(self, found: _Found, name: str, exclusive: bool) -> Widget:
        widget, flags = found.widget, int(found.widget.get_inherited("/Ff", 0))
        box = Field(
            name=name,
            full_name=".".join(found.path),
            page=found.page,
            rect=rectangle(widget["/Rect"]),
            kind="check" if found.is_check else "text",
            font_size=_font_size(str(widget.get_inherited("/DA", ""))),
            align=int(widget.get_inherited("/Q", 0)),
            max_len=int(widget.get_inherited("/MaxLen", 0)) or None,
            comb=bool(flags & _COMB),
            multiline=bool(flags & _MULTILINE),
            read_only=bool(flags & _READ_ONLY),
            on_state=found.on_state if found.is_check else None,
            group=".".join(found.question) if exclusive else None,
        )
        drops = _FIELD_DROPS - {"/DA", "/MK"} if found.is_check else _FIELD_DROPS
        look = self.copier.body(self._look(found.on_state)) if found.is_check else None
        entries = self.copier.body(widget, drops, entries=True)
        return Widget(box, self.copier.local(found.ref), entries, look, entry(widget, "/StructParent"))

    def _look(self, on_state: str) -> DictionaryObject:
        """The appearances of a check box: one for on, and one for off, without which PDFium makes up a grey box."""
        states = {"/" + on_state: CHECK, "/Off": EMPTY}
        normal = {NameObject(state): self.copier.foreign(place) for state, place in states.items()}
        return DictionaryObject({NameObject("/N"): DictionaryObject(normal)})

    def _node(self, ref: IndirectObject) -> Node:
        node: Any = ref.get_object()
        entries = self.copier.body(node, {"/AA", "/T"}, entries=True)
        return Node(self.copier.local(ref), entries, str(node["/T"]), "/Parent" not in node)

    def _page(self, index: int) -> Page:
        page, local = self.pages[index], self.copier.local
        has_checks = any(found.page == index + 1 and found.is_check for found in self.found)
        drawings = {"/" + CHECK_MARK: self.copier.foreign(CHECK)} if has_checks else {}
        return Page(
            local=local(page_ref(page)),
            entries=page_entries(page, self.copier, drawings),
            contents=tuple(map(local, contents_of(page))),
            widgets=tuple(local(found.ref) for found in self.found if found.page == index + 1),
            links=tuple(local(ref) for ref in annotations_of(page) if ref in self.links),
            box=rectangle(page.cropbox),
            struct_parents=entry(page, "/StructParents"),
        )


def entry(dictionary: Any, key: str, default: Any = None) -> Any:
    """The value of `key` itself where the dictionary, as pypdf read it, may hold a reference to it."""
    return dictionary[key] if key in dictionary else default  # noqa: SIM401 # get() hands out the reference


def page_ref(page: PageObject) -> IndirectObject:
    """The reference to a page that was read from a file."""
    if page.indirect_reference is None:
        raise TypeError("a page is no object of its own")
    return page.indirect_reference


def page_entries(
    page: PageObject, copier: Copier, drawings: Mapping[str, IndirectObject], shown: Sequence[Any] = ()
) -> Body:
    """A page's entries that stay as they are, with the typeface and `drawings` added to its resources.

    Its annotations are among them only if given as `shown`.
    """
    kept = DictionaryObject({NameObject(key): page.raw_get(key) for key in _PAGE if key in page})
    kept[NameObject("/Parent")] = copier.foreign(PAGE_TREE)
    resources: Any = DictionaryObject(entry(page, "/Resources", {}))
    fonts = {SIMPLE: copier.foreign(SIMPLE_FONT), COMPOSITE: copier.foreign(COMPOSITE_FONT)}
    for key, more in ("/Font", {"/" + name: ref for name, ref in fonts.items()}), ("/XObject", drawings):
        if more:
            entries = DictionaryObject(entry(resources, key, {}))
            entries.update({NameObject(name): ref for name, ref in more.items()})
            resources[NameObject(key)] = entries
    kept[NameObject("/Resources")] = resources
    if shown:
        kept[NameObject("/Annots")] = ArrayObject(shown)
    return copier.body(kept, entries=True)


def contents_of(page: PageObject) -> list[IndirectObject]:
    """The content streams of a page, in order."""
    if "/Contents" not in page:
        return []
    found = page["/Contents"]
    return list(list.__iter__(found)) if isinstance(found, ArrayObject) else [page.raw_get("/Contents")]


def annotations_of(page: PageObject) -> list[IndirectObject]:
    """The annotations of a page, in order; TypeError where one is no object of its own."""
    refs = list(list.__iter__(entry(page, "/Annots", [])))
    if not all(isinstance(ref, IndirectObject) for ref in refs):
        raise TypeError("an annotation is no object of its own")
    return refs


def _is_web_link(annotation: Any) -> bool:
    return bool(entry(annotation, "/Subtype") == "/Link" and entry(entry(annotation, "/A", {}), "/S") == "/URI")


def _widgets(page: PageObject, number: int) -> Iterator[_Found]:
    for ref in annotations_of(page):
        widget: Any = ref.get_object()
        at: Any = widget
        if entry(widget, "/Subtype") != "/Widget":
            continue
        names = [str(widget["/T"])]
        above: list[IndirectObject] = []
        while "/Parent" in at and len(above) < _DEEP:
            above.append(at.raw_get("/Parent"))
            at = above[-1].get_object()
            names.append(str(at["/T"]))
        yield _Found(ref, widget, number, tuple(reversed(names)), tuple(above))


def _entangled(bodies: Mapping[int, Body], own: set[int]) -> dict[int, Body]:
    """Those of `bodies` that refer to an object of a copy's own, directly or through one another."""
    found: dict[int, Body] = {}
    while more := {
        local: body for local, body in bodies.items() if local not in found and not own.isdisjoint(body.refs)
    }:
        found |= more
        own = own | set(more)
    return found


def short_names(paths: Sequence[tuple[str, ...]]) -> list[str]:
    """For each path its last name, less a last "[0]"; with as much of the path before it as tells it from others."""
    deepest = max(map(len, paths), default=0)
    by_depth = [[".".join(path[-depth:]).removesuffix("[0]") for path in paths] for depth in range(1, deepest + 1)]
    counts = [Counter(names) for names in by_depth]
    return [
        next((names[index] for names, count in zip(by_depth, counts, strict=True) if count[names[index]] == 1), "")
        for index in range(len(paths))
    ]


def rectangle(array: Any) -> Rect:
    """A rectangle (7.9.5) with its corners in order."""
    left, bottom, right, top = (float(side) for side in array)
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def _font_size(appearance: str) -> float:
    """The size that a default appearance string (12.7.4.3) sets; eight points where it leaves that open."""
    found = re.search(r"([\d.]+)\s+Tf", appearance)
    return float(found[1]) if found and float(found[1]) else 8.0
