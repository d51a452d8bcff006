"""The totals that a broker prints, tied to the rows of the case: a row left out, doubled or mistyped shows here.

A total ties when it differs by no more than 50 cents. Amounts are dollars. Source: Form 1099-B, boxes 1d, 1e and 1g.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from worksheets.audit_desk import YearView, year_finding
from worksheets.audit_words import money
from worksheets.case import Case, Sale, Totals
from worksheets.f8949 import HALF_DOLLAR
from worksheets.findings import ASK_OWNER, WARNING, Finding
from worksheets.form import ZERO

# Each total: its key in the case, what it is, its box of Form 1099-B.
BOXES: Final = (
    ("proceeds", "Proceeds", "1d"),
    ("basis", "Basis", "1e"),
    ("wash_sale_disallowed", "Wash sales", "1g"),
)
CITE: Final = "Form 1099-B, boxes 1d, 1e and 1g"
SHOWN_OF_ACCOUNT: Final = 4


class Tie(NamedTuple):
    """A total: what the rows add up to, and what the broker prints (None where the case does not say)."""

    name: str
    box: str
    added: Decimal
    printed: Decimal | None

    @property
    def label(self) -> str:
        """What it is, with its box."""
        return f"{self.name}, box {self.box}"

    @property
    def difference(self) -> Decimal:
        """The rows less what is printed."""
        return ZERO if self.printed is None else self.added - self.printed

    @property
    def ties(self) -> bool:
        """Whether they agree."""
        return abs(self.difference) <= HALF_DOLLAR


def tied_rows(case: Case) -> list[Sale]:
    """The rows that a broker's totals hold: those of information returns."""
    return [one for one in case.sales if one.form != "none" and one.is_disposition_for_money]


def belongs(sale: Sale, totals: Totals) -> bool:
    """Whether a row is of the account that totals are given for; what they leave open fits every row."""
    broker = totals.broker is None or (sale.broker or "").casefold() == totals.broker.casefold()
    account = totals.account is None or sale.account == totals.account
    return sale.sold.year == totals.year and broker and account


def ties(rows: Sequence[Sale], totals: Totals | None) -> list[Tie]:
    """Each total of some rows against what is printed."""
    added = {
        "proceeds": sum((sale.proceeds for sale in rows), ZERO),
        "basis": sum((sale.basis or ZERO for sale in rows), ZERO),
        "wash_sale_disallowed": sum((sale.wash_sale_disallowed for sale in rows), ZERO),
    }
    return [Tie(name, box, added[key], getattr(totals, key, None)) for key, name, box in BOXES]


@year_finding
def totals_differ(view: YearView) -> Iterable[Finding]:
    """A total that the broker prints and the rows do not add up to (code `tie_out_difference`)."""
    case = view.desk.case
    for totals in case.totals:
        if totals.year == view.year:
            rows = [sale for sale in tied_rows(case) if belongs(sale, totals)]
            yield from _differences(totals, rows)
        elif totals.year not in case.years and view.year == case.last_year:
            message = (
                f"{_whose(totals)}: the case has no year {totals.year}, so its totals are not tied. Is the year right?"
            )
            yield Finding("tie_out_difference", WARNING, ASK_OWNER, message, cite=CITE)


def _differences(totals: Totals, rows: Sequence[Sale]) -> Iterator[Finding]:
    for tie in ties(rows, totals):
        if tie.printed is not None and not tie.ties:
            yield _finding(totals, tie, len(rows))


def _finding(totals: Totals, tie: Tie, rows: int) -> Finding:
    """The finding; what is right is open until a person has looked at the form."""
    number = f"{rows} {'row' if rows == 1 else 'rows'}"
    more, why = ("more", "doubled") if tie.difference > 0 else ("less", "missing")
    message = (
        f"{_whose(totals)} prints {tie.name.lower()} of {money(tie.printed or ZERO)} in all (box {tie.box}); with "
        f"{number} in this case they come to {money(tie.added)}, {money(abs(tie.difference))} {more}. Is a row {why}, "
        "mistyped or of another account?"
    )
    details: dict[str, Decimal | str] = {"form": "1099-B", "line": tie.box, "rows": tie.added}
    code = "tie_out_difference"
    return Finding(code, WARNING, ASK_OWNER, message, reported=tie.printed, cite=CITE, details=details)


def _whose(totals: Totals) -> str:
    """The form that prints the totals: its year, its broker, its account by the last characters."""
    broker = f" from {totals.broker}" if totals.broker else ""
    account = totals.account or ""
    known = f" (account ending in {account[-SHOWN_OF_ACCOUNT:]})" if len(account) > SHOWN_OF_ACCOUNT else ""
    return f"Form 1099-B of {totals.year}{broker}{known}"
