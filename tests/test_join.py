"""Sheets and schedules joined into one document: names, links, numbers, size."""

import io
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pypdf
import pypdfium2 as pdfium
import pytest
from filled import FORMS, NONE_HERE, check_with_qpdf, load, names_as_text, needs_blanks, open_fields, texts

from worksheets.paper.ink import Ink
from worksheets.paper.join import Destination, OutlineEntry, encrypt, join
from worksheets.paper.leaves import Leaves
from worksheets.paper.runs import Piece, Run
from worksheets.paper.style import INK as BLACK

PLAIN = "Vera", 9.0


def schedule(draw, known=None):
    ink = Ink()
    draw(ink)
    ink.turn()
    return Leaves(ink.leaves, known)


def linked(ink, text, name, y):
    ink.piece(Piece(0, 72, text, Run(text, *PLAIN, BLACK, name)), 72, y, 12)


def first_schedule(ink):
    linked(ink, "Schedule one", "form6251", 700)
    ink.turn()
    ink.name("second", 502)
    linked(ink, "Below the anchor", "second", 490)


def second_schedule(ink):
    linked(ink, "Schedule two", "second", 700)


@pytest.fixture(scope="module")
def packet():
    if not FORMS:
        pytest.skip(NONE_HERE)
    amt = load("f8949--2025").fill(names_as_text(load("f8949--2025")), mark="AMT")
    return join(
        [
            schedule(first_schedule),
            load("f6251--2024").fill(names_as_text(load("f6251--2024"))),
            amt,
            amt,
            schedule(second_schedule),
        ],
        title="Packet of 2025",
        author="dualbasis",
        outline=[
            OutlineEntry("Cover", 0),
            OutlineEntry("Forms", 2),
            OutlineEntry("Form 6251", 2, 1),
            OutlineEntry("Žofie", 8),
        ],
        destinations={"form6251": Destination(2, 600)},
        stamp=lambda page, of: f"{page} of {of}",
        labels={2: "F-"},
    )


def test_joined_forms_keep_every_field_under_a_name_of_its_own(packet, tmp_path):
    reader = pypdf.PdfReader(io.BytesIO(packet))
    fields = reader.get_form_text_fields(full_qualified_name=True)
    for prefix, form in ("s2_", "f6251--2024"), ("s3_", "f8949--2025"), ("s4_", "f8949--2025"):
        wanted = {prefix + field.full_name: field.name for field in open_fields(load(form), "text")}
        assert {name: fields[name] for name in wanted} == wanted
    found = texts(packet, first_page=6)
    assert {f: found(load("f8949--2025").fields[f]) for f in names_as_text(load("f8949--2025"))} == names_as_text(
        load("f8949--2025")
    )
    if shutil.which("qpdf"):
        check_with_qpdf(packet, tmp_path)


def test_joined_pages_are_numbered_outlined_and_labelled(packet):
    document = pdfium.PdfDocument(packet)
    assert len(document) == 9
    assert ["AMT" in document[i].get_textpage().get_text_bounded(bottom=757) for i in range(9)] == [False] * 4 + [
        True
    ] * 4 + [False]
    assert [document[i].get_textpage().get_text_bounded(top=24).strip() for i in range(9)] == [
        f"{i} of 9" for i in range(1, 10)
    ]
    toc = [(entry.level, entry.get_title(), entry.get_dest().get_index()) for entry in document.get_toc()]
    assert toc == [(0, "Cover", 0), (0, "Forms", 2), (1, "Form 6251", 2), (0, "Žofie", 8)]
    reader = pypdf.PdfReader(io.BytesIO(packet))
    assert reader.page_labels == ["1", "2", "F-1", "F-2", "F-3", "F-4", "F-5", "F-6", "F-7"]
    root = reader.root_object
    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == ("en-US", True)
    assert (reader.metadata.title, reader.xmp_metadata.dc_title["x-default"]) == ("Packet of 2025", "Packet of 2025")


def test_links_lead_across_parts(packet):
    reader = pypdf.PdfReader(io.BytesIO(packet))
    places = {
        name: (reader.get_destination_page_number(place), place.top)
        for name, place in reader.named_destinations.items()
    }
    assert places == {"form6251": (2, 600), "second": (1, 502)}
    links = [[ref.get_object() for ref in page.get("/Annots", [])] for page in reader.pages]
    assert [link["/Dest"] for link in links[0]] == ["form6251"]
    assert [link["/Dest"] for link in links[8]] == ["second"]
    assert [link["/Dest"] for link in links[1]] == ["second"]
    left, bottom, right, top = map(float, links[8][0]["/Rect"])
    words = pdfium.PdfDocument(packet)[8].get_textpage().get_text_bounded(left - 1, bottom - 1, right + 1, top + 1)
    assert words == "Schedule two"


def test_links_to_names_not_known_are_left_out_and_their_text_stays():
    with pytest.raises(ValueError, match="second"):
        join([schedule(second_schedule)], title="x")
    alone = pypdf.PdfReader(io.BytesIO(join([schedule(second_schedule, known=())], title="x")))
    assert "/Annots" not in alone.pages[0]
    assert alone.pages[0].extract_text().strip() == "Schedule two"
    known = schedule(second_schedule, known=("second",))
    led = pypdf.PdfReader(io.BytesIO(join([known], title="x", destinations={"second": Destination(0)})))
    assert [ref.get_object()["/Dest"] for ref in led.pages[0]["/Annots"]] == ["second"]


def test_every_face_is_embedded_once_and_only_where_it_is_used():
    def bold(ink):
        ink.show("Head", ("VeraBd", 9), BLACK, 72, 700)
        ink.show("\u2265 ž", ("VeraBd", 9), BLACK, 72, 680)

    reader = pypdf.PdfReader(io.BytesIO(join([schedule(first_schedule, known=()), *[schedule(bold)] * 3], title="x")))
    programs = [entry["/FontName"] for entry in objects(reader) if "/FontFile2" in entry]
    assert programs == ["/BitstreamVeraSans-Roman", "/BitstreamVeraSans-Bold"]
    assert reader.pages[3].extract_text().split() == ["Head", "\u2265", "ž"]


def test_a_document_of_drawn_pages_says_what_is_a_heading_and_what_a_cell():
    def page(ink):
        with ink.artifact():
            ink.show("page 1", PLAIN, BLACK, 72, 750)
        with ink.tagged("H1"):
            ink.show("Sales", PLAIN, BLACK, 72, 700)
        with ink.group("Table"), ink.group("TR"):
            for text in "one", "two":
                with ink.tagged("TD"):
                    ink.show(text, PLAIN, BLACK, 72, 680)

    reader = pypdf.PdfReader(io.BytesIO(join([schedule(page), schedule(page)], title="x")))
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    (document,) = [root["/StructTreeRoot"]["/K"]]
    one_page = ["H1", ("Table", [("TR", ["TD", "TD"])])]
    assert [kinds(child.get_object()) for child in document["/K"]] == one_page * 2
    numbers = root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    for index, sheet in enumerate(reader.pages):
        place = numbers.index(sheet["/StructParents"])
        found = [entry.get_object() for entry in numbers[place + 1]]
        assert [entry["/K"] for entry in found] == [0, 1, 2]  # marked content is looked up by its number
        assert [entry["/S"] for entry in found] == ["/H1", "/TD", "/TD"]
        assert all(entry.raw_get("/Pg") == sheet.indirect_reference for entry in found), index


def kinds(element):
    below = element["/K"]
    kind = element["/S"].removeprefix("/")
    return kind if isinstance(below, int) else (kind, [kinds(child.get_object()) for child in below])


@needs_blanks
def test_a_document_with_a_sheet_is_not_called_tagged(packet):
    assert not {"/MarkInfo", "/StructTreeRoot"} & set(pypdf.PdfReader(io.BytesIO(packet)).root_object)


@needs_blanks
def test_drawn_pages_keep_their_tags_beside_sheets():
    def page(ink):
        with ink.tagged("H1"):
            ink.show("Sales", PLAIN, BLACK, 72, 700)

    parts = [schedule(page), load("f6251--2024").fill({}), schedule(lambda ink: ink.show("-", PLAIN, BLACK, 72, 700))]
    reader = pypdf.PdfReader(io.BytesIO(join([*parts, schedule(page)], title="x")))
    root = reader.root_object
    assert "/MarkInfo" not in root  # not every page is in the tree
    last = len(reader.pages) - 1
    assert {n: sheet["/StructParents"] for n, sheet in enumerate(reader.pages) if "/StructParents" in sheet} == {
        0: 0,
        last: 1,
    }
    headings = [child.get_object() for child in root["/StructTreeRoot"]["/K"]["/K"]]
    assert [entry["/S"] for entry in headings] == ["/H1", "/H1"]
    assert [entry.raw_get("/Pg").idnum for entry in headings] == [
        reader.pages[n].indirect_reference.idnum for n in (0, last)
    ]


def objects(reader):
    """Every dictionary among the objects of a file."""
    found = (pypdf.generic.IndirectObject(place, 0, reader).get_object() for place in range(1, reader.trailer["/Size"]))
    return [entry for entry in found if isinstance(entry, pypdf.generic.DictionaryObject)]


def test_the_same_input_gives_the_same_bytes():
    parts = [schedule(second_schedule), schedule(first_schedule)]
    more = {"title": "x", "destinations": {"form6251": Destination(0)}}
    assert join(parts, **more) == join(parts, **more) != join(parts[::-1], **more)


@pytest.mark.parametrize(
    ("parts", "more", "message"),
    [
        ([second_schedule], {}, "links lead to names that no part has: second"),
        ([first_schedule] * 2, {"destinations": {"form6251": Destination(0)}}, "the name second stands for two places"),
        ([second_schedule], {"destinations": {"second": Destination(7)}}, r"second leads to page 7 of 1 \(from 0\)"),
        ([], {"outline": [OutlineEntry("Deep", 0, 1)]}, "'Deep' is at level 1, expected at most 0"),
    ],
)
def test_a_packet_that_does_not_hold_together_is_refused(parts, more, message):
    with pytest.raises(ValueError, match=message):
        join([schedule(draw) for draw in parts], title="x", **more)


@needs_blanks
def test_a_packet_of_hundreds_of_sheets_grows_by_its_figures_only():
    blank = load("f8949--2025")
    values = {field.name: "1,234,567" for field in open_fields(blank, "text") if field.page == 1}
    sheets = [blank.fill({**values, "f1_01": f"Sheet {index}", "f1_02": "400-00-0001"}) for index in range(150)]
    sizes = [len(join(sheets[:count], title="x")) for count in (50, 100, 150)]
    assert sizes[2] - sizes[1] == pytest.approx(sizes[1] - sizes[0], rel=0.05)
    assert sizes[2] / 300 < 16_000  # bytes a page; the blank's own page content alone is 20,000
    start = time.process_time()
    pdf = join(sheets, title="x")
    assert time.process_time() - start < 5
    assert len(pdfium.PdfDocument(pdf)) == 300
    assert len(join(sheets, title="x", flatten=True)) / 300 < 2_000


def test_an_encrypted_packet_opens_with_its_password_only(caplog):
    locked = encrypt(join([schedule(second_schedule, known=())], title="x"), "pass word")
    with pytest.raises(pdfium.PdfiumError):
        pdfium.PdfDocument(locked)
    assert "Schedule two" in pdfium.PdfDocument(locked, password="pass word")[0].get_textpage().get_text_bounded()  # noqa: S106
    assert pypdf.PdfReader(io.BytesIO(locked)).trailer["/Encrypt"]["/V"] == 5
    assert caplog.text == ""


def test_without_cryptography_encryption_says_what_is_missing():
    program = (
        "import sys; sys.modules.update(dict.fromkeys(['cryptography', 'Crypto']))\n"
        "from worksheets.paper.join import encrypt, join\n"
        "try: encrypt(join([], title='x'), 'y')\n"
        "except RuntimeError as fault: print(fault)"
    )
    root = Path(__file__).resolve().parent.parent
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=root)
    assert "needs the package cryptography" in found.stdout
