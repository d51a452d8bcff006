"""Worked dispositions: what the rules of IRC 421, 422 and 56(b)(3) give, by hand."""

from decimal import Decimal

import pytest
from households import columns, exercise, sale, single, worked

from worksheets.holding import first_long_term_day, first_qualifying_day
from worksheets.iso import DISQUALIFYING, QUALIFYING, SAME_YEAR

D = Decimal


@pytest.mark.parametrize(
    ("granted", "exercised", "qualifying", "long_term"),
    [
        ("2022-01-03", "2023-03-13", "2024-03-14", "2024-03-14"),
        ("2020-06-01", "2021-04-01", "2022-06-02", "2022-04-02"),
        ("2022-01-05", "2024-02-29", "2025-03-01", "2025-03-01"),
        ("2021-01-04", "2023-02-28", "2024-02-29", "2024-03-01"),
        ("2022-01-05", "2024-02-28", "2025-03-01", "2025-03-01"),
        ("2020-02-29", "2020-09-01", "2022-03-01", "2021-09-02"),
        ("2020-05-01", "2022-12-31", "2024-01-01", "2024-01-01"),
        ("2021-05-03", "2023-04-30", "2024-05-01", "2024-05-01"),
        ("2023-01-31", "2023-08-31", "2025-02-01", "2024-09-01"),
    ],
)
def test_first_days(granted, exercised, qualifying, long_term):
    """A.2.1, A.2.6, A.2.7, A.2.9: after both anniversaries; month ends and 29 February."""
    from datetime import date

    granted, exercised = date.fromisoformat(granted), date.fromisoformat(exercised)
    assert first_qualifying_day(granted, exercised).isoformat() == qualifying
    assert first_long_term_day(exercised).isoformat() == long_term


@pytest.mark.parametrize(
    ("granted", "exercised", "sold", "kind", "term"),
    [
        ("2022-01-03", "2023-03-13", "2024-03-13", DISQUALIFYING, "short"),
        ("2022-01-03", "2023-03-13", "2024-03-14", QUALIFYING, "long"),
        ("2020-06-01", "2021-04-01", "2022-06-01", DISQUALIFYING, "long"),
        ("2020-06-01", "2021-04-01", "2022-06-02", QUALIFYING, "long"),
        ("2021-01-04", "2023-02-28", "2024-02-28", DISQUALIFYING, "short"),
        ("2021-01-04", "2023-02-28", "2024-02-29", QUALIFYING, "short"),
        ("2021-01-04", "2023-02-28", "2024-03-01", QUALIFYING, "long"),
    ],
)
def test_kind_and_term(granted, exercised, sold, kind, term):
    """A.2.2, A.2.3, A.2.4, A.2.8: the anniversary is within the period; kind and term apart."""
    year = int(sold[:4])
    found = worked([exercise(granted, exercised, 100, 10, 12)], [sale(sold, 100, 1500)], single(year))
    part = found.years[year].dispositions[0]
    assert (part.kind, part.regular.term) == (kind, term)


def test_publication_525_example_8():
    """A.3.7, A.3.8, A.6.4: early but long-term; basis holds the pay, the AMT book has none."""
    # K 10, F 12, P 15, 100 shares, held more than a year but within two of the grant: wages 200, LT gain 300.
    found = worked(
        [exercise("2023-03-12", "2024-01-07", 100, 10, 12)],
        [sale("2025-01-27", 100, 1500, basis="1000", basis_reported=True)],
        single(2024, 2025, w2024="100000", w2025="100000"),
    )
    assert found.years[2024].stock.inclusion == 200
    books = found.years[2025]
    part = books.dispositions[0]
    assert (part.pay, part.regular.basis, part.regular.gain, part.regular.term) == (200, 1200, 300, "long")
    assert (part.amt.ordinary_income, part.amt.gain) == (0, 300)
    assert columns(books.rows[0]) == ("D", 1500, 1000, "B", -200, 300)
    assert books.tax_return.f6251.disposition_of_property == -200


def test_sold_in_the_year_of_exercise_above_fmv():
    """A.3.3, A.6.3: value less price is pay, the rest gain, in both books alike."""
    found = worked(
        [exercise("2022-01-01", "2024-07-01", 2000, 15, 45)],
        [sale("2024-09-01", 2000, 100000, basis="30000", basis_reported=True)],
        single(2024, w2024="150000"),
    )
    books = found.years[2024]
    part = books.dispositions[0]
    assert (part.kind, part.pay, part.regular.gain, books.stock.inclusion) == (SAME_YEAR, 60000, 10000, 0)
    assert books.tax_return.f6251.disposition_of_property == 0
    assert columns(books.rows[0]) == ("A", 100000, 30000, "B", -60000, 10000)


LATER = [exercise("2022-06-01", "2023-11-15", 1000, 10, 50)]
BOTH = single(2023, 2024, w2023="150000", w2024="150000")


def later(**more):
    return worked(LATER, [sale("2024-02-15", 1000, 35000, **more)], BOTH).years[2024]


def test_loss_against_fmv_is_capped():
    """A.3.3, A.6.1, A.6.12: the cap for the regular tax only; 3,000 of the AMT loss a year."""
    books = later(basis="10000", basis_reported=True)
    part = books.dispositions[0]
    assert (part.pay, part.regular.gain, part.amt.gain) == (25000, 0, -15000)
    assert books.tax_return.f6251.disposition_of_property == -28000
    assert books.tax_return.carryover_amt.short_term_carryover == 12000


def test_wash_sale_loses_the_cap_and_the_loss():
    """A.3.4, A.6.11, C.2: no cap, code W, the AMT loss gone too."""
    books = later(basis="10000", basis_reported=True, disposition="wash_sale")
    part = books.dispositions[0]
    assert (part.pay, part.regular.basis, part.regular.gain, part.regular.disallowed) == (40000, 50000, -15000, 15000)
    assert columns(books.rows[0]) == ("A", 35000, 10000, "BW", -25000, 0)
    assert books.tax_return.f6251.disposition_of_property == -40000


def test_sale_to_a_related_party():
    """A.3.4, C.1, C.2: no cap, code L, box C."""
    books = later(form="none", disposition="related_party")
    assert books.dispositions[0].pay == 40000
    assert columns(books.rows[0]) == ("C", 35000, 50000, "L", 15000, 0)
    assert books.tax_return.f6251.disposition_of_property == -40000


def test_part_of_an_exercise_sold_in_its_year():
    """A.6.3: line 2i takes in the shares still held."""
    books = worked(
        [exercise("2022-01-05", "2024-03-01", 1000, 10, 50)],
        [sale("2024-08-01", 400, 24000)],
        single(2024, w2024="100000"),
    ).years[2024]
    assert (books.stock.inclusion, books.stock.pay, books.dispositions[0].regular.gain) == (24000, 16000, 4000)


def test_early_exercise_without_election():
    """A.6.5, A.6.6, A.6.8: value at vesting, in the year of vesting, held for the AMT from there."""
    found = worked(
        [
            exercise(
                "2022-01-05",
                "2023-01-10",
                1200,
                2,
                2,
                section_83b=False,
                vesting=[{"date": "2024-01-10", "shares": "1200", "fmv": "22"}],
            )
        ],
        [sale("2025-01-15", 1200, 36000)],
        single(2023, 2024, 2025, w2023="100000", w2024="100000", w2025="100000"),
    )
    assert [found.years[year].stock.inclusion for year in (2023, 2024, 2025)] == [0, 24000, 0]
    part = found.years[2025].dispositions[0]
    assert (part.kind, part.regular.gain, part.amt.basis, part.amt.gain) == (QUALIFYING, 33600, 26400, 9600)
    assert part.amt.term == "long"
    assert found.years[2025].tax_return.f6251.disposition_of_property == -24000


TWO_LOTS = [
    exercise("2020-01-02", "2023-01-05", 100, 5, 25),
    exercise("2020-01-02", "2024-03-04", 100, 5, 45),
]


def test_first_in_first_out():
    """A.7.1: no identification."""
    books = worked(TWO_LOTS, [sale("2024-06-03", 150, 6000)], single(2023, 2024, w2023="10000", w2024="10000")).years[
        2024
    ]
    first, second = books.dispositions
    assert (first.kind, first.shares, first.regular.gain) == (QUALIFYING, 100, 3500)
    assert (second.kind, second.shares, second.pay, second.regular.gain) == (SAME_YEAR, 50, 1750, 0)
    assert books.stock.inclusion == 2000
    assert books.tax_return.line_2k.long == -2000
    assert books.tax_return.f6251.disposition_of_property == -2000


def test_unvested_shares_take_their_place_once_they_vest():
    """A.7.1: first in, first out passes over shares that cannot be sold yet, and comes back to them."""
    vesting = [{"date": "2024-03-01", "shares": "100", "fmv": "25"}]
    lots = [
        exercise("2020-01-02", "2023-01-05", 100, 5, 25, vesting=vesting, section_83b=False),
        exercise("2020-01-02", "2023-06-05", 100, 5, 25),
    ]
    rows = [sale("2024-02-05", 40, 1600), sale("2024-03-01", 150, 6000), sale("2024-03-04", 10, 400)]
    parts = worked(lots, rows, single(2023, 2024)).years[2024].dispositions
    taken = [(part.sale, part.lot.exercise, part.shares) for part in parts]
    assert taken == [("S1", "E2", 40), ("S2", "E1", 100), ("S2", "E2", 50), ("S3", "E2", 10)]


def test_specific_identification():
    """A.7.1: the shares named to the broker."""
    lots = [{"exercise": "E2", "shares": "100"}, {"exercise": "E1", "shares": "50"}]
    books = worked(
        TWO_LOTS, [sale("2024-06-03", 150, 6000, lots=lots)], single(2023, 2024, w2023="10000", w2024="10000")
    ).years[2024]
    assert (books.stock.pay, books.stock.inclusion) == (3500, 0)
    assert sum(part.regular.gain for part in books.dispositions) == 1750
    assert books.tax_return.f6251.disposition_of_property == -1000


def test_row_split_by_term_adds_to_the_row():
    """C.1, C.2: short and long parts apart, codes in order."""
    shown = {"acquired": "various", "basis": "750", "basis_reported": True, "term": "long"}
    books = worked(TWO_LOTS, [sale("2024-06-03", 150, 6000, **shown)], single(2023, 2024)).years[2024]
    assert [columns(row) for row in books.rows] == [
        ("A", 2000, 250, "BT", -1750, 0),
        ("D", 4000, 500, None, None, 3500),
    ]


@pytest.mark.parametrize(
    ("shown", "row"),
    [
        ({"basis": "1000", "basis_reported": True}, ("D", 1500, 1000, "B", -200, 300)),
        ({"basis": "1200", "basis_reported": True}, ("D", 1500, 1200, None, None, 300)),
        ({"basis": "0", "basis_reported": True}, ("D", 1500, 0, "B", -1200, 300)),
        ({"basis": "1400", "basis_reported": True}, ("D", 1500, 1400, "B", 200, 300)),
        ({"basis": "1000", "basis_reported": False}, ("E", 1500, 1200, "B", 0, 300)),
        ({"noncovered": True}, ("E", 1500, 1200, None, None, 300)),
        ({"form": "none"}, ("F", 1500, 1200, None, None, 300)),
        ({"basis": "1000", "basis_reported": True, "term": "short"}, ("D", 1500, 1000, "BT", -200, 300)),
        ({"basis": "1000", "basis_reported": True, "selling_expenses": "10"}, ("D", 1500, 1000, "BE", -210, 290)),
    ],
)
def test_matrix_of_what_a_broker_shows(shown, row):
    """C.4: every row of the matrix."""
    # Publication 525 example 8: right basis 1,200, long-term gain 300.
    books = worked(
        [exercise("2023-03-12", "2024-01-07", 100, 10, 12)],
        [sale("2025-01-27", 100, 1500, **shown)],
        single(2024, 2025),
    ).years[2025]
    assert columns(books.rows[0]) == row


def test_qualifying_sale_shown_as_short_term():
    """C.2: code T."""
    books = worked(
        [exercise("2022-03-12", "2024-01-07", 100, 10, 12)],
        [sale("2025-01-27", 100, 1500, basis="1000", basis_reported=True, term="short")],
        single(2024, 2025),
    ).years[2025]
    assert columns(books.rows[0]) == ("D", 1500, 1000, "T", 0, 500)


@pytest.mark.parametrize(
    ("price", "fmv", "shares", "per_share", "line_2k", "carried", "term", "pay"),
    [
        ("2", "40", 1000, "10", -11000, 27000, "long", 0),
        ("2.55", "32.15", 5000, "12.10", -50750, 97250, "short", 47750),
        ("2.38", "35", 2350, "25.40", -57097, 19560, "long", 0),
    ],
)
def test_what_people_asked_in_public(price, fmv, shares, per_share, line_2k, carried, term, pay):
    early = pay > 0
    exercised, sold = ("2021-12-04", "2022-11-10") if early else ("2021-06-04", "2022-11-10")
    books = worked(
        [exercise("2020-01-02", exercised, shares, price, fmv)],
        [sale(sold, shares, str(D(per_share) * shares))],
        single(2021, 2022, w2021="200000", w2022="200000"),
    ).years[2022]
    done = books.tax_return
    assert (books.stock.pay, done.f6251.disposition_of_property) == (pay, line_2k)
    kept = done.carryover_amt.long_term_carryover if term == "long" else done.carryover_amt.short_term_carryover
    assert kept == carried


def test_exception_1_goes_straight_to_schedule_d():
    """C.3: Exception 1."""
    # A qualifying sale with the right basis reported needs no row; one that needs code B does.
    books = worked(
        [exercise("2022-03-12", "2024-01-07", 200, 10, 12)],
        [
            sale("2025-01-27", 100, 1500, basis="1000", basis_reported=True, term="long"),
            sale("2025-02-03", 100, 1600, basis="900", basis_reported=True, term="long"),
        ],
        single(2024, 2025, w2024="1", w2025="1"),
        exception_1=True,
    ).years[2025]
    assert [row.sale for row in books.rows] == ["S2"]
    lines = books.tax_return.schedule_d
    assert (lines.long_term_reported_unadjusted.h, lines.long_term_reported.h, lines.net_long_term) == (500, 600, 1100)


def test_filed_rows_of_schedule_d_do_not_stop_the_chain():
    # What a year hands the next comes from the return as filed; a row of columns is compared, not handed on.
    years = single(2023, 2024, w2023="150000", w2024="150000")
    years[2023] |= {
        "chain": "as_filed",
        "as_filed": {"schedule_d": {"1b": "100", "21": "-3000"}, "6251": {"11": "1000"}},
    }
    books = worked([exercise("2022-06-01", "2023-11-15", 1000, 10, 50)], [], years).years
    assert books[2024].tax_return.f8801.prior_amt == 1000
    assert books[2023].handed_on.schedule_d.allowed_loss == 3000


def test_pay_by_law_must_fit_into_the_wages():
    from worksheets.problems import CaseError

    with pytest.raises(CaseError, match=r"years.2024.wages: read 20000, expected at least 25000.00"):
        worked(LATER, [sale("2024-02-15", 1000, 35000)], single(2023, 2024, w2023="150000", w2024="20000"))
