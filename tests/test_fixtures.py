"""The fixtures: the figures their sources print, and every line of the result as last reviewed."""

import json
from pathlib import Path

import pytest
from regenerate import FIXTURES, cases, current

import worksheets


@pytest.mark.parametrize("case", cases(), ids=lambda path: path.parent.name)
def test_expected_results(case):
    # A golden file: `python tests/regenerate.py` shows the difference, --write takes it.
    assert json.loads(current(case)) == json.loads(case.with_name("results.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def irs():
    return worksheets.compute(FIXTURES / "irs-line-2k" / "case.yaml")["years"]


def test_irs_example_year_of_exercise(irs):
    lines = irs["2023"]["forms"]["6251"]
    assert (lines["2i"], lines["11"], lines["attach"]) == (180000, 39146, True)
    assert not irs["2023"]["forms"]["8801"]["attach"]


def test_irs_example_year_of_sale(irs):
    # Every figure of the contract's example.
    year = irs["2024"]
    forms = year["forms"]
    assert (year["filing_status"], year["draft"], year["stock_only"], year["ready_to_file"]) == (
        "single",
        False,
        False,
        True,
    )
    assert forms["1040"] == {"1a": 215000, "7": 50000, "11": 265000, "12": 14600, "15": 250400, "16": 49315}
    assert forms["6251"] == {
        "attach": True,
        "1": 250400,
        "2a": 14600,
        "2i": 0,
        "2k": -118000,
        "4": 147000,
        "5": 85700,
        "6": 61300,
        "7": 15938,
        "9": 15938,
        "10": 49315,
        "11": 0,
    }
    assert forms["8801"] == {
        "attach": True,
        "1": 136150,
        "2": 13850,
        "4": 150000,
        "5": 81300,
        "6": 578150,
        "9": 81300,
        "10": 68700,
        "11": 17862,
        "13": 17862,
        "14": 26076,
        "15": 0,
        "16": 39146,
        "17": 0,
        "18": 39146,
        "19": 0,
        "21": 39146,
        "22": 49315,
        "23": 15938,
        "24": 33377,
        "25": 33377,
        "26": 5769,
    }
    assert forms["schedule_d"] == {
        "1b": {"d": 75000, "e": 10000, "g": -65000, "h": 0},
        "7": 0,
        "8b": {"d": 60000, "e": 10000, "g": 0, "h": 50000},
        "15": 50000,
        "16": 50000,
    }
    assert forms["schedule_d_amt"] == {"7": -25000, "15": -40000, "16": -65000, "21": 3000}
    assert year["2k_parts"] == {"ordinary": -65000, "short": -25000, "long": -90000, "limit": 62000}
    assert year["carryforward"] == {
        "capital_loss": {"short": 0, "long": 0},
        "amt_capital_loss": {"short": 22000, "long": 40000},
        "minimum_tax_credit": 5769,
    }
    assert year["holdings"] == [{"exercise": "E1", "shares": 0}]


def test_irs_example_rows(irs):
    early, late = irs["2024"]["forms"]["8949"]
    assert early == {
        "box": "A",
        "sale": "S1",
        "exercise": "E1",
        "a": "100 sh Example Corp",
        "b": "2023-03-13",
        "c": "2024-01-18",
        "d": 75000,
        "e": 10000,
        "f": "B",
        "g": -65000,
        "h": 0,
    }
    assert late == {
        "box": "D",
        "sale": "S2",
        "exercise": "E1",
        "a": "100 sh Example Corp",
        "b": "2023-03-13",
        "c": "2024-04-22",
        "d": 60000,
        "e": 10000,
        "h": 50000,
    }
    part = irs["2024"]["dispositions"][0]
    assert (part["kind"], part["chosen_by"], part["shares"]) == ("disqualifying", "acquired", 100)
    assert part["regular"] == {"ordinary_income": 65000, "basis": 75000, "gain": 0, "disallowed": 0, "term": "short"}
    assert part["amt"] == {"ordinary_income": 0, "basis": 100000, "gain": -25000, "disallowed": 0, "term": "short"}
    codes = [
        (one["code"], one["severity"], one["sale"]) for one in irs["2024"]["findings"] if one["severity"] != "note"
    ]
    assert codes == [("basis_omits_compensation", "corrected", "S1")]


def test_irs_example_year_after(irs):
    year = irs["2025"]
    assert year["forms"]["6251"]["2k"] == -3000
    assert year["forms"]["8801"]["25"] == 5769
    assert year["carryforward"]["minimum_tax_credit"] == 0
    assert year["carryforward"]["amt_capital_loss"] == {"short": 19000, "long": 40000}


# The worked multi-year example: wages 160,000 to 210,000, 5,000 shares, three qualifying sales.
CREDIT = {
    "2022": {
        "1040": {"1a": 160000, "11": 160000, "12": 12950, "15": 147050, "16": 29128},
        "6251": {"1": 147050, "2a": 12950, "2i": 200000, "4": 360000, "5": 75900, "6": 284100, "7": 75426, "9": 75426, "10": 29128, "11": 46298},
    },
    "2023": {
        "1040": {"7": 46000, "11": 226000, "12": 13850, "15": 212150, "16": 40176},
        "6251": {"1": 212150, "2a": 13850, "2k": -40000, "4": 186000, "5": 81300, "6": 104700, "7": 26562, "9": 26562, "10": 40176, "11": 0},
        "8801": {"1": 147050, "2": 12950, "4": 160000, "10": 84100, "11": 21866, "13": 21866, "14": 29128, "15": 0, "16": 46298, "18": 46298, "19": 0, "21": 46298, "22": 40176, "23": 26562, "24": 13614, "25": 13614, "26": 32684},
    },
    "2024": {
        "1040": {"7": 52000, "11": 252000, "12": 14600, "15": 237400, "16": 45339},
        "6251": {"1": 237400, "2a": 14600, "2k": -55000, "4": 197000, "5": 85700, "6": 111300, "7": 28938, "9": 28938, "10": 45339, "11": 0},
        "8801": {"1": 212150, "2": 13850, "4": 226000, "10": 144700, "11": 32562, "13": 32562, "14": 40176, "15": 0, "16": 0, "18": 0, "19": 32684, "21": 32684, "22": 45339, "23": 28938, "24": 16401, "25": 16401, "26": 16283},
    },
    "2025": {
        "1040": {"7a": 132000, "11a": 342000, "12e": 15750, "15": 326250, "16": 59267},
        "6251": {"1b": 326250, "2a": 15750, "2k": -105000, "4": 237000, "5": 88100, "6": 148900, "7": 35744, "9": 35744, "10": 59267, "11": 0},
        "8801": {"1": 237400, "2": 14600, "4": 252000, "10": 166300, "11": 37518, "13": 37518, "14": 45339, "15": 0, "16": 0, "18": 0, "19": 16283, "21": 16283, "22": 59267, "23": 35744, "24": 23523, "25": 16283, "26": 0},
    },
}  # fmt: skip


@pytest.mark.parametrize("year", CREDIT)
def test_credit_over_three_years(year):
    forms = worksheets.compute(FIXTURES / "three-year-credit" / "case.yaml")["years"][year]["forms"]
    for form, lines in CREDIT[year].items():
        assert {number: forms[form].get(number) for number in lines} == lines


def test_amt_loss_of_the_credit_example_waits():
    years = worksheets.compute(FIXTURES / "three-year-credit" / "case.yaml")["years"]
    carried = [years[year]["carryforward"]["amt_capital_loss"]["long"] for year in CREDIT]
    assert carried == [0, 0, 25000, 0]


def test_hard_household_asks():
    years = worksheets.compute(FIXTURES / "hard-household" / "case.yaml")["years"]
    codes = {one["code"] for year in years.values() for one in year["findings"]}
    assert {
        "lot_choice_matters",
        "wrong_term",
        "no_matching_exercise",
        "w2_exceeds_compensation",
        "wash_sale_possible",
        "state_not_computed",
        "basis_omits_compensation",
        "basis_missing",
    } <= codes
    assert not years["2024"]["ready_to_file"]


def test_loaded_mapping_gives_the_same():
    inline = {
        "case": 1,
        "taxpayer": {"name": "Sample Taxpayer"},
        "exercises": [
            {
                "corporation": "Example Corp",
                "grant_date": "2022-01-03",
                "exercise_date": "2023-03-13",
                "exercise_price": 100,
                "fmv": 1000,
                "shares": 200,
            }
        ],
        "years": {2023: {"filing_status": "single", "wages": 150000}},
    }
    assert worksheets.compute(inline)["years"]["2023"]["forms"]["6251"]["11"] == 39146


def test_bad_input_lists_every_problem(tmp_path):
    path = Path(tmp_path / "case.yaml")
    path.write_text("case: 1\ntaxpayer: {name: Sample}\nyears:\n  2024: {filing_status: singel, wagez: 1}\n")
    with pytest.raises(worksheets.CaseError) as caught:
        worksheets.compute(path)
    keys = {problem.key for problem in caught.value.problems}
    assert {"years.2024.filing_status", "years.2024.wagez"} <= keys
    assert all(problem.line == 4 for problem in caught.value.problems)
