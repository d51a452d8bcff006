"""Every box that forms/ names stands where the official blank prints its line: its row, its column, its page.

Checked on the blanks themselves, by where words are printed. A form file is checked whenever the blank of its year is
at hand; the few years without one have the same boxes as a year that is checked.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from official_blanks import FOLDER, Blank, Field, Word, blank, pinned, table

from worksheets.data import folder
from worksheets.definitions import read_yaml

NEAR = 30  # points from a box to what is printed beside it


class Claim(NamedTuple):
    """A box as a form file names it: what must be printed at it.

    A line has its `number`, in a table also a `column`; a check box or a box of the heading has a `label`. `page` is 0
    where the file does not say it.
    """

    field: str
    page: int = 0
    number: str = ""
    column: str = ""
    label: str = ""
    parens: bool = False


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


def claims(data: dict[str, Any]) -> list[Claim]:
    heading = [part_of_heading(key, field) for key, field in data.get("header", {}).items()]
    checks = [
        Claim(field, number=number if number.isdigit() else "", label=answer.capitalize())
        for key, field in data.get("checks", {}).items()
        for number, answer in [key.split("_")]
    ]
    return [*heading, *checks, *(claim for part in data["parts"] for claim in claims_of_part(part))]


def part_of_heading(key: str, field: str, page: int = 0) -> Claim:
    word, _, written_page = key.partition("_")
    return Claim(field, page or int(written_page or 1), label={"name": "Name", "ssn": "ocial|dentifying"}[word])


def claims_of_part(part: dict[str, Any]) -> Iterator[Claim]:
    page = int(part.get("page", 1))
    for line in part.get("lines", ()):
        there = int(line.get("page", page))
        if "box" in line:
            yield Claim(line["box"], there, line["line"], parens=line.get("parens") == "true")
        for column, field in line.get("boxes", {}).items():
            yield Claim(field, there, line["line"], column)
    for key in ("name", "ssn"):
        if key in part:
            yield part_of_heading(key, part[key], page)
    for letter, field in part.get("boxes", {}).items():
        yield Claim(field, page, label=f"({letter})")
    for row in part.get("row_boxes", ()):
        yield from (Claim(field, page, "1", column) for column, field in zip("abcdefgh", row, strict=True))
    for column, field in part.get("totals", {}).items():
        yield Claim(field, page, "2", column)


def faults(found: list[Claim], form: Blank) -> list[str]:
    """What is wrong with a map of boxes, each fault beginning with the name of the field."""
    times = Counter(claim.field for claim in found)
    twice = [f"{field}: named {count} times" for field, count in times.items() if count > 1]
    unknown = [f"{field}: not in the blank" for field in times if field not in form.fields]
    missed = [f"{name}: in no map" for name, field in form.fields.items() if field.writable and name not in times]
    wrong = [
        f"{claim.field}: {fault}" for claim in found if claim.field in form.fields for fault in misplaced(claim, form)
    ]
    return twice + unknown + missed + wrong + rows_out_of_order(found, form)


def misplaced(claim: Claim, form: Blank) -> Iterator[str]:
    field = form.fields[claim.field]
    if claim.page not in {0, field.page}:
        yield f"on page {field.page}, not {claim.page}"
        return
    if not field.writable:
        yield "shaded in the blank"
    if claim.number and (printed := printed_number(claim, field, form)) != claim.number:
        yield f"stands at line {printed}, not {claim.number}"
    if claim.column and not heading_above(claim.column, field, form):
        yield f"not under the heading ({claim.column})"
    if claim.label and not re.search(claim.label if field.text else re.escape(claim.label), beside(field, form)):
        yield f"stands at “{beside(field, form)}”, not {claim.label}"
    if field.text and claim.parens != in_parentheses(field, form):
        yield f"parentheses are {'not ' if claim.parens else ''}printed"


def printed_number(claim: Claim, field: Field, form: Blank) -> str:
    """The number of the line a box belongs to.

    For a single box the number printed just left of it; in a table, or for a check box, the lowest in the left margin
    that does not stand below it.
    """
    if field.text and not claim.column:
        left = [word for word in in_row(field, form) if 0 < field.left - word.right + 2 < NEAR and word.text != "("]
        return max(left, key=lambda word: word.right).text if left else "none"
    above = [word.text for word in form.numbers(field.page) if word.bottom >= field.bottom]
    return above[-1] if above else "none"


def heading_above(column: str, field: Field, form: Blank) -> bool:
    """Whether the nearest headings above have this column's letter in the middle of the box's width.

    A letter after "column" or "and" is a reference, no heading of its own.
    """
    words = form.words(field.page)
    heads = [
        word
        for before, word in pairwise(words)
        if word.text == f"({column})"
        and before.text.lower() not in {"column", "columns", "and"}
        and word.bottom > field.top
    ]
    return bool(heads) and field.left < middle(min(heads, key=lambda word: word.bottom)) < field.right


def middle(word: Word) -> float:
    return (word.left + word.right) / 2


def in_row(field: Field, form: Blank) -> list[Word]:
    """The words printed at the height of a box."""
    return [w for w in form.words(field.page) if field.bottom < (w.bottom + w.top) / 2 < field.top]


def in_parentheses(field: Field, form: Blank) -> bool:
    row = in_row(field, form)
    opening = any(word.text == "(" and abs(word.right - field.left) < NEAR / 6 for word in row)
    closing = any(word.text == ")" and abs(word.left - field.right) < NEAR / 6 for word in row)
    assert opening == closing, f"one parenthesis alone at {field}"
    return opening


def beside(field: Field, form: Blank) -> str:
    """The caption of a box: right of a check box, printed over a box of the heading."""
    if not field.text:
        right = [word for word in in_row(field, form) if 0 < word.left - field.right + 2 < NEAR]
        return min(right, key=lambda word: word.left).text if right else ""
    over = [word for word in form.words(field.page) if 0 < word.top - field.top < NEAR / 2]
    return " ".join(word.text for word in over if field.left - 2 < word.left < field.right)


def rows_out_of_order(found: list[Claim], form: Blank) -> list[str]:
    """Form 8949: its rows follow one another downwards, the boxes of a row stand beside that of column (a)."""
    columns: dict[tuple[int, str], list[Field]] = {}
    for claim in found:
        if claim.column and claim.field in form.fields:
            columns.setdefault((claim.page, claim.column), []).append(form.fields[claim.field])
    wrong = []
    for (page, column), fields in columns.items():
        beside_a = columns.get((page, "a"), ())
        if any(above.bottom < below.top - 1 for above, below in pairwise(fields)):
            wrong.append(f"page {page}, column ({column}): rows not in order")
        if any(not first.bottom <= field.bottom < first.top for first, field in zip(beside_a, fields, strict=False)):
            wrong.append(f"page {page}, column ({column}): not beside column (a)")
    return wrong


@all_checked
def test_each_box_stands_where_its_line_is_printed(name, year):
    assert faults(claims(files()[name, year]), blank(name, year)) == []


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
    assert numbered <= {fault.partition(":")[0] for fault in found if "in no map" not in fault}
    assert any("in order" in fault or "stands at line" in fault for fault in found)


@all_checked
def test_a_map_with_two_columns_exchanged_is_found(name, year):
    found = claims(files()[name, year])
    exchange = {"d": "e", "e": "d"}
    moved = [claim._replace(column=exchange.get(claim.column, claim.column)) for claim in found]
    if moved == found:
        assert name in {"f6251", "f8801"}  # one column of amounts
        return
    wrong = {fault.partition(":")[0] for fault in faults(moved, blank(name, year))}
    assert {claim.field for claim in moved if claim.column in exchange} <= wrong


@all_checked
def test_parentheses_left_out_are_found(name, year):
    found = claims(files()[name, year])
    lines = [claim for claim in found if claim.number and not claim.column and not claim.label]
    moved = [claim._replace(parens=not claim.parens) for claim in lines]
    wrong = [fault for fault in faults(moved, blank(name, year)) if "parentheses are" in fault]
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
