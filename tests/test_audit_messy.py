"""Rows as people really have them: two brokers, corrections, settlement dates, other stock. Figures by hand.

The lot, unless said: 100 shares at 10, worth 50, exercised 2023-03-13, granted 2021-06-01: early until 2024-03-13. Cost
1,000; sold early at 60 pay 4,000, right basis 5,000; sold late no pay, right basis 1,000.
"""

from decimal import Decimal

import pytest
from audited import codes, findings, only
from households import exercise, sale, single, worked

from worksheets.audit import audit
from worksheets.findings import ASK_OWNER, CORRECTED, ERROR, WARNING
from worksheets.paper.letters import Correspondence
from worksheets.paper.report import Report
from worksheets.pricing import CANNOT_BE_WORKED, price
from worksheets.session import open_case

D = Decimal
LOT = exercise("2021-06-01", "2023-03-13", 100, 10, 50)
OTHER = exercise("2021-06-01", "2022-06-06", 100, 10, 50)  # past both periods in June 2023
EARLY, LATE = "2024-01-18", "2024-07-22"


def early(proceeds=6000, **more):
    row = {"term": "short", "basis": "5000", "acquired": "2023-03-13", "basis_reported": True, "pay_reported": "4000"}
    return sale(EARLY, 100, proceeds, **{**row, **more})


def late(proceeds=6000, **more):
    row = {"term": "long", "basis": "1000", "acquired": "2023-03-13", "basis_reported": True}
    return sale(LATE, 100, proceeds, **{**row, **more})


def of(*sales, exercises=(LOT,), **more):
    return findings(exercises, sales, more.pop("years", single(2022, 2023, 2024)), **more)


# One sale that stands there twice.


def test_a_sale_that_two_brokers_report_is_asked_about():
    # The second row finds none of E1 left and takes E2 by first in, first out: its account alone does not clear it.
    rows = (early(broker="A", account="11111"), early(broker="B", account="22222"))
    listed = of(*rows, exercises=[LOT, OTHER])
    assert codes(listed, sale="S1") == []
    assert "duplicate_sale" in codes(listed, sale="S2")
    assert "as row S1, in another account" in only(listed, "duplicate_sale").message
    moved = only(listed, "wrong_acquired_date")
    assert (moved.reported, moved.correct) == ("2023-03-13", "2022-06-06")
    assert "E1, exercised that day, had not enough shares left" in moved.message


def test_two_accounts_with_lots_of_their_own_are_no_double():
    lots = [{**LOT, "account": "11111"}, {**LOT, "account": "22222"}]
    assert of(early(account="11111"), early(account="22222"), exercises=lots) == []


def test_a_corrected_form_given_beside_the_first_one():
    listed = of(early(basis="1000"), early(), exercises=[{**LOT, "shares": "200"}])
    one = only(listed, "duplicate_sale")
    assert (one.sale, one.severity) == ("S2", WARNING)
    assert "Box 1e differs: 1,000 in row S1 and 5,000 in row S2" in one.message
    assert "of a corrected form keep the corrected one" in one.message


def test_a_row_without_an_account_may_be_the_one_that_has_one():
    lot = {**LOT, "shares": "200"}
    assert codes(of(early(account="11111"), early(), exercises=[lot])) == ["duplicate_sale"]
    assert codes(of(early(), early(account="11111"), exercises=[lot])) == ["duplicate_sale"]


# Dates that are a few days off, and shares that never came from an option.


def test_a_settlement_date_is_recognised():
    (one,) = of(late(acquired="2023-03-15"))
    assert (one.code, one.severity) == ("wrong_acquired_date", CORRECTED)
    assert one.message.endswith("It looks like the day on which that exercise settled.")


def test_a_settlement_date_of_another_lot_says_which():
    # Two days after E1; first in, first out takes E2. Which lot it was stays a person's word.
    listed = of(late(acquired="2023-03-15"), exercises=[LOT, OTHER])
    words = "It lies a few days after the exercise E1 of 2023-03-13: if those shares were sold, name them under lots."
    assert words in only(listed, "wrong_acquired_date").message
    named = of(late(acquired="2023-03-15", lots=[{"exercise": "E1", "shares": "100"}]), exercises=[LOT, OTHER])
    assert "they were identified at the sale" in only(named, "wrong_acquired_date").message


def test_shares_of_a_purchase_plan_taken_for_an_option():
    (one, basis) = sorted(of(late(acquired="2023-09-29", basis="2125")), key=lambda one: one.code, reverse=True)
    assert (one.code, basis.code, basis.correct) == ("wrong_acquired_date", "basis_other", 1000)
    assert "say kind: other with their basis" in one.message
    got = {"corporation": "Example Corp", "date": "2023-09-29", "shares": "120", "kind": "ESPP"}
    known = only(of(late(acquired="2023-09-29", basis="2125"), acquisitions=[got]), "wrong_acquired_date")
    assert (
        "That day other shares of the stock were got: 120 (ESPP). If those were sold, say kind: other." in known.message
    )


def test_a_letter_about_a_date_that_first_in_first_out_gave_waits_for_the_owner():
    case = {"case": "1", "taxpayer": {"name": "Sample Taxpayer"}, "years": single(2023, 2024)}
    case["exercises"] = [{"id": "E1", "corporation": "Example Corp", **LOT}]
    for acquired, waits in (("2023-03-15", True), ("2023-03-13", False)):
        row = late(acquired=acquired, term="short", broker="Sample Broker")
        session = open_case({**case, "sales": [{"id": "S1", "corporation": "Example Corp", **row}]})
        (letter,) = Correspondence(session).to_brokers()
        assert ("[Draft: first settle" in letter.text(session.household)) is waits


def test_the_right_basis_of_other_stock_is_the_one_given():
    # A purchase plan: 100 shares at 25.50, discount of 4.50 a share taxed as wages: right 3,000.
    row = late(kind="other", basis="2550", correct_basis="3000", acquired="2022-09-29")
    one = only(of(row), "basis_other")
    assert "The right basis is 3,000, as the case gives it (correct_basis)" in one.message
    assert "paid" not in one.message


# Shares that cannot be found.


def test_a_letter_about_a_sale_on_two_brokers_forms_names_the_other():
    case = {"case": "1", "taxpayer": {"name": "Sample Taxpayer"}, "years": single(2022, 2023, 2024)}
    case["exercises"] = [{"id": f"E{n}", "corporation": "Example Corp", **lot} for n, lot in ((1, LOT), (2, OTHER))]
    rows = [early(broker="First Broker", account="11111"), early(broker="Second Broker", account="22222")]
    case["sales"] = [{"id": f"S{n}", "corporation": "Example Corp", **row} for n, row in enumerate(rows, start=1)]
    session = open_case(case)
    (letter,) = Correspondence(session).to_brokers()
    text = " ".join(letter.text(session.household).split())
    assert "Second Broker Tax reporting department" in text
    assert "The form of another account, from First Broker, shows a sale with the same dates" in text
    assert "A second entry on the form" not in text


@pytest.mark.parametrize(
    ("row", "lot", "words"),
    [
        (late(owner="spouse"), LOT, "Not counted: E1 (the other owner's)."),
        (
            late(account="Z-98765"),
            {**LOT, "account": "ISO-12345"},
            "Not counted: E1 (of another account). Where the account number on Form 3921 is not the broker's, leave account out",
        ),
        (
            sale("2023-03-10", 100, 6000, basis="1000", acquired="2023-03-10", term="short"),
            LOT,
            "Not counted: E1 (exercised on 2023-03-13, after the sale).",
        ),
    ],
)
def test_lots_that_a_row_passed_by_are_named(row, lot, words):
    years = {year: {"filing_status": "married_joint"} for year in (2023, 2024)}
    one = only(of(row, exercises=[lot], years=years, spouse={"name": "Sample Spouse"}), "shares_exceed_lots")
    assert (one.severity, one.remedy, one.correct) == (ERROR, ASK_OWNER, 0)
    assert words in one.message
    assert "is the sale in the case twice" in one.message


def test_a_corporation_spelt_otherwise():
    one = only(of(late(corporation="Example Corporation")), "no_matching_exercise")
    assert "The exercises are of Example Corp: if the row is of the same stock, name it alike." in one.message


def test_box_1e_of_a_row_with_too_many_shares_is_judged_by_its_part():
    # 1,000 sold for 6,000, 1e 1,000; 100 held, which cost 1,000. Its part of 1e: 100 of 1,000, or 100.
    listed = of(sale(LATE, 1000, 6000, term="long", basis="1000", acquired="2023-03-13", basis_reported=True))
    one = only(listed, "basis_other")
    assert (one.reported, one.correct) == (100, 1000)
    assert "Box 1e shows 100 (its part of 1,000 for the 100 shares that lots were found for)" in one.message


# Amounts.


def test_of_three_prices_only_the_odd_one_is_asked_about():
    # 60, 600 and 60.10 a share. The mean of 60 and 600 is 330, which no row sold at: 60 must not be held against it.
    lot = {**LOT, "shares": "301"}
    rows = (late(6000), late(60000), sale(LATE, 101, "6070.10", **{k: late()[k] for k in ("term", "acquired")}))
    listed = of(*rows[:2], {**rows[2], "basis": "1010", "basis_reported": True}, exercises=[lot])
    assert [(one.sale, one.code) for one in listed] == [("S2", "proceeds_out_of_line")]
    assert "600 a share, but other rows of that day sold at 60.10" in listed[0].message


def test_pay_that_a_w2_overstates_is_in_the_basis_and_said_to_be():
    # Sold at 30: pay by law 20 a share, 2,000; the W-2 shows 4,000. Basis 1,000 + 4,000, loss 2,000.
    listed = of(early(3000, basis="1000"))
    assert "1,000 paid plus 4,000 of pay from the early sale as Form W-2 shows it" in listed[0].message
    assert only(listed, "w2_exceeds_compensation").correct == 2000


def test_a_wash_sale_amount_on_a_row_that_does_not_say_what_it_was():
    # Sold at 8, a loss of 200 with no pay; box 1g says 50.
    row = {"basis": "1000", "pay_reported": "0", "wash_sale_disallowed": "50"}
    one = only(of(early(800, **row)), "wash_sale_mismatch")
    assert "taken as no wash sale, because the row does not say what it was" in one.message
    said = only(of(early(800, **row, disposition="sale")), "wash_sale_mismatch")
    assert "taken as" not in said.message


def test_a_basis_changed_in_the_books_is_not_said_to_be_what_was_paid():
    # Books carried over from an earlier file: 1,500 where Form 3921 says 1,000 (a wash sale's loss of 500 came in).
    lots = [{**LOT, "regular_basis": "1500", "amt_basis": "5000", "held_from": "2023-03-13"}]
    (one,) = of(late(basis="1000"), exercises=lots)
    assert one.correct == 1500
    assert "1,500, the cost in the books of these shares" in one.message


def test_a_price_printed_to_the_cent_is_the_price_paid_all_the_same():
    # 10,000 shares at 3.3333 cost 33,333; the broker took the 3.33 printed in box 3: 33,300. Sold at 60: pay 466,667 of
    # value 500,000, right basis 500,000.
    lot = exercise("2021-06-01", "2023-03-13", 10000, "3.3333", 50)
    row = {**early(600000, basis="33300", pay_reported="466667"), "shares": "10000"}
    one = only(of(row, exercises=[lot]), "basis_omits_compensation")
    assert (one.reported, one.correct) == (33300, 500000)


# Totals.


TOTALS = {"year": 2024, "broker": "Sample Broker", "account": "X-12345678", "proceeds": "6000", "basis": "1000"}


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ({}, ""),
        ({"proceeds": "6000.50"}, ""),
        (
            {"proceeds": "7000"},
            "proceeds of 7,000 in all (box 1d); with 1 row in this case they come to 6,000, 1,000 less",
        ),
        ({"basis": "900"}, "basis of 900 in all (box 1e); with 1 row in this case they come to 1,000, 100 more"),
        (
            {"wash_sale_disallowed": "9"},
            "wash sales of 9 in all (box 1g); with 1 row in this case they come to 0, 9 less",
        ),
    ],
)
def test_totals_that_do_not_tie_are_a_question(printed, words):
    row = late(broker="Sample Broker", account="X-12345678")
    listed = of(row, totals=[{**TOTALS, **printed}])
    assert codes(listed) == (["tie_out_difference"] if words else [])
    for one in listed:
        assert words in one.message
        assert (one.severity, one.remedy, one.correct) == (WARNING, ASK_OWNER, None)
        assert "12345678" not in one.message
        assert "(account ending in 5678)" in one.message


def test_totals_of_a_year_that_the_case_has_not():
    (one,) = of(late(), totals=[{"year": 2019, "proceeds": "1"}])
    assert "the case has no year 2019, so its totals are not tied" in one.message


def test_totals_of_each_broker_hold_its_own_rows():
    rows = (late(broker="A"), sale(LATE, 50, 3000, basis="500", acquired="2023-03-13", term="long", broker="B"))
    lot = {**LOT, "shares": "150"}
    both = [{"year": 2024, "broker": "A", "proceeds": "6000"}, {"year": 2024, "broker": "b", "proceeds": "3000"}]
    assert of(*rows, exercises=[lot], totals=both) == []
    assert of(*rows, exercises=[lot], totals=[{"year": 2024, "proceeds": "9000"}]) == []
    (one,) = of(*rows, exercises=[lot], totals=[{"year": 2024, "proceeds": "9100"}])
    assert "with 2 rows in this case they come to 9,000, 100 less" in one.message


# A price that cannot be told: whole, stock only, whole.

GAP = single(2022, 2023, 2024, w2022="200000", w2024="200000")
SAME_YEAR = exercise("2021-02-01", "2022-03-07", 1000, 10, 50)
TOO_LOW = sale("2022-10-12", 500, 25000, basis="0", acquired="2022-03-07", term="short", pay_reported="20000")
TOO_HIGH = sale("2022-10-13", 500, 7000, basis="25000", acquired="2022-03-07", term="short", pay_reported="2000")


def test_returns_as_reported_that_cannot_be_worked_have_no_price():
    # 500 shares at 14 in the year of exercise: pay 2,000, right basis 7,000, no gain. With 25,000 in box 1e a loss of
    # 18,000, of which 15,000 would reach 2023, a year of stock only, whose income is not given.
    household = worked([SAME_YEAR], [TOO_HIGH], GAP)
    found = price(household)
    assert (found.failed, found.years, found.total) == (CANNOT_BE_WORKED, {}, 0)
    assert found.amt_book_alone is None
    assert found.alone(only(audit(household)[2022], "basis_is_fmv")) is None


def test_one_correction_that_cannot_be_worked_alone_has_no_price():
    # As reported 25,000 - 0 and 7,000 - 25,000: a gain of 7,000. With the basis of S1 right (25,000) a loss of 18,000;
    # with that of S2 right (7,000) a gain of 25,000. 2022, wages 200,000, standard deduction 12,950: taxable 194,050 as
    # reported, 212,050 with S2 right, in the 32% bracket (170,050 to 215,950): 18,000 x 32% = 5,760 more.
    household = worked([SAME_YEAR], [TOO_LOW, TOO_HIGH], GAP)
    found, listed = price(household), audit(household)[2022]
    assert found.failed == ""
    low, high = only(listed, "basis_is_zero"), only(listed, "basis_is_fmv")
    assert (found.alone(low), found.why_not(low)) == (None, CANNOT_BE_WORKED)
    assert found.alone(high).taxes[2022] == 5760
    assert found.why_not(high) == ""


def test_the_report_says_why_there_is_no_price():
    case = {"case": "1", "taxpayer": {"name": "Sample Taxpayer"}, "years": GAP}
    case["exercises"] = [{"id": "E1", "corporation": "Example Corp", **SAME_YEAR}]
    rows = [{"id": f"S{n}", "corporation": "Example Corp", **row} for n, row in enumerate((TOO_LOW, TOO_HIGH), start=1)]
    both, high = (Report(open_case({**case, "sales": some})) for some in (rows, rows[1:]))
    assert f"not priced: {CANNOT_BE_WORKED}" in both.html()
    assert f"Nothing is priced: {CANNOT_BE_WORKED}." in high.html()
    assert "the return as reported cannot be worked" in high.html()


def test_a_year_of_stock_only_is_named_as_not_priced():
    small = exercise("2021-02-01", "2022-03-07", 100, 10, 50)  # line 2i of 4,000: no AMT
    case = {"case": "1", "taxpayer": {"name": "Sample Taxpayer"}, "years": GAP}
    case["exercises"] = [{"id": "E1", "corporation": "Example Corp", **small}]
    row = sale("2023-10-12", 50, 3000, basis="2500", acquired="2022-03-07", term="long")
    page = Report(open_case({**case, "sales": [{"id": "S1", "corporation": "Example Corp", **row}]})).html()
    assert "Years of stock only are not priced: 2023." in page
