"""Recalculate the workbook in LibreOffice and compare every formula cell with what the program computed.

python tests/recalculate.py                   # the fixtures and the cases below, as delivered and with facts changed
python tests/recalculate.py --keep FOLDER     # the same, the workbooks kept there
python tests/recalculate.py --only pay        # one case as delivered

For developers, not part of `.ci/run`: it needs `soffice` (LibreOffice Calc). Each case is written, recalculated from its
formulas alone and compared with the cached figures. Then single facts are changed in the written workbook (exercise
price, value, shares, proceeds, pay on Forms W-2 …), the regular tax is typed again as a person would, and every formula
is compared with a workbook written from the changed case.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import openpyxl

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from recalculated_cases import named_cases, random_cases  # noqa: E402 - after the path is set
from recalculated_changes import changes  # noqa: E402 - likewise

from worksheets.household import Household, work  # noqa: E402 - likewise
from worksheets.paper.workbook import workbook  # noqa: E402 - likewise

ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value>
</prop></item></oor:items>
"""
NEAR = 1e-5  # dollars: a spreadsheet's binary numbers against exact decimals
MOST_SHOWN = 12
RANDOM = 60
ORDERED = {"Summary", "Dispositions", "Both books", "Pay", "Form 8949", "Form 8949 AMT"}
"""Sheets whose rows stand in another order where a day changed: the forms that they lead to are compared instead."""


def recalculated(paths: list[Path], folder: Path) -> dict[str, openpyxl.Workbook]:
    """The workbooks with every formula worked by LibreOffice, by file name."""
    if not paths:
        return {}
    out = folder / "recalculated"
    with tempfile.TemporaryDirectory() as profile:
        user = Path(profile) / "user"
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(ALWAYS, encoding="utf-8")
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{profile}", "--convert-to", "xlsx"]
        subprocess.run([*command, "--outdir", str(out), *map(str, paths)], check=True, capture_output=True, timeout=900)
    return {path.name: openpyxl.load_workbook(out / path.name, data_only=True) for path in paths}


def formulas(path: Path) -> dict[tuple[str, str], str]:
    """Every formula of a workbook, by sheet and cell."""
    return formulas_of(openpyxl.load_workbook(path))


def formulas_of(book: openpyxl.Workbook) -> dict[tuple[str, str], str]:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=") and cell.data_type == "f"
    }


def same(one: object, other: object) -> bool:
    """Whether two cells show the same; nothing and empty text are the same."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one == other
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= NEAR * max(1.0, abs(one) / 1e6)
    return (one if one is not None else "") == (other if other is not None else "")


@dataclass
class Count:
    """Cells compared and what differed."""

    cells: int = 0
    faults: list[str] = field(default_factory=list)

    def compare(self, name: str, found: openpyxl.Workbook, expected: openpyxl.Workbook, cells: object) -> int:
        """Compare formula cells; how many there were."""
        before = self.cells
        for sheet, place in cells:  # type: ignore[attr-defined]  # the keys of `formulas`
            self.cells += 1
            one, other = found[sheet][place].value, expected[sheet][place].value
            if not same(one, other):
                self.faults.append(f"{name}: {sheet}!{place}: recalculated {one!r}, ours {other!r}")
        return self.cells - before


def change(book: openpyxl.Workbook, edit: tuple[str, str, str, object], household: Household) -> None:
    """Put a changed fact into a workbook, and the regular tax of the changed household.

    An edit is (sheet, name of the row in its first column, heading of the column, new value).
    """
    sheet, row, heading, value = edit
    _cell(book[sheet], row, heading).value = value
    years = book["Facts years"]
    for year, books in household.years.items():
        if books.tax_return is not None:
            done = books.tax_return
            for key, amount in (
                ("tax", done.f1040.tax),
                ("tax_income", done.f1040.taxable_income),
                ("tax_gain", done.gain_worksheet.preferential),
            ):
                _cell(years, key, str(year)).value = float(amount)


def _cell(sheet: object, row: str, heading: str) -> object:
    rows = {str(cell.value): cell.row for cell in reversed(sheet["A"])}  # type: ignore[index]  # a worksheet; first wins
    heads = {str(cell.value): cell.column for cell in sheet[3]}  # type: ignore[index]
    return sheet.cell(rows[row], heads[heading])  # type: ignore[attr-defined]


def as_delivered(folder: Path, count: Count, only: str) -> None:
    """Every case, recalculated as it was written."""
    paths = []
    listed = {**named_cases(), **dict(random_cases(0 if only else RANDOM))}
    for name, case in listed.items():
        if only and name != only:
            continue
        path = folder / f"{name}.xlsx"
        path.write_bytes(workbook(work(case)))
        paths.append(path)
    found = recalculated(paths, folder)
    for path in paths:
        ours = openpyxl.load_workbook(path, data_only=True)
        number = count.compare(path.stem, found[path.name], ours, formulas(path))
        if not path.stem.startswith("random"):
            sys.stdout.write(f"{path.stem}: {number} formulas as delivered\n")
    sys.stdout.write(f"and {sum(path.stem.startswith('random') for path in paths)} random households\n")


def with_changes(folder: Path, count: Count) -> None:
    """Changed facts: the written workbook recalculated against one written from the changed case."""
    pairs, ordered = [], {}
    for name, case_name, edit, changed in changes():
        household = work(changed)
        path, expected = folder / f"{name}-changed.xlsx", folder / f"{name}-expected.xlsx"
        expected.write_bytes(workbook(household))
        book = openpyxl.load_workbook(folder / f"{case_name}.xlsx")
        change(book, edit, household)
        book.save(path)
        ordered[name] = ORDERED if isinstance(edit[-1], date) else {"Summary"}
        pairs.append((name, path, expected))
    found = recalculated([path for _, path, _ in pairs], folder)
    for name, path, expected in pairs:
        cells = {key: text for key, text in formulas(expected).items() if key[0] not in ordered[name]}
        number = count.compare(name, found[path.name], openpyxl.load_workbook(expected, data_only=True), cells)
        sys.stdout.write(f"{name}: {number} formulas with facts changed\n")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=Path, help="folder for the workbooks")
    parser.add_argument("--only", default="", help="one case, as delivered")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        count = Count()
        as_delivered(folder, count, chosen.only)
        if not chosen.only:
            with_changes(folder, count)
    for fault in count.faults[:MOST_SHOWN]:
        sys.stdout.write(f"  {fault}\n")
    sys.stdout.write(f"{count.cells} formulas compared, {len(count.faults)} differ\n")
    return 1 if count.faults else 0


if __name__ == "__main__":
    sys.exit(main())
