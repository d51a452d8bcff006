"""Forms of whole households on the official blanks, read back with PDFium: each figure of the result in its row.

Words set in our typeface are what was filled in; every one of them must be accounted for, so that nothing stands on
paper that the result does not say.
"""

from collections import Counter
from decimal import Decimal
from functools import cache
from types import SimpleNamespace

import pytest
from blank_folder import BLANKS
from forms_read import (
    ATTRIBUTES,
    FORMS,
    SCHEDULE_LINES,
    expected,
    in_decimals,
    number_above,
    read_8949,
    read_form,
    schedule_rows,
    sums,
)
from hypothesis import given
from hypothesis import strategies as st
from paper_cases import CASES, SSN, YEARS, household, joint
from paper_words import checked, pages_of

from worksheets import results
from worksheets.definitions import definition
from worksheets.form import Columns, Rounding
from worksheets.paper import blanks
from worksheets.paper.money import header
from worksheets.paper.official import AMT, fill_8949, fill_form, fitted
from worksheets.paper.pages_8949 import Item, items, pages, summarised
from worksheets.paper.questions import answers


def official(form, year):
    found = blanks.official(form, year, BLANKS)
    if found is None:
        pytest.skip(f"the official blank of {form} for {year} is missing: {BLANKS} holds none")
    return found.blank


def pinned(form, year):
    """Whether a blank is known whose boxes were compared with the form file."""
    known = blanks.catalogue().get((form, year))
    return known is not None and known.sha256 is not None and not known.draft


FILLED = [(name, year, *form) for name, year in YEARS for form in FORMS if pinned(form[1], year)]
ROWS = [(name, year, amt) for name, year in YEARS for amt in (False, True) if pinned("f8949", year)]


@cache
def worked(name, year):
    found = CASES[name]()
    books = found.years[year]
    return SimpleNamespace(
        household=found, books=books, done=books.tax_return, header=header(found.case, books.facts.filing_status)
    )


@pytest.mark.parametrize(("name", "year", "key", "file"), FILLED)
def test_every_figure_of_the_result_stands_in_the_row_of_its_line(name, year, key, file):
    at = worked(name, year)
    form = getattr(at.done, ATTRIBUTES[key])
    mark = AMT if key.endswith("_amt") else None
    pdf = fill_form(official(file, year), form, at.header, mark=mark).pdf()
    lines, headings = read_form(pdf)
    assert lines == expected(form)
    shown = headings[0].removeprefix("AMT ") if mark else headings[0]
    assert sorted(shown.split()) == sorted(f"{at.header.name} {SSN}".split())
    assert all(heading == (mark or "") for heading in headings[1:])
    if not mark:
        told = results.forms(at.household, at.books)[key]
        assert {number: value for number, value in told.items() if number != "attach"} == results.lines(form.printed())


@pytest.mark.parametrize(("name", "year", "amt"), ROWS)
def test_every_row_and_column_of_form_8949(name, year, amt):
    at = worked(name, year)
    listed = at.books.amt_rows if amt else at.books.rows
    blank, mark = official("f8949", year), AMT if amt else None
    sheets = fill_8949(blank, definition(year, "f8949"), items(listed), at.header, at.household.rounding, mark=mark)
    read, totals = {}, {}
    for sheet in sheets:
        for box, rows in read_8949(sheet.pdf(), at.header, mark):
            read.setdefault(box, []).extend(rows[:-1])
            totals.setdefault(box, []).append(rows[-1])
    told = {}
    for row in results.forms(at.household, at.books)["8949_amt" if amt else "8949"]:
        told.setdefault(row["box"], []).append(in_decimals({key: row[key] for key in row if key in "abcdefgh"}))
    assert read == told
    assert sums(totals) == schedule_rows(at.done.schedule_d_amt if amt else at.done.schedule_d)


def answered(pdf, page=1):
    """The answers checked on a page of Schedule D: question and the word printed beside the box."""
    words = pages_of(pdf)[page]
    for index, (_, bottom, right, top) in checked(pdf):
        assert index == page
        beside = [w for w in words if bottom - 2 < w.middle < top + 2 and 0 < w.left - right < 20]
        question = number_above(words, min(beside, key=lambda word: word.left)._replace(bottom=top))
        yield question, beside[0].text.strip(".")


@pytest.mark.parametrize(
    ("name", "year", "said"),
    [
        ("irs", 2023, {}),  # nothing reaches the schedule
        ("irs", 2024, {"17": "Yes", "20": "Yes"}),
        ("irs", 2025, {}),
        ("joint", 2024, {"17": "Yes", "20": "No"}),  # unrecaptured section 1250 gain
        ("joint", 2025, {"17": "Yes", "20": "Yes"}),
        ("losses", 2022, {"22": "Yes"}),  # a loss, and qualified dividends
        ("losses", 2023, {"17": "No", "22": "No"}),  # a gain on line 16 that is short-term, after the loss carried in
    ],
)
def test_questions_of_schedule_d_follow_the_form(name, year, said):
    at = worked(name, year)
    pdf = fill_form(official("f1040sd", year), at.done.schedule_d, at.header).pdf()
    assert dict(answered(pdf)) == said
    assert {number: "Yes" if yes else "No" for number, yes in answers(at.done.schedule_d).items()} == said


def test_the_spouse_missing_on_a_joint_return_stays_blank_with_a_note():
    year = {"filing_status": "married_joint", "wages": "1"}
    found = household([], [], {2024: year})
    head = header(found.case, "married_joint")
    assert head.name == "Sample Taxpayer"
    assert head.ssn == SSN
    assert any("spouse" in note for note in head.notes)
    assert header(joint().case, "married_joint").name == "Sample Taxpayer & Sample Spouse"
    assert header(joint().case, "married_separate").name == "Sample Taxpayer"
    assert not header(joint().case, "married_joint").notes


def test_a_number_that_is_missing_leaves_its_box_blank_with_a_note():
    found = household([], [], {2024: {"filing_status": "single", "wages": "1"}}, taxpayer={"name": "Sample Taxpayer"})
    head = header(found.case, "single")
    assert not head.ssn
    assert not head.masked
    assert len(head.notes) == 1
    sheet = fill_form(official("f6251", 2024), found.years[2024].tax_return.f6251, head)
    assert "f1_2" not in sheet.entries


def test_a_text_too_long_for_its_box_is_cut_with_an_ellipsis_and_a_foreign_letter_refused():
    blank = official("f8949", 2024)
    assert fitted(blank, "f1_3", "100 sh Example Corp") == "100 sh Example Corp"
    long = "Example Corporation of Delaware " * 20
    assert fitted(blank, "f1_3", long).endswith("…")
    assert long.startswith(fitted(blank, "f1_3", long)[:-1])
    with pytest.raises(ValueError, match="not in the typeface"):
        fitted(blank, "f1_3", "例" * 30)


def test_a_box_that_the_year_has_not_is_refused():
    item = Item("G", "1 coin", "01/02/2024", "02/03/2024", "", Columns(*map(Decimal, (1, 1, 0, 0))))
    with pytest.raises(ValueError, match="no box G"):
        pages(definition(2024, "f8949"), [item], Rounding("dollars"))


cents = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n) / 100)
rows = st.builds(
    Item,
    st.sampled_from("ABDGJ"),
    st.just("x"),
    st.just(""),
    st.just(""),
    st.just(""),
    st.builds(Columns, *[cents] * 4),
)


@given(st.lists(rows, max_size=60))
def test_the_totals_of_the_pages_add_up_to_the_rounded_total_of_their_line(listed):
    printed, rounding = definition(2025, "f8949"), Rounding("dollars")
    for part in pages(printed, listed, rounding):
        for line in ("1b", "8b"):
            own = [page for page in part if SCHEDULE_LINES[page.box] == line]
            exact = [item.amounts for item in listed if item.box in {page.box for page in own}]
            for index in range(4):
                assert sum(page.totals[index] for page in own) == rounding(sum((e[index] for e in exact), Decimal(0)))
                for page in own:
                    assert abs(page.totals[index] - sum(item.amounts[index] for item in page.items)) <= 1


def test_hundreds_of_rows_become_one_a_broker_and_a_statement():
    found = joint()
    books = found.years[2024]
    brokers = {sale.id: sale.broker for sale in found.case.sales}
    on_form, on_statement = summarised(books.rows, brokers, most=6)
    few = Counter((row.box, brokers[row.sale]) for row in books.rows)
    first, second = "First Broker", "Second Broker"
    assert few == {
        ("A", first): 13,
        ("A", second): 7,
        ("B", second): 6,
        ("D", first): 7,
        ("D", second): 3,
        ("E", second): 4,
    }
    assert [(item.box, item.a) for item in on_form if "statement" in item.a] == [
        ("A", "First Broker, see attached statement"),
        ("A", "Second Broker, see attached statement"),
        ("D", "First Broker, see attached statement"),
    ]
    assert all("M" in item.f and not item.b and not item.c for item in on_form if "statement" in item.a)
    assert len(on_statement) == 13 + 7 + 7
    assert len(on_form) == 6 + 3 + 4 + 3
    for letter in "ABDE":
        own = [item.amounts for item in on_form if item.box == letter]
        rows_of_box = [row.columns for row in books.rows if row.box == letter]
        assert [sum(part) for part in zip(*own, strict=True)] == [sum(part) for part in zip(*rows_of_box, strict=True)]
