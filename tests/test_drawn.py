"""Drawn forms read back with PDFium: every line with its number and amount on one row, nothing overlapping or outside."""

import io
import re
from decimal import Decimal
from functools import cache
from itertools import takewhile

import pypdf
import pypdfium2 as pdfium
import pytest
from paper_cases import CASES, SSN, YEARS, household, irs, joint
from paper_words import pages_of

from worksheets.definitions import years
from worksheets.form import Columns
from worksheets.paper.draw import draw_8949, draw_form, form_piece, leaves, render, rows_piece
from worksheets.paper.join import join
from worksheets.paper.money import header
from worksheets.paper.pages_8949 import Item, items, summarised

FORMS = ("f1040", "f6251", "f8801", "schedule_d", "schedule_d_amt")
WORKSHEETS = (
    *("gain_worksheet", "gain_worksheet_amt", "schedule_d_tax", "schedule_d_tax_amt", "exemption_worksheet"),
    *("line_2k", "carryover", "carryover_amt"),
)
TELLING = [
    ("irs", 2023),
    ("irs", 2024),
    ("irs", 2025),
    ("joint", 2024),
    ("joint", 2026),
    ("losses", 2022),
    ("losses", 2023),
]
LEFT, RIGHT, TOP, FOOT = 54, 558, 744, 36  # the margins, and the lowest edge of the footer, points
AMOUNTS, COLUMN, BESIDE_HOW = 88, 66, 76  # widths of columns of amounts: on forms, in tables, on worksheets
LEVEL = 3
NUMBER = re.compile(r"(?:S\d-)?\d{1,2}[a-z]?|ordinary|short|long|limit")
AMOUNT = re.compile(r"[(-]?[\d,]+(?:\.\d\d)?\)?")
PARENTHESES = re.compile(r"[()]")


def words_of(pdf):
    return pages_of(pdf, flatten=False)


def text_of(pdf):
    return " ".join(word.text for words in words_of(pdf) for word in words)


@cache
def drawn(name, year, attribute):
    found = CASES[name]()
    books = found.years[year]
    form = getattr(books.tax_return, attribute)
    mark = "AMT" if attribute == "schedule_d_amt" else ""
    return form, draw_form(form, header(found.case, books.facts.filing_status), mark=mark)


def drawn_rows(name, year, *, amt=False, **more):
    found = CASES[name]()
    books = found.years[year]
    listed = items(books.amt_rows if amt else books.rows)
    head = header(found.case, books.facts.filing_status)
    return draw_8949(listed, books.law, head, found.rounding, **more)


def figure(text):
    value = Decimal(text.strip("()").replace(",", ""))
    return -value if text.startswith("(") else value


def rows_by_number(pdf):
    """The words of each line's row, by the number at the left edge."""
    found = {}
    for words in words_of(pdf):
        for number in words:
            if abs(number.left - LEFT) < 1.5 and NUMBER.fullmatch(number.text):
                row = [word for word in words if abs(word.middle - number.middle) < LEVEL]
                assert number.text not in found, f"two rows have the number {number.text}"
                found[number.text] = sorted(row, key=lambda word: word.left)
    return found


def amounts_in(row, start, *, parens):
    texts = [word.text for word in row if word.left > start and AMOUNT.fullmatch(PARENTHESES.sub("", word.text))]
    return [figure(PARENTHESES.sub("", text) if parens else text) for text in texts]


def amounts_width(form, line):
    if form.definition.blank == "f1040sd":
        return 4 * COLUMN if "d" in line.boxes else COLUMN
    return BESIDE_HOW if "Worksheet" in form.definition.label else AMOUNTS


def wanted(line, value):
    """The amounts of a line, column by column where it is a row of a table."""
    if isinstance(value, Columns):
        return [part for name, part in value._asdict().items() if name in line.boxes]
    return [] if value is None else [value]


def check_lines(form, pdf):
    """Each line of the definition has its row, and in it the amounts that the form worked and no others."""
    rows, worked = rows_by_number(pdf), form.amounts()
    questions = {"17", "20", "22"} if "checks" in form.definition.extra else set()
    assert set(rows) == {line.number for line in form.definition.lines.values()} | questions
    for line in form.definition.lines.values():
        start = RIGHT - amounts_width(form, line)
        shown = amounts_in(rows[line.number], start, parens=line.parens)
        assert shown == wanted(line, worked.get(line.name)), f"line {line.number}"
        row = " ".join(word.text for word in rows[line.number])
        assert line.caption.split()[0] in row
        if line.parens:
            assert "(" in row
            assert ")" in row


@pytest.mark.parametrize(("name", "year"), TELLING)
@pytest.mark.parametrize("attribute", [*FORMS, *WORKSHEETS])
def test_every_line_has_its_number_and_its_amount_on_one_row(name, year, attribute):
    form, pdf = drawn(name, year, attribute)
    check_lines(form, pdf)
    check_layout(pdf)


def check_layout(pdf):
    """Nothing outside the margins, no two words on one another; every page says what it is and which page it is."""
    pages = words_of(pdf)
    for number, words in enumerate(pages, 1):
        for word in words:
            assert word.left > LEFT - 1, word
            assert word.right < RIGHT + 1, word
            assert word.bottom > FOOT, word
            assert word.top < TOP + 1, word
        for one, other in near(words):
            assert not overlap(one, other), f"{one.text} and {other.text} overlap"
        assert f"Page {number} of {len(pages)}" in " ".join(word.text for word in words)
    check_ink(pdf)


def near(words):
    """Pairs of words that are level with one another somewhere."""
    upwards = sorted(words, key=lambda word: word.bottom)
    for index, one in enumerate(upwards):
        yield from ((one, other) for other in takewhile(lambda word: word.bottom < one.top, upwards[index + 1 :]))  # noqa: B023 - used up at once


def overlap(one, other):
    across = min(one.right, other.right) - max(one.left, other.left)
    return across > 0.3 and min(one.top, other.top) - max(one.bottom, other.bottom) > 0.3


def check_ink(pdf):
    """Rules and tints keep to the margins too."""
    document = pdfium.PdfDocument(pdf)
    for index in range(len(document)):
        image = document[index].render().to_pil().convert("L")
        assert image.size == (612, 792)
        inside = image.point(lambda grey: 255 if grey < 250 else 0).getbbox()
        assert inside is not None
        left, top, right, bottom = inside
        assert left >= LEFT - 2
        assert right <= RIGHT + 2
        assert top >= 792 - TOP - 2
        assert bottom <= 792 - FOOT


@pytest.mark.parametrize("year", years())
def test_every_form_of_every_year_is_drawn(year):
    done = long_run().years[year].tax_return
    head = header(long_run().case, "married_separate")
    forms = [getattr(done, attribute) for attribute in (*FORMS, *WORKSHEETS)]
    for form in filter(None, forms):
        pdf = draw_form(form, head)
        check_lines(form, pdf)
        assert form.definition.title.split()[0] in text_of(pdf)
        assert f"{form.definition.label} ({year}):" in text_of(pdf)


@cache
def long_run():
    """A household through every year that forms/ holds."""
    facts = {
        "filing_status": "married_separate",
        "wages": "900000",
        "other_long_term": "20000",
        "unrecaptured_1250": "5",
    }
    return household([], [], dict.fromkeys(years(), facts))


@pytest.mark.parametrize(("name", "year"), YEARS)
@pytest.mark.parametrize("amt", [False, True])
def test_rows_of_form_8949_and_their_totals(name, year, amt):
    pdf = drawn_rows(name, year, amt=amt, mark="AMT" if amt else "")
    check_layout(pdf)
    found = CASES[name]()
    books = found.years[year]
    listed = books.amt_rows if amt else books.rows
    read = [row for words in words_of(pdf) for row in table_rows(words)]
    rounding = found.rounding
    body = [row for row in read if not row[0].startswith("Totals")]
    assert [row[1:] for row in body] == [printed_row(row, rounding) for row in listed]
    for row, exact in zip(body, listed, strict=True):
        assert exact.a.startswith(row[0])
    totals = {}
    for row in listed:
        totals[row.box] = [one + other for one, other in zip(totals.get(row.box, [0] * 4), row.columns, strict=True)]
    shown = [[figure(text) for text in row[-4:]] for row in read if row[0].startswith("Totals")]
    assert shown == [[rounding(value) for value in totals[box]] for box in sorted(totals)]
    if not listed:
        assert "No sale" in text_of(pdf)


def printed_row(row, rounding):
    amounts = [(rounding(value), value) for value in (row.d, row.e)]
    texts = [iso_to_us(row.b), iso_to_us(row.c), *(shown(value) for value, _ in amounts)]
    if row.f:
        texts += [row.f, shown(rounding(row.g))]
    return (*texts, shown(rounding(row.h)))


def iso_to_us(value):
    return value if isinstance(value, str) else value.strftime("%m/%d/%Y")


def shown(value):
    text = f"{abs(value):,}"
    return f"({text})" if value < 0 else text


def table_rows(words):
    """Each row of a table: what stands in column (a) on its first line, then the texts of the other columns."""
    for start in words:
        if abs(start.left - LEFT - 2) < 1:
            row = sorted((w for w in words if abs(w.middle - start.middle) < LEVEL), key=lambda word: word.left)
            others = [word.text for word in row if word.left > LEFT + 118]
            if others and AMOUNT.fullmatch(others[-1]):
                yield (" ".join(word.text for word in row if word.left < LEFT + 118), *others)


def test_what_the_paper_is_stands_on_it():
    _, pdf = drawn("irs", 2024, "f6251")
    for words in words_of(pdf):
        assert "Worksheet edition of Form 6251 (2024): file on the official form" in " ".join(w.text for w in words)
    assert "AMT copy of Schedule D (2024): keep with your records, do not file" in text_of(
        drawn("irs", 2024, "schedule_d_amt")[1]
    )
    assert "Gain Worksheet (2024): keep with your records, do not file" in text_of(
        drawn("irs", 2024, "gain_worksheet")[1]
    )


def test_draft_years_and_hypothetical_amounts_say_so_on_every_page():
    for words in words_of(drawn("joint", 2026, "f6251")[1]):
        assert "Draft figures" in " ".join(word.text for word in words)
    assert "Draft figures" not in text_of(drawn("joint", 2025, "f6251")[1])
    overlay = {"amt_exemption": {"2024": {"single": "90000"}}}
    years_given = {2024: {"filing_status": "single", "wages": "1"}, 2025: {"filing_status": "single", "wages": "1"}}
    found = household([], [], years_given, overlay=overlay)
    head = header(found.case, "single")
    said = {
        (year, attribute): "Hypothetical amounts"
        in text_of(draw_form(getattr(found.years[year].tax_return, attribute), head))
        for year in (2024, 2025)
        for attribute in ("f6251", "f8801")
    }
    # One year hands figures to the next: a replaced amount of any year is told on every form of every year.
    assert said == dict.fromkeys(said, True)


def test_the_number_is_masked_but_on_the_statement_that_is_filed():
    found = joint()
    books = found.years[2024]
    head = header(found.case, "married_joint")
    for attribute in (*FORMS, *WORKSHEETS):
        assert SSN not in text_of(drawn("joint", 2024, attribute)[1])
        assert "***-**-0001" in text_of(drawn("joint", 2024, attribute)[1])
    _, on_statement = summarised(books.rows, {}, most=9)
    statement = render([rows_piece(on_statement, books.law, head, found.rounding, statement=True)])
    assert SSN in text_of(statement)
    assert "attach to the form" in text_of(statement)
    check_layout(statement)
    copy = render([rows_piece(on_statement, books.law, head, found.rounding, statement=True, mark="AMT")])
    assert SSN not in text_of(copy)
    assert "do not file" in text_of(copy)


def test_questions_of_schedule_d_are_crossed_as_the_form_is_checked():
    found = {}
    for name, year in (("irs", 2024), ("joint", 2024), ("losses", 2022)):
        rows = rows_by_number(drawn(name, year, "schedule_d")[1])
        for number in ("17", "20", "22"):
            texts = [word.text for word in rows[number]]
            found[name, number] = texts[texts.index("×") + 1] if "×" in texts else None
    assert found == {
        ("irs", "17"): "Yes",
        ("irs", "20"): "Yes",
        ("irs", "22"): None,
        ("joint", "17"): "Yes",
        ("joint", "20"): "No",
        ("joint", "22"): None,
        ("losses", "17"): None,
        ("losses", "20"): None,
        ("losses", "22"): "Yes",
    }


def test_worksheets_say_what_each_line_was_worked_from():
    form, pdf = drawn("irs", 2024, "gain_worksheet")
    rows = rows_by_number(pdf)
    for number, how in (
        ("4", "lines 2 and 3"),
        ("5", "line 1 less line 4, not below zero"),
        ("12", "line 10 less line 11"),
    ):
        assert how in " ".join(word.text for word in rows[number])
    assert form.definition.numbered("4").how == "lines 2 and 3"


def test_long_names_and_huge_amounts_stay_in_their_places():
    people = {"taxpayer": {"name": "Maximiliane Wilhelmina " * 8}, "spouse": {"name": "Bartholomew Featherstone " * 7}}
    facts = {"filing_status": "married_joint", "wages": "999999999999999.99", "other_long_term": "-999999999999999.99"}
    found = household([], [], {2024: facts, 2025: facts}, rounding="cents", **people)
    done, head = found.years[2025].tax_return, header(found.case, "married_joint")
    for attribute in ("f6251", "schedule_d", "carryover", "f8801"):
        pdf = draw_form(getattr(done, attribute), head)
        check_layout(pdf)
        check_lines(getattr(done, attribute), pdf)
    law = found.years[2025].law
    most = Columns(*(Decimal("-999999999999999.99") for _ in range(4)))
    item = Item("A", "100 sh " + "Wolfeschlegelsteinhausen" * 8, "VARIOUS", "12/31/2025", "BELTW", most)
    check_layout(draw_8949([item] * 120, law, head, found.rounding))


def test_a_letter_that_the_typeface_lacks_is_refused_by_name():
    found = irs()
    books = found.years[2024]
    head = header(
        found.case.model_copy(update={"taxpayer": found.case.taxpayer.model_copy(update={"name": "例"})}), "single"
    )
    with pytest.raises(ValueError, match=r"U\+4F8B"):
        draw_form(books.tax_return.f6251, head)


def test_the_same_form_gives_the_same_bytes_with_its_fonts_in_it():
    form, pdf = drawn("irs", 2024, "f6251")
    assert draw_form(form, header(irs().case, "single")) == pdf
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.metadata.title == "Form 6251 (2024)"
    assert reader.root_object["/Lang"] == "en-US"
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


def test_lines_are_places_that_links_in_a_packet_lead_to():
    found = irs()
    form, head = found.years[2024].tax_return.f6251, header(found.case, "single")
    pdf = join([leaves([form_piece(form, head, anchors=True)])], title="Packet")
    named = pypdf.PdfReader(io.BytesIO(pdf)).named_destinations
    assert set(named) == {f"2024.6251.{line.number}" for line in form.definition.lines.values()}
    assert named["2024.6251.2a"].top > named["2024.6251.2b"].top
    assert b"anchor:" not in drawn("irs", 2024, "f6251")[1]


def test_several_forms_make_one_document_each_with_its_own_pages():
    found = irs()
    done, head = found.years[2024].tax_return, header(found.case, "single")
    pages = words_of(render([form_piece(done.f6251, head), form_piece(done.line_2k, head)]))
    shown = [re.search(r"Page \d of \d", " ".join(word.text for word in words))[0] for words in pages]
    assert shown == ["Page 1 of 2", "Page 2 of 2", "Page 1 of 1"]
