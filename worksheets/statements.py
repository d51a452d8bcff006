"""Rows of Form 8949 on an attached statement: one row a broker, code M, stands for them on the form.

Source: Form 8949 instructions, Exception 2 and code M (columns (b) and (c) blank, totals in the others). Amounts are
exact dollars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from worksheets.case import Case
from worksheets.f8949 import Row
from worksheets.form import ZERO, Columns

MANY = "M"  # the code for several transactions in one row


@dataclass(frozen=True, slots=True)
class Together:
    """What stands on the form for all rows of one broker under one box: its name, every code, the totals."""

    box: str
    broker: str
    codes: str
    columns: Columns

    @property
    def text(self) -> str:
        """Column (a)."""
        return f"{self.broker or 'Broker'}, see attached statement"


@dataclass(frozen=True, slots=True)
class Listing:
    """Rows as they are filed: those on the form, those that stand for others, and those on the statement."""

    rows: Sequence[Row]
    together: Sequence[Together]
    statement: Sequence[Row]


def brokers(case: Case) -> Mapping[str, str]:
    """The broker of each sale as the case spells it first (capitals make no other), "" where none is named."""
    spelt: dict[str, str] = {}
    return {sale.id: spelt.setdefault((sale.broker or "").casefold(), sale.broker or "") for sale in case.sales}


def listing(rows: Sequence[Row], brokers_of: Mapping[str, str], most: Decimal | int | None) -> Listing:
    """The rows of one book, a broker's on the statement where it has more than `most` under one box (None: never)."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        found.setdefault((row.box, brokers_of.get(row.sale, "")), []).append(row)
    many = {key: listed for key, listed in found.items() if most is not None and len(listed) > most}
    kept = [row for row in rows if (row.box, brokers_of.get(row.sale, "")) not in many]
    together = [_together(*key, listed) for key, listed in sorted(many.items(), key=lambda one: one[0][0])]
    return Listing(kept, together, [row for listed in many.values() for row in listed])


def _together(box: str, broker: str, listed: Sequence[Row]) -> Together:
    codes = "".join(sorted({MANY}.union(*(row.f or "" for row in listed))))
    amounts = zip(*(row.columns for row in listed), strict=True)
    return Together(box, broker, codes, Columns(*(sum(column, ZERO) for column in amounts)))
