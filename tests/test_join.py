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
from reportlab.pdfgen.canvas import Canvas

from worksheets.paper.guest import Excerpt, Guest
from worksheets.paper.join import Destination, OutlineEntry, encrypt, join


def schedule(draw):
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=1)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def first_schedule(canvas):
    canvas.drawString(72, 700, "Schedule one")
    canvas.linkURL("dest:form6251", (72, 690, 144, 710))
    canvas.showPage()
    canvas.linkURL("anchor:second", (72, 500, 73, 501))
    canvas.bookmarkHorizontal("inner", 0, 300)
    canvas.drawString(72, 490, "Below the anchor")
    canvas.linkRect("", "inner", (72, 400, 144, 420))
    canvas.linkURL("https://www.irs.gov/", (72, 300, 144, 320))


def second_schedule(canvas):
    canvas.drawString(72, 700, "Schedule two")
    canvas.linkURL("dest:second", (72, 690, 144, 710))


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
    inner, web = links[1]  # the anchor is gone
    assert inner["/Dest"][0] == reader.pages[1].indirect_reference
    assert web["/A"]["/URI"] == "https://www.irs.gov/"


def test_an_excerpt_carries_its_pages_and_nothing_else_of_the_document():
    guest = Guest(schedule(first_schedule))
    whole = join([guest.whole()], title="x", destinations={"form6251": Destination(0)})
    assert whole == join([schedule(first_schedule)], title="x", destinations={"form6251": Destination(0)})
    second = join([Excerpt(guest, 1, 1)], title="x")
    reader = pypdf.PdfReader(io.BytesIO(second))
    assert [page.extract_text().strip() for page in reader.pages] == ["Below the anchor"]
    assert list(reader.named_destinations) == ["second"]
    assert len(second) < len(whole)
    assert sum(entry.get("/Type") == "/Page" for entry in objects(reader)) == 1


def test_links_to_names_not_known_lead_nowhere():
    guest = Guest(schedule(second_schedule))
    with pytest.raises(ValueError, match="second"):
        join([guest.whole()], title="x")
    alone = pypdf.PdfReader(io.BytesIO(join([Excerpt(guest, 0, 1, known=())], title="x")))
    (link,) = (ref.get_object() for ref in alone.pages[0]["/Annots"])
    assert "/Dest" not in link
    led = pypdf.PdfReader(
        io.BytesIO(join([Excerpt(guest, 0, 1, known=("second",))], title="x", destinations={"second": Destination(0)}))
    )
    assert [ref.get_object()["/Dest"] for ref in led.pages[0]["/Annots"]] == ["second"]


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


def test_a_part_that_is_no_pdf_or_has_fields_is_refused():
    with pytest.raises(ValueError, match="part 1: "):
        join([b"nothing"], title="x")
    with pytest.raises(ValueError, match="part 2: has form fields"):
        join([schedule(first_schedule), schedule(with_a_field)], title="x")


def with_a_field(canvas):
    canvas.acroForm.textfield(name="a")
    canvas.showPage()


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
    locked = encrypt(schedule(lambda canvas: canvas.drawString(72, 700, "figures")), "pass word")
    with pytest.raises(pdfium.PdfiumError):
        pdfium.PdfDocument(locked)
    assert "figures" in pdfium.PdfDocument(locked, password="pass word")[0].get_textpage().get_text_bounded()  # noqa: S106
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
