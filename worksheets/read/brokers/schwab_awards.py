"""Schwab Equity Award Center, History export: JSON (both generations) and CSV.

It holds sales of awarded shares with what was paid out, and the deposits that brought them. It is no Form 1099-B: boxes
1e, 2, 5 and 12 are not in it. Option exercises have not been seen in it; such rows are reported as not understood.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Entry, Layout, Reading
from worksheets.read.brokers.source import Source
from worksheets.read.brokers.table import has_header, records

REQUIRED = (("Date",), ("Action",), ("Symbol",), ("FeesAndCommissions",), ("DisbursementElection",))
NO_FORM = "not Form 1099-B: take boxes 1e, 2, 5 and 12 from the form"


@dataclass(frozen=True, slots=True)
class Event:
    """One event of the history with its detail rows; all values are text under names in small letters."""

    line: int
    values: Mapping[str, str]
    details: tuple[tuple[int, Mapping[str, str]], ...]


def _json_events(data: Any) -> Iterator[Event]:
    listed = _small(data).get("transactions") or []
    for place, one in enumerate(listed if isinstance(listed, list) else [], 1):
        event = _small(one)
        details = event.get("transactiondetails") or []
        found = tuple((place, _texts(_small(part).get("details", part))) for part in details if isinstance(part, dict))
        yield Event(place, _texts(event), found)


def _small(value: Any) -> dict[str, Any]:
    return {str(key).lower(): part for key, part in value.items()} if isinstance(value, dict) else {}


def _texts(value: Any) -> Mapping[str, str]:
    """The plain values of a mapping as text; the second generation's `eventDate` is the first's `Date`."""
    found = {key: "" if part is None else str(part) for key, part in _small(value).items()}
    return {**found, "date": found.get("date") or found.get("eventdate", "")}


def _csv_events(source: Source) -> Iterator[Event]:
    """An event's row, then its details in rows whose first cells are empty."""
    event: Event | None = None
    for record in records(source, REQUIRED):
        names = record.header.names
        values = dict(zip(names, (cell.strip() for cell in record.line.cells), strict=False))
        if values.get("date"):
            if event:
                yield event
            event = Event(record.line.number, values, ())
        elif event:
            event = Event(event.line, event.values, (*event.details, (record.line.number, values)))
    if event:
        yield event


def _is_json(source: Source) -> bool:
    listed = _small(source.data).get("transactions")
    return isinstance(listed, list) and any("action" in _small(one) or "eventdate" in _small(one) for one in listed)


def _fill(source: Source, reading: Reading) -> None:
    events = list(_json_events(source.data) if _is_json(source) else _csv_events(source))
    deposited = {
        part.get("awardid", "") for event in events if _action(event) == "deposit" for _, part in event.details
    }
    for event in events:
        if _action(event) == "sale":
            _sale(event, reading)
        elif _action(event) == "deposit":
            _got(event, reading, "vestdate", "purchasedate")
        elif _action(event) == "lapse":
            if not any(part.get("awardid") in deposited for _, part in event.details):
                _lapse(event, reading)
        elif "exercise" in _action(event) or "option" in _action(event):
            reading.leave(event.line, "an option exercise, in a form not seen before: give it from Form 3921")
    reading.note(NO_FORM)


def _action(event: Event) -> str:
    return event.values.get("action", "").strip().casefold()


def _sale(event: Event, reading: Reading) -> None:
    if not event.details:
        reading.leave(event.line, "a sale without its details, expected shares and dates by lot")
    for line, part in event.details:
        entry = reading.entry("sales", line)
        entry.put("corporation", event.values.get("symbol", ""), cells.words)
        entry.put("shares", part.get("shares", ""), cells.shares)
        entry.put("sold", event.values["date"], cells.sold_day)
        entry.put("acquired", part.get("vestdate") or part.get("purchasedate") or "", cells.acquired)
        entry.put("proceeds", part.get("grossproceeds", ""), cells.money)
        _plan(entry, part)


def _plan(entry: Entry, part: Mapping[str, str]) -> None:
    """Awarded and purchased shares are no ISO; the basis of restricted stock is its value at vesting."""
    plan = part.get("type", "").strip().upper()
    if plan not in {"RS", "ESPP"}:
        return
    entry.set("kind", "other")
    entry.put("correct_basis", part.get("vestfairmarketvalue", ""), cells.money)
    price, count = entry.values.pop("correct_basis", ""), entry.values.get("shares")
    if plan == "RS" and price and count:
        entry.set("correct_basis", f"{Decimal(price) * Decimal(count):f}")
        entry.notes.append(f"correct_basis is {count} shares at {price}, their value at vesting")
    else:
        entry.hints["correct_basis"] = "what was paid, and the pay reported for these shares"


def _got(event: Event, reading: Reading, *dates: str) -> None:
    for line, part in event.details:
        entry = reading.entry("acquisitions", line)
        entry.put("corporation", event.values.get("symbol", ""), cells.words)
        entry.put("date", next((part[name] for name in dates if part.get(name)), ""), cells.day)
        entry.put("shares", part.get("netsharesdeposited") or event.values.get("quantity", ""), cells.shares)
        entry.put("kind", event.values.get("description", ""), cells.words)


def _lapse(event: Event, reading: Reading) -> None:
    """Shares that vested, less those withheld, where the export does not hold their deposit."""
    dated = Event(
        event.line, event.values, tuple((n, {**part, "date": event.values["date"]}) for n, part in event.details)
    )
    _got(dated, reading, "date")


LAYOUT = Layout(
    "schwab_awards",
    "Schwab Equity Award Center history",
    "Schwab",
    "real",
    lambda source: _is_json(source) or has_header(source, REQUIRED),
    _fill,
)
