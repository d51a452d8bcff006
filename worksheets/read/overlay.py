"""Hypothetical amounts that a case lays over the law's: the names, years and statuses of forms/amounts.yaml only.

Each must have the shape of the law's own amount: one number, or a list as long as the law's; a rate is no more than 1.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from worksheets.amounts import STATUSES, UnknownAmountError, check_overlay, fixed, overlay_names
from worksheets.case_fields import amount
from worksheets.problems import Problem, dotted, shown
from worksheets.read.located import Rows, Table, locate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from worksheets.read.translate import KeyPath


def overlay_faults(overlay: Table) -> Iterator[Problem]:
    """What in an overlay is no amount, has not the law's shape, or names what the law's table does not have."""
    for name, years in overlay.items():
        if isinstance(years, Table):
            yield from (problem for year, row in years.items() for problem in _row_faults(overlay, (name, year), row))
        else:
            message = f"read {shown(years)}, expected a mapping of years to amounts"
            yield Problem(*locate(overlay, (name,)), dotted((name,)), message)
    try:
        check_overlay({name: years for name, years in overlay.items() if isinstance(years, Table)})
    except UnknownAmountError as error:
        key, _, message = str(error).partition(": ")
        yield Problem(*locate(overlay, key.split(".")), key, f"read an unknown name, {message}")


def _row_faults(overlay: Table, path: KeyPath, row: Any) -> Iterator[Problem]:
    """The faults of one year: of its amount, or of that of each filing status."""
    for rest, value in [((status,), value) for status, value in row.items()] if isinstance(row, Table) else [((), row)]:
        found = list(_faults(overlay, (*path, *rest), value))
        yield from found
        if not found and (message := _misshapen(str(path[0]), value)):
            yield Problem(*locate(overlay, (*path, *rest)), dotted((*path, *rest)), message)


def _faults(overlay: Table, path: KeyPath, value: Any) -> Iterator[Problem]:
    """What in an amount, or a list of them, is no number."""
    if isinstance(value, Rows) and len(path) < 5:
        for part, inner in enumerate(value):
            yield from _faults(overlay, (*path, part), inner)
        return
    try:
        amount(value)
    except PydanticCustomError as error:
        yield Problem(*locate(overlay, path), dotted(path), error.message())


def _misshapen(name: str, value: Any) -> str:
    """What is wrong with the shape of an amount, measured by the law's own; nothing of one whose name is unknown."""
    names = overlay_names()
    if name not in names:
        return ""
    law = fixed(name, int(names[name][0]), STATUSES[0]).value
    if not isinstance(law, list):
        return _number_fault(name, value, law)
    if not isinstance(value, Rows):
        return f"read {shown(value)}, expected a list as the law has it: {_listed(law)}"
    if isinstance(law[0], list):
        return _rows_fault(value)
    return _list_fault(value, law)


def _number_fault(name: str, value: Any, law: Decimal) -> str:
    if isinstance(value, Rows):
        return f"read a list, expected one number, such as {law:f}"
    if law < 1 < amount(value):
        return f"read {shown(value)}, expected a rate of at most 1, such as {law:f}"
    if name == "amt_phaseout_rate" and not amount(value):
        return "read '0', expected a rate above 0: for no phase-out give a higher amt_phaseout_start"
    return ""


def _list_fault(value: Rows, law: list[Decimal]) -> str:
    if len(value) != len(law) or any(isinstance(part, Rows) for part in value):
        return f"read a list of {len(value)}, expected {len(law)} numbers, such as {_listed(law)}"
    numbers = [amount(part) for part in value]
    if law[0] < 1 < max(numbers):
        return f"read {max(numbers):f}, expected rates of at most 1, such as {_listed(law)}"
    if law[0] >= 1 and any(low > high for low, high in pairwise(numbers)):
        return "read amounts out of order, expected the lowest first"
    return ""


def _rows_fault(value: Rows) -> str:
    """The rows of the Tax Table: from which amount on, and how wide."""
    if all(isinstance(row, Rows) and len(row) == 2 for row in value) and value:
        rows = [(amount(start), amount(width)) for start, width in value]
        starts = [start for start, _ in rows]
        if starts[0] == 0 and sorted(set(starts)) == starts and all(width > 0 for _, width in rows):
            return ""
    return "read other rows, expected pairs of where rows begin, from 0 up, and how wide they are, such as [0, 50]"


def _listed(law: list[Any]) -> str:
    """A list as a case would write it."""
    parts = (_listed(part) if isinstance(part, list) else f"{part:f}" for part in law)
    return f"[{', '.join(parts)}]"
