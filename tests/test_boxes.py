"""Every box that forms/ names stands where the official blank prints its line: its row, its column, its page.

Checked on the blanks themselves, by where words are printed. A form file is checked whenever the blank of its year is
at hand; the few years without one have the same boxes as a year that is checked.
"""

import hashlib
import re
from functools import cache
from typing import Any

import pytest
from official_blanks import FOLDER, Blank, blank, pinned, table

from worksheets.data import folder
from worksheets.definitions import read_yaml
from worksheets.paper.geometry import Claim, Fault, Geometry, claims


@cache
def files() -> dict[tuple[str, int], dict[str, Any]]:
    """Every form file that names boxes, by base name of its blank and year."""
    found = {}
    for path in sorted(folder("forms").glob("[0-9]*/*.yaml")):
        data = read_yaml(f"{path.parent.name}/{path.name}")
        if data.get("blank"):
            found[data["blank"], int(path.parent.name)] = data
    return found


CHECKED = sorted(key for key in files() if key in pinned())
UNCHECKED = sorted(key for key in files() if key not in pinned())
all_checked = pytest.mark.parametrize(("name", "year"), CHECKED)


def faults(found: list[Claim], form: Blank) -> list[Fault]:
    """The package's rules on words and fields that PDFium and this test read, not the package."""
    return Geometry(form).faults(found)


@all_checked
def test_each_box_stands_where_its_line_is_printed(name, year):
    assert faults(claims(files()[name, year]), blank(name, year)) == []


@all_checked
def test_the_number_of_its_line_is_the_word_left_of_each_single_box(name, year):
    # Without the package's rules.
    form = blank(name, year)
    for part in files()[name, year]["parts"]:
        for line in part.get("lines", ()):
            if "box" in line:
                field = form.fields[line["box"]]
                words = [w for w in form.words(field.page) if w.bottom < field.top - 2 and w.top > field.bottom + 2]
                left = [w for w in words if field.left - 30 < w.right < field.left + 2 and re.search(r"\w", w.text)]
                assert [word.text for word in left][-1] == line["line"]


def shifted(found: list[Claim]) -> list[Claim]:
    """The map with every amount box of a page taken from the row below, the last from the first."""
    by_page: dict[tuple[int, str], list[Claim]] = {}
    for claim in found:
        if claim.number and not claim.label:
            by_page.setdefault((claim.page, claim.column), []).append(claim)
    return [
        claim._replace(field=below.field)
        for group in by_page.values()
        for claim, below in zip(group, group[1:] + group[:1], strict=True)
    ]


@all_checked
def test_a_map_off_by_one_row_is_found(name, year):
    # The check itself is checked: in the map shifted by a row every single box is at fault; in a table of rows without
    # printed numbers (Form 8949) the order of the rows is.
    form, moved = blank(name, year), shifted(claims(files()[name, year]))
    found = faults(moved, form)
    numbered = {claim.field for claim in moved if name != "f8949"}
    assert numbered <= {fault.field for fault in found if "in no map" not in fault.what}
    assert any("in order" in fault.what or "stands at line" in fault.what for fault in found)


@all_checked
def test_a_map_with_two_columns_exchanged_is_found(name, year):
    found = claims(files()[name, year])
    exchange = {"d": "e", "e": "d"}
    moved = [claim._replace(column=exchange.get(claim.column, claim.column)) for claim in found]
    if moved == found:
        assert name in {"f6251", "f8801"}  # one column of amounts
        return
    wrong = {fault.field for fault in faults(moved, blank(name, year))}
    assert {claim.field for claim in moved if claim.column in exchange} <= wrong


@all_checked
def test_parentheses_left_out_are_found(name, year):
    found = claims(files()[name, year])
    lines = [claim for claim in found if claim.number and not claim.column and not claim.label]
    moved = [claim._replace(parens=not claim.parens) for claim in lines]
    wrong = [fault for fault in faults(moved, blank(name, year)) if "parentheses printed" in fault.what]
    assert len(wrong) == len(moved)


@pytest.mark.parametrize(("name", "year"), UNCHECKED)
def test_a_map_without_its_blank_is_that_of_a_year_with_one(name, year):
    # Whether the blank's own field names are the same, `forms verify` must find out.
    mine = set(claims(files()[name, year]))
    assert any(mine <= set(claims(files()[key])) for key in CHECKED if key[0] == name)
    assert files()[name, year].get("verified") != "true"


@pytest.mark.parametrize(("name", "year"), sorted(files()))
def test_verified_says_whether_the_blank_was_at_hand(name, year):
    verified = files()[name, year].get("verified", "true" if (name, year) in pinned() else "false")
    assert verified == ("true" if (name, year) in pinned() else "false")


@pytest.mark.parametrize(("name", "year"), sorted(table()))
def test_the_table_of_blanks(name, year):
    row, draft = table()[name, year], table()[name, year].get("draft") == "true"
    assert row["revision"] == str(year)
    assert row["title"].startswith(f"{year} ")
    assert row["address"] == f"https://www.irs.gov/pub/{'irs-dft' if draft else 'irs-prior'}/" + (
        f"{name}--dft.pdf" if draft else row["file"]
    )
    if (name, year) not in pinned():
        return
    form = blank(name, year)
    assert hashlib.sha256((FOLDER / row["file"]).read_bytes()).hexdigest() == row["sha256"]
    assert (form.title, len(form.fields)) == (row["title"], int(row["fields"]))


def test_every_blank_at_hand_is_in_the_table_and_has_a_form_file():
    if not FOLDER.is_dir():
        pytest.skip(f"the official blanks are missing: no {FOLDER}")
    assert {path.name for path in FOLDER.glob("*.pdf")} == set(pinned().values())
    assert set(pinned()) == set(CHECKED)
