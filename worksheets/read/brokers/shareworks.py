"""Shareworks (Solium), the "All activities" statement as text: exercises of options, and releases of share units.

The text is what one gets from the page or the PDF; it may hold zero-width blanks. Of an exercise it has all that
Form 3921 shows: box 5 is the quantity of the grant's line, not the quantity held after. A block without its method is a
summary of one that stands elsewhere, and passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from worksheets.read.brokers import cells
from worksheets.read.brokers.layout import Entry, Layout, Reading
from worksheets.read.brokers.source import Source

_EXERCISE = re.compile(r"Exercise \(E[A-Z]{1,3}-?[0-9A-Fa-f]{6,}\)")
_RELEASE = re.compile(r"Share Units - Release \(")
_BLOCK = re.compile(rf"^[ \t]*(?=(?:{_EXERCISE.pattern}|{_RELEASE.pattern}))", re.MULTILINE)
_INVISIBLE = re.compile("[\u200b\u200c\u200d\ufeff]")
_MONEY = r"\$\s*([0-9,]+\.?[0-9]*)"
_DAY = r"([0-9]{1,2}-[A-Za-z]{3}-[0-9]{4})"
_COMPANY = re.compile(r"^[ \t]*Company:[ \t]*(\S.*)$", re.MULTILINE)
_METHOD = re.compile(r"Exercise\s+Method:")
_FMV = re.compile(rf"Fair\s+Market\s+Value:\s*{_MONEY}")
_EXERCISED = re.compile(rf"Transaction\s+Date:\s*{_DAY}")
_SUBJECT = re.compile(rf"Amount\s+Subject\s+to\s+AMT:\s*{_MONEY}")
_AWARD = re.compile(r"Options\s+\((ISO|NSO|NQSO?|NQ)\)")
_GRANT = re.compile(rf"{_DAY}\s+\$([0-9,.]+?)\s*USD\s+([0-9,.]+)")
_RELEASED = re.compile(rf"Release\s+Date:\s*{_DAY}")
_ISSUED = re.compile(r"Net\s+Amount\s+of\s+Shares\s+Issued:?\s*([0-9,.]+)")


class Block(NamedTuple):
    """One activity of the statement, and the line it begins on."""

    line: int
    text: str

    def first(self, pattern: re.Pattern[str]) -> str:
        """What a pattern finds, or ""."""
        match = pattern.search(self.text)
        return match[1] if match else ""


def _blocks(text: str) -> Iterator[Block]:
    starts = [match.start() for match in _BLOCK.finditer(text)]
    line, before = 1, 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line += text.count("\n", before, start)
        before = start
        yield Block(line, text[start:end])


def _recognise(source: Source) -> bool:
    return bool(_BLOCK.search(_INVISIBLE.sub("", source.text)))


def _fill(source: Source, reading: Reading) -> None:
    text = _INVISIBLE.sub("", source.text).replace("\r\n", "\n").replace("\r", "\n")
    company = _COMPANY.search(text)
    name = cells.words(company[1]) if company else ""
    for block in _blocks(text):
        if _RELEASE.match(block.text):
            _release(block, reading, name)
        elif _METHOD.search(block.text):
            _exercise(block, reading, name)


def _exercise(block: Block, reading: Reading, company: str) -> None:
    """An entry for each grant that was exercised."""
    awards = set(_AWARD.findall(block.text))
    grants = _GRANT.findall(block.text)
    if not grants:
        reading.leave(block.line, "an exercise without its grants, expected grant date, price and quantity")
    elif awards - {"ISO"}:
        reading.leave(block.line, f"an exercise of options that are {', '.join(sorted(awards))}: no Form 3921")
    else:
        made = [_entry(block, reading.entry("exercises", block.line), *grant) for grant in grants]
        _check_amount(block, made)
        for entry in made:
            entry.set("corporation", company)
            if not awards:
                entry.notes.append("the statement does not say that the option is an ISO")


def _entry(block: Block, entry: Entry, granted: str, price: str, count: str) -> Entry:
    entry.put("grant_date", granted, cells.day)
    entry.put("exercise_date", block.first(_EXERCISED), cells.day)
    entry.put("exercise_price", price, cells.money)
    entry.put("fmv", block.first(_FMV), cells.money)
    entry.put("shares", count, cells.shares)
    return entry


def _check_amount(block: Block, made: list[Entry]) -> None:
    """Value less price, times shares, is the amount that the statement calls subject to AMT."""
    told = _amount(block.first(_SUBJECT))
    if told is None or any(set(entry.missing) - {"corporation"} for entry in made):
        return
    values = [{key: Decimal(entry.values[key]) for key in ("fmv", "exercise_price", "shares")} for entry in made]
    spread = sum(((one["fmv"] - one["exercise_price"]) * one["shares"] for one in values), Decimal(0))
    if abs(spread - told) > 1:
        made[0].notes.append(f"value less price gives {spread:f}, the statement says {told:f} subject to AMT")


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(cells.money(text)) if text else None
    except ValueError:
        return None


def _release(block: Block, reading: Reading, company: str) -> None:
    entry = reading.entry("acquisitions", block.line)
    entry.set("corporation", company)
    entry.put("date", block.first(_RELEASED), cells.day)
    entry.put("shares", block.first(_ISSUED), cells.shares)
    entry.set("kind", "RSU")


LAYOUT = Layout("shareworks", "Shareworks all activities", "", "parser", _recognise, _fill)
