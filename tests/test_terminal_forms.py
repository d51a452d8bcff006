"""How the `forms` commands look on a terminal of 80 columns, and that no file can steer it."""

import re

import pypdf
import pytest
from local_site import serving
from official_blanks import FOLDER, pinned
from pypdf.generic import NameObject
from typer.testing import CliRunner

from worksheets import terminal_forms
from worksheets.cli import app
from worksheets.fetch import official_blanks

run = CliRunner().invoke
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\r")


@pytest.fixture(autouse=True)
def _terminal(monkeypatch, tmp_path):
    for name, value in {"FORCE_COLOR": "1", "COLUMNS": "80", "TERM": "xterm", "XDG_CACHE_HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("DUALBASIS_FORMS", str(FOLDER))


def path_of(name, year):
    path = FOLDER / pinned()[name, year]
    if not path.is_file():
        pytest.skip(f"the official blank {path.name} is missing: {FOLDER} holds none")
    return path


def shown(text):
    return [line.rstrip() for line in ESCAPE.sub("", text).splitlines()]


def test_the_list_is_a_table():
    lines = shown(run(app, ["forms", "list"]).stdout)
    assert lines[0].split() == ["year", "form", "file", "state", "map"]
    rows = [re.split(r"  +", line) for line in lines[1 : 1 + len(official_blanks())]]
    assert [row[2] for row in rows] == [blank.file for blank in official_blanks()]
    assert {row[4] for row in rows if row[1] == "f8801" and "2021" <= row[0] <= "2024"} == {"unverified"}
    assert max(map(len, lines[: len(rows) + 1])) <= 80


def test_verdicts_are_a_table_and_faults_stand_under_the_file():
    path = path_of("f6251", 2024)
    result = run(app, ["forms", "verify", "--year", "2025", str(path)])
    lines = [line for line in shown(result.stdout) if "verifying" not in line]
    assert lines[0].split() == ["year", "form", "file", "boxes", "rows", "agreed", "result"]
    assert lines[1].split() == ["2025", "f6251", path.name, "62", "31", "of", "62", "39", "faults"]
    assert lines[2] == f"{path}:"
    assert lines[3] == "  title: reads '2024 Form 6251', not '2025 Form 6251'"
    assert len(lines) == 3 + terminal_forms.SHOWN_FAULTS + 1
    assert lines[-1] == "  and 27 more: pipe the command to see all"


def test_a_bar_shows_how_much_has_come(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    blanks = official_blanks(2025)
    with serving() as site:
        for blank in blanks[:2]:
            site.serve(f"/pub/irs-prior/{blank.file}")  # not the blank: refused
        terminal_forms.fetch_all(blanks, tmp_path / "forms", site.base)
    printed = "\n".join(shown("".join(capsys.readouterr()).replace("\r", "\n")))
    assert "0/4" in printed
    assert "━" in printed
    assert re.search(r"refused +f1040sd--2025\.pdf: its sha256 is", printed)
    assert "0 of 4 in" in printed


@pytest.mark.parametrize(("came", "of", "said"), [(65_536, 196_608, "65 of 196 kB"), (1_000, None, "1 kB")])
def test_sizes_are_said_in_kilobytes(came, of, said):
    assert terminal_forms._kilobytes(came, of) == said  # noqa: SLF001 - what a bar shows between two frames


def test_a_title_or_name_cannot_steer_the_terminal(tmp_path):
    writer = pypdf.PdfWriter(clone_from=path_of("f6251", 2024))
    writer.add_metadata({"/Title": "2024 Form\x1b]0;owned\x07 6251"})
    for reference in writer.pages[0]["/Annots"]:
        if str(reference.get_object().get("/T")) == "f1_7[0]":
            reference.get_object()[NameObject("/T")] = pypdf.generic.TextStringObject("f\x1b[2J[0]")
    writer.write(tmp_path / "mine.pdf")
    for more in (["--year", "2024"], []):
        result = run(app, ["forms", "verify", *more, str(tmp_path / "mine.pdf")])
        assert result.exit_code == 2
        assert "\x1b]" not in result.output
        assert "\x1b[2J" not in result.output
        assert "owned" in result.output


def test_a_form_of_a_packet_is_told_from_a_blank(tmp_path):
    writer = pypdf.PdfWriter(clone_from=path_of("f6251", 2024))
    writer.add_metadata({"/Title": "Form 6251 (2024)"})
    writer.write(tmp_path / "f6251.pdf")
    result = run(app, ["forms", "verify", str(tmp_path / "f6251.pdf")])
    assert result.exit_code == 2
    said = " ".join(shown(result.stderr))
    assert said.endswith(
        "its title reads 'Form 6251 (2024)', as packets title their forms, expected an official blank with one like "
        "'2024 Form 6251'"
    )
