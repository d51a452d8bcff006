"""The findings of the audit report as cards: the figures side by side, their picture, what they cost alone.

Amounts are dollars.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from worksheets.audit_basis import amt_basis, pay, reported_basis, right_basis
from worksheets.audit_desk import Desk, RowView
from worksheets.audit_whatif import Effect
from worksheets.audit_words import listed
from worksheets.f8949 import Row
from worksheets.findings import CORRECTED, ERROR, NOTE, WARNING, Finding
from worksheets.form import ZERO
from worksheets.paper.money import masked_account
from worksheets.paper.report_cost import MOST_PRICED, Cost
from worksheets.paper.report_pictures import Bar, Bars
from worksheets.session import Session

SEVERITIES: Final = (ERROR, WARNING, CORRECTED, NOTE)
MOST_CARDS: Final = 200  # in a year; what is beyond them stands in a table
MOST_ENTRIES: Final = 4  # rows of Form 8949 on a card
TOO_MANY: Final = "there are too many findings"
WRONG: Final = frozenset({ERROR, CORRECTED})
Figure = Decimal | str | None


def is_about_the_row(finding: Finding) -> bool:
    """Whether a finding is about a row of Form 1099-B, not about pay on a Form W-2."""
    return bool(finding.sale) and not finding.code.startswith("w2_")


@dataclass(frozen=True, slots=True)
class Card:
    """One finding.

    Attributes:
        figures: as reported, as it is right, and for the AMT; empty where the finding is about no figure.
        message: what the finding says, but for the rows to enter where these stand in `entries`.
        entries: the rows of Form 8949 to enter.
        picture: bases and proceeds on one scale; `picture_of` names the card that has it already.
        effect: what this finding alone changes in tax; `unpriced` says why that is not told, where it should be.
    """

    year: int
    finding: Finding
    view: RowView | None
    here: str
    figures: Sequence[Figure]
    message: str
    entries: Sequence[Row]
    picture: Bars | None = None
    picture_of: str = ""
    effect: Effect | None = None
    unpriced: str = ""

    @property
    def where(self) -> str:
        """The row or exercise that it is about, or the year."""
        one = self.finding
        return f"Sale {one.sale}" if one.sale else f"Exercise {one.exercise}" if one.exercise else "Whole year"

    @property
    def broker(self) -> str:
        """Who sent the form, with the account's last four characters."""
        if self.view is None:
            return ""
        sale = self.view.sale
        return " ".join(part for part in (sale.broker or "", masked_account(sale.account)) if part)

    @property
    def effect_words(self) -> str:
        """What it changes in a sentence."""
        if self.effect is None:
            return ""
        return self.effect.words(self.year)


def picture(view: RowView) -> Bars | None:
    """The bases and the proceeds of a row; None where it has no row of Form 8949 or no amounts."""
    if not view.listed:
        return None
    proceeds = sum((row.d for row in view.rows), ZERO)
    bars = [Bar("proceeds", "Proceeds", proceeds), *_reported(view), *_right(view), _amt(view)]
    found = Bars(bars, proceeds)
    return found if found.scale else None


def _reported(view: RowView) -> Iterator[Bar]:
    if view.sale.form != "none":
        yield Bar("reported", "Basis reported, box 1e", reported_basis(view))


def _right(view: RowView) -> Iterator[Bar]:
    right, included = right_basis(view), pay(view)
    parts = [("paid", "paid", right - included), ("pay", "pay", included)]
    yield Bar("right", "Right basis", right, [part for part in parts if part[2]])


def _amt(view: RowView) -> Bar:
    right = amt_basis(view)
    paid = sum((part.lot.amt_paid for part in view.listed), ZERO)
    same = sum((part.amt.ordinary_income for part in view.listed), ZERO)
    parts = [("amt_paid", "paid", paid), ("pay", "pay", same), ("spread", "line 2i", right - paid - same)]
    return Bar("amt", "AMT basis", right, [part for part in parts if part[2]])


def amt_figure(finding: Finding, view: RowView | None) -> Figure:
    """The figure of a finding in the AMT book; None where there is none, or where it is the regular one by nature."""
    if view is None or not view.slices:
        return None
    if finding.code.startswith("basis_"):
        return amt_basis(view)
    if finding.code == "wrong_term":
        return listed(sorted({part.amt.term for part in view.listed}))
    if finding.code == "wash_sale_mismatch":
        return sum((part.amt.disallowed for part in view.listed), ZERO)
    if finding.code.startswith("w2_"):
        return sum((part.amt.ordinary_income for part in view.slices), ZERO)
    return None


def figures(finding: Finding, view: RowView | None) -> Sequence[Figure]:
    """As reported, as it is right, and for the AMT; nothing where the finding compares no figures."""
    if finding.reported is None and finding.correct is None:
        return ()
    return finding.reported, finding.correct, amt_figure(finding, view)


class Deck:
    """The cards of a case.

    Args:
        session: the case, worked and audited.
        cost: what its rows cost.
    """

    def __init__(self, session: Session, cost: Cost) -> None:
        self.session = session
        self.cost = cost
        self.views = {view.sale.id: view for view in Desk(session.household).views()}
        self.priced = 0

    def cards(self) -> Mapping[int, list[Card]]:
        """By year, the gravest first; years without findings are left out, and a note of an earlier year as well."""
        told: set[tuple[str, str]] = set()
        found = {year: list(self._cards(year, _new(listed, told))) for year, listed in self.session.findings.items()}
        return {year: cards for year, cards in found.items() if cards}

    def _cards(self, year: int, findings: Sequence[Finding]) -> Iterator[Card]:
        shown: dict[str, str] = {}
        ordered = sorted(findings, key=lambda one: SEVERITIES.index(one.severity))
        for number, finding in enumerate(ordered):
            here = f"finding-{year}-{number + 1}"
            yield self._card(year, finding, here, shown)

    def _card(self, year: int, finding: Finding, here: str, shown: dict[str, str]) -> Card:
        view = self.views.get(finding.sale)
        found = figures(finding, view)
        drawn = None if view is None or (finding.sale in shown and not found) else picture(view)
        if drawn is not None:
            shown.setdefault(finding.sale, here)
        effect, unpriced = self._effect(finding)
        message, entries = self._entries(finding, view)
        earlier = "" if drawn is not None else shown.get(finding.sale, "")
        return Card(year, finding, view, here, found, message, entries, drawn, earlier, effect, unpriced)

    def _effect(self, finding: Finding) -> tuple[Effect | None, str]:
        """What it changes alone; or why that is not told: it is not tried for more findings than are priced."""
        if finding.severity != CORRECTED or not self.cost.known:
            return None, ""
        self.priced += 1
        if self.priced > MOST_PRICED:
            return None, TOO_MANY
        found = self.cost.alone(finding)
        return found, self.cost.why_not(finding) if found is None else ""

    @staticmethod
    def _entries(finding: Finding, view: RowView | None) -> tuple[str, Sequence[Row]]:
        """The message without the rows to enter, and these; the message as it is where it names none, or too many."""
        if view is None or not view.rows or len(view.rows) > MOST_ENTRIES or view.entry not in finding.message:
            return finding.message, ()
        return " ".join(finding.message.replace(view.entry, "").split()), view.rows


def _new(findings: Iterable[Finding], told: set[tuple[str, str]]) -> list[Finding]:
    """The findings but for notes about no row that an earlier year has in the same words; `told` grows."""
    found = []
    for one in findings:
        name = (one.code, one.message)
        if one.severity == NOTE and not one.sale and not one.exercise:
            if name in told:
                continue
            told.add(name)
        found.append(one)
    return found


@dataclass(frozen=True, slots=True)
class Counts:
    """The headline's figures: rows of information returns checked; wrong; with an open question, wrong or not.

    Attributes:
        right: rows that nothing was found about, above a note.
        by_severity: how many findings.
    """

    checked: int
    wrong: int
    asked: int
    right: int
    by_severity: Mapping[str, int]


def counts(session: Session) -> Counts:
    """Counts the rows of a case and its findings."""
    rows = {one.id for one in session.household.case.sales if one.form != "none" and one.is_disposition_for_money}
    every = [one for found in session.findings.values() for one in found]
    about = [one for one in every if is_about_the_row(one) and one.sale in rows]
    wrong = {one.sale for one in about if one.severity in WRONG}
    asked = {one.sale for one in every if one.blocks_filing and one.sale in rows}
    told = {one.sale for one in about if one.severity != NOTE}
    return Counts(len(rows), len(wrong), len(asked), len(rows - told), Counter(one.severity for one in every))
