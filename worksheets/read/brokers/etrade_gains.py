"""E*TRADE / Morgan Stanley at Work, Gains & Losses: expanded (47 columns), collapsed (28), and the classic one (37).

CSV or XLSX. Box 1e is Acquisition Cost: what the broker reported, the exercise price only; Adjusted Cost Basis is the
supplement's figure and never box 1e. Quantity is what was sold of an exercise, not what was exercised: the shares of
Form 3921 box 5 are in no such file. Rows are never dropped as doubles: one order can sell look-alike lots.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Confidence, Entry, Layout, Reading
from worksheets.read.brokers.source import Source
from worksheets.read.brokers.table import Column, Names, Record, fill, has_header, is_row, records

REQUIRED = (
    ("Record Type",),
    ("Date Acquired",),
    ("Date Sold",),
    ("Total Proceeds",),
    ("Acquisition Cost",),
)
QUANTITY = ("Quantity", "Qty.")
SALE = (
    Column("corporation", ("Symbol",)),
    Column("shares", QUANTITY, cells.shares),
    Column("acquired", ("Date Acquired",), cells.acquired),
    Column("sold", ("Date Sold",), cells.sold_day),
    Column("proceeds", ("Total Proceeds",), cells.money),
    Column("basis", ("Acquisition Cost",), cells.money),
    Column("term", ("Capital Gains Status", "Term"), cells.term),
)
EMPTY = frozenset({"0", "0.0", "0.00"})


def _day(text: str) -> str:
    """A date of the plan's columns, in which zero stands for an empty cell too."""
    return "" if _empty(text) else cells.day(text)


EXERCISE = (
    Column("corporation", ("Symbol",)),
    Column("grant_date", ("Grant Date",), _day),
    Column("exercise_date", ("Exercise Date",), _day),
    Column("exercise_price", ("Grant Price",), cells.filled),
    Column("fmv", ("Exercise Date FMV",), cells.filled),
)
OTHER_PLANS = {"rs": "restricted stock", "espp": "an employee stock purchase plan", "buy": "a purchase"}
ADJUSTMENT, DEFERRED = "Total Wash Sale Adjustment Amount", "Deferred Loss"


class _Gains:
    """One file being read: its option lots, and the quantities that its Summary rows tell."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.lots: dict[tuple[str, ...], list[Record]] = {}
        self.told: list[str] = []

    def take(self, record: Record) -> None:
        """Read one row."""
        kind = record.raw("Record Type").casefold()
        if kind == "sell":
            self._sale(record)
        elif kind == "summary":
            self.told.append(record.raw(*QUANTITY))
        else:
            message = f"read the record type '{cells.one_line(kind)}', expected Sell or Summary"
            self.reading.leave(record.line.number, message)

    def _sale(self, record: Record) -> None:
        entry = fill(self.reading.entry("sales", record.line.number), record, SALE)
        _covered(entry, record.raw("Covered Status"))
        _wash_sale(entry, record)
        if _is_iso(entry, record) and not _empty(record.raw("Exercise Date")):
            lot = (*(record.raw(*column.names) for column in EXERCISE), record.raw("Grant Number"))
            self.lots.setdefault(lot, []).append(record)

    def close(self) -> None:
        """After the last row: an exercise for each option lot, and whether the rows add up to the Summary."""
        for sold in self.lots.values():
            self._exercise(sold)
        if self.lots:
            self.reading.note("rows of options have not been seen in a real export: compare them with the forms")
        found = _sum(entry.values.get("shares", "0") for entry in self.reading.entries if entry.table == "sales")
        for told in self.told:
            if not cells.blank(told) and _sum([told]) != found:
                self.reading.note(f"the Summary row tells {cells.one_line(told)} shares, the rows give {found:f}")

    def _exercise(self, sold: list[Record]) -> None:
        entry = fill(self.reading.entry("exercises", sold[0].line.number), sold[0], EXERCISE)
        count = _sum(record.raw(*QUANTITY) for record in sold)
        entry.hints["shares"] = f"Form 3921 box 5, all shares exercised (this file only shows {count:f} of them sold)"
        grant = sold[0].raw("Grant Number")
        if not cells.blank(grant):
            entry.notes.append(f"grant {cells.one_line(grant)}")


def _sum(quantities: Iterable[str]) -> Decimal:
    return sum(map(_count, quantities), Decimal(0))


def _count(quantity: str) -> Decimal:
    """A number of shares; none for a cell that cannot be read, which is reported where it stands."""
    try:
        return Decimal(cells.shares(quantity) or 0)
    except ValueError:
        return Decimal(0)


def _covered(entry: Entry, status: str) -> None:
    """Covered Status, blank in the exports seen: then box 12 stays open, to be taken from Form 1099-B."""
    word = status.strip().casefold().replace("-", "")
    if word in {"covered", "noncovered", "uncovered", "not covered"}:
        entry.set("basis_reported", "true" if word == "covered" else "false")
        entry.set("noncovered", "false" if word == "covered" else "true")
    elif not cells.blank(status):
        entry.unread["noncovered"] = (cells.one_line(status), "Covered or Noncovered")


def _wash_sale(entry: Entry, record: Record) -> None:
    """Box 1g: which of two columns holds it is not documented, so they must agree or one be empty."""
    read = []
    for name in (ADJUSTMENT, DEFERRED):
        try:
            read.append(cells.size(record.raw(name)))
        except ValueError as error:
            entry.unread["wash_sale_disallowed"] = (cells.one_line(record.raw(name)), str(error))
            return
    found = [Decimal(one) for one in read if one]
    if len(found) > 1 and found[0] != found[1]:
        both = f"{ADJUSTMENT} {read[0]}, {DEFERRED} {read[1]}"
        entry.unread["wash_sale_disallowed"] = (both, "one figure: take box 1g of Form 1099-B")
    elif found:
        entry.set("wash_sale_disallowed", next(filter(None, read)))
        entry.notes.append("compare wash_sale_disallowed with box 1g of Form 1099-B")


def _empty(cell: str) -> bool:
    return cells.blank(cell) or cell.strip() in EMPTY


def _is_iso(entry: Entry, record: Record) -> bool:
    """Whether the shares may come from an ISO; shares of other plans are marked so, with their adjusted basis."""
    plan, kind = record.raw("Plan Type").casefold(), record.raw("Type")
    nonqualified = "non" in kind.casefold() or kind.strip().casefold() in {"nq", "nqso", "nso"}
    if plan in OTHER_PLANS or (plan == "so" and nonqualified):
        _other(entry, record, OTHER_PLANS.get(plan, "an option that is no ISO"))
        return False
    if plan == "so" and not any(word in kind.casefold() for word in ("incentive", "iso")):
        entry.notes.append("the file does not say whether the option is an ISO: if it is not, give kind: other")
    return True


def _other(entry: Entry, record: Record, what: str) -> None:
    entry.set("kind", "other")
    entry.put("correct_basis", record.raw("Adjusted Cost Basis"), cells.money)
    entry.notes.append(f"shares from {what}: correct_basis is the file's Adjusted Cost Basis, compare the supplement")


def _fill(source: Source, reading: Reading) -> None:
    gains = _Gains(reading)
    for record in records(source, REQUIRED):
        if is_row(record, reading, ("the values",)):
            gains.take(record)
    gains.close()
    reading.note("Form 1099-B decides: this file gives no box 12 unless its Covered Status is filled")


def _layout(name: str, title: str, confidence: Confidence, columns: tuple[Names, ...]) -> Layout:
    wanted = (*REQUIRED, *columns)
    full = f"E*TRADE / Morgan Stanley Gains & Losses, {title}"
    return Layout(name, full, "E*TRADE", confidence, lambda source: has_header(source, wanted), _fill)


CLASSIC = _layout("etrade_classic", "Expanded, classic", "parser", (("Qty.",), ("Exercise Date",)))
EXPANDED = _layout("etrade_expanded", "Expanded", "real", (("Quantity",), ("Exercise Date",)))
COLLAPSED = _layout("etrade_collapsed", "Collapsed", "parser", ())
