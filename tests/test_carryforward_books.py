"""What carryforward.yaml says of lots, and that the next file takes it: each figure derived beside it."""

from decimal import Decimal

import pytest
import yaml
from case_samples import said
from households import exercise, sale, worked
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_households import EVERY_KIND, households
from two_runs import carried_on, everything, one_entry_each, until

from worksheets.audit import audit
from worksheets.carryforward import carryforward_yaml
from worksheets.household import work
from worksheets.read.case_file import read_case

D = Decimal
FIRST, LAST = SPAN = (2021, 2025)
few = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
OLD = exercise("2019-01-02", "2021-03-01", 200, 50, 60)


def years(first, last, status="single"):
    return {str(year): {"filing_status": status, "wages": "100000"} for year in range(first, last + 1)}


def next_file(found):
    """What carryforward.yaml of a household holds, every value as text."""
    return yaml.load(carryforward_yaml(found), Loader=yaml.BaseLoader)  # noqa: S506 - text only: nothing becomes a float


def gone_on(case, sales=(), **more):
    """The household of the new year: its wages and sales, and whatever else is new."""
    (year,) = case["years"]
    facts = {**case["years"][year], "wages": "100000"}
    rows = [{"id": f"S{n}", "corporation": "Example Corp", **row} for n, row in enumerate(sales, start=1)]
    return work(read_case({**case, "sales": rows, "years": {year: facts}, **more}))


def comments(found):
    return [line for line in carryforward_yaml(found).splitlines() if line.startswith("#")]


# --- Ids -----------------------------------------------------------------------------------------------------------


def to_spouse(day, shares=50):
    return {"sold": day, "shares": str(shares), "disposition": "to_spouse"}


def test_shares_that_go_to_the_spouse_year_after_year_have_ids_of_their_own():
    # 200 shares; 50 go to the spouse in each of 2021, 2022 and 2023: the taxpayer keeps 50, the spouse has three lots.
    joint = years(2021, 2021, "married_joint")
    found = worked([OLD], [to_spouse("2021-06-05")], joint, spouse={"name": "Sample Spouse"})
    for year in (2022, 2023):
        found = gone_on(next_file(found), [to_spouse(f"{year}-06-05")])
    entries = [(one["id"], one["owner"], one["shares"]) for one in next_file(found)["exercises"]]
    assert sorted(entries) == [
        ("E1", "taxpayer", "50"),
        ("E1.2", "spouse", "50"),
        ("E1.3", "spouse", "50"),
        ("E1.4", "spouse", "50"),
    ]
    assert gone_on(next_file(found)).years[2024].holdings


def test_an_id_of_the_users_own_is_not_written_twice():
    # E1.2 is another exercise here; the half of E1 that vests later is a lot of its own and needs a third name.
    vesting = [{"date": "2022-06-01", "shares": "100", "fmv": "70"}]
    lots = [
        {"id": "E1", **OLD, "vesting": vesting, "section_83b": False},
        {"id": "E1.2", **exercise("2019-01-02", "2021-05-03", 30, 50, 60)},
    ]
    case = next_file(worked(lots, [], years(2021, 2021)))
    assert sorted((one["id"], one["shares"]) for one in case["exercises"]) == [
        ("E1", "100"),
        ("E1.2", "30"),
        ("E1.3", "100"),
    ]
    assert len(gone_on(case).years[2022].holdings) == 3


# --- What was paid -------------------------------------------------------------------------------------------------


def unvested(price, paid, fmv):
    """1,000 shares of 2022 that vest on 2023-06-01, the election not made."""
    vesting = [{"date": "2023-06-01", "shares": "1000", "fmv": fmv}]
    lot = exercise("2021-01-04", "2022-03-01", 1000, price, 1, vesting=vesting, section_83b=False)
    return worked([lot | {"paid": paid}], [], years(2022, 2022))


@pytest.mark.parametrize(
    ("split", "line_2i"),
    [
        # A.6.2: 5 x 1,000 - 333.33 paid.
        ([], "4666.67"),
        # A.7.2: 20,000 shares worth 5 each on the day of vesting, 100,000 - 333.33.
        ([{"corporation": "Example Corp", "date": "2023-02-01", "split": "20:1"}], "99666.67"),
    ],
)
def test_shares_that_vest_in_the_next_file_keep_what_was_paid(split, line_2i):
    case = next_file(unvested("0.33", "333.33", "5"))
    (entry,) = case["exercises"]
    assert (entry["paid"], entry["vesting"][0]["fmv"]) == ("333.33", "5")
    assert gone_on(case, corporate_actions=split).years[2023].stock.inclusion == D(line_2i)


def test_a_value_of_nothing_at_vesting_is_carried_as_such():
    # Worth 0 for 333.33 paid: no line 2i, and no value below zero in the file.
    case = next_file(unvested("0.33", "333.33", "0"))
    (entry,) = case["exercises"]
    assert (entry["paid"], entry["vesting"][0]["fmv"]) == ("333.33", "0")
    assert gone_on(case).years[2023].stock.inclusion == 0


def test_what_was_paid_goes_with_the_shares():
    # 333.33 for 1,000 shares, 20:1, then 5,000 of 20,000 sold: 15,000/20,000 of 333.33 = 249.9975, whatever the spread.
    lot = exercise("2021-01-04", "2022-03-01", 1000, "0.33", "0.10", paid="333.33")
    split = [{"corporation": "Example Corp", "date": "2022-06-01", "split": "20:1"}]
    found = worked([lot], [sale("2022-07-01", 5000, 900)], years(2022, 2022), corporate_actions=split)
    (entry,) = next_file(found)["exercises"]
    assert (entry["shares"], entry["paid"], entry["regular_basis"]) == ("15000", "249.9975", "249.9975")


def test_what_was_paid_in_a_stock_swap():
    # 100 shares at 10 paid with 20 old ones worth 50 each, 1,000: the 20 exchanged ones cost their own worth, so no
    # spread; the 80 others cost nothing and hold the whole spread, 4,000. Basis 20 x 50 = 1,000 and 0.
    new = exercise("2019-01-02", "2022-06-01", 100, 10, 50, paid_with=[{"exercise": "E1", "shares": "20"}])
    found = worked([OLD, new], [], years(2021, 2022))
    entries = [one for one in next_file(found)["exercises"] if one["id"] != "E1"]
    assert sorted((one["shares"], one["paid"], one["regular_basis"]) for one in entries) == [
        ("20", "1000", "1000"),
        ("80", "0", "0"),
    ]


# --- Splits --------------------------------------------------------------------------------------------------------


def test_other_shares_got_are_carried_as_the_year_end_counts_them():
    # 10 RSU on 2022-12-10, 10:1 on 2022-12-20: 100 shares can replace those sold in January.
    rsu = [{"corporation": "Example Corp", "date": "2022-12-10", "shares": "10", "kind": "RSU"}]
    split = [{"corporation": "example corp", "date": "2022-12-20", "split": "10:1"}]
    found = worked([OLD], [], years(2021, 2022), acquisitions=rsu, corporate_actions=split)
    assert [one["shares"] for one in next_file(found)["acquisitions"]] == ["100"]


def test_a_split_after_the_last_year_goes_on():
    # 5 a share on the day of vesting, of 20,000 shares by then: 99,666.67 in either file.
    vesting = [{"date": "2023-06-01", "shares": "1000", "fmv": "5"}]
    more = {"vesting": vesting, "section_83b": False, "paid": "333.33"}
    split = [{"corporation": "Example Corp", "date": "2023-02-01", "split": "20:1"}]
    lot = exercise("2021-01-04", "2022-03-01", 1000, "0.33", 1, **more)
    case = next_file(worked([lot], [], years(2022, 2022), corporate_actions=split))
    assert case["corporate_actions"] == split
    assert gone_on(case).years[2023].stock.inclusion == D("99666.67")


# --- Pieces of one exercise ----------------------------------------------------------------------------------------


PIECES = exercise(
    "2019-01-02",
    "2022-12-15",
    100,
    10,
    20,
    vesting=[{"date": "2023-06-01", "shares": "50", "fmv": "30"}],
    section_83b=False,
)
LOSS = sale("2023-01-05", 100, 2000, acquired="2021-03-01", disposition="wash_sale", replacement="E2")


def test_a_loss_goes_into_all_pieces_of_the_exercise_named():
    # 100 of E1 (basis 5,000; AMT 6,000) sold for 2,000: 3,000 and 4,000 not allowed. E2's 100 shares, 50 of them E2.2,
    # take all of it: 1,000 + 3,000; AMT 1,000 + 500 (line 2i of 2022, 10 x 50) + 1,000 (of 2023, 20 x 50) + 4,000.
    one = worked([OLD, PIECES], [LOSS], years(2021, 2023))
    two = gone_on(next_file(worked([OLD, PIECES], [], years(2021, 2022))), [LOSS])
    for found, year in ((one, 2023), (two, 2023)):
        held = [part for part in found.years[year].holdings if part.exercise.startswith("E2")]
        assert sum(part.shares for part in held) == 100
        assert sum(part.regular_basis for part in held) == 4000
        assert sum(part.amt_basis for part in held) == 6500
        assert found.ledger.replaced_outside == []


def test_the_block_sold_from_is_no_replacement_in_pieces_either():
    # Rev. Rul. 56-602, as in one run: a sale of E2 cannot be replaced by E2.2.
    case = next_file(worked([OLD, PIECES], [], years(2021, 2022)))
    row = sale("2023-01-05", 30, 150, acquired="2022-12-15", disposition="wash_sale", replacement="E2.2")
    case["years"]["2023"]["wages"] = "100000"
    expected = "sales[0].replacement: read E2.2, the shares sold, expected other shares (Rev. Rul. 56-602)"
    for named in ({}, {"lots": [{"exercise": "E2", "shares": "30"}]}):
        assert said({**case, "sales": [{"corporation": "Example Corp", **row, **named}]}) == [expected]
    other = {"corporation": "Example Corp", **LOSS, "replacement": "E2.2"}
    assert said({**case, "sales": [other]}) == []


def test_the_rest_of_the_block_is_a_note_in_one_run_and_in_two():
    # 30 of E2 sold at 5 of cost 10; the rest of E2, in the second file also E2.2, is the same block: nothing to decide.
    row = sale("2023-01-05", 30, 150, acquired="2022-12-15", basis="300", term="short")
    one = worked([PIECES], [row], years(2022, 2023))
    two = gone_on(next_file(worked([PIECES], [], years(2022, 2022))), [row])
    for found in (one, two):
        asked = [entry for entry in audit(found)[2023] if entry.code == "wash_sale_possible"]
        assert [entry.severity for entry in asked] == ["note"]


# --- Wash sales over the year's end --------------------------------------------------------------------------------


DECEMBER = sale("2021-12-20", 100, 2000, form="none")


def test_a_loss_of_december_is_left_open_in_words():
    # Sold early at 20 of cost 50, 2021-12-20: 30 days on is 2022-01-19. A loss of 2021-12-01 is 31 days old on 01-01.
    found = worked([OLD], [DECEMBER, sale("2021-12-01", 10, 200, form="none")], years(2021, 2021))
    first, row = comments(found)[1:]
    assert first.startswith("# Sold at a loss late in 2021: ")
    assert row.startswith('#   "S1", 100 sh "Example Corp" sold 2021-12-20: the row does not say')
    assert "by 2022-01-19 replaced them, work 2021 again with disposition: wash_sale" in row


@pytest.mark.parametrize(
    "row",
    [
        DECEMBER | {"disposition": "sale"},  # answered
        DECEMBER | {"proceeds": "9000"},  # 90 of cost 50 and value 60: no loss
        DECEMBER | {"sold": "2021-12-01"},  # too early
        DECEMBER | {"disposition": "wash_sale", "replacement": "E2"},  # told
    ],
)
def test_nothing_else_is_left_open(row):
    late = exercise("2019-01-02", "2021-12-28", 100, 10, 20)
    assert len(comments(worked([OLD, late], [row], years(2021, 2021)))) == 1


def test_a_loss_of_december_goes_into_an_exercise_of_january():
    # One share of cost 50 sold at 20: without the cap pay is 10 (60 - 50), basis 60, loss 40 in both books, as sold in
    # the year of exercise; 100 shares 4,000. Held 2021-03-01 to 2021-12-20, 294 days. E2: 100 x 10 = 1,000 + 4,000,
    # held from 294 days before 2022-01-10: 2021-03-22. AMT at year's end + line 2i, (20 - 10) x 100.
    found = worked([OLD], [DECEMBER | {"disposition": "wash_sale"}], years(2021, 2021))
    row = comments(found)[2]
    assert "not allowed: 4000, AMT 4000" in row
    assert "an exercise got by 2022-01-19" in row
    assert "held_from: 294 days before its exercise_date, amt_held_from: 294 days before it" in row
    changed = {"regular_basis": "5000", "amt_basis": "5000", "held_from": "2021-03-22", "amt_held_from": "2021-03-22"}
    case = next_file(found)
    new = {"id": "E2", "corporation": "Example Corp", **exercise("2019-01-02", "2022-01-10", 100, 10, 20), **changed}
    books = gone_on({**case, "exercises": [*case["exercises"], new]}).years[2022]
    (held,) = [one for one in books.holdings if one.exercise == "E2"]
    assert (held.regular_basis, held.amt_basis, str(held.held_from)) == (5000, 6000, "2021-03-22")
    assert books.stock.inclusion == 1000


@pytest.mark.parametrize(("day", "refused"), [("2022-01-30", False), ("2022-01-31", True)])
def test_given_bases_end_with_the_thirtieth_day(day, refused):
    # 30 days after 2021-12-31 is 2022-01-30.
    lot = exercise("2019-01-02", day, 100, 10, 20, amt_basis="5000")
    case = {"case": "1", "taxpayer": {"name": "Sample Taxpayer"}, "sales": [], "years": years(2022, 2022)}
    found = said({**case, "exercises": [{"corporation": "Example Corp", **lot}]})
    assert [line.partition(":")[0] for line in found] == (["exercises[0].amt_basis"] if refused else [])


# --- Two runs, or three --------------------------------------------------------------------------------------------


@st.composite
def carried_households(draw):
    """Households with what carryforward.yaml has to tell: other sums paid, tranches, splits, shares to the spouse."""
    kinds = (*EVERY_KIND, "to_spouse", "to_spouse")
    mapping = draw(households(SPAN, kinds=kinds, statuses=("married_joint", "single")))
    for one in mapping["exercises"]:
        if draw(st.booleans()):
            cost = D(one["exercise_price"]) * D(one["shares"])
            one["paid"] = str(max(D(0), cost + D(draw(st.integers(-999, 999))) / 100))
    return mapping


def cannot_be_said(mapping, case, cut):
    """Whether a replacement by name reaches over the cut: to a later exercise, or to one that is not carried whole."""
    end = f"{cut}-12-31"
    exercised = {one["id"]: one["exercise_date"] for one in mapping["exercises"]}
    rows = [one for one in mapping["sales"] if "replacement" in one]
    if any(one["sold"] <= end < exercised[one["replacement"]] for one in rows):
        return True
    names = {one["id"] for one in case["exercises"]}
    return any(one["sold"] > end and one["replacement"] not in names for one in rows)


@few
@given(carried_households(), st.lists(st.integers(FIRST, LAST - 1), min_size=1, max_size=2, unique=True).map(sorted))
def test_any_number_of_runs_gives_the_figures_of_one(mapping, cuts):
    whole = work(read_case(mapping))
    last = work(read_case(until(mapping, cuts[0])))
    for cut, following in zip(cuts, [*cuts[1:], LAST], strict=True):
        case = carried_on(until(mapping, following), cut, last)
        assume(one_entry_each(case) and not cannot_be_said(mapping, case, cut))
        last = work(read_case(case))
    for year in last.years:
        assert everything(last, year) == everything(whole, year)
    assert carryforward_yaml(last).split("years:")[1] == carryforward_yaml(whole).split("years:")[1]
