"""Questions about rows that a second reading of the audit found wrong: wash sales first. Figures by hand."""

import pytest
from audited import codes, findings, only
from households import exercise, sale, single, worked

from worksheets.findings import CORRECTED, NOTE, WARNING
from worksheets.paper.schedules import schedules_text
from worksheets.results import forms

YEARS = single(2021, 2022, 2023)
DAY = "2023-03-10"
WASH = ["wash_sale_possible", "amt_wash_sale_possible"]
MOVED = {"wash_sale_disallowed": "3000", "disposition": "wash_sale"}
OPEN = {
    "capital_loss_carryover": {"short": "0", "long": "0"},
    "amt_capital_loss_carryover": {"short": "0", "long": "0"},
    "prior_minimum_tax_credit": "0",
}


def old(shares, **more):
    """E1: 50 paid, 60 of value a share, so AMT basis 60."""
    return exercise("2019-01-02", "2021-03-01", shares, 50, 60, **more)


def new(day, shares=100, **more):
    """E2: 10 paid, 20 of value a share."""
    return exercise("2019-01-02", day, shares, 10, 20, **more)


def of_old(sold, shares, proceeds, **more):
    return sale(sold, shares, proceeds, **{"acquired": "2021-03-01", "basis": str(50 * shares), "term": "long", **more})


def got(kind, shares, day="2023-03-01"):
    return {"corporation": "Example Corp", "date": day, "shares": str(shares), "kind": kind}


def test_a_row_replaced_outside_the_file_uses_no_exercise():
    # S1's shares were replaced outside the file, so E2 is free for S2: 5,000 - 2,000 regular, 6,000 - 2,000 AMT.
    rows = [of_old(DAY, 100, 2000, **MOVED), of_old("2023-03-15", 100, 2000)]
    listed = findings([old(200), new("2023-03-20")], rows, YEARS)
    assert codes(listed, sale="S2") == WASH
    one = only(listed, "wash_sale_possible")
    assert (one.details["disallowed_if_replaced"], one.details["amt_disallowed_if_replaced"]) == (3000, 4000)
    # Shares that the case lists as got elsewhere are what such a row used.
    bought = findings([old(200)], rows, YEARS, acquisitions=[got("purchase", 100)])
    assert codes(bought, sale="S2") == []


@pytest.mark.parametrize(
    "answer", [{}, {"disposition": "wash_sale", "replacement": "E2", "wash_sale_disallowed": "1800"}]
)
def test_shares_used_and_shares_gone_are_counted_once(answer):
    # 100 of E2: 60 replace S1's. The 60 sold on S2's day may be those, so 40 are free: 40/60 of 3,000 - 1,200.
    gone = sale("2023-03-12", 60, 1200, acquired="2023-03-01", basis="600", pay_reported="600", term="short")
    rows = [of_old(DAY, 60, 1200, **answer), of_old("2023-03-12", 60, 1200), gone]
    listed = [one for one in findings([old(120), new("2023-03-01")], rows, YEARS) if one.sale == "S2"]
    one = only(listed, "wash_sale_possible")
    assert "the sale on 2023-03-12: 40 on 2023-03-01 (E2)" in one.message
    assert (one.details["replaced_shares"], one.details["disallowed_if_replaced"]) == (40, 1200)


def test_the_tax_of_an_answer_is_that_of_the_keys_it_names():
    # 2,000 of E1 cost 100,000, sold for 40,000: loss 60,000. E2 sold in November for 160,000: pay 20,000 (in wages),
    # basis 40,000, gain 120,000 short. As it is: net 60,000 short; taxable 100,000 + 60,000 - 13,850 = 146,150; tax
    # 16,290 + 24% of 50,775 = 28,476. Replaced by E2: its gain is 60,000, long-term by S1's two years. Ordinary 86,150,
    # Tax Table at 86,175: 5,147 + 22% of 41,450 = 14,266; 15% of 60,000 = 9,000. So 28,476 - 23,266 = 5,210 lower.
    more = {"acquired": "2023-03-01", "basis": "20000", "pay_reported": "20000", "disposition": "sale"}
    rows = [of_old(DAY, 2000, 40000), sale("2023-11-10", 2000, 160000, **more)]
    years = {2023: {"filing_status": "single", "wages": "100000", **OPEN}}
    one = only(findings([old(2000), new("2023-03-01", 2000)], rows, years), "wash_sale_possible")
    assert "(disposition: wash_sale, replaced_shares: 2000, replacement: E2)" in one.message
    assert "The tax of 2023 would be 5,210 lower" in one.message


def test_an_answer_that_one_key_cannot_give_names_no_tax():
    # 60 of E2 and 60 of E3 for 100 of E1: replacement takes one exercise a row.
    years = {2023: {"filing_status": "single", "wages": "100000", **OPEN}}
    lots = [old(100), new("2023-03-01", 60), new("2023-03-20", 60)]
    one = only(findings(lots, [of_old(DAY, 100, 2000)], years), "wash_sale_possible")
    assert "replaced_shares: 100; one row for what each exercise replaced" in one.message
    assert "The tax of" not in one.message


def test_the_rest_of_a_younger_lot_can_replace_an_older_one_sold_with_it():
    # First in, first out: 100 of E1 for 2,000 (loss 3,000), 50 of E2 for 1,000 (cost 500, pay 500: none). The other 50 of
    # E2, got nine days before, are no part of E1's block (Rev. Rul. 56-602): half of 3,000, in the AMT book of 4,000.
    row = sale(DAY, 150, 3000, acquired="various", pay_reported="500")
    listed = findings([old(100), new("2023-03-01")], [row], YEARS)
    one = only(listed, "wash_sale_possible")
    assert (one.severity, one.details["replaced_shares"], one.details["disallowed_if_replaced"]) == (WARNING, 50, 1500)
    assert only(listed, "amt_wash_sale_possible").details["amt_disallowed_if_replaced"] == 2000


def test_the_rest_of_the_lot_that_has_the_loss_is_still_a_note():
    # E1 at 5 (value 5) gains; E2 at 30 (value 40) sold at 20 loses, and what is left of it is its own block.
    lots = [exercise("2019-01-02", "2021-03-01", 100, 5, 5), exercise("2019-01-02", "2023-03-01", 100, 30, 40)]
    row = sale(DAY, 150, 3000, acquired="various", pay_reported="0")
    asked = [one for one in findings(lots, [row], YEARS) if one.code in WASH]
    assert asked
    assert {one.severity for one in asked} == {NOTE}


def test_one_exercise_carried_on_in_two_entries_is_one_block():
    # 30 of E1 sold below their value; the 20 left of it and the 50 of E2 are one exercise with them: a note about 70.
    lots = [new("2023-03-01", 50), new("2023-03-01", 50)]
    row = sale(DAY, 30, 150, lots=[{"exercise": "E1", "shares": "30"}], basis="300", pay_reported="0", term="short")
    asked = [one for one in findings(lots, [row], YEARS) if one.code in WASH]
    assert {(one.severity, one.message.partition(" shares")[0]) for one in asked} == {(NOTE, "70")}
    # For 100 of an older lot both can be named by one key.
    one = only(findings([old(100), *lots], [of_old(DAY, 100, 2000)], YEARS), "wash_sale_possible")
    assert "replaced_shares: 100, replacement: E2)" in one.message


def test_a_replacement_used_up_by_another_row_is_a_warning():
    # E2's 100 shares replace S1's. S2 names them too: its 5,000 - 500 (AMT 6,000 - 500) finds no share to go to.
    more = {"disposition": "wash_sale", "replacement": "E2", "wash_sale_disallowed": "4500"}
    rows = [of_old(day, 100, 500, **more) for day in (DAY, "2023-03-15")]
    lots = [old(200), new("2023-03-20")]
    one = only(findings(lots, rows, YEARS), "wash_sale_outside")
    assert (one.sale, one.severity, one.details) == ("S2", WARNING, {"regular": 4500, "amt": 5500})
    text = " ".join(schedules_text(worked(lots, rows, YEARS), 2023).split())
    assert text.count("It goes into the bases of E2, with their holding period") == 1
    assert text.count("of this sale's loss 4,500 (AMT 5,500) had none to go to, see the findings, with") == 1


def test_shares_sold_of_a_day_are_taken_off_once():
    # 30 RSU and 40 ESPP shares of one day, 30 of them sold: 40 are left in all.
    row = sale(DAY, 30, 1000, kind="other", acquired="2023-03-01", basis="3000", term="short")
    listed = findings([], [row], YEARS, acquisitions=[got("RSU", 30), got("ESPP", 40)])
    assert "2023-03-10: 40 on 2023-03-01 (ESPP). Did" in only(listed, "wash_sale_possible").message


def test_box_1g_of_other_stock_is_not_called_no_wash_sale():
    # A loss of 100 with 300 in box 1g: 100 is not allowed, and that is a wash sale.
    row = sale(
        DAY, 30, 1000, kind="other", acquired="2021-03-01", basis="1100", term="long", wash_sale_disallowed="300"
    )
    one = only(findings([], [row], YEARS), "wash_sale_mismatch")
    assert (one.reported, one.correct) == (300, 100)
    assert "taken as no wash sale" not in one.message


# Two grants of one day.


GRANTS = [
    exercise("2018-01-02", "2020-03-02", 100, 1, 2),
    exercise("2019-01-02", "2021-03-01", 50, 50, 60),
    exercise("2019-02-04", "2021-03-01", 50, 50, 60),
]


def test_two_grants_of_one_day_that_have_the_shares_together():
    # 100 shares, box 1e 5,000: E2 and E3, 50 each at 50. First in, first out takes E1 (E0 of 2020).
    listed = findings(GRANTS, [of_old(DAY, 100, 8000)], single(2020, 2021, 2022, 2023))
    one = only(listed, "lot_choice_matters")
    assert one.severity == WARNING
    assert "50 of E2 (granted 2019-01-02) and 50 of E3 (granted 2019-02-04)" in one.message
    date = only(listed, "wrong_acquired_date")
    assert date.severity == CORRECTED
    assert "E2 and E3, exercised that day, have them together" in date.message
    assert "not enough shares" not in date.message
    named = [{"exercise": name, "shares": "50"} for name in ("E2", "E3")]
    assert codes(findings(GRANTS, [of_old(DAY, 100, 8000, lots=named)], single(2020, 2021, 2022, 2023))) == []


def test_two_grants_of_one_day_without_the_shares():
    # 50 of E2 and 20 of E3 were sold before: 30 of E3 are left, too few for 100.
    before = of_old(
        "2023-02-01", 70, 7000, lots=[{"exercise": "E2", "shares": "50"}, {"exercise": "E3", "shares": "20"}]
    )
    listed = findings(GRANTS, [before, of_old(DAY, 100, 8000)], single(2020, 2021, 2022, 2023))
    assert "lot_choice_matters" not in codes(listed, sale="S2")
    assert "E2 and E3, exercised that day, had not enough shares left" in only(listed, "wrong_acquired_date").message


def test_an_exercise_of_another_account_is_its_own_reason():
    lots = [{**GRANTS[0], "account": "22222"}, old(100, account="11111")]
    listed = findings(lots, [of_old(DAY, 100, 8000, account="22222")], single(2020, 2021, 2022, 2023))
    words = only(listed, "wrong_acquired_date").message
    assert "E2, exercised that day, is of another account." in words
    assert "not enough shares" not in words


# Words.


def test_pay_that_a_w2_shows_for_a_qualifying_sale_is_not_from_an_early_one():
    # Past both periods, yet the W-2 shows 5,900: basis 5,000 + 5,900 as the W-2 stands.
    one = only(findings([old(100)], [of_old(DAY, 100, 12000, pay_reported="5900")], YEARS), "basis_omits_compensation")
    assert "10,900: 5,000 paid plus 5,900 of pay that Form W-2 shows." in one.message


def test_a_caption_that_begins_with_initials_keeps_them():
    years = {2023: {"filing_status": "single", "wages": "100000", "as_filed": {"6251": {"6": "1"}}}}
    (one,) = [one for one in findings([], [], years) if one.code == "tie_out_difference"]
    assert "Form 6251 line 6 (AMTI less the exemption)" in one.message


JOINT = {year: {"filing_status": "married_joint"} for year in (2020, 2021, 2022, 2023)}
SPOUSE = {"spouse": {"name": "Sample Spouse"}}


def test_an_exercise_of_the_spouse_is_not_offered_for_a_row():
    # Two days after the spouse's exercise E2: the taxpayer's row cannot name it.
    lots = [GRANTS[0], old(100, owner="spouse")]
    one = only(findings(lots, [of_old(DAY, 100, 8000, acquired="2021-03-03")], JOINT, **SPOUSE), "wrong_acquired_date")
    assert "E2" not in one.message


def test_shares_that_came_from_the_spouse_are_not_called_left_out():
    # 50 of E1 handed over, 80 sold: 30 too many.
    given = sale("2022-03-01", 50, 0, disposition="to_spouse", form="none")
    listed = findings([old(100)], [given, of_old(DAY, 80, 8000, owner="spouse")], JOINT, **SPOUSE)
    one = only(listed, "shares_exceed_lots")
    assert one.correct == 50
    assert "Not counted" not in one.message


def test_exercises_not_looked_at_are_told():
    lots = [exercise("2019-01-02", "2021-03-01", 1, 50, 60, owner="spouse")] * 51
    one = only(findings(lots, [of_old(DAY, 1, 80)], JOINT, **SPOUSE), "shares_exceed_lots")
    assert "and 46 more. Only the first 50 of 51 exercises were looked at." in one.message


def test_one_sentence_for_lots_of_the_same_day():
    # Exercised 2023-03-01: long-term from the day after a year, 2024-03-02.
    lots = [new("2023-03-01"), exercise("2020-01-02", "2023-03-01", 100, 10, 20)]
    named = [{"exercise": name, "shares": "100"} for name in ("E1", "E2")]
    row = sale(
        "2023-06-01", 200, 6000, lots=named, acquired="2023-03-01", basis="2000", term="long", pay_reported="2000"
    )
    one = only(findings(lots, [row], single(2023)), "wrong_term")
    words = "For shares of E1 and E2 a sale is long-term from 2024-03-02 on: sold 2023-06-01, they are short-term. "
    assert words in one.message


def test_brokers_spelt_with_other_capitals_stand_in_one_row():
    rows = [sale(DAY, 50, 4000, broker=name, basis="2000", acquired="2021-03-01") for name in ("Fid", "fid")]
    found = worked([old(100)], rows, YEARS, exception_2="1")
    (row,) = forms(found, found.years[2023])["8949"]
    assert (row["a"], row["d"]) == ("Fid, see attached statement", 8000)


def test_another_day_near_a_test_leaves_the_lots_of_other_rows():
    # S1 (E1, early on 02-28: pay 1,000, gain 3,000 short) would pass on 03-02: gain 4,000 long; S2 keeps E2 (pay 500,
    # gain 500). Both times 103,500 - 12,950 = 90,550 taxable. Tax Table: at 90,575 15,213.50 + 24% of 1,500 = 15,574; at
    # 86,575 4,807.50 + 22% of 44,800 = 14,664, and 15% of 4,000. So 310 lower.
    lots = [old(100), exercise("2019-01-02", "2021-04-01", 100, 80, 85)]
    rows = [
        sale("2022-02-28", 100, 9000, basis="5000", pay_reported="1000"),
        sale("2022-03-01", 100, 9000, basis="8000", pay_reported="500"),
    ]
    listed = findings(lots, rows, single(2021, 2022, w2021="100000", w2022="100000"))
    (one,) = [one for one in listed if one.code == "holding_period_boundary" and one.sale == "S1"]
    assert "The tax of 2022 would be 310 lower" in one.message
