"""Letters by remedy: to the broker, to the employer, and a memo to the preparer of the return.

The broker is asked only for what a broker may correct: term, dates, proceeds, doubled rows, check boxes, the basis of
noncovered shares. It is never asked to add pay to a basis (finding `basis_omits_compensation`), which the rules forbid
for options granted since 2014 (Treas. Reg. 1.6045-1(d)(6)(ii)(A)); where a basis is named, it is the price paid.
Addresses are placeholders; account and social security numbers are masked. The words stand in templates/letters/.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final, NamedTuple

from worksheets.audit_basis import pay, right_basis
from worksheets.audit_desk import Desk, RowView
from worksheets.audit_words import money
from worksheets.case import Exercise, Sale
from worksheets.findings import ASK_BROKER, ASK_EMPLOYER, ASK_OWNER, Finding
from worksheets.form import ZERO
from worksheets.household import Household
from worksheets.iso import Disposition
from worksheets.paper.letter_text import letter_pdf, plain
from worksheets.paper.memo import memos
from worksheets.paper.money import masked_account, masked_ssn
from worksheets.paper.press import Running
from worksheets.paper.render import render
from worksheets.pay import PayShown
from worksheets.session import Session
from worksheets.statements import brokers

NEVER_ASKED: Final = frozenset({"basis_omits_compensation"})
CONTACT: Final = "[your address] · [telephone or e-mail]"
LONGEST: Final = 40
_OTHER: Final = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """A text as part of a file name: "sample-broker"; "" where nothing is left of it."""
    plain_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _OTHER.sub("-", plain_text).strip("-")[:LONGEST].rstrip("-")


def long_date(day: date) -> str:
    """A date as letters write it: "March 5, 2024"."""
    return f"{day:%B} {day.day}, {day.year:04}"


def ending(account: str | None) -> str:
    """The last four characters of an account number, "" where it has no more than these."""
    return masked_account(account).removeprefix("…")


def dollars(value: Decimal) -> str:
    """Dollars as letters write them: "$9,600", "$9,600.50"; a negative with a minus sign."""
    return f"−${money(-value)}" if value < 0 else f"${money(value)}"


@dataclass(frozen=True)
class Request:
    """What is asked of a broker about one row: the findings that the broker may correct."""

    view: RowView
    findings: Sequence[Finding]

    @property
    def sale(self) -> Sale:
        """The row."""
        return self.view.sale

    def twin(self, finding: Finding) -> Sale | None:
        """The row that a doubled one is like, where it stands on a form of another account or broker."""
        found = next((one for one in self.view.desk.case.sales if one.id == finding.details.get("like")), None)
        if found is None:
            return None
        pairs = ((found.broker, self.sale.broker), (found.account, self.sale.account))
        return found if any(one and other and one != other for one, other in pairs) else None

    @property
    def paid(self) -> Decimal:
        """The price paid, which is what a broker may show as basis: the right one without pay."""
        return right_basis(self.view) - pay(self.view)

    @property
    def acquired(self) -> list[date]:
        """When the shares sold were acquired."""
        return sorted({part.lot.exercise_date for part in self.view.listed if part.lot.exercise})


class Measure(NamedTuple):
    """The pay of shares of one lot: the value per share on a day ("exercise", "vesting"), less the price; dollars.

    Shares sold before they vested are measured by what was got for them: `event` is then "".
    """

    shares: Decimal
    event: str
    day: date
    value: Decimal
    price: Decimal
    pay: Decimal


def _measure(part: Disposition) -> Measure:
    """How the pay of one slice is measured; the value at vesting follows from the spread there."""
    lot, pay = part.lot, part.uncapped_pay
    if lot.vested is None:
        return Measure(lot.shares, "exercise", lot.exercise_date, lot.fmv, lot.exercise_price, pay)
    event = "vesting" if lot.vested <= part.sold else ""
    return Measure(lot.shares, event, lot.vested, lot.exercise_price + pay / lot.shares, lot.exercise_price, pay)


@dataclass(frozen=True)
class PayItem:
    """Pay of one sale or exchange that a Form W-2 shows wrongly: what it shows, what the law gives, the shares."""

    finding: Finding
    parts: Sequence[Disposition]
    law: Decimal
    shown: Decimal

    @property
    def gave_up(self) -> bool:
        """Whether the shares were given up to pay for an exercise, not sold."""
        return any(part.how == "surrender" for part in self.parts)

    @property
    def uncapped(self) -> Decimal:
        """Value at exercise less price, dollars: the pay where the gain is not smaller."""
        return sum((part.uncapped_pay for part in self.parts), ZERO)

    @property
    def from_vesting(self) -> bool:
        """Whether the value at vesting, not that at exercise, measures the pay."""
        return any(part.lot.vested is not None for part in self.parts)

    @property
    def measures(self) -> list[Measure]:
        """How the pay of each lot is measured, in the order of the sale."""
        return [_measure(part) for part in self.parts if part.uncapped_pay]

    @property
    def gain(self) -> Decimal:
        """What was got above the price paid."""
        return sum((part.proceeds - part.lot.paid for part in self.parts), ZERO)

    @property
    def capped(self) -> bool:
        """Whether the pay is held to the gain (IRC 422(c)(2))."""
        return self.law < self.uncapped


@dataclass(frozen=True)
class Sender:
    """Who writes: the name, the social security number masked, and who the owner is in the case."""

    owner: str
    name: str
    ssn: str


@dataclass(frozen=True)
class Letter:
    """A letter: the beginning of its file name, its template and what that reads."""

    name: str
    template: str
    sender: Sender
    context: Mapping[str, object]

    def markup(self, household: Household) -> str:
        """What its template says."""
        words = {"sender": self.sender, "dollars": dollars, "long": long_date, "ending": ending, **self.context}
        return render(self.template, household.rounding, **words)

    def text(self, household: Household) -> str:
        """The letter as plain text, to be edited."""
        return plain(self.markup(household), [self.sender.name, CONTACT])

    def pdf(self, household: Household) -> bytes:
        """The letter on paper."""
        return letter_pdf(self.markup(household), Running(self.sender.name, CONTACT))

    def files(self, household: Household) -> Iterator[tuple[str, bytes]]:
        """Both, by file name."""
        yield f"{self.name}.pdf", self.pdf(household)
        yield f"{self.name}.txt", self.text(household).encode()


class Correspondence:
    """Sorts the findings of a case into letters.

    Args:
        session: the case, worked and audited.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.household = session.household
        self.case = session.household.case

    @cached_property
    def views(self) -> Mapping[str, RowView]:
        """The rows of the case by id."""
        return {view.sale.id: view for view in Desk(self.household).views()}

    @cached_property
    def exercises(self) -> Mapping[str, Exercise]:
        """The exercises by id."""
        return {one.id: one for one in self.case.exercises}

    def sender(self, owner: str) -> Sender:
        """Who writes about shares of an owner."""
        person = self.case.spouse if owner == "spouse" else self.case.taxpayer
        if person is None:
            return Sender(owner, "[your spouse's name]", "")
        return Sender(owner, person.name, masked_ssn(person.ssn))

    def to_brokers(self) -> Iterator[Letter]:
        """One letter for each broker, year and owner with something that the broker may correct."""
        found: dict[tuple[str, int, str], dict[str, list[Finding]]] = {}
        names = brokers(self.session.household.case)
        for year, findings in self.session.findings.items():
            for one in findings:
                if one.remedy == ASK_BROKER and one.code not in NEVER_ASKED and one.sale in self.views:
                    sale = self.views[one.sale].sale
                    key = (names[sale.id], year, sale.owner)
                    found.setdefault(key, {}).setdefault(one.sale, []).append(one)
        for (broker, year, owner), rows in found.items():
            requests = [Request(self.views[sale], listed) for sale, listed in rows.items()]
            yield self._to_broker(broker, year, owner, requests)

    def _to_broker(self, broker: str, year: int, owner: str, requests: Sequence[Request]) -> Letter:
        mine = [view for view in self.views.values() if _is_of(view.sale, broker, year, owner)]
        accounts = sorted({ending(one.sale.account) for one in requests} - {""})
        context = {
            "broker": broker,
            "year": year,
            "requests": requests,
            "accounts": accounts,
            "forms": sorted({one.sale.form for one in requests}),
            "pay": any(pay(view) > 0 for view in mine),
            "first": self._open(one.sale.id for one in requests),
        }
        return Letter(self._name("broker", broker, year, owner), "letters/broker.j2", self.sender(owner), context)

    def _open(self, sales: Iterable[str]) -> list[str]:
        """Those of some rows about which the owner has a question to answer before a letter goes out."""
        asked = {one.sale for found in self.session.findings.values() for one in found if _is_open(one)}
        return [sale for sale in dict.fromkeys(sales) if sale in asked]

    def to_employers(self) -> Iterator[Letter]:
        """One letter for each corporation, year and owner whose Form W-2 leaves out or overstates pay."""
        found: dict[tuple[str, int, str], list[PayItem]] = {}
        for year, findings in self.session.findings.items():
            for one in findings:
                if one.remedy == ASK_EMPLOYER:
                    corporation, owner, item = self._pay(year, one)
                    found.setdefault((corporation, year, owner), []).append(item)
        for (corporation, year, owner), items in found.items():
            first = self._open(item.finding.sale for item in items if item.finding.sale)
            context = {"corporation": corporation, "year": year, "items": items, "first": first}
            name = self._name("employer", corporation, year, owner)
            yield Letter(name, "letters/employer.j2", self.sender(owner), context)

    def _pay(self, year: int, finding: Finding) -> tuple[str, str, PayItem]:
        """Whose pay it is: the corporation, the owner; both open where no sale is known."""
        books = self.household.years[year]
        name = finding.sale or finding.exercise
        known = next((one for one in books.pay if one.sale == name), None) if name else None
        parts = [part for part in books.dispositions if known and (part.sale, part.row) == (name, known.row)]
        item = PayItem(finding, parts, *_amounts(finding, known))
        if not parts:
            return "", "taxpayer", item
        return parts[0].lot.corporation, parts[0].lot.owner, item

    def _name(self, kind: str, whom: str, year: int, owner: str) -> str:
        parts = (kind, slug(whom), str(year), "spouse" if owner == "spouse" else "")
        return "-".join(part for part in parts if part)


def _is_open(finding: Finding) -> bool:
    """Whether the owner has a question to answer: one asked, or a date that first in, first out and no record gives."""
    assumed = finding.code == "wrong_acquired_date" and finding.details.get("chosen_by") == "fifo"
    return assumed or (finding.blocks_filing and finding.remedy == ASK_OWNER)


def _is_of(sale: Sale, broker: str, year: int, owner: str) -> bool:
    return ((sale.broker or "").casefold(), sale.sold.year, sale.owner) == (broker.casefold(), year, owner)


def _amounts(finding: Finding, known: PayShown | None) -> tuple[Decimal, Decimal]:
    """What the law gives and what the W-2 shows."""
    if known is not None:
        return known.law, known.shown
    shown = finding.reported
    return ZERO, shown if isinstance(shown, Decimal) else ZERO


def letters(session: Session) -> Mapping[str, bytes]:
    """Every letter that the findings call for, and a memo for each year, by file name.

    Args:
        session: the case, worked and audited.

    Returns:
        Names such as `broker-sample-broker-2024.pdf`, `employer-example-corp-2024.txt` and `cpa-memo-2024.pdf`, each
        letter as PDF and as text (UTF-8).
    """
    desk = Correspondence(session)
    found: dict[str, bytes] = {}
    for letter in (*desk.to_brokers(), *desk.to_employers()):
        found |= _new(found, letter.files(session.household))
    return {**found, **dict(memos(session))}


def _new(taken: Iterable[str], files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Files under names that are not taken: two brokers may have the same name but for signs."""
    for name, data in files:
        stem, _, ending = name.rpartition(".")
        number, free = 1, name
        while free in taken:
            number += 1
            free = f"{stem}-{number}.{ending}"
        yield free, data
