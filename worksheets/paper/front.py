"""The first page of a packet: whether it is ready to file, what to do, whom to ask, what is missing or assumed.

It says nothing of its own: figures are those of the forms, questions those of the findings, assumptions those listed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Final, NamedTuple

from worksheets.attach import attach_6251, attach_8801
from worksheets.findings import ASK_BROKER, ASK_EMPLOYER, CORRECTED, ERROR, NOTE, WARNING, Finding
from worksheets.form import ZERO
from worksheets.household import YearBooks
from worksheets.paper.questions import OPPORTUNITY_FUND_NOTE
from worksheets.paper.render import render, spot
from worksheets.paper.schedules import YearSchedules
from worksheets.reported import REPORTED_BOXES
from worksheets.session import Session

SEVERITIES: Final = (ERROR, WARNING, CORRECTED, NOTE)
WHOM: Final[Mapping[str, str]] = {ASK_BROKER: "The broker", ASK_EMPLOYER: "The employer"}
OTHERWISE: Final = "You, or whoever keeps the records"
STOCK_ONLY: Final = "stock figures only: whether AMT is due is not worked"
MOST_LINES: Final = 8  # lines as filed that differ, shown on the first page
MANY: Final = 3  # findings of one code, above which the first page shows one of them


def spans(years: Iterable[int]) -> str:
    """Years in words: "2022–2024, 2026"."""
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and runs[-1][-1] == year - 1:
            runs[-1][1:] = [year]
        else:
            runs.append([year])
    return ", ".join("–".join(map(str, run)) for run in runs)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence and the years it is about."""

    years: Sequence[int]
    text: str

    @property
    def when(self) -> str:
        """The years in words."""
        return spans(self.years)


def grouped(by_year: Mapping[int, Iterable[str]]) -> list[Said]:
    """Each sentence once, with the years that say it, in the order first said."""
    found: dict[str, list[int]] = {}
    for year, texts in by_year.items():
        for text in texts:
            found.setdefault(text, []).append(year)
    return [Said(years, text) for text, years in found.items()]


class FrontYear:
    """One year of the front page.

    Args:
        view: the year's schedules.
        findings: of the year.
        ready: whether the result calls it ready to file.
    """

    def __init__(self, view: YearSchedules, findings: Sequence[Finding], *, ready: bool) -> None:
        self.view = view
        self.books: YearBooks = view.books
        self.year = view.year
        self.findings = sorted(findings, key=lambda one: SEVERITIES.index(one.severity))
        self.ready = ready

    @property
    def done(self) -> bool:
        """Whether it is a whole year."""
        return self.view.done is not None

    @property
    def counts(self) -> str:
        """How many findings of each severity: "1 error, 2 warnings"."""
        found = Counter(one.severity for one in self.findings)
        words = [f"{found[name]} {_plural(name, found[name])}" for name in SEVERITIES if found[name]]
        return ", ".join(words) or "none"

    @property
    def open(self) -> list[Finding]:
        """The findings that keep it from being ready to file."""
        return [one for one in self.findings if one.blocks_filing]

    @property
    def why_not(self) -> list[str]:
        """Why it is not ready to file, in words."""
        law, reasons = self.books.law, []
        if self.open:
            reasons.append(f"{len(self.open)} open {'question' if len(self.open) == 1 else 'questions'}")
        if law.draft:
            reasons.append("the year's law is read in drafts")
        if law.hypothetical:
            reasons.append("amounts of the law are hypothetical")
        return reasons

    @property
    def boxes(self) -> str:
        """The boxes of Form 8949 that have rows: "boxes A and D"."""
        return _boxes(sorted({row.box for row in self.books.rows}) or [""])

    @property
    def column_e(self) -> str:
        """What column (e) of Form 8949 is in the boxes that have rows (Form 8949 instructions, column (e))."""
        used = sorted({row.box for row in self.books.rows})
        kept = [box for box in used if box in REPORTED_BOXES]
        put_right = [box for box in used if box not in REPORTED_BOXES]
        if not put_right:
            return "column (e) keeps the basis reported on Form 1099-B"
        if not kept:
            return "column (e) is the right basis, as none was reported to the IRS"
        return f"column (e) keeps the basis reported in {_boxes(kept)} and is the right basis in {_boxes(put_right)}"

    @property
    def verdict(self) -> str:
        """Whether the return can be filed, as far as the case tells."""
        if not self.ready:
            return "not ready to file"
        return "ready to file" if self.done else STOCK_ONLY

    @property
    def law_pay(self) -> Decimal:
        """Pay from early sales as the law gives it."""
        return sum((one.law for one in self.books.pay), ZERO)

    @property
    def coded(self) -> int:
        """How many rows of Form 8949 have an adjustment code."""
        return sum(row.f is not None for row in self.books.rows)

    @cached_property
    def attach_6251(self) -> bool:
        """Whether the return must carry Form 6251."""
        return self.view.done is not None and attach_6251(self.view.done)

    @cached_property
    def attach_8801(self) -> bool:
        """Whether the return must carry Form 8801."""
        return self.view.done is not None and attach_8801(self.view.done)

    @property
    def pay(self) -> Decimal:
        """Pay from early sales as Forms W-2 show it, or are taken to."""
        return sum((one.shown for one in self.books.pay), ZERO)

    @property
    def carried(self) -> list[tuple[str, Decimal]]:
        """What the year hands the next, what is 0 left out."""
        view = self.view
        found = [("minimum tax credit", view.carried_out("f8801", "carryforward_out"))]
        for book, form in (("", "carryover"), ("AMT ", "carryover_amt")):
            found += [
                (f"{book}{term}-term capital loss", view.carried_out(form, f"{term}_term_carryover"))
                for term in ("short", "long")
            ]
        return [(name, value) for name, value in found if value]


def _boxes(letters: Sequence[str]) -> str:
    *most, last = letters
    return f"boxes {', '.join(most)} and {last}" if most else f"box {last}"


def _plural(severity: str, count: int) -> str:
    return severity if count == 1 or severity == CORRECTED else f"{severity}s"


class Question(NamedTuple):
    """Something only a person can answer: where it belongs, what it says, how many more and of what ask the same."""

    place: str
    text: str
    more: int
    href: str
    what: str = "rows"


class Ask(NamedTuple):
    """Questions to one person."""

    whom: str
    questions: Sequence[Question]


def asks(years: Sequence[FrontYear]) -> list[Ask]:
    """Every open question by who can answer it; of those that many rows raise alike, the first."""
    found: dict[str, list[Question]] = {}
    for year in years:
        alike: dict[tuple[str, str], list[Finding]] = {}
        for one in year.open:
            alike.setdefault((WHOM.get(one.remedy, OTHERWISE), one.code), []).append(one)
        for (whom, _), listed in alike.items():
            found.setdefault(whom, []).extend(_questions(year.year, listed))
    return [Ask(whom, found[whom]) for whom in (*WHOM.values(), OTHERWISE) if whom in found]


def _questions(year: int, listed: Sequence[Finding]) -> Iterator[Question]:
    """Each finding of one code, or the first of them where there are many; of lines as filed, those that lead."""
    shown, what = listed if len(listed) <= MANY else listed[:1], "rows"
    if len(listed) > MANY and _is_line(listed[0]):
        leading = [one for one in listed if one.details.get("follows") != "yes"]
        shown, what = leading[:MOST_LINES] or listed[:1], "lines or totals"
    for number, one in enumerate(shown, start=1):
        place = " ".join(part for part in (str(year), one.sale or one.exercise) if part)
        more = len(listed) - len(shown) if number == len(shown) else 0
        yield Question(place, one.message, more, f"#{spot(year, 'part', 'findings')}", what)


def _is_line(one: Finding) -> bool:
    """Whether a finding is about a line as filed or a broker's total: one of these says nothing of another."""
    return one.code == "tie_out_difference"


def missing(years: Sequence[FrontYear]) -> list[Said]:
    """What the packet cannot say, because the case does not or the program does not work it."""
    return grouped({year.year: list(_missing(year)) for year in years})


def _missing(year: FrontYear) -> Iterator[str]:
    view = year.view
    yield from view.head.notes
    if view.done is None:
        yield (
            "No wages are given: a stock-only year. Form 6251 from line 2k on, the loss limit, carryovers and Form "
            "8801 are not worked."
        )
        return
    if view.done.f8801 is None:
        yield "Form 8801 of this year is not supported: figure any credit for prior years by hand."
    if not view.done.schedule_d.empty:
        yield OPPORTUNITY_FUND_NOTE


def front_years(session: Session, result: Mapping[str, object], years: Iterable[int]) -> list[FrontYear]:
    """The years of a packet; `result` is the session's result object, which says what is ready to file."""
    listed: Mapping[str, Mapping[str, object]] = result["years"]  # type: ignore[assignment]  # a mapping by year
    return [
        FrontYear(
            YearSchedules(session.household, session.household.years[year]),
            session.findings.get(year, []),
            ready=bool(listed[str(year)]["ready_to_file"]),
        )
        for year in years
    ]


def front_text(session: Session, years: Sequence[FrontYear], notes: Sequence[str]) -> str:
    """The front page, as markup; `notes` is what else must be said of this packet, such as missing blanks."""
    return render(
        "front.j2",
        session.household.rounding,
        years=years,
        title=spans(year.year for year in years),
        names=years[0].view.names,
        case=session.name,
        ready=all(year.ready for year in years),
        stock_only=spans(year.year for year in years if not year.done),
        stock_words=STOCK_ONLY,
        asks=asks(years),
        missing=missing(years),
        notes=notes,
        assumed=grouped({year.year: session.assumptions.get(year.year, []) for year in years}),
    )
