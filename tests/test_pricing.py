"""What misreported rows cost, recomputed by hand."""

from decimal import Decimal
from pathlib import Path

import pytest
from audited import findings, only
from households import exercise, sale, single, worked

from worksheets.audit import audit
from worksheets.audit_whatif import Carried, outcome
from worksheets.household import work
from worksheets.pricing import LEFT_OUT, price
from worksheets.read.case_file import read_case
from worksheets.reported import Reported

D = Decimal
FIXTURE = Path(__file__).parent.parent / "fixtures" / "irs-line-2k" / "case.yaml"


@pytest.fixture(scope="module")
def irs():
    return work(read_case(FIXTURE))


def test_the_irs_example_filed_as_reported(irs):
    # Single. 2023 is the same both ways: taxable 136,150, tax 26,075.50; line 2i 180,000, AMT 39,146.
    #
    # 2024 as reported: wages 215,000; S1 75,000 - 10,000 = 65,000 short-term (box 1e copied), S2 60,000 - 10,000 =
    # 50,000 long-term; no line 2k. AGI 330,000, taxable 315,400, of which 265,400 at the rates: 55,678.50 + 35% of
    # (265,400 - 243,725) = 63,264.75, and 15% of 50,000 = 7,500: tax 70,764.75. AMTI 315,400 + 14,600 = 330,000, less
    # 85,700: 244,300; Part III: 26% of 194,300 = 50,518 and 7,500: TMT 58,018, no AMT. Form 8801: 39,146 to use, room
    # 70,765 - 58,018 = 12,747, all of it used; 26,399 carried. Tax 70,765 - 12,747 = 58,018.
    # 2024 as corrected (CONTRACT): 49,315 - 33,377 = 15,938.
    #
    # 2025 as reported: taxable 134,250, tax 25,067; AMTI 150,000 less 88,100: TMT 26% of 61,900 = 16,094; room 8,973,
    # credit 8,973, carried 17,426. Tax 16,094. As corrected: 25,067 - 5,769 = 19,298, nothing carried, AMT losses of
    # 19,000 + 40,000 = 59,000 left.
    found = price(irs)
    assert {year: (one.as_reported, one.corrected, one.difference) for year, one in found.years.items()} == {
        2023: (65222, 65222, 0),
        2024: (58018, 15938, -42080),
        2025: (16094, 19298, 3204),
    }
    assert found.total == -38876
    assert found.carried_difference == Carried(credit=D(-17426), loss=D(0), amt_loss=D(59000))


def test_the_basis_of_one_row_alone(irs):
    # As reported but for the basis of S1, 75,000: taxable 250,400, tax 49,315 as corrected. AMTI 265,000, less 85,700:
    # Part III: 26% of 129,300 = 33,618 and 7,500: TMT 41,118. Credit 8,197, carried 30,949: tax 41,118, 16,900 less than
    # 58,018. 2025: the same credit of 8,973; 21,976 carried, 4,550 more than 17,426.
    found = price(irs)
    alone = found.alone(only(audit(irs)[2024], "basis_omits_compensation"))
    assert alone.taxes == {2023: 0, 2024: -16900, 2025: 0}
    assert alone.left == Carried(credit=D(4550))


def test_the_amt_book_alone(irs):
    # As reported but for line 2k: AMT short (25,000) and long (40,000) against regular 65,000 and 50,000; pay 65,000 out
    # of AMT income. AMTI 330,000 - 65,000 - 115,000 - 3,000 = 147,000: TMT 15,938 as corrected. Room 70,765 - 15,938 =
    # 54,827: the whole credit of 39,146. Tax 31,619, 26,399 less. 2025: no credit left: 25,067, 8,973 more.
    alone = price(irs).amt_book_alone
    assert alone.taxes == {2023: 0, 2024: -26399, 2025: 8973}
    assert alone.left == Carried(credit=D(-17426), amt_loss=D(59000))


def test_what_the_prices_leave_out_is_said():
    assert "need not add up" in LEFT_OUT
    assert "net investment income tax" in LEFT_OUT


LOT = exercise("2021-06-01", "2023-03-13", 100, 10, 50)
YEARS = single(2023, 2024, w2023="200000", w2024="204000")


def alone(row, code, exercises=(LOT,), years=YEARS):
    household = worked(exercises, [row], years)
    one = only(audit(household)[2024], code)
    return price(household).alone(one).taxes[2024]


# Single 2024, wages 200,000 with the pay of 4,000: taxable 189,400, in the 24% bracket (to 191,950); long-term gain at
# 15%. No AMT: 2i is 4,000. Early sale at 55: right basis 5,000, gain 500. Late sale at 55: right basis 1,000, gain 4,500.
EARLY = {"term": "short", "pay_reported": "4000", "basis": "5000"}
LATE = {"term": "long", "basis": "1000"}


@pytest.mark.parametrize(
    ("row", "code", "expected"),
    [
        (sale("2024-01-18", 100, 5500, **{**EARLY, "basis": "3000"}), "basis_other", -480),  # 24% of 2,000
        (sale("2024-07-22", 100, 5500, **{**LATE, "basis": "0"}), "basis_is_zero", -150),  # 15% of 1,000
        (sale("2024-07-22", 100, 5500, **{**LATE, "basis": None}), "basis_missing", -150),
        (sale("2024-07-22", 100, 5500, **{**LATE, "basis": "5000"}), "basis_is_fmv", 600),  # 15% of 4,000
        (sale("2024-07-22", 100, 3500, **{**LATE, "term": "short"}), "wrong_term", -225),  # 9% of 2,500
        # Box 2 empty: 2,500 short-term by box 1b, which is of this year; 9% less.
        (sale("2024-07-22", 100, 3500, acquired="2024-03-15", basis="1000"), "wrong_acquired_date", -225),
        (sale("2024-07-22", 100, 5500, **LATE, selling_expenses="100"), "selling_expenses_omitted", -15),
        (sale("2024-01-18", 100, 5500, **{**EARLY, "pay_reported": "3000"}), "w2_omits_compensation", 240),
    ],
)
def test_one_finding_alone(row, code, expected):
    assert alone(row, code) == expected


def test_a_wrong_date_beside_a_right_term_changes_nothing():
    household = worked([LOT], [sale("2024-07-22", 100, 5500, acquired="2024-03-15", **LATE)], YEARS)
    assert price(household).alone(only(audit(household)[2024], "wrong_acquired_date")) is None


def test_a_stock_only_year_has_no_price():
    household = worked([LOT], [sale("2024-07-22", 100, 5500, basis="0", term="long")], single(2023, 2024))
    found = price(household)
    assert found.years == {}
    assert found.alone(only(audit(household)[2024], "basis_is_zero")) is None


def test_a_question_has_no_price():
    household = worked([LOT], [sale("2024-01-18", 100, 5500, term="short", basis="5000")], YEARS)
    assert price(household).alone(only(audit(household)[2024], "w2_pay_assumed")) is None


def test_a_correct_household_costs_nothing_but_its_amt_book():
    household = worked([LOT], [sale("2024-01-18", 100, 5500, **EARLY)], YEARS)
    found = price(household)
    assert findings([LOT], [sale("2024-01-18", 100, 5500, **EARLY)], YEARS) == []
    assert found.total == 0  # no AMT either way: line 2k is (4,000) below a TMT that regular tax exceeds


VESTING = [{"date": "2024-02-10", "shares": "60", "fmv": "22"}]
SHAPES = {
    "split row": (
        [LOT, exercise("2020-01-02", "2024-03-04", 50, 5, 45)],
        [sale("2024-06-03", 150, 6000, basis="1250", acquired="various", pay_reported="1000")],
    ),
    "wash sale": (
        [LOT, exercise("2021-06-01", "2024-02-01", 100, 10, 40)],
        [sale("2024-01-18", 100, 900, disposition="wash_sale", replaced_shares="40", replacement="E2", basis="1000")],
    ),
    "related party": ([LOT], [sale("2024-01-18", 100, 3500, disposition="related_party", form="none")]),
    "fees and 1g": (
        [LOT],
        [sale("2024-07-22", 100, 700, basis="5000", selling_expenses="30", wash_sale_disallowed="9")],
    ),
    "gift and excess": (
        [LOT],
        [sale("2024-01-18", 30, 0, disposition="gift"), sale("2024-07-22", 90, 5400, basis="5000", term="short")],
    ),
    "vesting": (
        [exercise("2022-06-01", "2023-03-13", 100, 10, 12, vesting=VESTING, section_83b=False)],
        [sale("2024-05-06", 100, 3000, basis="1000", term="long")],
    ),
    "other stock": (
        [LOT],
        [
            sale(
                "2024-07-22",
                10,
                500,
                kind="other",
                corporation="Other Corp",
                basis="80",
                correct_basis="300",
                term="short",
            )
        ],
    ),
    "shares given up": (
        [LOT, exercise("2021-06-01", "2024-02-01", 200, 10, 40, paid_with=[{"exercise": "E1", "shares": "50"}])],
        [sale("2024-07-22", 150, 9000, basis="2000")],
    ),
}


@pytest.mark.parametrize("straight", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_all_corrections_give_the_household_itself(shape, straight):
    exercises, rows = SHAPES[shape]
    years = single(2023, 2024, 2025, w2023="200000", w2024="204000", w2025="90000")
    years[2024]["iso_income_in_wages"] = "1000"
    household = worked(exercises, rows, years, exception_1=straight)
    reported = Reported(household)
    again = reported.work(reported.all)
    assert outcome(again) == outcome(household)
    for year, books in household.years.items():
        assert again.years[year].tax_return.f6251.printed() == books.tax_return.f6251.printed()
        assert again.years[year].tax_return.schedule_d.printed() == books.tax_return.schedule_d.printed()


def test_the_household_is_left_as_it_was(irs):
    before = outcome(irs)
    price(irs).total  # noqa: B018 - read for what it does
    assert outcome(irs) == before
