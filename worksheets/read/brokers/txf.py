"""TXF, version 042 (Tax Exchange Format): sales as records of lines, the first character naming the field.

Cost stands before proceeds; a third amount, of record format 5, is the wash sale loss disallowed. The reference number
tells term and box. The format has no field for the number of shares: it is read from the description.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Entry, Layout, Reading
from worksheets.read.brokers.source import Source
from worksheets.read.brokers.table import without_form

# Reference number → term ("" where it is unknown) and the box of Form 8949 for short-term rows.
SALES: Mapping[str, tuple[str, str]] = {
    "321": ("short", "A"),
    "323": ("long", "A"),
    "711": ("short", "B"),
    "713": ("long", "B"),
    "712": ("short", "C"),
    "714": ("long", "C"),
    "673": ("", "A"),
    "715": ("", "B"),
    "716": ("", "C"),
    "682": ("", "A"),
    "718": ("", "B"),
}
ALL_LOSS_DISALLOWED = frozenset({"682", "718"})
DETAIL, SUMMARY = "D", "S"


class Entered(NamedTuple):
    """One record: the line it begins on, and its fields in order."""

    line: int
    fields: tuple[tuple[str, str], ...]

    def all(self, letter: str) -> list[str]:
        """The values of a field, in order."""
        return [value for name, value in self.fields if name == letter]

    def first(self, letter: str) -> str:
        """The first value of a field, or ""."""
        return next(iter(self.all(letter)), "")

    @property
    def kind(self) -> str:
        """D for a detail, S for a summary (the default)."""
        return self.first("T").upper()[:1] or SUMMARY


def _records(text: str) -> Iterator[Entered]:
    """The records between the carets; the header is the first."""
    start = 1
    fields: list[tuple[str, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("^"):
            yield Entered(start, tuple(fields))
            start, fields = number + 1, []
        elif line.strip():
            fields.append((line[0], line[1:].strip()))
    if fields:
        yield Entered(start, tuple(fields))


def _recognise(source: Source) -> bool:
    first = source.text.lstrip().splitlines()[:1]
    return bool(first) and first[0].strip()[:1] == "V" and first[0].strip()[1:].isdigit()


def _fill(source: Source, reading: Reading) -> None:
    header, *records = _records(source.text)
    if header.first("V") != "042":
        reading.note(f"version {cells.one_line(header.first('V'))}, read as version 042")
    detailed = {record.first("N") for record in records if record.kind == DETAIL}
    for record in records:
        number = record.first("N")
        if number not in SALES:
            reading.note(f"records with reference number {cells.one_line(number)} are no sales: left aside")
        elif record.kind == SUMMARY and number in detailed:
            reading.note(f"summary records of {number} are left aside: the details are in the file")
        else:
            _sale(record, reading)


def _sale(record: Entered, reading: Reading) -> None:
    entry = reading.entry("sales", record.line)
    entry.put("description", record.first("P"), cells.words)
    count, entry.symbol = cells.leading_shares(record.first("P"))
    entry.set("shares", count)
    dates, amounts = record.all("D"), record.all("$")
    if len(dates) != 2 or not 2 <= len(amounts) <= 3:
        reading.entries.remove(entry)
        read = f"read {len(dates)} dates and {len(amounts)} amounts"
        reading.leave(
            record.line, f"{read}, expected dates acquired and sold, cost, proceeds and at most the wash sale"
        )
        return
    entry.put("sold", dates[1], cells.sold_day)
    sold_in = entry.values.get("sold", "")[:4]
    entry.put("acquired", cells.long_year(dates[0], int(sold_in)) if sold_in else dates[0], cells.acquired)
    entry.put("basis", amounts[0], cells.money)
    entry.put("proceeds", amounts[1], cells.money)
    entry.put("wash_sale_disallowed", "".join(amounts[2:]), cells.size)
    _box(entry, record.first("N"))


def _box(entry: Entry, number: str) -> None:
    term, box = SALES[number]
    entry.set("term", term)
    if box == "C":
        without_form(entry)
    else:
        entry.set("basis_reported", "true" if box == "A" else "false")
    basis, proceeds = (Decimal(entry.values.get(key, "0")) for key in ("basis", "proceeds"))
    if number in ALL_LOSS_DISALLOWED and basis > proceeds and "wash_sale_disallowed" not in entry.values:
        entry.set("wash_sale_disallowed", f"{basis - proceeds:f}")
        entry.notes.append("the reference number says that the whole loss is disallowed")


LAYOUT = Layout("txf", "TXF, version 042", "", "spec", _recognise, _fill)
