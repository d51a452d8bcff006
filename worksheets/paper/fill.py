"""Values into the boxes of a form: text set in its box, check boxes on, a mark above the form.

Every value gets an appearance stream of its own (ISO 32000-2, 12.5.5), so that it shows in every viewer and in print
without the viewer having to make one. Figures are black, not the blank's blue, for print and copies.

All measures are points.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from worksheets.paper.pdf import Builder, Properties, name, number, references, source_date, text_string
from worksheets.paper.strip import CHECK_MARK, PAGE_TREE, Field, Page, Rect, Widget
from worksheets.paper.typeface import CAP_HEIGHT, SIMPLE, Stock, clean, typeface

if TYPE_CHECKING:
    from datetime import datetime

    from worksheets.paper.blank import Blank

NOMINAL = 0.9375  # Vera set at 7.5 points takes the room of the eight points the blanks name
FLOOR = 4.5  # below this, print and copies are no longer read with ease
_STEP = 0.25
_LEADING = 1.1  # of the size, from baseline to baseline
_INSET = 2.0  # between text and the side of its box
_LINE_BOX = 12.0  # height of a box for one line, on all these forms
_MARK_SIZE, _MARK_DROP = 11.0, 32.0  # a mark stands this far below the page's top: the forms begin at 35
_FOOT_SIZE, _FOOT_RISE = 7.0, 14.0  # a footer stands this far above the page's bottom: the forms end at 24


class Entry(NamedTuple):
    """What goes into one field: its value (True for a check box that is on) and, for text, how it is drawn."""

    field: Field
    value: str
    drawing: bytes


def entered(values: Iterable[tuple[Field, str | bool]]) -> dict[str, Entry]:
    """The entries for `values`, by field name; see `Blank.fill` for what is refused."""
    entries: dict[str, Entry] = {}
    questions: dict[str, str] = {}
    for field, value in values:
        if isinstance(value, bool) != (field.kind == "check"):
            raise ValueError(f"field {field.name}: expected {'True or False' if field.kind == 'check' else 'text'}")
        if field.read_only and value:
            raise ValueError(f"field {field.name} is read-only on this form")
        if value is True and field.group and (other := questions.setdefault(field.group, field.name)) != field.name:
            raise ValueError(f"fields {other} and {field.name}: only one of these boxes may be on")
        if value:
            entries[field.name] = _entry(field, value)
    return entries


def _entry(field: Field, value: str | bool) -> Entry:
    if isinstance(value, bool):
        return Entry(field, field.on_state or "", b"")
    try:
        text = clean(value)
        if not field.multiline:
            text = text.replace("\n", " ")
        return Entry(field, text, drawing(field, text))
    except ValueError as fault:
        raise ValueError(f"field {field.name}: {fault}") from fault


def drawing(field: Field, text: str) -> bytes:
    """The operators that draw `text` in the field's box, its lower left corner being the origin.

    Raises:
        ValueError: the text is longer than the field's limit or the box, or has a character the typeface lacks.
    """
    if field.max_len and len(text) > field.max_len:
        raise ValueError(f"{len(text)} characters, the form allows {field.max_len}")
    left, bottom, right, top = field.rect
    width, height = right - left, top - bottom
    if field.comb and field.max_len:
        cell = width / field.max_len
        size = min(field.font_size * NOMINAL, height - 2)
        spots = [((index + 0.5) * cell - typeface().width(char) * size / 2, char) for index, char in enumerate(text)]
        return _set(size, [(x, (height - CAP_HEIGHT * size) / 2, char) for x, char in spots])
    size, lines = _layout(field, text, width - 2 * _INSET, height)
    rise = (height - CAP_HEIGHT * size - (len(lines) - 1) * _LEADING * size) / 2
    if field.multiline:  # the last line level with the amounts of the row, whose boxes are as high as one line
        rise = min(rise, (_LINE_BOX - CAP_HEIGHT * size) / 2)
    slack = [width - 2 * _INSET - typeface().width(line) * size for line in lines]
    return _set(
        size,
        [
            (_INSET + slack[index] * field.align / 2, rise + (len(lines) - 1 - index) * _LEADING * size, line)
            for index, line in enumerate(lines)
        ],
    )


def _layout(field: Field, text: str, width: float, height: float) -> tuple[float, list[str]]:
    """The largest size at which the text goes into its box, and its lines.

    Text is broken into lines where the form lets it, else only when one line would be too small to read, and an
    amount never.
    """
    for most in (99,) if field.multiline else (1, 1 if field.align == 2 else 99):
        for size in _sizes(field.font_size * NOMINAL):
            lines = _lines(text, width / size) if most > 1 else [text]
            fits_across = max(map(typeface().width, lines)) * size <= width
            if fits_across and (len(lines) == 1 or len(lines) * _LEADING * size <= height - 2):
                return size, lines
    raise ValueError(f"the text is too long for its box even at {FLOOR} points")


def _sizes(nominal: float) -> Iterator[float]:
    size = nominal
    while size >= FLOOR:
        yield size
        size -= _STEP


def _lines(text: str, room: float) -> list[str]:
    """The text broken at blanks and line ends, as much in each line as goes into `room` (at one point)."""
    lines = []
    for given in text.split("\n"):
        line = ""
        for word in given.split(" "):
            longer = f"{line} {word}" if line else word
            if line and typeface().width(longer) > room:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def _set(size: float, spots: Sequence[tuple[float, float, str]]) -> bytes:
    out = [b"BT 0 g"]
    for x, y, text in spots:
        font, operand = typeface().show(text)
        out.append(b"/%s %s Tf 1 0 0 1 %s %s Tm %s Tj" % (font.encode(), number(size), number(x), number(y), operand))
    return b" ".join([*out, b"ET"])


def mark_drawing(text: str, box: Rect) -> bytes:
    """The operators that print a mark in the middle of a page's top margin, as an artifact; `box` is the page's."""
    return _margin(text, _MARK_SIZE, box, box[3] - _MARK_DROP, b"0 G .3 w 2 Tr ")


def footer_drawing(text: str, box: Rect) -> bytes:
    """The operators that print a footer in the middle of a page's bottom margin, as an artifact."""
    return _margin(text, _FOOT_SIZE, box, box[1] + _FOOT_RISE, b"")


def _margin(text: str, size: float, box: Rect, baseline: float, style: bytes) -> bytes:
    width = typeface().width(text) * size
    if width > box[2] - box[0] - 72:
        raise ValueError(f"{text!r} is too long for the margin of a page")
    left = (box[0] + box[2] - width) / 2
    return b"/Artifact<</Type/Pagination>>BDC q %s%s Q EMC" % (style, _set(size, [(left, baseline, text)]))


@dataclass(frozen=True, slots=True)
class Copy:
    """How one copy of a form is written: object numbers, and whether its fields stay fields and it stays tagged.

    `heads` holds what is the same in a field whatever its value, by local number, once it has been made.
    """

    numbers: Sequence[int]
    stock: Stock
    heads: dict[int, bytes]
    flat: bool = False
    tagged: bool = False
    prefix: str = ""
    footers: Sequence[str | None] = ()


class Sheet:
    """One filled form: the blank, the entries by field name, and the mark above it."""

    def __init__(self, blank: Blank, entries: Mapping[str, Entry], mark: str | None) -> None:
        self.blank = blank
        self.entries = entries
        self.mark = clean(mark) if mark else None
        self.page_count = len(blank.parts.pages)
        if self.mark:  # fails here rather than when the file is written
            mark_drawing(self.mark, blank.parts.pages[0].box)

    def pdf(self, title: str | None = None, *, flatten: bool = False, created: datetime | None = None) -> bytes:
        """The sheet as a document of its own: tagged as the blank is, or with its fields drawn on the page.

        Without a `title` title and dates stay those of the blank; with one they are this and `created`, by default
        the moment of SOURCE_DATE_EPOCH or none.
        """
        blank = self.blank
        builder, numbers, stock, heads = blank.begin(tagged=not flatten)
        pages, roots = self.write(builder, Copy(numbers, stock, heads, flat=flatten, tagged=not flatten))
        builder.put(numbers[PAGE_TREE], b"<</Type/Pages/Count %d/Kids%s>>" % (len(pages), references(pages)))
        entries = [catalog_entries(numbers[PAGE_TREE], blank.lang), blank.parts.catalog.render(numbers)]
        if roots:
            entries.append(b"/AcroForm %d 0 R" % builder.add(acroform(roots, stock)))
        if not flatten and blank.parts.structure_root is not None:
            entries.append(b"/MarkInfo<</Marked true>>/StructTreeRoot %d 0 R" % numbers[blank.parts.structure_root])
        info, metadata = self._describe(builder, numbers, title, created)
        entries.append(metadata)
        return builder.finish(builder.add(b"<<" + b"".join(entries) + b">>"), info)

    def _describe(
        self, builder: Builder, numbers: Sequence[int], title: str | None, created: datetime | None
    ) -> tuple[int, bytes]:
        """The number of the information dictionary, and the catalog's entry for the XMP metadata."""
        parts = self.blank.parts
        place = builder.reserve()
        if title is not None:
            properties = Properties(title, created=created or source_date())
            builder.put_stream(place, b"/Type/Metadata/Subtype/XML", properties.xmp(self.blank.lang))
            return builder.add(properties.info()), b"/Metadata %d 0 R" % place
        if parts.metadata is not None:
            builder.place(place, parts.metadata, numbers)
        return builder.add(parts.info.render(numbers)), b"/Metadata %d 0 R" % place if parts.metadata else b""

    def write(self, builder: Builder, to: Copy) -> tuple[list[int], list[int]]:
        """Puts pages and fields of this copy into a file; returns the numbers of the pages and of the root fields."""
        parts, roots = self.blank.parts, []
        for local, body in parts.own.items():
            builder.place(to.numbers[local], body, to.numbers)
        for index, page in enumerate(parts.pages):
            builder.put(to.numbers[page.local], self._page(builder, to, index, page))
        if not to.flat:
            for widget in parts.widgets:
                builder.put(to.numbers[widget.local], self._widget(builder, to, widget))
            for node in parts.nodes:
                title = text_string(to.prefix + node.name if node.is_root else node.name)
                builder.put(to.numbers[node.local], b"<<%s/T%s>>" % (node.entries.render(to.numbers), title))
            roots = [to.numbers[node.local] for node in parts.nodes if node.is_root]
            roots += [to.numbers[widget.local] for widget in parts.widgets if widget.is_root]
        return [to.numbers[page.local] for page in parts.pages], roots

    def _page(self, builder: Builder, to: Copy, index: int, page: Page) -> bytes:
        streams = [to.numbers[local] for local in page.contents]
        over = list(self._over(to, index, page))
        if over:
            streams = [to.stock.save, *streams, builder.add_stream(b"", b"\nQ\n" + b"\n".join(over), deflate=True)]
        shown = (*page.links,) if to.flat else (*page.widgets, *page.links)
        entries = page.entries.render(to.numbers) + b"/Contents" + references(streams)
        if shown:  # the tab key goes along the structure tree or, without one, along the rows
            entries += b"/Tabs/%s/Annots%s" % (
                b"S" if to.tagged else b"R",
                references([to.numbers[local] for local in shown]),
            )
        if to.tagged and page.struct_parents is not None:
            entries += b"/StructParents %d" % page.struct_parents
        return b"<<" + entries + b">>"

    def _over(self, to: Copy, index: int, page: Page) -> Iterator[bytes]:
        """What is drawn over the page: its fields, if they are to be no fields any more, mark and footer."""
        if to.flat:
            for widget in self.blank.parts.widgets:
                if widget.field.page == index + 1 and (entry := self.entries.get(widget.field.name)):
                    yield _on_page(entry)
        if self.mark and page.widgets:  # a cover sheet before a draft form has no margin and needs no mark
            yield mark_drawing(self.mark, page.box)
        if index < len(to.footers) and (footer := to.footers[index]):
            yield footer_drawing(footer, page.box)

    def _widget(self, builder: Builder, to: Copy, widget: Widget) -> bytes:
        head = to.heads.get(widget.local) or to.heads.setdefault(widget.local, _head(to, widget))
        entry = self.entries.get(widget.field.name)
        if widget.look is not None:
            state = name(entry.value if entry else "Off")
            return b"%s/V%s/AS%s>>" % (head, state, state)
        if entry is None:
            return head + b">>"
        return b"%s/V%s/AP<</N %d 0 R>>>>" % (
            head,
            text_string(entry.value),
            _appearance(builder, to.stock, entry),
        )


def _head(to: Copy, widget: Widget) -> bytes:
    """A field's object up to its value: its entries, its name, and a check box's appearances or the type to edit in."""
    field = widget.field
    own_name = to.prefix + field.full_name if widget.is_root else widget.partial_name
    parts = [b"<<", widget.entries.render(to.numbers), b"/T", text_string(own_name)]
    if to.tagged and widget.struct_parent is not None:
        parts.append(b"/StructParent %d" % widget.struct_parent)
    if widget.look is not None:
        parts.append(b"/AP" + widget.look.render(to.numbers))
    else:
        parts.append(b"/DA(/%s %s Tf 0 g)" % (SIMPLE.encode(), number(field.font_size * NOMINAL)))
    return b"".join(parts)


def _on_page(entry: Entry) -> bytes:
    """The operators that draw an entry where its field is; a check mark, a point wide, is made as large as its box."""
    left, bottom, right, top = entry.field.rect
    wide, high = (1.0, 1.0) if entry.drawing else (right - left, top - bottom)
    drawn = entry.drawing or b"/%s Do" % CHECK_MARK.encode()
    return b"q %s 0 0 %s %s %s cm %s Q" % (*map(number, (wide, high, left, bottom)), drawn)


def _appearance(builder: Builder, stock: Stock, entry: Entry) -> int:
    left, bottom, right, top = entry.field.rect
    box = number(right - left), number(top - bottom)
    head = b"/Type/XObject/Subtype/Form/BBox[0 0 %s %s]/Resources %d 0 R" % (*box, stock.resources)
    return builder.add_stream(head, b"/Tx BMC q %s Q EMC" % entry.drawing)


def catalog_entries(page_tree: int, lang: str) -> bytes:
    """What every catalog (7.7.2) of ours begins with: the pages, the language, and the title for the window's bar."""
    head = b"/Type/Catalog/Pages %d 0 R/Lang%s" % (page_tree, text_string(lang))
    return head + b"/ViewerPreferences<</DisplayDocTitle true>>"


def acroform(roots: Sequence[int], stock: Stock) -> bytes:
    """The interactive form dictionary (12.7.3) of the root fields, with the fonts that viewers edit them in."""
    fonts = b"/%s %d 0 R/ZaDb<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>" % (SIMPLE.encode(), stock.simple)
    return b"<</Fields%s/DR<</Font<<%s>>>>/DA(/%s 0 Tf 0 g)>>" % (references(roots), fonts, SIMPLE.encode())
