"""The forms of a packet, year by year: on official blanks where they are found, else drawn; AMT copies; worksheets.

A form that the return need not carry is made all the same and marked to be kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from worksheets.attach import attach_6251, attach_8801
from worksheets.definitions import Definition, definition
from worksheets.f8949 import Row
from worksheets.form import Form
from worksheets.paper.blank import Blank
from worksheets.paper.blanks import RefusedBlankError, catalogue, official
from worksheets.paper.draw import form_piece, leaves, rows_piece
from worksheets.paper.fill import Sheet
from worksheets.paper.join import Destination, join
from worksheets.paper.leaves import Leaves
from worksheets.paper.official import AMT, fill_8949, fill_form
from worksheets.paper.pages_8949 import summarised
from worksheets.paper.render import spot
from worksheets.paper.schedules import YearSchedules
from worksheets.statements import brokers

FILE, FILE_DRAWN = "file", "file on the official form"
KEEP, KEEP_AMT = "keep: need not be attached", "keep, do not file"
KEEP_HYPOTHETICAL: Final = "hypothetical amounts: do not file"
STATEMENT_OVER: Final = 200  # rows of a broker under one box above which a statement is attached in their place
PRINTED_WORKSHEETS: Final = (
    "gain_worksheet",
    "schedule_d_tax",
    "gain_worksheet_amt",
    "schedule_d_tax_amt",
    "exemption_worksheet",
    "carryover",
    "carryover_amt",
)
_ABOVE = 14.0  # points shown above the line that a link leads to


@dataclass(frozen=True, slots=True)
class Made:
    """A form that was made.

    Attributes:
        file: its name in the year's folder without ending ("amt/f8949"); "" for what stands in the packet only.
        title: "Form 6251, Alternative Minimum Tax—Individuals".
        action: what to do with it: `FILE`, `FILE_DRAWN`, `KEEP`, `KEEP_AMT` or `KEEP_HYPOTHETICAL`.
        documents: its sheets or drawn pages, in order.
        places: where its lines stand: names, and for each page (from 0 in the form) and height in points.
        drawn_names: names that its drawn pages give places themselves.
    """

    year: int
    file: str
    title: str
    action: str
    sequence: str
    documents: Sequence[Sheet | Leaves]
    places: Mapping[str, Destination] = field(default_factory=dict)
    drawn_names: frozenset[str] = frozenset()

    @property
    def filed(self) -> bool:
        """Whether the return must carry it."""
        return self.action in {FILE, FILE_DRAWN}

    @property
    def name(self) -> str:
        """The name of the place it begins at."""
        return spot(self.year, "part", self.file.replace("/", "-") or self.title)

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return sum(one.page_count for one in self.documents)

    def pdf(self, *, flatten: bool) -> bytes:
        """The form as a document of its own."""
        title = f"{self.title.partition(',')[0]} ({self.year})"
        if len(self.documents) == 1 and isinstance(one := self.documents[0], Sheet):
            return one.pdf(title, flatten=flatten)
        return join(self.documents, title=title, flatten=flatten)


class FormMaker:
    """Makes the forms of packets.

    Args:
        forms_dir: the folder that blanks are looked for in first.

    Attributes:
        lacking: years of each form whose blank was not found.
        unknown: the same of forms of which no final edition is known.
        notes: what must be said of blanks that were found.
    """

    def __init__(self, forms_dir: Path | None) -> None:
        self.forms_dir = forms_dir
        self.lacking: dict[str, set[int]] = {}
        self.unknown: dict[str, set[int]] = {}
        self.notes: list[str] = []

    def filed(self, view: YearSchedules) -> list[Made]:
        """The year's forms for the regular tax, in attachment-sequence order."""
        found = [*self._sales(view), *self._taxes(view)]
        return sorted(found, key=lambda made: _order(made.sequence))

    def _sales(self, view: YearSchedules) -> Iterator[Made]:
        if view.done is not None and not view.done.schedule_d.empty:
            yield self._form(view, view.done.schedule_d, "f1040sd", FILE)
        if view.books.rows:
            yield self._rows(view, view.books.rows, "f8949", FILE)

    def _taxes(self, view: YearSchedules) -> Iterator[Made]:
        done = view.done
        if done is not None:
            yield self._form(view, done.f6251, "f6251", FILE if attach_6251(done) else KEEP)
        if done is not None and done.f8801 is not None:
            yield self._form(view, done.f8801, "f8801", FILE if attach_8801(done) else KEEP)

    def amt_copies(self, view: YearSchedules) -> list[Made]:
        """Form 8949 and Schedule D refigured for the AMT."""
        found = []
        if view.done is not None and not view.done.schedule_d_amt.empty:
            found.append(self._form(view, view.done.schedule_d_amt, "amt/f1040sd", KEEP_AMT))
        if view.books.amt_rows:
            found.append(self._rows(view, view.books.amt_rows, "amt/f8949", KEEP_AMT))
        return found

    def worksheets(self, view: YearSchedules) -> list[Made]:
        """The worksheets that the year's forms were worked with, drawn."""
        found = []
        for name, form in view.used_forms().items():
            if name in PRINTED_WORKSHEETS:
                pages = leaves([form_piece(form, view.head, anchors=True)])
                title = f"{form.definition.label}, {form.definition.title}"
                found.append(Made(view.year, "", title, KEEP_AMT, "", [pages], drawn_names=_names(form)))
        return found

    def _form(self, view: YearSchedules, form: Form, file: str, action: str) -> Made:
        mark = AMT if file.startswith("amt/") else ""
        title = _titled(form.definition, mark)
        blank = self._blank(form.definition, filed=action == FILE)
        if blank is None:
            pages = leaves([form_piece(form, view.head, mark=mark, anchors=True)])
            done = _done_with(view, action, drawn=True)
            return Made(view.year, file, title, done, form.definition.sequence, [pages], drawn_names=_names(form))
        sheet = fill_form(blank, form, view.head, mark=_stamp(view, mark))
        done = _done_with(view, action)
        return Made(view.year, file, title, done, form.definition.sequence, [sheet], _places(sheet, form))

    def _rows(self, view: YearSchedules, listed: Sequence[Row], file: str, action: str) -> Made:
        mark = AMT if file.startswith("amt/") else ""
        printed = definition(view.year, "f8949")
        rounding, law = view.household.rounding, view.books.law
        blank = self._blank(printed, filed=action == FILE)
        most = view.case.exception_2 or (STATEMENT_OVER if blank is not None else None)
        on_form, on_statement = summarised(listed, brokers(view.case), most)
        if blank is None:
            documents: list[Sheet | Leaves] = [leaves([rows_piece(on_form, law, view.head, rounding, mark=mark)])]
        else:
            documents = [*fill_8949(blank, printed, on_form, view.head, rounding, mark=_stamp(view, mark))]
        if on_statement:
            documents.append(leaves([rows_piece(on_statement, law, view.head, rounding, mark=mark, statement=True)]))
        done = _done_with(view, action, drawn=blank is None)
        return Made(view.year, file, _titled(printed, mark), done, printed.sequence, documents)

    def _blank(self, printed: Definition, *, filed: bool) -> Blank | None:
        """The official blank of a form, None where none can be used; what must be said of those to file is noted."""
        try:
            found = official(printed.blank, printed.year, self.forms_dir)
        except RefusedBlankError as fault:
            self._note(f"{fault} The drawn edition is used.")
            return None
        if found is None:
            if filed:
                known = catalogue().get((printed.blank, printed.year))
                there = self.lacking if known is not None and not known.draft else self.unknown
                there.setdefault(printed.label, set()).add(printed.year)
            return None
        if found.warning:
            self._note(found.warning)
        return found.blank

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    @property
    def said(self) -> list[str]:
        """What must be said of the blanks, once: which are lacking and how to bring them, what was refused."""
        said = []
        if self.lacking:
            said.append(
                f"No official blank was found of {_listed(self.lacking)}: drawn editions stand in their place, with "
                "every line and amount. File on the official forms: dualbasis forms fetch brings them."
            )
        if self.unknown:
            said.append(
                f"No final form is known yet of {_listed(self.unknown)}: drawn editions stand in their place. File on "
                "the final forms once they are out."
            )
        return [*said, *self.notes]


def _listed(forms: Mapping[str, Iterable[int]]) -> str:
    """Forms with their years: "Form 6251 (2024, 2025); Form 8801 (2024)"."""
    return "; ".join(f"{label} ({', '.join(map(str, sorted(years)))})" for label, years in forms.items())


def _titled(printed: Definition, mark: str) -> str:
    title = f"{printed.label}, {printed.title}"
    return f"{mark} copy of {title}" if mark else title


def _done_with(view: YearSchedules, action: str, *, drawn: bool = False) -> str:
    """What to do with a form: none is filed that hypothetical amounts stand on."""
    if action != FILE:
        return action
    if view.books.law.hypothetical:
        return KEEP_HYPOTHETICAL
    return FILE_DRAWN if drawn else FILE


def _stamp(view: YearSchedules, mark: str) -> str | None:
    """What is printed above each page of an official form: an AMT copy, drafts, hypothetical amounts."""
    return ", ".join([mark, *view.marks] if mark else view.marks) or None


def _order(sequence: str) -> tuple[int, str]:
    """Attachment sequence numbers in order: 12, 12A, 32, 801."""
    digits = "".join(char for char in sequence if char.isdigit())
    return (int(digits or 0), sequence)


def _names(form: Form) -> frozenset[str]:
    return frozenset(spot(form.year, form.key, number) for number in form.definition.numbers)


def _places(sheet: Sheet, form: Form) -> Mapping[str, Destination]:
    """Where each line stands on a filled form, a little above its box."""
    found = {}
    for line in form.definition.lines.values():
        for box in list(line.boxes.values())[:1]:
            at = sheet.blank.named(box)
            found[spot(form.year, form.key, line.number)] = Destination(at.page - 1, at.rect[3] + _ABOVE)
    return found
