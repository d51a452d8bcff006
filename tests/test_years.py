"""Every year, every filing status, and what one year hands the next: lines of the forms worked by hand."""

import pytest
from case_samples import changed, said
from filings import carried, exercise, figures, lines, sale, wages, with_line_2i, worked

from worksheets.amounts import STATUSES, draft_years
from worksheets.definitions import years
from worksheets.problems import CaseError
from worksheets.results import forms, result

# Form 6251 lines 5 and 7 of each year: the exemptions (single and head of household; joint and surviving spouse;
# separate), and the top of the 26% rate (half of it for married separate).
LINE_5 = {
    2018: (70300, 109400, 54700),
    2019: (71700, 111700, 55850),
    2020: (72900, 113400, 56700),
    2021: (73600, 114600, 57300),
    2022: (75900, 118100, 59050),
    2023: (81300, 126500, 63250),
    2024: (85700, 133300, 66650),
    2025: (88100, 137000, 68500),
    2026: (90100, 140200, 70100),
}
LINE_7 = {
    2018: 191100,
    2019: 194800,
    2020: 197900,
    2021: 199900,
    2022: 206100,
    2023: 220700,
    2024: 232600,
    2025: 239100,
    2026: 244500,
}
TAX = {2018: "11a", 2019: "12a"}  # where Form 1040 has the tax; line 16 later
COLUMN = {"single": 0, "head_of_household": 0, "married_joint": 1, "surviving_spouse": 1, "married_separate": 2}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("year", LINE_5)
def test_every_year_and_status(year, status):
    # Wages 150,000, line 2i 250,000: AMTI 400,000 whatever the standard deduction; 28% less 2% of the breakpoint, or
    # 26%; less the tax on line 10. The form is attached, and makes no Form 8801 of its own year.
    found = with_line_2i(year, 250000, status, wages=150000)
    exemption = LINE_5[year][COLUMN[status]]
    top = LINE_7[year] // (2 if status == "married_separate" else 1)
    taxed = 400000 - exemption
    minimum = taxed * 28 - top * 2 if taxed > top else taxed * 26
    minimum = (minimum + 50) // 100
    tax = lines(found, year, "6251")["10"]
    expected = {
        "attach": True,
        "4": 400000,
        "5": exemption,
        "6": taxed,
        "7": minimum,
        "9": minimum,
        "11": minimum - tax,
    }
    assert figures(found, year, "6251", expected) == expected
    assert lines(found, year, "1040")[TAX.get(year, "16")] == tax > 0
    assert ("8801" in forms(found, found.years[year])) is (year > years()[0])
    assert found.years[year].law.draft is (year in draft_years())


def test_all_years_in_one_run():
    # What one year's AMT leaves is the next year's line 16, in every pair of years that has a Form 8801.
    found = worked(
        [exercise("2016-01-04", "2018-03-05", 1000, 1, 251)],
        [],
        {year: {"filing_status": "single", "wages": "150000"} for year in LINE_5},
    )
    assert lines(found, 2018, "6251")["11"] > 0
    used = [lines(found, year, "8801").get("25", 0) for year in list(LINE_5)[1:]]
    assert lines(found, 2019, "8801")["16"] == lines(found, 2018, "6251")["11"]
    assert sum(used) + carried(found, 2026)["minimum_tax_credit"] == lines(found, 2018, "6251")["11"]


# --- Form 6251 Part I ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "number", "taxable", "deduction"),
    [(2018, "1", "10", 12000), (2024, "1", "15", 14600), (2025, "1b", "15", 15750)],
)
def test_line_1_is_a_negative_where_deductions_exceed_income(year, number, taxable, deduction):
    # Form 6251 line 1 (1b): with wages of 5,000 it is 5,000 less the standard deduction, which line 2a puts back.
    found = with_line_2i(year, 100000, wages=5000)
    expected = {number: 5000 - deduction, "2a": deduction, "4": 105000}
    assert figures(found, year, "6251", expected) == expected
    assert lines(found, year, "1040")[taxable] == 0


def test_itemized_deductions_come_back_as_far_as_they_are_taxes():
    # Form 6251 (2024) line 2a: Schedule A line 7; the other 30,000 stay deducted, as the 5,000 for business income do.
    deduction = {"itemized": "40000", "taxes": "10000"}
    year = {"filing_status": "single", "wages": "200000", "deduction": deduction, "qbi_deduction": "5000"}
    found = worked([], [], {2024: {**year, "tax_refund": "700", "other_income": "700"}})
    expected = {"1": 155700, "2a": 10000, "2b": 700, "4": 165000}
    assert figures(found, 2024, "6251", expected) == expected


def test_of_schedule_1a_only_the_senior_deduction_comes_back():
    # Form 6251 (2025) line 1a: line 14 less Schedule 1-A line 37. Wages 60,000, one box ticked (15,750 + 2,000), 7,000
    # on Schedule 1-A of which 6,000 senior deduction: the other 1,000 stay deducted.
    year = {"filing_status": "single", "wages": "60000", "age_65_or_blind": "1"}
    found = worked([], [], {2025: {**year, "schedule_1a": "7000", "senior_deduction": "6000"}})
    assert figures(found, 2025, "1040", {"12e": 0, "15": 0}) == {"12e": 17750, "15": 35250}
    expected = {"1a": 18750, "1b": 41250, "2a": 17750, "4": 59000}
    assert figures(found, 2025, "6251", expected) == expected


def test_other_lines_of_part_i_with_the_sign_that_the_form_prints():
    # Form 6251 (2024): 2f and 2s are printed in parentheses, all others as they are: 100,000 + 2e 5,000 − 2f 4,000
    # + 2g 300 − 2l 200 − 2s 50 + 2t 10 + line 3 (7).
    amounts = {"2e": "5000", "2f": "4000", "2g": "300", "2l": "-200", "2s": "50", "2t": "10", "3": "-7"}
    year = {"filing_status": "single", "wages": "100000", "amt_adjustments": amounts}
    found = worked([], [], {2024: year})
    assert figures(found, 2024, "6251", {"4": 0, "2f": 0, "2l": 0}) == {"4": 101053, "2f": 4000, "2l": -200}


# --- Form 6251 Part II ---------------------------------------------------------------------------------------------


def test_line_10():
    # Form 6251 (2024) line 10: Form 1040 line 16 without Form 4972 tax, plus Schedule 2 line 1z, less the foreign tax
    # credit. Tax on 135,400: 25,539; line 16 is 26,539 with 1,000 from Form 4972.
    year = {"filing_status": "single", "wages": "150000", "form_4972_tax": "1000", "schedule_2_line_1z": "400"}
    found = worked([], [], {2024: {**year, "foreign_tax_credit": "300"}})
    assert lines(found, 2024, "1040")["16"] == 26539
    assert lines(found, 2024, "6251")["10"] == 25539 + 400 - 300
    # It does not fall below zero.
    small = {"filing_status": "single", "wages": "20000", "foreign_tax_credit": "9000"}
    assert lines(worked([], [], {2024: small}), 2024, "6251")["10"] == 0


@pytest.mark.parametrize(
    ("more", "line_8", "line_9"),
    [
        # Form 6251 instructions (2024), line 8: as Schedule 3 line 1 without Form 1116, else the AMT's own.
        ({"foreign_tax_credit": "300"}, 300, 42418),
        ({"foreign_tax_credit": "300", "amt_foreign_tax_credit": "450"}, 450, 42268),
    ],
)
def test_foreign_tax_credit_against_the_amt(more, line_8, line_9):
    # Wages 150,000, line 2i 100,000: 26% × 164,300 = 42,718, above line 10 of 25,239.
    found = with_line_2i(2024, 100000, wages=150000, **more)
    expected = {"7": 42718, "8": line_8, "9": line_9, "10": 25239, "11": line_9 - 25239}
    assert figures(found, 2024, "6251", expected) == expected


def test_line_8_stays_blank_where_the_regular_tax_is_enough():
    # The same: blank if line 10 is line 7 or more.
    found = with_line_2i(2024, 0, wages=150000, foreign_tax_credit=300)
    expected = {"7": 16718, "8": None, "9": 16718, "10": 25239, "11": 0}
    assert figures(found, 2024, "6251", expected) == expected


# --- Who must attach the forms -------------------------------------------------------------------------------------


def test_form_6251_is_attached_where_line_7_is_greater_than_line_10():
    # Form 6251 instructions (2024), Who Must File, 1: also where the foreign tax credit leaves no AMT. 26% of (94,300
    # + 4,400) = 25,662 against 25,539.
    for more, amt in (({}, 123), ({"amt_foreign_tax_credit": "5000"}, 0)):
        found = with_line_2i(2024, 34400, wages=150000, **more)
        assert figures(found, 2024, "6251", {"attach": 0, "7": 0, "11": 0}) == {"attach": True, "7": 25662, "11": amt}
    # 26% of 94,300 = 24,518: no AMT, nothing to attach though line 2i has an amount.
    found = with_line_2i(2024, 30000, wages=150000)
    assert figures(found, 2024, "6251", {"attach": 0, "7": 0}) == {"attach": False, "7": 24518}


def test_form_6251_is_attached_where_form_8801_is_filed():
    # The same, 3. Without a credit to claim neither is.
    year = {"filing_status": "single", "wages": "150000"}
    found = worked([], [], {2024: {**year, "prior_minimum_tax_credit": "1"}})
    assert lines(found, 2024, "6251")["attach"] is lines(found, 2024, "8801")["attach"] is True
    found = worked([], [], {2024: year})
    assert lines(found, 2024, "6251")["attach"] is lines(found, 2024, "8801")["attach"] is False


def test_form_8801_is_filed_even_if_no_credit_can_be_used():
    # Form 8801 line 21 above zero is enough: it carries the credit on. Here line 24 is zero.
    found = with_line_2i(2024, 100000, wages=150000, prior_minimum_tax_credit=9000)
    expected = {"attach": True, "21": 9000, "24": 0, "25": 0, "26": 9000}
    assert figures(found, 2024, "8801", expected) == expected


@pytest.mark.parametrize(("gain", "attach"), [(700000, True), (100000, False)])
def test_form_6251_is_attached_where_negative_adjustments_alone_keep_the_amt_away(gain, attach):
    # The same, 4. Wages 200,000, LT gain 700,000, 100,000 off on line 2l: exemption 85,700 − 47,663 = 38,037; 26% of
    # 61,963 = 16,110, 15% of 333,500 and 20% of 366,500: 139,435, below 160,864. Without line 2l it would be 171,935.
    # With a gain of 100,000 line 7 stays below line 10 also without line 2l.
    year = {"filing_status": "single", "wages": "200000", "other_long_term": str(gain)}
    found = worked([], [], {2024: {**year, "amt_adjustments": {"2l": "-100000"}}})
    assert figures(found, 2024, "6251", {"attach": 0, "11": 0}) == {"attach": attach, "11": 0}
    if attach:
        assert figures(found, 2024, "6251", {"5": 0, "7": 0, "10": 0}) == {"5": 38037, "7": 139435, "10": 160864}


def test_negative_adjustments_of_a_sale_count_too():
    # The year of example "sold after a year": line 2k −100,000; without it 26% × 164,300 + 15% × 10,000 = 44,218 is
    # above 42,039. The credit of the year before is on Form 8801; a file that begins with the sale has none.
    year = {"filing_status": "single", "wages": "150000", "prior_minimum_tax_credit": "0"}
    nothing = {"short": "0", "long": "0"}
    year |= {"capital_loss_carryover": nothing, "amt_capital_loss_carryover": nothing}
    found = worked(
        [exercise("2022-01-03", "2023-03-13", 1000, 10, 110)],
        [sale("2024-06-03", 1000, 120000)],
        {2024: {**year, "prior_year": {"form_6251": {"11": "0"}}}},
    )
    expected = {"attach": True, "2k": -100000, "7": 18218, "10": 42039, "11": 0}
    assert figures(found, 2024, "6251", expected) == expected
    assert lines(found, 2024, "8801")["attach"] is False


# --- Losses --------------------------------------------------------------------------------------------------------


def test_carryover_into_the_first_year():
    # Schedule D lines 6 and 14; 3,000 used, short-term losses first: 7,000 and 4,000. The AMT's is the same.
    year = {"filing_status": "single", "wages": "100000", "capital_loss_carryover": {"short": "10000", "long": "4000"}}
    found = worked([], [], {2024: year})
    expected = {"6": 10000, "7": -10000, "14": 4000, "15": -4000, "16": -14000, "21": 3000}
    assert figures(found, 2024, "schedule_d", expected) == expected
    assert carried(found, 2024)["capital_loss"] == carried(found, 2024)["amt_capital_loss"] == (7000, 4000)
    assert lines(found, 2024, "6251")["2k"] == 0


def test_carryover_into_the_first_year_for_the_amt_alone():
    # Form 6251 instructions (2024), line 2k: with 22,000 and 40,000 carried in and no sale, line 2k is (3,000).
    nothing, carried_in = {"short": "0", "long": "0"}, {"short": "22000", "long": "40000"}
    year = {"filing_status": "single", "wages": "100000"}
    year |= {"capital_loss_carryover": nothing, "amt_capital_loss_carryover": carried_in}
    found = worked([], [], {2025: year})
    assert lines(found, 2025, "6251")["2k"] == -3000
    assert carried(found, 2025)["amt_capital_loss"] == (19000, 40000)


def test_married_separate_returns_deduct_1500():
    # Schedule D line 21. The instructions' example of line 2k: −65,000 − (50,000 + 1,500); carried 63,500, of which
    # 25,000 − 1,500 short-term.
    found = worked(
        [exercise("2022-01-03", "2023-03-13", 200, 100, 1000)],
        [sale("2024-01-18", 100, 75000), sale("2024-04-21", 100, 60000)],
        wages("married_separate", w2023=150000, w2024=215000),
    )
    assert lines(found, 2024, "schedule_d_amt")["21"] == 1500
    assert lines(found, 2024, "6251")["2k"] == -116500
    assert carried(found, 2024)["amt_capital_loss"] == (23500, 40000)


@pytest.mark.parametrize(
    ("pay", "left"),
    [
        # Capital Loss Carryover Worksheet (2024), short-term loss 10,000: line 1 is wages less 3,000 less 14,600; line 3
        # adds the 3,000 back, not below zero; only that much is used.
        (0, 10000),
        (13000, 10000),
        (16000, 8600),
        (40000, 7000),
    ],
)
def test_years_with_negative_taxable_income_keep_more_of_the_loss(pay, left):
    year = {"filing_status": "single", "wages": str(pay), "other_short_term": "-10000"}
    found = worked([], [], {2024: year})
    assert carried(found, 2024)["capital_loss"] == (left, 0)


def test_the_amt_uses_its_own_income_against_its_loss():
    # The same with wages of 13,000: AMTI is 13,000 − 3,000, so the AMT uses all of the 3,000.
    year = {"filing_status": "single", "wages": "13000", "other_short_term": "-10000"}
    assert carried(worked([], [], {2024: year}), 2024)["amt_capital_loss"] == (7000, 0)


# --- What is not supported stops -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ("form_2555", "Form 2555"),
        ("schedule_j", "Schedule J"),
        ("form_4952", "Form 4952"),
        ("nonresident", "a Form 1040-NR"),
        ("estate_or_trust", "an estate or trust"),
        ("form_8978", "Form 8978"),
        ("remic", "a residual interest in a REMIC"),
        ("electric_vehicle_credit", "an unallowed electric vehicle credit"),
    ],
)
def test_a_return_that_is_not_supported_is_named(key, named):
    (message,) = said(changed(f"years.2024.{key}", "1000"))
    assert message.startswith(f"years.2024.{key}: read {named}")
    assert "by hand" in message


def test_a_year_without_forms_is_refused():
    case = changed("years", {"2017": {"filing_status": "single"}})
    case["exercises"], case["sales"] = [], []
    (message,) = said(case)
    assert message.startswith("years.2017: read 2017, expected a supported year")


def test_a_whole_year_cannot_take_over_the_loss_of_a_stock_only_one():
    with pytest.raises(CaseError, match="ends with a capital loss"):
        worked(
            [exercise("2022-01-03", "2023-03-13", 100, 10, 50)],
            [sale("2024-06-03", 100, 2000)],
            {2024: {"filing_status": "single"}, 2025: {"filing_status": "single", "wages": "1"}},
        )


def test_form_8801_with_a_net_operating_loss_is_refused():
    # Its line 3 is figured on exclusion items alone.
    year = {"filing_status": "single", "wages": "100000"}
    years = {2024: {**year, "amt_adjustments": {"2f": "4000"}, "prior_minimum_tax_credit": "50000"}, 2025: year}
    with pytest.raises(CaseError, match=r"Form 8801 \(2025\) line 3"):
        worked([], [], years)
    # Without a credit the form is not filed, and line 3 not needed.
    del years[2024]["prior_minimum_tax_credit"]
    assert lines(worked([], [], years), 2025, "8801")["attach"] is False


@pytest.mark.parametrize(
    "brought_in",
    [
        {"prior_minimum_tax_credit": "5000"},
        {"prior_year": {"filing_status": "single", "wages": "90000", "form_6251": {"11": "5000"}}},
        {"as_filed": {"8801": {"26": "5000"}}, "chain": "as_filed"},
    ],
)
def test_a_credit_before_the_first_form_8801_is_refused(brought_in):
    year = {"filing_status": "single", "wages": "100000"}
    with pytest.raises(CaseError, match="Form 8801 is held from 2019 on"):
        worked([], [], {2018: {**year, **brought_in}, 2019: year})


def test_the_first_year_may_say_that_there_was_no_amt_before():
    year = {"filing_status": "single", "wages": "100000"}
    none = {"prior_minimum_tax_credit": "0", "prior_year": {"form_6251": {"11": "0"}}}
    found = worked([], [], {2018: {**year, **none}, 2019: year})
    assert figures(found, 2019, "8801", {"19": 0, "21": 0}) == {"19": 0, "21": 0}


# --- Hypothetical amounts -------------------------------------------------------------------------------------------


def test_a_replaced_amount_of_one_year_is_told_of_all():
    # Without an exemption in 2024 its AMT is 26% of 85,700 = 22,282 higher, and so is the credit of 2025: neither year
    # may be called ready to file, nor the law's.
    year = {"filing_status": "single", "wages": "150000"}
    options = [exercise("2022-01-03", "2024-03-13", 1000, 10, 210)]
    law = worked(options, [], {2024: year, 2025: year})
    without = worked(options, [], {2024: year, 2025: year}, overlay={"amt_exemption": {"2024": "0"}})
    assert lines(without, 2025, "8801")["16"] > lines(law, 2025, "8801")["16"]
    for found, expected in ((law, False), (without, True)):
        told = result(found, "case.yaml", {}, {})["years"]
        for one in told.values():
            assert one.get("hypothetical_amounts", False) is expected
            assert one["ready_to_file"] is not expected
