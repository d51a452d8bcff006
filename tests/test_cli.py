"""The command line as a user meets it: commands, exit codes, what stands on which stream."""

import json
import stat

import pytest
from regenerate import FIXTURES

IRS = str(FIXTURES / "irs-line-2k" / "case.yaml")
HARD = str(FIXTURES / "hard-household" / "case.yaml")


@pytest.mark.parametrize("name", ["init", "import", "check", "compute", "explain", "build", "export"])
def test_each_command_helps_with_an_example(run, name):
    code, out, _ = run(name, "--help")
    assert code == 0
    assert f"dualbasis {name}" in " ".join(out.split())


def test_version(run):
    assert run("--version")[1].startswith("dualbasis ")


def test_compute_prints_the_result_object(run):
    code, out, err = run("compute", IRS, "--json")
    result = json.loads(out)
    assert (code, err) == (0, "")
    assert (result["result"], result["case"]) == (1, "case.yaml")
    assert result["program"].startswith("dualbasis ")
    assert set(result["inputs"]) == {"case.yaml", "3921.csv", "1099b.csv"}
    assert result["years"]["2024"]["forms"]["6251"]["2k"] == -118000


def test_compute_one_year_reads_in_a_terminal(run):
    code, out, _ = run("compute", IRS, "--year", 2024)
    assert code == 0
    assert "(118,000)" in out
    assert "2023" not in out.replace("2023-03-13", "")


def test_check_ends_with_one_where_there_are_findings(run):
    code, out, _ = run("check", HARD)
    assert code == 1
    assert "2024: not ready to file" in out
    assert run("check", HARD, "--exit-zero")[0] == 0
    assert "years" in json.loads(run("check", HARD, "--json")[1])
    assert run("check", HARD, "--markdown")[1].startswith("| year |")


def test_bad_input_ends_with_two_and_names_every_problem(run, tmp_path):
    case = tmp_path / "case.yaml"
    case.write_text("case: 1\ntaxpayer: {name: Sample}\nyears:\n  2024: {filing_status: singel, wagez: 1}\n")
    code, out, err = run("compute", case)
    assert (code, out) == (2, "")
    lines = err.splitlines()
    assert len(lines) >= 2
    assert all(line.startswith(f"{case}:4: years.2024.") for line in lines)


def test_unknown_year_and_line_are_refused(run):
    assert run("compute", IRS, "--year", 2019)[0] == 2
    code, _, err = run("explain", IRS, 2024, "6251:99")
    assert code == 2
    assert "6251:99" in err


def test_explain_goes_down_to_the_boxes(run):
    code, out, _ = run("explain", IRS, 2024, "6251:2k")
    assert code == 0
    assert "Form 3921 (E1) box 4" in out
    assert "Form 1099-B (S1) box 1d" in out


def test_a_fault_of_the_program_shows_nothing_of_the_case(run, monkeypatch):
    def fails(*_):
        raise ZeroDivisionError("Sample Taxpayer earned 123456")

    monkeypatch.setattr("worksheets.session.work", fails)
    code, out, err = run("compute", IRS)
    assert (code, out) == (3, "")
    assert "ZeroDivisionError" in err
    assert "123456" not in err


def test_init_writes_a_case_that_can_be_filled_in(run, tmp_path):
    folder = tmp_path / "mine"
    code, _, _ = run("init", folder)
    assert code == 0
    assert {path.name for path in folder.iterdir()} == {"case.yaml", "3921.csv", "1099b.csv", "case.schema.json"}
    assert stat.S_IMODE((folder / "case.yaml").stat().st_mode) == 0o600
    # untouched it is no case yet: wages cannot be assumed
    code, out, err = run("check", folder / "case.yaml")
    assert (code, out) == (2, "")
    assert "years.2024.wages: read nothing, expected a plain number, even as 0" in err
    text = (folder / "case.yaml").read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(text.replace("wages:  ", "wages: 5"), encoding="utf-8")
    assert run("compute", folder / "case.yaml", "--json")[0] == 0
    assert run("check", folder / "case.yaml")[1] == (
        "2024: ready to file, no findings; the case holds no exercise and no sale yet\n"
    )
    code, _, err = run("init", folder)
    assert (code, err) == (2, f"{folder}:1: DIR: it is not empty, expected a new folder\n")


def test_build_writes_a_packet_once(run, tmp_path):
    out = tmp_path / "packet"
    words = ("build", IRS, "-o", out, "--year", 2023, "--forms-dir", tmp_path)
    code, said, _ = run(*words)
    assert code == 0
    assert "dualbasis forms fetch" in said
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert {"packet.pdf", "results.json", "carryforward.yaml", "2023"} <= {path.name for path in out.iterdir()}
    assert {path.name for path in (out / "letters").glob("cpa-memo*")} == {"cpa-memo-2023.pdf", "cpa-memo-2023.txt"}
    assert [line for line in said.splitlines() if line[:5] in {"2023:", "2024:", "2025:"}] == [
        "2023: 0 findings, nothing open"
    ]
    assert run(*words)[0] == 2
    assert run(*words, "--force")[0] == 0


def test_encrypted_packets_need_the_password(run, tmp_path):
    pdfium = pytest.importorskip("pypdfium2")
    secret = tmp_path / "password"
    secret.write_text("open sesame\n")
    out = tmp_path / "packet"
    words = ("build", IRS, "-o", out, "--year", 2023, "--forms-dir", tmp_path, "--encrypt", "--password-file", secret)
    assert run(*words)[0] == 0
    with pytest.raises(pdfium.PdfiumError):
        pdfium.PdfDocument(out / "packet.pdf")
    assert len(pdfium.PdfDocument(out / "packet.pdf", password="open sesame")) > 1  # noqa: S106 - a sample


def test_batch_is_reserved(run):
    assert run("batch", IRS)[0] == 2


def test_export_writes_what_others_import(run, tmp_path):
    path = tmp_path / "rows.txf"
    code, out, _ = run("export", IRS, "--to", "txf", "--year", 2024, "-o", path)
    assert code == 0
    assert path.read_text(encoding="utf-8", errors="replace").startswith("V042")
    assert "code B" in out


def test_import_shows_what_it_understood(run, tmp_path):
    sample = FIXTURES / "brokers" / "plain-3921" / "sample.csv"
    samples = [sample] if sample.exists() else sorted((FIXTURES / "brokers").glob("*/sample.csv"))[:1]
    code, out, _ = run("import", *samples, "-o", tmp_path / "case.yaml")
    assert code == 0
    assert "wrote" in out
    assert (tmp_path / "case.yaml").exists()
