"""The run of tax years: which must be listed, which are whole, and what a first year cannot leave out."""

from __future__ import annotations

import pytest
from case_samples import CASE, EXERCISE, SALE, changed, said, written

from worksheets import case_years
from worksheets.definitions import years
from worksheets.read.case_file import read_case

WHOLE = {"filing_status": "single", "wages": "150000"}
STOCK_ONLY = {"filing_status": "single"}
EARLIER = {**EXERCISE, "exercise_date": "2022-05-05"}
# what a whole first year must say once it holds lots exercised in an earlier year
SAYS_NOTHING_CAME_IN = {
    "capital_loss_carryover": {"short": "0", "long": "0"},
    "amt_capital_loss_carryover": {"short": "0", "long": "0"},
    "prior_minimum_tax_credit": "0",
    "prior_year": {"form_6251": {"11": "0"}},
}


def with_years(listed, **rest):
    """The sound case without sales, with other years."""
    return {**CASE, "sales": [], **rest, "years": listed}


def first_year(**keys):
    """A case of one whole year that holds a lot from the year before."""
    return with_years({"2023": {**WHOLE, **keys}}, exercises=[EARLIER])


def test_the_supported_years_are_those_whose_forms_are_held():
    assert case_years.supported_years() == frozenset(years())


def test_an_unsupported_year_is_told_the_supported_ones(monkeypatch):
    monkeypatch.setattr(case_years, "supported_years", lambda: frozenset({2022, 2023, 2024, 2026}))
    assert said(with_years({"2024": WHOLE, "2025": WHOLE, "2026": WHOLE}, exercises=[])) == [
        "years.2025: read 2025, expected a supported year: 2022-2024, 2026"
    ]
    monkeypatch.setattr(case_years, "supported_years", frozenset)
    assert said(with_years({"2024": WHOLE}, exercises=[])) == [
        "years.2024: read 2024, expected a supported year: none is held"
    ]


def test_every_year_of_the_run_is_listed():
    assert said(with_years({"2022": WHOLE, "2024": WHOLE}, exercises=[])) == [
        "years: read 2022, 2024, expected every year from 2022 to 2024: add 2023"
    ]


@pytest.mark.parametrize("empty", [{}, None, ""])
def test_there_is_at_least_one_year(empty):
    (message,) = said({**CASE, "years": empty})
    assert message == "years: read nothing, expected every tax year from the first to the last"


@pytest.mark.parametrize("key", ["abc", "24", "02024", "٢٠٢٤", "2024.0"])
def test_a_year_has_four_digits(key):
    found = said(with_years({"2023": WHOLE, key: WHOLE}))
    assert found == [f"years.{key}: read '{key}', expected a tax year in four digits"]


def test_a_sale_outside_the_run_names_the_years_to_add_once():
    sales = [SALE, {**SALE, "sold": "2021-05-05"}, {**SALE, "sold": "2021-06-05"}, {**SALE, "sold": "2025-01-02"}]
    assert said({**CASE, "sales": sales}) == [
        (
            "sales[1].sold: read 2021-05-05 (and 1 more in 2021), expected a date in the years listed: "
            "add 2021-2022 under years"
        ),
        "sales[3].sold: read 2025-01-02, expected a date in the years listed: add 2025 under years",
    ]


def test_an_exercise_may_come_before_the_run_but_not_after_it():
    assert said(with_years({"2022": STOCK_ONLY})) == [
        "exercises[0].exercise_date: read 2023-03-13, expected a date in the years listed: add 2023 under years"
    ]
    assert said(with_years({"2024": STOCK_ONLY})) == []


def test_shares_may_vest_after_the_run():
    early = {**EXERCISE, "vesting": "2030-01-10:200:22", "section_83b": "false"}
    assert said(with_years({"2023": WHOLE}, exercises=[early])) == []


@pytest.mark.parametrize("key", case_years.INCOME_KEYS)
def test_a_year_with_income_needs_wages_even_zero(key):
    assert said(with_years({"2023": {**STOCK_ONLY, key: "5"}})) == [
        f"years.2023.wages: read nothing, expected wages, even as 0: the year has {key}"
    ]
    assert said(with_years({"2023": {**STOCK_ONLY, "wages": "100", key: "5"}})) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("deduction", {"itemized": "9", "taxes": "0"}),
        ("amt_adjustments", {"2g": "5"}),
        ("tax_refund", "5"),
        ("unrecaptured_1250", "5"),
        ("as_filed", {"6251": {"11": "5"}}),
    ],
)
def test_what_only_a_whole_return_reads_is_not_passed_over_in_silence(key, value):
    assert said(with_years({"2023": {**STOCK_ONLY, key: value}})) == [
        f"years.2023.wages: read nothing, expected wages, even as 0: the year has {key}"
    ]
    assert said(with_years({"2023": {**STOCK_ONLY, "deduction": "standard", "tax_refund": "0"}})) == []


def test_wages_without_a_figure_are_not_taken_for_a_year_with_stock_only(tmp_path):
    text = "case: 1\ntaxpayer: {name: A}\nyears:\n  2023:\n    filing_status: single\n    wages:\n"
    assert said(written(tmp_path, text)) == [
        "years.2023.wages: read nothing, expected a plain number, even as 0, or the key left out of a year with stock only"
    ]


def test_the_filing_status_is_required():
    assert said(with_years({"2023": {"wages": "1"}})) == [
        "years.2023.filing_status: read nothing, expected filing status of the return"
    ]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"iso_income_in_wages": "150001"}, "iso_income_in_wages: read '150001', expected at most the wages, 150000"),
        ({"schedule_1a": "5"}, "schedule_1a: read '5', expected it left out: Form 1040 of 2023 has no Schedule 1-A"),
        (
            {"amt_adjustments": {"2g": "-1"}},
            "amt_adjustments.2g: read '-1', expected a positive: the line only adds to the income",
        ),
        (
            {"amt_adjustments": {"2e": "-1"}},
            "amt_adjustments.2e: read '-1', expected a positive: the line only adds to the income",
        ),
        (
            {"deduction": {"itemized": "100", "taxes": "101"}},
            "deduction.taxes: read '101', expected at most the total of 100",
        ),
        ({"age_65_or_blind": "3"}, "age_65_or_blind: read '3', expected at most 2 on a return for one"),
        (
            {"amt_adjustments": {"2f": "-1"}},
            "amt_adjustments.2f: read '-1', expected a positive: the form prints the parentheses",
        ),
        ({"chain": "as_filed"}, "as_filed: read nothing, expected the lines of the return as filed, for chain: as_filed"),
        (
            {"amt_adjustments": {"2i": "5"}},
            "amt_adjustments.2i: read '2i', expected it left out: line 2i is worked from `exercises`",
        ),
        (
            {"amt_adjustments": {"2k": "5"}},
            "amt_adjustments.2k: read '2k', expected it left out: line 2k is worked from `sales`",
        ),
        (
            {"amt_adjustments": {"2b": "5"}},
            "amt_adjustments.2b: read '2b', expected it left out: line 2b comes from `tax_refund`",
        ),
        (
            {"amt_adjustments": {"2z": "5"}},
            ("amt_adjustments.2z: read '2z', expected one of the lines 2c, 2d, 2e, 2f, 2g, 2h, 2j, 2l, 2m, 2n, 2o, 2p, 2q, "
            "2r, 2s, 2t, 3"),
        ),
        ({"as_filed": {"1041": {"2": "4"}}}, ("as_filed.1041: read '1041', expected one of 1040, 6251, 8801, schedule_d"
         " (did you mean 1040?)")),
        ({"as_filed": {"6251": {"xx": "4"}}}, "as_filed.6251.xx: read 'xx', expected a line such as 2i"),
    ],
)  # fmt: skip
def test_a_year_agrees_with_itself(keys, message):
    assert said(with_years({"2023": {**WHOLE, **keys}})) == [f"years.2023.{message}"]


def test_the_senior_deduction_is_part_of_schedule_1a():
    years = {"2023": WHOLE, "2024": WHOLE, "2025": {**WHOLE, "schedule_1a": "5999", "senior_deduction": "6000"}}
    message = "years.2025.schedule_1a: read '5999', expected at least the senior_deduction in it, 6000"
    assert said(with_years(years)) == [message]


def test_the_year_before_the_first_is_held_to_the_same():
    before = {**WHOLE, "schedule_1a": "5", "amt_adjustments": {"2h": "-1"}, "form_6251": {"2e": "-3", "11": "9"}}
    assert said(with_years({"2023": {**WHOLE, "prior_year": before}})) == [
        "years.2023.prior_year.schedule_1a: read '5', expected it left out: Form 1040 of 2022 has no Schedule 1-A",
        "years.2023.prior_year.amt_adjustments.2h: read '-1', expected a positive: the line only adds to the income",
        "years.2023.prior_year.form_6251.2e: read '-3', expected zero or more: the line is never negative",
    ]


def test_spouses_have_up_to_four_boxes():
    for status in ("married_joint", "married_separate"):
        assert said(with_years({"2023": {**WHOLE, "filing_status": status, "age_65_or_blind": "4"}})) == []


def test_lines_may_have_either_sign():
    adjustments = {"2g": "1200", "2l": "-300", "3": "-5"}
    read = read_case(with_years({"2023": {**WHOLE, "amt_adjustments": adjustments, "other_income": "-5"}}))
    assert {name: int(value) for name, value in read.years[2023].amt_adjustments.items()} == {
        "2g": 1200,
        "2l": -300,
        "3": -5,
    }


def test_more_pay_than_wages_is_refused():
    assert said(changed("sales.0.pay_reported", "215001")) == [
        "years.2024.wages: read '215000', expected at least the 215001 that the sales give as pay_reported"
    ]


@pytest.mark.parametrize("key", SAYS_NOTHING_CAME_IN)
def test_what_is_carried_in_stands_in_the_first_year_only(key):
    assert said(changed(f"years.2024.{key}", SAYS_NOTHING_CAME_IN[key])) == [
        f"years.2024.{key}: read a value, expected it in the first year only: later ones follow from the computation"
    ]


def test_a_whole_first_year_with_earlier_lots_must_say_what_came_in():
    why = ": E1 was exercised in an earlier year"
    assert said(first_year()) == [
        (
            "years.2023.capital_loss_carryover: read nothing, expected the capital loss carried in, "
            f"even as {{short: 0, long: 0}}{why}"
        ),
        (
            "years.2023.amt_capital_loss_carryover: read nothing, expected the capital loss carried in for the AMT, "
            f"even as {{short: 0, long: 0}}{why}"
        ),
        (
            "years.2023.prior_minimum_tax_credit: read nothing, expected Form 8801 line 26 of the year before, "
            f"even as 0{why}"
        ),
        (
            "years.2023.prior_year: read nothing, expected the year before, "
            f"even as {{form_6251: {{11: 0}}}} when it had no AMT{why}"
        ),
    ]
    assert said(first_year(**SAYS_NOTHING_CAME_IN)) == []


@pytest.mark.parametrize("key", SAYS_NOTHING_CAME_IN)
def test_each_of_them_is_needed(key):
    given = {name: value for name, value in SAYS_NOTHING_CAME_IN.items() if name != key}
    (message,) = said(first_year(**given))
    assert message.startswith(f"years.2023.{key}: read nothing, expected ")


def test_a_first_year_with_stock_only_or_without_earlier_lots_need_not():
    assert said(with_years({"2023": STOCK_ONLY}, exercises=[EARLIER])) == []
    assert said(with_years({"2023": WHOLE})) == []
    assert said(with_years({"2023": WHOLE}, exercises=[])) == []


def test_a_faulty_figure_does_not_hide_what_is_missing():
    keys = [message.split(": ")[0] for message in said(first_year(**{**SAYS_NOTHING_CAME_IN, "interest": "x"}))]
    assert keys == ["years.2023.interest"]
    keys = [message.split(": ")[0] for message in said(first_year(interest="x", capital_loss_carryover="y"))]
    assert sorted(keys) == [
        "years.2023.amt_capital_loss_carryover",
        "years.2023.capital_loss_carryover",
        "years.2023.interest",
        "years.2023.prior_minimum_tax_credit",
        "years.2023.prior_year",
    ]


FORM_6251 = {"1": "136150", "2a": "13850", "10": "26076", "11": "39146"}


@pytest.mark.parametrize(
    ("prior", "messages"),
    [
        ({"form_6251": {"11": "0"}}, []),
        ({"form_6251": {11: 0}}, []),
        ({"filing_status": "single", "form_6251": FORM_6251}, []),
        ({"filing_status": "single", "form_6251": {**FORM_6251, "1b": "136150"} | {"1": "0"}}, []),
        (
            {"filing_status": "single", "wages": "150000"},
            [
                "form_6251.11: read nothing, expected Form 6251 line 11 of 2022, even as 0: E1 has line 2i that year",
            ],
        ),
        ({"filing_status": "single", "wages": "150000", "form_6251": {"11": "0"}}, []),
        ({"form_6251": FORM_6251}, ["filing_status: read nothing, expected the filing status of the year before"]),
        (
            {"filing_status": "single", "form_6251": {"11": "39146"}},
            [
                (
                    "form_6251: read lines 11 of Form 6251, expected also 1, 2a, 10, even as 0 (or wages, or only {11: 0} "
                    "when it had no AMT)"
                )
            ],
        ),
        (
            {"filing_status": "single"},
            [
                (
                    "form_6251: read no line of Form 6251, expected also 1, 2a, 10, 11, even as 0 (or wages, or only {11: 0} "
                    "when it had no AMT)"
                )
            ],
        ),
        (
            {"filing_status": "single", "form_6251": FORM_6251, "qualified_dividends": "5"},
            [
                (
                    "form_6251: read lines 1, 2a, 10, 11 of Form 6251, expected also 20, 27, even as 0 (or wages, or only "
                    "{11: 0} when it had no AMT)"
                )
            ],
        ),
        (
            {"filing_status": "single", "form_6251": {**FORM_6251, "2i": "5"}},
            [
                (
                    "form_6251.2i: read '2i', expected one of the lines 1, 1b, 2a, 2b, 2c, 2d, 2e, 2g, 2h, 3, 8, 9, 10, 11, "
                    "20, 27"
                )
            ],
        ),
        (
            {"filing_status": "single", "form_6251": FORM_6251, "schedule_d": {"17": "5"}},
            ["schedule_d.17: read '17', expected one of the lines 15, 16, 18, 19"],
        ),
    ],
)
def test_the_year_before_says_what_form_8801_reads(prior, messages):
    found = said(first_year(**{**SAYS_NOTHING_CAME_IN, "prior_year": prior}))
    assert found == [f"years.2023.prior_year.{message}" for message in messages]
