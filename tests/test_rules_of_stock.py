"""The rules of option stock, one by one, each under the paragraph it is taken from; figures by hand."""

import pytest
from audited import codes, findings, only
from filings import carried, figures, wages
from households import columns, exercise, sale, single, worked
from packets import mapping

from worksheets.carryforward import carryforward_yaml
from worksheets.iso import DISQUALIFYING, NOT_A_DISPOSITION, QUALIFYING, SAME_YEAR
from worksheets.paper.letters import letters
from worksheets.paper.schedules import schedules_text
from worksheets.session import open_case

# 100 shares at 10, worth 50 at exercise; the first qualifying day is 2024-03-14.
LOT = exercise("2022-01-03", "2023-03-13", 100, 10, 50)
EARLY, LATE = "2024-01-18", "2024-06-03"
YEARS = single(2023, 2024)


def one_part(row, lots=(LOT,), years=YEARS, **more):
    """The one slice of a sale."""
    found = worked(list(lots), [row], years, **more)
    (part,) = [part for part in found.ledger.dispositions if part.sale == "S1"]
    return part


# At exercise


def test_an_exercise_gives_no_regular_income():
    """A.1.1: wages of 150,000 alone are taxed; line 2i has 4,000."""
    # Single 2023: 150,000 less 13,850; 16,290 and 24% of what exceeds 95,375.
    found = worked([LOT], [], wages(w2023=150000))
    assert figures(found, 2023, "1040", {"1a": 0, "15": 0, "16": 0}) == {"1a": 150000, "15": 136150, "16": 26076}
    assert figures(found, 2023, "6251", {"1": 0, "2i": 0}) == {"1": 136150, "2i": 4000}


@pytest.mark.parametrize(
    ("granted", "exercised", "kind"),
    [
        ("2022-01-03", "2023-09-01", DISQUALIFYING),  # two years from the grant, not one from the exercise
        ("2023-01-03", "2023-03-13", DISQUALIFYING),  # one year from the exercise, not two from the grant
        ("2022-01-03", "2023-03-13", QUALIFYING),
    ],
)
def test_both_periods_must_be_over(granted, exercised, kind):
    """A.1.2, A.2.1: the later of the two ends counts."""
    assert one_part(sale(LATE, 100, 6000), [exercise(granted, exercised, 100, 10, 50)]).kind == kind


def test_the_part_of_an_option_that_is_no_iso():
    """A.1.4, A.5.1, A.5.2: 60 of 100 shares are ISO stock; pay on the others was wages at exercise, 50 is their basis."""
    rows = [
        sale(LATE, 60, 3600, acquired="2023-03-13", basis="600", basis_reported=True),
        sale(
            LATE, 40, 2400, acquired="2023-03-13", basis="400", basis_reported=True, kind="other", correct_basis="2000"
        ),
    ]
    found = worked([exercise("2022-01-03", "2023-03-13", 60, 10, 50)], rows, YEARS)
    assert found.years[2023].stock.inclusion == 60 * 40
    iso, other = found.years[2024].dispositions
    assert (iso.regular.gain, iso.amt.gain) == (3000, 600)
    assert (other.pay, other.regular.gain, other.amt.gain) == (0, 400, 400)
    assert [columns(row) for row in found.years[2024].rows] == [
        ("D", 3600, 600, None, None, 3000),
        ("D", 2400, 400, "B", -1600, 400),
    ]


# Early sales


def test_the_trade_date_counts():
    """A.2.5: a trade on the last day of the year, or of a period, counts there, whenever it settles."""
    found = worked([LOT], [sale("2024-03-13", 40, 2400), sale("2024-12-31", 60, 3600)], single(2023, 2024, 2025))
    assert [part.kind for part in found.years[2024].dispositions] == [DISQUALIFYING, QUALIFYING]
    assert [str(row.c) for row in found.years[2024].rows] == ["2024-03-13", "2024-12-31"]
    assert found.years[2025].dispositions == []


def test_pay_belongs_to_the_year_of_the_sale():
    """A.3.1: exercised 2023, sold early 2024 at 60: pay of 4,000 in 2024."""
    found = worked([LOT], [sale(EARLY, 100, 6000)], YEARS)
    assert [found.years[year].stock.pay for year in (2023, 2024)] == [0, 4000]


def test_commissions_lower_the_cap():
    """A.3.6, A.7.6: 3,500 less 100 to sell, less 1,000 paid and 20 to exercise: pay 2,380, and no gain."""
    lot = {**LOT, "commission": "20"}
    part = one_part(sale(EARLY, 100, 3500, selling_expenses="100"), [lot])
    assert (part.pay, part.regular.basis, part.regular.gain) == (2380, 3400, 0)
    # Line 2i leaves the commission out: 40 a share; the AMT basis has it: 1,020 + 4,000.
    assert (part.lot.included, part.amt.basis, part.amt.gain) == (4000, 5020, -1620)


def test_a_loss_sale_gives_no_pay():
    """A.3.9: sold early at 8, below the price of 10: a capital loss of 200."""
    part = one_part(sale(EARLY, 100, 800))
    assert (part.pay, part.regular.gain, part.regular.disallowed) == (0, -200, 0)


def test_what_the_employer_is_told():
    """A.3.11, A.3.12: one amount for both, in box 1 alone, with nothing withheld."""
    years = {2023: {"filing_status": "single"}, 2024: {"filing_status": "single", "wages": "90000"}}
    case = mapping([LOT], [sale(EARLY, 100, 3500, basis="1000", pay_reported="0")], years)
    text = " ".join(letters(open_case(case))["employer-example-corp-2024.txt"].decode().split())
    assert "limited to what I received above the price, $2,500" in text
    assert "box 1 should be $2,500 higher" in text
    assert "not wages for social security or Medicare tax" in text
    assert "no income tax need be withheld" in text


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, 20),
        ({"disposition": "sale"}, 50),
        ({"disposition": "wash_sale", "replaced_shares": "10", "replacement": "E2"}, 40),
        ({"disposition": "wash_sale", "replaced_shares": "10"}, 50),  # replaced outside this file
    ],
)
def test_a_share_replaces_only_one(first, second):
    """A.3.5: 50 shares got are matched with the 30 sold first, and 20 of the next; or as the first row answers."""
    rows = [sale("2024-01-18", 30, 1050, **first), sale("2024-01-19", 70, 2450)]
    listed = findings([LOT, exercise("2022-01-03", "2024-02-01", 50, 10, 34)], rows, YEARS)
    for code in ("wash_sale_possible", "amt_wash_sale_possible"):
        replaced = {one.sale: one.details["replaced_shares"] for one in listed if one.code == code}
        assert replaced == ({"S2": second} if first else {"S1": 30, "S2": second})


def test_shares_matched_are_counted_across_a_split():
    """A.3.5, A.7.2: 50 shares got are 100 after 2:1; 30 sold before it use 30 of the 50, so 40 are free after it."""
    split = [{"corporation": "Example Corp", "date": "2024-01-22", "split": "2:1"}]
    rows = [sale("2024-01-18", 30, 1050), sale("2024-01-23", 140, 2450)]
    lots = [LOT, exercise("2022-01-03", "2024-01-10", 50, 10, 34)]
    found = findings(lots, rows, YEARS, corporate_actions=split)
    replaced = {one.sale: one.details["replaced_shares"] for one in found if one.code == "wash_sale_possible"}
    assert replaced == {"S1": 30, "S2": 40}


# What is a disposition


@pytest.mark.parametrize(
    ("how", "kind", "pay"),
    [
        ("sale", DISQUALIFYING, 2500),
        ("related_party", DISQUALIFYING, 4000),
        ("gift", DISQUALIFYING, 4000),
        ("death", NOT_A_DISPOSITION, 0),
        ("to_spouse", NOT_A_DISPOSITION, 0),
    ],
)
def test_ways_of_parting_within_the_periods(how, kind, pay):
    """A.4.1, A.4.2, A.4.4, A.4.6, A.4.7: sale and gift are dispositions; death and a transfer to the spouse are not."""
    part = one_part(sale(EARLY, 100, 3500 if how in {"sale", "related_party"} else 0, disposition=how))
    assert (part.kind, part.pay) == (kind, pay)
    assert part.has_row is (how in {"sale", "related_party"})


def test_a_gift_after_the_periods():
    """A.4.7: no pay, and no row; line 2i of the exercise year stays in the AMT basis that goes along."""
    part = one_part(sale(LATE, 100, 0, disposition="gift"))
    assert (part.kind, part.pay, part.has_row) == (QUALIFYING, 0, False)
    assert (part.regular.basis, part.amt.basis) == (1000, 5000)


def test_shares_pledged_stay():
    """A.4.2: a pledge is no disposition, so it is no row: the shares are held, with both bases."""
    found = worked([LOT], [], YEARS)
    (held,) = found.years[2024].holdings
    assert (held.shares, held.regular_basis, held.amt_basis) == (100, 1000, 5000)
    assert found.years[2024].dispositions == []


@pytest.mark.parametrize(("split", "sold"), [("10:1", 1000), ("1:4", 25)])
def test_a_split_after_the_exercise_keeps_dates_and_totals(split, sold):
    """A.4.9, A.7.2: grant and exercise dates and both totals stay; price and value per share follow the split."""
    more = {"corporate_actions": [{"corporation": "Example Corp", "date": "2023-09-01", "split": split}]}
    day_before, day_after = (one_part(sale(day, sold, 6000), **more) for day in ("2024-03-13", "2024-03-14"))
    assert (day_before.kind, day_after.kind) == (DISQUALIFYING, QUALIFYING)
    assert (day_after.regular.basis, day_after.amt.basis, day_before.pay) == (1000, 5000, 4000)
    assert (day_after.lot.exercise_price * sold, day_after.lot.fmv * sold) == (1000, 5000)


@pytest.mark.parametrize("split", ["10:1", "1:4"])
def test_a_split_before_the_exercise_changes_nothing(split):
    """A.7.2: Form 3921 counts the shares as they are at exercise."""
    more = {"corporate_actions": [{"corporation": "Example Corp", "date": "2023-03-13", "split": split}]}
    part = one_part(sale(LATE, 100, 6000), **more)
    assert (part.shares, part.regular.gain, part.amt.gain) == (100, 5000, 1000)


def test_unvested_shares_bought_back_at_cost():
    """A.4.10: nothing above the price was got: no pay, no result, no line 2i."""
    vesting = [{"date": "2024-09-02", "shares": "100", "fmv": "60"}]
    lot = {**LOT, "vesting": vesting, "section_83b": False}
    row = sale(EARLY, 100, 1000, form="none", lots=[{"exercise": "E1", "shares": "100"}])
    found = worked([lot], [row], YEARS)
    (part,) = found.years[2024].dispositions
    assert (part.pay, part.regular.gain, part.amt.gain) == (0, 0, 0)
    assert [found.years[year].stock.inclusion for year in (2023, 2024)] == [0, 0]


# The AMT book


@pytest.mark.parametrize(("section_83b", "line_2i"), [(True, [500, 0]), (False, [0, 700])])
def test_unvested_at_exercise(section_83b, line_2i):
    """A.6.2, A.6.6, A.6.9, A.6.10: Publication 525, example 7: 9 paid, worth 14, then 16 once nothing stands against it.

    Shares that a sale under section 16(b) would put at risk are entered as unvested until that is over.
    """
    vesting = [{"date": "2024-02-01", "shares": "100", "fmv": "16"}]
    lot = exercise("2022-01-03", "2023-09-01", 100, 9, 14, vesting=vesting, section_83b=section_83b)
    found = worked([lot], [], YEARS)
    assert [found.years[year].stock.inclusion for year in (2023, 2024)] == line_2i
    (held,) = found.years[2024].holdings
    assert (held.regular_basis, held.amt_basis) == (900, 900 + sum(line_2i))


def test_each_tranche_by_itself():
    """A.6.5, A.6.6, A.6.8: 200 of 1,200 vested at exercise (2 paid, worth 3), 600 later at 22 and 400 at 30."""
    vesting = [
        {"date": "2024-01-10", "shares": "600", "fmv": "22"},
        {"date": "2025-01-10", "shares": "400", "fmv": "30"},
    ]
    lot = exercise("2022-01-05", "2023-01-10", 1200, 2, 3, vesting=vesting, section_83b=False)
    found = worked([lot], [sale("2025-06-02", 1200, 48000)], single(2023, 2024, 2025))
    # The last tranche vests in the year of a qualifying sale, which leaves line 2i as it is.
    assert [found.years[year].stock.inclusion for year in (2023, 2024, 2025)] == [200, 12000, 11200]
    parts = found.years[2025].dispositions
    assert [(part.shares, part.amt.basis, part.amt.gain, part.amt.term) for part in parts] == [
        (200, 600, 7400, "long"),
        (600, 13200, 10800, "long"),
        (400, 12000, 4000, "short"),
    ]
    assert [(part.regular.gain, part.regular.term) for part in parts] == [
        (7600, "long"),
        (22800, "long"),
        (15200, "long"),
    ]
    held = {one.shares: (one.amt_basis, one.to_come, str(one.vests)) for one in found.years[2024].holdings}
    assert held == {200: (600, 0, "None"), 600: (13200, 0, "None"), 400: (800, 11200, "2025-01-10")}
    text = " ".join(schedules_text(found, 2024).split())
    assert "vests 2025-01-10" in text
    assert "until then it is an estimate" in text


def test_fractions_of_a_share():
    """A.7.1: half a share, paid out in cash after both periods: half of one share's bases."""
    lot = {**LOT, "shares": "10.5"}
    part = one_part(sale(LATE, "0.5", 30), [lot])
    assert (part.regular.basis, part.amt.basis, part.regular.gain) == (5, 25, 25)


def test_a_loss_in_the_year_of_exercise_is_capped_in_both_books():
    """A.6.1, A.6.3: sold at 35 in the year of exercise: pay 2,500, no result, no line 2i, nothing on line 2k."""
    found = worked([LOT], [sale("2023-11-01", 100, 3500)], wages(w2023=150000))
    (part,) = found.years[2023].dispositions
    assert (part.kind, part.pay, part.regular.gain, part.amt.gain) == (SAME_YEAR, 2500, 0, 0)
    assert figures(found, 2023, "6251", {"2i": 0, "2k": 0}) == {"2i": 0, "2k": 0}


def test_amt_losses_are_carried_apart():
    """A.6.12: sold at 20 after both periods: a gain of 1,000, an AMT loss of 3,000 and 1,000 more, of which 3,000 count."""
    lots = [LOT, exercise("2022-01-03", "2023-03-13", 50, 10, 40)]
    found = worked(lots, [sale(LATE, 150, 3000)], wages(w2023=150000, w2024=150000))
    # Regular gain 3,000 - 1,500; AMT 3,000 - 7,000. Line 2k -3,000 - 1,500.
    assert figures(found, 2024, "6251", {"2k": 0}) == {"2k": -4500}
    assert carried(found, 2024)["amt_capital_loss"] == (0, 1000)


# Swaps and same-day sales


def test_mature_shares_given_up_are_exchanged():
    """A.7.3, A.7.4: no pay; as many new shares keep both bases and the capital period, the others cost nothing."""
    # 10 of E1, worth 100 each on 2024-06-03, pay the 1,000 for 40 new shares.
    swap = exercise("2022-01-03", LATE, 40, 25, 100, paid_with=[{"exercise": "E1", "shares": "10"}])
    found = worked([LOT, swap], [], YEARS)
    (given_up,) = found.years[2024].dispositions
    assert (given_up.kind, given_up.pay) == (QUALIFYING, 0)
    held = {
        one.piece: (one.shares, one.regular_basis, one.amt_basis, str(one.held_from))
        for one in found.years[2024].holdings
    }
    assert held["x1"] == (10, 100, 500, "2023-03-13")
    # Line 2i: 40 × 100 less the 1,000 paid, all of it on the additional 30 shares.
    assert found.years[2024].stock.inclusion == 3000
    assert ("E2", 30, 0, 3000) in [
        (one.exercise, one.shares, one.regular_basis, one.amt_basis) for one in found.years[2024].holdings
    ]


def test_a_day_near_a_test_matters_in_a_swap_too():
    """A.7.3, A.2.3: given up on the anniversary, 10 shares cost pay of 40 each; a day later they are exchanged."""
    swap = exercise("2022-01-03", "2024-03-13", 40, 25, 100, paid_with=[{"exercise": "E1", "shares": "10"}])
    one = only(findings([LOT, swap], [], YEARS), "holding_period_boundary")
    assert (one.exercise, one.details["pay"], one.details["other_pay"]) == ("E2", 400, 0)
    assert "Given up on 2024-03-14, pay would be 0 instead of 400." in one.message
    later = {**swap, "exercise_date": "2024-03-20"}
    assert "holding_period_boundary" not in codes(findings([LOT, later], [], YEARS), notes=True)


def test_sold_on_the_day_of_exercise():
    """A.7.5: 100 shares at 10, worth 50, sold at 49.50 that day: pay 3,950, and nothing in the AMT book."""
    found = worked([LOT], [sale("2023-03-13", 100, 4950)], wages(w2023=150000))
    (part,) = found.years[2023].dispositions
    assert (part.kind, part.pay, part.regular.gain) == (SAME_YEAR, 3950, 0)
    assert figures(found, 2023, "6251", {"2i": 0, "2k": 0}) == {"2i": 0, "2k": 0}


# What is held, and what schedules say


def test_what_is_carried_says_what_follows_from_the_dates():
    """A.2.3, A.6.6: first qualifying day, and line 2i to come: (30 - 2) × 400."""
    vesting = [{"date": "2025-02-10", "shares": "400", "fmv": "30"}]
    lot = exercise("2023-01-05", "2023-01-10", 1200, 2, 3, vesting=vesting, section_83b=False)
    rsu = [
        {"corporation": "Example Corp", "date": day, "shares": "5", "kind": "RSU"}
        for day in ("2023-11-20", "2023-12-20")
    ]
    text = carryforward_yaml(worked([lot], [], single(2023), acquisitions=rsu, exception_2="40"))
    assert "amt_basis: 2400}  # first qualifying day 2025-01-06\n" in text
    assert "# first qualifying day 2025-01-06; line 2i of 2025 to come: 11200\n" in text
    assert "exception_2: 40\n" in text
    # Only what was got in the last 30 days can replace shares sold at a loss in the new year.
    assert "2023-12-20" in text
    assert "2023-11-20" not in text


VESTED = {"vesting": [{"date": "2024-01-10", "shares": "100", "fmv": "60"}], "section_83b": False}


@pytest.mark.parametrize(
    ("lot", "row", "words"),
    [
        (
            LOT,
            sale(EARLY, 100, 3500, disposition="related_party", form="none"),
            "the buyer is a related person (IRC 267), so a loss would not be recognised and the cap",
        ),
        (
            LOT,
            sale(EARLY, 100, 3500, disposition="wash_sale"),
            "the shares were replaced within 30 days (IRC 1091), so a loss would not be recognised and the cap",
        ),
        (
            LOT,
            sale(EARLY, 100, 3500, disposition="wash_sale"),
            "It goes into the bases of the shares that replaced these, with their holding period",
        ),
        (LOT, sale(EARLY, 100, 0, disposition="gift"), "a gift is no sale, so a loss would not be recognised"),
        (LOT, sale(LATE, 100, 0, disposition="gift"), "the new owner takes the basis over (IRC 1015(a))"),
        (LOT, sale(EARLY, 100, 0, disposition="death"), "as a rule with the value at death as basis (IRC 1014(a)"),
        (
            {**LOT, **VESTED},
            sale(EARLY, 100, 9000),
            "disposition, in the year of vesting. Pay is the smaller of 5,000, value at vesting, 2024-01-10, less price,",
        ),
        ({**LOT, **VESTED}, sale(EARLY, 100, 9000), "It is not settled that vesting, not exercise, measures the pay"),
        ({**LOT, **VESTED}, sale(EARLY, 100, 9000), "held from vesting, 2024-01-10, long-term from 2025-01-11"),
        (
            {**LOT, **VESTED},
            sale("2024-01-04", 100, 900, lots=[{"exercise": "E1", "shares": "100"}]),
            "disposition, before vesting.",
        ),
    ],
)
def test_schedules_say_why(lot, row, words):
    """A.3.2, A.3.4, A.4.6, A.4.7: why each was classed as it was, with the dates and the rule."""
    text = schedules_text(worked([lot], [row], YEARS), 2024)
    assert words in " ".join(text.split())


def test_schedules_say_how_shares_were_given_up():
    """A.7.3: early, in a swap."""
    swap = exercise("2022-01-03", EARLY, 40, 25, 100, paid_with=[{"exercise": "E1", "shares": "10"}])
    text = " ".join(schedules_text(worked([LOT, swap], [], YEARS), 2024).split())
    assert "Pay is all of 400, value less price: they were exchanged for new shares (IRC 1036)" in text
    assert "These shares were named under paid_with." in text


def test_schedules_say_what_a_wash_sale_handed_on():
    """A.3.4, A.7.4: loss of 1,500 and 311 days of the shares sold, in the replacement that is sold itself."""
    # E1 sold at 35 without the cap: basis 5,000, loss 1,500. E2: 100 at 10 and 1,500, held 311 days before 2024-02-01.
    lots = [LOT, exercise("2022-01-03", "2024-02-01", 100, 10, 34)]
    rows = [sale(EARLY, 100, 3500, disposition="wash_sale", replacement="E2"), sale("2024-08-01", 100, 6000)]
    text = " ".join(schedules_text(worked(lots, rows, YEARS), 2024).split())
    assert "It goes into the bases of E2, with their holding period" in text
    assert (
        "Regular basis: 2,500 of cost (with what the shares these took the place of handed on) and 2,400 pay." in text
    )
    assert "held from 2023-03-27 with the time of the shares these took the place of, long-term from 2024-03-28" in text
