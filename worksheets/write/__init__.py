"""Where the corrected rows go next: files that tax programs import, one module a target."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from worksheets.household import Household
from worksheets.write import drake, fdx, olt, opentaxsolver, taxact, txf
from worksheets.write.corrected import corrected
from worksheets.write.target import Target, Written

TARGETS: Mapping[str, Target] = {
    module.TARGET.name: module.TARGET for module in (drake, taxact, olt, opentaxsolver, txf, fdx)
}


def write(name: str, household: Household, year: int, *, today: date | None = None) -> Written:
    """The rows of Form 8949 of one year as a file for another program.

    Args:
        name: one of `TARGETS`.
        household: worked.
        year: one of its tax years.
        today: the day of writing, for formats that say it.

    Raises:
        ValueError: the target or the year is not known.
    """
    if name not in TARGETS:
        raise ValueError(f"read the target '{name}', expected one of {', '.join(TARGETS)}")
    if year not in household.years:
        raise ValueError(f"read the year {year}, expected one of {', '.join(map(str, household.years))}")
    return TARGETS[name].write(corrected(household, year), year, today or datetime.now(tz=UTC).date())


__all__ = ["TARGETS", "Target", "Written", "write"]
