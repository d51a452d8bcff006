"""Findings that ask or tell: wash sales, days near a test, choices of lots, whole years. Figures by hand."""

from decimal import Decimal

import pytest
from audited import codes, findings, only
from households import exercise, sale, single

from worksheets.audit_return import has_amt
from worksheets.findings import ASK_OWNER, NOTE, WARNING

D = Decimal

# EXAMPLES 15 and 16: 1,000 shares at 10, worth 50, exercised November 2023, sold February 2024 at 35.
LOT = exercise("2022-06-01", "2023-11-06", 1000, 10, 50)
SOLD = "2024-02-12"
ROW = {"basis": "35000", "term": "short", "acquired": "2023-11-06", "pay_reported": "25000"}
WHOLE = single(2023, 2024, w2023="150000", w2024="175000")


def at_35(**more):
    return sale(SOLD, 1000, 35000, **{**ROW, **more})


def near(day, shares=1000, owner="taxpayer"):
    return exercise("2022-06-01", day, shares, 10, 36, owner=owner)


def test_shares_got_within_30_days_are_asked_about():
    """A.3.4, A.6.11: what an answer would change."""
    # Replaced: pay 40,000 instead of 25,000, basis 50,000, loss 15,000 not allowed; AMT loss of 15,000 likewise.
    listed = findings([LOT, near("2024-03-01")], [at_35()], WHOLE)
    assert codes(listed) == ["wash_sale_possible", "amt_wash_sale_possible"]
    one = only(listed, "wash_sale_possible")
    assert (one.severity, one.remedy, one.sale) == (WARNING, ASK_OWNER, "S1")
    assert "pay is 40,000 instead of 25,000, without the cap, and a loss of 15,000" in one.message
    assert "(disposition: wash_sale, replaced_shares: 1000, replacement: E2)" in one.message  # as a case file takes it
    assert one.details["pay_if_replaced"] == 40000
    assert only(listed, "amt_wash_sale_possible").details["amt_disallowed_if_replaced"] == 15000


def test_what_the_answer_does_to_the_tax():
    # As worked: wages 175,000 hold pay of 25,000; no capital result. Taxable 175,000 - 14,600 = 160,400; tax by the 2024
    # rates 17,168.50 + 24% of (160,400 - 100,525) = 31,538.50. Replaced: 15,000 more pay on Schedule 1, taxable 175,400,
    # tax 35,138.50. No AMT either way: 2k is (28,000) and (40,000). So 3,600 more, less what Form 8801 changes: line
    # 24 is line 22 less 23. TMT 26% of (175,000 - 28,000 - 85,700) = 15,938, of (190,000 - 40,000 - 85,700) = 16,718;
    # credit room 15,600.50 and 18,420.50. 2023: line 2i 40,000, AMTI 190,000, TMT 26% of 108,700 = 28,262, tax
    # 26,075.50 (136,150): AMT 2,186.50, a credit used in full both ways.
    listed = findings([LOT, near("2024-03-01")], [at_35()], WHOLE)
    assert "The tax of 2024 would be 3,600 higher" in only(listed, "wash_sale_possible").message


def test_a_year_of_stock_only_says_no_tax():
    one = only(findings([LOT, near("2024-03-01")], [at_35()], single(2023, 2024)), "wash_sale_possible")
    assert "The tax of" not in one.message


@pytest.mark.parametrize(
    ("day", "asked"),
    [("2024-01-12", False), ("2024-01-13", True), ("2024-02-12", True), ("2024-03-13", True), ("2024-03-14", False)],
)
def test_the_window_is_thirty_days_either_side(day, asked):
    found = findings([], [other_loss()], single(2024), acquisitions=[got(day)])
    assert codes(found) == (["wash_sale_possible", "amt_wash_sale_possible"] if asked else [])


def got(day, corporation="Example Corp"):
    return {"corporation": corporation, "date": day, "shares": "300", "kind": "RSU"}


def other_loss(**more):
    row = {"kind": "other", "basis": "40000", "term": "long", "acquired": "2020-01-06"}
    return sale(SOLD, 1000, 35000, **{**row, **more})


def test_only_as_many_as_were_got():
    # 300 of 1,000 replaced: 30% of the loss of 5,000.
    one = only(findings([], [other_loss()], single(2024), acquisitions=[got("2024-02-20")]), "wash_sale_possible")
    assert one.details["disallowed_if_replaced"] == 1500


def test_the_row_may_answer():
    for answer in ("sale", "wash_sale"):
        more = {"wash_sale_disallowed": "15000", "basis": "50000", "pay_reported": "40000"}
        row = at_35(disposition=answer, **(more if answer == "wash_sale" else {}))
        assert codes(findings([LOT, near("2024-03-01")], [row], WHOLE)) == []


def test_a_spouse_counts_and_other_stock_does_not():
    spouse = {"spouse": {"name": "Sample Spouse"}}
    assert codes(findings([LOT, near("2024-03-01", owner="spouse")], [at_35()], single(2023, 2024), **spouse))
    elsewhere = {**near("2024-03-01"), "corporation": "Elsewhere Inc"}
    assert codes(findings([LOT, elsewhere], [at_35()], single(2023, 2024))) == []


def test_a_gain_is_not_asked_about():
    row = sale(SOLD, 1000, 60000, **{**ROW, "basis": "50000", "pay_reported": "40000"})
    assert codes(findings([LOT, near("2024-03-01")], [row], single(2023, 2024))) == []


def test_an_amt_loss_alone():
    """A.6.11: a loss in the AMT book only."""
    # Both periods over, sold at 35: a regular gain of 25,000, an AMT loss of 15,000.
    lot = exercise("2021-06-01", "2022-11-07", 1000, 10, 50)
    row = sale(SOLD, 1000, 35000, basis="10000", term="long", acquired="2022-11-07")
    listed = findings([lot, near("2024-03-01", 400)], [row], single(2022, 2023, 2024))
    assert codes(listed) == ["amt_wash_sale_possible"]
    assert listed[0].details["amt_disallowed_if_replaced"] == 6000  # 400 of 1,000


def test_the_rest_of_the_block_is_a_note():
    # Rev. Rul. 56-602: 400 of 1,000 exercised three days before are sold below their value.
    lot = exercise("2022-06-01", "2024-02-09", 1000, 10, 50)
    row = sale(SOLD, 400, 14000, basis="14000", term="short", acquired="2024-02-09", pay_reported="10000")
    listed = findings([lot], [row], single(2024))
    assert codes(listed) == []
    assert [(one.code, one.severity) for one in listed] == [("wash_sale_possible", NOTE)]
    whole = sale(SOLD, 1000, 35000, **{**ROW, "acquired": "2024-02-09"})
    assert findings([lot], [whole], single(2024)) == []


def test_box_1g_without_a_word_is_asked_about():
    row = sale(SOLD, 1000, 8000, **{**ROW, "basis": "10000", "pay_reported": "0", "wash_sale_disallowed": "2000"})
    assert codes(findings([LOT], [row], single(2023, 2024)), sale="S1") == [
        "wash_sale_mismatch",
        "wash_sale_possible",
        "amt_wash_sale_possible",
    ]


# A sale within three days of a test. Granted 2022-01-03, exercised 2023-03-13: both tests on 2024-03-14.
BOUNDARY = exercise("2022-01-03", "2023-03-13", 100, 10, 50)


@pytest.mark.parametrize(
    ("day", "near_test"),
    [("2024-03-10", False), ("2024-03-11", True), ("2024-03-13", True), ("2024-03-14", True), ("2024-03-18", False)],
)
def test_days_near_a_test(day, near_test):
    listed = findings([BOUNDARY], [sale(day, 100, 6000, acquired="2023-03-13")], single(2023, 2024))
    assert ("holding_period_boundary" in codes(listed, notes=True)) is near_test


def test_what_one_day_changes():
    # Sold at 60 on the last day: pay 4,000, gain 1,000 short; a day later a gain of 5,000, long, and no pay. Single 2024,
    # wages 104,000 with the pay: taxable 90,400, by the table 14,947. A day later 100,000 of wages: 85,400 by the table
    # 13,847, and 15% of 5,000. So 350 lower. No AMT: line 2i of 2023 is 4,000.
    row = sale("2024-03-13", 100, 6000, basis="5000", term="short", pay_reported="4000")
    (one,) = findings([BOUNDARY], [row], single(2023, 2024, w2023="100000", w2024="104000"))
    assert (one.code, one.severity) == ("holding_period_boundary", NOTE)
    assert "Sold on 2024-03-14, pay would be 0 instead of 4,000" in one.message
    assert "5,000 long-term instead of 1,000 short-term" in one.message
    assert "The tax of 2024 would be 350 lower" in one.message


def test_a_leap_day_between_the_rules_is_a_warning():
    """A.2.8: qualifying, yet short-term."""
    # EXAMPLES, Dates 4: exercised 2023-02-28, sold 2024-02-29: past both anniversaries, short-term by the month-end rule.
    lot = exercise("2021-01-04", "2023-02-28", 100, 10, 50)
    for day, expected in (("2024-02-28", []), ("2024-02-29", ["holding_period_boundary"]), ("2024-03-01", [])):
        row = sale(day, 100, 6000, pay_reported="4000" if day == "2024-02-28" else "0", basis="1000", term=None)
        listed = findings([lot], [row], single(2023, 2024))
        assert [one for one in codes(listed) if not one.startswith("basis")] == expected


VESTING = {"vesting": [{"date": "2024-01-10", "shares": "1200", "fmv": "22"}], "section_83b": False}


def test_an_early_sale_of_stock_unvested_at_exercise_is_a_warning():
    """A.3.2, A.6.8: measured from vesting, with a warning."""
    # As EXAMPLES 23 (price 2, worth 2, 22 at vesting), but sold two days after vesting, before both tests are over.
    lot = exercise("2022-01-05", "2023-01-16", 1200, 2, 2, **VESTING)
    row = sale("2024-01-12", 1200, 36000, basis="26400", pay_reported="24000")
    listed = findings([lot], [row], single(2023, 2024))
    one = next(one for one in listed if one.severity == WARNING)
    assert one.code == "holding_period_boundary"
    # By the value at vesting 22 - 2 = 20 a share; by that at exercise, 2 - 2 = 0.
    assert (one.details["pay"], one.details["pay_by_value_at_exercise"]) == (24000, 0)
    assert "the AMT result is the regular one" in one.message
    later = sale("2025-03-03", 1200, 36000, basis="2400", term="long")
    assert codes(findings([lot], [later], single(2023, 2024, 2025))) == []


def test_shares_not_yet_vested():
    lot = exercise("2022-01-05", "2023-01-16", 1200, 2, 2, **VESTING)
    row = sale("2023-12-04", 100, 3000, basis="3000", pay_reported="2800", term="short")
    listed = findings([lot], [row], single(2023, 2024))
    assert codes(listed) == ["shares_exceed_lots"]
    assert "E1 that vest after 2023-12-04" in listed[0].message
    named = {**row, "lots": [{"exercise": "E1", "shares": "100"}]}
    one = only(findings([lot], [named], single(2023, 2024)), "lot_choice_matters")
    assert one.severity == WARNING
    assert "vest on 2024-01-10" in one.message


def test_two_grants_exercised_on_one_day():
    lots = [exercise("2022-01-03", "2023-03-13", 100, 10, 50), exercise("2022-05-02", "2023-03-13", 100, 12, 50)]
    row = {"acquired": "2023-03-13", "term": "long"}
    open_row = sale("2024-04-10", 100, 6000, **row, basis="1100")
    listed = findings(lots, [open_row], single(2023, 2024, w2023="100000", w2024="100000"))
    one = only(listed, "lot_choice_matters")
    assert (one.severity, one.remedy) == (WARNING, ASK_OWNER)
    # E1 is past both tests (gain 5,000 long); E2 is not: 2024-05-03. Pay 3,800, gain 1,000 long: as 22% and 15%.
    # Taxable with E1 100,000 - 14,600 = 85,400 (13,847) + 750; with E2 89,200 (14,683) + 150: 236 higher.
    assert "If of E2: The tax of 2024 would be 236 higher" in one.message
    told = sale("2024-04-10", 100, 6000, **row, basis="1000")
    assert codes(findings(lots, [told], single(2023, 2024))) == []
    alike = [lots[0], lots[0]]  # two Forms 3921 of one grant: nothing hangs on which was sold
    assert codes(findings(alike, [{**told, "account": None}], single(2023, 2024))) == []


# EXAMPLES 28: 100 shares of 2023-01-05 (worth 25) and 100 of 2024-03-04 (worth 45), price 5; 150 sold at 40.
TWO = [exercise("2020-01-02", "2023-01-05", 100, 5, 25), exercise("2020-01-02", "2024-03-04", 100, 5, 45)]


def test_another_choice_of_lots_changes_the_tax():
    """A.7.1: what identification would have changed."""
    # First in, first out: pay 1,750, long gain 3,500. All of the later lot and 50 of the first: pay 3,500, gain 1,750.
    # Single 2024, wages 50,000: taxable 36,  wages 51,750 less 14,600 = 37,150 and the gain at 0%: 12% of the pay.
    row = sale("2024-06-03", 150, 6000, pay_reported="1750", basis="3000")
    years = single(2023, 2024, w2023="30000", w2024="31750")
    one = only(findings(TWO, [row], years), "lot_choice_matters")
    assert one.severity == NOTE
    # Ordinary income 17,150 against 18,900: by the table 1,829 (17,150) and 2,039 (18,900), gains at 0%.
    assert one.details["tax"] == 210
    assert "50 of E1 and 100 of E2" in one.message


def test_an_identified_sale_is_not_second_guessed():
    row = sale("2024-06-03", 150, 6000, pay_reported="1750", basis="3000")
    named = {**row, "lots": [{"exercise": "E1", "shares": "100"}, {"exercise": "E2", "shares": "50"}]}
    years = single(2023, 2024, w2023="30000", w2024="31750")
    assert "lot_choice_matters" not in codes(findings(TWO, [named], years), notes=True)
    assert "lot_choice_matters" not in codes(findings(TWO, [row], single(2023, 2024)), notes=True)


def test_a_large_household_says_that_no_other_choice_was_tried():
    rows = [sale("2024-06-03", 1, 40 + n, pay_reported="0", basis="5", disposition="sale") for n in range(61)]
    years = single(2023, 2024, w2023="30000", w2024="31750")
    listed = [one for one in findings(TWO, rows, years) if one.code == "lot_choice_matters"]
    assert [(one.sale, one.severity) for one in listed] == [("", NOTE)]
    assert "was not tried" in listed[0].message


def test_qsbs_question():
    lot = exercise("2017-03-01", "2018-06-01", 100, 10, 50)
    years = {year: {"filing_status": "single"} for year in (2018, 2019, 2020, 2021)}
    row = sale("2021-06-02", 100, 9000, form="none")
    assert codes(findings([lot], [row], years), notes=True) == ["qsbs_question"]
    assert findings([lot], [{**row, "sold": "2021-06-01"}], years) == []
    assert findings([lot], [sale("2021-06-02", 100, 9000, basis="1000")], years) == []  # through a broker


@pytest.mark.parametrize(
    ("state", "year", "expected"),
    [
        ("CA", 2024, True),
        ("MN", 2024, True),
        ("IA", 2022, True),
        ("IA", 2023, False),
        ("NY", 2024, False),
        (None, 2024, False),
    ],
)
def test_states_with_an_amt(state, year, expected):
    assert has_amt(state, year) is expected


def test_state_not_computed():
    """A.8: California's own AMT."""
    assert codes(findings(years=single(2024), state="CA"), notes=True) == ["state_not_computed"]
    assert findings(years=single(2024), state="TX") == []


def test_spread_negative():
    lot = exercise("2021-06-01", "2023-03-13", 100, 10, 9)
    (one,) = findings([lot], years=single(2023))
    assert (one.code, one.severity, one.exercise, one.reported, one.correct) == (
        "spread_negative",
        NOTE,
        "E1",
        900,
        1000,
    )
    assert "boxes 3 and 4, both of one share: 10.00 paid, 9.00 of value; are they the other way round?" in one.message
    assert findings([exercise("2021-06-01", "2023-03-13", 100, 10, 10)], years=single(2023)) == []


def test_a_whole_year_after_one_of_stock_only_with_line_2i():
    years = single(2023, 2024, w2024="100000")
    listed = findings([BOUNDARY], years=years)
    assert [(one.code, one.severity) for one in listed] == [("prior_year_assumed", WARNING)]
    assert findings([BOUNDARY], years=single(2023, 2024, w2023="100000", w2024="100000")) == []
    assert findings([{**BOUNDARY, "fmv": "10"}], years=years) == []


def test_an_assumption_that_matters_is_a_finding():
    years = {2024: {"filing_status": "single", "wages": "100000", "qualified_dividends": "500"}}
    assert codes(findings(years=years)) == ["material_assumption"]
    years[2024]["ordinary_dividends"] = "500"
    assert findings(years=years) == []


def test_gains_at_special_rates_are_worked_again_for_an_amt_with_other_losses():
    # The worksheets behind Schedule D lines 18 and 19 take off line 14 (and a net loss on line 7), which differs here.
    none, loss = {"short": "0", "long": "0"}, {"short": "0", "long": "9000"}
    year = {"filing_status": "single", "wages": "100000", "other_long_term": "50000", "unrecaptured_1250": "20000"}
    year |= {"capital_loss_carryover": none, "amt_capital_loss_carryover": loss}
    (one,) = findings(years={2024: year})
    assert (one.code, one.severity, one.details) == ("material_assumption", WARNING, {"key": "amt_unrecaptured_1250"})
    assert findings(years={2024: {**year, "amt_unrecaptured_1250": "11000"}}) == []
    assert findings(years={2024: {**year, "amt_capital_loss_carryover": none}}) == []


# The IRS's line 2k example (Form 6251 instructions): CONTRACT prints its 2024.
IRS = exercise("2022-01-03", "2023-03-13", 200, 100, 1000)
IRS_ROWS = [
    sale("2024-01-18", 100, 75000, basis="75000", term="short", pay_reported="65000"),
    sale("2024-04-22", 100, 60000, basis="10000", term="long"),
]


def irs(as_filed, rows=IRS_ROWS):
    years = single(2023, 2024, w2023="150000", w2024="215000")
    years[2024]["as_filed"] = as_filed
    return findings([IRS], rows, years)


def test_a_return_filed_as_worked_ties_out():
    filed = {
        "1040": {"7": "50000", "16": "49315"},
        "6251": {"2k": "-118000", "4": "147001", "11": "0"},
        "8801": {"25": "33377", "26": "5769"},
        "schedule_d": {"1b": "0", "16": "50000"},
    }
    assert irs(filed) == []


def test_a_filed_line_that_differs():
    # The AMT book left out: AMTI 265,000, Part III: 26% of (265,000 - 85,700 - 50,000) = 33,618 and 15% of 50,000 =
    # 7,500: TMT 41,118, credit 49,315 - 41,118 = 8,197, carried 39,146 - 8,197 = 30,949, 25,180 more than 5,769.
    # The AMT losses of 62,000 are not carried either.
    listed = irs({"6251": {"2k": "0", "4": "265000"}, "8801": {"26": "30949"}})
    assert [(one.code, one.details["line"], one.details["follows"]) for one in listed] == [
        ("tie_out_difference", "2k", "no"),
        ("tie_out_difference", "4", "yes"),
        ("tie_out_difference", "26", "no"),
    ]
    assert (listed[0].reported, listed[0].correct) == (0, -118000)
    assert all("with the AMT basis and line 2k left out" in one.message for one in (listed[0], listed[2]))
    later = "So filed, 25,180 more minimum tax credit and 62,000 less AMT capital loss would go to later years."
    assert all(f"{later} Form 1040-X puts that right." in one.message for one in (listed[0], listed[2]))
    (tax,) = irs({"1040": {"16": "50000"}})
    assert "(tax, with any tax on Form 4972) was filed as 50,000" in tax.message


def test_a_filed_line_that_one_row_explains():
    # Box 1e of S1 copied: 65,000 of short-term gain on top, Schedule D line 16 is 115,000.
    rows = [{**IRS_ROWS[0], "basis": "10000"}, IRS_ROWS[1]]
    one = only(irs({"schedule_d": {"16": "115000"}}, rows), "tie_out_difference")
    assert "what one gets with the basis of S1 as box 1e shows it" in one.message
    assert only(irs({"schedule_d": {"16": "99999"}}, rows), "tie_out_difference").message.count("No one finding") == 1


def test_a_line_that_the_form_does_not_have():
    assert codes(irs({"1040": {"99": "5"}})) == ["tie_out_difference"]
