"""Slips of the pen that would come out as plausible forms: the reader refuses them and says what was probably meant.

The sound case: 200 shares at 100 with a value of 1,000 on exercise; box 1e of the 100 sold shows 10,000.
"""

import pytest
from case_samples import CASE, EXERCISE, HEAD, SALE, YEARS, changed, problems, said, written

WHOLE = {"filing_status": "single", "wages": "150000"}


def with_lot(sale=None, **lot):
    return {**CASE, "exercises": [{**EXERCISE, **lot}], "sales": [{**SALE, **(sale or {})}]}


def test_totals_in_boxes_of_one_share():
    # 200 x 100 = 20,000 and 200 x 1,000 = 200,000 where the form asks for one share's; box 1e: 10,000 / 100 = 100
    totals = {"exercise_price": "20000", "fmv": "200000"}
    message = "expected the price and value of one share, 100.00 and 1000.00 (box 1e of S1 says so of the price), or paid as well"
    assert said(with_lot(**totals)) == [f"exercises[0].exercise_price: read '20000', {message}"]
    assert said(with_lot(**totals, paid="4000000")) == []  # 200 shares at 20,000: so it stands on the form
    assert said(with_lot({"basis": "10000.80"}, **totals)) == []  # another figure tells nothing
    assert said(with_lot({"basis": ""}, **totals)) == []


def test_price_and_value_in_each_others_boxes():
    # box 1e of 10,000 is box 4, 100, for each of the 100 shares
    swapped = {"exercise_price": "1000", "fmv": "100"}
    message = "read '1000', expected 100.00 with fmv 1000.00 (box 1e of S1 has the fmv for the price), or paid as well"
    assert said(with_lot(**swapped)) == [f"exercises[0].exercise_price: {message}"]
    assert said(with_lot(**swapped, paid="200000")) == []
    assert said(with_lot({"basis": "100000"}, **swapped)) == []  # a value below the price, and the cost on the 1099-B


def test_small_amounts_and_splits_tell_nothing():
    # 10 shares at 5, split 10:1: 5 of the new shares cost 2.50, as those of an option at 0.50 would
    tiny = {"shares": "10", "exercise_price": "5"}
    assert said(with_lot({"shares": "5", "basis": "2.50"}, **tiny)) == []
    split = {"corporate_actions": [{"corporation": "Example Corp", "date": "2023-06-01", "split": "10:1"}]}
    after = with_lot({"shares": "100", "basis": "50"}, **tiny)
    assert len(said(after)) == 1
    assert said({**after, **split}) == []


def test_which_exercise_a_sale_can_be_of():
    # of two exercises on one day, box 1b does not tell which was sold; lots do
    two = [{**EXERCISE, "exercise_price": "20000", "fmv": "200000"}, EXERCISE]
    assert said({**CASE, "exercises": two}) == []
    named = {**SALE, "lots": [{"exercise": "E1", "shares": "100"}]}
    (message,) = said({**CASE, "exercises": two, "sales": [named]})
    assert message.startswith("exercises[0].exercise_price: read '20000', expected the price and value of one share")


@pytest.mark.parametrize(
    ("lines", "right"),
    [
        ({"9": "90000", "10": "34650", "11": "70000"}, "55350"),  # 90,000 less 34,650
        ({"9": "30000", "10": "34650", "11": "4650"}, "0"),  # never negative
        ({"9": "90000", "10": "34650", "11": "0"}, "55350"),
    ],
)
def test_line_11_of_the_year_before_is_line_9_less_line_10(lines, right):
    prior = {"filing_status": "single", "form_6251": {"1": "150000", "2a": "13850", **lines}}
    nothing = {"capital_loss_carryover": "0", "amt_capital_loss_carryover": "0", "prior_minimum_tax_credit": "0"}
    year = {**WHOLE, **nothing, "prior_year": prior}
    case = {**CASE, "years": {"2023": year, "2024": WHOLE}}
    expected = f"expected {right}: line 9, {lines['9']}, less line 10, {lines['10']}, or zero"
    assert said(case) == [f"years.2023.prior_year.form_6251.11: read '{lines['11']}', {expected}"]
    prior["form_6251"]["11"] = str(int(right) + 1)  # each line rounded by itself
    assert said(case) == []
    prior["form_6251"]["11"] = lines["11"]
    del prior["form_6251"]["9"]
    assert said(case) == []


def test_a_thousands_comma_in_a_flow_mapping(tmp_path):
    row = "{corporation: Example Corp, grant_date: 2022-01-03, exercise_date: 2023-03-13, exercise_price: 1, fmv: 2"
    path = written(tmp_path, f"{HEAD}exercises:\n  - {row}, shares: 1,000}}\n{YEARS}")
    assert [str(one) for one in problems(path)] == [
        f"{path}:4: exercises[0].000: read '000' after a comma, as a key, expected numbers without thousands separators"
    ]


@pytest.mark.parametrize(
    ("word", "meant"), [("Y", "true"), ("yes", "true"), ("1", "true"), ("No", "false"), ("0", "false")]
)
def test_yes_and_no_are_told_how_to_be_written(word, meant):
    assert said(changed("sales.0.basis_reported", word)) == [
        f"sales[0].basis_reported: read '{word}', expected true or false: write {meant}"
    ]
