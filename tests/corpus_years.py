"""Spoilings that need more than one row of the corpus changed: values, days, splits, lots, states, returns as filed.

Each gives cases of a shape with the codes that must come of it, notes among them, and correct ones beside them that
must not give the code.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from corpus import JUNE, Maker, text

D = Decimal
DAY = timedelta(days=1)


@dataclass
class Judged:
    """A case, and whether the code must be found in it."""

    code: str
    case: dict[str, Any]
    found: bool


Judging = Callable[[Maker], Iterator[tuple[dict[str, Any], bool]]]
JUDGINGS: dict[str, Judging] = {}


def judging(make: Judging) -> Judging:
    JUDGINGS[make.__name__] = make
    return make


def judged(maker: Maker) -> Iterator[Judged]:
    """Every case of a shape with its answer."""
    for code, make in JUDGINGS.items():
        for case, found in make(maker):
            yield Judged(code, case, found)


def with_lot(maker: Maker, **more: Any) -> dict[str, Any]:
    """The correct case with keys of its first exercise changed."""
    case = maker.correct()
    first, *others = case["exercises"]
    return {**case, "exercises": [{**first, **more}, *others]}


def plain(maker: Maker) -> bool:
    """One lot without vesting, commission, split or another owner, sold in one row that says nothing special."""
    shape = maker.shape
    return shape.single and not shape.lots[0].more and not shape.case and not shape.row


@judging
def spread_negative(maker):
    if maker.shape.single and "vesting" not in maker.shape.lots[0].more:
        paid = D(maker.shape.lots[0].price)
        yield text(with_lot(maker, fmv=paid - D("0.01"))), True
        yield maker.correct(), False


@judging
def holding_period_boundary(maker):
    """Three days from the day on which a sale first qualifies, and four."""
    if not plain(maker):
        return
    sold = date.fromisoformat(maker.day(JUNE))
    for days, found in ((-4, False), (-3, True), (0, True), (3, True), (4, False)):
        granted = sold - days * DAY - DAY
        granted = granted.replace(year=granted.year - 2)  # two years from the grant end the day before
        row = maker.row(sold=sold.isoformat(), acquired="2021-09-06")
        case = maker.case(row)
        first = {**case["exercises"][0], "grant_date": granted.isoformat(), "exercise_date": "2021-09-06"}
        yield {**case, "exercises": [first]}, found


@judging
def split_suspected(maker):
    """So many times the shares held, at the price that the split would give, and at the price without one."""
    if not maker.shape.single or maker.shape.lots[0].of_each != "1" or maker.shape.row:
        return
    for times in (2, 3, 4, 5, 10, 20):
        row = maker.row()
        value = D(maker.shape.lots[0].fmv)
        if "vesting" in maker.shape.lots[0].more:
            value = D("2")
        more = {**row, "shares": maker.shares * times}
        yield maker.case({**more, "proceeds": maker.shares * value}), True
        yield maker.case({**more, "proceeds": maker.shares * value * times}), False
    yield maker.case({**maker.row(), "shares": maker.shares * 7}), False


@judging
def lot_choice_matters(maker):
    """A second exercise of the same day from another grant, of other terms (a question) and of the same (none)."""
    if not plain(maker):
        return
    case = maker.correct()
    first = case["exercises"][0]
    granted = (date.fromisoformat(first["grant_date"]) + 30 * DAY).isoformat()
    row = {key: value for key, value in case["sales"][0].items() if key != "basis"}
    for more, found in (({"grant_date": granted, "exercise_price": "12"}, True), ({}, False)):
        yield {**case, "sales": [row], "exercises": [first, {**first, "id": "E2", **more}]}, found


@judging
def qsbs_question(maker):
    """Sold over three years after the exercise without a broker's form, at a gain; the same with one."""
    if not plain(maker):
        return
    case = maker.correct()
    first = {**case["exercises"][0], "grant_date": "2018-02-01", "exercise_date": "2019-03-04"}
    private = {key: case["sales"][0][key] for key in ("id", "corporation", "sold", "shares")}
    for price, more, found in (
        ("60", {"form": "none"}, True),
        ("6", {"form": "none"}, False),
        ("60", {"basis": "10", "term": "long", "basis_reported": True}, False),
    ):
        basis = {"basis": maker.shares * D(more["basis"])} if "basis" in more else {}
        row = text({**private, "proceeds": maker.shares * D(price), **more, **basis})
        years = {year: {"filing_status": "single"} for year in (2021, 2022, 2023)}
        yield {**case, "exercises": [first], "sales": [row], "years": years}, found


@judging
def state_not_computed(maker):
    for state, found in (("CA", True), ("TX", False), (None, False)):
        yield {**maker.correct(), **({"state": state} if state else {})}, found


@judging
def tie_out_difference(maker):
    """The wages as filed, right and a hundred out; the totals of the broker likewise."""
    case = maker.correct()
    proceeds = maker.shares * D(maker.shape.price)
    for off in (0, 100):
        yield {**case, "totals": [text({"year": 2023, "proceeds": proceeds + off})]}, bool(off)
        if maker.whole:
            years = {**case["years"], 2023: {**case["years"][2023], "as_filed": {"1040": {"1a": str(400000 + off)}}}}
            yield {**case, "years": years}, bool(off)
