"""What a case leaves unsaid is listed, each default once and nothing that was said."""

from __future__ import annotations

import pytest
from case_samples import CASE, SALE, changed

from worksheets.assumptions import assumed
from worksheets.read.case_file import read_case

SAID = {
    "rounding": "cents",
    "years": {
        year: {
            "filing_status": "single", "wages": "5", "iso_income_in_wages": "0", "interest": "0", "ordinary_dividends": "0",
            "qualified_dividends": "0", "capital_gain_distributions": "0", "other_income": "0", "adjustments": "0",
            "deduction": "standard", "age_65_or_blind": "0", "qbi_deduction": "0", "schedule_1a": "0",
            "senior_deduction": "0", "other_short_term": "0", "other_long_term": "0", "unrecaptured_1250": "0",
            "gain_28_percent": "0", "foreign_tax_credit": "0", "amt_foreign_tax_credit": "0", "other_credits": "0",
            "tax_refund": "0", "amt_adjustments": {}, "schedule_2_line_1z": "0", "form_4972_tax": "0",
        }
        for year in ("2023", "2024")
    },
    "sales": [
        {**SALE, "form": "1099-B", "noncovered": "false", "disposition": "sale", "basis_reported": "true", "kind": "iso"}
    ],
}  # fmt: skip
SAID["years"]["2023"] |= {
    "capital_loss_carryover": {"short": "0", "long": "0"},
    "amt_capital_loss_carryover": {"short": "0", "long": "0"},
    "prior_minimum_tax_credit": "0",
    "prior_year": {"form_6251": {"11": "0"}},
}


def texts(case, year):
    return [one.text for one in assumed(read_case(case))[year]]


def keys(case, year):
    return [one.key for one in assumed(read_case(case))[year]]


def test_a_case_that_says_everything_assumes_nothing():
    assert assumed(read_case({**CASE, **SAID})) == {2023: (), 2024: ()}


@pytest.mark.parametrize(
    "key", sorted(SAID["years"]["2024"].keys() - {"filing_status", "wages", "amt_foreign_tax_credit"})
)
def test_each_key_left_out_of_a_whole_year_is_named(key):
    year = {name: value for name, value in SAID["years"]["2024"].items() if name != key}
    case = {**CASE, **SAID, "years": {**SAID["years"], "2024": year}}
    (one,) = assumed(read_case(case))[2024]
    assert (one.year, one.key) == (2024, key)
    assert not one.material


def test_zeros_stand_in_one_line_a_year():
    (zeros,) = [text for text in texts(CASE, 2024) if text.startswith("Taken as 0")]
    assert zeros == (
        "Taken as 0 because not given: interest, ordinary_dividends, qualified_dividends, capital_gain_distributions, "
        "other_income, adjustments, age_65_or_blind, qbi_deduction, schedule_1a, senior_deduction, other_short_term, "
        "other_long_term, unrecaptured_1250, gain_28_percent, foreign_tax_credit, other_credits, tax_refund, "
        "schedule_2_line_1z, form_4972_tax."
    )


def test_box_12_is_assumed_per_sale_where_a_basis_is_shown():
    assert "Box 12 is taken as checked because a basis is shown: S1." in texts(CASE, 2024)
    assert "sales.basis_reported" not in keys(changed("sales.0.basis", ...), 2024)
    assert "sales.basis_reported" not in keys(CASE, 2023)


def test_many_sales_stand_in_one_line():
    case = {**CASE, "sales": [SALE] * 30}
    assert "Box 12 is taken as checked because a basis is shown: S1, S2, S3, S4, S5, S6, S7, S8 and 22 more." in texts(
        case, 2024
    )


def test_what_came_in_is_assumed_in_the_first_year_only():
    came_in = ["capital_loss_carryover", "amt_capital_loss_carryover", "prior_minimum_tax_credit", "prior_year"]
    assert [key for key in keys(CASE, 2023) if key in came_in] == came_in
    assert not set(keys(CASE, 2024)) & set(came_in)


def test_a_year_with_stock_only_assumes_nothing_of_the_return():
    assert "deduction" not in keys(changed("years.2024.wages", ...), 2024)


def test_pay_is_assumed_only_where_there_is_a_sale_without_a_figure():
    assert "iso_income_in_wages" in keys(CASE, 2024)
    assert "iso_income_in_wages" not in keys(CASE, 2023)
    assert "iso_income_in_wages" not in keys(changed("sales.0.pay_reported", "65000"), 2024)


def test_gains_at_special_rates_are_taken_for_the_amt_too():
    for key in ("unrecaptured_1250", "gain_28_percent"):
        case = changed(f"years.2024.{key}", "300")
        assert f"amt_{key}" in keys(case, 2024)
        case["years"]["2024"][f"amt_{key}"] = "0"
        assert f"amt_{key}" not in keys(case, 2024)


def test_the_amt_foreign_tax_credit_follows_the_regular_one():
    assert "amt_foreign_tax_credit" in keys(changed("years.2024.foreign_tax_credit", "300"), 2024)


def test_owners_are_assumed_only_where_there_are_two():
    assert "owner" not in keys(CASE, 2024)
    case = {**CASE, "spouse": {"name": "Sample Spouse"}}
    assert {"owner", "sales.owner"} <= set(keys(case, 2024))


def test_a_split_of_stock_that_nobody_holds_is_told():
    action = {"corporation": "Exmple Corp", "date": "2024-06-10", "split": "10:1"}
    assert "The split of Exmple Corp on 2024-06-10 is not used: no exercise or sale is of that stock." in texts(
        {**CASE, "corporate_actions": [action]}, 2023
    )


def test_a_row_of_unknown_stock_without_kind_is_told():
    (text,) = [
        one.text
        for one in assumed(read_case(changed("sales.0.corporation", "Else Inc")))[2024]
        if one.key == "sales.kind"
    ]
    assert text == "Taken as ISO stock although no exercise is of that corporation, no kind given: S1."


def test_qualified_dividends_above_the_ordinary_ones_are_material():
    case = changed("years.2024.qualified_dividends", "5")
    (one,) = [one for one in assumed(read_case(case))[2024] if one.key == "qualified_dividends"]
    assert one.material
