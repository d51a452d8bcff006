"""Random tax returns that every engine can be asked about, and the same returns worked by our forms.

A third of them stand near an amount of the law (a bracket, a threshold, where the exemption starts to shrink), where a
wrong figure or a wrong comparison shows.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from worksheets.amounts import STATUSES, Law
from worksheets.facts import YearFacts
from worksheets.form import ZERO, Rounding, Trail
from worksheets.stock import YearStock
from worksheets.tax_return import TaxReturn

CENT = Decimal("0.01")
STATUS_WEIGHTS = (3, 3, 4, 3, 2)  # married separate most often: it is where engines go wrong
LOSS_CARRIED, OTHER_LOSS = 200_000, 60_000
THRESHOLDS = (
    "standard_deduction",
    "zero_rate_top",
    "fifteen_rate_top",
    "tax_table_limit",
    "exemption",
    "phaseout_start",
    "exemption_used_up",
    "breakpoint",
)


@dataclass(frozen=True)
class Drawn:
    """A return as drawn: amounts by the case's keys (dollars), and what they do not say.

    Attributes:
        boxes: age 65 and blindness ticked: taxpayer 65, taxpayer blind, spouse 65, spouse blind.
        itemized: Schedule A's taxes and everything else on it, or None for the standard deduction.
        preferences: amounts of Form 6251 lines 2i, 2g and 3, by line.
    """

    year: int
    status: str
    amounts: Mapping[str, Decimal]
    boxes: tuple[bool, bool, bool, bool]
    itemized: tuple[Decimal, Decimal] | None
    preferences: Mapping[str, Decimal]

    def __getitem__(self, key: str) -> Decimal:
        return self.amounts.get(key, ZERO)

    @property
    def ticked(self) -> int:
        return sum(self.boxes)

    @property
    def net_short(self) -> Decimal:
        """Schedule D line 7."""
        return self["other_short_term"] - self["capital_loss_carryover.short"]

    @property
    def net_long(self) -> Decimal:
        """Schedule D line 15."""
        gains = self["other_long_term"] + self["capital_gain_distributions"]
        return gains - self["capital_loss_carryover.long"]


@dataclass
class Figures:
    """What an engine makes of a return (dollars): Form 1040 lines 15 and 16, Form 6251 lines 4 and 11.

    `entries` are keys of the case that the engine works out itself and our program is given.
    """

    taxable_income: Decimal
    tax: Decimal
    amti: Decimal
    amt: Decimal
    entries: Mapping[str, Decimal] = field(default_factory=dict)
    deduction: tuple[Decimal, Decimal] | None = None

    @property
    def amounts(self) -> dict[str, Decimal]:
        return {"taxable income": self.taxable_income, "tax": self.tax, "AMTI": self.amti, "AMT": self.amt}


def _amount(rng: random.Random, low: float, high: float) -> Decimal:
    """An amount whose order of magnitude is drawn, in dollars or (one in three) to the cent."""
    value = math.exp(rng.uniform(math.log(low), math.log(high)))
    return Decimal(value).quantize(CENT if rng.random() < 1 / 3 else Decimal(1))


def _sometimes(rng: random.Random, chance: float, low: float, high: float, loss: float = 0.0) -> Decimal:
    """An amount or zero; negative with the chance `loss`."""
    if rng.random() >= chance:
        return ZERO
    return _amount(rng, low, high) * (-1 if rng.random() < loss else 1)


def _near_threshold(rng: random.Random, law: Law) -> Decimal:
    amounts = [getattr(law, name) for name in THRESHOLDS] + list(law.amount("bracket_tops"))
    amounts.append(law.exemption + law.breakpoint)
    return rng.choice(amounts) + rng.choice((ZERO, law.standard_deduction)) + rng.randint(-600, 600)


def _gains(rng: random.Random) -> dict[str, Decimal]:
    return {
        "other_short_term": _sometimes(rng, 0.35, 100, 1_000_000, loss=0.5),
        "other_long_term": _sometimes(rng, 0.5, 100, 4_000_000, loss=0.3),
        "capital_gain_distributions": _sometimes(rng, 0.15, 10, 50_000),
        "capital_loss_carryover.short": _sometimes(rng, 0.1, 100, LOSS_CARRIED),
        "capital_loss_carryover.long": _sometimes(rng, 0.1, 100, LOSS_CARRIED),
    }


def _special_gains(rng: random.Random, drawn: Drawn) -> dict[str, Decimal]:
    """Schedule D lines 18 and 19, within the net long-term gain."""
    most = min(drawn.net_long, drawn.net_long + drawn.net_short)
    if most < 1 or rng.random() < 0.6:
        return {}
    part = Decimal(rng.choice((0, 0, 1, 3))) / 4
    collectibles = (part * most * Decimal(rng.random())).quantize(Decimal(1))
    building = ((most - collectibles) * Decimal(rng.random())).quantize(Decimal(1))
    return {"gain_28_percent": collectibles, "unrecaptured_1250": building}


def _boxes(rng: random.Random, status: str) -> tuple[bool, bool, bool, bool]:
    own = (rng.random() < 0.25, rng.random() < 0.05)
    joint = status == "married_joint"
    return (*own, joint and rng.random() < 0.25, joint and rng.random() < 0.05)


def _schedule_a(rng: random.Random, law: Law) -> tuple[Decimal, Decimal] | None:
    if rng.random() < 0.65:
        return None
    cap = 5_000 if law.status == "married_separate" else 10_000  # the lowest cap of any year: no engine cuts it
    return Decimal(rng.randint(0, cap)), law.standard_deduction + _amount(rng, 100, 60_000)


def draw(rng: random.Random, year: int) -> Drawn:
    """One random return of a year."""
    status = rng.choices(STATUSES, STATUS_WEIGHTS)[0]
    law = Law(year, status)
    near = rng.random() < 1 / 3
    dividends = _sometimes(rng, 0.3, 10, 300_000)
    amounts = {
        "wages": _near_threshold(rng, law) if near else _sometimes(rng, 0.9, 2_000, 3_000_000),
        "interest": _sometimes(rng, 0.2, 5, 50_000),
        "qualified_dividends": dividends,
        "ordinary_dividends": dividends + _sometimes(rng, 0.2, 5, 50_000),
        "other_income": _sometimes(rng, 0.15, 100, OTHER_LOSS, loss=0.5),
        "adjustments": _sometimes(rng, 0.15, 50, 8_000),
        "tax_refund": _sometimes(rng, 0.1, 20, 6_000),
        "foreign_tax_credit": _sometimes(rng, 0.1, 10, 5_000),
        **(_gains(rng) if not near or rng.random() < 0.5 else {}),
    }
    amounts["wages"] = max(ZERO, amounts["wages"])
    preferences = {"2i": _sometimes(rng, 0.6, 500, 3_000_000), "2g": _sometimes(rng, 0.1, 10, 20_000)}
    preferences["3"] = _sometimes(rng, 0.1, 10, 100_000, loss=0.5)
    drawn = Drawn(year, status, amounts, _boxes(rng, status), _schedule_a(rng, law), preferences)
    amounts.update(_special_gains(rng, drawn))
    return drawn


@dataclass
class Build:
    """How our return is put together; a named fault of an engine changes it, and our forms then make its figures.

    Attributes:
        entries: amounts by the case's keys.
        deduction: itemized total and its taxes, or None for the standard deduction.
        overlay: amounts of the law replaced, as the case's overlay does.
        given: lines of Form 6251 given instead of worked.
        worksheet: another class for the Schedule D Tax Worksheet, with its own `worksheet_amounts`.
    """

    drawn: Drawn
    entries: dict[str, Decimal]
    deduction: tuple[Decimal, Decimal] | None
    overlay: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Decimal] = field(default_factory=dict)
    worksheet: Any = None
    worksheet_amounts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, drawn: Drawn, entries: Mapping[str, Decimal]) -> Build:
        """The return as drawn, with the entries that the engine works out itself."""
        deduction = None if drawn.itemized is None else (sum(drawn.itemized, ZERO), drawn.itemized[0])
        found = {key: value for key, value in drawn.amounts.items() if "." not in key}
        found["other_income"] += drawn["tax_refund"]
        found["age_65_or_blind"] = Decimal(drawn.ticked)
        found["amt_foreign_tax_credit"] = drawn["foreign_tax_credit"]
        return cls(drawn, {**found, **entries}, deduction)

    def work(self) -> TaxReturn:
        """Our return, in cents."""
        trail, year, drawn = Trail(), self.drawn.year, self.drawn
        adjustments = {number: value for number, value in drawn.preferences.items() if number != "2i"}
        done = TaxReturn(
            law=Law(year, drawn.status, self.overlay, trail.working),
            rounding=Rounding("cents"),
            trail=trail,
            facts=YearFacts(year, trail, self.entries, adjustments, self.deduction),
            stock=YearStock(year, trail, inclusion=drawn.preferences["2i"]),
            opening={key: value for key, value in drawn.amounts.items() if "." in key}
            | {f"amt_{key}": value for key, value in drawn.amounts.items() if "." in key},
            given={"f6251": self.given},
            no_amt=True,
        )
        if self.worksheet is not None:
            done.schedule_d_tax = self.worksheet(done)
            done.schedule_d_tax.printed = self.worksheet_amounts
        return done


def figures(done: TaxReturn) -> Figures:
    """Our figures of a return."""
    form, main = done.f6251, done.f1040
    return Figures(main.taxable_income, main.tax, form.amti, form.amt)
