"""Reading where a form's words and boxes stand: against PDFium, against pages drawn by hand, and on changed blanks."""

import re
from functools import cache

import pypdf
import pytest
from official_blanks import FOLDER, Blank, pinned
from official_blanks import blank as as_pdfium_reads
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject
from typer.testing import CliRunner

from worksheets.cli import app
from worksheets.paper.geometry import Box, Claim, Geometry, Paper
from worksheets.paper.geometry_words import Word, words_of
from worksheets.paper.verify import on_this_machine, revision_of, verify

KEYS = sorted(pinned())
every_blank = pytest.mark.parametrize(("name", "year"), KEYS)
run = CliRunner().invoke


@cache
def ours_of(name, year):
    return Geometry(Paper(path_of(name, year)))


def path_of(name, year):
    path = FOLDER / pinned()[name, year]
    if not path.is_file():
        pytest.skip(f"the official blank {path.name} is missing: {FOLDER} holds none")
    return path


def said_of(geometry, box):
    return (
        geometry.beside(box),
        geometry.in_margin(box),
        sorted(geometry.columns(box)),
        geometry.parentheses(box),
        re.sub(r"\W", "", geometry.caption(box)),
    )


@every_blank
def test_both_readers_find_the_same_printed_at_every_box(name, year):
    ours, theirs = ours_of(name, year), Geometry(as_pdfium_reads(name, year))
    assert set(ours.layout.fields) == set(theirs.layout.fields)
    for field, box in ours.layout.fields.items():
        assert box == pytest.approx(tuple(theirs.layout.fields[field]), abs=0.01)
        if box.text or box.writable:
            assert said_of(ours, box) == said_of(theirs, box), field


@every_blank
def test_line_numbers_stand_where_pdfium_finds_them(name, year):
    ours, theirs = ours_of(name, year), as_pdfium_reads(name, year)
    for page in {box.page for box in ours.layout.fields.values()}:
        expected = theirs.numbers(page)
        assert [word.text for word in ours.numbers(page)] == [word.text for word in expected]
        for word, other in zip(ours.numbers(page), expected, strict=True):
            assert (word.left, word.right) == pytest.approx((other.left, other.right), abs=1)
            assert word.bottom == pytest.approx(other.bottom, abs=2)  # a "g" reaches below the line


def page_of(content, fonts):
    page = pypdf.PdfWriter().add_blank_page(600, 800)
    stream = DecodedStreamObject()
    stream.set_data(content)
    page[NameObject("/Contents")] = stream
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject(fonts)})
    return page


def font(**entries):
    """A font of which every character is half the type size wide."""
    given = {f"/{key}": value for key, value in {"Subtype": NameObject("/Type1"), **entries}.items()}
    return {NameObject("/F"): DictionaryObject({NameObject(key): value for key, value in given.items()})}


def rounded(words):
    return [(word.text, round(word.left, 2), round(word.bottom, 2), round(word.right, 2)) for word in words]


# 10-point type: a character is 5 points wide. Each place is worked out from ISO 32000-2, 8.3.4 and 9.4.
DRAWN = {
    "placed": (b"BT /F 10 Tf 100 700 Td (ab c) Tj ET", [("ab", 100, 700, 110), ("c", 115, 700, 120)]),
    "scaled by the matrix": (b"BT /F 1 Tf 10 0 0 10 100 700 Tm (ab) Tj ET", [("ab", 100, 700, 110)]),
    "moved with the page": (b"q 2 0 0 2 10 20 cm BT /F 5 Tf 40 50 Td (ab) Tj ET Q", [("ab", 90, 120, 100)]),
    "the page moved back": (b"q 1 0 0 1 50 0 cm Q BT /F 10 Tf 1 2 Td (a) Tj ET", [("a", 1, 2, 6)]),
    "kerned": (b"BT /F 10 Tf [(a) 100 (b)] TJ ET", [("ab", 0, 0, 9)]),
    "kerned apart": (b"BT /F 10 Tf [(a) -1000 (b)] TJ ET", [("a", 0, 0, 5), ("b", 15, 0, 20)]),
    "spaced": (b"BT /F 10 Tf 1 Tc 3 Tw (a b) Tj ET", [("a", 0, 0, 5), ("b", 15, 0, 20)]),
    "stretched": (b"BT /F 10 Tf 200 Tz (ab) Tj ET", [("ab", 0, 0, 20)]),
    "lines by leading": (b"BT /F 10 Tf 12 TL 0 50 Td (a) Tj T* (b) Tj ET", [("a", 0, 50, 5), ("b", 0, 38, 5)]),
    "lines by TD": (b"BT /F 10 Tf 0 50 Td 0 -20 TD (a) Tj T* (b) Tj ET", [("a", 0, 30, 5), ("b", 0, 10, 5)]),
    "lines by quotes": (
        b"BT /F 10 Tf 12 TL 0 50 Td (a) ' 0 2 (bc) \" ET",
        [("a", 0, 38, 5), ("b", 0, 26, 5), ("c", 7, 26, 12)],
    ),
    "raised": (b"BT /F 10 Tf 6 Ts (a) Tj 0 Ts (b) Tj ET", [("a", 0, 6, 5), ("b", 5, 0, 10)]),
    "along the edge": (b"BT /F 10 Tf 0 1 -1 0 9 9 Tm (a) Tj ET BT 3 4 Td (b) Tj ET", [("b", 3, 4, 8)]),
    "in Windows characters": (b"BT /F 10 Tf (a\\227\\222) Tj ET", [("a—’", 0, 0, 15)]),
}


@pytest.mark.parametrize("case", DRAWN)
def test_words_stand_where_the_operators_put_them(case):
    content, expected = DRAWN[case]
    assert rounded(words_of(page_of(content, font()))) == expected


def stream(text):
    found = DecodedStreamObject()
    found.set_data(text)
    return found


def test_characters_and_widths_of_a_composite_font():
    table = stream(
        b"2 beginbfchar <0001> <0041> <0002> <D83DDE00> endbfchar 1 beginbfrange <0010> <0012> <0061> endbfrange"
    )
    numbers = pypdf.generic.ArrayObject(
        [pypdf.generic.NumberObject(1), pypdf.generic.ArrayObject([pypdf.generic.NumberObject(400)])]
        + [pypdf.generic.NumberObject(number) for number in (16, 18, 300)]
    )
    below = DictionaryObject({NameObject("/W"): numbers, NameObject("/DW"): pypdf.generic.NumberObject(1000)})
    fonts = font(Subtype=NameObject("/Type0"), ToUnicode=table, DescendantFonts=pypdf.generic.ArrayObject([below]))
    page = page_of(b"BT /F 10 Tf <000100110002> Tj 5 0 Td <0007> Tj ET", fonts)
    assert rounded(words_of(page)) == [("Ab\U0001f600", 0, 0, 17), ("\ufffd", 5, 0, 15)]


def test_a_page_that_draws_nothing_has_no_words():
    assert words_of(pypdf.PdfWriter().add_blank_page(600, 800)) == []


class Sheet:
    """A layout written down here: a box on the row of "2b", with another line's number above it in the margin."""

    def __init__(self):
        self.fields = {"f1_1": Box(1, 500, 90, 570, 102, text=True, writable=True)}

    def words(self, _page):
        return [Word("2a", 40, 104, 50, 110), Word("2b", 480, 93, 490, 99), Word("(", 496, 93, 499, 99)]


def test_a_parenthesis_alone_is_a_fault_whatever_the_map_says():
    for parens in (False, True):
        found = Geometry(Sheet()).faults([Claim("f1_1", 1, "2b", parens=parens)])
        assert [fault.what for fault in found] == [f"parentheses printed: (, not {'()' if parens else 'none'}"]


@every_blank
def test_every_blank_verifies(name, year):
    verdict = verify(path_of(name, year))
    reader: Blank = as_pdfium_reads(name, year)
    assert verdict.revision == (name, year)
    assert verdict.faults == ()
    assert verdict.known
    assert verdict.boxes == sum(field.writable for field in reader.fields.values())
    # A line is a row; on Form 8949 so is each row of a page, and the totals.
    if name != "f8949":
        assert verdict.agreed == verdict.rows
    else:
        rows = {14: 2 * (14 + 1 + 2 + 3), 11: 2 * (11 + 1 + 2 + 6)}
        assert verdict.agreed == verdict.rows == rows[11 if verdict.boxes == 200 else 14]


def changed(path, target, change, title=None):
    """A copy of a blank, saved by pypdf after `change` had its fields by short name."""
    writer = pypdf.PdfWriter(clone_from=path)
    change({str(note["/T"]).removesuffix("[0]"): note for page in writer.pages for note in widgets(page)})
    if title:
        writer.add_metadata({"/Title": title})
    writer.write(target)
    return target


def widgets(page):
    notes = (reference.get_object() for reference in page.get("/Annots", ()))
    return [note for note in notes if note.get("/Subtype") == "/Widget"]


def exchange(first, second):
    def change(fields):
        one, other = fields[first]["/Rect"], fields[second]["/Rect"]
        fields[first][NameObject("/Rect")], fields[second][NameObject("/Rect")] = other, one

    return change


def test_a_blank_with_two_boxes_exchanged_is_found(tmp_path):
    moved = changed(path_of("f6251", 2024), tmp_path / "mine.pdf", exchange("f1_7", "f1_8"))
    verdict = verify(moved)
    assert sorted(map(str, verdict.faults)) == [
        "line 2d, box f1_7: stands at line 2e, not 2d",
        "line 2e, box f1_8: stands at line 2d, not 2e",
    ]
    assert (verdict.boxes, verdict.rows, verdict.agreed, verdict.known) == (61, 61, 59, False)


def test_a_row_of_form_8949_moved_is_found(tmp_path):
    moved = changed(path_of("f8949", 2025), tmp_path / "mine.pdf", exchange("f1_14", "f1_22"))
    faults = verify(moved).faults
    assert {fault.field for fault in faults} == {"f1_14", "f1_22"}
    assert "line 1 row 2 column (d), box f1_14: does not stand beside column (a)" in map(str, faults)


def test_a_check_box_moved_is_found(tmp_path):
    moved = changed(path_of("f1040sd", 2025), tmp_path / "mine.pdf", exchange("c2_1", "c2_1[1]"))
    assert [str(fault) for fault in verify(moved).faults] == [
        "line 17 Yes, box c2_1: stands at “No.”, not Yes",
        "line 17 No, box c2_1[1]: stands at “Yes.”, not No",
    ]


def test_a_copy_saved_again_is_no_known_file_but_verifies(tmp_path):
    verdict = verify(changed(path_of("f8801", 2025), tmp_path / "mine.pdf", lambda _: None))
    assert (verdict.faults, verdict.known) == ((), False)


def test_another_years_map_is_refused():
    faults = [str(fault) for fault in verify(path_of("f6251", 2024), year=2025).faults]
    assert faults[:3] == [
        "title: reads '2024 Form 6251', not '2025 Form 6251'",
        "form: 61 fields, not 62",
        "line 1a, box f1_3: stands at line 1, not 1a",
    ]


def test_titles_name_form_and_year():
    assert revision_of("2024 Form 6251") == ("f6251", 2024)
    assert revision_of(" 2031 Schedule D (Form 1040)") == ("f1040sd", 2031)
    assert revision_of("Form 6251") is None
    assert revision_of("2024 Form 1040") is None


def test_what_is_no_form_is_refused_in_a_line(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7\nnothing")
    with pytest.raises(ValueError, match=r"^a\.pdf: not a form in PDF that can be read"):
        verify(tmp_path / "a.pdf")
    titled = changed(path_of("f6251", 2024), tmp_path / "b.pdf", lambda _: None, title="My form")
    with pytest.raises(ValueError, match=r"^b\.pdf: its title reads 'My form', expected one like '2024 Form 6251'$"):
        verify(titled)
    with pytest.raises(ValueError, match="there is no map of f6251 for 1999"):
        verify(path_of("f6251", 2024), year=1999)


def test_the_command_ends_with_2_and_says_where_a_box_stands(tmp_path):
    moved = changed(path_of("f6251", 2024), tmp_path / "mine.pdf", exchange("f1_7", "f1_8"))
    good = path_of("f6251", 2025)
    result = run(app, ["forms", "verify", str(good), str(moved)])
    assert result.exit_code == 2
    assert result.stdout.splitlines() == [
        f"{good}: f6251 2025: 62 boxes checked, 62 of 62 rows agree, known file",
        f"{moved}: f6251 2024: 61 boxes checked, 59 of 61 rows agree, 2 faults",
        f"{moved}: line 2d, box f1_7: stands at line 2e, not 2d",
        f"{moved}: line 2e, box f1_8: stands at line 2d, not 2e",
    ]
    assert run(app, ["forms", "verify", str(good)]).exit_code == 0


def test_the_command_says_what_it_cannot_read_and_nothing_of_its_content(tmp_path):
    (tmp_path / "secret.pdf").write_bytes(b"123-45-6789 is my number")
    result = run(app, ["forms", "verify", str(tmp_path / "secret.pdf"), str(tmp_path / "none.pdf")])
    assert result.exit_code == 2
    assert "123-45" not in result.output
    assert f"{tmp_path / 'none.pdf'}:0: No such file or directory" in result.stderr.splitlines()


def test_the_command_verifies_what_is_in_the_folder_given(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("DUALBASIS_FORMS", raising=False)
    assert on_this_machine(2024, tmp_path) == []
    result = run(app, ["forms", "verify", "--forms-dir", str(tmp_path)])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("no official blanks here")
    (tmp_path / "f6251--2024.pdf").write_bytes(path_of("f6251", 2024).read_bytes())
    (tmp_path / "f6251--2026-draft.pdf").write_bytes(path_of("f6251", 2026).read_bytes())
    assert on_this_machine(None, tmp_path) == [tmp_path / "f6251--2024.pdf"]
    result = run(app, ["forms", "verify", "--forms-dir", str(tmp_path)])
    assert (result.exit_code, len(result.stdout.splitlines())) == (0, 1)
