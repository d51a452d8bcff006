"""Exceptions to listing rows on Form 8949: what goes straight to Schedule D, what onto an attached statement."""

import io

import pypdfium2 as pdfium
import pytest
from blank_folder import BLANKS, NONE_HERE
from households import columns, exercise, sale, single, worked
from packets import many, mapping, pages, squeezed, view

from worksheets.paper import packet_forms
from worksheets.paper.packet import build
from worksheets.paper.packet_forms import FormMaker
from worksheets.results import forms
from worksheets.schema import case_schema
from worksheets.session import open_case
from worksheets.terminal import show_result

SHOWN = {"basis_reported": "true", "acquired": "2023-03-13"}
TWO_YEARS = single(2023, 2024)


# Qualifying sales of shares that cost 100 each: a wrong basis, a wrong term, and a wrong basis elsewhere.
THREE = (
    [exercise("2022-01-03", "2023-03-13", 300, 100, 1000)],
    [
        sale("2024-04-22", 100, 60000, broker="First Broker", basis="9000", **SHOWN),
        sale("2024-04-23", 100, 50000, broker="First Broker", basis="10000", term="short", **SHOWN),
        sale("2024-04-24", 100, 70000, broker="Second Broker", basis="9000", **SHOWN),
    ],
    TWO_YEARS,
)


def three_sales(**more):
    return worked(*THREE, **more)


def listed(found, name="8949"):
    return forms(found, found.years[2024]).get(name)


@pytest.mark.parametrize("most", [None, "2"])
def test_rows_stand_one_by_one_unless_a_broker_has_more(most):
    """C.3: a row for each sale; a broker with as many rows as the case allows stays on the form."""
    more = {} if most is None else {"exception_2": most}
    found = three_sales(**more)
    assert [row["sale"] for row in listed(found)] == ["S1", "S2", "S3"]
    assert listed(found, "8949_statement") is None


def test_a_statement_in_place_of_rows():
    """C.3 Exception 2: name of the broker in (a), (b) and (c) blank, M with the other codes, totals; (g) their net."""
    found = three_sales(exception_2="1")
    one, other = listed(found)
    # Code B: 9,000 reported, 10,000 right; code T: 50,000 - 10,000. (d) 110,000 - (e) 19,000 + (g) (1,000) = 90,000.
    assert other == {
        "box": "D",
        "a": "First Broker, see attached statement",
        "d": 110000,
        "e": 19000,
        "f": "BMT",
        "g": -1000,
        "h": 90000,
    }
    assert (one["sale"], one["f"], one["h"]) == ("S3", "B", 60000)
    assert [(row["sale"], row["c"]) for row in listed(found, "8949_statement")] == [
        ("S1", "2024-04-22"),
        ("S2", "2024-04-23"),
    ]
    # Schedule D does not change: it takes the totals of the form.
    alone = three_sales()
    assert forms(found, found.years[2024])["6251"] == forms(alone, alone.years[2024])["6251"]


def test_code_m_alone_has_an_adjustment_of_zero():
    """C.2 code M: 0 in (g) unless another code adjusts."""
    found = worked(
        [exercise("2022-01-03", "2023-03-13", 300, 100, 1000)],
        [sale(f"2024-04-2{day}", 100, 60000, broker="First Broker", basis="10000", **SHOWN) for day in (2, 3)],
        TWO_YEARS,
        exception_2="1",
    )
    (one,) = listed(found)
    assert (one["f"], one["g"], one["h"]) == ("M", 0, 100000)


def test_both_exceptions_together():
    """C.3: what Exception 1 lets go straight to Schedule D stays off the statement."""
    rows = [sale(f"2024-04-2{day}", 50, 30000, basis="5000", **SHOWN) for day in (2, 3)]
    rows += [sale(f"2024-05-2{day}", 50, 30000, basis="4000", **SHOWN) for day in (2, 3)]
    lots = [exercise("2022-01-03", "2023-03-13", 300, 100, 1000)]
    found = worked(lots, rows, TWO_YEARS, exception_1="true", exception_2="1")
    books = found.years[2024]
    assert [columns(row) for row in books.direct_rows] == [("D", 30000, 5000, None, None, 25000)] * 2
    (one,) = listed(found)
    assert (one["a"], one["f"], one["g"], one["h"]) == ("Broker, see attached statement", "BM", -2000, 50000)
    assert len(listed(found, "8949_statement")) == 2


def test_the_packet_holds_form_and_statement(tmp_path):
    """C.3: the form bears one row a broker, the statement every sale, with where both are sent."""
    built = build(open_case(mapping(*THREE, exception_2="1")), tmp_path / "packet", year=2024, forms_dir=tmp_path)
    made = built.folder / "2024" / "f8949.pdf"
    pages = pdfium.PdfDocument(io.BytesIO(made.read_bytes()))
    text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)
    assert "First Broker, see attached statement" in text
    assert "In place of Form 8949" in text
    assert "mail with Form 8453" in text
    before, after = text.split("In place of Form 8949", 1)
    assert "04/22/2024" not in before
    assert "04/22/2024" in after


def test_the_schema_says_what_the_keys_do():
    known = case_schema()["properties"]
    assert "Schedule D" in known["exception_1"]["description"]
    assert "statement" in known["exception_2"]["description"]


def test_the_terminal_shows_both(capsys):
    """C.3: what is on the form, then what is on the statement."""
    show_result(open_case(mapping(*THREE, exception_2="1")).result())
    text = capsys.readouterr().out
    form, statement = text.split("Form 8949, attached statement")
    assert "BMT" in form
    assert "2024-04-22" not in form
    assert "2024-04-22" in statement


def test_many_rows_are_attached_as_a_statement(monkeypatch):
    if not BLANKS.is_dir():
        pytest.skip(NONE_HERE)
    monkeypatch.setattr(packet_forms, "STATEMENT_OVER", 20)
    made = {one.file: one for one in FormMaker(BLANKS).filed(view(many(), 2024))}["f8949"]
    assert made.pages == sum(one.page_count for one in made.documents)
    words = squeezed(" ".join(pages(made.pdf(flatten=True))))
    assert "see attached statement" in words
    assert words.count("10 sh Example Corp") == 60
