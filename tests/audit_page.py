"""Audit reports for tests, and a page of HTML read: its tags in order, what is wrong with them, its text."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2 as pdfium
from households import exercise, single

from worksheets.paper.report import audit_html, audit_pdf
from worksheets.session import open_case

FIXTURES = Path(__file__).parent.parent / "fixtures"
CASES = ("irs-line-2k", "hard-household", "three-year-credit")
VOID = frozenset({"meta", "br", "hr", "img", "input", "link", "col"})


@dataclass
class Tag:
    """An element with its attributes and the tags in it."""

    name: str
    attributes: dict[str, str | None]
    parent: Tag | None = None
    children: list[Tag | str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        return set((self.attributes.get("class") or "").split())

    @property
    def text(self) -> str:
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join(" ".join(parts).split())

    def all(self, *names):
        for child in self.children:
            if isinstance(child, Tag):
                if not names or child.name in names:
                    yield child
                yield from child.all(*names)

    def of_class(self, name):
        return [tag for tag in self.all() if name in tag.classes]


class Page(HTMLParser):
    """Reads a page; `faults` holds each tag that closes what is not open."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.root = Tag("root", {})
        self.here = self.root
        self.faults = []
        self.declarations = []
        self.feed(text)
        self.close()
        if self.here is not self.root:
            self.faults.append(f"<{self.here.name}> stays open")

    def handle_starttag(self, tag, attrs):
        made = Tag(tag, dict(attrs), self.here)
        if len(made.attributes) != len(attrs):
            self.faults.append(f"an attribute of <{tag}> twice")
        self.here.children.append(made)
        if tag not in VOID:
            self.here = made

    def handle_startendtag(self, tag, attrs):
        self.here.children.append(Tag(tag, dict(attrs), self.here))

    def handle_endtag(self, tag):
        if tag != self.here.name:
            self.faults.append(f"</{tag}> closes <{self.here.name}>, line {self.getpos()[0]}")
            return
        self.here = self.here.parent

    def handle_data(self, data):
        self.here.children.append(data)

    def handle_decl(self, decl):
        self.declarations.append(decl)


@cache
def session(name):
    return open_case(FIXTURES / name / "case.yaml")


@cache
def page(name):
    return Page(audit_html(session(name)))


@cache
def paper(name):
    return text_of(audit_pdf(session(name)))


def text_of(pdf):
    document = pdfium.PdfDocument(pdf)
    return " ".join(" ".join(one.get_textpage().get_text_bounded().split()) for one in document)


def made(exercises, sales, years, **more):
    named = {"corporation": "Example Corp"}
    return open_case(
        {
            "case": "1",
            "taxpayer": {"name": "Sample Taxpayer", "ssn": "400-00-0001"},
            "exercises": [{"id": f"E{n}", **named, **entry} for n, entry in enumerate(exercises, 1)],
            "sales": [{"id": f"S{n}", **named, **entry} for n, entry in enumerate(sales, 1)],
            "years": years,
            **more,
        }
    )


LOT = exercise("2021-06-01", "2023-03-13", 100, 10, 50)
YEARS = single(2023, 2024, w2023="200000", w2024="204000")
EARLY = {"term": "short", "pay_reported": "4000", "basis": "1000", "acquired": "2023-03-13", "basis_reported": True}
TOTALS = {"broker": "Sample Broker", "account": "X-12345678", "year": 2024, "proceeds": "5500", "basis": "1000"}
