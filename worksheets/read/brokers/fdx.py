"""FDX tax records as JSON: Forms 1099-B (`tax1099B`) and 3921 (`tax3921`), versions 4 to 6.

An adjustment of code B is what is added to costBasis to give correctedCostBasis, so its sign is the opposite of Form
8949 column (g). Box 1e is costBasis; what the file calls corrected is told, not used: the basis is worked from the
exercises.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Entry, Layout, Reading
from worksheets.read.brokers.source import Source
from worksheets.read.brokers.table import form_code

SALE, EXERCISE = "tax1099B", "tax3921"
_DEEPEST = 6
_LONGEST = 30


def _found(data: Any, depth: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tax records in a document, wherever a version puts them (alone, in `forms`, in `taxDataList`)."""
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        for one in data:
            yield from _found(one, depth + 1)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key in (SALE, EXERCISE):
                yield from ((key, one) for one in _mappings(value))
            elif isinstance(value, dict | list):
                yield from _found(value, depth + 1)


def _mappings(value: Any) -> list[dict[str, Any]]:
    """A record, or the records of a list of them."""
    listed = value if isinstance(value, list) else [value]
    return [one for one in listed if isinstance(one, dict)]


def _text(value: Any) -> str:
    """A JSON value as a cell's text; decimals exactly as written."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) and abs(value.adjusted()) < _LONGEST else str(value)


def _name(party: Any) -> str:
    """The name of a party: `businessName.name1` (version 6), `businessName` or `name1` (before)."""
    if not isinstance(party, dict):
        return ""
    inner = party.get("businessName")
    return cells.words(_text(inner)) or _name(inner) or cells.words(_text(party.get("name1")))


def _recognise(source: Source) -> bool:
    return next(_found(source.data), None) is not None


def _fill(source: Source, reading: Reading) -> None:
    place = 0
    for kind, record in _found(source.data):
        if record.get("corrected") is True:
            reading.note("a corrected form: it replaces the first one, which must not be imported too")
        if kind == EXERCISE:
            place += 1
            _exercise(reading.entry("exercises", place), record)
            continue
        for detail in _mappings(record.get("securityDetails")):
            place += 1
            _sale(reading.entry("sales", place), record, detail)
    reading.note("line numbers count the records of the file")


def _exercise(entry: Entry, record: dict[str, Any]) -> None:
    """Form 3921: box 6 names the corporation when it is filled in, else the transferor is it."""
    other = _name(record.get("corporation")) or _name(record.get("corporateNameAddress"))
    entry.set("corporation", other or _name(record.get("issuer")) or _name(record.get("transferorNameAddress")))
    entry.put("grant_date", _text(record.get("optionGrantDate")), cells.day)
    entry.put("exercise_date", _text(record.get("optionExerciseDate")), cells.day)
    entry.put("exercise_price", _text(record.get("exercisePrice")), cells.money)
    entry.put("fmv", _text(record.get("exerciseMarketValue")), cells.money)
    entry.put("shares", _text(record.get("numberOfShares")), cells.shares)
    entry.put("account", _text(record.get("accountNumber")), cells.words)


def _sale(entry: Entry, record: dict[str, Any], detail: dict[str, Any]) -> None:
    get = {key: _text(value) for key, value in detail.items()}.get
    entry.set("broker", _name(record.get("issuer")) or _name(record.get("payerNameAddress")))
    entry.put("account", _text(record.get("accountNumber")), cells.words)
    entry.put("shares", get("numberOfShares", ""), cells.shares)
    entry.symbol = cells.words(get("securityName", ""))
    entry.put("description", get("saleDescription", "") or entry.symbol, cells.words)
    various = get("variousDatesAcquired", "") == "true"
    entry.put("acquired", "various" if various else get("dateAcquired", ""), cells.acquired)
    entry.put("sold", get("dateOfSale", ""), cells.sold_day)
    entry.put("proceeds", get("salesPrice", ""), cells.money)
    entry.put("basis", get("costBasis", ""), cells.money)
    entry.put("wash_sale_disallowed", get("washSaleLossDisallowed", ""), cells.size)
    entry.put("term", "ordinary" if get("ordinary", "") == "true" else get("longOrShort", ""), cells.term)
    entry.put("noncovered", get("noncoveredSecurity", ""), cells.flag)
    entry.put("basis_reported", get("basisReported", ""), cells.flag)
    form_code(entry, get("checkboxOnForm8949", ""))
    _adjustments(entry, detail)


def _adjustments(entry: Entry, detail: dict[str, Any]) -> None:
    """Tell a corrected basis, and a code B whose sign is that of column (g) instead of the format's."""
    try:
        corrected = cells.money(_text(detail.get("correctedCostBasis")))
        added = [
            Decimal(_text(one.get("amount")) or "0")
            for one in _mappings(detail.get("adjustmentCodes"))
            if one.get("code") == "B"
        ]
    except (ValueError, ArithmeticError):
        entry.notes.append("the adjustments of the row could not be read; the basis is worked anew")
        return
    if not corrected and not added:
        return
    basis = Decimal(entry.values.get("basis", "0"))
    total = Decimal(corrected) if corrected else basis + sum(added)
    if corrected and added and basis + sum(added) != total:
        reversed_sign = basis - sum(added) == total
        entry.notes.append(
            "code B is signed as Form 8949 column (g)"
            if reversed_sign
            else "code B does not lead to the corrected basis"
        )
    entry.notes.append(f"the file corrects the basis to {total:f}; box 1e stays {entry.values.get('basis', 'empty')}")


LAYOUT = Layout("fdx", "FDX tax records (Forms 1099-B and 3921)", "", "spec", _recognise, _fill)
