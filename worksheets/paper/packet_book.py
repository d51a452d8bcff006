"""packet.pdf: every part in order, with contents, outline, links across parts and pages "3 of 17"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from worksheets.paper.entry_sheet import groups, sale_entries, total
from worksheets.paper.fill import Sheet
from worksheets.paper.front import FrontYear, front_text, spans
from worksheets.paper.join import Destination, OutlineEntry, join
from worksheets.paper.leaves import Leaves
from worksheets.paper.markup import Element, parse
from worksheets.paper.packet_forms import Made
from worksheets.paper.press import Chapter, Running, Typeset, names_in, typeset
from worksheets.paper.render import render as written
from worksheets.paper.render import spot
from worksheets.paper.schedules import YearSchedules
from worksheets.session import Session

CONTENTS = "contents"
_READ, _KEY_IN, _KEPT = "read first", "key in from it", "keep with the return"
BESIDE: Sequence[tuple[str, str]] = (
    ("YEAR/f6251.pdf, f8801.pdf, f8949.pdf, f1040sd.pdf", "the year's forms by themselves"),
    ("YEAR/amt/", "the copies refigured for the AMT: keep, do not file"),
    ("YEAR/schedules.pdf", "supporting schedules, findings and assumptions by themselves"),
    ("YEAR/entry_sheet.csv", "the entry sheet for a spreadsheet"),
    ("workbook.xlsx", "the same figures live: change a fact and see it flow"),
    ("audit.html, audit.pdf", "each 1099-B row against its lots"),
    ("letters/", "to the broker and the employer, and a memo for the preparer"),
    ("results.json", "every figure, for programs"),
    ("carryforward.yaml", "the case to begin the next year with"),
)


class YearParts(NamedTuple):
    """What a year puts into the packet: forms to file, what is kept, and the text of schedules and findings."""

    view: YearSchedules
    front: FrontYear
    filed: Sequence[Made]
    kept: Sequence[Made]
    blocks: Sequence[Element]

    @property
    def forms(self) -> tuple[Made, ...]:
        """Every form and worksheet in the order of the packet."""
        return (*self.filed, *self.kept)


class Entry(NamedTuple):
    """A line of the contents: a part, what to do with it, the place it begins at and its page (from 1)."""

    title: str
    action: str
    name: str
    page: int


class Group(NamedTuple):
    """Lines of the contents under a heading."""

    title: str
    entries: Sequence[Entry]


class Book:
    """The packet as one document.

    Args:
        session: the case, worked and audited.
        years: the parts of each year.
        notes: what must be said of the blanks.
    """

    def __init__(self, session: Session, years: Sequence[YearParts], notes: Sequence[str]) -> None:
        self.session = session
        self.years = years
        self.notes = notes

    @property
    def title(self) -> str:
        """The packet's title."""
        return f"Incentive stock options on the tax return, {spans(one.view.year for one in self.years)}"

    @cached_property
    def opening(self) -> Sequence[Chapter]:
        """The first page and the entry sheets."""
        first = parse(front_text(self.session, [one.front for one in self.years], self.notes))
        chapters = [Chapter(first, self._running("What to do"))]
        return [*chapters, *(self._entry_sheet(one) for one in self.years)]

    def _running(self, title: str) -> Running:
        """The head of pages that concern every year, with what must be said of the figures of any."""
        marks = dict.fromkeys(mark for one in self.years for mark in one.view.marks)
        return Running(title, self.years[0].view.names, list(marks))

    def _entry_sheet(self, one: YearParts) -> Chapter:
        sales = sale_entries(one.view)
        text = written(
            "entry_sheet.j2",
            self.session.household.rounding,
            y=one.view,
            sales=sales,
            groups=groups(one.view),
            total=total(sales),
        )
        return Chapter(parse(text), Running(f"{one.view.year} entry sheet", one.view.names, one.view.marks))

    @cached_property
    def known(self) -> frozenset[str]:
        """Every name in the packet that a link may lead to."""
        names = {CONTENTS, *(name for chapter in self.opening for name in names_in(chapter.blocks))}
        for one in self.years:
            names |= names_in(one.blocks)
            for made in one.forms:
                names |= {made.name, *made.places, *made.drawn_names}
        return frozenset(names)

    def set_year(self, one: YearParts) -> Typeset:
        """The schedules, findings and assumptions of a year on pages."""
        running = Running(f"{one.view.year} supporting schedules", one.view.names, one.view.marks)
        return typeset([Chapter(one.blocks, running)], self.known.__contains__)

    def pdf(self, texts: Sequence[Typeset], *, flatten: bool) -> tuple[bytes, int]:
        """The whole document and how many pages it has; `texts` are the years' schedules as `set_year` gives them."""
        opening = typeset(self.opening, self.known.__contains__)
        contents = self._contents(opening, texts, 1)
        if contents.pages > 1:  # the numbers in it were too low
            contents = self._contents(opening, texts, contents.pages)
        layout = _Layout(self.years, opening, contents.pages, texts)
        parts = [Leaves(opening.leaves), Leaves(contents.leaves), *layout.parts()]
        made = join(
            parts,
            outline=list(layout.outline()),
            destinations=layout.destinations(),
            title=self.title,
            subject=self.years[0].view.names,
            stamp=lambda page, pages: f"{page} of {pages}",
            flatten=flatten,
        )
        return made, layout.pages

    def _contents(self, opening: Typeset, texts: Sequence[Typeset], pages: int) -> Typeset:
        """The contents, their page numbers right if they take as many `pages`."""
        listed = list(_Layout(self.years, opening, pages, texts).groups())
        text = written("contents.j2", self.session.household.rounding, groups=listed, files=BESIDE)
        return typeset([Chapter(parse(text), self._running("Contents"))], self.known.__contains__)


class _Layout:
    """On which page everything stands; `contents` is how many pages these take."""

    def __init__(self, years: Sequence[YearParts], opening: Typeset, contents: int, texts: Sequence[Typeset]) -> None:
        self.years, self.opening, self.texts = years, opening, texts
        self.front = opening.pages
        self.start = opening.pages + contents
        self.begins: dict[str, int] = {}
        self.text_begins: list[int] = []
        page = self.start
        for one, text in zip(years, texts, strict=True):
            for made in one.forms:
                self.begins[made.name] = page
                page += made.pages
            self.text_begins.append(page)
            page += text.pages
        self.pages = page

    def destinations(self) -> Mapping[str, Destination]:
        """Where the forms and their lines stand."""
        found = {}
        for one in self.years:
            for made in one.forms:
                base = self.begins[made.name]
                found[made.name] = Destination(base)
                found |= {name: Destination(base + place.page, place.top) for name, place in made.places.items()}
        for text, base in ((self.opening, 0), *zip(self.texts, self.text_begins, strict=True)):
            found |= {name: Destination(base + page, top) for name, (page, top) in text.places.items()}
        found[CONTENTS] = Destination(self.front)
        return found

    def parts(self) -> Iterator[Sheet | Leaves]:
        """The years' parts in order."""
        for one, text in zip(self.years, self.texts, strict=True):
            yield from (document for made in one.forms for document in made.documents)
            yield Leaves(text.leaves)

    def groups(self) -> Iterator[Group]:
        """The contents."""
        first, *sheets = [head for head in self.opening.headings if head.level == 1]
        listed = [Entry("What to do", _READ, "front", first.page + 1)]
        names = [spot(one.view.year, "part", "entry") for one in self.years]
        listed += [Entry(head.text, _KEY_IN, name, head.page + 1) for head, name in zip(sheets, names, strict=True)]
        yield Group(spans(one.view.year for one in self.years), listed)
        for one, text, base in zip(self.years, self.texts, self.text_begins, strict=True):
            entries = [Entry(made.title, made.action, made.name, self.begins[made.name] + 1) for made in one.forms]
            titles = [head for head in text.headings if head.level == 1]
            places = [spot(one.view.year, "part", name) for name in ("schedules", "findings", "assumptions")]
            entries += [
                Entry(head.text, _KEPT, name, base + head.page + 1) for head, name in zip(titles, places, strict=True)
            ]
            yield Group(f"{one.view.year}, {one.view.status}", entries)

    def outline(self) -> Iterator[OutlineEntry]:
        """The bookmarks."""
        for head in self.opening.headings:
            if head.level == 1:
                yield OutlineEntry(head.text, head.page)
        yield OutlineEntry("Contents", self.front)
        for one, text, base in zip(self.years, self.texts, self.text_begins, strict=True):
            forms = [OutlineEntry(made.title, self.begins[made.name], 1) for made in one.forms]
            heads = [OutlineEntry(head.text, base + head.page, head.level) for head in text.headings]
            yield OutlineEntry(str(one.view.year), min(entry.page for entry in (*forms, *heads)))
            yield from (*forms, *heads)
