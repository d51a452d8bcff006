"""Years in order, pay and refusals, case by case: what a second reader of the program asked."""

import pytest
import yaml
from case_samples import said

from worksheets import CaseError, compute
from worksheets.carryforward import carryforward_yaml
from worksheets.session import open_case

LOT = {
    "corporation": "X Corp",
    "grant_date": "2020-01-02",
    "exercise_date": "2023-03-13",
    "exercise_price": 10,
    "fmv": 50,
    "shares": 100,
}
NOTHING_CARRIED = {
    "capital_loss_carryover": {"short": 0, "long": 0},
    "amt_capital_loss_carryover": {"short": 0, "long": 0},
    "prior_minimum_tax_credit": 0,
}


def lot(**more):
    return {**LOT, **more}


def sale(**more):
    return {"corporation": "X Corp", "shares": 100, "sold": "2024-02-05", "proceeds": 3500, **more}


def other(**more):
    return {"kind": "other", "corporation": "Z", "shares": 10, "sold": "2024-02-05", "proceeds": 1000, **more}


def household(exercises=(), sales=(), years=None, status="single", **more):
    given = {str(year): {"filing_status": status, **facts} for year, facts in (years or {}).items()}
    head = {"case": 1, "taxpayer": {"name": "Sample Taxpayer"}}
    return {**head, "exercises": list(exercises), "sales": list(sales), "years": given, **more}


def refused(case):
    with pytest.raises(CaseError) as caught:
        compute(case)
    return {problem.key: problem.message for problem in caught.value.problems}


def codes(result, year):
    return [one["code"] for one in result["years"][str(year)]["findings"]]


BIG = lot(shares=20000, exercise_date="2022-03-13", exercise_price=1)
LOSS = {"kind": "other", "corporation": "Z", "shares": 1, "sold": "2022-05-05", "acquired": "2022-01-05"}


def test_an_amt_does_not_vanish_across_a_year_of_stock_only():
    # 20,000 shares × (50 − 1) = 980,000 on line 2i of 2022: an AMT, so a credit in 2023 that a gap would lose.
    found = refused(household([BIG], [], {2022: {"wages": 150000}, 2023: {}, 2024: {"wages": 150000}}))
    assert list(found) == ["years.2023"]
    assert "expected its income (wages, even as 0)" in found["years.2023"]


def test_a_minimum_tax_credit_does_not_vanish_either():
    # 2023, whole and without an AMT, hands on the rest of the credit for 2022: 2024 is the gap.
    years = {2022: {"wages": 150000}, 2023: {"wages": 150000}, 2024: {}, 2025: {"wages": 150000}}
    found = refused(household([BIG], [], years))
    assert list(found) == ["years.2024"]
    assert "a minimum tax credit" in found["years.2024"]


def test_a_capital_loss_does_not_vanish_across_a_year_of_stock_only():
    # A loss of 90,000 in 2022, of which 3,000 is used: 87,000 goes on.
    row = {**LOSS, "proceeds": 100, "basis": 90100}
    found = refused(household([], [row], {2022: {"wages": 150000}, 2023: {}, 2024: {"wages": 150000}}))
    assert "a capital loss" in found["years.2023"]


def test_a_loss_in_any_year_of_stock_only_before_a_whole_year_is_refused():
    # 2022 ends with a loss; 2023, the year right before the whole one, has none.
    row = {**LOSS, "proceeds": 100, "basis": 90100}
    found = refused(household([], [row], {2022: {}, 2023: {}, 2024: {"wages": 150000}}))
    assert list(found) == ["years.2022"]


def test_a_loss_that_goes_straight_to_schedule_d_counts():
    # Bought for 1,000, sold for 600 with a reported basis: a loss of 400 on line 8a under Exception 1.
    row = other(acquired="2020-01-02", proceeds=600, basis=1000, term="long", basis_reported=True)
    found = refused(household([], [row], {2024: {}, 2025: {"wages": 1}}, exception_1=True))
    assert list(found) == ["years.2024"]


def test_a_gap_with_nothing_to_lose_is_worked():
    result = compute(household([], [], {2022: {"wages": 150000}, 2023: {}, 2024: {"wages": 150000}}))
    assert result["years"]["2024"]["carryforward"]["minimum_tax_credit"] == 0


@pytest.mark.parametrize("key", [*NOTHING_CARRIED, "prior_year"])
def test_what_is_carried_in_belongs_to_a_whole_year(key):
    given = {**NOTHING_CARRIED, "prior_year": {"form_6251": {11: 0}}}[key]
    found = refused(household([], [], {2023: {key: given}, 2024: {"wages": 150000}}))
    assert list(found) == [f"years.2023.{key}"]


def test_an_exercise_before_years_of_stock_only_leaves_the_credit_open():
    # Exercised in 2021: line 2i of a year that the file does not have, with two years of stock only after it.
    lots = [lot(exercise_date="2021-03-13", grant_date="2019-01-02")]
    result = compute(household(lots, [], {2022: {}, 2023: {}, 2024: {"wages": 150000}}))
    assert "prior_year_assumed" in codes(result, 2024)


def test_the_carryforward_after_a_gap_says_what_it_does_not_carry():
    session = open_case(household([BIG], [], {2022: {"wages": 150000}, 2023: {}}))
    text = carryforward_yaml(session.household)
    assert "# not carried: 2023 has no income" in text
    carried = yaml.safe_load(text)
    assert carried["years"][2024] == {"filing_status": "single"}
    carried["years"][2024]["wages"] = 1  # and a whole year then has to say what was carried
    assert "years.2024.prior_minimum_tax_credit" in refused(carried)


def test_line_2k_of_a_year_of_stock_only_counts_rows_on_line_8a():
    # Both bases: 1,000 regular, 5,000 AMT (line 2i 4,000 in 2022). Sold for 6,000: gains 5,000 and 1,000, −4,000.
    lots = [lot(exercise_date="2022-03-13")]
    rows = [sale(proceeds=6000, basis=1000, term="long", basis_reported=True)]
    result = compute(household(lots, rows, {2022: {}, 2023: {}, 2024: {}}, exception_1=True))
    assert result["years"]["2024"]["2k_parts"] == {"ordinary": 0, "short": 0, "long": -4000}


def test_as_filed_lines_are_what_the_year_hands_on():
    # Computed: a short-term loss of 90,000, 87,000 carried. Filed: 10,000, of which 7,000 is carried.
    row = other(sold="2023-05-05", acquired="2022-12-05", shares=1, proceeds=100, basis=90100)
    filed = {"wages": 150000, "chain": "as_filed", "as_filed": {"schedule_d": {"7": -10000, "16": -10000, "21": 3000}}}
    session = open_case(household([], [row], {2023: filed}))
    carried = session.result()["years"]["2023"]["carryforward"]["capital_loss"]
    assert carried == {"short": 7000, "long": 0}
    text = carryforward_yaml(session.household)
    assert yaml.safe_load(text)["years"][2024]["capital_loss_carryover"] == carried


def test_prior_year_with_an_exercise_needs_its_line_11():
    # 100 × (50 − 10) on line 2i of 2022 cannot be seen from the wages of 2022.
    facts = {"wages": 1, **NOTHING_CARRIED, "prior_year": {"filing_status": "single", "wages": 150000}}
    found = refused(household([lot(exercise_date="2022-03-14")], [], {2023: facts}))
    assert list(found) == ["years.2023.prior_year.form_6251.11"]
    assert "even as 0" in found["years.2023.prior_year.form_6251.11"]


def test_the_spouses_stock_is_on_the_spouses_own_return():
    years = {2023: {"wages": 1}, 2024: {"wages": 1}}
    case = household(
        [lot(owner="spouse")], [sale(owner="spouse")], years, "married_separate", spouse={"name": "Sample Spouse"}
    )
    found = refused(case)
    assert list(found) == ["exercises[0].owner", "sales[0].owner"]
    assert "own return" in found["sales[0].owner"]


def test_a_credit_into_the_first_year_held_is_refused():
    found = refused(household([], [], {2018: {"wages": 150000, "prior_minimum_tax_credit": 30000}}))
    assert list(found) == ["years.2018.prior_minimum_tax_credit"]


def pay_of(more, wages):
    rows = [sale(proceeds=800, basis=1000, **more)]
    return compute(household([lot()], rows, {2023: {"wages": 150000}, 2024: wages}))


def test_a_total_of_pay_reaches_an_early_sale_that_gives_none_by_law():
    # Sold for 800 with a cost of 1,000: the law gives no pay, the W-2 shows the whole spread, 4,000.
    # Basis 1,000 + 4,000 = 5,000; line 2k: no AMT pay (−4,000), and both books lose 800 − 5,000 = −4,200.
    total = pay_of({}, {"wages": 154000, "iso_income_in_wages": 4000})
    single = pay_of({"pay_reported": 4000}, {"wages": 154000})
    for result in (total, single):
        year = result["years"]["2024"]
        assert year["dispositions"][0]["regular"]["basis"] == 5000
        assert year["2k_parts"]["ordinary"] == -4000
        assert "w2_exceeds_compensation" in codes(result, 2024)
    assert total["years"]["2024"]["forms"]["6251"] == single["years"]["2024"]["forms"]["6251"]


@pytest.mark.parametrize(
    ("total", "pay"),
    [
        (1250, (1250, 0)),  # below the law's 2,500: by law
        (2500, (2500, 0)),  # what the law gives
        (5250, (3250, 2000)),  # half of what the cap took off: 2,500 + 750, 0 + 2,000
        (8000, (4000, 4000)),  # without the cap: 4,000 each
    ],
)
def test_a_total_is_shared_out_by_law_and_above_it_by_what_the_cap_took_off(total, pay):
    # 3,500 − 1,000 = 2,500 by law, of a spread of 4,000; 800 − 1,000 gives none, of a spread of 4,000.
    lots = [lot(), lot(exercise_date="2023-04-13")]
    rows = [sale(acquired="2023-03-13", basis=1000), sale(acquired="2023-04-13", basis=1000, proceeds=800)]
    years = {2023: {"wages": 150000}, 2024: {"wages": 200000, "iso_income_in_wages": total}}
    result = compute(household(lots, rows, years))["years"]["2024"]
    assert tuple(one["regular"]["ordinary_income"] for one in result["dispositions"]) == (max(pay[0], 2500), pay[1])
    assert any("shared out" in text for text in result["assumptions"])


def test_a_total_below_the_parts_is_refused_and_above_them_a_finding():
    rows = [sale(basis=1000, pay_reported=2500)]
    years = {2023: {"wages": 150000}, 2024: {"wages": 200000, "iso_income_in_wages": 1000}}
    assert list(refused(household([lot()], rows, years))) == ["years.2024.iso_income_in_wages"]
    years[2024]["iso_income_in_wages"] = 10000  # 7,500 more than the one sale of the year is said to hold
    found = compute(household([lot()], rows, years))["years"]["2024"]["findings"]
    assert [one["reported"] for one in found if one["code"] == "w2_exceeds_compensation"] == [7500]


def test_pay_of_shares_given_up_early_is_in_the_result():
    # 20 shares, cost 5, value 20 at exercise, given up within a year: 20 × 15 = 300 of pay by law; the W-2 shows 900.
    lots = [
        lot(exercise_date="2023-06-01", exercise_price=5, fmv=20),
        lot(exercise_date="2024-03-04", grant_date="2021-01-04", paid_with=[{"exercise": "E1", "shares": 20}]),
    ]
    years = {2023: {"wages": 150000}, 2024: {"wages": 200000, "iso_income_in_wages": 900}}
    result = compute(household(lots, [], years))
    found = result["years"]["2024"]["dispositions"]
    assert [(one["sale"], one["exercise"], one["regular"]["ordinary_income"]) for one in found] == [("E2", "E1", 300)]
    assert result["years"]["2024"]["2k_parts"]["ordinary"] == -300
    assert "w2_exceeds_compensation" in codes(result, 2024)


@pytest.mark.parametrize("acquired", [None, "various"])
def test_other_stock_needs_a_date_or_a_term(acquired):
    found = said(household([], [other(basis=500, acquired=acquired)], {2024: {"wages": 1}}))
    assert len(found) == 1
    assert found[0].startswith("sales[0].term: read nothing, expected short or long, or a date acquired")


def test_other_stock_has_no_pay_of_its_own():
    found = said(household([], [other(basis=500, acquired="2024-01-01", pay_reported=300)], {2024: {"wages": 500}}))
    assert [text.split(":")[0] for text in found] == ["sales[0].pay_reported"]


def test_a_gift_of_other_stock_has_no_gain():
    row = {**other(disposition="gift", form="none", correct_basis=500), "proceeds": 0}
    part = compute(household([], [row], {2024: {"wages": 1}}))["years"]["2024"]["dispositions"][0]
    assert (part["regular"]["gain"], part["amt"]["gain"]) == (0, 0)


def test_refusals_of_all_years_come_at_once_with_their_keys():
    # 1099-DA has no boxes on the forms of 2023 and 2024.
    rows = [other(acquired="2020-01-01", basis=5, form="1099-DA", sold=f"{year}-02-05") for year in (2023, 2024)]
    found = refused(household([], rows, {2023: {"wages": 1}, 2024: {"wages": 1}}))
    assert list(found) == ["sales[0].form", "sales[1].form"]


def test_a_refused_year_names_file_and_line(tmp_path):
    row = other(acquired="2020-01-01", basis=5000, sold="2023-02-05")
    path = tmp_path / "case.yaml"
    path.write_text(yaml.safe_dump(household([], [row], {2023: {}, 2024: {"wages": 1}}), sort_keys=False))
    with pytest.raises(CaseError) as caught:
        compute(path)
    problem = caught.value.problems[0]
    line = path.read_text().splitlines()[problem.line - 1]
    assert (problem.key, problem.file, "2023" in line) == ("years.2023", "case.yaml", True)


def test_the_longest_amounts_are_worked():
    # 999,999,999,999,999 shares at a spread of 999,999,999,999,989: 30 digits on line 2i, none of them lost.
    most = 999_999_999_999_999
    result = compute(household([lot(fmv=most, shares=most)], [], {2023: {"wages": 150000}}))
    assert result["years"]["2023"]["forms"]["6251"]["2i"] == most * (most - 10)


def test_assumptions_name_what_is_taken_of_other_stock():
    row = other(acquired="2024-01-05", basis=3000, disposition="wash_sale")
    texts = " ".join(compute(household([], [row], {2024: {"wages": 1}}))["years"]["2024"]["assumptions"])
    for key in ("replaced_shares", "correct_basis", "amt_basis"):
        assert f"no {key} given: S1" in texts


def test_only_the_replaced_shares_of_a_wash_sale_have_code_w():
    # 40 of 100 shares replaced; box 1g is about these.
    rows = [sale(basis=1000, disposition="wash_sale", replaced_shares=40, wash_sale_disallowed=600, pay_reported=3100)]
    years = {2023: {"wages": 1}, 2024: {"wages": 200000}}
    found = compute(household([lot()], rows, years))["years"]["2024"]["forms"]
    assert {row["a"]: "W" in row.get("f", "") for row in found["8949"]} == {"40 sh X Corp": True, "60 sh X Corp": False}


def test_shares_that_vest_below_their_price_are_a_finding():
    # Exercised at 10 with a value of 10, vested at 4: line 2i takes nothing.
    vests = [{"date": "2024-01-10", "shares": 100, "fmv": 4}]
    lots = [lot(fmv=10, vesting=vests, section_83b=False)]
    result = compute(household(lots, [], {2023: {"wages": 1}, 2024: {"wages": 1}}))
    assert "spread_negative" in codes(result, 2024)
    assert "spread_negative" not in codes(result, 2023)
    assert result["years"]["2024"]["forms"]["6251"]["2i"] == 0
