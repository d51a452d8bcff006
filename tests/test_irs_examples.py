"""The examples that IRS instructions and publications print, worked as cases."""

from decimal import Decimal

import pytest
from filings import carried, exercise, figures, sale, wages, with_line_2i, worked
from households import columns, single

from worksheets.form import Columns
from worksheets.household import work
from worksheets.iso import DISQUALIFYING, QUALIFYING
from worksheets.read.case_file import read_case

D = Decimal


# --- Form 6251 instructions ----------------------------------------------------------------------------------------


def test_line_2i():
    # Form 6251 instructions (2024), line 2i: 100 shares, box 3 $10, box 4 $25: 2,500 − 1,000.
    found = worked([exercise("2022-03-01", "2024-05-01", 100, 10, 25)], [], wages(w2024=100000))
    assert figures(found, 2024, "6251", {"2i": 0}) == {"2i": 1500}


# Form 6251 instructions, line 2k: every edition since 2019 prints the same example, a year later each time; that of 2025
# was granted on 3 January 2023. (grant, exercise, first sale, second sale)
EDITIONS = [
    ("2017-01-03", "2018-03-13", "2019-01-18", "2019-04-21"),
    ("2020-01-03", "2021-03-13", "2022-01-18", "2022-04-21"),
    ("2021-01-03", "2022-03-13", "2023-01-18", "2023-04-21"),
    ("2022-01-03", "2023-03-13", "2024-01-18", "2024-04-21"),
    ("2023-01-03", "2024-03-13", "2025-01-18", "2025-04-21"),
]


@pytest.mark.parametrize("dates", EDITIONS, ids=[dates[2][:4] for dates in EDITIONS])
def test_line_2k(dates):
    # 200 shares for 20,000, worth 200,000. First sale, within a year: 75,000, pay 65,000, no gain, AMT loss 25,000.
    # Second: 60,000, LT gain 50,000, AMT loss 40,000. Line 2k: −65,000 − 53,000. The year after, without sales: −3,000.
    granted, exercised, *sold = dates
    year = int(sold[0][:4])
    pay = {f"w{year - 1}": 150000, f"w{year}": 215000, f"w{year + 1}": 150000}
    found = worked(
        [exercise(granted, exercised, 200, 100, 1000)],
        [sale(sold[0], 100, 75000), sale(sold[1], 100, 60000)],
        wages(**pay),
    )
    assert figures(found, year - 1, "6251", {"2i": 0}) == {"2i": 180000}
    held = found.years[year - 1].holdings[0]
    assert (held.regular_basis, held.amt_basis) == (20000, 200000)
    early, late = found.years[year].dispositions
    assert (early.kind, early.pay, early.regular.gain) == (DISQUALIFYING, 65000, 0)
    assert (early.amt.ordinary_income, early.amt.gain, early.amt.term) == (0, -25000, "short")
    assert (late.kind, late.pay, late.regular.gain, late.regular.term) == (QUALIFYING, 0, 50000, "long")
    assert (late.amt.gain, late.amt.term) == (-40000, "long")
    assert figures(found, year, "6251", {"2i": 0, "2k": 0}) == {"2i": 0, "2k": -118000}
    parts = found.years[year].tax_return.line_2k
    assert (parts.ordinary, parts.short + parts.long + parts.limit) == (-65000, -53000)
    assert carried(found, year)["amt_capital_loss"] == (22000, 40000)
    assert carried(found, year)["capital_loss"] == (0, 0)
    # All shares are sold: 180,000 − 118,000 = 62,000, what is still carried as an AMT loss.
    both = [figures(found, one, "6251", {"2i": 0, "2k": 0}) for one in (year - 1, year)]
    assert sum(sum(lines.values()) for lines in both) == 62000
    assert figures(found, year + 1, "6251", {"2k": 0}) == {"2k": -3000}


@pytest.mark.parametrize(
    ("year", "before", "after"),
    [
        # Form 6251 instructions (2019), (2022), (2024) and (2025), line 4: 25% of what is above the limit.
        (2019, 753700, 758700),
        (2022, 796100, 801100),
        (2024, 895950, 900950),
        (2025, 920350, 925350),
        # The same: from 1,142,550 (2024) and 1,174,350 (2025) on the whole 66,650 and 68,500.
        (2024, 1142550, 1209200),
        (2024, 1500000, 1566650),
        (2025, 1174350, 1242850),
        (2025, 1500000, 1568500),
        # At the limit itself nothing is added.
        (2024, 875950, 875950),
        (2025, 900350, 900350),
    ],
)
def test_line_4_of_a_married_separate_return(year, before, after):
    found = with_line_2i(year, before - 400000, "married_separate", wages=400000)
    assert figures(found, year, "6251", {"4": 0}) == {"4": after}
    other = with_line_2i(year, before - 400000, "single", wages=400000)
    assert figures(other, year, "6251", {"4": 0}) == {"4": before}


def test_part_of_line_3():
    # Form 6251 instructions (2024), line 3: a section 179 deduction refigured from 9,000 to 9,700 is (700), beside a
    # depreciation adjustment of 700 on line 2l; the year after 700 comes back.
    years = wages(w2024=100000, w2025=100000)
    years[2024]["amt_adjustments"] = {"2l": "700", "3": "-700"}
    years[2025]["amt_adjustments"] = {"3": "700"}
    found = worked([], [], years)
    assert figures(found, 2024, "6251", {"2l": 0, "3": 0, "4": 0}) == {"2l": 700, "3": -700, "4": 100000}
    assert figures(found, 2025, "6251", {"3": 0, "4": 0}) == {"3": 700, "4": 100700}


# --- Form 8949 and Schedule D instructions -------------------------------------------------------------------------


def row_of(proceeds, **keys):
    """The row of one sale of stock that is no ISO, held for three months."""
    shown = {"acquired": "2024-02-01", "kind": "other", **keys}
    found = worked([], [sale("2024-05-01", 10, proceeds, **shown)], wages(w2024=50000))
    return found.years[2024].rows[0], found


@pytest.mark.parametrize(
    ("proceeds", "basis", "expenses", "gain"),
    [
        # Form 8949 instructions (2024), column (h), examples 1 to 3 (the third as selling expenses of 1,000, code E).
        ("6000", "2000", "0", 4000),
        ("6000", "8000", "0", -2000),
        ("6000", "2000", "1000", 3000),
    ],
)
def test_column_h(proceeds, basis, expenses, gain):
    row, found = row_of(proceeds, basis=basis, basis_reported=True, selling_expenses=expenses)
    adjusted = ("E", -1000) if expenses != "0" else (None, None)
    assert columns(row) == ("A", int(proceeds), int(basis), *adjusted, gain)
    total = Columns(D(proceeds), D(basis), -D(expenses), D(gain))
    assert found.years[2024].tax_return.schedule_d.short_term_reported == total


def test_column_h_with_an_incorrect_basis():
    # Form 8949 instructions (2024), column (h), example 4: right basis 100, the broker reported 900: B, 800, gain 900.
    row, _ = row_of("1000", basis="900", correct_basis="100", basis_reported=True)
    assert columns(row) == ("A", 1000, 900, "B", 800, 900)


def test_incorrect_basis_that_was_not_reported():
    # Form 8949 instructions (2024), code B: with box B the right basis goes in column (e), and 0 in column (g).
    row, _ = row_of("1000", basis="900", correct_basis="100", basis_reported=False)
    assert columns(row) == ("B", 1000, 100, "B", 0, 900)


@pytest.mark.parametrize(
    ("bought", "sold", "proceeds", "basis", "box", "gain"),
    [
        # Form 8949 instructions (2025), column (h), example 5: bought on 1 June for 1,000, exchanged three years later
        # at 3,000: long-term gain 2,000. Example 6: held for two months, 10,000 to 12,000: short-term gain 2,000.
        ("2022-06-01", "2025-06-01", "3000", "1000", "J", 2000),
        ("2025-04-01", "2025-06-01", "12000", "10000", "G", 2000),
    ],
)
def test_digital_assets(bought, sold, proceeds, basis, box, gain):
    shown = {"acquired": bought, "basis": basis, "basis_reported": True, "form": "1099-DA", "kind": "other"}
    found = worked([], [sale(sold, 1, proceeds, **shown)], wages(w2025=50000))
    assert columns(found.years[2025].rows[0]) == (box, int(proceeds), int(basis), None, None, gain)


def test_several_codes_and_their_net():
    # Form 8949 instructions (2024), columns (f) and (g): codes in alphabetical order without a space, the net of the
    # adjustments: 5,000 and (1,000) give 4,000. Here a loss of 5,000 to a related person, and expenses of 1,000.
    row, _ = row_of("6000", basis="10000", basis_reported=True, disposition="related_party", selling_expenses="1000")
    assert columns(row) == ("A", 6000, 10000, "EL", 4000, 0)


@pytest.mark.parametrize(("cents", "dollars"), [("1.49", 1), ("1.50", 2)])
def test_rounding_to_whole_dollars(cents, dollars):
    # Form 8949 instructions (2024), Rounding Off: 1.49 becomes 1, 1.50 becomes 2.
    found = worked([], [], {2024: {"filing_status": "single", "wages": cents}})
    assert figures(found, 2024, "1040", {"1a": 0}) == {"1a": dollars}


# --- Publication 525 -----------------------------------------------------------------------------------------------


def test_publication_525_example_7():
    # Publication 525 (2025): price 9, worth 14 at exercise, 16 when the rights become transferable that month: line 2i
    # is 1,600 − 900 = 700.
    found = worked(
        [
            exercise(
                "2024-04-08",
                "2025-01-07",
                100,
                9,
                14,
                vesting=[{"date": "2025-01-27", "shares": "100", "fmv": "16"}],
                section_83b=False,
            )
        ],
        [],
        wages(w2025=100000),
    )
    assert figures(found, 2025, "6251", {"2i": 0}) == {"2i": 700}
    assert found.years[2025].holdings[0].amt_basis == 1600


def test_publication_525_example_8():
    # Publication 525 (2025): price 10, worth 12 at exercise, sold at 15 after more than a year but within two of the
    # grant: gain 500, wages 200, capital gain 300 (long-term, held more than a year).
    found = worked(
        [exercise("2023-03-12", "2024-01-07", 100, 10, 12)],
        [sale("2025-01-27", 100, 1500, basis="1000", basis_reported=True)],
        wages(w2024=100000, w2025=100200),
    )
    sold = found.years[2025].dispositions[0]
    assert (sold.kind, sold.pay, sold.regular.basis) == (DISQUALIFYING, 200, 1200)
    assert (sold.regular.gain, sold.regular.term, sold.pay + sold.regular.gain) == (300, "long", 500)
    # Form 8949: the basis that the broker reported leaves out the 200 (Publication 525, Sale of the stock).
    assert columns(found.years[2025].rows[0]) == ("D", 1500, 1000, "B", -200, 300)
    # Form 6251: 2024 line 2i 200; 2025 −200 of pay and the same gain of 300.
    assert figures(found, 2024, "6251", {"2i": 0}) == {"2i": 200}
    assert figures(found, 2025, "6251", {"2k": 0}) == {"2k": -200}


def test_publication_525_loss_from_an_early_sale():
    # Publication 525 (2025), Holding period requirement not satisfied: a loss is a capital loss, without income. The
    # stock of example 8 sold at 8: loss 200; for the AMT, basis 1,200, loss 400.
    found = worked(
        [exercise("2023-03-12", "2024-01-07", 100, 10, 12)],
        [sale("2025-01-27", 100, 800)],
        wages(w2024=100000, w2025=100000),
    )
    sold = found.years[2025].dispositions[0]
    assert (sold.pay, sold.regular.gain, sold.amt.gain) == (0, -200, -400)
    assert figures(found, 2025, "6251", {"2k": 0}) == {"2k": -200}


# --- Publication 550 -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sold", "term"), [("2025-01-29", "short"), ("2025-02-06", "long")])
def test_publication_550_holding_period(sold, term):
    # Publication 550 (2025), Long-Term or Short-Term: bought on 31 January 2024.
    shown = {"acquired": "2024-01-31", "basis": "1000", "kind": "other"}
    found = worked([], [sale(sold, 10, 1500, **shown)], wages(w2025=50000))
    assert found.years[2025].dispositions[0].regular.term == term


def test_publication_550_wash_sale():
    # Publication 550 (2025), Wash Sales, example 1: bought for 1,000, sold for 750, bought again for 800 within 30
    # days: the loss of 250 is disallowed, the new basis is 1,050, and the holding period of the old shares (58 days)
    # goes with it. Both purchases are exercises without a spread.
    found = worked(
        [exercise("2022-01-03", "2024-03-01", 100, 10, 10), exercise("2022-01-03", "2024-05-10", 100, 8, 8)],
        [sale("2024-04-28", 100, 750, disposition="wash_sale", replacement="E2")],
        wages(w2024=50000),
    )
    sold = found.years[2024].dispositions[0]
    assert (sold.regular.gain, sold.regular.disallowed, sold.amt.disallowed) == (-250, 250, 250)
    row = found.years[2024].rows[0]
    assert (row.f, row.g, row.h) == ("W", 250, 0)
    new = found.years[2024].holdings[0]
    assert (new.exercise, new.regular_basis, new.amt_basis) == ("E2", 1050, 1050)
    assert str(new.held_from) == "2024-03-13"


def test_publication_550_more_stock_sold_than_bought():
    # Publication 550 (2025), More or less stock bought than sold, example 1: 100 shares sold for 4,000 at a loss of
    # 1,000, 75 replaced: 750 is disallowed, 250 deducted.
    for how in ({"kind": "other", "basis": "5000", "acquired": "2024-09-20"}, {}):
        found = worked(
            [] if how else [exercise("2022-01-03", "2024-09-20", 100, 50, 50)],
            [sale("2025-01-03", 100, 4000, disposition="wash_sale", replaced_shares="75", **how)],
            wages(w2024=50000, w2025=50000),
        )
        books = found.years[2025]
        assert sum(part.regular.disallowed for part in books.dispositions) == 750
        assert sum(row.h for row in books.rows) == -250
        assert figures(found, 2025, "schedule_d", {"7": 0, "21": 0}) == {"7": -250, "21": 250}


def test_publication_550_first_in_first_out():
    # Publication 550 (2025), Identification not possible, with the purchases eight years later: 100 shares at 10, 200
    # at 11, then 50 given away (basis 500), 100 more at 9. The 130 sold in April 2025 are 50 at 10 and 80 at 11: 1,380.
    got = [
        exercise("2017-01-03", "2018-02-01", 100, 10, 10),
        exercise("2017-01-03", "2019-01-15", 200, 11, 11),
        exercise("2017-01-03", "2021-12-01", 100, 9, 9),
    ]
    gone = [sale("2019-07-01", 50, 0, disposition="gift"), sale("2025-04-01", 130, 2600)]
    found = worked(got, gone, single(*range(2019, 2026)))
    assert [part.regular.basis for part in found.years[2019].dispositions] == [500]
    sold = found.years[2025].dispositions
    assert [(part.shares, part.regular.basis) for part in sold] == [(50, 500), (80, 880)]


@pytest.mark.parametrize(("loss", "deducted", "left"), [(7000, 3000, 4000), (2000, 2000, 0)])
def test_publication_550_loss_carried_over(loss, deducted, left):
    # Publication 550 (2025), Figuring your carryover: joint return, taxable income 26,000 after the deduction.
    years = wages("married_joint", w2025=26000 + 31500 + deducted, w2026=57500)
    years[2025]["other_short_term"] = str(-loss)
    found = worked([], [], years)
    assert figures(found, 2025, "1040", {"7a": 0, "15": 0}) == {"7a": -deducted, "15": 26000}
    assert carried(found, 2025)["capital_loss"] == (left, 0)
    assert figures(found, 2026, "schedule_d", {"6": 0})["6"] == (left or None)


def test_carryover_of_the_line_2k_example_over_two_more_years():
    # Form 6251 instructions (2024), line 2k: AMT carryover 22,000 short and 40,000 long; then by the Schedule D
    # instructions (2024): gains of 5,000 and 10,000 leave (17,000) and (30,000), 3,000 allowed: 14,000 and 30,000. Then
    # an LT gain of 50,000: line 7 (14,000), line 15 20,000, line 16 6,000, and Form 6251 line 13 takes 6,000.
    years = wages(w2022=150000, w2023=215000, w2024=150000, w2025=150000)
    years[2024] |= {"other_short_term": "5000", "other_long_term": "10000"}
    years[2025] |= {"other_long_term": "50000"}
    found = worked(
        [exercise("2021-01-03", "2022-03-13", 200, 100, 1000)],
        [sale("2023-01-18", 100, 75000), sale("2023-04-21", 100, 60000)],
        years,
    )
    assert carried(found, 2023)["amt_capital_loss"] == (22000, 40000)
    assert figures(found, 2024, "schedule_d_amt", {"7": 0, "15": 0, "21": 0}) == {"7": -17000, "15": -30000, "21": 3000}
    assert carried(found, 2024)["amt_capital_loss"] == (14000, 30000)
    assert figures(found, 2025, "schedule_d_amt", {"7": 0, "15": 0, "16": 0}) == {"7": -14000, "15": 20000, "16": 6000}
    assert figures(found, 2025, "6251", {"13": 0}) == {"13": 6000}
    assert carried(found, 2025)["amt_capital_loss"] == (0, 0)


def test_the_reader_takes_the_line_2k_example_as_written():
    # The same example as a case file would say it, numbers plain and dates as dates.
    from datetime import date

    found = work(
        read_case(
            {
                "case": 1,
                "taxpayer": {"name": "Sample Taxpayer"},
                "exercises": [
                    {
                        "corporation": "Example Corp",
                        "grant_date": date(2022, 1, 3),
                        "exercise_date": date(2023, 3, 13),
                        "exercise_price": 100,
                        "fmv": 1000,
                        "shares": 200,
                    }
                ],
                "sales": [
                    {"corporation": "Example Corp", "shares": 100, "sold": date(2024, 1, 18), "proceeds": 75000},
                    {"corporation": "Example Corp", "shares": 100, "sold": date(2024, 4, 21), "proceeds": 60000},
                ],
                "years": {
                    2023: {"filing_status": "single", "wages": 150000},
                    2024: {"filing_status": "single", "wages": 215000},
                },
            }
        )
    )
    assert figures(found, 2024, "6251", {"2k": 0}) == {"2k": -118000}
