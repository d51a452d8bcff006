"""What holds for the books of every household: shares, costs, pay, and what lines 2i and 2k come to."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from random_households import EVERY_KIND, households

from worksheets.case import Case
from worksheets.household import work
from worksheets.iso import DISQUALIFYING, SAME_YEAR

D = Decimal
CENT = D("0.01")
NOT_ADJUSTED = D("0.50")  # what a reported basis may be off before Form 8949 puts it right
NOTHING = D("1e-9")  # of a dollar, for parts of lots that no decimal holds exactly
FIRST, LAST = SPAN = (2021, 2025)
JOINT_OR_NOT = ("single", "married_joint")
few = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def worked(mapping):
    return work(Case.model_validate(mapping))


def split_ratio(case, corporation, after, until):
    """New shares for each old one between two days."""
    found = Fraction(1)
    for action in case.corporate_actions:
        if action.corporation == corporation and after < action.date <= until:
            found *= action.ratio
    return found


@few
@given(households(SPAN, kinds=EVERY_KIND, statuses=JOINT_OR_NOT))
def test_shares_in_are_shares_sold_and_held(mapping):
    # Exactly, whatever was split, sold, given away or left unmatched; counted as at the end.
    found = worked(mapping)
    case = found.case
    end = date(LAST, 12, 31)
    for exercise in case.exercises:
        of = exercise.corporation
        gone = sum(
            Fraction(part.shares) * split_ratio(case, of, part.sold, end)
            for part in found.ledger.dispositions
            if part.lot.exercise == exercise.id and not stays(case, part)
        )
        left = sum(Fraction(one.shares) for one in found.years[LAST].holdings if one.exercise == exercise.id)
        assert gone + left == Fraction(exercise.shares) * split_ratio(case, of, exercise.exercise_date, end)


def stays(case, part):
    """Whether the shares are the spouse's now and stay in the file: on a joint return."""
    return part.how == "to_spouse" and case.years[part.sold.year].filing_status == "married_joint"


@few
@given(households(SPAN, kinds=EVERY_KIND, statuses=JOINT_OR_NOT))
def test_every_dollar_of_cost_is_sold_or_held(mapping):
    # For each exercise: cost plus losses added by wash sales = cost of the shares gone and of those held, in both books;
    # the same for what line 2i takes in over the years.
    found = worked(mapping)
    ledger = found.ledger
    added = additions(found)
    for exercise in found.case.exercises:
        gone = [
            part for part in ledger.dispositions if part.lot.exercise == exercise.id and not stays(found.case, part)
        ]
        held = [one for one in found.years[LAST].holdings if one.exercise == exercise.id]
        regular = sum(part.lot.paid for part in gone) + sum(one.regular_basis for one in held)
        amt = sum(part.lot.amt_paid for part in gone) + sum(one.amt_basis for one in held)
        taken_in = sum(one.amount for one in ledger.inclusions if one.exercise == exercise.id)
        sold_with = sum(part.lot.included for part in gone if not left_out(part))
        paid = exercise.cost + exercise.commission
        regular_added, amt_added = added[exercise.id]
        assert abs(regular - paid - regular_added) < NOTHING
        assert abs(amt - paid - amt_added - (taken_in - sold_with)) < NOTHING


def additions(found):
    """What wash sales add to the bases of each exercise: losses disallowed, but for what was replaced elsewhere."""
    added = defaultdict(lambda: [D(0), D(0)])
    replaced_by = {sale.id: sale.replacement for sale in found.case.sales}
    for part in found.ledger.dispositions:
        if part.how == "wash_sale":
            added[replaced_by[part.sale]][0] += part.regular.disallowed
            added[replaced_by[part.sale]][1] += part.amt.disallowed
    for sale, regular, amt in found.ledger.replaced_outside:
        added[replaced_by[sale]][0] -= regular
        added[replaced_by[sale]][1] -= amt
    return added


def left_out(part):
    """Whether line 2i leaves the shares out: sold early, or given away, in the year in which it would take them in."""
    return part.sold.year <= part.lot.own_from.year and part.kind in {DISQUALIFYING, SAME_YEAR}


def included(part, case):
    """What line 2i takes in for shares sold, by the form's words: value when they became one's own less the price."""
    exercise = next(one for one in case.exercises if one.id == part.lot.exercise)
    since = split_ratio(case, exercise.corporation, exercise.exercise_date, part.sold)
    as_exercised = Fraction(part.shares) / since
    if part.lot.own_from == exercise.exercise_date:
        return max(Fraction(0), Fraction(exercise.fmv - exercise.exercise_price) * as_exercised)
    values = {one.fmv for one in exercise.vesting if one.date == part.lot.own_from}
    assume(len(values) == 1)  # tranches of one day have one value
    ratio = split_ratio(case, exercise.corporation, exercise.exercise_date, part.lot.own_from)
    return max(Fraction(0), (Fraction(values.pop()) * ratio - Fraction(exercise.exercise_price)) * as_exercised)


@few
@given(households(SPAN))
def test_pay_and_gain_make_up_proceeds_less_cost(mapping):
    # Of every slice, before any disallowance: in the regular book pay plus gain, in the AMT book what line 2i took in
    # (or the pay, for shares gone in the year that would have taken them in) plus gain.
    found = worked(mapping)
    for part in found.ledger.dispositions:
        gain = part.proceeds - part.lot.paid
        assert abs(part.pay + part.regular.gain - gain) < NOTHING
        in_amt = Fraction(part.amt.ordinary_income) if left_out(part) else included(part, found.case)
        assert abs(in_amt + Fraction(part.amt.gain) - Fraction(part.proceeds - part.lot.amt_paid)) < NOTHING
        assert part.kind != SAME_YEAR or part.pay == part.amt.ordinary_income


@few
@given(households(SPAN))
def test_parts_of_a_row_add_to_the_row(mapping):
    # Columns (d) and, where the broker's basis stands in it, (e) of the rows of one sale add up to the row to the cent,
    # in both books; each row is (d) - (e) + (g) = (h), and its result is that of the shares, with no loss disallowed.
    found = worked(mapping)
    sales = {sale.id: sale for sale in found.case.sales}
    for books in found.years.values():
        for rows, book in ((books.rows, "regular"), (books.amt_rows, "amt")):
            for name in {row.sale for row in rows}:
                if name in found.ledger.excess:
                    continue
                sale, parts = sales[name], [row for row in rows if row.sale == name]
                less = sale.selling_expenses if sale.form == "none" else 0
                assert sum(row.d for row in parts) == sale.proceeds - less
                assert all(row.d == row.d.quantize(CENT) for row in parts)
                if parts[0].box in "AD" and parts[-1].box in "AD":
                    assert sum(row.e for row in parts) == sale.basis
                assert all(row.h == row.d - row.e + (row.g or 0) for row in parts)
                results = sorted(
                    getattr(part, book).gain + getattr(part, book).disallowed
                    for part in books.dispositions
                    if part.sale == name
                )
                for row, result in zip(sorted(parts, key=lambda row: row.h), results, strict=True):
                    # A reported basis that is right but for half a dollar stays as reported.
                    assert abs(row.h - result) < NOTHING or (row.box in "AD" and abs(row.h - result) <= D("0.50"))


@st.composite
def sold_out(draw):
    """Households that end with no shares left: what no sale took is sold on the last day, each exercise by itself."""
    mapping = draw(households(SPAN))
    end = date(LAST, 12, 31)
    for exercise in mapping["exercises"]:
        exercise["vesting"] = [part for part in exercise.get("vesting", ()) if part["date"] <= end.isoformat()]
        if not exercise["vesting"]:
            exercise.pop("section_83b", None)
    found = worked(mapping)
    left = defaultdict(Fraction)
    for one in found.years[LAST].holdings:
        left[one.exercise] += Fraction(one.shares)
    for number, (exercise, shares) in enumerate(left.items(), start=101):
        of = next(one for one in mapping["exercises"] if one["id"] == exercise)
        number_left = D(shares.numerator) / D(shares.denominator)
        mapping["sales"].append(
            {
                "id": f"S{number}",
                "owner": of["owner"],
                "corporation": of["corporation"],
                "sold": end.isoformat(),
                "shares": str(number_left),
                "proceeds": str(draw(st.integers(0, 50000))),
                "lots": [{"exercise": exercise, "shares": str(number_left)}],
                "form": "none",
            }
        )
    return mapping


@few
@given(sold_out())
def test_lines_2i_and_2k_come_to_the_losses_carried(mapping):
    # Once all shares are sold, lines 2i and 2k over all years = AMT income less regular income from the shares, and both
    # books hold proceeds less cost but for what is still carried as a loss and what was disallowed for good. The years
    # are all whole ones with wages, so that no loss is used against nothing.
    found = worked(mapping)
    assert not found.years[LAST].holdings
    total = sum(
        books.tax_return.f6251.incentive_stock_options + books.tax_return.f6251.disposition_of_property
        for books in found.years.values()
    )
    last = found.years[LAST].tax_return
    carried_amt = last.carryover_amt.short_term_carryover + last.carryover_amt.long_term_carryover
    carried = last.carryover.short_term_carryover + last.carryover.long_term_carryover
    lost = {"regular": D(0), "amt": D(0)}
    for part in found.ledger.dispositions:
        for book in lost:
            lost[book] += getattr(part, book).disallowed
    in_basis = additions(found)
    for exercise in found.case.exercises:
        lost["regular"] -= in_basis[exercise.id][0]
        lost["amt"] -= in_basis[exercise.id][1]
    expected = carried_amt - carried + lost["amt"] - lost["regular"]
    # Every line is rounded to the cent: lines 2i and 2k, and the columns (h) of the boxes in both books.
    reported = [row for books in found.years.values() for row in (*books.rows, *books.amt_rows) if row.box in "AD"]
    assert abs(total - expected) <= D("0.005") * 16 * len(found.years) + NOT_ADJUSTED * len(reported)
