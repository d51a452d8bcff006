"""What misreported rows cost: the household worked as reported and as corrected, and each finding alone.

(A) as reported: box 1e, term and box 1b as the broker shows them, pay as the Forms W-2 show it, no AMT basis and no
line 2k. (B) as corrected: the household itself. The tax of a year is Form 1040 line 16 plus Form 6251 line 11 less Form
8801 line 25, dollars; a price is B less A, negative where correcting saves tax. What the last year hands on is stated
apart: `stake` says how much of a price stays as minimum tax credit and how much is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from worksheets.audit_whatif import Carried, Effect, Outcome, effect, outcome
from worksheets.audit_words import money
from worksheets.findings import CORRECTED, Finding
from worksheets.form import ZERO
from worksheets.household import Household, YearBooks
from worksheets.problems import CaseError
from worksheets.reported import AMT_BOOK, BASIS, EXPENSES, PAY, TERM, WASH, Correction, Reported

LEFT_OUT = (
    "Each finding is priced alone, on top of the return as reported; the prices need not add up. State tax and net "
    "investment income tax are left out."
)
CANNOT_BE_WORKED = (
    "reported so, the returns cannot be worked: a loss, most likely, would reach a year whose income is not given "
    "(wages, even as 0)"
)
THINGS: Mapping[str, str] = {
    "wrong_term": TERM,
    "selling_expenses_omitted": EXPENSES,
    "wash_sale_mismatch": WASH,
    "w2_omits_compensation": PAY,
}


@dataclass(frozen=True, slots=True)
class YearPrice:
    """The tax of one whole year both ways, dollars."""

    as_reported: Decimal
    corrected: Decimal

    @property
    def difference(self) -> Decimal:
        """As corrected less as reported."""
        return self.corrected - self.as_reported


class Price:
    """What a household's misreported rows cost; worked when asked for.

    Returns as reported may not be workable where the household's own are: a basis too high, say, leaves a capital loss
    to a year of stock only. There is no price then, and `failed` says why; nothing is raised.

    Args:
        household: whose years have been worked.
    """

    def __init__(self, household: Household) -> None:
        self.household = household
        self.reported = Reported(household)

    @cached_property
    def corrected(self) -> Outcome:
        """(B): the household itself."""
        return outcome(self.household)

    @cached_property
    def as_reported(self) -> Outcome | None:
        """(A): the household with the rows as the broker shows them; None where it cannot be worked."""
        return self._outcome(frozenset())

    @property
    def failed(self) -> str:
        """Why there is no price though a year is whole, in words; "" where there is one."""
        return CANNOT_BE_WORKED if self.corrected.taxes and self.as_reported is None else ""

    @property
    def years(self) -> Mapping[int, YearPrice]:
        """The price of each whole year; a stock-only year has none."""
        if self.as_reported is None:
            return {}
        taxes = self.as_reported.taxes
        return {year: YearPrice(taxes[year], tax) for year, tax in self.corrected.taxes.items()}

    @property
    def total(self) -> Decimal:
        """The price over the years of the case; 0 where there is none."""
        return sum((one.difference for one in self.years.values()), ZERO)

    @property
    def carried_difference(self) -> Carried:
        """What the last whole year hands on, as corrected less as reported: credit, and losses of both books."""
        return Carried() if self.as_reported is None else self.corrected.left - self.as_reported.left

    @property
    def kept(self) -> Decimal:
        """Minimum tax credit that filing as reported leaves beyond the right one; below 0 where it leaves less."""
        return -self.carried_difference.credit

    @property
    def lost(self) -> Decimal:
        """What filing as reported costs for good: tax too high less credit kept; below 0, what it saves."""
        return -self.total - self.kept

    @property
    def span(self) -> str:
        """The whole years in words: "2023 to 2025"; "" where there is no price."""
        if not self.years:
            return ""
        first, last = min(self.years), max(self.years)
        return f"{first}" if first == last else f"{first} to {last}"

    @cached_property
    def amt_book_alone(self) -> Effect | None:
        """The price of the AMT basis and line 2k alone, the rows left as reported; no finding is about it.

        None where no disposition of a whole year differs between the books and no AMT loss is carried in.
        """
        return self._alone(AMT_BOOK) if any(map(_books_differ, self.household.years.values())) else None

    def alone(self, finding: Finding) -> Effect | None:
        """The price of one finding alone.

        None where it has none: nothing was corrected, the year is stock only, or the return with this one correction
        cannot be worked (`why_not` says so).
        """
        correction = self._correction(finding)
        return None if correction is None else self._alone(correction)

    def why_not(self, finding: Finding) -> str:
        """Why a finding that corrects a figure of a whole year has no price of its own; "" where it has one."""
        correction = self._correction(finding)
        return CANNOT_BE_WORKED if correction is not None and self._alone(correction) is None else ""

    def _alone(self, correction: Correction) -> Effect | None:
        found = self._outcome(frozenset({correction}))
        return None if found is None or self.as_reported is None else effect(found, self.as_reported)

    def _outcome(self, corrections: frozenset[Correction]) -> Outcome | None:
        try:
            return outcome(self.reported.work(corrections))
        except CaseError:
            return None

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {sale.id: place for place, sale in enumerate(self.household.case.sales)}

    def _correction(self, finding: Finding) -> Correction | None:
        place = self._places.get(finding.sale)
        if place is None or finding.severity != CORRECTED or not self._priced(place):
            return None
        if finding.code == "wrong_acquired_date" and self.household.case.sales[place].term is None:
            return Correction(TERM, place)  # without box 2, box 1b tells the term
        return correction_of(finding, place)

    def _priced(self, place: int) -> bool:
        return self.household.case.years[self.household.case.sales[place].sold.year].whole


def _books_differ(books: YearBooks) -> bool:
    """Whether the AMT book of a whole year has anything of its own: a basis, pay, term, or a loss carried in."""
    facts = books.facts
    return facts.whole and (
        facts.carried_loss != facts.amt_carried_loss or any(part.regular != part.amt for part in books.dispositions)
    )


def correction_of(finding: Finding, place: int) -> Correction | None:
    """What a finding about the row at a place of the case corrects; None where it changes no figure."""
    if finding.code.startswith("basis_"):
        return Correction(BASIS, place)
    thing = THINGS.get(finding.code)
    return None if thing is None else Correction(thing, place)


def price(household: Household) -> Price:
    """What a household's misreported rows cost, worked when it is read.

    Args:
        household: whose years have been worked.
    """
    return Price(household)


def stake(household: Household) -> str | None:
    """What filing as the brokers report it comes to, in sentences: the tax, and what of it later years give back.

    Args:
        household: whose years have been worked.

    Returns:
        None where there is no price: no year is whole, or the returns as reported cannot be worked.
    """
    return stake_words(price(household))


def stake_words(found: Price) -> str | None:
    """The same of a price that is already worked."""
    if not found.years:
        return None
    losses = Carried(ZERO, found.carried_difference.loss, found.carried_difference.amt_loss).words
    told = [_tax_words(found), _credit_words(found)]
    told += [f"Corrected, {losses} would be carried on, which is not priced."] if losses else []
    return " ".join(filter(None, told))


def _tax_words(found: Price) -> str:
    filed = f"Filed as the brokers report it, the tax of {found.span} would"
    if not found.total:
        return f"{filed} come to the same."
    return f"{filed} be ${money(abs(found.total))} too {'high' if found.total < 0 else 'low'}{_mostly(found)}."


def _mostly(found: Price) -> str:
    """Whether it is the AMT basis, which no finding is about, that makes all or most of the price."""
    alone = found.amt_book_alone
    if alone is None:
        return ""
    if alone.taxes == {year: one.difference for year, one in found.years.items()}:
        return ", because no Form 1099-B shows the AMT basis"
    most = alone.total * found.total > 0 and abs(alone.total) * 2 > abs(found.total)
    return ", mostly because no Form 1099-B shows the AMT basis" if most else ""


def _credit_words(found: Price) -> str:
    """What of the price later years give back as minimum tax credit, or lack besides."""
    kept = found.kept
    if not kept:
        return ""
    if found.total >= 0 or kept < 0:
        more = f"${money(abs(kept))} {'more' if kept > 0 else 'less'} minimum tax credit would be left for later years"
        in_all = f": ${money(found.lost)} in all" if found.total < 0 else ""
        return f"Besides, {more} than is right{in_all}."
    if found.lost <= 0:
        return "It would all be left as minimum tax credit, to be used in later years if there is room."
    return (
        f"Of that ${money(kept)} would be left as minimum tax credit for later years; "
        f"${money(found.lost)} would be lost for good."
    )
