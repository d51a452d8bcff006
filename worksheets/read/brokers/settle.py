"""What several files say together: one name for each corporation, one entry for each exercise, rows that look alike.

Only an exercise that a file shows in part (a sale of it, a lot of it) gives way to the same one shown whole, and says
so; sales are never dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from worksheets.read.brokers.layout import REQUIRED, Entry, Reading, Table
from worksheets.read.brokers.table import folded
from worksheets.read.rows import Corporations

_SAME_EXERCISE = ("exercise_date", "grant_date", "exercise_price", "fmv")
_SAME_SALE = ("sold", "acquired", "shares", "proceeds")
# What two rows of a table must share to look alike, and what to call one.
_ALIKE: Mapping[Table, tuple[tuple[str, ...], str]] = {
    "sales": (_SAME_SALE, "sale"),
    "exercises": ((*_SAME_EXERCISE, "shares"), "exercise"),
}
NUMBERS = frozenset({"exercise_price", "fmv", "shares", "proceeds"})


class Missing(NamedTuple):
    """A fact that a case needs and no file gives: its key, as problems name it, and what to give."""

    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.key}: {self.what}"


def settle(readings: Sequence[Reading], names: Mapping[str, str]) -> tuple[str, ...]:
    """Bring the entries of all files together, in place; the result is what to tell about it.

    Args:
        readings: the files read.
        names: corporation as a file has it, folded ("" for rows without) → as the exercises spell it.
    """
    entries = [entry for reading in readings for entry in reading.entries]
    for entry in entries:
        _rename(entry, names)
    notes = _drop_partial(readings)
    corporations = Corporations(
        entry.values for reading in readings for entry in reading.entries if entry.table == "exercises"
    )
    for reading in readings:
        for entry in reading.entries:
            _name(entry, corporations)
    return (*notes, *_accounts(readings), *_look_alikes(readings))


def _rename(entry: Entry, names: Mapping[str, str]) -> None:
    called = [folded(entry.values.get("corporation", "")), folded(entry.symbol)]
    found = next((names[name] for name in called if name and name in names), "")
    if not found and not any(called):
        found = names.get("", "")
    if entry.table != "totals":
        entry.set("corporation", found)


def _name(entry: Entry, corporations: Corporations) -> None:
    """The corporation in the exercises' spelling; from the description, or the symbol, where the row names none."""
    if entry.table not in ("sales", "acquisitions"):
        return
    row = corporations.spell(entry.values)
    if "corporation" not in row and entry.symbol:
        named = corporations.spell({"description": entry.symbol})
        row["corporation"] = (
            named.get("corporation", "") if folded(named.get("corporation", "")) == folded(entry.symbol) else ""
        )
    entry.set("corporation", row.get("corporation", ""))
    if "corporation" not in entry.values:
        entry.hints.setdefault("corporation", _corporation_hint(entry))


def _corporation_hint(entry: Entry) -> str:
    if "description" in entry.values:
        return "as the exercises spell it; may stay empty where the description holds that name"
    return "as the exercises spell it"


def _accounts(readings: Sequence[Reading]) -> list[str]:
    """Put the account numbers of Forms 3921 aside where no sale has them.

    They are the issuer's, as a rule; a case matches a sale to exercises of the same account where both have one, so
    they would keep every sale from its lots. Tables in our own names stay as they are, unless
    the sales have accounts and none of them is an exercise's.
    """
    every = [entry for reading in readings for entry in reading.entries]
    sold_from = {entry.values.get("account") for entry in every if entry.table == "sales"} - {None}
    given = [entry for entry in every if entry.table == "exercises" and "account" in entry.values]
    apart = bool(sold_from) and not any(entry.values["account"] in sold_from for entry in given)
    own = {id(entry) for reading in readings if reading.layout.confidence == "own" for entry in reading.entries}
    moved = [entry for entry in given if entry.values["account"] not in sold_from and (apart or id(entry) not in own)]
    for entry in moved:
        entry.aside["account"] = (entry.values.pop("account"), "the form's number; no sale has it")
    what = "no sale has the account numbers of Form 3921: left aside, because sales are matched to exercises by them"
    return [what] if moved else []


def _value(entry: Entry, key: str) -> object:
    text = entry.values.get(key, "")
    return Decimal(text) if text and key in NUMBERS else text


def _drop_partial(readings: Sequence[Reading]) -> list[str]:
    """Leave out exercises shown in part that another file shows whole, or that an earlier row showed in part too."""
    entries = [entry for reading in readings for entry in reading.entries if entry.table == "exercises"]
    whole = [entry for entry in entries if "shares" in entry.values]
    kept: list[Entry] = []
    notes = []
    for reading in readings:
        for entry in [one for one in reading.entries if one.table == "exercises" and "shares" not in one.values]:
            other = next((one for one in whole if _within(entry, one)), None)
            other = other or next((one for one in kept if _within(entry, one) and one.notes == entry.notes), None)
            if other is None:
                kept.append(entry)
            else:
                reading.entries.remove(entry)
                notes.append(f"{_place(entry)}: the exercise is that of {_place(other)}, given once")
    return notes


def _within(part: Entry, other: Entry) -> bool:
    """Whether an exercise shown in part can be another one: dates, price and value agree as far as they are given."""
    given = [key for key in _SAME_EXERCISE if key in part.values]
    return {"exercise_date", "grant_date"} <= set(given) and all(
        _value(part, key) == _value(other, key) for key in given
    )


def _place(entry: Entry) -> str:
    return f"{entry.file}:{entry.line}"


def _look_alikes(readings: Iterable[Reading]) -> list[str]:
    """Rows of different files that look alike: the same sale or exercise from two sources, unless there were two.

    Names of corporations may differ: sources spell them otherwise.
    """
    first: dict[object, Entry] = {}
    notes = []
    for entry in (entry for reading in readings for entry in reading.entries if entry.table in _ALIKE):
        keys, what = _ALIKE[entry.table]
        other = first.setdefault((entry.table, *(_value(entry, key) for key in keys)), entry)
        if other.file != entry.file:
            notes.append(f"{_place(entry)} looks like {_place(other)}: if it is that {what}, strike one")
    return notes


def missing_facts(entries: Iterable[Entry], years: Iterable[int]) -> tuple[Missing, ...]:
    """What a case of these entries still needs."""
    listed = list(entries)
    found = [Missing("taxpayer.name", "as shown on the return")]
    for table in REQUIRED:
        for place, entry in enumerate(entry for entry in listed if entry.table == table):
            found += _gaps(f"{table}[{place}]", entry)
    return (
        *found,
        *_no_exercise(listed),
        *(Missing(f"years.{year}.filing_status", "and wages, for the whole return") for year in years),
    )


def _gaps(place: str, entry: Entry) -> Iterator[Missing]:
    for key in dict.fromkeys((*entry.missing, *entry.hints)):
        if key not in entry.values and key not in entry.unread:
            yield Missing(f"{place}.{key}", entry.hints.get(key, "the file does not say"))


def _no_exercise(entries: list[Entry]) -> list[Missing]:
    """Sales of stock that no exercise is of."""
    known = {folded(entry.values.get("corporation", "")) for entry in entries if entry.table == "exercises"}
    sold = dict.fromkeys(
        entry.values["corporation"]
        for entry in entries
        if entry.table == "sales" and "corporation" in entry.values and entry.values.get("kind") != "other"
    )
    what = (
        "Form 3921 for each exercise of {0}: grant and exercise dates, price, value and shares; or its name as the "
        'exercises spell it (--map "corporation:{0}=NAME"); or kind: other on its sales'
    )
    return [Missing("exercises", what.format(name)) for name in sold if folded(name) not in known]
