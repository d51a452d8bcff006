"""Worked examples of the AMT and its credit, each by hand from the forms' lines; single and standard unless said."""

from decimal import Decimal

import pytest
from filings import carried, exercise, figures, lines, sale, wages, with_line_2i, worked
from households import columns, single

from worksheets.amounts import Law
from worksheets.gains_rates import amt_rates
from worksheets.regular_tax import tax_by_schedule, tax_on

D = Decimal


# --- The credit over several years ---------------------------------------------------------------------------------

# 5,000 shares at 4, worth 44: sold 1,000 at 50, 2,000 at 30, 2,000 at 70, all after both holding periods.
FOUR_YEARS = {
    2022: {
        "1040": {"11": 160000, "12": 12950, "15": 147050, "16": 29128},
        "6251": {"1": 147050, "2a": 12950, "2i": 200000, "2k": 0, "4": 360000, "5": 75900, "6": 284100},
        "tax": {"7": 75426, "9": 75426, "10": 29128, "11": 46298},
        "8801": {"21": 0, "25": None, "26": None},
    },
    2023: {
        "1040": {"7": 46000, "11": 226000, "12": 13850, "15": 212150, "16": 40176},
        "6251": {"1": 212150, "2a": 13850, "2i": 0, "2k": -40000, "4": 186000, "5": 81300, "6": 104700},
        # Part III: 26% × 98,700 and 15% × 6,000.
        "tax": {"13": 6000, "17": 98700, "18": 25662, "31": 900, "7": 26562, "10": 40176, "11": 0},
        "8801": {"1": 147050, "2": 12950, "4": 160000, "10": 84100, "11": 21866, "13": 21866, "14": 29128, "15": 0}
        | {"16": 46298, "18": 46298, "19": 0, "21": 46298, "22": 40176, "23": 26562, "24": 13614}
        | {"25": 13614, "26": 32684},
    },
    2024: {
        "1040": {"7": 52000, "11": 252000, "12": 14600, "15": 237400, "16": 45339},
        "6251": {"1": 237400, "2a": 14600, "2k": -55000, "4": 197000, "5": 85700, "6": 111300},
        # An AMT loss: no Part III.
        "tax": {"7": 28938, "9": 28938, "10": 45339, "11": 0, "12": None, "40": None},
        "8801": {"1": 212150, "2": 13850, "4": 226000, "10": 144700, "11": 32562, "13": 32562, "14": 40176, "15": 0}
        | {"16": 0, "18": 0, "19": 32684, "21": 32684, "22": 45339, "23": 28938, "24": 16401}
        | {"25": 16401, "26": 16283},
    },
    2025: {
        "1040": {"7a": 132000, "11a": 342000, "12e": 15750, "15": 326250, "16": 59267},
        "6251": {"1b": 326250, "2a": 15750, "2k": -105000, "4": 237000, "5": 88100, "6": 148900},
        "tax": {"13": 27000, "18": 31694, "31": 4050, "7": 35744, "10": 59267, "11": 0},
        "8801": {"1": 237400, "2": 14600, "4": 252000, "10": 166300, "11": 37518, "13": 37518, "14": 45339, "15": 0}
        | {"16": 0, "18": 0, "19": 16283, "21": 16283, "22": 59267, "23": 35744, "24": 23523}
        | {"25": 16283, "26": 0},
    },
}


def four_years():
    return worked(
        [exercise("2020-02-10", "2022-04-04", 5000, 4, 44)],
        [sale("2023-05-10", 1000, 50000), sale("2024-08-01", 2000, 60000), sale("2025-03-03", 2000, 140000)],
        wages(w2022=160000, w2023=180000, w2024=200000, w2025=210000),
    )


@pytest.mark.parametrize("year", FOUR_YEARS)
def test_credit_over_four_years(year):
    found, expected = four_years(), FOUR_YEARS[year]
    assert figures(found, year, "1040", expected["1040"]) == expected["1040"]
    assert figures(found, year, "6251", expected["6251"]) == expected["6251"]
    assert figures(found, year, "6251", expected["tax"]) == expected["tax"]
    assert figures(found, year, "8801", expected["8801"]) == expected["8801"]


def test_credit_over_four_years_gives_all_amt_back():
    # 13,614 + 16,401 + 16,283 = 46,298. The AMT result of 2024 is a loss of 28,000, of which 25,000 waits for 2025:
    # 52,000 − 25,000 = 27,000.
    found = four_years()
    assert sum(lines(found, year, "8801")["25"] for year in (2023, 2024, 2025)) == 46298
    assert [figures(found, year, "8801", {"attach": 0})["attach"] for year in FOUR_YEARS] == [False, True, True, True]
    assert found.years[2024].dispositions[0].amt.gain == -28000
    assert [carried(found, year)["amt_capital_loss"] for year in FOUR_YEARS] == [(0, 0), (0, 0), (0, 25000), (0, 0)]
    basis = found.years[2022].holdings[0]
    assert (basis.regular_basis, basis.amt_basis) == (20000, 220000)


def test_exclusion_items_cut_the_credit():
    # 2024: wages 200,000, LT gain 700,000, line 2i 100,000: AMTI 1,000,000, exemption gone. Line 17 300,000: 28% less 4,652 = 79,348; 333,500 at 15% = 50,025; 366,500 at 20% = 73,300.
    years = wages(w2024=200000, w2025=200000)
    years[2024]["other_long_term"] = "700000"
    found = worked([exercise("2022-03-01", "2024-05-01", 1000, 0, 100)], [], years)
    assert figures(found, 2024, "1040", {"15": 0, "16": 0}) == {"15": 885400, "16": 160864}
    expected = {"4": 1000000, "5": 0, "17": 300000, "18": 79348, "30": 333500, "31": 50025, "33": 366500, "34": 73300}
    assert figures(found, 2024, "6251", expected) == expected
    assert figures(found, 2024, "6251", {"9": 0, "11": 0}) == {"9": 202673, "11": 41809}
    # Without the ISO there would still be AMT, 11,071: that much never comes back (line 15).
    without = worked([], [], {2024: {**years[2024]}})
    assert figures(without, 2024, "6251", {"11": 0}) == {"11": 11071}
    expected = {"4": 900000, "7": 290650, "8": 72663, "9": 13037, "10": 886963, "11": 171935, "15": 11071}
    assert figures(found, 2025, "8801", expected) == expected
    expected = {"16": 41809, "17": 11071, "18": 30738, "21": 30738, "22": 37067, "23": 29094, "25": 7973, "26": 22765}
    assert figures(found, 2025, "8801", expected) == expected


def test_a_year_without_a_sale_still_uses_credit():
    # 2024, wages 300,000, 50,000 brought in: 70,265 − 26% × (300,000 − 85,700) = 14,547.
    year = {"filing_status": "single", "wages": "300000", "prior_minimum_tax_credit": "50000"}
    found = worked([], [], {2024: year})
    assert figures(found, 2024, "6251", {"9": 0, "10": 0}) == {"9": 55718, "10": 70265}
    expected = {"19": 50000, "21": 50000, "22": 70265, "23": 55718, "24": 14547, "25": 14547, "26": 35453}
    assert figures(found, 2024, "8801", expected) == expected
    # With a foreign tax credit of 300: line 22 is 69,965.
    found = worked([], [], {2024: {**year, "foreign_tax_credit": "300"}})
    expected = {"22": 69965, "23": 55718, "24": 14247, "25": 14247}
    assert figures(found, 2024, "8801", expected) == expected


# --- One year's AMT ------------------------------------------------------------------------------------------------


def test_gains_stack_on_top_at_the_zero_rate():
    # 2024, wages 40,000, LT gain 30,000, line 2i 90,000. Ordinary part 25,400: 2,819 by the table, 8,375 of gain at 15%
    # = 1,256. AMT: 44,300 at 26% = 11,518, and the same 21,625 of gain at 0%.
    found = with_line_2i(2024, 90000, wages=40000, other_long_term=30000)
    assert figures(found, 2024, "1040", {"15": 0, "16": 0}) == {"15": 55400, "16": 4075}
    worksheet = found.years[2024].tax_return.gain_worksheet
    assert (worksheet.ordinary_part, worksheet.tax_on_ordinary_part, worksheet.tax_at_fifteen) == (25400, 2819, 1256)
    expected = {"4": 160000, "6": 74300, "17": 44300, "18": 11518, "20": 25400, "21": 21625, "23": 21625}
    expected |= {"30": 8375, "31": 1256, "9": 12774, "11": 8699}
    assert figures(found, 2024, "6251", expected) == expected


def test_married_separate_with_an_addition_of_half_a_dollar():
    # 2024, wages 300,000, line 2i 600,000: 25% × (900,000 − 875,950) = 6,012.50, rounded with the line.
    found = with_line_2i(2024, 600000, "married_separate", wages=300000)
    assert figures(found, 2024, "1040", {"16": 0}) == {"16": 70265}
    expected = {"4": 906013, "5": 0, "9": 251358, "11": 181093}
    assert figures(found, 2024, "6251", expected) == expected
    # In cents nothing is rounded: 28% × 906,012.50 − 2,326 = 251,357.50.
    exact = worked(
        [exercise("2024-01-02", "2024-06-03", 1, 0, 600000)],
        [],
        wages("married_separate", w2024=300000),
        rounding="cents",
    )
    assert figures(exact, 2024, "6251", {"4": 0, "9": 0}) == {"4": 906012.5, "9": 251357.5}


def test_phaseout_at_one_half_from_the_draft_year_on():
    # Wages 250,000, line 2i 350,000: exemption 90,100 − 50% × 100,000 = 40,100; the year before the whole 88,100.
    found = with_line_2i(2026, 350000, wages=250000)
    assert found.years[2026].law.draft
    assert figures(found, 2026, "1040", {"16": 0}) == {"16": 51304}
    expected = {"4": 600000, "5": 40100, "6": 559900, "9": 151882, "11": 100578}
    assert figures(found, 2026, "6251", expected) == expected
    before = with_line_2i(2025, 350000, wages=250000)
    assert figures(before, 2025, "1040", {"16": 0}) == {"16": 52023}
    expected = {"4": 600000, "5": 88100, "9": 138550, "11": 86527}
    assert figures(before, 2025, "6251", expected) == expected


def test_breakpoint():
    # 2025: 26% × 239,100 = 62,166; a dollar more is 62,166.28; married separate 26% × 119,550 = 31,083.
    law = Law(2025, "single")
    assert amt_rates(law, D(239100)) == 62166
    assert amt_rates(law, D(239101)) == D("62166.28")
    assert amt_rates(Law(2025, "married_separate"), D(119550)) == 31083
    # On the form: wages and line 2i of 239,100 (and 239,101) + 88,100.
    for taxed in (239100, 239101):
        found = with_line_2i(2025, taxed + 88100 - 150000, wages=150000)
        assert figures(found, 2025, "6251", {"6": 0, "7": 0}) == {"6": taxed, "7": 62166}
    found = with_line_2i(2025, 119550 + 68500 - 100000, "married_separate", wages=100000)
    assert figures(found, 2025, "6251", {"6": 0, "7": 0}) == {"6": 119550, "7": 31083}


def test_exemption_worksheet_rounds_its_lines():
    # Joint 2025, AMTI 1,252,702: 25% × 2 = 0.50, rounded to 1: 136,999.
    found = with_line_2i(2025, 1000000, "married_joint", wages=252702)
    assert figures(found, 2025, "6251", {"4": 0, "5": 0}) == {"4": 1252702, "5": 136999}
    assert found.years[2025].tax_return.exemption_worksheet.reduction == 1


def test_tax_table():
    # 2024: 25,400 stands in the row 25,400 to 25,450, taxed at its middle: 2,819. The schedule would give 2,816.
    law = Law(2024, "single")
    assert tax_on(law, D(25400)) == 2819
    assert tax_by_schedule(law, D(25400)) == 2816


# --- Dates and dispositions ----------------------------------------------------------------------------------------


def test_wash_sale_with_the_replacement_in_the_file():
    """A.3.4, A.6.11, C.2: the loss goes into both bases of the new shares, with the days held."""
    # 1,000 shares (10 to 50) sold at 35, replaced by an exercise within 30 days: pay 40,000, loss 15,000 disallowed in
    # both books and added to both bases of the new shares, with the 92 days that the old ones were held.
    found = worked(
        [exercise("2022-06-01", "2023-11-15", 1000, 10, 50), exercise("2022-06-01", "2024-03-01", 1000, 12, 34)],
        [
            sale(
                "2024-02-15",
                1000,
                35000,
                basis="10000",
                basis_reported=True,
                disposition="wash_sale",
                replacement="E2",
            )
        ],
        wages(w2023=150000, w2024=190000),
    )
    books = found.years[2024]
    assert columns(books.rows[0]) == ("A", 35000, 10000, "BW", -25000, 0)
    assert figures(found, 2024, "6251", {"2i": 0, "2k": 0}) == {"2i": 22000, "2k": -40000}
    new = books.holdings[0]
    assert (new.regular_basis, new.amt_basis) == (12000 + 15000, 34000 + 15000)
    assert (books.dispositions[0].sold - books.dispositions[0].lot.held_from).days == 92
    assert str(new.held_from) == "2023-11-30"  # 1 March 2024 less 92 days


def test_wash_sale_of_a_part():
    """A.3.5: only the shares replaced lose the cap."""
    # As before, 400 of the 1,000 replaced, outside the file: 400 × 40 = 16,000 without the cap, 600 × 25 = 15,000 with
    # it; two rows, of which the first loses 6,000. Line 2k: −31,000, and 9,000 of AMT loss on the 600, 3,000 allowed.
    found = worked(
        [exercise("2022-06-01", "2023-11-15", 1000, 10, 50)],
        [
            sale(
                "2024-02-15",
                1000,
                35000,
                basis="10000",
                basis_reported=True,
                disposition="wash_sale",
                replaced_shares="400",
            )
        ],
        wages(w2023=150000, w2024=181000),
    )
    books = found.years[2024]
    assert [(part.shares, part.pay, part.regular.gain) for part in books.dispositions] == [
        (400, 16000, -6000),
        (600, 15000, 0),
    ]
    assert [columns(row) for row in books.rows] == [
        ("A", 14000, 4000, "BW", -10000, 0),
        ("A", 21000, 6000, "B", -15000, 0),
    ]
    assert figures(found, 2024, "6251", {"2k": 0}) == {"2k": -34000}
    assert carried(found, 2024)["amt_capital_loss"] == (6000, 0)


def test_held_over_a_year_but_not_two_from_the_grant():
    """A.3.7: early, and long-term."""
    # Granted 1 June 2020, exercised 1 April 2021, sold on the second anniversary of the grant: still early, and
    # long-term; a day later it is a qualifying sale.
    for sold, pay, gain in (("2022-06-01", 4000, 1000), ("2022-06-02", 0, 5000)):
        found = worked([exercise("2020-06-01", "2021-04-01", 100, 10, 50)], [sale(sold, 100, 6000)], single(2021, 2022))
        part = found.years[2022].dispositions[0]
        assert (part.pay, part.regular.gain, part.regular.term) == (pay, gain, "long")


def test_what_each_way_of_parting_puts_on_both_books():
    # For a lot 10 to 50 and a sale at 35 in the next year: pay and capital result make up 25,000 in the regular book,
    # and line 2i and the AMT result make up 25,000 in the other; a sale and a wash sale differ only in what counts.
    for how in ("sale", "wash_sale", "related_party"):
        found = worked(
            [exercise("2022-06-01", "2023-11-15", 1000, 10, 50)],
            [sale("2024-02-15", 1000, 35000, disposition=how)],
            single(2023, 2024),
        )
        part = found.years[2024].dispositions[0]
        assert part.pay + part.regular.gain == 25000
        assert found.years[2023].stock.inclusion + part.amt.gain == 25000
