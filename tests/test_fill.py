"""Official forms filled, read back with PDFium and pypdf; every box of every blank that is here."""

import io
import re
import shutil
import subprocess
from collections import defaultdict

import pypdf
import pypdfium2 as pdfium
import pytest
from filled import (
    BLANKS,
    amounts,
    check_with_qpdf,
    dark,
    each_kind,
    every_form,
    images,
    load,
    names_as_text,
    needs_blanks,
    needs_qpdf,
    open_fields,
    texts,
    walk,
)
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageChops
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from worksheets.paper.blank import Blank, Field
from worksheets.paper.fill import FLOOR, drawing
from worksheets.paper.join import encrypt, join
from worksheets.paper.strip import short_names

# --- every blank, every box -----------------------------------------------------------------------------------------


@every_form
@pytest.mark.parametrize("values", [names_as_text, amounts])
def test_every_text_stands_in_its_own_box(form, values):
    blank = load(form)
    given_values = values(blank)
    assert len(given_values) >= 40  # Schedule D has 45 text fields; nothing was silently left out
    found = texts(blank.fill(given_values).pdf())
    wrong = {
        n: found(blank.fields[n]) for n, text in given_values.items() if found(blank.fields[n]) != text.strip("()")
    }
    assert wrong == {}


@every_form
def test_every_check_box_shows_on_alone(form):
    blank = load(form)
    boxes = open_fields(blank, "check")
    if not boxes:
        pytest.skip("this form has no check boxes")
    rounds = defaultdict(list)
    for field in boxes:
        rounds[len([other for held in rounds.values() for other in held if other.group == field.group])].append(field)
    for fields in rounds.values():
        shown = images(blank.fill({field.name: True for field in fields}).pdf(), scale=2)
        assert {f.name for f in boxes if dark(shown[f.page - 1], f.rect, 2) > 5} == {f.name for f in fields}


@every_form
def test_nothing_of_xfa_usage_rights_or_scripts_is_left(form):
    source = (BLANKS / f"{form}.pdf").read_bytes()
    before = pypdf.PdfReader(io.BytesIO(source)).root_object
    assert {"/XFA", "/JavaScript"} & {*before["/AcroForm"], *before["/Names"]}  # else this test would prove nothing
    blank = load(form)
    for pdf in blank.fill(names_as_text(blank)).pdf(), join([blank.fill({})], title="x"):
        root = pypdf.PdfReader(io.BytesIO(pdf)).root_object
        keys = {key for found in walk(root) for key in found}
        assert keys.isdisjoint(
            {"/XFA", "/Perms", "/UR3", "/JS", "/JavaScript", "/AA", "/OpenAction", "/NeedAppearances"}
        )
        assert "/SigFlags" not in root["/AcroForm"]


@every_form
@needs_qpdf
def test_qpdf_finds_nothing_wrong(form, tmp_path):
    blank = load(form)
    sheet = blank.fill(amounts(blank), mark="AMT")
    for pdf in sheet.pdf("A title"), sheet.pdf(flatten=True), join([sheet, sheet], title="Two"):
        check_with_qpdf(pdf, tmp_path)


@each_kind
def test_a_single_form_stays_tagged_as_the_blank_was(form):
    blank = load(form)
    out = pypdf.PdfReader(io.BytesIO(blank.fill(names_as_text(blank)).pdf())).root_object
    was = pypdf.PdfReader(BLANKS / f"{form}.pdf").root_object

    def kinds(root):
        return sorted(str(node["/S"]) for node in walk(root["/StructTreeRoot"]["/K"]) if "/S" in node and "/P" in node)

    def tagged_fields(root):
        nodes = walk(root["/StructTreeRoot"]["/K"])
        return sorted(str(n["/Obj"]["/T"]) for n in nodes if n.get("/Type") == "/OBJR" and "/T" in n["/Obj"])

    assert kinds(out) == kinds(was)
    assert tagged_fields(out) == tagged_fields(was) != []
    assert (out["/Lang"], out["/MarkInfo"]["/Marked"]) == ("en-US", True)
    assert out["/Metadata"].get_data() == was["/Metadata"].get_data()


@each_kind
def test_saved_again_with_pypdf_figures_stay(form):
    blank = load(form)
    values = names_as_text(blank)
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(blank.fill(values).pdf()))
    saved = io.BytesIO()
    writer.write(saved)
    found = texts(saved.getvalue())
    assert {name: found(blank.fields[name]) for name in values} == values
    held = pypdf.PdfReader(saved).get_form_text_fields(full_qualified_name=True)
    assert {name: held[blank.fields[name].full_name] for name in values} == values


@every_form
def test_mark_and_footer_stand_on_white_paper(form):
    blank = load(form)
    plain = images(join([blank.fill({})], title="x"), 2)
    printed = images(
        join([blank.fill({}, mark="AMT: KEEP, DO NOT FILE")], title="x", stamp=lambda n, of: f"{n} of {of}"), 2
    )
    document = pdfium.PdfDocument(join([blank.fill({}, mark="AMT")], title="x", stamp=lambda n, of: f"{n} of {of}"))
    for index, (before, after) in enumerate(zip(plain, printed, strict=True)):
        changed = ImageChops.difference(before, after).point(lambda v: 255 if v else 0)
        assert changed.getbbox() is not None
        assert before.getextrema()[0] < 128  # there is print on the page that could have been hit
        masked = ImageChops.lighter(before, changed.point(lambda v: 255 - v))
        assert masked.getextrema()[0] == 255, f"page {index + 1}: over print"
        page = document[index].get_textpage()
        assert f"{index + 1} of {len(plain)}" in page.get_text_bounded(bottom=0, top=24)
        has_fields = any(field.page == index + 1 for field in blank.fields.values())
        assert ("AMT" in page.get_text_bounded(bottom=757, top=792)) == has_fields


# --- the same as the slow way ---------------------------------------------------------------------------------------


def pypdf_streams(normal):
    """The appearance streams under /N by the state they are for, "" where there is but one."""
    if isinstance(normal, StreamObject):
        return [("", normal)]
    return [(NameObject(state), normal[state]) for state in normal]


def slow_fill(form, pdf):
    """The blank filled object by object with pypdf, with the appearances of `pdf`."""
    writer = pypdf.PdfWriter(clone_from=BLANKS / f"{form}.pdf")
    ours = pypdf.PdfReader(io.BytesIO(pdf))
    for page, filled in zip(writer.pages, ours.pages, strict=True):
        done = {ref.get_object()["/T"]: ref.get_object() for ref in filled["/Annots"]}
        for ref in page["/Annots"]:
            widget = ref.get_object()
            other = done[widget["/T"]]
            if "/AP" in other:
                look = {key: look.clone(writer).indirect_reference for key, look in pypdf_streams(other["/AP"]["/N"])}
                normal = look[""] if "" in look else DictionaryObject(look)
                widget[NameObject("/AP")] = DictionaryObject({NameObject("/N"): normal})
            if "/V" in other:
                widget[NameObject("/V")] = TextStringObject(other["/V"]) if widget["/FT"] == "/Tx" else other["/V"]
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@needs_blanks
@pytest.mark.parametrize("form", ["f6251--2024", "f8949--2025"])
def test_renders_pixel_for_pixel_as_the_slow_way_in_pdfium(form):
    fast = load(form).fill(amounts(load(form))).pdf()
    for ours, theirs in zip(images(fast, 2), images(slow_fill(form, fast), 2), strict=True):
        assert ImageChops.difference(ours, theirs).getbbox() is None
    assert ImageChops.difference(images(fast)[0], images(BLANKS / f"{form}.pdf")[0]).getbbox() is not None


@needs_blanks
@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler is not installed")
def test_renders_pixel_for_pixel_as_the_slow_way_in_poppler():
    fast = load("f6251--2024").fill(amounts(load("f6251--2024"))).pdf()
    shown = [
        subprocess.run(["pdftoppm", "-r", "72"], input=pdf, capture_output=True, check=True).stdout
        for pdf in (fast, slow_fill("f6251--2024", fast))
    ]
    assert shown[0] == shown[1]


@needs_blanks
@pytest.mark.parametrize("form", ["f6251--2024", "f8949--2025", "f1040sd--2025"])
def test_flattened_looks_the_same_and_has_no_fields(form):
    blank = load(form)
    sheet = blank.fill({**amounts(blank), **({"c1_1": True} if "c1_1" in blank.fields else {})}, mark="AMT")
    flat = sheet.pdf(flatten=True)
    for ours, theirs in zip(images(sheet.pdf(), 2), images(flat, 2), strict=True):
        # The same but for the edges of letters, which PDFium rounds to other fractions of a pixel.
        assert ImageChops.difference(ours, theirs).getextrema()[1] < 64
    reader = pypdf.PdfReader(io.BytesIO(flat))
    assert "/AcroForm" not in reader.root_object
    assert all("/Annots" not in page for page in reader.pages)
    assert join([sheet], title="x", flatten=True).count(b"/Widget") == 0


# --- text in a box --------------------------------------------------------------------------------------------------

registerFont(TTFont("Vera", "Vera.ttf"))


def box(width=64.8, height=12.0, **more):
    return Field("f1_9", "form.f1_9", 1, (100.0, 100.0, 100.0 + width, 100.0 + height), "text", 8.0, **more)


def spots(drawn):
    """Size, x, y and text of each line drawn."""
    found = re.findall(rb"/Vera ([\d.]+) Tf 1 0 0 1 (-?[\d.]+) (-?[\d.]+) Tm \(((?:[^()\\]|\\.)*)\) Tj", drawn)
    return [(float(s), float(x), float(y), re.sub(rb"\\(.)", rb"\1", t).decode("cp1252")) for s, x, y, t in found]


@given(text=st.text("0123456789,()-. ACghé", min_size=1, max_size=60), width=st.floats(20, 400), tall=st.booleans())
def test_text_is_whole_and_inside_its_box_or_refused(text, width, tall):
    words = text.split()
    field = box(width, 24.0 if tall else 12.0, multiline=tall)
    try:
        lines = spots(drawing(field, " ".join(words)))
    except ValueError:
        longest = max(words, key=lambda word: stringWidth(word, "Vera", FLOOR))
        assert stringWidth(" ".join(words), "Vera", FLOOR) > width - 5
        assert len(words) > 1 or stringWidth(longest, "Vera", FLOOR) > width - 5
        return
    assert " ".join(line[3] for line in lines).split() == words
    for size, x, y, line in lines:
        assert FLOOR <= size <= 8
        assert x >= 1.9
        assert x + stringWidth(line, "Vera", size) <= width - 1.9
        assert 0.2 * size <= y <= field.rect[3] - 100 - 0.7 * size


def test_amounts_shrink_to_their_box_and_are_never_broken_in_two():
    [(size, x, _, text)] = spots(drawing(box(align=2), "(1,234,567,890,123)"))
    assert size < 7.5
    assert text == "(1,234,567,890,123)"
    assert x + stringWidth(text, "Vera", size) == pytest.approx(62.8, abs=0.01)
    with pytest.raises(ValueError, match="too long"):
        drawing(box(align=2), "123,456,789 123,456,789 123,456,789")


def test_long_descriptions_take_a_second_line():
    one = spots(drawing(box(136, 24.0, multiline=True), "100 sh Example Corp"))
    two = spots(drawing(box(136, 24.0, multiline=True), "1,234.5678 sh Example Corporation Holdings"))
    assert [line[3] for line in two] == ["1,234.5678 sh Example", "Corporation Holdings"]
    assert two[0][0] == one[0][0] == 7.5
    assert two[1][2] == one[0][2]  # the last line stands level with the amounts of the row
    assert one[0][2] == spots(drawing(box(align=2), "1,000"))[0][2]


def test_comb_fields_set_one_character_a_cell():
    middles = [
        x + stringWidth(t, "Vera", s) / 2 for s, x, _, t in spots(drawing(box(90.0, max_len=9, comb=True), "400000001"))
    ]
    assert middles == pytest.approx([5 + 10 * index for index in range(9)], abs=0.01)


@needs_blanks
def test_names_beyond_winansi_show_or_are_refused():
    blank = load("f6251--2024")
    name = "Łukasz Ćosić & Žofie Doğan"
    sheet = blank.fill({"f1_1": name})
    assert texts(sheet.pdf())(blank.fields["f1_1"]) == name
    held = pypdf.PdfReader(io.BytesIO(sheet.pdf())).get_form_text_fields(full_qualified_name=True)
    assert held[blank.fields["f1_1"].full_name] == name
    decomposed = blank.fill({"f1_1": "Z\u030cofie"})
    assert texts(decomposed.pdf())(blank.fields["f1_1"]) == "Žofie"
    with pytest.raises(ValueError, match=r"field f1_1: the character '李' \(U\+674E\)"):
        blank.fill({"f1_1": "李 Secret"})


@needs_blanks
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"f1_99": "Secret"}, "no field f1_99"),
        ({"f1_03": "Secret", "f1_010": "1"}, r"no field f1_010, did you mean f1_10\?"),
        ({"c1_1[0]": True, "c1_1[3]": True}, "fields c1_1 and c1_1\\[3\\]: only one"),
        ({"c1_1": "Secret"}, "field c1_1: expected True or False"),
        ({"f1_03": True}, "field f1_03: expected text"),
        ({"f1_93": "Secret"}, "field f1_93 is read-only"),
        ({"f1_02": "Secret-Secret"}, "field f1_02: 13 characters, the form allows 11"),
        ({"f1_03": "Secret" * 40}, "field f1_03: the text is too long"),
        ({"f1_03": "Secret\x07"}, "field f1_03: the control character"),
    ],
)
def test_what_does_not_fit_is_refused_by_field_and_without_the_value(values, message):
    with pytest.raises(ValueError, match=message) as refused:
        load("f8949--2025").fill(values)
    assert "Secret" not in str(refused.value)


def test_files_that_are_no_form_are_refused(tmp_path):
    path = tmp_path / "f6251--2024.pdf"
    plain = io.BytesIO()
    Canvas(plain).save()
    for data in b"", b"not a PDF", plain.getvalue(), encrypt(plain.getvalue(), "x"):
        path.write_bytes(data)
        with pytest.raises(ValueError, match=r"^f6251--2024\.pdf: "):
            Blank.load(path)


def test_short_names_take_as_much_of_the_path_as_they_need():
    paths = [
        ("top[0]", "Page1[0]", "f1_1[0]"),
        ("top[0]", "Page1[0]", "c1_1[3]"),
        ("top[0]", "A[0]", "x[0]"),
        ("top[0]", "B[0]", "x[0]"),
    ]
    assert short_names(paths) == ["f1_1", "c1_1[3]", "A[0].x", "B[0].x"]


@needs_blanks
def test_one_fill_leaves_nothing_behind_for_the_next():
    blank = load("f8949--2025")
    first = blank.fill({"f1_01": "First Taxpayer", "c1_1": True}, mark="AMT")
    before = first.pdf()
    second = blank.fill({"f1_03": "100 sh"}).pdf()
    fields = pypdf.PdfReader(io.BytesIO(second)).get_fields()
    assert {name for name, field in fields.items() if field.get("/V", "/Off") != "/Off"} == {
        blank.fields["f1_03"].full_name
    }
    assert "AMT" not in pdfium.PdfDocument(second)[0].get_textpage().get_text_bounded()
    assert first.pdf() == before == blank.fill({"c1_1[0]": True, "f1_01[0]": "First Taxpayer"}, mark="AMT").pdf()


@needs_blanks
def test_a_title_goes_into_both_kinds_of_metadata(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    sheet = load("f6251--2024").fill({"f1_3": "1"})
    reader = pypdf.PdfReader(io.BytesIO(sheet.pdf('Form <6251> "é"')))
    assert reader.metadata.title == reader.xmp_metadata.dc_title["x-default"] == 'Form <6251> "é"'
    assert reader.metadata.creation_date.isoformat() == "2023-11-14T22:13:20+00:00"
    assert sheet.pdf("a") == sheet.pdf("a") != sheet.pdf("b")
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert pypdf.PdfReader(io.BytesIO(sheet.pdf("a"))).metadata.creation_date is None
