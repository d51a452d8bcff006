"""Totals tied: the broker's own, and the lines of the return as filed.

A total ties when it differs by no more than 50 cents; a filed line by no more than a dollar, as the audit has it.
Amounts are dollars.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from worksheets.audit_tie_out import ROUNDING, amount_on, form_of
from worksheets.audit_totals import Tie, belongs, tied_rows, ties
from worksheets.case import Sale, Totals
from worksheets.definitions import definition
from worksheets.findings import Finding
from worksheets.household import FILES, SAME_LINE, Household, YearBooks
from worksheets.paper.money import masked_account
from worksheets.session import Session

LABELS: Final = {"1040": "Form 1040", "6251": "Form 6251", "8801": "Form 8801", "schedule_d": "Schedule D"}


@dataclass(frozen=True, slots=True)
class AccountTies:
    """The totals of one account and year."""

    year: int
    broker: str
    account: str
    rows: int
    ties: Sequence[Tie]

    @property
    def given(self) -> bool:
        """Whether the case gives what the broker prints."""
        return any(tie.printed is not None for tie in self.ties)

    @property
    def agree(self) -> bool:
        """Whether all that is given agrees."""
        return all(tie.ties for tie in self.ties)


def account_ties(household: Household) -> list[AccountTies]:
    """The totals that the case gives, then those of accounts that it gives none for."""
    rows = tied_rows(household.case)
    found, tied = [], set()
    for totals in household.case.totals:
        mine = [sale for sale in rows if belongs(sale, totals)]
        tied |= {sale.id for sale in mine}
        found.append(_account(totals.year, totals.broker, totals.account, mine, totals))
    others: dict[tuple[int, str | None, str | None], list[Sale]] = {}
    for sale in rows:
        if sale.id not in tied:
            others.setdefault((sale.sold.year, sale.broker, sale.account), []).append(sale)
    return [*found, *(_account(*key, mine, None) for key, mine in sorted(others.items(), key=_order))]


def _order(entry: tuple[tuple[int, str | None, str | None], list[Sale]]) -> tuple[str, ...]:
    return tuple(str(part or "") for part in entry[0])


def _account(
    year: int, broker: str | None, account: str | None, rows: Sequence[Sale], totals: Totals | None
) -> AccountTies:
    return AccountTies(year, broker or "", masked_account(account), len(rows), ties(rows, totals))


class Filed(NamedTuple):
    """A line of the return as filed against the line as worked; `why` is what the finding says of a difference."""

    form: str
    number: str
    caption: str
    filed: Decimal
    worked: Decimal | None
    why: str

    @property
    def difference(self) -> Decimal | None:
        """As filed less as worked; None where the year's form has no such line."""
        return None if self.worked is None else self.filed - self.worked

    @property
    def ties(self) -> bool:
        """Whether they agree to the dollar."""
        return self.difference is not None and abs(self.difference) <= ROUNDING


def filed(session: Session) -> list[tuple[int, list[Filed]]]:
    """Every line as filed, by year; years without any are left out."""
    years = session.household.years.items()
    found = [(year, list(_filed(books, session.findings.get(year, ())))) for year, books in years]
    return [(year, lines) for year, lines in found if lines]


def _filed(books: YearBooks, findings: Iterable[Finding]) -> Iterator[Filed]:
    done = books.tax_return
    if done is None:
        return
    said = {(one.details.get("form"), one.details.get("line")): one.message for one in findings if _is_tie(one)}
    for form, lines in books.facts.as_filed.items():
        numbers = definition(books.year, FILES[form]).numbers
        for number, amount in lines.items():
            line = numbers.get(number) or numbers.get(SAME_LINE.get(number, ""))
            if line is None:
                yield Filed(LABELS[form], number, "no such line this year", amount, None, "")
                continue
            worked = amount_on(form_of(done, form), line)
            signed = abs(amount) if line.parens else amount
            why = said.get((form, line.number), "")
            yield Filed(LABELS[form], line.number, line.caption, signed, worked, _reason(why))


def _is_tie(one: Finding) -> bool:
    return one.code == "tie_out_difference"


def _reason(message: str) -> str:
    """What a finding says after the two figures, which stand beside it."""
    _, found, rest = message.partition("; it works out to ")
    return rest.partition(". ")[2] if found else message
