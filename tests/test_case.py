"""A sound case file, read: values, defaults, ids, places, and what the models derive from them."""

from __future__ import annotations

import hashlib
import pickle
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from case_samples import CASE, EXERCISE, HEAD, SALE, YEARS, changed, said, written
from pydantic import ValidationError

from worksheets.case import Carryover, Case, Itemized, LotPart, Vesting, Year
from worksheets.case_fields import Origin, Split
from worksheets.read.case_file import read_case

# The case that the contract prints, with the tables it names and the years spelled out.
CONTRACT_CASE = """\
case: 1                                             # required; version of this format
taxpayer: {name: Sample Taxpayer, ssn: 400-00-0001} # ssn optional
spouse:   {name: Sample Spouse}
state: CA
rounding: dollars
exercises: 3921.csv
sales: 1099b.csv
acquisitions: []
corporate_actions:
  - {corporation: Example Corp, date: 2024-06-10, split: "10:1"}
years:
  2023: {filing_status: married_joint, wages: 150000}
  2024: {filing_status: married_joint, wages: 215000, iso_income_in_wages: 65000}
"""
EXERCISES_CSV = """\
Corporation,GRANT_DATE,exercise_date,exercise_price,fmv,shares,vesting,section_83b,paid_with
Example Corp,2022-01-03,2023-03-13,100,1000,200,,,
Example Corp,2022-01-03,2024-01-10,2,2,1200,2024-07-10:600:22;2025-01-10:600:30,false,
Example Corp,2022-01-03,2024-02-12,50,1000,800,,,E1:40
"""
SALES_CSV = """\
description,shares,sold,acquired,proceeds,basis,term,lots
100 sh Example Corp common,100,2024-01-18,2023-03-13,75000,10000,short,E1:60;E2:40
100 sh Example Corp common,100,2024-04-22,various,60000,0,,
"""


@pytest.fixture
def contract_case(tmp_path):
    written(tmp_path, EXERCISES_CSV, "3921.csv")
    written(tmp_path, "\ufeff" + SALES_CSV, "1099b.csv")  # spreadsheets put a byte order mark first
    return read_case(written(tmp_path, CONTRACT_CASE))


def test_the_printed_case_is_read(contract_case):
    assert contract_case.taxpayer.name == "Sample Taxpayer"
    assert contract_case.taxpayer.ssn == "400-00-0001"
    assert (contract_case.state, contract_case.rounding) == ("CA", "dollars")
    assert list(contract_case.years) == [2023, 2024]
    assert contract_case.years[2024].iso_income_in_wages == Decimal(65000)
    assert (contract_case.first_year, contract_case.last_year) == (2023, 2024)


def test_csv_cells_become_lots_vesting_and_shares_given_up(contract_case):
    early = contract_case.exercises[1]
    assert early.vesting[0] == Vesting(date=date(2024, 7, 10), shares=Decimal(600), fmv=Decimal(22))
    assert early.unvested_shares == 1200
    assert early.section_83b is False
    assert contract_case.exercises[2].paid_with == (LotPart(exercise="E1", shares=Decimal(40)),)
    assert [(part.exercise, part.shares) for part in contract_case.sales[0].lots] == [("E1", 60), ("E2", 40)]


def test_rows_know_the_file_and_line_they_stand_in(contract_case):
    assert [row.origin for row in contract_case.exercises] == [Origin("3921.csv", line) for line in (2, 3, 4)]
    assert [row.origin for row in contract_case.sales] == [Origin("1099b.csv", 2), Origin("1099b.csv", 3)]
    assert contract_case.years[2024].origin == Origin("case.yaml", 13)


def test_ids_count_in_file_order(contract_case):
    assert [row.id for row in contract_case.exercises] == ["E1", "E2", "E3"]
    assert [row.id for row in contract_case.sales] == ["S1", "S2"]


def test_inputs_hold_the_digest_of_each_file(contract_case, tmp_path):
    digests = {name: "sha256:" + hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in
               ("case.yaml", "3921.csv", "1099b.csv")}  # fmt: skip
    assert contract_case.inputs == digests


def test_an_empty_basis_is_not_shown_and_zero_is_shown_as_zero(contract_case):
    assert contract_case.sales[1].basis == 0
    assert read_case(changed("sales.0.basis", None)).sales[0].basis is None
    assert read_case(changed("sales.0.basis", "")).sales[0].basis is None


def test_a_sale_names_its_stock_in_the_description_alone(contract_case):
    assert [row.corporation for row in contract_case.sales] == ["Example Corp", "Example Corp"]


def test_the_description_must_contain_exactly_one_corporation():
    case = changed("exercises.1", {**EXERCISE, "corporation": "Other Inc"})
    case["sales"][0] = {**SALE, "description": "100 sh Example Corp for Other Inc"}
    del case["sales"][0]["corporation"]
    assert said(case) == [
        (
            "sales[0].corporation: read nothing, expected the stock's corporation, or a description that contains exactly "
            "one corporation named in exercises"
        )
    ]


def test_one_corporation_in_several_spellings_is_one():
    case = changed("sales.0.corporation", "EXAMPLE  corp")
    case["corporate_actions"] = [{"corporation": "example corp", "date": "2024-06-10", "split": "3:2"}]
    read = read_case(case)
    assert read.sales[0].corporation == read.corporate_actions[0].corporation == "Example Corp"
    assert read.corporate_actions[0].split == Split(Decimal(3), Decimal(2))
    assert read.corporate_actions[0].ratio == Fraction(3, 2)


def test_amounts_are_exact_decimals_from_the_text_on():
    read = read_case(changed("exercises.0.fmv", "0.1000000000000000055511151231257827"))
    assert read.exercises[0].fmv == Decimal("0.1000000000000000055511151231257827")
    assert read_case(changed("exercises.0.shares", "12.3456789")).exercises[0].shares == Decimal("12.3456789")


def test_python_values_are_taken_as_they_print():
    case = changed("exercises.0.fmv", 0.1)
    case["exercises"][0] |= {"exercise_date": date(2023, 3, 13), "shares": 200, "paid": Decimal("20000.50")}
    case["years"] = {2023: {"filing_status": "single", "wages": 0}, 2024: {"filing_status": "single", "wages": 1.5}}
    read = read_case(case)
    assert read.exercises[0].fmv == Decimal("0.1")
    assert read.exercises[0].exercise_date == date(2023, 3, 13)
    assert read.exercises[0].cost == Decimal("20000.50")
    assert read.years[2024].wages == Decimal("1.5")
    assert read.exercises[0].origin == Origin("case", 0)


@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_dates_numbers_and_booleans_may_be_quoted(tmp_path, quote):
    row = {**EXERCISE, "vesting": [], "owner": "taxpayer"} | {key: f"{quote}{EXERCISE[key]}{quote}" for key in EXERCISE}
    flow = ", ".join(f"{key}: {value}" for key, value in row.items())
    sale = ", ".join(f"{key}: {value}" for key, value in {**SALE, "noncovered": f"{quote}true{quote}"}.items())
    read = read_case(written(tmp_path, f"{HEAD}exercises:\n  - {{{flow}}}\nsales:\n  - {{{sale}}}\n{YEARS}"))
    assert read.exercises[0].fmv == Decimal(1000)
    assert read.sales[0].noncovered is True


def test_the_price_times_shares_is_the_cost_unless_paid_differs():
    assert read_case(CASE).exercises[0].cost == 20_000
    assert read_case(changed("exercises.0.paid", "19999.87")).exercises[0].cost == Decimal("19999.87")


def test_box_12_is_taken_as_checked_only_with_a_basis_of_a_covered_share():
    assert read_case(CASE).sales[0].basis_was_reported
    assert not read_case(changed("sales.0.basis", ...)).sales[0].basis_was_reported
    assert not read_case(changed("sales.0.noncovered", "true")).sales[0].basis_was_reported
    assert not read_case(changed("sales.0.basis_reported", "false")).sales[0].basis_was_reported


def test_a_row_without_kind_is_iso_also_when_no_exercise_is_of_its_stock():
    read = read_case(changed("sales.0.corporation", "Elsewhere Inc"))
    assert read.sales[0].kind is None
    assert read.sales[0].is_iso


def test_box_1a_is_written_where_it_is_missing():
    assert read_case(changed("sales.0.shares", "100.50")).sales[0].box_1a == "100.5 sh Example Corp"
    assert read_case(changed("sales.0.description", "EXAMPLE CORP COM")).sales[0].box_1a == "EXAMPLE CORP COM"


def test_a_year_is_whole_with_wages_even_zero():
    assert read_case(changed("years.2024.wages", "0")).years[2024].whole
    assert not read_case(changed("years.2024.wages", ...)).years[2024].whole


def test_deductions_are_standard_or_itemized():
    assert read_case(CASE).years[2024].itemized is None
    itemized = read_case(changed("years.2024.deduction", {"itemized": "30000", "taxes": "10000"})).years[2024].itemized
    assert itemized == Itemized(itemized=Decimal(30000), taxes=Decimal(10000))


def test_amt_figures_follow_the_regular_ones_until_given():
    case = changed("years.2024.foreign_tax_credit", "300")
    case["years"]["2023"]["capital_loss_carryover"] = {"short": "100", "long": "0"}
    read = read_case(case)
    assert read.years[2024].amt_credit == 300
    assert read.years[2023].amt_carried_loss == Carryover(short=Decimal(100), long=Decimal(0))
    assert read.years[2024].carried_loss == Carryover(short=Decimal(0), long=Decimal(0))


def test_a_carryover_of_nothing_may_be_a_bare_zero():
    read = read_case(changed("years.2023.capital_loss_carryover", "0"))
    assert read.years[2023].capital_loss_carryover == Carryover(short=Decimal(0), long=Decimal(0))


def test_lines_are_named_by_number_or_text():
    filed = {1040: {16: 49315}, "6251": {"2K": "-118000"}}
    read = read_case(changed("years.2024.as_filed", filed))
    assert read.years[2024].as_filed == {"1040": {"16": Decimal(49315)}, "6251": {"2k": Decimal(-118000)}}


def test_years_come_in_order_whatever_their_order_in_the_file(tmp_path):
    text = HEAD + "years:\n  2024: {filing_status: single}\n  2023: {filing_status: single}\n"
    assert list(read_case(written(tmp_path, text)).years) == [2023, 2024]


def test_the_amounts_laid_over_the_law_are_kept_as_text(tmp_path):
    written(tmp_path, "amt_exemption: {2024: {single: 0}}\n", "what-if.yaml")
    read = read_case(written(tmp_path, HEAD + "amounts: what-if.yaml\n" + YEARS))
    assert read.overlay == {"amt_exemption": {"2024": {"single": "0"}}}
    assert set(read.inputs) == {"case.yaml", "what-if.yaml"}


def test_totals_need_a_year_only():
    read = read_case({**CASE, "totals": [{"year": 2024, "proceeds": "135000"}]})
    assert (read.totals[0].year, read.totals[0].proceeds, read.totals[0].basis) == (2024, 135_000, None)


def test_an_alias_may_repeat_a_row(tmp_path):
    flow = ", ".join(f"{key}: {value}" for key, value in EXERCISE.items())
    read = read_case(written(tmp_path, f"{HEAD}exercises:\n  - &first {{{flow}}}\n  - *first\n{YEARS}"))
    assert [row.id for row in read.exercises] == ["E1", "E2"]


def test_a_case_cannot_be_changed_and_can_be_pickled():
    read = read_case(CASE)
    with pytest.raises(ValidationError):
        read.exercises[0].fmv = Decimal(1)
    assert pickle.loads(pickle.dumps(read)) == read  # noqa: S301 - our own bytes


def test_what_is_printed_of_a_person_or_row_leaves_out_private_numbers():
    case = changed("sales.0.account", "Z12-345678")
    case["taxpayer"] = {"name": "Sample Taxpayer", "ssn": "400-00-0001"}
    read = read_case(case)
    assert "400-00-0001" not in repr(read)
    assert "345678" not in repr(read)


def test_stock_carried_forward_from_an_earlier_file_is_a_case():
    # what carryforward.yaml writes: lots with books of their own, and what the next first year cannot assume
    case = {
        **CASE,
        "exercises": [{**EXERCISE, "regular_basis": "75000", "amt_basis": "100000", "held_from": "2022-05-05"}],
        "sales": [],
        "years": {
            "2025": {
                "filing_status": "single",
                "wages": "150000",
                "capital_loss_carryover": {"short": "0", "long": "0"},
                "amt_capital_loss_carryover": {"short": "22000", "long": "40000"},
                "prior_minimum_tax_credit": "5769",
                "prior_year": {
                    "filing_status": "single",
                    "form_6251": {"1": "250400", "2a": "14600", "9": "15938", "10": "49315", "11": "0"},
                    "schedule_d": {"15": "50000", "16": "50000"},
                    "wages": "215000",
                },
            }
        },
    }
    read = read_case(case)
    assert read.exercises[0].held_from == date(2022, 5, 5)
    assert read.years[2025].prior_year.form_6251["9"] == 15_938
    assert not read.years[2025].prior_year.says_no_amt


def test_models_take_their_own_values_back():
    read = read_case(CASE)
    assert Year.model_validate(read.years[2024].model_dump()) == read.years[2024].model_copy(
        update={"origin": Origin("case", 0)}
    )
    assert Case.model_validate(read.model_dump()).sales[0].proceeds == 75_000
