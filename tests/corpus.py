"""A corpus of correct rows of Form 1099-B, and ways to spoil them one at a time, for the audit's tests.

A shape is a lot or two and one sale, all figures per share by hand: price paid, value at exercise, price sold at, right
basis, AMT basis, pay, term. A spoiling changes one thing and names the codes above `note` that must come of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

D = Decimal


@dataclass(frozen=True)
class Lot:
    """One exercise: dates, price paid and value per share, shares for each share sold, other keys per share."""

    granted: str
    exercised: str
    price: str
    fmv: str
    of_each: str = "1"
    more: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Shape:
    """Lots and a sale of them; dollars per share sold."""

    name: str
    lots: tuple[Lot, ...]
    sold: str
    price: str
    right: str
    amt: str
    pay: str = "0"
    cost: str = "10"
    term: str | None = "short"
    row: dict[str, Any] = field(default_factory=dict)
    case: dict[str, Any] = field(default_factory=dict)
    capped: bool = False
    fraction: str = "0"

    @property
    def single(self) -> bool:
        return len(self.lots) == 1


OLD = ("2021-02-01", "2022-03-07")  # both periods over in June 2023
YOUNG = ("2022-01-10", "2022-09-05")  # neither over in February 2023
SAME = ("2022-01-10", "2023-02-06")
JUNE, FEBRUARY = "2023-06-12", "2023-02-13"
Q = Lot(*OLD, "10", "50")
E = Lot(*YOUNG, "10", "50")
S = Lot(*SAME, "10", "50")
NOT_COVERED = {"noncovered": True, "basis_reported": False}


def vesting(elected):
    """2022-03-08 is when all of them vest, worth 22."""
    return {"vesting": "2022-03-08", "section_83b": elected}


def split(ratio):
    return {"corporate_actions": [{"corporation": "Example Corp", "date": "2022-12-01", "split": ratio}]}


SHAPES = (
    Shape("qualifying, gain", (Q,), JUNE, "60", "10", "50", term="long"),
    Shape("qualifying, AMT loss", (Q,), JUNE, "35", "10", "50", term="long"),
    Shape("qualifying, loss", (Q,), JUNE, "6", "10", "50", term="long"),
    Shape("early, above the value", (E,), FEBRUARY, "60", "50", "50", "40"),
    Shape("early, between", (E,), FEBRUARY, "35", "35", "50", "25", capped=True),
    Shape("early, loss", (E,), FEBRUARY, "8", "10", "50", capped=True),
    Shape("early and long", (replace(Q, granted="2022-01-10"),), JUNE, "60", "50", "50", "40", term="long"),
    Shape("same year, above the value", (S,), JUNE, "60", "50", "50", "40"),
    Shape("same year, between", (S,), JUNE, "35", "35", "35", "25", capped=True),
    Shape("commission", (replace(E, more={"commission": "1"}),), FEBRUARY, "60", "51", "51", "40", cost="11"),
    Shape(
        "paid to the tenth of a cent",
        (replace(Q, more={"paid": "10.004"}),),
        JUNE,
        "60",
        "10.004",
        "50",
        cost="10.004",
        term="long",
    ),
    Shape(
        "unvested, election made",
        (Lot("2021-02-01", "2021-03-08", "2", "2", more=vesting(elected=True)),),
        JUNE,
        "30",
        "2",
        "2",
        cost="2",
        term="long",
    ),
    Shape(
        "unvested, no election",
        (Lot("2021-02-01", "2021-03-08", "2", "2", more=vesting(elected=False)),),
        JUNE,
        "30",
        "2",
        "22",
        cost="2",
        term="long",
    ),
    Shape("split", (Lot(*OLD, "40", "200", "0.25"),), JUNE, "60", "10", "50", term="long", case=split("4:1")),
    Shape("reverse split", (Lot(*OLD, "2", "10", "5"),), JUNE, "60", "10", "50", term="long", case=split("1:5")),
    Shape("fractions of a share", (E,), FEBRUARY, "60", "50", "50", "40", fraction="0.125"),
    Shape(
        "the spouse's account",
        (replace(Q, more={"owner": "spouse", "account": "A1"}),),
        JUNE,
        "60",
        "10",
        "50",
        term="long",
        row={"owner": "spouse", "account": "A1"},
        case={"spouse": {"name": "Sample Spouse"}},
    ),
    Shape(
        "two lots of one term",
        (Q, Lot("2021-03-01", "2022-04-04", "20", "50")),
        JUNE,
        "60",
        "15",
        "50",
        cost="15",
        term="long",
        row={"acquired": "various"},
    ),
    Shape("two lots of both terms", (Q, S), JUNE, "60", "30", "50", "20", term=None, row={"acquired": "various"}),
    Shape("part of a lot", (replace(Q, of_each="3"),), JUNE, "60", "10", "50", term="long"),
    Shape("noncovered", (Q,), JUNE, "60", "10", "50", term="long", row=NOT_COVERED),
    Shape(
        "wash sale",
        (E,),
        FEBRUARY,
        "35",
        "50",
        "50",
        "40",
        row={"disposition": "wash_sale", "wash_sale_disallowed": "15"},
    ),
    Shape(
        "other stock",
        (),
        JUNE,
        "60",
        "25",
        "25",
        cost="25",
        term="long",
        row={"kind": "other", "acquired": "2020-05-04"},
    ),
)


@dataclass
class Spoiled:
    """A case, and the codes above `note` that each row of it must give."""

    code: str
    case: dict[str, Any]
    expected: list[list[str]]
    superset: bool = False


class Maker:
    """Cases of one shape, seeded: other numbers of shares, dates moved along, whole years or years of stock only."""

    def __init__(self, shape: Shape, seed: int) -> None:
        self.shape = shape
        self.random = Random(f"{shape.name} {seed}")  # noqa: S311 - a seeded corpus, no secret
        self.shares = D(40 * self.random.randint(1, 25)) * (1 + D(shape.fraction))
        self.moved = timedelta(days=self.random.randint(0, 9))
        self.whole = bool(seed % 2)

    def day(self, text: str) -> str:
        return (date.fromisoformat(text) + self.moved).isoformat()

    def row(self, shares: Decimal | None = None, **more: Any) -> dict[str, Any]:
        """A correct row."""
        shape, number = self.shape, self.shares if shares is None else shares
        entry: dict[str, Any] = {"sold": self.day(shape.sold), "shares": number, "proceeds": number * D(shape.price)}
        entry |= {"basis": number * D(shape.right), "basis_reported": True}
        entry |= {} if shape.term is None else {"term": shape.term}
        entry |= {"acquired": self.day(shape.lots[0].exercised)} if shape.single else {}
        entry |= {"pay_reported": number * D(shape.pay)} if D(shape.pay) else {}
        entry |= shape.row
        if "wash_sale_disallowed" in entry:
            entry["wash_sale_disallowed"] = number * D(entry["wash_sale_disallowed"])
        return {**entry, **more}

    def lot(self, lot: Lot, times: int) -> dict[str, Any]:
        number = self.shares * D(lot.of_each) * times / len(self.shape.lots)
        entry = {"grant_date": self.day(lot.granted), "exercise_date": self.day(lot.exercised), "shares": number}
        entry |= {"exercise_price": lot.price, "fmv": lot.fmv, **lot.more}
        entry |= {key: number * D(lot.more[key]) for key in ("commission", "paid") if key in lot.more}
        if "vesting" in lot.more:
            entry["vesting"] = [{"date": lot.more["vesting"], "shares": number, "fmv": "22"}]
        return entry

    def case(self, *rows: dict[str, Any], times: int = 1, **more: Any) -> dict[str, Any]:
        """The case with these rows; lots hold so many times the shares."""
        year = {"filing_status": "single", **({"wages": "400000"} if self.whole else {})}
        exercises = [
            {"id": f"E{n}", "corporation": "Example Corp", **self.lot(lot, times)}
            for n, lot in enumerate(self.shape.lots, start=1)
        ]
        sales = [{"id": f"S{n}", "corporation": "Example Corp", **row} for n, row in enumerate(rows, start=1)]
        case = {"case": "1", "taxpayer": {"name": "Sample Taxpayer"}, "exercises": exercises, "sales": sales}
        return text({**case, "years": {n: dict(year) for n in (2021, 2022, 2023)}, **self.shape.case, **more})

    def correct(self) -> dict[str, Any]:
        return self.case(self.row())

    def spoiled(self) -> Iterator[Spoiled]:
        """Every spoiling that applies to the shape."""
        for code, spoil in SPOILINGS.items():
            for case, expected in spoil(self):
                listed = [expected] if not expected or isinstance(expected[0], str) else expected
                yield Spoiled(code, case, listed, superset=code == "split_suspected")


def text(value: Any) -> Any:
    """Numbers as the case file writes them."""
    if isinstance(value, dict):
        return {key: text(one) for key, one in value.items()}
    if isinstance(value, list):
        return [text(one) for one in value]
    return format(value, "f") if isinstance(value, Decimal) else value


Spoiling = Callable[[Maker], Iterator[tuple[dict[str, Any], list[Any]]]]
SPOILINGS: dict[str, Spoiling] = {}


def spoiling(make: Spoiling) -> Spoiling:
    SPOILINGS[make.__name__] = make
    return make


def with_basis(maker, amount, code):
    yield maker.case(maker.row(basis=amount)), [code]


def known(maker):
    """Stock without lots says its right basis."""
    return {} if maker.shape.lots else {"correct_basis": maker.shares * D(maker.shape.right)}


@spoiling
def basis_missing(maker):
    reported = {"basis_reported": False if maker.shape.row == NOT_COVERED else None}
    yield maker.case(maker.row(basis=None, **reported, **known(maker))), ["basis_missing"]


@spoiling
def basis_is_zero(maker):
    yield maker.case(maker.row(basis="0", **known(maker))), ["basis_is_zero"]


@spoiling
def basis_omits_compensation(maker):
    if D(maker.shape.pay):
        yield from with_basis(maker, maker.shares * D(maker.shape.cost), "basis_omits_compensation")


@spoiling
def basis_is_fmv(maker):
    if maker.shape.amt != maker.shape.right:
        yield from with_basis(maker, maker.shares * D(maker.shape.amt), "basis_is_fmv")


@spoiling
def basis_double_counts_compensation(maker):
    twice = D(maker.shape.right) + D(maker.shape.pay)
    if D(maker.shape.pay) and twice != D(maker.shape.amt):
        yield from with_basis(maker, maker.shares * twice, "basis_double_counts_compensation")


@spoiling
def basis_other(maker):
    for off in ("-12.34", "0.51", "987.65"):
        row = maker.row(basis=maker.shares * D(maker.shape.right) + D(off), **known(maker))
        yield maker.case(row), ["basis_other"]


@spoiling
def wrong_term(maker):
    if maker.shape.term:
        other = "long" if maker.shape.term == "short" else "short"
        yield maker.case(maker.row(term=other)), ["wrong_term"]
    else:
        yield maker.case(maker.row(term="short")), ["wrong_term"]


@spoiling
def wrong_box(maker):
    yield maker.case(maker.row(noncovered=True, basis_reported=True)), ["wrong_box"]


@spoiling
def wrong_acquired_date(maker):
    if maker.shape.single:
        day = date.fromisoformat(maker.row()["acquired"]) + timedelta(days=maker.random.randint(1, 5))
        yield maker.case(maker.row(acquired=day.isoformat())), ["wrong_acquired_date"]


@spoiling
def selling_expenses_omitted(maker):
    if not maker.shape.capped and "disposition" not in maker.shape.row:
        yield maker.case(maker.row(selling_expenses="20")), ["selling_expenses_omitted"]


def asked(maker):
    """The wash-sale questions that the shape calls for: a loss in that book, or pay that the cap lowered."""
    shape = maker.shape
    if "disposition" in shape.row:
        return []
    regular = shape.capped or D(shape.price) < D(shape.right)
    return ["wash_sale_possible"] * regular + ["amt_wash_sale_possible"] * (D(shape.price) < D(shape.amt))


@spoiling
def wash_sale_mismatch(maker):
    yield maker.case(maker.row(wash_sale_disallowed="77")), ["wash_sale_mismatch", *asked(maker)]


@spoiling
def wash_sale_possible(maker):
    day = date.fromisoformat(maker.row()["sold"]) + timedelta(days=maker.random.randint(-30, 30))
    got = {"corporation": "Example Corp", "date": day.isoformat(), "shares": "25", "kind": "RSU"}
    yield maker.case(maker.row(), acquisitions=[got]), asked(maker)
    yield maker.case(maker.row(disposition=maker.shape.row.get("disposition", "sale")), acquisitions=[got]), []


@spoiling
def proceeds_out_of_line(maker):
    if maker.shape.single and not maker.shape.capped and not asked(maker) and not maker.shape.row:
        rows = [maker.row(maker.shares + extra) for extra in (0, 8, 16)]
        row = maker.row(maker.shares + 24)
        row["proceeds"] *= 4
        yield maker.case(*rows, row, times=20), [[], [], [], ["proceeds_out_of_line"]]


@spoiling
def duplicate_sale(maker):
    if maker.shape.single and "disposition" not in maker.shape.row:
        yield maker.case(maker.row(), maker.row(), times=2), [[], ["duplicate_sale"]]


@spoiling
def shares_exceed_lots(maker):
    if maker.shape.lots and maker.shape.lots[0].of_each != "3" and "disposition" not in maker.shape.row:
        row = maker.row(maker.shares * D("1.25"))
        row |= {"pay_reported": maker.shares * D(maker.shape.pay)} if D(maker.shape.pay) else {}
        yield maker.case(row), ["shares_exceed_lots"]


@spoiling
def no_matching_exercise(maker):
    if maker.shape.lots:
        yield maker.case(maker.row(corporation="Elsewhere Inc")), ["no_matching_exercise"]


@spoiling
def split_suspected(maker):
    if maker.shape.single and maker.shape.name in {"qualifying, gain", "early, above the value"}:
        times = maker.random.choice((2, 3, 4, 5, 10, 20))
        yield (
            maker.case({**maker.row(), "shares": maker.shares * times}),
            ["shares_exceed_lots", "split_suspected"],
        )


@spoiling
def w2_pay_assumed(maker):
    if D(maker.shape.pay):
        yield maker.case(maker.row(pay_reported=None)), ["w2_pay_assumed"]


@spoiling
def w2_omits_compensation(maker):
    if D(maker.shape.pay):
        less = maker.shares * D(maker.shape.pay) - 100
        yield maker.case(maker.row(pay_reported=less)), ["w2_omits_compensation"]


@spoiling
def w2_exceeds_compensation(maker):
    if maker.shape.lots and "disposition" not in maker.shape.row and len(maker.shape.lots) == 1:
        pay, basis = maker.shares * D(maker.shape.pay), maker.shares * D(maker.shape.right)
        yield maker.case(maker.row(pay_reported=pay + 100, basis=basis + 100)), ["w2_exceeds_compensation"]
