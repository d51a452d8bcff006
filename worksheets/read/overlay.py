"""Hypothetical amounts that a case lays over the law's: the names, years and statuses of forms/amounts.yaml only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticCustomError

from worksheets.amounts import UnknownAmountError, check_overlay
from worksheets.case_fields import amount
from worksheets.problems import Problem, dotted, shown
from worksheets.read.located import Rows, Table, locate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from worksheets.read.translate import KeyPath


def overlay_faults(overlay: Table) -> Iterator[Problem]:
    """What in an overlay is no amount, or names what the law's table does not have."""
    for name, years in overlay.items():
        if isinstance(years, Table):
            yield from (problem for year, row in years.items() for problem in _faults(overlay, (name, year), row))
        else:
            message = f"read {shown(years)}, expected a mapping of years to amounts"
            yield Problem(*locate(overlay, (name,)), dotted((name,)), message)
    try:
        check_overlay({name: years for name, years in overlay.items() if isinstance(years, Table)})
    except UnknownAmountError as error:
        key, _, message = str(error).partition(": ")
        yield Problem(*locate(overlay, key.split(".")), key, f"read an unknown name, {message}")


def _faults(overlay: Table, path: KeyPath, value: Any) -> Iterator[Problem]:
    if isinstance(value, Table | Rows) and len(path) < 4:
        for part, inner in value.items() if isinstance(value, Table) else enumerate(value):
            yield from _faults(overlay, (*path, part), inner)
        return
    try:
        amount(value)
    except PydanticCustomError as error:
        yield Problem(*locate(overlay, path), dotted(path), error.message())
