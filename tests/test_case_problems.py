"""What a case file is refused for, value by value and row by row: each message says what was read and expected."""

from __future__ import annotations

import pytest
from case_samples import CASE, EXERCISE, HEAD, SALE, YEARS, changed, problems, said, written

from worksheets.problems import CaseError, Problem, dotted, shown

EARLY = {"vesting": [{"date": "2024-03-13", "shares": "200", "fmv": "22"}], "section_83b": "true"}


def test_a_problem_reads_as_file_line_key_message(tmp_path):
    path = written(tmp_path, HEAD + YEARS.replace("215000", "12O000"))
    assert [str(problem) for problem in problems(path)] == [
        f"{path}:5: years.2024.wages: read '12O000', expected a plain number such as 12345.67"
    ]


def test_a_mapping_has_line_0_of_the_file_case():
    assert problems(changed("years.2024.wages", "12O000")) == [
        Problem("case", 0, "years.2024.wages", "read '12O000', expected a plain number such as 12345.67")
    ]


def test_every_problem_is_told_at_once_in_the_order_of_files_and_lines(tmp_path):
    header = ",".join(SALE)
    rows = [",".join(SALE.values()), ",".join({**SALE, "term": "shrt", "sold": "01/18/2024"}.values())]
    written(tmp_path, "\n".join([header, *rows]), "1099b.csv")
    text = (
        "case: 2\n"
        "taxpayer: {nam: Sample Taxpayer}\n"
        "sales: 1099b.csv\n"
        "years:\n"
        "  2023: {filing_status: maried_joint}\n"
        "  2025: {filing_status: single, interest: 5}\n"
    )
    path = written(tmp_path, text)
    found = problems(path)
    assert [(problem.line, problem.key) for problem in found if problem.file == str(path)] == [
        (1, "case"), (2, "taxpayer.name"), (2, "taxpayer.nam"), (4, "years"), (5, "years.2023.filing_status"),
        (6, "years.2025.wages"),
    ]  # fmt: skip
    csv = str(tmp_path / "1099b.csv")
    assert [(p.file, p.line, p.key) for p in found[6:]] == [(csv, 3, "sales[1].sold"), (csv, 3, "sales[1].term")]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        # numbers
        ("exercises.0.fmv", "NaN", "read 'NaN', expected a plain number such as 12345.67"),
        ("exercises.0.fmv", "-.inf", "read '-.inf', expected a plain number such as 12345.67"),
        ("exercises.0.fmv", "1e3", "read '1e3', expected a plain number such as 12345.67, without an exponent"),
        (
            "exercises.0.fmv",
            "1,000",
            "read '1,000', expected a plain number such as 12345.67, without thousands separators",
        ),
        ("exercises.0.fmv", "$10", "read '$10', expected a plain number such as 12345.67, without a currency sign"),
        ("exercises.0.fmv", "-10", "read '-10', expected zero or more"),
        ("exercises.0.fmv", "1_000", "read '1_000', expected a plain number such as 12345.67"),
        ("exercises.0.fmv", "0x1F", "read '0x1F', expected a plain number such as 12345.67"),
        ("exercises.0.fmv", "٣", "read '٣', expected a plain number such as 12345.67"),
        (
            "exercises.0.fmv",
            "1234567890123456",
            "read '1234567890123456', expected a plain number such as 12345.67, with at most 15 digits before the point",
        ),
        ("exercises.0.fmv", ["3"], "read a list, expected a plain number such as 12345.67"),
        ("exercises.0.fmv", {"a": "3"}, "read a mapping, expected a plain number such as 12345.67"),
        ("exercises.0.fmv", True, "read 'true', expected a plain number such as 12345.67"),
        ("exercises.0.fmv", float("nan"), "read 'nan', expected a plain number such as 12345.67"),
        ("exercises.0.fmv", float("inf"), "read 'inf', expected a plain number such as 12345.67"),
        (
            "exercises.0.fmv",
            10**4000,
            (
                "read a whole number of more than 60 digits, expected a plain number such as 12345.67, with at most 15 digits "
                "before the point"
            ),
        ),
        (
            "years.2024.other_income",
            "(300)",
            "read '(300)', expected a plain number such as 12345.67, with the minus sign before a negative number",
        ),
        ("exercises.0.shares", "0", "read '0', expected more than zero"),
        ("years.2024.age_65_or_blind", "1.5", "read '1.5', expected a whole number from 0 to 4"),
        # dates
        ("sales.0.sold", "01/18/2024", "read '01/18/2024', expected a date as YYYY-MM-DD"),
        ("sales.0.sold", "2024-01-18T10:00:00", "read '2024-01-18T10:00:00', expected a date as YYYY-MM-DD"),
        ("sales.0.sold", "20240118", "read '20240118', expected a date as YYYY-MM-DD"),
        ("sales.0.sold", "2023-02-29", "read '2023-02-29', expected a date that the calendar has"),
        ("exercises.0.grant_date", "0001-01-01", "read '0001-01-01', expected a date from 1900-01-01 to 2199-12-31"),
        ("sales.0.acquired", "Variety", "read 'Variety', expected a date as YYYY-MM-DD, or various"),
        # words
        ("sales.0.noncovered", "yes", "read 'yes', expected true or false: write true"),
        ("sales.0.term", "lnog", "read 'lnog', expected one of short, long, ordinary (did you mean long?)"),
        ("sales.0.form", "1099B", "read '1099B', expected one of 1099-B, 1099-DA, none (did you mean 1099-B?)"),
        ("state", "California", "read 'California', expected a state's two letters in quotes, such as CA"),
        ("state", False, "read 'false', expected a state's two letters in quotes, such as CA"),
        ("sales.0.broker", "a\x00b", "read 'a\\x00b', expected one line of text of at most 200 characters"),
        ("sales.0.broker", "x" * 201, f"read '{'x' * 59}…', expected one line of text of at most 200 characters"),
        ("sales.0.id", "S:1", "read 'S:1', expected an id without colon, semicolon or comma"),
        ("case", "2", "read '2', expected 1, the version of this format"),
        # what holds more
        ("taxpayer", "Sample", "read 'Sample', expected a mapping with name, ssn"),
        ("taxpayer", ..., "read nothing, expected the taxpayer: {name, ssn}"),
        ("acquisitions", "rsu.csv", "read 'rsu.csv', expected a list of entries"),
        ("sales", {"a": "b"}, "read a mapping, expected the name of a CSV file, or a list of entries"),
        ("sales.0", "nonsense", "read 'nonsense', expected a mapping with id, owner, broker …"),
        ("years", ["2024"], "read a list, expected a mapping of tax years"),
        (
            "sales.0.lots",
            "E1-100",
            "read 'E1-100', expected exercise:shares;exercise:shares… or a list of {exercise, shares}",
        ),
        (
            "years.2024.deduction",
            "both",
            "read 'both', expected standard, or {itemized: total, taxes: Schedule A line 7}",
        ),
        ("years.2023.capital_loss_carryover", "4", "read '4', expected a mapping with short, long"),
    ],
)
def test_a_value_is_refused_with_what_was_expected(path, value, message):
    key = dotted(int(part) if part.isdigit() and len(part) < 4 else part for part in path.split("."))
    assert said(changed(path, value)) == [f"{key}: {message}"]


@pytest.mark.parametrize("given", ["10:1x", "10", "0:1", "10:1:1", 601, 10.5])
def test_a_split_is_new_to_old_in_quotes(given):
    action = {"corporation": "Example Corp", "date": "2024-06-10", "split": given}
    (message,) = said({**CASE, "corporate_actions": [action]})
    assert message.startswith(f"corporate_actions[0].split: read '{given}', expected ")


def test_private_numbers_are_never_repeated():
    case = changed("sales.0.account", "A" * 300)
    case["taxpayer"]["ssn"] = "4000-00-0001"
    assert sorted(said(case)) == [
        "sales[0].account: read a value that is not shown here, expected text of at most 200 characters",
        "taxpayer.ssn: read a number that is not shown here, expected nine digits such as 400-00-0001",
    ]


def test_no_rows_at_all_may_be_written_in_any_way():
    for nothing in (None, "", [], ...):
        assert said(changed("sales", nothing)) == []


@pytest.mark.parametrize(
    ("path", "key", "near"),
    [
        ("roundin", "roundin", "rounding"),
        ("taxpayer.nmae", "taxpayer.nmae", "name"),
        ("years.2024.wagess", "years.2024.wagess", "wages"),
        ("years.2024.Qualified_Dividend", "years.2024.Qualified_Dividend", "qualified_dividends"),
        ("exercises.0.exersise_date", "exercises[0].exersise_date", "exercise_date"),
        ("sales.0.procceds", "sales[0].procceds", "proceeds"),
    ],
)
def test_a_misspelt_key_is_told_the_nearest_name(path, key, near):
    assert f"{key}: read an unknown key, did you mean {near}?" in said(changed(path, "1"))


def test_a_key_like_no_other_is_told_all_names():
    assert said(changed("taxpayer.zzz", "1")) == ["taxpayer.zzz: read an unknown key, expected one of name, ssn"]


def test_an_unknown_key_without_a_value_is_refused_too():
    assert said(changed("roundin", None)) == ["roundin: read an unknown key, did you mean rounding?"]


@pytest.mark.parametrize("key", ["origin", "overlay", "inputs"])
def test_names_of_our_own_are_no_keys(key):
    (message,) = said(changed(key, "x"))
    assert message.startswith(f"{key}: read an unknown key")


@pytest.mark.parametrize("path", ["sales.0.origin", "years.2024.origin"])
def test_nobody_writes_where_a_row_stands(path):
    (message,) = said(changed(path, "x"))
    assert message.endswith("origin: read an unknown key, expected it left out")


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("form_2555", "Form 6251 line 7"), ("Form 2555", "Form 6251 line 7"), ("schedule_j", "Form 6251 line 10"),
        ("form_4952", "Form 6251 lines 13 and 20"), ("nonresident", "Form 6251 lines 1 and 4 to 11"),
        ("estate_or_trust", "Form 6251"), ("form_8615", "Form 6251 line 10"), ("form_8834", "Form 8801 line 20"),
    ],
)  # fmt: skip
def test_what_is_not_worked_is_named_with_its_line(key, line):
    (message,) = said(changed(f"years.2024.{key}", "true"))
    assert line in message
    assert message.endswith("not worked here, expected a return without it (have such a one prepared by hand)")
    (message,) = said(changed(key, "true"))
    assert line in message


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"grant_date": "2023-03-14"}, "exercise_date: read 2023-03-13, expected the grant date 2023-03-14 or later"),
        ({"section_83b": "true"}, "section_83b: read a value, expected it left out without vesting"),
        (
            {"vesting": EARLY["vesting"]},
            "section_83b: read nothing, expected true or false: election for the AMT made within 30 days?",
        ),
        ({**EARLY, "shares": "199"}, "vesting: read 200 shares, expected at most the 199 exercised"),
        (
            {**EARLY, "vesting": "2023-03-13:200:22"},
            "vesting[0].date: read 2023-03-13, expected a day after the exercise on 2023-03-13",
        ),
        ({"paid_with": "E9:10"}, "paid_with[0].exercise: read 'E9', expected the id of an exercise"),
        (
            {"paid_with": "E1:10"},
            "paid_with[0].exercise: read E1, exercised on 2023-03-13, expected one exercised before 2023-03-13",
        ),
    ],
)
def test_an_exercise_agrees_with_itself(changes, message):
    assert said({**CASE, "sales": [], "exercises": [{**EXERCISE, **changes}]}) == [f"exercises[0].{message}"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"proceeds": None}, "proceeds: read nothing, expected box 1d, dollars, even as 0"),
        ({"disposition": "gift"}, "proceeds: read '75000', expected 0 or nothing with disposition gift"),
        ({"correct_basis": "5"}, "correct_basis: read a value, expected it left out: it goes with kind other only"),
        ({"amt_basis": "5"}, "amt_basis: read a value, expected it left out: it goes with kind other only"),
        ({"lots": "E9:100"}, "lots[0].exercise: read 'E9', expected the id of an exercise"),
        ({"lots": "E1:99"}, "lots: read 99 shares in all, expected the 100 of the sale"),
        ({"lots": "E1:60;E1:40"}, "lots[1].exercise: read E1 a second time, expected each exercise once"),
        ({"lots": "E1:100", "kind": "other"}, "lots: read exercises, expected none with kind other"),
        (
            {"lots": "E1:100", "corporation": "Other Inc"},
            "lots[0].exercise: read E1, Example Corp of the taxpayer, expected Other Inc of the taxpayer",
        ),
        (
            {"replaced_shares": "5"},
            "replaced_shares: read a value, expected it left out: it goes with disposition wash_sale only",
        ),
        (
            {"replacement": "E1"},
            "replacement: read a value, expected it left out: it goes with disposition wash_sale only",
        ),
        (
            {"disposition": "wash_sale", "replaced_shares": "101"},
            "replaced_shares: read '101', expected at most the 100 sold",
        ),
        (
            {"disposition": "wash_sale", "replacement": "E7"},
            "replacement: read 'E7', expected the id of an exercise, or nothing",
        ),
    ],
)
def test_a_sale_agrees_with_itself_and_the_exercises(changes, message):
    assert said({**CASE, "sales": [{**SALE, **changes}]}) == [f"sales[0].{message}"]


def test_without_a_form_the_boxes_of_a_form_are_left_out():
    bare = {key: SALE[key] for key in ("corporation", "shares", "sold", "proceeds")}
    assert said({**CASE, "sales": [{**bare, "form": "none"}]}) == []
    boxes = {"basis": "0", "term": "long", "noncovered": "true", "basis_reported": "false"}
    assert said({**CASE, "sales": [{**bare, "form": "none", **boxes}]}) == [
        "sales[0].basis: read '0', expected box 1e left out with form none",
        "sales[0].term: read 'long', expected box 2 left out with form none",
        "sales[0].noncovered: read 'true', expected box 5 left out with form none",
        "sales[0].basis_reported: read 'false', expected box 12 left out with form none",
    ]


def test_ids_are_unique_and_default_ids_count():
    case = {**CASE, "exercises": [EXERCISE, {**EXERCISE, "id": "E1"}], "sales": []}
    assert said(case) == ["exercises[1].id: read 'E1', the id of exercises[0] too, expected a unique id"]


def test_rows_of_the_spouse_need_a_spouse_unless_the_return_is_joint():
    rows = {"exercises": [{**EXERCISE, "owner": "spouse"}], "sales": []}
    later = {"years": {"2024": {"filing_status": "single"}}}
    assert said({**CASE, **rows, **later}) == ["spouse: read nothing, expected the spouse's name: E1 is the spouse's"]
    assert said({**CASE, **rows, **later, "spouse": {"name": "Sample Spouse"}}) == []
    assert said({**CASE, **rows, "years": {"2023": {"filing_status": "married_joint"}}}) == []


def test_the_spouse_may_sell_shares_that_were_given():
    sold = {**SALE, "owner": "spouse", "lots": "E1:100"}
    sales = [{**sold, "sold": "2024-02-01"}]
    joint = {year: {**facts, "filing_status": "married_joint"} for year, facts in CASE["years"].items()}
    base = {**CASE, "spouse": {"name": "Sample Spouse"}, "years": joint}
    assert said({**base, "sales": sales}) == [
        "sales[0].lots[0].exercise: read E1, Example Corp of the taxpayer, expected Example Corp of the spouse"
    ]
    given = {"corporation": "Example Corp", "shares": "100", "sold": "2024-01-02", "disposition": "to_spouse"}
    assert said({**base, "sales": [given, *sales]}) == []


def test_a_faulty_exercise_still_counts_for_those_who_name_it():
    case = {**CASE, "exercises": [{**EXERCISE, "fmv": "x"}], "sales": [{**SALE, "lots": "E1:100"}]}
    assert said(case) == ["exercises[0].fmv: read 'x', expected a plain number such as 12345.67"]


def test_a_mapping_that_holds_itself_is_refused():
    case = changed("state", "CA")
    case["years"]["2024"]["deduction"] = case
    (message,) = said(case)
    assert "expected a case" in message


def test_shown_values_keep_to_one_line():
    assert shown("a\nb\u2028c") == "'a\\nb\\u2028c'"
    assert shown(None) == "nothing"
    assert len(shown("x" * 10_000)) < 70


def test_an_error_carries_all_problems_and_prints_one_a_line():
    error = CaseError([Problem("case.yaml", 3, "a", "x"), Problem("case.yaml", 4, "b.c", "y")])
    assert str(error) == "case.yaml:3: a: x\ncase.yaml:4: b.c: y"
    assert [problem.key for problem in error.problems] == ["a", "b.c"]
