"""What must hold between the entries of a case file: references, dates, years.

Each check yields the path of the key at fault and what was read and expected there. Checks see the entries that could
be read, so that one faulty row does not hide what is wrong elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from worksheets.case import ZERO, Exercise, LotPart, Sale, Year
from worksheets.lots import HALF_DOLLAR, family
from worksheets.problems import shown

if TYPE_CHECKING:
    from decimal import Decimal

Fault = tuple[tuple[str | int, ...], str]

_OTHER_ONLY = ("correct_basis", "amt_basis", "correct_acquired")
TELLING = 10  # dollars of box 1e from which on it tells one price per share from another
WASH_SALE_DAYS = 30  # IRC 1091(a)
_BOXES_OF_A_FORM = ("basis", "term", "noncovered", "basis_reported")  # 1e, 2, 5, 12


@dataclass
class Draft:
    """The entries of a case that could be read.

    Attributes:
        exercises: by place in the file, counted from 0; those that could not be read are left out.
        sales: likewise.
        years: the years that could be read.
        listed_years: every tax year that the case lists.
        exercise_ids: the ids of all exercises in file order, also of those that could not be read.
        sale_ids: likewise.
        has_spouse: whether the case names a spouse.
        has_splits: whether it has corporate actions, after which shares count otherwise than at exercise.
    """

    exercises: Mapping[int, Exercise] = field(default_factory=dict)
    sales: Mapping[int, Sale] = field(default_factory=dict)
    years: Mapping[int, Year] = field(default_factory=dict)
    listed_years: frozenset[int] = frozenset()
    exercise_ids: tuple[str, ...] = ()
    sale_ids: tuple[str, ...] = ()
    has_spouse: bool = False
    has_splits: bool = False

    @cached_property
    def by_id(self) -> dict[str, Exercise]:
        """The exercises that could be read, by id."""
        return {row.id: row for row in self.exercises.values()}

    @cached_property
    def known_ids(self) -> frozenset[str]:
        """The ids of all exercises."""
        return frozenset(self.exercise_ids)

    @cached_property
    def given_to_spouse(self) -> frozenset[tuple[str, str]]:
        """Owner and corporation of shares that went to the other spouse, who may then sell them."""
        gone = (row for row in self.sales.values() if row.disposition == "to_spouse")
        return frozenset((row.owner, row.corporation) for row in gone)

    @cached_property
    def shown_bases(self) -> dict[str, list[Sale]]:
        """The sales that show a basis (box 1e), by the one exercise that they can be of."""
        of_day: dict[tuple[object, ...], list[str]] = {}
        for row in self.exercises.values():
            of_day.setdefault((row.owner, row.corporation, row.exercise_date), []).append(row.id)
        found: dict[str, list[Sale]] = {}
        for sale in self.sales.values():
            that_day = of_day.get((sale.owner, sale.corporation, sale.acquired), [])
            named = {part.exercise for part in sale.lots} or set(that_day)
            if sale.is_iso and sale.basis and len(named) == 1:
                found.setdefault(named.pop(), []).append(sale)
        return found

    @cached_property
    def pay_reported(self) -> dict[int, Decimal]:
        """What Forms W-2 show as income from the sales of each year, dollars."""
        pay: dict[int, Decimal] = {}
        for row in self.sales.values():
            if row.pay_reported is not None:
                pay[row.sold.year] = pay.get(row.sold.year, ZERO) + row.pay_reported
        return pay


def row_faults(draft: Draft) -> Iterator[Fault]:
    """What is wrong with exercises and sales beside their single values."""
    yield from _repeated_ids("exercises", draft.exercise_ids)
    yield from _repeated_ids("sales", draft.sale_ids)
    yield from [*_not_joint(draft)] or _spouse_missing(draft)
    for place, exercise in draft.exercises.items():
        for keys, message in _exercise_faults(exercise, draft):
            yield ("exercises", place, *keys), message
    for place, sale in draft.sales.items():
        for keys, message in _sale_faults(sale, draft):
            yield ("sales", place, *keys), message


def _repeated_ids(table: str, ids: Iterable[str]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for place, name in enumerate(ids):
        if (before := first.setdefault(name, place)) != place:
            yield (table, place, "id"), f"read '{name}', the id of {table}[{before}] too, expected a unique id"


def _spouse_missing(draft: Draft) -> Iterator[Fault]:
    joint = any(year.filing_status == "married_joint" for year in draft.years.values())
    if draft.has_spouse or joint or draft.listed_years - draft.years.keys():
        return
    rows: Iterable[Exercise | Sale] = (*draft.exercises.values(), *draft.sales.values())
    theirs = next((row.id for row in rows if row.owner == "spouse"), None)
    if theirs is not None:
        yield ("spouse",), f"read nothing, expected the spouse's name: {theirs} is the spouse's"


def _not_joint(draft: Draft) -> Iterator[Fault]:
    """The spouse's stock in a year that is not filed jointly: it belongs on another return."""
    for place, exercise in draft.exercises.items():
        events = [exercise.exercise_date.year, *(part.date.year for part in exercise.vesting)]
        yield from _elsewhere(("exercises", place, "owner"), exercise, events, draft)
    for place, sale in draft.sales.items():
        yield from _elsewhere(("sales", place, "owner"), sale, [sale.sold.year], draft)


def _elsewhere(path: tuple[str | int, ...], row: Exercise | Sale, years: list[int], draft: Draft) -> Iterator[Fault]:
    separate = [year for year in years if year in draft.years and draft.years[year].filing_status != "married_joint"]
    if row.owner == "spouse" and separate:
        status = draft.years[separate[0]].filing_status
        expected = "the spouse's stock on the spouse's own return, a case of its own"
        yield path, f"read 'spouse', {separate[0]} being filed as {status}, expected {expected}"


def _exercise_faults(row: Exercise, draft: Draft) -> Iterator[Fault]:
    if row.exercise_date < row.grant_date:
        yield ("exercise_date",), f"read {row.exercise_date}, expected the grant date {row.grant_date} or later"
    if row.vesting or row.section_83b is not None:
        yield from _vesting_faults(row)
    if row.paid_with:
        yield from _lot_faults("paid_with", row.paid_with, row, draft)
        yield from _paid_later(row, draft)
        yield from _swap_faults(row)
    yield from _given_basis_faults(row, draft)
    if not draft.has_splits and (row.paid, row.regular_basis, row.amt_basis) == (None, None, None):
        yield from _slip_faults(row, draft.shown_bases.get(row.id, []))


def _slip_faults(row: Exercise, sales: list[Sale]) -> Iterator[Fault]:
    """Boxes 3 and 4 as totals, or in each other's place: box 1e of every sale tells the price per share.

    Either slip would come out as plausible forms; `paid` says that the boxes hold what Form 3921 shows.
    """
    each = row.exercise_price / row.shares
    if row.shares > 1 and _tell(sales, each):
        values = f"the price and value of one share, {_per_share(each)} and {_per_share(row.fmv / row.shares)}"
        shown_so = f"box 1e of {sales[0].id} says so of the price"
        yield ("exercise_price",), f"read '{row.exercise_price}', expected {values} ({shown_so}), or paid as well"
    elif row.fmv < row.exercise_price and _tell(sales, row.fmv) and not _tell(sales, row.exercise_price):
        values = f"{_per_share(row.fmv)} with fmv {_per_share(row.exercise_price)}"
        shown_so = f"box 1e of {sales[0].id} has the fmv for the price"
        yield ("exercise_price",), f"read '{row.exercise_price}', expected {values} ({shown_so}), or paid as well"


def _tell(sales: list[Sale], price: Decimal) -> bool:
    """Whether box 1e of every sale is this price for each of its shares; amounts too small to tell by do not count."""
    bases = [(sale.basis or ZERO, price * sale.shares) for sale in sales]
    return bool(bases) and all(abs(shown - cost) <= HALF_DOLLAR and cost > TELLING for shown, cost in bases)


def _per_share(price: Decimal) -> str:
    """A price as forms show it: in cents, with up to six decimals where it has them."""
    in_cents = round(price, 2)
    return f"{in_cents:.2f}" if round(price, 6) == in_cents else f"{round(price, 6).normalize():f}"


def _swap_faults(row: Exercise) -> Iterator[Fault]:
    """A swap pays the price at most: shares given up beyond it were sold, and unvested ones are exchanged otherwise."""
    if row.vesting:
        yield (
            ("vesting",),
            "read a value, expected it left out with paid_with: unvested shares paid with shares are not supported",
        )
    given_up = sum((part.shares for part in row.paid_with), ZERO)
    value = given_up * row.fmv
    if value - row.cost > HALF_DOLLAR:
        worth = f"read {given_up} shares, worth {value:.2f} at {row.fmv} a share"
        yield ("paid_with",), f"{worth}, expected at most the price paid, {row.cost:.2f}"
    elif given_up > row.shares:
        yield ("paid_with",), f"read {given_up} shares, expected at most the {row.shares} exercised"


def _given_basis_faults(row: Exercise, draft: Draft) -> Iterator[Fault]:
    """Bases are given for what happened before the file begins; line 2i of the years in it is worked.

    An exercise of the first January may have taken over a loss of the December before (IRC 1091(d)).
    """
    first = min(draft.listed_years, default=None)
    if first is None:
        return
    since = date(first, 1, 1) + timedelta(days=WASH_SALE_DAYS)  # from here on no loss of the year before is replaced
    if row.amt_basis is not None and row.exercise_date >= since:
        exercised = f"read a value, exercised on {row.exercise_date}"
        message = f"{exercised}, expected it left out: it is for lots whose books were changed before {first}"
        yield ("amt_basis",), message
    key = "regular_basis" if row.amt_basis is None else "amt_basis"
    sides = {part.date.year < first for part in row.vesting}
    if row.shares > row.unvested_shares:
        sides.add(row.exercise_date.year < first)
    if getattr(row, key) is not None and row.section_83b is False and len(sides) > 1:
        message = f"read a value for shares that vest before and from {first} on, expected one entry for each vesting"
        yield (key,), f"{message}, as carryforward.yaml writes them"


def _vesting_faults(row: Exercise) -> Iterator[Fault]:
    if not row.vesting:
        yield ("section_83b",), "read a value, expected it left out without vesting"
    elif row.section_83b is None:
        yield ("section_83b",), "read nothing, expected true or false: election for the AMT made within 30 days?"
    for place, part in enumerate(row.vesting):
        if part.date <= row.exercise_date:
            message = f"read {part.date}, expected a day after the exercise on {row.exercise_date}"
            yield ("vesting", place, "date"), message
    if row.unvested_shares > row.shares:
        yield ("vesting",), f"read {row.unvested_shares} shares, expected at most the {row.shares} exercised"


def _paid_later(row: Exercise, draft: Draft) -> Iterator[Fault]:
    for place, part in enumerate(row.paid_with):
        given = draft.by_id.get(part.exercise)
        if given and given.exercise_date >= row.exercise_date:
            held = f"read {part.exercise}, exercised on {given.exercise_date}"
            yield ("paid_with", place, "exercise"), f"{held}, expected one exercised before {row.exercise_date}"


def _lot_faults(key: str, parts: tuple[LotPart, ...], row: Exercise | Sale, draft: Draft) -> Iterator[Fault]:
    """Exercises that are unknown, named twice, or of someone else's or other stock."""
    seen: set[str] = set()
    for place, part in enumerate(parts):
        if part.exercise in seen:
            yield (key, place, "exercise"), f"read {part.exercise} a second time, expected each exercise once"
        elif part.exercise not in draft.known_ids:
            yield (key, place, "exercise"), f"read '{part.exercise}', expected the id of an exercise"
        elif (lot := draft.by_id.get(part.exercise)) and not _same_stock(lot, row, draft):
            found, wanted = (f"{one.corporation} of the {one.owner}" for one in (lot, row))
            yield (key, place, "exercise"), f"read {part.exercise}, {found}, expected {wanted}"
        seen.add(part.exercise)


def _same_stock(lot: Exercise, row: Exercise | Sale, draft: Draft) -> bool:
    return lot.corporation == row.corporation and (
        lot.owner == row.owner or (lot.owner, lot.corporation) in draft.given_to_spouse
    )


def _sale_faults(row: Sale, draft: Draft) -> Iterator[Fault]:
    yield from _proceeds_faults(row)
    if row.form == "none":
        yield from _no_form_faults(row)
    if row.kind == "other":
        yield from _other_stock_faults(row)
    else:
        yield from _iso_stock_faults(row)
    if row.lots:
        yield from _lots_of_sale(row, draft)
    if row.replaced_shares is not None or row.replacement is not None:
        yield from _replacement_faults(row, draft)


def _proceeds_faults(row: Sale) -> Iterator[Fault]:
    if row.is_disposition_for_money and "proceeds" not in row.model_fields_set:
        yield ("proceeds",), "read nothing, expected box 1d, dollars, even as 0"
    if not row.is_disposition_for_money and row.proceeds:
        yield ("proceeds",), f"read '{row.proceeds}', expected 0 or nothing with disposition {row.disposition}"


def _no_form_faults(row: Sale) -> Iterator[Fault]:
    given = {"1e": row.basis, "2": row.term, "5": row.noncovered or None, "12": row.basis_reported}
    for key, (box, value) in zip(_BOXES_OF_A_FORM, given.items(), strict=True):
        if value is not None:
            yield (key,), f"read {shown(value)}, expected box {box} left out with form none"


def _other_stock_faults(row: Sale) -> Iterator[Fault]:
    if row.lots:
        yield ("lots",), "read exercises, expected none with kind other"
    if row.pay_reported is not None:
        expected = "none with kind other: pay that a W-2 shows is part of correct_basis"
        yield ("pay_reported",), f"read '{row.pay_reported}', expected {expected}"
    known = isinstance(row.correct_acquired or row.acquired, date)
    if row.is_disposition_for_money and not known and row.term not in {"short", "long"}:
        if row.form == "none":
            yield ("acquired",), f"read {shown(row.acquired)}, expected the date acquired: the term depends on it"
        else:
            yield ("term",), f"read {shown(row.term)}, expected short or long, or a date acquired (box 1b)"


def _iso_stock_faults(row: Sale) -> Iterator[Fault]:
    for key in _OTHER_ONLY:
        if getattr(row, key) is not None:
            yield (key,), "read a value, expected it left out: it goes with kind other only"


def _lots_of_sale(row: Sale, draft: Draft) -> Iterator[Fault]:
    yield from _lot_faults("lots", row.lots, row, draft)
    identified = sum(part.shares for part in row.lots)
    if identified != row.shares:
        yield ("lots",), f"read {identified} shares in all, expected the {row.shares} of the sale"


def _replacement_faults(row: Sale, draft: Draft) -> Iterator[Fault]:
    if row.disposition != "wash_sale":
        key = "replacement" if row.replaced_shares is None else "replaced_shares"
        yield (key,), "read a value, expected it left out: it goes with disposition wash_sale only"
    if row.replaced_shares is not None and row.replaced_shares > row.shares:
        yield ("replaced_shares",), f"read '{row.replaced_shares}', expected at most the {row.shares} sold"
    if row.replacement is None:
        return
    bought = draft.by_id.get(row.replacement)
    if row.replacement not in draft.known_ids:
        yield ("replacement",), f"read '{row.replacement}', expected the id of an exercise, or nothing"
    elif bought and bought.corporation != row.corporation:
        yield ("replacement",), f"read {row.replacement}, {bought.corporation}, expected stock of {row.corporation}"
    elif bought and abs((bought.exercise_date - row.sold).days) > WASH_SALE_DAYS:
        message = f"read {row.replacement}, exercised on {bought.exercise_date}"
        yield ("replacement",), f"{message}, expected within {WASH_SALE_DAYS} days of the sale on {row.sold}"
    elif bought and _is_block_sold(row, bought, draft):
        yield ("replacement",), f"read {row.replacement}, the shares sold, expected other shares (Rev. Rul. 56-602)"


def _is_block_sold(row: Sale, bought: Exercise, draft: Draft) -> bool:
    """Whether the shares sold can only be of that exercise, in one entry or several."""
    if not row.is_iso or bought.owner != row.owner or bought.exercise_date > row.sold:
        return False
    if row.lots:
        named = [draft.by_id[part.exercise] for part in row.lots if part.exercise in draft.by_id]
        return family(bought) in map(family, named)
    held = [one for one in draft.exercises.values() if _same_stock(one, row, draft) and one.exercise_date <= row.sold]
    that_day = [one for one in held if one.exercise_date == row.acquired]
    return {family(one) for one in that_day or held} == {family(bought)}
