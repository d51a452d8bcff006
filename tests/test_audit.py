"""Each finding about a row of Form 1099-B: a case that has it and one that has not, figures by hand.

The lot, unless said: 100 shares at 10, worth 50 at exercise: cost 1,000, AMT basis 5,000. Sold early at 60: pay 4,000,
right basis 5,000, gain 1,000. Sold after both periods at 60: no pay, right basis 1,000, gain 5,000.
"""

from decimal import Decimal

import pytest
from audited import codes, findings, only
from households import exercise, sale, single, worked

from worksheets.audit import BASIS_CODES, ROW_CODES, audit
from worksheets.audit_desk import ROW_FINDINGS
from worksheets.findings import ADJUST_8949, ASK_BROKER, ASK_EMPLOYER, ASK_OWNER, CORRECTED, WARNING

D = Decimal
LOT = exercise("2021-06-01", "2023-03-13", 100, 10, 50)
EARLY, LATE = "2024-01-18", "2024-07-22"
W2 = {"pay_reported": "4000"}
RIGHT = {"acquired": "2023-03-13", "basis_reported": True}


def early(proceeds=6000, **more):
    return sale(EARLY, 100, proceeds, **{"term": "short", "basis": "5000", **RIGHT, **W2, **more})


def late(proceeds=6000, **more):
    return sale(LATE, 100, proceeds, **{"term": "long", "basis": "1000", **RIGHT, **more})


def of(*sales, exercises=(LOT,), years=(2023, 2024), **more):
    return findings(exercises, sales, single(*years), **more)


def test_every_row_finding_has_its_place_in_the_order():
    assert sorted(ROW_FINDINGS) == sorted((*BASIS_CODES, *ROW_CODES))


@pytest.mark.parametrize("row", [early(), late()])
def test_a_correct_row_gives_nothing(row):
    assert of(row) == []


# Box 1e as shown, for the early sale (cost 1,000, pay 4,000, right 5,000) and the late one (right 1,000, AMT 5,000).
@pytest.mark.parametrize(
    ("row", "code", "columns"),
    [
        (early(basis=None, basis_reported=None), "basis_missing", "box B: (d) 6,000 (e) 5,000 (h) 1,000"),
        (early(basis="0"), "basis_is_zero", "box A: (d) 6,000 (e) 0 (f) B (g) (5,000) (h) 1,000"),
        (early(basis="1000"), "basis_omits_compensation", "box A: (d) 6,000 (e) 1,000 (f) B (g) (4,000) (h) 1,000"),
        (early(basis="1000.50"), "basis_omits_compensation", "(e) 1,001 (f) B (g) (4,000) (h) 1,000"),
        (early(basis="9000"), "basis_double_counts_compensation", "(e) 9,000 (f) B (g) 4,000 (h) 1,000"),
        (early(basis="5000.51"), "basis_other", "(e) 5,001 (f) B (g) 1 (h) 1,000"),
        (late(basis="5000"), "basis_is_fmv", "box D: (d) 6,000 (e) 5,000 (f) B (g) 4,000 (h) 5,000"),
        (late(basis="900"), "basis_other", "(e) 900 (f) B (g) (100) (h) 5,000"),
        (late(basis="900", basis_reported=False), "basis_other", "box E: (d) 6,000 (e) 1,000 (f) B (g) 0 (h) 5,000"),
    ],
)
def test_box_1e(row, code, columns):
    shown = row.get("basis")
    (one,) = of(row)
    right = 5000 if row["sold"] == EARLY else 1000
    assert (one.code, one.severity, one.remedy) == (code, CORRECTED, ADJUST_8949)
    assert (one.reported, one.correct, one.exercise) == (None if shown is None else D(shown), right, "E1")
    assert columns in one.message


def test_fifty_cents_are_no_difference():
    assert of(early(basis="5000.50"), late(basis="999.50"), exercises=[{**LOT, "shares": "200"}]) == []


def test_cost_with_and_without_commission():
    # 100 shares at 10 with a commission of 30: the broker may show 1,000 or 1,030; right is 1,030 + 4,000 of pay
    # (proceeds 6,000 less 1,030 paid leave room for the whole spread).
    lot = {**LOT, "commission": "30"}
    for shown in ("1000", "1030"):
        listed = of(early(basis=shown), exercises=[lot])
        assert only(listed, "basis_omits_compensation").correct == 5030
    assert of(early(basis="5030"), exercises=[lot]) == []


def test_value_at_exercise_where_the_cap_is_below_it():
    # Same year at 40: pay is capped at 40 - 10 = 30 a share, the right basis 4,000 in both books; 1e shows the 50.
    lot = exercise("2022-06-01", "2024-01-10", 100, 10, 50)
    row = sale("2024-06-18", 100, 4000, basis="5000", term="short", acquired="2024-01-10", pay_reported="3000")
    assert codes(of(row, exercises=[lot]), notes=True) == ["basis_is_fmv"]


@pytest.mark.parametrize(
    ("granted", "words"), [("2013-12-31", "may add it or leave it out"), ("2014-01-01", "do not ask")]
)
def test_a_basis_without_the_pay_is_never_put_to_the_broker(granted, words):
    # Form 8949 instructions, column (e): options granted after 2013. Sold within a year of exercise, so early.
    row = early(basis="1000", noncovered=True, basis_reported=False)
    one = only(of(row, exercises=[{**LOT, "grant_date": granted}]), "basis_omits_compensation")
    assert one.remedy == ADJUST_8949
    assert words in one.message


def test_a_wrong_basis_of_a_noncovered_row_may_be_put_to_the_broker():
    one = only(of(early(basis="1234", noncovered=True, basis_reported=False)), "basis_other")
    assert (one.remedy, one.correct) == (ASK_BROKER, 5000)
    missing = only(of(early(basis=None, noncovered=True, basis_reported=None)), "basis_missing")
    assert (missing.severity, missing.remedy) == (CORRECTED, ADJUST_8949)


def test_a_split_row_is_judged_as_a_whole():
    # 100 late shares of E1 (right 1,000) and 50 of E2 sold in the year of exercise at 40, worth 45, cost 5: pay 1,750,
    # right 250 + 1,750 = 2,000. In all 3,000; paid 1,250.
    lots = [LOT, exercise("2020-01-02", "2024-03-04", 50, 5, 45)]
    row = {"acquired": "various", "basis_reported": True, "pay_reported": "1750"}
    right = sale("2024-06-03", 150, 6000, **row, basis="3000")
    assert of(right, exercises=lots) == []
    one = only(of(sale("2024-06-03", 150, 6000, **row, basis="1250"), exercises=lots), "basis_omits_compensation")
    assert (one.correct, one.exercise) == (3000, "")
    # shares 2:1, so box 1e is shared out 833.33 and 416.67
    assert "box A: (d) 2,000 (e) 417 (f) B (g) (1,583) (h) 0" in one.message
    assert "box D: (d) 4,000 (e) 833 (f) B (g) (167) (h) 3,000" in one.message


def test_shares_beyond_the_lots_leave_out_their_part_of_box_1e():
    # 125 sold, 100 held: of box 1e 1,250 the 100 shares have 1,000, which is right for a late sale.
    listed = of(sale(LATE, 125, 7500, basis="1250", term="long", **RIGHT))
    assert codes(listed) == ["shares_exceed_lots"]
    assert only(listed, "shares_exceed_lots").message.startswith("The row sells 125 shares; lots of that owner")


def test_other_stock_is_audited_too():
    row = {"kind": "other", "corporation": "Other Corp", "acquired": "2020-02-03", "term": "long"}
    assert of(sale(LATE, 10, 500, basis="300", **row), exercises=()) == []
    wrong = of(sale(LATE, 10, 500, basis="0", correct_basis="300", **row), exercises=())
    assert codes(wrong) == ["basis_is_zero"]
    one = only(of(sale(LATE, 10, 500, **row), exercises=()), "basis_missing")
    assert (one.severity, one.remedy) == (WARNING, ASK_OWNER)
    assert codes(of(sale(LATE, 10, 500, correct_basis="300", **row), exercises=())) == ["basis_missing"]


@pytest.mark.parametrize(
    ("row", "columns"),
    [
        (early(term="long"), "box A: (d) 6,000 (e) 5,000 (f) T (g) 0 (h) 1,000"),
        (late(term="short"), "box D: (d) 6,000 (e) 1,000 (f) T (g) 0 (h) 5,000"),
    ],
)
def test_wrong_term(row, columns):
    (one,) = of(row)
    assert (one.code, one.severity, one.remedy) == ("wrong_term", CORRECTED, ASK_BROKER)
    assert {one.reported, one.correct} == {"short", "long"}
    assert columns in one.message
    assert "from 2024-03-14 on" in one.message


def test_box_2_empty_is_no_wrong_term_and_ordinary_is():
    assert of(early(term=None)) == []
    assert codes(of(early(term="ordinary"))) == ["wrong_term"]


def test_wrong_box():
    assert codes(of(late(noncovered=True))) == ["wrong_box"]
    both = codes(of(late(basis=None)))
    assert both == ["basis_missing", "wrong_box"]
    assert codes(of(late(noncovered=True, basis_reported=False))) == []


def test_wrong_acquired_date():
    listed = of(late(acquired="2023-03-15"))
    one = only(listed, "wrong_acquired_date")
    assert codes(listed) == ["wrong_acquired_date"]
    assert (one.remedy, one.reported, one.correct) == (ASK_BROKER, "2023-03-15", "2023-03-13")
    assert of(late(acquired="various")) == []
    assert of(late(acquired=None)) == []


def test_selling_expenses_omitted():
    """A.7.6, C.2: code E."""
    (one,) = of(late(selling_expenses="25"))
    assert (one.code, one.reported, one.correct) == ("selling_expenses_omitted", 6000, 5975)
    assert "(e) 1,000 (f) E (g) (25) (h) 4,975" in one.message


def test_wash_sale_mismatch():
    # Sold early at 35 and replaced: no cap, pay 4,000, basis 5,000, loss of 1,500 not allowed (REFERENCE A.3.4).
    row = {"disposition": "wash_sale", "basis": "5000"}
    one, outside = of(early(3500, **row))
    assert (one.code, one.reported, one.correct) == ("wash_sale_mismatch", 0, 1500)
    assert (outside.code, outside.details["regular"]) == ("wash_sale_outside", 1500)
    assert "(f) W (g) 1,500 (h) 0" in one.message
    assert "Add 1,500 to the basis of the shares that replaced them" in one.message
    assert [one.code for one in of(early(3500, **row, wash_sale_disallowed="1500"))] == ["wash_sale_outside"]
    (less,) = of(late(wash_sale_disallowed="100"))
    assert "(f) W (g) 0 (h) 5,000" in less.message
    assert "Attach a statement" in less.message


def test_proceeds_out_of_line_with_the_day():
    lot = {**LOT, "shares": "400"}
    price = [6000, 6100, 6200]
    assert of(*(late(one) for one in price), exercises=[lot]) == []
    listed = of(*(late(one) for one in (*price, 600)), exercises=[lot])
    assert [(one.sale, one.code) for one in listed] == [("S4", "proceeds_out_of_line")]
    assert only(listed, "proceeds_out_of_line").remedy == ASK_BROKER
    two = of(late(6000), late(1900), exercises=[lot])
    assert codes(two) == ["proceeds_out_of_line"] * 2  # one of two is wrong: which one is not known
    assert of(late(6000), late(2000), exercises=[lot]) == []


@pytest.mark.parametrize(("price", "asked"), [(15001, True), (15000, False), (1667, False), (1666, True)])
def test_proceeds_out_of_line_with_an_exercise_nearby(price, asked):
    # Worth 50 on 2024-07-01; three times that is 150, a third 16.67.
    near = exercise("2021-06-01", "2024-07-01", 10, 10, 50)
    row = {**late(price), "lots": [{"exercise": "E1", "shares": "100"}], "disposition": "sale"}
    listed = of(row, exercises=[LOT, near])
    assert ("proceeds_out_of_line" in codes(listed)) is asked


def test_duplicate_sale():
    lot = {**LOT, "shares": "200"}
    listed = of(late(), late(), exercises=[lot])
    assert [(one.sale, one.code, one.severity) for one in listed] == [("S2", "duplicate_sale", WARNING)]
    assert "S1" in listed[0].message
    assert of(late(), late(6001), exercises=[lot]) == []
    assert of(late(account="1"), late(account="2"), exercises=[lot]) == []
    assert codes(of(late(), late(account="2"), exercises=[lot])) == ["duplicate_sale"]  # one account is not known


def test_no_matching_exercise():
    """A.1.5: no Form 3921, no ISO."""
    listed = of(late(), late(corporation="Elsewhere Inc", acquired=None))
    assert [(one.sale, one.code) for one in listed] == [("S2", "no_matching_exercise")]


def test_split_suspected():
    # 1,000 sold at 6 against 100 held, worth 50: ten times the shares at about a tenth of the price.
    listed = of(sale(LATE, 1000, 6000, term="long", **RIGHT, basis="10000"))
    assert "split_suspected" in codes(listed)
    assert '"10:1"' in only(listed, "split_suspected").message
    high = of(sale(LATE, 1000, 60000, term="long", **RIGHT, basis="10000"))
    assert "split_suspected" not in codes(high)  # 60 a share is no price after a 10:1 split
    split = {"corporate_actions": [{"corporation": "Example Corp", "date": "2024-06-10", "split": "10:1"}]}
    assert of(sale(LATE, 1000, 6000, term="long", **RIGHT, basis="1000"), **split) == []


def test_w2_findings():
    """A.3.8, A.3.10: less on the W-2 goes on Schedule 1, more is followed."""
    # The law gives 4,000; 2024 has wages in which the W-2 says nothing, 1,500, or 4,500.
    years = single(2023, 2024, w2023="100000", w2024="100000")

    def with_pay(pay, basis="5000"):
        return findings([LOT], [early(pay_reported=pay, basis=basis)], years)

    assert codes(with_pay("4000"), notes=True) == []
    assert codes(with_pay(None)) == ["w2_pay_assumed"]
    (less,) = with_pay("1500")
    assert (less.code, less.severity, less.remedy) == ("w2_omits_compensation", CORRECTED, ASK_EMPLOYER)
    assert "other 2,500 on Schedule 1 line 8k" in less.message
    (more,) = with_pay("4500", basis="5500")
    assert (more.code, more.severity, more.remedy) == ("w2_exceeds_compensation", WARNING, ASK_EMPLOYER)
    assert (more.reported, more.correct) == (4500, 4000)
    # 500 less wages, 500 more short-term gain: the same tax.
    assert "The tax of 2024 would be the same" in more.message


def test_pay_that_no_sale_gives():
    years = {**single(2023), 2024: {"filing_status": "single", "wages": "90000", "iso_income_in_wages": "700"}}
    years[2023]["wages"] = "90000"
    one = only(findings([LOT], [late()], years), "w2_exceeds_compensation")
    assert (one.sale, one.reported) == ("", 700)


def test_findings_come_by_year_in_the_order_of_the_case():
    lot = {**LOT, "shares": "300"}
    rows = [late(basis="0"), early(basis="0"), late(6100, basis="0")]
    found = audit(worked([lot], rows, single(2023, 2024), state="CA"))
    assert list(found) == [2023, 2024]
    assert [one.sale for one in found[2024]] == ["S1", "S2", "S3", ""]
    assert [one.code for one in found[2023]] == ["state_not_computed"]


def test_shares_given_up_early_to_pay_for_an_exercise():
    """A.7.3: shares not mature are disposed of."""
    # 50 of the 100 shares given up within a year, worth 55 then: no cap, pay 40 a share (IRC 424(c)(3)).
    swap = exercise("2021-06-01", "2024-01-10", 40, 50, 55, paid_with=[{"exercise": "E1", "shares": "50"}])
    one = only(of(exercises=[LOT, swap]), "w2_pay_assumed")
    assert (one.sale, one.exercise, one.correct) == ("", "E2", 2000)
    years = {**single(2023), 2024: {"filing_status": "single", "wages": "90000", "iso_income_in_wages": "500"}}
    years[2023]["wages"] = "90000"
    less = only(findings([LOT, swap], [], years), "w2_omits_compensation")
    assert (less.exercise, less.reported, less.correct) == ("E2", 500, 2000)
    too_many = {**swap, "paid_with": [{"exercise": "E1", "shares": "150"}]}
    assert "100 of them were held" in only(of(exercises=[LOT, too_many]), "shares_exceed_lots").message
