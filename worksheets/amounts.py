"""What the law fixes for one year and filing status, read from forms/amounts.yaml.

Every amount is read through `Law`, which tells the line being worked which amount it used and where that amount was
read, so that a schedule can cite it.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, NamedTuple

import yaml

from worksheets.data import folder

NO_AMOUNTS = ("draft_years", "option_limit_unadjusted_before")  # dates, which no what-if replaces
STATUSES = ("single", "married_joint", "married_separate", "head_of_household", "surviving_spouse")


class Citation(NamedTuple):
    """An amount of the law that a line used: its name, value and the document it was read in."""

    name: str
    value: Any
    what: str
    source: str


class UnknownAmountError(Exception):
    """An overlay names an amount, year or status that forms/amounts.yaml does not have."""


@cache
def table() -> Mapping[str, Any]:
    """forms/amounts.yaml, every scalar as text: nothing passes through float."""
    text = (folder("forms") / "amounts.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506 - BaseLoader builds text only
    return loaded


@cache
def draft_years() -> frozenset[int]:
    """The tax years whose figures come from drafts."""
    return frozenset(int(year) for year in table()["draft_years"])


def decimals(value: Any) -> Any:
    """The value with every number in it as `Decimal`; lists stay lists."""
    return [decimals(part) for part in value] if isinstance(value, list) else Decimal(value)


@cache
def fixed(name: str, year: int, status: str) -> Citation:
    """The amount called `name` for a tax year and filing status, as forms/amounts.yaml has it."""
    entry = table()[name]
    row = entry["every_year"] if "every_year" in entry else entry["years"][str(year)]
    value = row["value"] if "value" in row else row[status]
    return Citation(name, decimals(value), entry["what"], row["source"])


class Law:
    """What the law fixes for one tax year and filing status (dollars, rates as decimals).

    Args:
        year: the tax year.
        status: the filing status, as the case file names it.
        overlay: hypothetical amounts by name and year, laid over the law's.
        cited: the citations of the line being worked, the last list on top (see `form.Trail`).
    """

    def __init__(
        self, year: int, status: str, overlay: Mapping[str, Any] | None = None, cited: list[list[Any]] | None = None
    ) -> None:
        self.year = year
        self.status = status
        self.overlay = overlay or {}
        self.cited = cited if cited is not None else []
        self.known: dict[str, Citation] = {}

    @property
    def draft(self) -> bool:
        """Whether this year's figures come from drafts."""
        return self.year in draft_years()

    @property
    def hypothetical(self) -> bool:
        """Whether the case replaces amounts of the law, of whichever year: one year's figures reach the later ones."""
        return bool(self.overlay)

    def amount(self, name: str) -> Any:
        """The amount called `name`, told to the line being worked."""
        found = self.known.get(name)
        if found is None:
            found = self.known[name] = self.citation(name)
        if self.cited:
            self.cited[-1].append(found)
        return found.value

    def citation(self, name: str) -> Citation:
        """The amount called `name` with where it was read, told to no line."""
        given = self._overlaid(name)
        if given is None:
            return fixed(name, self.year, self.status)
        return Citation(name, decimals(given), table()[name]["what"], "hypothetical amount of the case")

    def _overlaid(self, name: str) -> Any:
        years = self.overlay.get(name)
        row = years.get(self.year, years.get(str(self.year))) if isinstance(years, Mapping) else None
        return row.get(self.status) if isinstance(row, Mapping) else row

    @property
    def exemption(self) -> Decimal:
        """AMT exemption before its phase-out (IRC 55(d)(1); Form 6251 line 5)."""
        return self._decimal("amt_exemption")

    @property
    def phaseout_start(self) -> Decimal:
        """AMTI above which the exemption shrinks (IRC 55(d)(2); Form 6251 line 5)."""
        return self._decimal("amt_phaseout_start")

    @property
    def phaseout_rate(self) -> Decimal:
        """Share of the excess by which it shrinks (IRC 55(d)(2))."""
        return self._decimal("amt_phaseout_rate")

    @property
    def exemption_used_up(self) -> Decimal:
        """AMTI at which nothing of the exemption is left; Form 6251 prints it on line 4 for married separate."""
        return self.phaseout_start + self.exemption / self.phaseout_rate

    @property
    def breakpoint(self) -> Decimal:
        """Amount up to which the lower AMT rate applies (IRC 55(b)(1); Form 6251 line 7)."""
        return self._decimal("amt_breakpoint")

    @property
    def amt_rate_low(self) -> Decimal:
        """The lower AMT rate (IRC 55(b)(1))."""
        return self._decimal("amt_rate_low")

    @property
    def amt_rate_high(self) -> Decimal:
        """The higher AMT rate (IRC 55(b)(1))."""
        return self._decimal("amt_rate_high")

    @property
    def high_rate_subtraction(self) -> Decimal:
        """What the form subtracts when all is taxed at the higher rate (Form 6251 lines 7, 18 and 39)."""
        return (self.amt_rate_high - self.amt_rate_low) * self.breakpoint

    @property
    def zero_rate_top(self) -> Decimal:
        """Top of the 0% capital gains rate (IRC 1(h); Form 6251 line 19)."""
        return self._decimal("zero_rate_top")

    @property
    def fifteen_rate_top(self) -> Decimal:
        """Top of the middle capital gains rate (IRC 1(h); Form 6251 line 25)."""
        return self._decimal("fifteen_rate_top")

    @property
    def gains_rate_middle(self) -> Decimal:
        """Middle capital gains rate (IRC 1(h)(1)(C))."""
        return self._decimal("gains_rate_middle")

    @property
    def gains_rate_top(self) -> Decimal:
        """Highest capital gains rate (IRC 1(h)(1)(D))."""
        return self._decimal("gains_rate_top")

    @property
    def unrecaptured_1250_rate(self) -> Decimal:
        """Rate on unrecaptured section 1250 gain (IRC 1(h)(1)(E))."""
        return self._decimal("unrecaptured_1250_rate")

    @property
    def collectibles_rate(self) -> Decimal:
        """Rate on 28% rate gain (IRC 1(h)(1)(F))."""
        return self._decimal("collectibles_rate")

    @property
    def standard_deduction(self) -> Decimal:
        """Basic standard deduction (IRC 63(c))."""
        return self._decimal("standard_deduction")

    @property
    def additional_standard_deduction(self) -> Decimal:
        """Addition for each box ticked, age 65 or blind (IRC 63(f))."""
        return self._decimal("additional_standard_deduction")

    @property
    def capital_loss_limit(self) -> Decimal:
        """Net capital loss that reduces other income in a year (IRC 1211(b); Schedule D line 21)."""
        return self._decimal("capital_loss_limit")

    @property
    def tax_table_limit(self) -> Decimal:
        """Amounts below it are taxed by the Tax Table (IRC 3)."""
        return self._decimal("tax_table_limit")

    @cached_property
    def tax_table_rows(self) -> list[list[Decimal]]:
        """From which amount on the rows of the Tax Table are how wide."""
        rows: list[list[Decimal]] = self.amount("tax_table_rows")
        return rows

    @property
    def brackets(self) -> list[tuple[Decimal, Decimal | None, Decimal]]:
        """The regular tax brackets as (bottom, top, rate), lowest first; the last has no top (IRC 1(j))."""
        tops, rates = self.amount("bracket_tops"), self.amount("tax_rates")
        return list(zip([Decimal(0), *tops], [*tops, None], rates, strict=True))

    @property
    def middle_bracket_top(self) -> Decimal:
        """Top of the fourth bracket (24%), which the Schedule D Tax Worksheet prints on line 19."""
        top: Decimal = self.amount("bracket_tops")[3]
        return top

    def _decimal(self, name: str) -> Decimal:
        value: Decimal = self.amount(name)
        return value


def overlay_names() -> Mapping[str, tuple[str, ...]]:
    """The amounts that an overlay may replace, and the years for which it may."""
    law = table()
    every = tuple(law["amt_exemption"]["years"])
    return {name: tuple(entry.get("years", every)) for name, entry in law.items() if name not in NO_AMOUNTS}


def check_overlay(overlay: Mapping[str, Any]) -> None:
    """Refuse an overlay that names what forms/amounts.yaml does not have.

    Raises:
        UnknownAmountError: an unknown amount, year or filing status.
    """
    names = overlay_names()
    for name, years in overlay.items():
        if name not in names:
            raise UnknownAmountError(f"{name}: expected one of {', '.join(sorted(names))}")
        for year, row in years.items():
            if str(year) not in names[name]:
                raise UnknownAmountError(f"{name}.{year}: expected one of {', '.join(names[name])}")
            for status in row if isinstance(row, Mapping) else ():
                if status not in STATUSES:
                    raise UnknownAmountError(f"{name}.{year}.{status}: expected one of {', '.join(STATUSES)}")
