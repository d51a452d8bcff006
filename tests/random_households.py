"""Random households for property tests: lots, vesting, splits, sales of every kind, spouses and other income.

Amounts are whole cents and numbers of shares multiples of twelve, so that splits leave what a decimal holds exactly.
"""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

D = Decimal
SPLITS = ("2:1", "3:2", "1:4", "10:1")
CORPORATIONS = ("Example Corp", "Sample Inc")
FOR_MONEY = ("sale", "sale", "sale", "wash_sale", "related_party")
EVERY_KIND = (*FOR_MONEY, "gift", "to_spouse", "death")
NO_MONEY = frozenset({"gift", "to_spouse", "death"})


def days(first, last):
    """A day from the first of January of one year to the end of another."""
    return st.dates(date(first, 1, 1), date(last, 12, 31))


def cents(most):
    """An amount in cents up to so many dollars."""
    return st.integers(0, most * 100).map(lambda n: D(n) / 100)


def accounts():
    """The account of an exercise or a sale, most often not named."""
    return st.sampled_from(({}, {}, {}, {"account": "Account One"}, {"account": "Account Two"}))


@st.composite
def exercises(draw, number, span, owners):
    """One exercise, granted some time before; some of its shares may vest later."""
    exercised = draw(days(*span))
    shares = draw(st.integers(1, 40)) * 12
    entry = {
        "id": f"E{number}",
        "owner": draw(st.sampled_from(owners)),
        "corporation": draw(st.sampled_from(CORPORATIONS)),
        "grant_date": (exercised - timedelta(days=draw(st.sampled_from((0, 200, 400, 700, 1500))))).isoformat(),
        "exercise_date": exercised.isoformat(),
        "exercise_price": str(draw(cents(40))),
        "fmv": str(draw(cents(300))),
        "shares": str(shares),
        "commission": str(draw(st.sampled_from((0, 0, D("9.95"))))),
        **draw(accounts()),
    }
    if draw(st.booleans()):
        parts = draw(st.integers(1, 3))
        entry["section_83b"] = draw(st.booleans())
        gaps = draw(st.lists(st.integers(1, 400), min_size=parts, max_size=parts))
        entry["vesting"] = [
            {
                "date": (exercised + timedelta(days=sum(gaps[: n + 1]))).isoformat(),
                "shares": str(shares // (2 * parts)),
                "fmv": str(draw(cents(300))),
            }
            for n in range(parts)
        ]
    return entry


@st.composite
def shown(draw, source, shares):
    """What the information return shows: no form, no basis, or one that is right, wrong, reported or not."""
    kind = draw(st.sampled_from(("no form", "blank", "price", "other")))
    if kind == "no form":
        return {"form": "none"}
    if kind == "blank":
        return {}
    basis = D(source["exercise_price"]) * shares if kind == "price" else draw(cents(9000))
    term = draw(st.sampled_from(("short", "long")))
    return {"basis": str(basis), "basis_reported": draw(st.booleans()), "term": term}


def replaced_by(sold, source, got):
    """The other exercises of a stock within 30 days of a sale of it: the block sold replaces nothing."""
    near = [one for one in got if abs((date.fromisoformat(one["exercise_date"]) - sold).days) <= 30]
    return [one["id"] for one in near if one["corporation"] == source["corporation"] and one is not source]


@st.composite
def wash_sales(draw, shares, fitting):
    """How many shares were replaced, and by which exercise of the file, if any."""
    entry = {"replaced_shares": str(draw(st.integers(1, shares)))} if draw(st.booleans()) else {}
    return entry | ({"replacement": draw(st.sampled_from(fitting))} if fitting and draw(st.booleans()) else {})


@st.composite
def sale_days(draw, span, source, got):
    """A day on or after the exercise of the shares, often within 30 days of another one."""
    exercised = date.fromisoformat(source["exercise_date"])
    if draw(st.booleans()):
        return max(exercised, draw(days(*span)))
    other = date.fromisoformat(draw(st.sampled_from(got))["exercise_date"])
    near = other + timedelta(days=draw(st.integers(-30, 30)))
    return max(exercised, min(near, date(span[1], 12, 31)))


@st.composite
def sales(draw, number, span, got, kinds):
    """One sale of some of the shares of an owner's stock, perhaps of more than there are."""
    source = draw(st.sampled_from(got))
    how = draw(st.sampled_from(kinds))
    sold = draw(sale_days(span, source, got))
    shares = draw(st.integers(1, int(source["shares"])))
    entry = {"id": f"S{number}", "owner": source["owner"], "corporation": source["corporation"]}
    entry |= {"sold": sold.isoformat(), "shares": str(shares), "disposition": how, **draw(accounts())}
    chosen = draw(st.sampled_from(("first in", "first in", "date", "identified")))
    if chosen == "date":
        entry["acquired"] = source["exercise_date"]
    elif chosen == "identified" and "vesting" not in source:
        entry["lots"] = [{"exercise": source["id"], "shares": str(shares)}]
    if how in NO_MONEY:
        return entry
    entry["proceeds"] = str(draw(cents(200)) * shares)
    entry["selling_expenses"] = str(draw(st.sampled_from((0, 0, D("14.95")))))
    if draw(st.integers(0, 5)) == 0:
        entry["pay_reported"] = str(draw(cents(9000)))
    entry |= draw(shown(source, shares))
    if how == "wash_sale":
        entry |= draw(wash_sales(shares, replaced_by(sold, source, got)))
    return entry


@st.composite
def whole_years(draw, span, status, wages):
    """Whole years with wages and other income."""
    found = {}
    for year in range(span[0], span[1] + 1):
        amount = draw(st.integers(*wages)) + draw(st.sampled_from((D(0), D("0.49"))))
        entry = {"filing_status": status, "wages": str(amount)}
        if draw(st.booleans()):
            entry["other_short_term"] = str(draw(st.integers(-30000, 30000)))
            entry["other_long_term"] = str(draw(st.integers(-30000, 90000)))
        if draw(st.booleans()):
            entry["qualified_dividends"] = entry["ordinary_dividends"] = str(draw(cents(9000)))
            entry["interest"] = str(draw(cents(4000)))
        found[year] = entry
    return found


@st.composite
def splits(draw, span):
    """A stock split of one of the corporations."""
    entry = {"corporation": draw(st.sampled_from(CORPORATIONS)), "date": draw(days(*span)).isoformat()}
    return {**entry, "split": draw(st.sampled_from(SPLITS))}


@st.composite
def households(draw, span=(2021, 2025), *, kinds=FOR_MONEY, statuses=("single",), wages=(100000, 400000)):
    """A case as a mapping, in cents."""
    status = draw(st.sampled_from(statuses))
    owners = ("taxpayer", "spouse") if status == "married_joint" else ("taxpayer",)
    got = [draw(exercises(n, span, owners)) for n in range(1, draw(st.integers(1, 4)) + 1)]
    case = {"case": "1", "taxpayer": {"name": "Sample Taxpayer"}, "rounding": "cents", "exercises": got}
    if status == "married_joint":
        case["spouse"] = {"name": "Sample Spouse"}
    case["sales"] = [draw(sales(n, span, got, kinds)) for n in range(1, draw(st.integers(0, 5)) + 1)]
    case["corporate_actions"] = draw(st.lists(splits(span), max_size=2))
    case["years"] = draw(whole_years(span, status, wages))
    for year, facts in case["years"].items():  # what no sale gives as reported stands on no Form W-2
        shown_pay = [D(one.get("pay_reported", 0)) for one in case["sales"] if one["sold"].startswith(str(year))]
        facts["iso_income_in_wages"] = str(sum(shown_pay, D(0)))
    return case
