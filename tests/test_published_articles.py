"""Five published articles on ISOs and the AMT: every figure they work, what the law gives, and where they are wrong.

The articles give no other income. So each example is first checked by itself, then on the full return of a single
filer with wages of 150,000 a year, the standard deduction and nothing else, worked by hand.
"""

from decimal import Decimal

import pytest
from filings import carried, exercise, figures, lines, sale, wages, worked
from households import columns

from worksheets.amounts import Law
from worksheets.gains_rates import amt_rates
from worksheets.holding import first_qualifying_day
from worksheets.household import work
from worksheets.iso import DISQUALIFYING, QUALIFYING, SAME_YEAR
from worksheets.read.case_file import read_case

D = Decimal


def part(found, year):
    return found.years[year].dispositions[0]


def line(found, year, form, number):
    return lines(found, year, form)[number]


# --- "ISOs explained": 2,000 shares, exercise price 15 -------------------------------------------------------------


def explained_1():
    return worked(
        [exercise("2022-01-01", "2024-03-01", 2000, 15, 30)],
        [sale("2025-05-01", 2000, 120000)],
        wages(w2024=150000, w2025=150000),
    )


def test_explained_1_agrees():
    # Right in the article: 2,000 × (30 − 15) = 30,000 on line 2i; LT gain 90,000, for the AMT 60,000.
    found = explained_1()
    sold = part(found, 2025)
    assert str(first_qualifying_day(sold.lot.grant_date, sold.lot.exercise_date)) == "2025-03-02"
    assert (sold.kind, sold.regular.term, sold.regular.gain, sold.amt.gain) == (QUALIFYING, "long", 90000, 60000)
    assert (line(found, 2024, "6251", "2i"), line(found, 2025, "6251", "2k")) == (30000, -30000)


def test_explained_1_says_that_this_triggers_amt_but_the_exemption_covers_it():
    # "This triggers AMT in 2024": 180,000 − 85,700 = 94,300; 26% = 24,518, below the regular tax of 25,539.
    found = explained_1()
    expected = {"4": 180000, "5": 85700, "6": 94300, "9": 24518, "10": 25539, "11": 0}
    assert figures(found, 2024, "6251", expected) == expected
    # 2025: 121,900 of which 60,000 gain: 26% × 61,900 = 16,094, and 15% × 60,000 = 9,000.
    expected = {"4": 210000, "6": 121900, "18": 16094, "31": 9000, "7": 25094, "10": 38567, "11": 0}
    assert figures(found, 2025, "6251", expected) == expected
    assert figures(found, 2025, "8801", {"attach": 0, "21": 0}) == {"attach": False, "21": 0}


def test_explained_2_is_wrong_pay_is_no_more_than_the_spread():
    # The article: pay 35 a share, 70,000. Pay ends at the value at exercise (45 − 15 = 30): 60,000, and the 10,000
    # above it is a short-term gain. Nothing on lines 2i and 2k: sold in the year of exercise.
    found = worked(
        [exercise("2022-01-01", "2024-07-01", 2000, 15, 45)],
        [sale("2024-09-01", 2000, 100000, basis="30000", basis_reported=True)],
        wages(w2024=210000),
    )
    sold = part(found, 2024)
    assert (sold.kind, sold.pay, sold.regular.basis) == (SAME_YEAR, 60000, 90000)
    assert (sold.regular.gain, sold.regular.term) == (10000, "short")
    assert figures(found, 2024, "6251", {"2i": 0, "2k": 0}) == {"2i": 0, "2k": 0}
    assert columns(found.years[2024].rows[0]) == ("A", 100000, 30000, "B", -60000, 10000)


def explained_3(**more):
    years = wages(w2024=150000, w2025=230000)
    years[2025] |= more
    return worked(
        [exercise("2022-01-01", "2024-10-01", 2000, 15, 60)],
        [sale("2025-03-01", 2000, 110000, basis="30000", basis_reported=True)],
        years,
    )


def test_explained_3_is_wrong_without_the_loss_limit():
    # The article reverses 90,000. Law: pay min(60, 55) − 15 = 40 a share, 80,000, no gain; for the AMT a loss of
    # 110,000 − 120,000 = (10,000), of which 3,000 counts: line 2k −80,000 − 3,000 = −83,000, 7,000 carried.
    found = explained_3()
    sold = part(found, 2025)
    assert (sold.kind, sold.pay, sold.regular.basis, sold.regular.gain) == (DISQUALIFYING, 80000, 110000, 0)
    assert (sold.amt.ordinary_income, sold.amt.gain, sold.amt.term) == (0, -10000, "short")
    assert (line(found, 2024, "6251", "2i"), line(found, 2025, "6251", "2k")) == (90000, -83000)
    assert carried(found, 2025)["amt_capital_loss"] == (7000, 0)
    assert columns(found.years[2025].rows[0]) == ("A", 110000, 30000, "B", -80000, 0)


def test_explained_3_is_right_only_where_other_gains_take_up_the_amt_loss():
    # With 7,000 of other gain in both books: −80,000 + (−3,000 − 7,000) = −90,000, the article's figure.
    found = explained_3(other_short_term="7000")
    assert line(found, 2025, "6251", "2k") == -90000
    assert carried(found, 2025)["amt_capital_loss"] == (0, 0)


def test_explained_3_gets_all_amt_back_in_one_year():
    found = explained_3()
    expected = {"4": 240000, "6": 154300, "9": 40118, "11": 14579}
    assert figures(found, 2024, "6251", expected) == expected
    assert figures(found, 2025, "1040", {"15": 0, "16": 0}) == {"15": 214250, "16": 45623}
    expected = {"4": 147000, "6": 58900, "9": 15314, "11": 0}
    assert figures(found, 2025, "6251", expected) == expected
    expected = {"21": 14579, "24": 30309, "25": 14579, "26": 0}
    assert figures(found, 2025, "8801", expected) == expected


# --- "ISOs and the AMT": 1,000 shares, 5 to 55 ---------------------------------------------------------------------


def test_iso_and_amt_agrees():
    # Cost 5,000, value 55,000, line 2i 50,000. With wages of 150,000 in 2025: 26% × 111,900 = 29,094 against 25,067.
    found = worked([exercise("2024-01-02", "2025-06-02", 1000, 5, 55)], [], wages(w2025=150000))
    held = found.years[2025].holdings[0]
    assert (held.regular_basis, held.amt_basis) == (5000, 55000)
    expected = {"2i": 50000, "4": 200000, "6": 111900, "9": 29094, "10": 25067, "11": 4027}
    assert figures(found, 2025, "6251", expected) == expected


def test_iso_and_amt_is_wrong_about_the_breakpoint():
    # The article puts the 28% rate above 239,550 for 2025; it starts above 239,100 (119,550 married separate).
    assert (Law(2025, "single").breakpoint, Law(2025, "married_separate").breakpoint) == (239100, 119550)
    assert amt_rates(Law(2025, "single"), D(239550)) == 62292  # and not 26% × 239,550 = 62,283


def test_iso_and_amt_is_wrong_that_a_smaller_amt_gain_makes_credit():
    # Sold in 2026 at 80: regular gain 75,000, AMT gain 25,000. Line 18 stays at 0; line 21 is the AMT of 2025 alone,
    # and what the smaller gain does is to lower line 23 so that the credit can be used.
    found = worked(
        [exercise("2023-01-02", "2025-06-02", 1000, 5, 55)],
        [sale("2026-07-01", 1000, 80000)],
        wages(w2025=150000, w2026=150000),
    )
    assert figures(found, 2026, "8801", {"18": 0, "19": 0, "21": 0}) == {"18": 4027, "19": 0, "21": 4027}
    assert line(found, 2026, "6251", "2k") == -50000


def test_iso_and_amt_leaves_out_the_cap_on_pay():
    # "The bargain element is ordinary income": sold early at 40, pay is 40 − 5 = 35 a share, not 50.
    found = worked(
        [exercise("2024-01-02", "2025-06-02", 1000, 5, 55)],
        [sale("2026-02-02", 1000, 40000)],
        wages(w2025=150000, w2026=150000),
    )
    assert part(found, 2026).pay == 35000


# --- "How to calculate AMT for ISOs": the instructions' own example ------------------------------------------------


def calculated():
    # Form 6251 instructions (2024), line 2k: 200 shares for 20,000, worth 200,000; 100 sold at 75,000 within the
    # year, 100 at 60,000 after it.
    return worked(
        [exercise("2022-01-03", "2023-03-13", 200, 100, 1000)],
        [sale("2024-01-18", 100, 75000), sale("2024-04-21", 100, 60000)],
        wages(w2023=150000, w2024=215000, w2025=150000),
    )


def test_calculated_agrees_item_by_item():
    found = calculated()
    early, late = found.years[2024].dispositions
    assert line(found, 2023, "6251", "2i") == 180000
    assert (early.pay, early.amt.gain) == (65000, -25000)
    assert (late.regular.gain, late.amt.gain) == (50000, -40000)
    assert line(found, 2024, "6251", "2k") == -118000
    assert carried(found, 2024)["amt_capital_loss"] == (22000, 40000)
    assert line(found, 2025, "6251", "2k") == -3000


def test_calculated_on_a_full_return():
    found = calculated()
    assert figures(found, 2023, "1040", {"15": 0, "16": 0}) == {"15": 136150, "16": 26076}
    expected = {"4": 330000, "5": 81300, "6": 248700, "9": 65222, "11": 39146}
    assert figures(found, 2023, "6251", expected) == expected
    expected = {"11": 265000, "15": 250400, "16": 49315}
    assert figures(found, 2024, "1040", expected) == expected
    expected = {"1": 250400, "2a": 14600, "2k": -118000, "4": 147000, "6": 61300, "9": 15938, "11": 0}
    assert figures(found, 2024, "6251", expected) == expected
    expected = {"21": 39146, "24": 33377, "25": 33377, "26": 5769}
    assert figures(found, 2024, "8801", expected) == expected
    assert figures(found, 2025, "1040", {"15": 0, "16": 0}) == {"15": 134250, "16": 25067}
    assert figures(found, 2025, "6251", {"2k": 0, "9": 0}) == {"2k": -3000, "9": 15314}
    assert figures(found, 2025, "8801", {"25": 0, "26": 0}) == {"25": 5769, "26": 0}
    assert carried(found, 2025)["amt_capital_loss"] == (19000, 40000)


# --- Five scenarios: 1,000 shares, exercise price 1, worth 100, granted 1 June 2020 --------------------------------


def scenario(exercised, sold=None, price=None, wages_2021=150000, wages_2022=150000, **more):
    return worked(
        [exercise("2020-06-01", exercised, 1000, 1, 100)],
        [sale(sold, 1000, 1000 * price, **more)] if sold else [],
        wages(w2021=wages_2021, w2022=wages_2022),
    )


def check_2021(found):
    # Wages 150,000: 249,000 − 73,600 = 175,400; 26% = 45,604; less 27,009.
    expected = {"2i": 99000, "4": 249000, "6": 175400, "9": 45604, "10": 27009, "11": 18595}
    assert figures(found, 2021, "6251", expected) == expected


def test_scenario_1_is_right():
    check_2021(scenario("2021-07-01"))


def test_scenario_2_is_right_but_for_the_year_of_the_form_1099b():
    # Sold on 31 December 2021: pay 99,000, basis 100,000, no gain, nothing on lines 2i and 2k. The sale belongs on
    # the Form 1099-B, the return and the W-2 of 2021; the article names 2022.
    found = scenario("2021-07-01", "2021-12-31", 100, wages_2021=249000)
    sold = part(found, 2021)
    assert (sold.kind, sold.pay, sold.regular.basis, sold.regular.gain) == (SAME_YEAR, 99000, 100000, 0)
    assert figures(found, 2021, "6251", {"2i": 0, "2k": 0}) == {"2i": 0, "2k": 0}
    assert found.years[2022].dispositions == []


def test_scenario_3_is_wrong_about_line_2k():
    # "−10,000 adjustment?" is the AMT loss. Line 2k also reverses the pay, min(99, 89) = 89 a share, and takes only
    # 3,000 of the loss: −89,000 − 3,000 = −92,000; 7,000 is carried.
    found = scenario("2021-07-01", "2022-05-01", 90, wages_2022=239000)
    sold = part(found, 2022)
    assert (sold.kind, sold.pay, sold.regular.basis, sold.regular.gain) == (DISQUALIFYING, 89000, 90000, 0)
    assert (sold.amt.gain, sold.amt.term) == (-10000, "short")
    assert line(found, 2022, "6251", "2k") == -92000
    assert carried(found, 2022)["amt_capital_loss"] == (7000, 0)
    check_2021(found)
    assert figures(found, 2022, "1040", {"15": 0, "16": 0}) == {"15": 226050, "16": 52871}
    assert figures(found, 2022, "6251", {"4": 0, "9": 0}) == {"4": 147000, "9": 18486}
    assert figures(found, 2022, "8801", {"25": 0, "26": 0}) == {"25": 18595, "26": 0}


@pytest.mark.parametrize("how", ["wash_sale", "related_party", "gift"])
def test_scenario_3_without_the_cap(how):
    # Where no loss is recognised pay is the whole spread, 99,000 (right in the article); it does not say that the
    # basis is then 100,000 and the loss of 10,000 disallowed. A gift is no sale: no row, no loss.
    price = 0 if how == "gift" else 90
    sold = part(scenario("2021-07-01", "2022-05-01", price, disposition=how), 2022)
    assert (sold.pay, sold.regular.basis) == (99000, 100000)
    assert sold.regular.disallowed == (0 if how == "gift" else 10000)
    assert sold.has_row is (how != "gift")


def test_scenario_4_is_wrong_about_line_2k():
    # Held over a year, but not two from the grant: pay 99,000 and LT gain 50,000 in both books. "50,000 adjustment"
    # is the AMT gain; line 2k is −99,000 + (50,000 − 50,000).
    found = scenario("2021-04-01", "2022-05-01", 150, wages_2022=249000)
    sold = part(found, 2022)
    assert (sold.kind, sold.pay, sold.regular.term) == (DISQUALIFYING, 99000, "long")
    assert (sold.regular.gain, sold.amt.gain) == (50000, 50000)
    assert line(found, 2022, "6251", "2k") == -99000
    check_2021(found)
    assert figures(found, 2022, "1040", {"15": 0, "16": 0}) == {"15": 286050, "16": 63871}
    expected = {"4": 200000, "18": 19266, "31": 7500, "7": 26766}
    assert figures(found, 2022, "6251", expected) == expected
    assert figures(found, 2022, "8801", {"25": 0, "26": 0}) == {"25": 18595, "26": 0}


def test_scenario_5_is_wrong_about_line_2k():
    # Qualifying: LT gain 149,000, for the AMT 50,000: line 2k is 50,000 − 149,000, not the AMT gain of 50,000.
    found = scenario("2021-07-01", "2022-08-01", 150)
    sold = part(found, 2022)
    assert (sold.kind, sold.pay, sold.regular.gain, sold.amt.gain) == (QUALIFYING, 0, 149000, 50000)
    assert line(found, 2022, "6251", "2k") == -99000
    check_2021(found)
    assert figures(found, 2022, "1040", {"15": 0, "16": 0}) == {"15": 286050, "16": 49078}
    worksheet = found.years[2022].tax_return.gain_worksheet
    assert (worksheet.tax_on_ordinary_part, worksheet.tax_at_fifteen) == (26728, 22350)
    assert line(found, 2022, "6251", "9") == 26766
    assert figures(found, 2022, "8801", {"24": 0, "25": 0}) == {"24": 22312, "25": 18595}


WHOLE_GAINS = [
    ("2021-07-01", "2021-12-31", 100, 99000),
    ("2021-07-01", "2022-05-01", 90, 89000),
    ("2021-04-01", "2022-05-01", 150, 149000),
    ("2021-07-01", "2022-08-01", 150, 149000),
]


@pytest.mark.parametrize(("exercised", "sold", "price", "total"), WHOLE_GAINS)
def test_scenarios_are_right_that_pay_and_gain_make_up_the_whole_gain(exercised, sold, price, total):
    # The article's closing check: ordinary income and gain add up to proceeds less cost.
    found = part(scenario(exercised, sold, price, wages_2021=249000, wages_2022=249000), int(sold[:4]))
    assert found.pay + found.regular.gain == total


# --- "Primer on AMT credit": 100,000 shares, exercise price 1, worth 6 ---------------------------------------------

NO_INCOME = wages(w2023=0, w2024=0, w2025=0)
ZEROS = ("amt_exemption", "standard_deduction", "amt_breakpoint", "zero_rate_top", "fifteen_rate_top")
FLAT = (
    "".join(f"{name}: {{2023: 0, 2024: 0, 2025: 0}}\n" for name in ZEROS) + "tax_rates: {2023: [" + "0.37, " * 7 + "]}"
)
CASE = """
case: 1
taxpayer: {{name: Sample Taxpayer}}
amounts: what-if.yaml
exercises:
  - {{corporation: Example Corp, grant_date: 2021-01-04, exercise_date: 2023-02-01, shares: 100000,
     exercise_price: 1, fmv: {fmv}}}
sales: [{{corporation: Example Corp, sold: {sold}, shares: 100000, proceeds: {proceeds}}}]
years:
  2023: {{filing_status: single, wages: {pay}}}
  2024: {{filing_status: single, wages: 0}}
  2025: {{filing_status: single, wages: 0}}
"""


def flat_rates(folder, proceeds, fmv=6, sold="2025-03-03", pay=0):
    # A flat 20% on gains from the first dollar, 28% AMT on all, no exemption and no deduction: breakpoint 0 puts all
    # in the 28% bracket with nothing subtracted, thresholds 0 put all gains in the 20% one.
    (folder / "what-if.yaml").write_text(FLAT, encoding="utf-8")
    (folder / "case.yaml").write_text(CASE.format(fmv=fmv, sold=sold, proceeds=proceeds, pay=pay), encoding="utf-8")
    return work(read_case(folder / "case.yaml"))


FLAT_TABLE = [
    # price, regular gain, tax, AMT gain, AMT on it, credit, carried, tax on the sale, in all, same-day sale, "savings"
    ("6", 500000, 100000, 0, 0, 100000, 40000, 0, 140000, 185000, 85000),
    ("20", 1900000, 380000, 1400000, 280000, 100000, 40000, 280000, 420000, 703000, 323000),
    ("4", 300000, 60000, -200000, 0, 60000, 80000, 0, 140000, 111000, 51000),
    ("0.50", -50000, 0, -550000, 0, 0, 140000, 0, 140000, 0, 0),
]


@pytest.mark.parametrize("row", FLAT_TABLE, ids=[row[0] for row in FLAT_TABLE])
def test_primer_agrees_under_its_own_flat_rates(tmp_path, row):
    price, gain, tax, amt_gain, minimum, credit, kept, final, in_all, _, _ = row
    found = flat_rates(tmp_path, int(D(price) * 100000))
    assert found.years[2023].law.hypothetical
    assert figures(found, 2023, "6251", {"2i": 0, "11": 0}) == {"2i": 500000, "11": 140000}
    sold = part(found, 2025)
    assert (sold.kind, sold.regular.gain, sold.amt.gain) == (QUALIFYING, gain, amt_gain)
    assert (line(found, 2025, "1040", "16"), line(found, 2025, "6251", "9")) == (tax, minimum)
    assert figures(found, 2025, "8801", {"21": 0, "25": 0, "26": 0}) == {"21": 140000, "25": credit, "26": kept}
    total = line(found, 2025, "1040", "16") + line(found, 2025, "6251", "11") - line(found, 2025, "8801", "25")
    assert (total, total + 140000) == (final, in_all)


@pytest.mark.parametrize("row", FLAT_TABLE[:3], ids=[row[0] for row in FLAT_TABLE[:3]])
def test_primer_agrees_on_the_same_day_sale(tmp_path, row):
    # Exercised and sold the same day at the price: all of it is pay, at a flat 37%. "Max savings" is that tax less the
    # 20% on the gain. At 0.50, below the exercise price, nobody exercises: 0 and 0.
    price, gain, tax, *_, same_day, savings = row
    proceeds = int(D(price) * 100000)
    found = flat_rates(tmp_path, proceeds, fmv=price, sold="2023-02-01", pay=gain)
    assert part(found, 2023).pay == gain
    assert line(found, 2023, "1040", "16") == same_day
    assert same_day - tax == savings


def primer(proceeds):
    return worked(
        [exercise("2021-01-04", "2023-02-01", 100000, 1, 6)], [sale("2025-03-03", 100000, proceeds)], NO_INCOME
    )


REAL_TABLE = [
    # price, taxable income, tax, line 2k, line 4, line 6, line 9, credit, carried, losses carried
    ("6", 484250, 65385, -500000, 0, 0, 0, 65385, 47437, 0, 0),
    ("20", 1884250, 342928, -500000, 1400000, 1400000, 246078, 96850, 15972, 0, 0),
    ("4", 284250, 35385, -303000, -3000, 0, 0, 35385, 77437, 0, 200000),
    ("0.50", 0, 0, 0, -3000, 0, 0, 0, 112822, 50000, 550000),
]


@pytest.mark.parametrize("row", REAL_TABLE, ids=[row[0] for row in REAL_TABLE])
def test_primer_is_wrong_under_the_law(row):
    # With really no other income: 2023 line 1 is −13,850 and line 2a 13,850, so 500,000 − 81,300 = 418,700 at 28%
    # less 4,414 = 112,822, not 140,000. Gains are stacked (48,350 at 0% in 2025), and only 3,000 of a loss counts.
    price, income, tax, line_2k, amti, taxed, minimum, credit, kept, loss, amt_loss = row
    found = primer(int(D(price) * 100000))
    expected = {"1": -13850, "2a": 13850, "2i": 500000, "4": 500000, "5": 81300, "6": 418700, "9": 112822, "11": 112822}
    assert figures(found, 2023, "6251", expected) == expected
    assert figures(found, 2025, "1040", {"15": 0, "16": 0}) == {"15": income, "16": tax}
    expected = {"2k": line_2k, "4": amti, "6": taxed, "9": minimum, "11": 0}
    assert figures(found, 2025, "6251", expected) == expected
    expected = {"21": 112822, "25": credit, "26": kept}
    assert figures(found, 2025, "8801", expected) == expected
    assert carried(found, 2025)["capital_loss"] == (0, loss)
    assert carried(found, 2025)["amt_capital_loss"] == (0, amt_loss)


def test_primer_sold_at_20_in_part_iii():
    # 1,400,000 of gain: 48,350 at 0%, 485,050 at 15% = 72,758, 866,600 at 20% = 173,320.
    found = primer(2000000)
    expected = {"23": 48350, "30": 485050, "31": 72758, "33": 866600, "34": 173320, "40": 246078}
    assert figures(found, 2025, "6251", expected) == expected
