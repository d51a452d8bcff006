"""Cases that a second reading of the books found: each answer derived beside it."""

from decimal import Decimal

import pytest
from case_samples import changed, said
from households import exercise, sale, single, worked

from worksheets.audit import audit
from worksheets.carryforward import exercises as carried

D = Decimal
EXAMPLE = exercise("2020-01-02", "2023-03-13", 100, 10, 50)


def test_a_qualifying_sale_in_the_year_of_vesting_leaves_line_2i():
    """A.6.1, A.6.2, A.6.7: only an early sale is capped in the AMT book."""
    # Exercised at 2 worth 2, vested 2024-01-10 at 22, sold past both periods for 300,000. IRC 422(c)(2) caps early
    # sales only: line 2i (22 - 2) x 10,000 = 200,000; AMT basis 20,000 + 200,000; AMT gain 80,000, held from vesting.
    vesting = [{"date": "2024-01-10", "shares": "10000", "fmv": "22"}]
    lot = exercise("2021-01-05", "2022-01-10", 10000, 2, 2, vesting=vesting, section_83b=False)
    books = worked([lot], [sale("2024-06-05", 10000, 300000)], single(2022, 2023, 2024)).years[2024]
    part = books.dispositions[0]
    assert (part.kind, books.stock.inclusion, part.amt.basis) == ("qualifying", 200000, 220000)
    assert (part.amt.gain, part.amt.term, part.regular.gain, part.regular.term) == (80000, "short", 280000, "long")


def test_an_early_sale_in_the_year_of_vesting_leaves_none():
    """A.3.2, A.6.7: measured from vesting, both books alike."""
    # Held less than a year: IRC 422(c)(2) and 56(b)(3) treat both books alike; pay 20 x 100, gain 800, no line 2i.
    vesting = [{"date": "2024-01-10", "shares": "100", "fmv": "22"}]
    lot = exercise("2021-01-05", "2023-07-10", 100, 2, 2, vesting=vesting, section_83b=False)
    books = worked([lot], [sale("2024-06-05", 100, 3000)], single(2023, 2024)).years[2024]
    part = books.dispositions[0]
    assert (books.stock.inclusion, part.pay, part.amt.basis, part.amt.gain) == (0, 2000, 2200, 800)


@pytest.mark.parametrize("how", ["gift", "swap"])
def test_shares_that_vested_this_year_given_away_or_up_when_mature(how):
    # As above with 100 shares: 2,000 on line 2i however they go. In a swap the 100 exchanged shares keep AMT basis 2,200.
    vesting = [{"date": "2024-01-10", "shares": "100", "fmv": "22"}]
    lot = exercise("2021-01-05", "2022-01-10", 100, 2, 2, vesting=vesting, section_83b=False)
    paid = exercise("2021-01-02", "2024-06-05", 200, 44, 88, paid_with=[{"exercise": "E1", "shares": "100"}])
    given = sale("2024-06-05", 100, 0, disposition="gift", form="none")
    found = worked([lot, paid] if how == "swap" else [lot], [given] if how == "gift" else [], single(2022, 2023, 2024))
    first = [one.amount for one in found.ledger.inclusions if one.exercise == "E1"]
    assert first == [2000]
    if how == "swap":
        assert [held.amt_basis for held in found.years[2024].holdings if held.piece == "x1"] == [2200]


@pytest.mark.parametrize("how", ["death", "to_spouse"])
def test_shares_that_go_in_the_year_of_exercise_at_death_or_to_a_spouse_keep_line_2i(how):
    """A.4.4, A.4.6: no disposition."""
    # 40 of 100 shares: paid 400, line 2i 1,600, so AMT basis 2,000; no disposition (IRC 421(c), 424(c)).
    gone = sale("2023-06-05", 40, 0, disposition=how, form="none")
    books = worked([EXAMPLE], [gone], single(2023)).years[2023]
    assert (books.dispositions[0].amt.basis, books.stock.inclusion) == (2000, 4000)


def test_to_the_spouse_on_a_joint_return_line_2i_is_counted_once():
    """A.4.4: the spouse takes over what there is."""
    # The shares stay in the household: (50 - 10) x 100 in all.
    gone = sale("2023-06-05", 40, 0, disposition="to_spouse", form="none")
    years = {2023: {"filing_status": "married_joint"}}
    books = worked([EXAMPLE], [gone], years, spouse={"name": "Sample Spouse"}).years[2023]
    assert (books.dispositions[0].amt.basis, books.stock.inclusion) == (2000, 4000)


OLD = exercise("2020-01-02", "2021-03-01", 100, 5, 20)
SWAP = exercise("2020-06-01", "2024-03-04", 100, 10, 50, paid_with=[{"exercise": "E1", "shares": "20"}])


def test_an_early_sale_after_a_swap_takes_the_additional_shares_first():
    """A.7.4: lowest basis first."""
    # 20 shares worth 50 pay the 1,000: 80 additional shares at no cost hold the spread of 4,000, 50 each. 20 sold early
    # for 1,200: pay 1,000, gain 200, line 2i 3,000 (Treas. Reg. 1.422-5(b)).
    books = worked([OLD, SWAP], [sale("2024-06-03", 20, 1200, acquired="2024-03-04")], single(2021, 2022, 2023, 2024))
    part = books.years[2024].dispositions[-1]
    assert (part.pay, part.regular.gain, part.regular.term) == (1000, 200, "short")
    assert books.years[2024].stock.inclusion == 3000


def test_the_same_by_first_in_first_out():
    # E1 is sold out first: 80 left of it, then 20 of the swap's additional shares.
    row = sale("2024-06-03", 100, 6000)
    books = worked([OLD, SWAP], [row], single(2021, 2022, 2023, 2024)).years[2024]
    assert [(part.lot.exercise, part.shares, part.pay) for part in books.dispositions[1:]] == [
        ("E1", 80, 0),
        ("E2", 20, 1000),
    ]


LOSS = sale("2024-01-15", 100, 800, disposition="wash_sale", replacement="E2", acquired="2023-03-13")


def test_a_split_between_the_sale_and_the_replacement():
    """A.3.5, A.7.2: share for share, counted as after the split."""
    # Sold 100 early for 800 without the cap: basis 5,000, loss 4,200. They are 200 after 2:1, so all 200 of E2 replace
    # them: 1,000 + 4,200. AMT: 5,000 less 800, the same 4,200, on 1,000.
    later = exercise("2021-01-02", "2024-02-05", 300, 5, 5)
    split = [{"corporation": "Example Corp", "date": "2024-01-20", "split": "2:1"}]
    found = worked([EXAMPLE, later], [LOSS], single(2023, 2024), corporate_actions=split)
    held = [(one.shares, one.regular_basis, one.amt_basis) for one in found.years[2024].holdings]
    assert sorted(held) == [(100, 500, 500), (200, 5200, 5200)]
    assert found.ledger.replaced_outside == []


def test_a_replacement_with_too_few_shares_is_a_warning():
    # 40 shares of E2 for 100 sold: 40% of the loss of 4,200 is placed, 2,520 is not, and E2 did not replace those 60.
    later = exercise("2021-01-02", "2024-02-05", 40, 5, 5)
    found = audit(worked([EXAMPLE, later], [LOSS], single(2023, 2024)))[2024]
    (one,) = [one for one in found if one.code == "wash_sale_outside"]
    assert (one.severity, one.remedy, one.details) == ("warning", "ask_owner", {"regular": 2520, "amt": 2520})


def test_a_wash_sale_of_other_stock_reaches_the_exercise_that_replaced_it():
    # Bought 2024-01-05, sold 2024-02-05 at a loss of 2,000 (31 days later); 50 shares of E1 at 10 hold 500 + 2,000.
    lot = exercise("2021-01-02", "2024-02-20", 100, 10, 10)
    row = sale("2024-02-05", 50, 1000, kind="other", basis="3000", acquired="2024-01-05")
    row |= {"disposition": "wash_sale", "replacement": "E1"}
    holdings = worked([lot], [row], single(2024)).years[2024].holdings
    found = sorted((one.shares, one.regular_basis, one.amt_basis, str(one.held_from)) for one in holdings)
    assert found == [(50, 500, 500, "2024-02-20"), (50, 2500, 2500, "2024-01-20")]


def test_the_exercise_whose_price_is_box_1e():
    # One grant, one day, two prices: 1,200 for 100 shares is 12 each.
    lots = [exercise("2020-01-02", "2023-03-13", 100, price, 50) for price in (10, 12)]
    row = sale("2024-06-05", 100, 6000, acquired="2023-03-13", basis="1200")
    part = worked(lots, [row], single(2023, 2024)).years[2024].dispositions[0]
    assert (part.lot.exercise, part.chosen_by) == ("E2", "acquired")


def test_splits_that_undo_each_other_leave_nothing():
    splits = [
        {"corporation": "Example Corp", "date": day, "split": ratio}
        for day, ratio in (("2023-06-01", "1:3"), ("2023-07-03", "3:1"))
    ]
    books = worked([EXAMPLE], [sale("2024-06-05", 100, 6000)], single(2023, 2024), corporate_actions=splits).years[2024]
    part = books.dispositions[0]
    assert (part.shares, part.regular.basis, part.lot.exercise_price) == (100, 1000, 10)
    assert books.holdings == []


def test_a_broker_rounds_what_a_reverse_split_leaves():
    # 100 shares 1:3 are 33.333333 and a third of a millionth: a sale of 33.333333 is of all of them.
    split = [{"corporation": "Example Corp", "date": "2023-06-01", "split": "1:3"}]
    row = sale("2024-06-05", "33.333333", 6000)
    books = worked([EXAMPLE], [row], single(2023, 2024), corporate_actions=split).years[2024]
    assert (books.holdings, books.rows[0].e, books.rows[0].a) == ([], 1000, "33.333333 sh Example Corp")
    two = [sale("2024-06-05", "10", 2000), sale("2024-06-06", "33.333333", 6000)]
    found = worked([EXAMPLE], two, single(2023, 2024), corporate_actions=split)
    assert found.years[2024].rows[1].a == "23.333333 sh Example Corp"


def test_the_amt_holding_period_goes_on_where_it_differs():
    # Early: unvested shares (vest 2024-12-01 at 22) sold 2024-12-15 at a loss. The capital period of an early sale runs
    # from vesting: 14 days go on to E2 in both books; it began 2024-12-10, so 2024-11-26.
    vesting = [{"date": "2024-12-01", "shares": "100", "fmv": "22"}]
    first = exercise("2024-01-05", "2024-01-10", 100, 2, 3, vesting=vesting, section_83b=False)
    row = sale(
        "2024-12-15", 100, 1500, disposition="wash_sale", replacement="E2", lots=[{"exercise": "E1", "shares": "100"}]
    )
    found = worked([first, exercise("2023-01-02", "2024-12-10", 100, 10, 50)], [row], single(2024)).years[2024]
    assert [(str(one.held_from), str(one.amt_held_from)) for one in found.holdings] == [("2024-11-26", "2024-11-26")]


def test_carryforward_names_the_amt_holding_period():
    # Qualifying for the regular tax since 2022-01-10, held for the AMT since vesting on 2024-01-10: a loss in the AMT
    # book goes on to E2 with 36 days from vesting, the regular period with 766 from exercise.
    vesting = [{"date": "2024-01-10", "shares": "100", "fmv": "22"}]
    first = exercise("2021-01-05", "2022-01-10", 100, 2, 2, vesting=vesting, section_83b=False)
    row = sale(
        "2024-02-15", 100, 1500, disposition="wash_sale", replacement="E2", lots=[{"exercise": "E1", "shares": "100"}]
    )
    lots = [first, exercise("2023-01-02", "2024-02-20", 100, 10, 50)]
    found = worked(lots, [row], single(2022, 2023, 2024))
    (entry,) = carried(found.case, found.years[2024])
    assert (str(entry["held_from"]), str(entry["amt_held_from"])) == ("2022-01-15", "2024-01-15")
    again = {key: str(entry[key]) for key in ("regular_basis", "amt_basis", "held_from", "amt_held_from")}
    lot = exercise("2023-01-02", "2024-02-20", 100, 10, 50, **again)
    (held,) = worked([lot], [], single(2025)).years[2025].holdings
    assert (str(held.held_from), str(held.amt_held_from)) == ("2022-01-15", "2024-01-15")


def test_pay_above_the_laws_goes_where_the_cap_took_it_from():
    # E1 sold at 11 of 50 (pay 100, without the cap 4,000), E2 under its price (0, 3,800); W-2 7,800 shows no cap.
    lots = [exercise("2020-01-02", "2023-09-01", 100, 10, 50), exercise("2020-01-02", "2023-10-02", 100, 12, 50)]
    row = sale("2024-06-05", 200, 2200, pay_reported="7800")
    parts = worked(lots, [row], single(2023, 2024)).years[2024].dispositions
    assert [part.law_pay for part in parts] == [100, 0]
    assert [part.pay for part in parts] == [4000, 3800]


def test_pay_above_the_laws_stays_off_qualifying_shares():
    # E1 past both periods, E2 early at 60: 38 x 100 by law; 4,000 on the W-2 is all E2's.
    lots = [exercise("2020-01-02", "2022-09-01", 100, 10, 50), exercise("2020-01-02", "2023-10-02", 100, 12, 50)]
    parts = worked(lots, [sale("2024-06-05", 200, 12000, pay_reported="4000")], single(2022, 2023, 2024)).years[2024]
    assert [part.pay for part in parts.dispositions] == [0, 4000]


TRANCHE = [
    {"date": "2023-07-10", "shares": "100", "fmv": "1500"},
    {"date": "2024-07-10", "shares": "100", "fmv": "2000"},
]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"amt_basis": "5000"}, "amt_basis: read a value, exercised on 2023-03-13, expected it left out"),
        (
            {"vesting": TRANCHE, "section_83b": "false", "paid_with": "E1:10"},
            "vesting: read a value, expected it left out",
        ),
        (
            {"paid_with": "E1:40"},
            "paid_with: read 40 shares, worth 40000.00 at 1000 a share, expected at most the price",
        ),
    ],
)
def test_an_exercise_that_cannot_be_worked_is_refused(more, message):
    case = changed("years.2023.wages", "150000")
    case["exercises"] = [{**case["exercises"][0], **more}]
    assert any(line.startswith(f"exercises[0].{message}") for line in said(case))


def test_bases_of_tranches_on_both_sides_of_the_first_year_are_refused():
    case = changed("years.2023", ...)
    more = {"vesting": TRANCHE, "section_83b": "false", "amt_basis": "90000"}
    case["exercises"] = [{**case["exercises"][0], **more}]
    assert any(
        line.startswith("exercises[0].amt_basis: read a value for shares that vest before") for line in said(case)
    )


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        ({"exercise_date": "2024-03-13"}, "read E2, exercised on 2024-03-13, expected within 30 days of the sale"),
        ({"exercise_date": "2024-02-17"}, ""),
        (None, "read E1, exercised on 2023-03-13, expected within 30 days of the sale"),
    ],
)
def test_a_replacement_is_near_the_sale(extra, message):
    # Sold 2024-01-18: 30 days end on 2024-02-17.
    case = changed("sales.0.disposition", "wash_sale")
    if extra is not None:
        case["exercises"] = [case["exercises"][0], {**case["exercises"][0], **extra}]
    case["sales"][0]["replacement"] = "E1" if extra is None else "E2"
    found = [line for line in said(case) if line.startswith("sales[0].replacement")]
    assert found == [] if not message else found[0].startswith(f"sales[0].replacement: {message}")


def test_the_block_sold_is_no_replacement():
    case = changed("exercises.0.exercise_date", "2024-01-08")
    case["sales"][0] |= {"disposition": "wash_sale", "replacement": "E1", "acquired": "2024-01-08"}
    assert [line for line in said(case) if "Rev. Rul. 56-602" in line]
