"""Tables, figures and tags on the project's own pages, and check marks on the official ones."""

import io
import re
from pathlib import Path

import pypdf
import pytest
from filled import BLANKS, FORMS, dark, images, load, needs_blanks
from households import exercise, sale
from hypothesis import given
from hypothesis import strategies as st
from packets import irs, mapping, pages, squeezed, view

from worksheets.definitions import definition
from worksheets.paper.fill import drawing
from worksheets.paper.grid import ABOVE, BELOW, Cell, Grid, Row
from worksheets.paper.ink import Ink
from worksheets.paper.packet import Packet
from worksheets.paper.packet_book import Book
from worksheets.paper.runs import Run, broken, shrunk
from worksheets.paper.style import BOLD, INK, REGULAR, width
from worksheets.paper.typeface import typeface
from worksheets.session import open_case

NO_BLANKS = Path(__file__).parent / "no blanks here"
AMOUNTS = st.decimals(-(10**15), 10**15, places=2).map(lambda value: f"({-value:,})" if value < 0 else f"{value:,}")


# --- figures --------------------------------------------------------------------------------------------------------


@given(AMOUNTS, st.floats(8, 120), st.sampled_from([REGULAR, BOLD]))
def test_a_figure_stays_on_one_line_in_a_column_of_any_width(text, room, font):
    run = Run(text, font, 7.1, INK)
    ((piece,),) = broken(shrunk([run], room), room)
    assert piece.text == text
    assert piece.width <= room
    assert piece.run.size == run.size or piece.width > 0.99 * room  # no smaller than it must be


@given(AMOUNTS, st.floats(20, 120))
def test_a_figure_in_a_table_stays_between_the_sides_of_its_column(text, room):
    cell = Cell([Run(text, REGULAR, 7.1, INK)], 9.3, right=True)
    cell.measure(room)
    ink = Ink()
    cell.draw(ink, 100, 100 + room, 700)
    ink.turn()
    found = re.search(rb"/Vera ([\d.]+) Tf\nBT ([\d.]+) ", ink.leaves[0].content)
    assert found
    size, left = map(float, found.groups())
    assert left >= 100 - 0.02
    assert left + width(text, REGULAR, size) <= 100 + room + 0.2  # sizes are written to a hundredth of a point


# --- tables over pages ----------------------------------------------------------------------------------------------


def table(heights):
    """A table with a head 10 high and rows so high."""
    made = Grid([1.0], [row(10)], [[row(height)] for height in heights])
    made.wrap(400, 1000)
    return made


def row(height):
    return Row([Cell([Run("1", REGULAR, 7, INK)], height - ABOVE - BELOW)])


@pytest.mark.parametrize(
    ("rows", "room", "first"),
    [
        (10, 10 + 10 * 15, 10),
        (10, 10 + 9 * 15, 8),  # nine would fit: the tenth is not left alone on the next page
        (10, 10 + 8 * 15, 8),
        (2, 10 + 1 * 15, 1),  # both go over together: `least` does not let it begin here
    ],
)
def test_no_short_row_stands_alone_on_the_next_page(rows, room, first):
    found = table([15] * rows).split(400, room + 0.1)
    assert len(found[0].blocks) == first
    assert sum(len(part.blocks) for part in found) == rows


def test_a_table_begins_with_two_short_rows_or_one_high_one():
    assert table([15] * 5).least() == pytest.approx(10 + 2 * 15)
    assert table([200, 15, 15]).least() == pytest.approx(10 + 200)
    assert table([15]).least() == pytest.approx(10 + 15)
    assert table([]).least() == pytest.approx(10)


@given(st.lists(st.floats(12, 300), min_size=1, max_size=30), st.floats(60, 700))
def test_rows_come_in_order_and_none_is_lost(heights, room):
    left, seen = table(heights), []
    for _ in range(len(heights) + 1):
        parts = left.split(400, room)
        taken = parts[0] if parts else left._part(left.blocks[:1])  # noqa: SLF001 - what the press does with a row too high
        seen += taken.blocks
        assert taken.blocks
        if len(taken.blocks) == len(left.blocks):
            break
        left = parts[1] if parts else left._part(left.blocks[1:])  # noqa: SLF001
    assert [block[0].height for block in seen] == pytest.approx(heights)


def test_a_page_on_which_the_lines_of_a_form_go_on_says_which_form():
    made = Packet(irs(), 2024)
    text = Book(irs(), made.years, []).set_year(made.years[0]).pdf()
    found = [re.search(r"0001 Line ([\w ]{3,32}) Amount Worked from", squeezed(page)) for page in pages(text)]
    going_on = [match[1] for match in found if match]
    assert len(going_on) > 1
    assert set(going_on) <= {form.label for form in view(irs(), 2024).worked}


# --- tags -----------------------------------------------------------------------------------------------------------


def texts_by_kind(pdf):
    """Structure type and text of each piece of marked content, in the order of the tree."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    shown = {page.indirect_reference.idnum: marked(page) for page in reader.pages}
    todo, found = [reader.root_object["/StructTreeRoot"]["/K"].get_object()], []
    while todo:
        entry = todo.pop(0)
        if isinstance(entry["/K"], int):
            found.append((entry["/S"][1:], shown[entry.raw_get("/Pg").idnum][entry["/K"]]))
        else:
            todo = [child.get_object() for child in entry["/K"]] + todo
    return found


def marked(page):
    """The texts of a page's marked content by number; those of our pages are literal strings."""
    found, number = {}, None
    for operands, operator in page.get_contents().operations:
        if operator == b"BDC" and "/MCID" in operands[1]:
            number = int(operands[1]["/MCID"])
            found[number] = ""
        elif operator == b"EMC":
            number = None
        elif operator == b"Tj" and number is not None:
            found[number] += operands[0].original_bytes.decode("cp1252")
    return found


def test_a_drawn_form_reads_out_in_order():
    filed = Packet(irs(), 2024, NO_BLANKS).years[0].filed
    pdf = next(made.pdf(flatten=False) for made in filed if made.file == "f1040sd")
    assert pypdf.PdfReader(io.BytesIO(pdf)).root_object["/MarkInfo"]["/Marked"]
    found = texts_by_kind(pdf)
    assert [text for kind, text in found if kind == "H1"] == ["Capital Gains and Losses"]
    assert [text.split(" ", 2)[1] for kind, text in found if kind == "H2"] == ["I", "II", "III"]
    cells = [text for kind, text in found if kind == "TD"]
    at = cells.index("1b")
    assert cells[at : at + 6] == [
        "1b",
        "Short-term, basis reported to the IRS",
        "75,000",
        "10,000",
        "(65,000)",
        "0",
    ]
    assert {text for kind, text in found if kind == "TH"} >= {"(d)", "Proceeds"}


def test_every_page_of_a_drawn_packet_is_tagged_and_headings_are_told_apart():
    years = Packet(irs(), None, NO_BLANKS).years
    book = Book(irs(), years, [])
    made, count = book.pdf([book.set_year(one) for one in years], flatten=False)
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert [page["/StructParents"] for page in reader.pages] == list(range(count))
    assert reader.root_object["/MarkInfo"]["/Marked"]
    titles = {text for kind, text in texts_by_kind(made) if kind == "H1"}
    assert {"Contents", "Entry sheet, 2024", "Supporting schedules, 2024"} <= titles


# --- on the official forms ------------------------------------------------------------------------------------------


@needs_blanks
@pytest.mark.parametrize("form", sorted(path.stem for path in BLANKS.glob("f8949*.pdf")))
def test_check_marks_are_drawn_and_need_no_font(form):
    blank = load(form)
    first, second = (
        field for field in blank.fields.values() if field.kind == "check" and field.page == 1 and field.on_state in "12"
    )
    plain, checked = (images(blank.fill(values).pdf(), 4)[0] for values in ({}, {first.name: True}))
    assert dark(checked, first.rect, 4) > dark(plain, first.rect, 4) + 40
    assert dark(checked, second.rect, 4) == dark(plain, second.rect, 4)
    pdf = blank.fill({first.name: True}).pdf()
    looks = [
        ref.get_object()["/AP"]["/N"]
        for page in pypdf.PdfReader(io.BytesIO(pdf)).pages
        for ref in page["/Annots"]
        if "/AP" in ref.get_object()
    ]
    states = [look[state] for look in looks for state in look]
    assert states
    assert all("/Font" not in state.get_object()["/Resources"] for state in states)


@pytest.mark.parametrize(
    ("name", "said"),
    [("Ďáblík", "write D for it"), ("Dvořák", "write r for it"), ("山田", "write the text in Latin letters")],
)
def test_a_letter_that_the_typeface_lacks_is_refused_with_the_one_to_write(name, said):
    with pytest.raises(ValueError, match=said):
        typeface().width(name)


# --- the worksheet for column (g) -----------------------------------------------------------------------------------


def adjusted(*sales, **more):
    """The worksheets of 2024 as (sale, book, box, line 1, line 2, line 3, line 4)."""
    bought = exercise("2022-01-03", "2023-03-13", 200, 100, 1000)
    facts = {year: {"filing_status": "single"} for year in (2023, 2024)}
    found = view(open_case(mapping([bought], sales, facts, **more)), 2024).basis_adjustments
    return [(one.pairing.part.sale, one.book, one.box, one.shown, one.right, one.less, one.more) for one in found]


def test_the_worksheet_for_basis_adjustments_is_filled_in_both_books():
    # The IRS's line 2k example: cost 10,000, pay 65,000, AMT basis 100,000 (value at exercise).
    shown = {"acquired": "2023-03-13", "term": "short", "basis_reported": "true"}
    assert adjusted(sale("2024-01-18", 100, 75000, basis="10000", **shown)) == [
        ("S1", "regular", "A", 10000, 75000, -65000, None),
        ("S1", "AMT", "A", 10000, 100000, -90000, None),
    ]
    # A basis above the right one goes on line 4, in the regular book alone: the AMT basis is what is shown.
    assert adjusted(sale("2024-01-18", 100, 75000, basis="100000", **shown)) == [
        ("S1", "regular", "A", 100000, 75000, None, 25000)
    ]
    # A basis not reported to the IRS is put right in column (e): no worksheet.
    assert adjusted(sale("2024-01-18", 100, 75000, basis="10000", **shown | {"basis_reported": "false"})) == []


def test_other_assets_are_alike_in_both_books():
    # Form 8949 instructions, the example before the worksheet: 900 shown, 100 right, 800 on line 4.
    other = {"kind": "other", "corporation": "Other Corp", "acquired": "2023-06-15", "term": "short"}
    row = sale("2024-01-18", 10, 1000, basis="900", correct_basis="100", basis_reported="true", **other)
    assert adjusted(row) == [("S1", "both", "A", 900, 100, None, 800)]


def test_lines_3_and_4_are_the_code_b_part_of_column_g_on_the_page():
    made = Packet(irs(), 2024)
    text = squeezed("\n".join(pages(Book(irs(), made.years, []).set_year(made.years[0]).pdf())))
    assert "Worksheet for basis adjustments in column (g)" in text
    assert "S1 100 sh Example Corp regular A 10,000 75,000 (65,000)" in text
    assert "S1 100 sh Example Corp AMT A 10,000 100,000 (90,000)" in text
    assert "S2 100 sh Example Corp AMT D 10,000 100,000 (90,000)" in text


# --- amounts in every box -------------------------------------------------------------------------------------------


@needs_blanks
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", ["123,456,789.01", "(123,456,789.01)", "(999,999,999,999.99)"])
def test_wide_amounts_are_made_smaller_in_every_amount_box_never_cut(form, text):
    name, _, year = form.partition("--")
    printed = definition(int(year[:4]), name)
    boxes = [box for line in printed.lines.values() for box in line.boxes.values()]
    for part in printed.raw_parts:
        boxes += [row[column] for row in part.get("row_boxes", ()) for column in (3, 4, 6, 7)]
        boxes += part.get("totals", {}).values()
    assert len(boxes) > 40
    for field in map(load(form).named, boxes):
        (drawn,) = re.findall(rb"/Vera ([\d.]+) Tf 1 0 0 1 ([-\d.]+) [-\d.]+ Tm \((.*)\) Tj", drawing(field, text))
        size, x, shown = float(drawn[0]), float(drawn[1]), drawn[2].decode().replace("\\", "")
        assert shown == text
        assert size >= 4.5
        assert x >= 0
        assert x + typeface().width(text) * size <= field.rect[2] - field.rect[0]
