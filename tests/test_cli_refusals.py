"""What the command line says where it cannot go on: the option or file at fault, what was read, exit code 2."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import typer
from regenerate import FIXTURES

from worksheets.paper import blanks, packet

IRS = str(FIXTURES / "irs-line-2k" / "case.yaml")
HARD = str(FIXTURES / "hard-household" / "case.yaml")
PLAIN = FIXTURES / "brokers" / "plain_3921" / "sample.csv"
DENIED = "it cannot be written (Permission denied), expected a place that you may write to"


def deny(*_args, **_more):
    raise PermissionError(13, "Permission denied")


def test_a_folder_without_write_access_is_no_fault_of_the_program(run, tmp_path, monkeypatch):
    monkeypatch.setattr("worksheets.private.tempfile.mkstemp", deny)
    new, rows, made = tmp_path / "new", tmp_path / "x.txf", tmp_path / "new.yaml"
    assert run("init", new) == (2, "", f"{new}:1: DIR: {DENIED}\n")
    assert run("export", IRS, "--to", "txf", "--year", 2024, "-o", rows) == (2, "", f"{rows}:1: -o: {DENIED}\n")
    code, _, err = run("import", PLAIN, "-o", made)
    assert (code, err) == (2, f"{made}:1: -o: {DENIED}\n")


def test_a_folder_that_must_not_be_looked_into(run, tmp_path, monkeypatch):
    exists = Path.exists
    locked = tmp_path / "locked"
    monkeypatch.setattr(Path, "exists", lambda self: deny() if locked in self.parents else exists(self))
    out = locked / "out"
    assert run("export", IRS, "--to", "txf", "--year", 2024, "-o", out) == (2, "", f"{out}:1: -o: {DENIED}\n")
    assert run("init", out) == (2, "", f"{out}:1: DIR: {DENIED}\n")
    code, _, err = run("build", IRS, "--year", 2024, "-o", out)
    assert code == 2
    assert err == f"{out}:1: -o: {out} cannot be written (Permission denied)\n"


def test_a_file_where_a_folder_is_needed(run, tmp_path):
    file = tmp_path / "imp4"
    file.write_text("")
    code, _, err = run("import", PLAIN, "-o", file / "case.yaml")
    assert code == 2
    assert err.startswith(f"{file / 'case.yaml'}:1: -o: it cannot be written (")


def test_no_blanks_where_the_cache_cannot_be_read(monkeypatch, tmp_path):
    monkeypatch.setattr(blanks, "cache_folder", lambda: tmp_path)
    monkeypatch.delenv(blanks.ENVIRONMENT, raising=False)
    monkeypatch.setattr(Path, "is_file", deny)
    assert blanks.find("f6251", 2024) is None


def test_no_blanks_without_a_home(monkeypatch):
    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(blanks, "cache_folder", homeless)
    monkeypatch.delenv(blanks.ENVIRONMENT, raising=False)
    assert blanks.folders() == ()
    assert blanks.find("f6251", 2024) is None


@pytest.mark.parametrize(
    "words", [("build", IRS, "-o", "never"), ("forms", "list"), ("forms", "verify"), ("forms", "adopt", "new.pdf")]
)
def test_a_folder_of_blanks_that_is_not_there_is_named(run, tmp_path, words):
    nowhere = tmp_path / "nowhere"
    code, out, err = run(*words, "--forms-dir", nowhere)
    assert (code, out) == (2, "")
    assert err == (
        f"--forms-dir: read '{nowhere}', where there is no folder, expected a folder of official blank forms\n"
    )
    assert not Path("never").exists()


def test_encryption_is_refused_before_a_password_is_asked_for(run, tmp_path, monkeypatch):
    monkeypatch.setattr(
        packet, "find_spec", lambda name: None if name in {"cryptography", "Crypto"} else find_spec(name)
    )
    monkeypatch.setattr(typer, "prompt", lambda *_, **__: pytest.fail("asked for a password"))
    code, out, err = run("build", IRS, "-o", tmp_path / "p", "--encrypt")
    assert (code, out) == (2, "")
    assert err == "--encrypt: encryption needs the package cryptography: pip install 'dualbasis[encrypt]'\n"
    assert not (tmp_path / "p").exists()


def test_a_password_that_nobody_can_type_ends_with_two(tmp_path):
    program = [sys.executable, "-c", "from worksheets.cli import main; main()"]
    words = ["build", IRS, "-o", str(tmp_path / "p"), "--encrypt"]
    ended = subprocess.run(
        [*program, *words],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr == ("--encrypt: read no password, expected one typed in a terminal, or --password-file FILE\n")
    assert not (tmp_path / "p").exists()


def test_a_folder_or_a_result_in_place_of_a_case(run, tmp_path):
    (tmp_path / "case.yaml").write_text("case: 1\n")
    code, _, err = run("check", tmp_path)
    assert (code, err) == (2, f"{tmp_path}:1: file: read a folder, expected a file, such as {tmp_path / 'case.yaml'}\n")
    result = tmp_path / "results.json"
    result.write_text(run("compute", IRS, "--json")[1], encoding="utf-8")
    code, _, err = run("check", result)
    assert code == 2
    assert err == f"{result}:1: file: read a result of this program, expected the case file that it was worked from\n"


def test_the_year_of_explain_is_no_option(run):
    code, _, err = run("explain", IRS, 2022, "6251:2k")
    assert (code, err) == (2, f"{IRS}:1: YEAR: read 2022, expected one of 2023, 2024, 2025\n")


def test_export_says_what_the_year_still_lacks(run, tmp_path):
    code, out, _ = run("export", HARD, "--to", "txf", "--year", 2024, "-o", tmp_path / "x.txf")
    assert code == 0
    assert "2024: not ready to file (1 error, 4 warnings, " in out
    assert "S4: in part or whole left out of the forms and of this file" in out
    _, out, _ = run("export", IRS, "--to", "drake", "--year", 2023, "-o", tmp_path / "x.csv")
    assert "2023 has no row of Form 8949: the file holds none" in out
    assert "ready" not in out


def test_codes_stand_as_column_f_has_them(run, tmp_path):
    # S2 of the household: code B and T (IRS: the codes in alphabetical order)
    _, out, _ = run("export", HARD, "--to", "txf", "--year", 2024, "-o", tmp_path / "x.txf")
    assert "S2: code BT with " in out
