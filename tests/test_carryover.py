"""Capital losses from year to year, against worked figures."""

from __future__ import annotations

from decimal import Decimal

import pytest

from worksheets.amounts import Law, draft_years
from worksheets.definitions import years
from worksheets.facts import YearFacts
from worksheets.form import Rounding, Trail
from worksheets.stock import YearStock
from worksheets.tax_return import TaxReturn

WAGES = 150_000
LAST_FINAL = max(set(years()) - draft_years())


def chain(*gains: tuple[int, int], wages: int = WAGES, end: int = LAST_FINAL) -> list[TaxReturn]:
    """Single returns of consecutive years, each with these short- and long-term gains besides the wages."""
    trail = Trail()
    returns: list[TaxReturn] = []
    for year, (short, long) in zip(range(end - len(gains) + 1, end + 1), gains, strict=True):
        entries = {"wages": Decimal(wages), "other_short_term": Decimal(short), "other_long_term": Decimal(long)}
        returns.append(
            TaxReturn(
                law=Law(year, "single", cited=trail.working),
                rounding=Rounding("dollars"),
                trail=trail,
                facts=YearFacts(year, trail, entries, {}, None),
                stock=YearStock(year=year, trail=trail),
                prior=returns[-1] if returns else None,
                opening=None if returns else {},
            )
        )
    return returns


def carried(worked: TaxReturn) -> tuple[Decimal, Decimal]:
    return worked.carryover.short_term_carryover, worked.carryover.long_term_carryover


def test_form_6251_instructions_line_2k_example_and_two_more_years():
    # 25,000 short, 40,000 long, 3,000 of it used against the short-term loss: 22,000 and 40,000 (the IRS's figures).
    # Then gains of 5,000 and 10,000: line 7 is -17,000, line 15 -30,000, 3,000 used: 14,000 and 30,000.
    # Then a long-term gain of 50,000: line 7 is -14,000, line 15 +20,000, line 16 +6,000: nothing is left.
    first, second, third = chain((-25_000, -40_000), (5_000, 10_000), (0, 50_000))
    assert carried(first) == (22_000, 40_000)
    assert (second.schedule_d.net_short_term, second.schedule_d.net_long_term) == (-17_000, -30_000)
    assert carried(second) == (14_000, 30_000)
    assert third.schedule_d.printed() == {
        "6": 14_000,
        "7": -14_000,
        "11": 50_000,
        "14": 30_000,
        "15": 20_000,
        "16": 6_000,
    }
    assert third.carryover.printed() == {}


@pytest.mark.parametrize(
    ("gains", "left"),
    [
        ((-2_000, -500), (0, 0)),  # 2,500 is all used this year
        ((-2_000, -5_000), (0, 4_000)),  # the 3,000 takes the short-term loss first
        ((-8_000, 3_000), (2_000, 0)),  # 5,000 after the long-term gain, less 3,000
        ((4_000, -9_000), (0, 2_000)),
    ],
)
def test_short_term_loss_is_used_first(gains, left):
    assert carried(chain(gains)[0]) == left


def test_a_loss_that_meets_no_income_is_carried_whole():
    # No wages: taxable income would be -3,000 less the standard deduction, AMTI -3,000. Line 3 is zero in both books.
    (worked,) = chain((0, -50_000), wages=0)
    assert worked.carryover.printed()["3"] == 0
    assert carried(worked) == (0, 50_000)
    assert worked.carryover_amt.printed()["1"] == -3_000
    assert worked.carryover_amt.long_term_carryover == 50_000


def test_a_net_of_zero_is_not_a_blank_line():
    # The carryover of 22,000 meets a gain of 22,000: line 7 reads 0, and the schedule must be filed.
    worked = chain((-25_000, 0), (22_000, 0))[1]
    assert worked.schedule_d.printed() == {"4": 22_000, "6": 22_000, "7": 0, "16": 0}
    assert not worked.schedule_d.empty
    assert worked.f1040.printed()["7a"] == 0
