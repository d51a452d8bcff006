"""What a target is: a program or format that takes rows of Form 8949, and what writing for it gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from worksheets.form import ZERO
from worksheets.write.corrected import Corrected, dollars

ALL_CODES = "BCDEHLMNOPQRSTWXYZ"


@dataclass(frozen=True, slots=True)
class Written:
    """A file for another program.

    Attributes:
        filename: a name for it, without folder.
        content: its bytes.
        notes: what the format cannot carry, row by row, and what to do by hand.
    """

    filename: str
    content: bytes
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """What a target writes: the rows of a year that it can carry, and the day of writing."""

    year: int
    rows: tuple[Corrected, ...]
    today: date


@dataclass(frozen=True, slots=True)
class Target:
    """A program or format.

    Attributes:
        filename: with `{year}` where the tax year goes.
        boxes: letters of Form 8949 boxes that it can carry.
        carries_amt: whether it has a place for the AMT basis.
        carries_codes: the codes of column (f) that it has a place for.
        compose: the bytes for a batch.
        notes: what holds for every file of this kind.
    """

    name: str
    title: str
    filename: str
    boxes: str
    carries_amt: bool
    carries_codes: str
    compose: Callable[[Batch], bytes]
    notes: tuple[str, ...] = ()

    def write(self, rows: list[Corrected], year: int, today: date) -> Written:
        """Write what the target can carry, and say what it cannot."""
        carried = tuple(one for one in rows if one.row.box in self.boxes)
        content = self.compose(Batch(year, carried, today))
        told = [note for one in rows for note in self._lost(one)]
        return Written(self.filename.format(year=year), content, (*self.notes, *told))

    def _lost(self, one: Corrected) -> Iterator[str]:
        """What the target cannot carry of a row, and what to do."""
        row = one.row
        if row.box not in self.boxes:
            yield f"{row.sale}: box {row.box} has no place in {self.title}: left out, enter the row by hand"
            return
        lost = {code: amount for code, amount in one.codes.items() if code not in self.carries_codes}
        if lost:
            total = dollars(sum(lost.values(), ZERO))
            letters = "".join(sorted(lost))  # as column (f) has them
            yield f"{row.sale}: code {letters} with {total} in column (g) has no field in {self.title}: by hand"
        if one.differs and not self.carries_amt:
            figures = f"the AMT basis {dollars(one.amt_basis)} (AMT gain {dollars(one.amt.h)})"
            yield f"{row.sale}: {figures} has no field in {self.title}: Form 6251 line 2k by hand"


def month_day_year(value: date | str, various: str = "Various", separator: str = "/") -> str:
    """Column (b) or (c) as 03/10/2025; the word for VARIOUS; "" where it is not known."""
    if isinstance(value, str):
        return various if value else ""
    return separator.join((f"{value.month:02}", f"{value.day:02}", f"{value.year:04}"))
