"""Cases that other programs get wrong, in cents; the comment says what the form does and what they gave."""

import pytest
from filings import exercise, figures, sale, with_line_2i, worked
from households import columns, single

from worksheets.amounts import Law
from worksheets.gains_rates import amt_rates


def line(year, form, number, iso, status="single", **keys):
    """One line of a year's return in cents."""
    found = with_line_2i(year, iso, status, cents=True, **keys)
    return figures(found, year, form, {number: 0})[number]


@pytest.mark.parametrize(
    ("year", "amt"),
    [
        (2018, 47084.50),
        (2019, 46781.50),
        (2020, 46526.50),
        (2021, 46385.00),
        (2022, 45898.50),
        (2023, 44746.00),
        (2024, 43813.50),
        (2025, 43483.00),
        (2026, 43148.00),
    ],
)
def test_amt_of_each_year(year, amt):
    # Single, wages 150,000, line 2i 200,000. Four independent engines agree. For 2024: 28% × (350,000 − 85,700) − 4,652
    # = 69,352, less the tax on 135,400, 25,538.50. (An open web return gave 44,051.50 for 2024: the 28% constant of the
    # year before.)
    assert line(year, "6251", "11", 200000, wages=150000) == amt


def test_standard_deduction_comes_back_on_line_2a():
    # Joint 2024, wages 250,000, LT gain 2,000,000: a microsimulator gave 18,331 without line 2a.
    assert line(2024, "6251", "11", 0, "married_joint", wages=250000, other_long_term=2000000) == 26271


def test_addition_of_married_separate_returns():
    # 2025, wages 750,000, line 2i 300,000: 57,905.25 without the addition on line 4, 25% × 149,650 = 37,412.50.
    assert line(2025, "6251", "4", 300000, "married_separate", wages=750000) == 1087412.5
    assert line(2025, "6251", "11", 300000, "married_separate", wages=750000) == 68380.75


def test_brackets_of_married_separate_returns():
    # 2023, wages 600,000: the 37% rate starts at 346,875 (177,207.50 with another status's bracket).
    assert line(2023, "1040", "16", 0, "married_separate", wages=600000) == 181832.5


def test_brackets_of_heads_of_household():
    # 2024, wages 300,000, line 2i 450,000: the 32% rate starts at 191,950 (125,116.50 with 191,150 typed).
    assert line(2024, "6251", "11", 450000, "head_of_household", wages=300000) == 125180.5


def test_unrecaptured_gain_reaches_lines_35_to_37():
    # 2020, wages 150,000, line 2i 200,000, LT gain 100,000 of which 50,000 unrecaptured: 34,283.50 without those lines.
    keys = {"wages": 150000, "other_long_term": 100000, "unrecaptured_1250": 50000}
    assert line(2020, "6251", "36", 200000, **keys) == 50000
    assert line(2020, "6251", "37", 200000, **keys) == 12500
    assert line(2020, "6251", "11", 200000, **keys) == 46783.5
    # The same without such a gain for the AMT (line 19 of its Schedule D): all 100,000 at 15%, 5,000 less.
    assert line(2020, "6251", "14", 200000, **keys, amt_unrecaptured_1250=0) is None
    assert line(2020, "6251", "11", 200000, **keys, amt_unrecaptured_1250=0) == 41783.5


def test_line_1_may_be_negative():
    # Head of household 2024 without income: line 1 is −21,900, not 0: 26% × 114,300 (35,412.00 with a floor).
    assert line(2024, "6251", "1", 200000, "head_of_household", wages=0) == -21900
    assert line(2024, "6251", "11", 200000, "head_of_household", wages=0) == 29718


def test_exemption_above_the_phaseout():
    # 2024, wages 300,000, line 2i 450,000: exemption 85,700 − 25% × 140,650 = 50,537.50 (135,321.25 without one).
    assert line(2024, "6251", "5", 450000, wages=300000) == 50537.5
    assert line(2024, "6251", "11", 450000, wages=300000) == 120932.75


def test_held_more_than_a_year_is_a_matter_of_the_calendar():
    # Bought 3 January 2022, sold 4 January 2023: 366 days later and long-term (short by `days > 366`).
    shown = {"acquired": "2022-01-03", "basis": "1000", "kind": "other"}
    found = worked([], [sale("2023-01-04", 10, 1500, **shown)], single(2023))
    assert found.years[2023].dispositions[0].regular.term == "long"


@pytest.mark.parametrize(
    ("sold", "proceeds", "basis", "row"),
    [
        # Sold early: the pay of 4,000 is part of the basis (a tool had 0 in (g), and 1,000 in (h)).
        ("2024-06-03", 6000, "1000", ("A", 6000, 1000, "B", -4000, 1000)),
        # Qualifying, with the value of 5,000 as basis: right basis 1,000, (g) 4,000 (columns and sign reversed there).
        ("2025-06-03", 6000, "5000", ("D", 6000, 5000, "B", 4000, 5000)),
    ],
)
def test_columns_of_form_8949(sold, proceeds, basis, row):
    found = worked(
        [exercise("2022-01-03", "2024-01-08", 100, 10, 50)],
        [sale(sold, 100, proceeds, basis=basis, basis_reported=True)],
        single(2024, 2025),
    )
    assert columns(found.years[int(sold[:4])].rows[0]) == row


def test_credit_is_limited_by_the_tentative_minimum_tax():
    # 2025, wages 150,000, 43,813.50 brought in: 25,067 less 26% × (150,000 − 88,100) = 16,094: 8,973, and not
    # the whole regular tax (25,247 there).
    keys = {"wages": 150000, "prior_minimum_tax_credit": "43813.50"}
    assert line(2025, "1040", "16", 0, **keys) == 25067
    assert line(2025, "8801", "23", 0, **keys) == 16094
    assert line(2025, "8801", "25", 0, **keys) == 8973
    assert line(2025, "8801", "26", 0, **keys) == 34840.5


def test_nothing_is_subtracted_at_the_lower_rate():
    # 2025, line 6 111,900: 26%, and nothing off (24,312 with the constant of the 28% bracket).
    assert amt_rates(Law(2025, "single"), Law(2025, "single").breakpoint) == 62166
    assert line(2025, "6251", "6", 50000, wages=150000) == 111900
    assert line(2025, "6251", "7", 50000, wages=150000) == 29094
