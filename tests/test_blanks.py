"""Finding the official blanks, and refusing a file that is not the blank whose name it bears."""

import shutil

import pytest
from filled import BLANKS, needs_blanks

from worksheets.definitions import definition
from worksheets.paper import blanks
from worksheets.paper.blank import Blank

pytestmark = needs_blanks
SAMPLE, LATER = "f6251--2024.pdf", "f6251--2025.pdf"


@pytest.fixture(autouse=True)
def _no_other_folder(monkeypatch, tmp_path):
    monkeypatch.delenv(blanks.ENVIRONMENT, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def put(source, folder, name=SAMPLE):
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(BLANKS / source, folder / name)
    return folder


def test_a_blank_is_looked_for_where_the_contract_says_in_that_order(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.platform", "linux")
    cache = blanks.cache_folder()
    assert cache == tmp_path / "cache" / "dualbasis" / "forms"
    assert blanks.find("f6251", 2024) is None
    put(SAMPLE, cache)
    assert blanks.find("f6251", 2024) == cache / SAMPLE
    named = put(SAMPLE, tmp_path / "named")
    monkeypatch.setenv(blanks.ENVIRONMENT, str(named))
    assert blanks.find("f6251", 2024) == named / SAMPLE
    given = tmp_path / "given"
    assert blanks.find("f6251", 2024, given) == named / SAMPLE
    put(SAMPLE, given)
    assert blanks.find("f6251", 2024, given) == given / SAMPLE


@pytest.mark.parametrize(
    ("platform", "variable", "end"), [("win32", "LOCALAPPDATA", ()), ("darwin", "HOME", ("Library", "Caches"))]
)
def test_the_cache_is_where_each_system_keeps_caches(monkeypatch, tmp_path, platform, variable, end):
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))
    assert blanks.cache_folder() == tmp_path.joinpath(*end) / "dualbasis" / "forms"


def test_the_pinned_file_is_taken_without_a_word_and_read_once(tmp_path):
    found = blanks.official("f6251", 2024, put(SAMPLE, tmp_path))
    assert found.warning == ""
    assert found.path == tmp_path / SAMPLE
    assert found.blank.title == "2024 Form 6251"
    assert blanks.official("f6251", 2024, tmp_path) is found


def test_a_file_that_changed_is_read_again(tmp_path):
    put(SAMPLE, tmp_path)
    first = blanks.official("f6251", 2024, tmp_path)
    (tmp_path / SAMPLE).write_bytes((tmp_path / SAMPLE).read_bytes() + b"%\n")
    assert blanks.official("f6251", 2024, tmp_path) is not first


def test_another_copy_of_the_same_form_is_taken_with_a_warning(tmp_path):
    put(SAMPLE, tmp_path)
    (tmp_path / SAMPLE).write_bytes((tmp_path / SAMPLE).read_bytes() + b"% saved again\n")
    found = blanks.official("f6251", 2024, tmp_path)
    assert SAMPLE in found.warning
    assert "Compare" in found.warning


def test_another_years_form_is_refused(tmp_path):
    put(LATER, tmp_path)
    with pytest.raises(blanks.RefusedBlankError, match="its title is 2025 Form 6251; it has 62 fields, expected 61"):
        blanks.official("f6251", 2024, tmp_path)


def test_a_file_that_is_no_form_is_refused(tmp_path):
    (tmp_path / SAMPLE).write_bytes(b"<html>not found</html>")
    with pytest.raises(blanks.RefusedBlankError, match=SAMPLE):
        blanks.official("f6251", 2024, tmp_path)


def test_a_year_without_a_blank_and_a_draft_are_not_looked_for(tmp_path):
    put("f6251--2026-draft.pdf", tmp_path, "f6251--2026-draft.pdf")
    assert blanks.official("f6251", 2026, tmp_path) is None
    assert blanks.official("f6251", 2018, tmp_path) is None


@pytest.mark.parametrize(
    ("form", "year"), [key for key, known in blanks.catalogue().items() if known.sha256 and not known.draft]
)
def test_every_box_of_every_blank_at_hand_agrees(form, year):
    path = BLANKS / blanks.catalogue()[form, year].file
    if not path.is_file():
        pytest.skip(f"{path.name} is missing: {BLANKS} holds none")
    found = blanks.official(form, year, BLANKS)
    assert not list(blanks.disagreements(found.blank, blanks.catalogue()[form, year], definition(year, form)))


@pytest.mark.parametrize(
    ("form", "year", "change", "said"),
    [
        ("f6251", 2024, lambda f: f | {"f1_12": f["f1_14"], "f1_14": f["f1_12"]}, "does not follow"),
        ("f8949", 2024, lambda f: f | {"f1_6": f["f1_7"], "f1_7": f["f1_6"]}, "does not follow"),
        ("f1040sd", 2025, lambda f: f | {"c2_1": f["f2_1"]}, "c2_1 is missing"),
        ("f8801", 2025, lambda f: f | {"f2_1": f["f1_3"]}, "f2_1 is missing, or not on page 2"),
    ],
)
def test_a_box_in_another_place_disagrees(form, year, change, said):
    blank = Blank.load(BLANKS / blanks.catalogue()[form, year].file)
    blank.fields = change(dict(blank.fields))
    faults = list(blanks.disagreements(blank, blanks.catalogue()[form, year], definition(year, form)))
    assert any(said in fault for fault in faults)
