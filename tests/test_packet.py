"""The packet: whole or not at all, for its owner only, the same bytes each time, with links and pages that are right."""

import io
import json
import re
import shutil
import stat
import subprocess
from functools import cache
from pathlib import Path

import pypdf
import pytest
from blank_folder import BLANKS, NONE_HERE
from packets import CASES, MASKED, SSN, irs, odd, pages, squeezed, stock_only, view

from worksheets.carryforward import carryforward_yaml
from worksheets.paper import packet
from worksheets.paper.folder import PacketError, write
from worksheets.paper.packet import build
from worksheets.paper.packet_forms import FormMaker

NO_BLANKS = Path("no-such-folder")
IRS_FILES = {
    *("packet.pdf", "results.json", "carryforward.yaml", "audit.html", "audit.pdf", "workbook.xlsx"),
    *(f"letters/cpa-memo-{year}.{end}" for year in (2023, 2024, 2025) for end in ("pdf", "txt")),
    *(
        f"{year}/{name}"
        for year in (2023, 2024, 2025)
        for name in ("f6251.pdf", "f8801.pdf", "schedules.pdf", "entry_sheet.csv")
    ),
    *(f"2024/{name}.pdf" for name in ("f1040sd", "f8949", "amt/f1040sd", "amt/f8949")),
    "2025/amt/f1040sd.pdf",
}


@pytest.fixture(autouse=True)
def no_blanks_of_this_machine(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("DUALBASIS_FORMS", raising=False)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Built packets by case, without official blanks."""

    @cache
    def built(name):
        return build(CASES[name](), tmp_path_factory.mktemp(name) / "packet", forms_dir=NO_BLANKS)

    return built


@pytest.fixture(scope="module")
def official(tmp_path_factory):
    """The packet of the IRS example on official blanks."""
    if not BLANKS.is_dir():
        pytest.skip(NONE_HERE)
    return build(irs(), tmp_path_factory.mktemp("official") / "packet", forms_dir=BLANKS)


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def text_of(built):
    return [squeezed(page) for page in pages(built.folder / "packet.pdf")]


# The folder


def test_files_of_the_irs_example(made):
    built = made("irs")
    assert set(contents(built.folder)) == IRS_FILES
    assert {path.relative_to(built.folder).as_posix() for path in built.files} == IRS_FILES


def test_files_of_a_stock_only_case(made):
    found = set(contents(made("stock_only").folder))
    assert {"2024/f8949.pdf", "2024/amt/f8949.pdf", "2023/schedules.pdf"} <= found
    assert not any("f6251" in name or "f8801" in name or "f1040sd" in name for name in found)


def test_only_the_owner_can_read_it(made):
    for path in (made("irs").folder, *made("irs").folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_result_and_carryforward_are_those_of_the_session(made):
    folder = made("irs").folder
    assert json.loads((folder / "results.json").read_text(encoding="utf-8")) == irs().result()
    assert (folder / "carryforward.yaml").read_text(encoding="utf-8") == carryforward_yaml(irs().household)


def test_one_year_alone(tmp_path):
    built = build(irs(), tmp_path / "packet", year=2024, forms_dir=NO_BLANKS)
    assert {name.split("/")[0] for name in contents(built.folder)} == {
        "packet.pdf",
        "audit.html",
        "audit.pdf",
        "workbook.xlsx",
        "letters",
        "results.json",
        "carryforward.yaml",
        "2024",
    }
    assert list(json.loads((built.folder / "results.json").read_text(encoding="utf-8"))["years"]) == ["2024"]
    with pytest.raises(PacketError, match="read 1999, expected a year of the case: 2023–2025"):
        build(irs(), tmp_path / "other", year=1999, forms_dir=NO_BLANKS)


def test_an_existing_folder_is_refused_and_left_alone(tmp_path):
    goal = tmp_path / "packet"
    goal.mkdir()
    (goal / "note.txt").write_text("mine")
    with pytest.raises(PacketError, match=r"exists: give another name with -o, or replace it with --force"):
        build(irs(), goal, forms_dir=NO_BLANKS)
    with pytest.raises(PacketError, match=r"is no packet of this program"):
        build(irs(), goal, forms_dir=NO_BLANKS, force=True)
    assert (goal / "note.txt").read_text() == "mine"


def test_force_replaces_a_packet_and_nothing_else(tmp_path):
    goal = tmp_path / "packet"
    build(stock_only(), goal, forms_dir=NO_BLANKS, year=2023)
    build(stock_only(), goal, forms_dir=NO_BLANKS, year=2024, force=True)
    assert not any(name.startswith("2023") for name in contents(goal))
    assert "2024/f8949.pdf" in contents(goal)
    (goal / "my notes.txt").write_text("mine")
    with pytest.raises(PacketError, match=r"my notes\.txt"):
        build(stock_only(), goal, forms_dir=NO_BLANKS, force=True)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("make", ["file", "link"])
def test_what_is_no_folder_is_refused(tmp_path, make):
    goal, other = tmp_path / "packet", tmp_path / "other"
    build(stock_only(), other, forms_dir=NO_BLANKS)
    goal.write_text("mine") if make == "file" else goal.symlink_to(other)
    with pytest.raises(PacketError, match="is no folder"):
        build(irs(), goal, forms_dir=NO_BLANKS, force=True)
    assert contents(other)


def test_a_folder_of_another_program_is_no_packet(tmp_path):
    goal = tmp_path / "packet"
    goal.mkdir()
    (goal / "results.json").write_text('{"program": "another"}')
    with pytest.raises(PacketError, match=r"is no packet of this program"):
        build(irs(), goal, forms_dir=NO_BLANKS, force=True)


@pytest.mark.parametrize("before", [False, True])
def test_what_fails_leaves_nothing_behind(tmp_path, monkeypatch, before):
    goal = tmp_path / "packet"
    if before:
        build(stock_only(), goal, forms_dir=NO_BLANKS)
    kept = contents(goal) if before else {}

    def fails(_view):
        raise RuntimeError("in the middle")

    monkeypatch.setattr(packet, "csv_text", fails)
    with pytest.raises(RuntimeError, match="in the middle"):
        build(stock_only(), goal, forms_dir=NO_BLANKS, force=before)
    assert contents(goal) == kept if before else list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_leaves_the_old_packet(tmp_path):
    goal = tmp_path / "packet"
    build(stock_only(), goal, forms_dir=NO_BLANKS)
    kept = contents(goal)
    with pytest.raises(PacketError, match="cannot be written"):
        write(goal, {"results.json": b"{}", "results.json/below": b""}, force=True)
    assert contents(goal) == kept
    assert [path.name for path in tmp_path.iterdir()] == ["packet"]


# The same bytes


def test_two_builds_give_the_same_bytes(made, tmp_path):
    again = build(irs(), tmp_path / "again", forms_dir=NO_BLANKS)
    assert contents(again.folder) == contents(made("irs").folder)


def test_the_date_is_that_of_source_date_epoch(tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    built = build(stock_only(), tmp_path / "packet", forms_dir=NO_BLANKS)
    found = pypdf.PdfReader(built.folder / "packet.pdf").metadata
    assert found.creation_date.timestamp() == 1700000000
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    undated = build(stock_only(), tmp_path / "again", forms_dir=NO_BLANKS)
    assert pypdf.PdfReader(undated.folder / "packet.pdf").metadata.creation_date is None


# The document


def test_pages_outline_and_metadata(made):
    built = made("irs")
    reader = pypdf.PdfReader(built.folder / "packet.pdf")
    assert len(reader.pages) == built.pages
    assert reader.metadata.title == "Incentive stock options on the tax return, 2023–2025"
    assert reader.trailer["/Root"]["/Lang"] == "en-US"
    for number, page in enumerate(text_of(built), start=1):
        assert f"{number} of {built.pages}" in page
    titles = {entry.title: reader.get_destination_page_number(entry) for entry in flat(reader.outline)}
    assert {
        "Contents",
        "2024",
        "Form 6251, Alternative Minimum Tax—Individuals",
        "4. Form 6251 line 2k, step by step",
    } <= set(titles)


def flat(outline):
    for entry in outline:
        if isinstance(entry, list):
            yield from flat(entry)
        else:
            yield entry


@pytest.mark.parametrize("name", CASES)
def test_outline_leads_to_the_pages_it_names(made, name):
    built = made(name)
    reader, found = pypdf.PdfReader(built.folder / "packet.pdf"), text_of(built)
    for entry in flat(reader.outline):
        words = squeezed(entry.title.removeprefix("AMT copy of ").partition(",")[0])
        if not entry.title.isdigit():
            assert words.split(" (")[0] in found[reader.get_destination_page_number(entry)], entry.title


@pytest.mark.parametrize("name", CASES)
def test_contents_give_the_right_pages(made, name):
    built = made(name)
    reader, found = pypdf.PdfReader(built.folder / "packet.pdf"), text_of(built)
    numbers = [
        reader.get_destination_page_number(entry) + 1 for entry in flat(reader.outline) if not entry.title.isdigit()
    ]
    (listed,) = [page for page in found if page.startswith("Contents page 1 of")]
    rows = [int(number) for number in re.findall(r"(?:file|form|return|attached|first|from it) (\d+)", listed)]
    assert rows
    assert set(rows) <= set(numbers)


def test_forms_stand_in_attachment_sequence_and_kept_ones_apart(official):
    # Attachment Sequence Nos. 12, 12A, 32 and, since 2020, 801
    (listed,) = [page for page in text_of(official) if page.startswith("Contents page 1 of")]
    years = re.split(r"202\d, single ", listed)
    order = [
        "Schedule D,",
        "Form 8949,",
        "Form 6251,",
        "Form 8801,",
        "AMT copy of Schedule D,",
        "AMT copy of Form 8949,",
        "Supporting",
    ]
    assert [years[2].index(name) for name in order] == sorted(years[2].index(name) for name in order)
    assert (
        "Form 8801, Credit for Prior Year Minimum Tax—Individuals, Estates, and Trusts keep: need not be attached"
        in years[1]
    )
    assert "keep, do not file" in years[2]


def test_an_unattached_form_8801_is_kept_out_of_the_filing_part():
    maker = FormMaker(NO_BLANKS)
    assert {one.file: one.filed for one in maker.filed(view(irs(), 2023))} == {"f6251": True, "f8801": False}
    assert {one.file for one in maker.filed(view(irs(), 2024)) if one.filed} == {"f1040sd", "f8949", "f6251", "f8801"}


def test_a_note_says_once_how_to_bring_the_blanks(made, official):
    (note,) = made("irs").notes
    assert note.count("dualbasis forms fetch") == 1
    assert "Form 6251 (2023, 2024, 2025)" in note
    assert all("Form 6251" not in note for note in official.notes)
    assert note.split(":")[0] in text_of(made("irs"))[0]


def test_the_whole_number_stands_on_official_forms_only(official, made):
    for page in text_of(official):
        ours = "Supporting schedules" in page or "Entry sheet" in page or "Worksheet" in page or "What to do" in page
        assert SSN not in page or not ours
    for page in text_of(made("irs")):
        assert SSN not in page
    assert any(MASKED in page for page in text_of(made("irs")))


def links(reader):
    """Each link: the page it is on and the page it leads to."""
    names = reader.named_destinations
    for number, page in enumerate(reader.pages):
        for reference in page.get("/Annots", ()):
            link = reference.get_object()
            if link["/Subtype"] == "/Link" and isinstance(link.get("/Dest"), str):
                yield number, str(link["/Dest"]), reader.get_destination_page_number(names[str(link["/Dest"])])


@pytest.mark.parametrize("name", CASES)
def test_links_lead_to_pages_that_show_what_they_name(made, name):
    built = made(name)
    found = text_of(built)
    seen = 0
    for _, goal, page in links(pypdf.PdfReader(built.folder / "packet.pdf")):
        year, kind, *_ = (*goal.split("."), "")
        seen += 1
        if kind in {"6251", "8801", "schedule_d"}:
            assert {"6251": "Form 6251", "8801": "Form 8801", "schedule_d": "Schedule D"}[kind] in found[page].replace(
                "Form 1040", ""
            )
        if kind == "schedule":
            assert f"{year} supporting schedules" in found[page]
    assert seen > 10


def test_figures_lead_to_the_box_of_the_official_form(official):
    reader = pypdf.PdfReader(official.folder / "packet.pdf")
    goals = {goal: page for _, goal, page in links(reader)}
    assert {"2024.6251.2k", "2024.8801.25", "2024.schedule-d.16", "2023.6251.11"} <= {*goals}
    line = reader.named_destinations["2024.6251.2k"]
    field = next(
        widget.get_object()
        for widget in reader.pages[goals["2024.6251.2k"]]["/Annots"]
        if "f1_14" in str(widget.get_object().get("/T"))  # line 2k of the 2024 form
    )
    assert 0 < float(line["/Top"]) - float(field["/Rect"][3]) < 30


def test_schedules_by_themselves_have_no_link_out_of_them(made):
    reader = pypdf.PdfReader(made("irs").folder / "2024" / "schedules.pdf")
    assert {page for _, _, page in links(reader)} <= set(range(len(reader.pages)))
    assert b"dest:" not in (made("irs").folder / "2024" / "schedules.pdf").read_bytes()
    assert next(flat(reader.outline)).title == "Supporting schedules, 2024"


def test_flattened_packets_have_no_fields(official, tmp_path):
    assert pypdf.PdfReader(official.folder / "packet.pdf").get_fields()
    flat_one = build(irs(), tmp_path / "flat", forms_dir=BLANKS, flatten=True)
    for path in flat_one.folder.rglob("*.pdf"):
        assert not pypdf.PdfReader(path).get_fields(), path
    assert squeezed(pages(flat_one.folder / "2024" / "f6251.pdf")[0]).count("118,000") == 1


def test_progress_is_told_step_by_step(tmp_path):
    steps = []
    build(stock_only(), tmp_path / "packet", forms_dir=NO_BLANKS, progress=steps.append)
    assert steps[0] == "forms of 2023"
    assert steps[-1] == "writing"


@pytest.mark.parametrize("name", CASES)
def test_every_pdf_is_sound(made, name):
    if shutil.which("qpdf") is None:
        pytest.skip("qpdf is not installed")
    for path in made(name).folder.rglob("*.pdf"):
        assert subprocess.run(["qpdf", "--check", path], capture_output=True, check=False).returncode == 0, path


def test_all_fonts_are_embedded(made):
    reader = pypdf.PdfReader(io.BytesIO((made("odd").folder / "packet.pdf").read_bytes()))
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            described = font.get_object().get("/FontDescriptor")
            assert described is None or "/FontFile2" in described.get_object()
            assert described is not None or font.get_object()["/Subtype"] == "/Type0"


def test_odd_names_reach_the_paper(made):
    assert any("<b>&{{7*7}}" in page for page in text_of(made("odd")))
    assert odd().name == "case"


def test_a_packet_that_cannot_take_its_place_leaves_the_old_one(tmp_path, monkeypatch):
    goal = tmp_path / "packet"
    build(stock_only(), goal, forms_dir=NO_BLANKS, year=2023)
    kept, rename, moved = contents(goal), Path.rename, []

    def fails_once(path, target):
        moved.append(path)
        if len(moved) == 2:  # the old packet is aside, the new one about to take its name
            raise OSError("no room")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fails_once)
    with pytest.raises(PacketError, match="cannot be written"):
        build(stock_only(), goal, forms_dir=NO_BLANKS, year=2024, force=True)
    assert contents(goal) == kept
    assert [path.name for path in tmp_path.iterdir()] == ["packet"]
