"""`dualbasis check` on a terminal of 80 columns, and piped: severities by colour, figures, the price, exit codes."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from regenerate import FIXTURES
from typer.testing import CliRunner

from worksheets.cli import app
from worksheets.findings import Finding
from worksheets.pricing import stake
from worksheets.session import Session, open_case
from worksheets.terminal import COLOURS, findings_markdown

run = CliRunner().invoke
HARD = str(FIXTURES / "hard-household" / "case.yaml")
IRS = str(FIXTURES / "irs-line-2k" / "case.yaml")
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
LOT = {"id": "E1", "corporation": "Example Corp", "grant_date": "2021-06-01", "exercise_date": "2023-03-13"}
LOT |= {"shares": "100", "exercise_price": "10", "fmv": "50"}
LATE = {"id": "S1", "corporation": "Example Corp", "sold": "2024-07-22", "shares": "100", "proceeds": "5500"}
LATE |= {"acquired": "2023-03-13", "term": "long"}


@pytest.fixture
def terminal(monkeypatch):
    for name, value in {"FORCE_COLOR": "1", "COLUMNS": "80", "TERM": "xterm"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("NO_COLOR", raising=False)


def case(folder, rows, **years):
    wages = {2023: {"filing_status": "single", **years}, 2024: {"filing_status": "single", **years}}
    whole = {"case": 1, "taxpayer": {"name": "Sample"}, "exercises": [LOT], "sales": rows, "years": wages}
    path = folder / "case.yaml"
    path.write_text(yaml.safe_dump(whole), encoding="utf-8")
    return str(path)


@pytest.mark.usefixtures("terminal")
def test_on_a_terminal_the_table_keeps_to_its_width_and_each_severity_has_its_colour():
    shown = run(app, ["check", HARD]).output
    lines = [ESCAPE.sub("", line) for line in shown.splitlines()]
    assert max(map(len, lines)) <= 80
    assert {"error", "warning", "corrected", "note"} <= set(" ".join(lines).split())
    for code in ("\x1b[1;31mno_matching_exercise", "\x1b[33mwash_sale_possible", "\x1b[36mbasis_"):
        assert code in shown, code  # bold red, yellow, cyan
    assert len(COLOURS) == 4


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("width", [50, 64, 80, 200])
def test_on_any_terminal_nothing_is_cut_off(tmp_path, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    name = "sale-of-2024-07-22-at-the-first-of-two-brokers-as-printed"
    path = case(tmp_path, [{**LATE, "id": name, "basis": "5000"}], wages="200000")
    lines = [ESCAPE.sub("", line) for line in run(app, ["check", path]).output.splitlines()]
    assert max(map(len, lines)) <= width
    whole = "".join("".join(line.split()) for line in lines)
    assert "…" not in whole
    for word in ("5,000", "1,000", "basis_is_fmv", "corrected"):
        assert word in whole
    folded = [line[6:22].strip() for line in lines if line[:4] in {"2024", "    "}]
    assert name in "".join(folded)


def test_piped_it_is_plain_and_a_finding_is_a_line():
    shown = run(app, ["check", HARD]).output
    assert "\x1b" not in shown
    starts = [line.split(" ", 1)[0] for line in shown.splitlines()]
    assert set(starts) == {"2023", "2024", "Filed", "2023:", "2024:"}


def test_what_filing_as_reported_costs_is_said(tmp_path):
    # 2024, wages 200,000: 185,400 + gain; the right basis of 1,000 where 1e shows 5,000: 15% of 4,000 too little.
    found = run(app, ["check", case(tmp_path, [{**LATE, "basis": "5000"}], wages="200000")])
    assert found.exit_code == 1
    assert "the tax of 2023 to 2024 would be $600 too low" in found.output
    assert "State tax and net investment income tax are left out." in found.output
    # The IRS example: 38,876 over its years, as tests/test_pricing.py works out.
    assert "the tax of 2023 to 2025 would be $38,876 too high" in run(app, ["check", IRS]).output


def test_a_year_of_stock_only_has_no_price(tmp_path):
    found = run(app, ["check", case(tmp_path, [{**LATE, "basis": "5000"}])])
    assert "basis_is_fmv (5,000 reported, 1,000 right)" in found.output
    assert "Filed as" not in found.output


def test_what_is_at_stake_is_said_as_the_audit_says_it(tmp_path):
    # Every row is right as it stands; only the AMT basis, which no Form 1099-B shows, is missing: no finding, a price.
    row = {**LATE, "basis": "1000", "basis_reported": True, "disposition": "sale"}
    path = Path(case(tmp_path, [row], wages="30000"))
    path.write_text(path.read_text(encoding="utf-8").replace("fmv: '50'", "fmv: '5000'"), encoding="utf-8")
    shown = run(app, ["check", str(path)]).output
    told = stake(open_case(path).household)
    assert told
    assert f"{told} State tax" in shown
    assert "corrected" not in shown
    # the same right row in years without AMT: nothing is at stake, nothing is said
    assert "Filed as" not in run(app, ["check", case(tmp_path, [row], wages="30000")]).output


def test_what_keeps_a_year_from_being_ready_is_said(tmp_path):
    path = Path(case(tmp_path, []))
    lines = run(app, ["check", str(path)]).output.splitlines()
    assert lines == [
        f"{year}: stock figures only, no findings; whether AMT is due is not worked" for year in (2023, 2024)
    ]
    assert (
        run(app, ["check", HARD]).output.splitlines()[-1].startswith("2024: not ready to file (1 error, 4 warnings, ")
    )
    years = {2026: {"filing_status": "single", "wages": 50000}}
    path.write_text(yaml.safe_dump({"case": 1, "taxpayer": {"name": "Sample"}, "years": years}), encoding="utf-8")
    assert run(app, ["check", str(path)]).output == (
        "2026: not ready to file, no findings; its amounts and forms are drafts; the case holds no exercise and no sale "
        "yet\n"
    )


def test_notes_alone_end_with_zero(tmp_path):
    # Sold on the first day on which both periods are over: a note.
    row = {**LATE, "sold": "2024-03-14", "basis": "1000", "basis_reported": True, "disposition": "sale"}
    found = run(app, ["check", case(tmp_path, [row], wages="200000")])
    assert "note holding_period_boundary" in found.output
    assert found.exit_code == 0


def test_a_figure_that_is_not_known_is_left_out(tmp_path):
    # The broker prints 7,000, the row has 5,500: which of them is right is not known.
    path = case(tmp_path, [{**LATE, "basis": "1000", "basis_reported": True}], wages="200000")
    with Path(path).open("a", encoding="utf-8") as file:
        file.write("totals: [{year: 2024, proceeds: 7000}]\n")
    assert "2024 year warning tie_out_difference (7,000 reported): Form 1099-B" in run(app, ["check", path]).output


def test_cells_of_markdown_stay_cells():
    one = Finding("tie_out_difference", "warning", "ask_owner", "a | b <c>", reported=Decimal(70000))
    years = {2024: {"filing_status": "single"}}
    household = open_case({"case": 1, "taxpayer": {"name": "Sample"}, "years": years}).household
    session = Session("case.yaml", household, {2024: [one]}, {})
    assert findings_markdown(session).splitlines()[-1] == (
        "| 2024 | year | warning | `tie_out_difference` | 70,000 |  | a \\| b &lt;c> [for you to answer] |"
    )


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(("name", "proceeds"), [("S1", "5500"), ("the-first-sale-of-many-in-2024", "5500000000000")])
def test_rows_of_form_8949_are_not_cut_off_either(tmp_path, name, proceeds):
    row = {**LATE, "id": name, "proceeds": proceeds, "basis": "1000", "basis_reported": True}
    lines = [ESCAPE.sub("", line) for line in run(app, ["compute", case(tmp_path, [row])]).output.splitlines()]
    table = lines[lines.index(next(line for line in lines if line.strip() == "Form 8949")) :]
    assert max(map(len, table)) <= 80
    assert "…" not in "".join(table)
    if proceeds != "5500":  # too wide for a table with the description in it
        gain = f"{int(proceeds) - 1000:,}"
        stacked = f"  b 2023-03-13  c 2024-07-22  d {int(proceeds):,}  e 1,000  h {gain}"
        assert table[1:4] == [f"box D  sale {name}", "  a 100 sh Example Corp", stacked]
        return
    head, first = table[1], table[2]
    assert head.split() == ["box", "sale", "a", "b", "c", "d", "e", "f", "g", "h"]
    assert first.split()[0] == "D"
    # every digit of columns (b) to (h) stands there: dates, proceeds, basis and gain (right basis 1,000, no code)
    digits = "".join(re.findall(r"\d", "".join(line[head.index("  b ") :] for line in table[2:])))
    assert sorted(digits) == sorted(f"20230313{20240722}{proceeds}1000{int(proceeds) - 1000}")


@pytest.mark.usefixtures("terminal")
def test_on_a_narrow_terminal_no_figure_is_broken(tmp_path, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    row = {**LATE, "proceeds": "105000", "basis": "5000"}
    lines = [ESCAPE.sub("", line) for line in run(app, ["compute", case(tmp_path, [row])]).output.splitlines()]
    assert max(map(len, lines)) <= 40
    # 105,000 less the 1,000 paid; 1e of 5,000 without code 12 in box 12's place is reported, code B (4,000) up
    shown = lines[lines.index("box D  sale S1") :][:4]
    assert shown == [
        "box D  sale S1",
        "  a 100 sh Example Corp",
        "  b 2023-03-13  c 2024-07-22  d 105,000",
        "  e 5,000  f B  g 4,000  h 104,000",
    ]
