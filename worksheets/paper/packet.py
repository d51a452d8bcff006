"""The packet: one PDF of everything in order, and beside it the forms, schedules and figures as files.

Order: the first page, entry sheets, contents; then for each year the forms to file in attachment-sequence order, what
is kept (forms not attached, AMT copies, worksheets), supporting schedules, findings and assumptions. The same case
gives the same bytes; the date in the documents is that of SOURCE_DATE_EPOCH or none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

from worksheets.paper import folder
from worksheets.paper.entry_sheet import csv_text
from worksheets.paper.folder import PacketError
from worksheets.paper.front import FrontYear, front_years, spans
from worksheets.paper.join import encrypt
from worksheets.paper.markup import parse
from worksheets.paper.money import amount
from worksheets.paper.packet_book import Book, YearParts
from worksheets.paper.packet_forms import FormMaker
from worksheets.paper.press import Typeset
from worksheets.paper.render import render as written
from worksheets.paper.schedules import schedules_text
from worksheets.session import Session

__all__ = ["ENCRYPTION_NEEDS", "Built", "Packet", "PacketError", "Progress", "build", "can_encrypt"]

ENCRYPTION_NEEDS = "encryption needs the package cryptography: pip install 'dualbasis[encrypt]'"
Progress = Callable[[str], None]
"""Is told, in a few words, what is being done."""


@dataclass(frozen=True, slots=True)
class Built:
    """What was written.

    Attributes:
        folder: the packet's folder.
        files: every file in it.
        pages: pages of packet.pdf.
        notes: what the user must be told once, such as how to bring the official blanks.
    """

    folder: Path
    files: tuple[Path, ...]
    pages: int
    notes: tuple[str, ...]


def build(  # noqa: PLR0913 - the options of the command, each by name
    session: Session,
    out: Path,
    *,
    year: int | None = None,
    forms_dir: Path | None = None,
    force: bool = False,
    flatten: bool = False,
    password: str | None = None,
    progress: Progress | None = None,
) -> Built:
    """Build the packet of a case in the folder `out`, whole or not at all.

    Args:
        session: the case, worked and audited.
        out: a folder that does not exist yet; with `force`, an earlier packet, which is replaced.
        year: only the forms, schedules and memo of this tax year.
        forms_dir: where official blanks are looked for first.
        force: replace an earlier packet.
        flatten: make forms plain pages, not fillable.
        password: encrypt every PDF with it (AES-256).
        progress: is told what is being done.

    Raises:
        PacketError: the folder must not be replaced or cannot be written, or a text cannot be printed.
    """
    goal = Path(out).absolute()
    _check(goal, force=force)
    if password is not None and not can_encrypt():
        raise PacketError(ENCRYPTION_NEEDS)
    made = Packet(session, year, forms_dir, flatten=flatten, progress=progress or (lambda _step: None))
    files = dict(made.files())
    if password is not None:
        made.progress("encrypting")
        files = {name: _locked(name, content, password) for name, content in files.items()}
    made.progress("writing")
    return Built(goal, tuple(folder.write(goal, files, force=force)), made.pages, tuple(made.maker.said))


def can_encrypt() -> bool:
    """Whether one of the packages that the PDF library encrypts with is installed."""
    return any(find_spec(name) for name in ("cryptography", "Crypto"))


def _check(goal: Path, *, force: bool) -> None:
    try:
        folder.check(goal, force=force)
    except OSError as fault:  # the folder above it must not be looked into
        raise PacketError(f"{goal} cannot be written ({fault.strerror or type(fault).__name__})") from fault


def _locked(name: str, content: bytes, password: str) -> bytes:
    try:
        return encrypt(content, password) if name.endswith(".pdf") else content
    except RuntimeError as fault:  # the package for it is there, but of no use to the PDF library
        raise PacketError(ENCRYPTION_NEEDS) from fault


class Packet:
    """A packet being made, everything in memory until all of it is done.

    Args:
        session: the case, worked and audited.
        year: only this tax year.
        forms_dir: where official blanks are looked for first.
        flatten: make forms plain pages, not fillable.
        progress: is told what is being done.
    """

    def __init__(
        self,
        session: Session,
        year: int | None = None,
        forms_dir: Path | None = None,
        *,
        flatten: bool = False,
        progress: Progress = lambda _step: None,
    ) -> None:
        self.session = session
        self.household = session.household
        self.flatten = flatten
        self.progress = progress
        self.maker = FormMaker(forms_dir)
        self.pages = 0
        self.result = session.result()
        wanted = [year] if year is not None else list(self.household.years)
        if unknown := [one for one in wanted if one not in self.household.years]:
            raise PacketError(f"read {unknown[0]}, expected a year of the case: {spans(self.household.years)}")
        self.result["years"] = {str(one): self.result["years"][str(one)] for one in wanted}
        fronts = front_years(session, self.result, wanted)
        self.years = [self._year_parts(front) for front in fronts]

    def _year_parts(self, front: FrontYear) -> YearParts:
        view = front.view
        self.progress(f"forms of {front.year}")
        try:
            made = self.maker.filed(view)
            kept = [*self.maker.amt_copies(view), *self.maker.worksheets(view)]
        except ValueError as fault:  # a name that the typeface of the forms does not have
            raise PacketError(f"{front.year}: {fault}") from fault
        filed, kept = ([one for one in (*made, *kept) if one.filed is wanted] for wanted in (True, False))
        return YearParts(view, front, filed, kept, parse(self._year_text(front)))

    def _year_text(self, front: FrontYear) -> str:
        rounding = self.household.rounding

        def _figure(value: Decimal | str | None) -> str:
            return amount(value, rounding) if isinstance(value, Decimal) else value or ""

        assumptions = self.session.assumptions.get(front.year, [])
        return schedules_text(self.household, front.year) + written(
            "findings.j2", rounding, y=front.view, findings=front.findings, assumptions=assumptions, figure=_figure
        )

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the packet by its name, packet.pdf first."""
        from worksheets.carryforward import carryforward_yaml  # noqa: PLC0415 - only a packet needs it
        from worksheets.paper.workbook import workbook  # noqa: PLC0415 - likewise

        book = Book(self.session, self.years, self.maker.said)
        texts = []
        for one in self.years:
            self.progress(f"schedules of {one.view.year}")
            texts.append(book.set_year(one))
        self.progress("packet.pdf")
        made, self.pages = book.pdf(texts, flatten=self.flatten)
        yield "packet.pdf", made
        yield folder.MARKER, (json.dumps(self.result, indent=2, ensure_ascii=False) + "\n").encode()
        yield "carryforward.yaml", carryforward_yaml(self.household).encode()
        yield from self._audit_files()
        self.progress("workbook")
        yield "workbook.xlsx", workbook(self.household)
        for one, text in zip(self.years, texts, strict=True):
            self.progress(f"files of {one.view.year}")
            yield from self._year_files(one, text)

    def _audit_files(self) -> Iterator[tuple[str, bytes]]:
        """The audit report and the letters, of the whole case whichever years the packet holds; memos of its years."""
        from worksheets.paper.letters import letters  # noqa: PLC0415 - only a packet needs it
        from worksheets.paper.report import audit_files  # noqa: PLC0415 - likewise

        self.progress("audit report and letters")
        yield from audit_files(self.session).items()
        others = {f"cpa-memo-{year}" for year in self.household.years if str(year) not in self.result["years"]}
        for name, content in letters(self.session).items():
            if name.rpartition(".")[0] not in others:
                yield f"letters/{name}", content

    def _year_files(self, one: YearParts, text: Typeset) -> Iterator[tuple[str, bytes]]:
        year = one.view.year
        for made in one.forms:
            if made.file:
                yield f"{year}/{made.file}.pdf", made.pdf(flatten=self.flatten)
        yield f"{year}/schedules.pdf", text.pdf(f"Supporting schedules, {year}")
        yield f"{year}/entry_sheet.csv", csv_text(one.view).encode("utf-8-sig")
