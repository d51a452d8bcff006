"""What holds for every household: properties of the forms and of the chain of returns."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_households import EVERY_KIND, households
from two_runs import across, carried_on, everything, one_entry_each, until

from worksheets.carryforward import carryforward_yaml
from worksheets.case import Case
from worksheets.household import work
from worksheets.read.case_file import read_case

D = Decimal
FIRST, LAST = SPAN = (2021, 2025)
few = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def worked(mapping):
    return work(Case.model_validate(mapping))


YEARS = st.integers(2018, 2026)
ALL_STATUSES = ("single", "married_joint", "married_separate", "head_of_household", "surviving_spouse")
INCOME = st.fixed_dictionaries(
    {
        "wages": st.integers(0, 900000),
        "interest": st.integers(0, 20000),
        "ordinary_dividends": st.integers(0, 60000),
        "qualified_dividends": st.integers(0, 60000),
        "other_income": st.integers(-50000, 50000),
        "other_short_term": st.integers(-40000, 90000),
        "other_long_term": st.integers(-40000, 900000),
        "unrecaptured_1250": st.sampled_from((0, 0, 30000)),
        "gain_28_percent": st.sampled_from((0, 0, 15000)),
        "foreign_tax_credit": st.sampled_from((0, 0, 700)),
    }
)


def in_words(amounts):
    return {key: str(value) for key, value in amounts.items() if value}


def with_line_2i(year, status, income, amount, rounding):
    """A return of one year on which one share, got for nothing, puts an amount on line 2i."""
    got = {"id": "E1", "corporation": "Example Corp", "grant_date": f"{year}-01-02", "exercise_date": f"{year}-03-04"}
    got |= {"exercise_price": "0", "fmv": str(amount), "shares": "1"}
    facts = {"filing_status": status, "wages": "0", **in_words(income)}
    mapping = {"case": "1", "taxpayer": {"name": "Sample Taxpayer"}, "rounding": rounding}
    return worked({**mapping, "exercises": [got], "years": {year: facts}}).years[year].tax_return


@few
@given(
    YEARS,
    st.sampled_from(ALL_STATUSES),
    INCOME,
    st.integers(0, 1500000),
    st.integers(1, 900000),
    st.sampled_from(("dollars", "cents")),
)
def test_raising_line_2i_never_lowers_the_amt(year, status, income, amount, more, rounding):
    # Line 4 rises with line 2i, the exemption only falls, and both ways of Part III rise with line 6.
    before = with_line_2i(year, status, income, amount, rounding).f6251
    after = with_line_2i(year, status, income, amount + more, rounding).f6251
    assert after.amti >= before.amti + more
    assert after.tax_before_credit >= before.tax_before_credit  # line 9 may fall once line 8 is no longer blank
    assert after.amt >= before.amt
    assert after.regular_tax == before.regular_tax


@st.composite
def chains(draw):
    """Households over five years, of any status, in dollars or cents, with little or much income."""
    first = draw(st.integers(2018, 2022))
    mapping = draw(households((first, first + 4), statuses=ALL_STATUSES, wages=(100000, 600000)))
    mapping["rounding"] = draw(st.sampled_from(("dollars", "cents")))
    return mapping


@few
@given(chains())
def test_credit_over_any_chain_of_years(mapping):
    # Line 26 is line 21 less line 25 each year and becomes line 19 of the next; lines 18 add up to the credit used and
    # the credit carried, as long as no line 21 falls below zero.
    found = worked(mapping)
    returns = [books.tax_return for books in found.years.values()]
    chain = [one.f8801 for one in returns if one.f8801 is not None]
    for form in chain:
        assert form.credit_available == form.adjusted_minimum_tax + form.carryforward_in
        if form.credit_available > 0:
            assert form.carryforward_out == form.credit_available - form.credit
            assert form.credit == min(form.credit_available, form.credit_limit)
        else:
            assert form.credit == form.carryforward_out == 0
    for before, after in pairwise(returns):
        assert after.f8801.prior_amt == before.f6251.amt
        assert before.f8801 is None or after.f8801.carryforward_in == before.f8801.carryforward_out
    if all(form.credit_available >= 0 for form in chain):
        used = sum(form.credit for form in chain)
        assert sum(form.adjusted_minimum_tax for form in chain) == used + chain[-1].carryforward_out


# --- One run or two ------------------------------------------------------------------------------------------------


@few
@given(households(SPAN, kinds=EVERY_KIND, statuses=ALL_STATUSES), st.integers(FIRST, LAST - 1), st.booleans())
def test_two_runs_give_the_figures_of_one(mapping, cut, cents):
    # A household worked in one run, and in two of which the second starts from the first one's carryforward.yaml.
    assume(not across(mapping, cut))
    mapping["rounding"] = "cents" if cents else "dollars"
    whole = work(read_case(mapping))
    case = carried_on(mapping, cut, work(read_case(until(mapping, cut))))
    assume(one_entry_each(case))
    second = work(read_case(case))
    for year in second.years:
        assert everything(second, year) == everything(whole, year)
    assert carryforward_yaml(second).split("years:")[1] == carryforward_yaml(whole).split("years:")[1]


# --- Dollars or cents ----------------------------------------------------------------------------------------------

# What a line that is rounded in both modes can be apart: half a dollar and half a cent.
U = D("0.505")
# The Tax Table taxes each row at its middle, at most 25 dollars away at no more than 24%, and rounds to the dollar: 6.50
# from the rate schedule, in each mode.
TABLE = D("13")


def apart(one, other, *names):
    """By how much lines of two forms, added up, are apart."""
    return sum((abs(getattr(one, name) - getattr(other, name)) for name in names), D(0))


def check_schedule_d(dollars, cents):
    """Lines 7 and 15: up to three rows and five lines, each rounded; lines 6 and 14 as they came in. Gives line 16."""
    came_in = apart(dollars, cents, "short_term_carryover", "long_term_carryover")
    assert apart(dollars, cents, "net_short_term") <= 4 * U + came_in
    assert apart(dollars, cents, "net_long_term") <= 5 * U + came_in
    assert apart(dollars, cents, "net_gain") <= 9 * U + came_in
    return abs(dollars.amount_in_income - cents.amount_in_income)


def check_tax(dollars, cents, gain):
    """Form 1040: seven lines beside the gain; then at most 37% of what income and gains differ by, and the table."""
    income = apart(dollars.f1040, cents.f1040, "taxable_income")
    assert income <= 7 * U + gain
    # Worksheet lines 18, 21, 22, 24 and 25 are rounded; dividends too.
    assert apart(dollars.f1040, cents.f1040, "tax") <= D("0.37") * (income + gain + U) + TABLE + 5 * U
    return income


def check_6251(dollars, cents, income, gain, amt_gain):
    """Line 4: lines 1, 2a, 2i, the pay on 2k and the AMT gain, times 1.5 where married separate; then line 11."""
    one, other = dollars.f6251, cents.f6251
    amti = apart(one, other, "amti")
    assert amti <= D("1.5") * (10 * U + gain + amt_gain) + U
    taxed = apart(one, other, "amti_less_exemption")
    assert taxed <= D("1.5") * amti + 2 * U  # the exemption falls by at most half of what AMTI rises
    # 28% on line 6; the gains taxed at most 28% lower; ordinary income moves the thresholds by itself at most 20%.
    lowered = D("0.28") * (amt_gain + U) + D("0.20") * (income + gain + U)
    assert apart(one, other, "tentative_minimum_tax") <= D("0.28") * taxed + 2 * lowered + 6 * U
    assert apart(one, other, "amt") <= apart(one, other, "tentative_minimum_tax", "regular_tax")


def check_carryover(one, other):
    """Both lines left over: lines 7, 15 and 21 of Schedule D and the income they are used against; or all of line 16."""
    if one.needed and other.needed:
        bound = apart(one, other, "income_before_floor")
        bound += apart(one.schedule_d, other.schedule_d, "net_short_term", "net_long_term", "allowed_loss")
    else:
        bound = apart(one.schedule_d, other.schedule_d, "net_gain")
    assert apart(one, other, "short_term_carryover") <= bound
    assert apart(one, other, "long_term_carryover") <= bound


def check_8801(one, other):
    """Lines 18 to 26 from lines 15, 16, 19, 22 and 23: sums, differences and the smaller of two amounts."""
    came_in = apart(one, other, "exclusion_minimum_tax", "prior_amt", "carryforward_in")
    assert apart(one, other, "credit_available") <= came_in
    limit = apart(one, other, "regular_tax_less_credits", "tentative_minimum_tax")
    if one.available and other.available:
        assert apart(one, other, "credit") <= max(came_in, limit)
        assert apart(one, other, "carryforward_out") <= came_in + max(came_in, limit)
    else:
        assert max(one.credit_available, other.credit_available) <= came_in


@few
@given(households((2021, 2025), statuses=ALL_STATUSES, wages=(60000, 900000)))
def test_dollars_and_cents_differ_by_rounding_only(mapping):
    # Proven line by line from what came into the year: nothing but halves of a dollar, the steps of the Tax Table, and
    # rates on both. In a year into which nothing is carried these bounds come to 20.40 for the tax and 20.60 for the
    # tentative minimum tax: the AMT is apart by less than 42 dollars.
    cents = worked(mapping | {"rounding": "cents"})
    dollars = worked(mapping | {"rounding": "dollars"})
    for year, books in cents.years.items():
        one, other = dollars.years[year].tax_return, books.tax_return
        gain = check_schedule_d(one.schedule_d, other.schedule_d)
        amt_gain = check_schedule_d(one.schedule_d_amt, other.schedule_d_amt)
        income = check_tax(one, other, gain)
        check_6251(one, other, income, gain, amt_gain)
        check_8801(one.f8801, other.f8801)
        check_carryover(one.carryover, other.carryover)
        check_carryover(one.carryover_amt, other.carryover_amt)
        if year == min(cents.years):
            assert apart(one.f6251, other.f6251, "amt") < 42
