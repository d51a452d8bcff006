"""The year before: typed into the case, or taken as filed, for what Form 8801 and the loss carryovers read of it."""

import pytest
from case_samples import changed, said
from filings import figures, lines, worked

from worksheets.problems import CaseError

# --- The year before, typed ----------------------------------------------------------------------------------------

# 2024: wages 200,000, LT gain 700,000, line 2i 100,000, AMT 41,809, of which 11,071 is due to exclusion items.
TYPED = {
    "filing_status": "single",
    "form_6251": {"1": "885400", "2a": "14600", "10": "160864", "11": "41809", "20": "185400", "27": "185400"},
    "schedule_d": {"15": "700000", "16": "700000"},
}
FROM_TYPED = {"1": 885400, "2": 14600, "4": 900000, "9": 13037, "10": 886963, "11": 171935, "14": 160864, "15": 11071}
FROM_TYPED |= {"16": 41809, "18": 30738, "21": 30738, "22": 37067, "23": 29094, "25": 7973, "26": 22765}


def after(prior, **more):
    year = {"filing_status": "single", "wages": "200000", "prior_year": prior, **more}
    return worked([], [], {2025: year})


def test_prior_year_by_the_lines_of_its_form():
    # The same figures as from the computed year; Part III from Schedule D lines 15 and 16 and lines 20 and 27.
    assert figures(after(TYPED), 2025, "8801", FROM_TYPED) == FROM_TYPED


def test_prior_year_by_its_income():
    # The same from the year's own figures: only the AMT itself has to be typed, the ISO not being among them.
    prior = {"filing_status": "single", "wages": "200000", "other_long_term": "700000", "form_6251": {"11": "41809"}}
    assert figures(after(prior), 2025, "8801", FROM_TYPED) == FROM_TYPED


def test_prior_year_of_a_married_separate_return():
    # Form 8801 (2025) line 4: above 875,950 a quarter of what is above is added: 900,000 + 6,013 (6,012.50). Line 10 all
    # of it; 28% less 2,326 = 251,358.
    prior = {"filing_status": "married_separate", "form_6251": {"1": "885400", "2a": "14600", "10": "290000"}}
    prior["form_6251"]["11"] = "5000"
    expected = {"4": 906013, "5": 66650, "6": 609350, "9": 0, "10": 906013, "11": 251358, "15": 0}
    assert figures(after(prior), 2025, "8801", expected) == expected


def test_prior_year_with_line_1b():
    # The year before 2026 prints line 1b; "1" is taken for it.
    for number in ("1", "1b"):
        prior = {"filing_status": "single", "form_6251": {number: "135000", "2a": "15750", "10": "25247", "11": "900"}}
        found = worked([], [], {2026: {"filing_status": "single", "wages": "150000", "prior_year": prior}})
        # 150,750 − 88,100 = 62,650 at 26% = 16,289.
        expected = {"1": 135000, "4": 150750, "10": 62650, "11": 16289, "15": 0, "16": 900, "21": 900}
        assert figures(found, 2026, "8801", expected) == expected


def test_prior_year_without_amt():
    # Only {11: 0}: Part I stays blank, line 19 has what is brought in.
    found = after({"form_6251": {"11": "0"}}, prior_minimum_tax_credit="50000")
    expected = {"1": None, "4": None, "10": None, "15": 0, "16": 0, "18": 0, "19": 50000, "21": 50000, "25": 7973}
    assert figures(found, 2025, "8801", expected) == expected


def test_prior_year_that_leaves_out_a_line_is_refused():
    case = changed("years", {"2025": {"filing_status": "single", "wages": "200000", "prior_year": {}}})
    case["years"]["2025"]["prior_year"] = {**TYPED, "form_6251": {"1": "885400", "2a": "14600", "11": "41809"}}
    case["exercises"], case["sales"] = [], []
    (message,) = said(case)
    assert message.startswith("years.2025.prior_year.form_6251: ")
    assert "10, 20, 27" in message


# --- A year as filed -----------------------------------------------------------------------------------------------


def filed(chain, **as_filed):
    year = {"filing_status": "single", "wages": "100000"}
    sheets = {"8801": {"26": "5000"}, "6251": {"11": "700"}, **as_filed}
    return worked([], [], {2024: {**year, "as_filed": sheets, **chain}, 2025: year})


def test_what_was_filed_is_handed_on_if_the_chain_says_so():
    # Form 8801 (2025): line 16 from Form 6251 line 11 as filed, line 19 from Form 8801 line 26 as filed; what was not
    # filed is computed: line 14 from the tax on 85,400, 13,847 (2024).
    found = filed({"chain": "as_filed"})
    assert lines(found, 2024, "6251")["11"] == 0
    expected = {"1": 85400, "2": 14600, "14": 13847, "16": 700, "18": 700, "19": 5000, "21": 5700}
    assert figures(found, 2025, "8801", expected) == expected


def test_what_was_filed_is_otherwise_only_compared():
    expected = {"16": 0, "19": 0, "21": 0}
    assert figures(filed({}), 2025, "8801", expected) == expected


def test_losses_follow_schedule_d_as_filed():
    # Lines 7 (9,000), 15 and 16 as filed, of which 3,000 were used: 6,000 short-term; the AMT copy was not filed.
    found = filed({"chain": "as_filed"}, schedule_d={"7": "-9000", "15": "0", "16": "-9000", "21": "3000"})
    assert lines(found, 2025, "schedule_d")["6"] == 6000
    assert "16" not in lines(found, 2025, "schedule_d_amt")


def test_a_loss_meets_the_taxable_income_as_filed():
    # Carryover worksheet (2024 to 2025): line 1 is line 15 of the return as filed, 50,000, which takes up the whole
    # 3,000 of line 2; by the wages of the case, 0, the income would be negative and all 30,000 be carried.
    year = {"filing_status": "single", "wages": "0", "other_long_term": "-30000"}
    sheets = {"chain": "as_filed", "as_filed": {"1040": {"15": "50000"}}}
    following = {"filing_status": "single", "wages": "0"}
    found = worked([], [], {2024: {**year, **sheets}, 2025: following})
    assert lines(found, 2025, "schedule_d")["14"] == 27000
    assert lines(worked([], [], {2024: year, 2025: following}), 2025, "schedule_d")["14"] == 30000


def test_line_8_as_filed_is_the_credit_on_exclusion_items():
    # Form 8801 (2025) line 12, where Form 6251 (2024) line 8 was filed as 450 and the case has 400.
    year = {"filing_status": "single", "wages": "100000", "foreign_tax_credit": "400"}
    sheets = {"chain": "as_filed", "as_filed": {"6251": {"8": "450", "11": "700"}}}
    found = worked([], [], {2024: {**year, **sheets}, 2025: year})
    assert lines(found, 2025, "8801")["12"] == 450
    assert lines(worked([], [], {2024: year, 2025: year}), 2025, "8801")["12"] == 400


def test_a_schedule_d_as_filed_that_does_not_tie_is_refused():
    with pytest.raises(CaseError, match="expected the sum of lines 7 and 15"):
        filed({"chain": "as_filed"}, schedule_d={"16": "-9000", "21": "3000"})
