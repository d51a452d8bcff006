"""Files that cannot be read safely are refused in one line: YAML, CSV tables, and where a case may look for them."""

from __future__ import annotations

import os

import pytest
from case_samples import CASE, EXERCISE, HEAD, SALE, YEARS, problems, said, written

from worksheets.read import files, yaml_source
from worksheets.read.case_file import read_case

EXERCISE_ROW = ",".join(EXERCISE.values())
EXERCISE_HEADER = ",".join(EXERCISE)


def only(source):
    """The one problem of a case, as text."""
    (problem,) = problems(source)
    return str(problem)


def with_table(folder, text, name="3921.csv"):
    """A case whose exercises are that CSV."""
    written(folder, text, name)
    return written(folder, f"{HEAD}exercises: {name}\n{YEARS}")


# --- the case file itself


@pytest.mark.parametrize("text", ["", "   \n# only a remark\n", "---\n", "~"])
def test_an_empty_file(tmp_path, text):
    path = written(tmp_path, text)
    assert only(path) == f"{path}:1: file: read an empty file, expected a YAML mapping"


@pytest.mark.parametrize("text", ["- a\n", "just words\n", "42"])
def test_no_mapping(tmp_path, text):
    path = written(tmp_path, text)
    assert only(path) == f"{path}:1: file: read no mapping, expected keys such as case, taxpayer, years"


@pytest.mark.parametrize(
    ("text", "line"), [("a: 1\nb: [1,\n", 3), ("a: 1\n\tb: 2\n", 2), ("a: 1\nb: 'x\n", 3), ("a: b: c", 1)]
)
def test_no_yaml(tmp_path, text, line):
    path = written(tmp_path, text)
    found = only(path)
    assert found.startswith(f"{path}:{line}: file: read no YAML (")
    assert found.endswith("), expected a YAML mapping")


def test_unprintable_characters_are_no_yaml(tmp_path):
    assert "read no YAML" in only(written(tmp_path, "case: 1\nstate: \x07\n"))


def test_more_than_one_document(tmp_path):
    path = written(tmp_path, "case: 1\n---\ncase: 1\n")
    assert only(path) == f"{path}:2: file: read a second YAML document, expected one"


def test_no_utf_8(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_bytes(b"case: 1\ntaxpayer: {name: Andr\xe9}\n")
    assert only(path) == f"{path}:2: file: read bytes that are no UTF-8 text, expected the file saved as UTF-8"


def test_over_10_mb(tmp_path):
    path = tmp_path / "case.yaml"
    path.write_bytes(b"#" * 10_000_001)
    assert only(path) == f"{path}:1: file: read more than 10 MB, expected a file of at most 10 MB"
    assert files.MOST_BYTES == 10_000_000


def test_no_file_and_no_regular_file(tmp_path):
    missing = tmp_path / "none.yaml"
    assert only(missing) == f"{missing}:1: file: read no file there, expected one"
    assert only(str(tmp_path)) == f"{tmp_path}:1: file: read a folder, expected a file"
    os.mkfifo(tmp_path / "pipe.yaml")  # reading it would wait for ever
    assert "read no regular file" in only(tmp_path / "pipe.yaml")
    assert only("a\x00b.yaml") == "a?b.yaml:1: file: read no file there, expected one"


def test_a_duplicate_key_names_both_lines(tmp_path):
    path = written(tmp_path, HEAD + YEARS + '  "2024": {filing_status: single}\n')
    assert only(path) == f"{path}:6: years.2024: read the key a second time (first on line 5), expected it once"


def test_a_mapping_as_a_key(tmp_path):
    assert "read a mapping or list for a key, expected a name" in only(
        written(tmp_path, HEAD + YEARS + "? {a: b}\n: c\n")
    )


def test_deep_nesting(tmp_path):
    path = written(tmp_path, HEAD + "state: " + "[" * 50_000)
    assert only(path) == f"{path}:3: state{'[0]' * 19}: read more than 20 levels, expected a case"


def test_aliases_that_blow_up(tmp_path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    path = written(tmp_path, "\n".join(lines))
    assert "read aliases that repeat more than 100000 values, expected fewer" in only(path)


def test_an_alias_to_itself_or_to_nothing(tmp_path):
    assert "read *a, an alias to itself" in only(written(tmp_path, "a: &a [*a]\n"))
    assert "read *b, an alias to nothing" in only(written(tmp_path, "a: *b\n"))


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [echo]", "!!float 1", "!mine x"])
def test_tags_are_not_acted_on(tmp_path, tag):
    found = problems(written(tmp_path, HEAD + f"state: {tag}\n" + YEARS))
    assert any("expected no tag" in problem.message for problem in found)


@pytest.mark.parametrize("split", ["10:1", "1:10", "3:2"])
def test_an_unquoted_split_is_told_to_be_quoted(tmp_path, split):
    action = f"corporate_actions:\n  - {{corporation: Example Corp, date: 2024-06-10, split: {split}}}\n"
    path = written(tmp_path, HEAD + action + YEARS)
    assert only(path) == (
        f"{path}:4: corporate_actions[0].split: read {split} without quotes, which YAML takes for a number, "
        f'expected it in quotes: "{split}"'
    )
    assert said(written(tmp_path, HEAD + action.replace(split, f'"{split}"') + YEARS)) == []


def test_the_words_that_yaml_takes_for_booleans_stay_words(tmp_path):
    assert read_case(written(tmp_path, HEAD + "state: NO\n" + YEARS)).state == "NO"


def test_without_the_c_library_the_same_is_read(tmp_path, monkeypatch):
    path = written(
        tmp_path, HEAD + "exercises:\n  - {" + ", ".join(f"{k}: {v}" for k, v in EXERCISE.items()) + "}\n" + YEARS
    )
    fast = read_case(path)
    monkeypatch.setattr(yaml_source, "_LOADER", yaml_source.yaml.SafeLoader)
    assert read_case(path) == fast
    assert "read no YAML" in only(written(tmp_path, "a: [1,\n"))


# --- where a case may look


@pytest.mark.parametrize("name", ["../3921.csv", "/etc/passwd", "sub/../../3921.csv"])
def test_a_table_lies_in_the_folder_of_the_case(tmp_path, name):
    written(tmp_path, f"{EXERCISE_HEADER}\n{EXERCISE_ROW}\n", "3921.csv")
    path = written(tmp_path, f"{HEAD}exercises: {name}\n{YEARS}", "case/case.yaml")
    assert only(path) == (f"{path}:3: exercises: read '{name}', expected a file in the case's folder or below it")


def test_a_link_does_not_lead_out_of_the_folder(tmp_path):
    outside = written(tmp_path, f"{EXERCISE_HEADER}\n{EXERCISE_ROW}\n", "outside.csv")
    path = written(tmp_path, f"{HEAD}exercises: 3921.csv\n{YEARS}", "case/case.yaml")
    (path.parent / "3921.csv").symlink_to(outside)
    assert "expected a file in the case's folder or below it" in only(path)
    circle = path.parent / "circle.csv"
    circle.symlink_to(circle)
    assert "expected a file" in only(written(tmp_path, f"{HEAD}exercises: circle.csv\n{YEARS}", "case/case.yaml"))


def test_a_table_may_lie_below_the_folder_and_is_named_as_the_case_names_it(tmp_path):
    path = with_table(tmp_path, f"{EXERCISE_HEADER}\n{EXERCISE_ROW}\n", "tables/3921.csv")
    assert read_case(path).exercises[0].origin == ("tables/3921.csv", 2)


def test_a_missing_table(tmp_path):
    path = written(tmp_path, f"{HEAD}exercises: 3921.csv\nsales: {'x' * 5000}\n{YEARS}")
    assert [problem.message for problem in problems(path)] == [
        "read '3921.csv', where there is no file, expected a file in the case's folder or below it",
        f"read '{'x' * 59}…', expected a file in the case's folder or below it",
    ]


def test_a_mapping_looks_in_the_current_folder(tmp_path, monkeypatch):
    written(tmp_path, f"{EXERCISE_HEADER}\n{EXERCISE_ROW}\n", "3921.csv")
    monkeypatch.chdir(tmp_path)
    assert read_case({**CASE, "exercises": "3921.csv"}).exercises[0].origin == ("3921.csv", 2)
    assert "in the case's folder" in only({**CASE, "exercises": "../x.csv"})


# --- tables


def test_headers_come_in_any_order_and_case_with_empty_cells_left_out(tmp_path):
    names = [*EXERCISE, "paid"]
    header = ",".join(f" {name.upper()} " for name in reversed(names))
    path = with_table(tmp_path, f"{header}\r\n,{','.join(reversed(EXERCISE.values()))}\r\n\r\n,,,,,,\r\n")
    (row,) = read_case(path).exercises
    assert (row.fmv, row.paid, row.origin.line) == (1000, None, 2)


def test_an_unknown_header_is_told_the_nearest_name(tmp_path):
    path = with_table(tmp_path, f"{EXERCISE_HEADER},comission\n{EXERCISE_ROW},5\n")
    assert only(path) == f"{tmp_path / '3921.csv'}:1: comission: read an unknown column, did you mean commission?"


def test_a_header_twice_or_without_a_name(tmp_path):
    path = with_table(tmp_path, f"{EXERCISE_HEADER},FMV,\n{EXERCISE_ROW},5,6\n")
    assert said(path) == [
        "fmv: read the column a second time, expected it once",
        "file: read a column without a name, expected a name over every column",
    ]


def test_a_missing_column_is_told_once_not_for_every_row(tmp_path):
    header, row = EXERCISE_HEADER.replace(",shares", ""), EXERCISE_ROW.removesuffix(",200")
    path = with_table(tmp_path, f"{header}\n{row}\n{row}\n{row.replace('1000', 'x')}\n")
    csv = tmp_path / "3921.csv"
    assert [str(problem) for problem in problems(path)] == [
        f"{csv}:1: exercises.shares: read no such column, expected one: Form 3921 box 5, shares transferred",
        f"{csv}:4: exercises[2].fmv: read 'x', expected a plain number such as 12345.67",
    ]


def test_columns_between_semicolons(tmp_path):
    path = with_table(tmp_path, f"{EXERCISE_HEADER}\n{EXERCISE_ROW}\n".replace(",", ";"))
    assert "read a header without commas, expected the names with commas between them" in said(path)[0]


def test_a_row_with_more_cells_than_headers_keeps_the_count(tmp_path):
    path = with_table(
        tmp_path, f"{EXERCISE_HEADER}\n{EXERCISE_ROW},9\n{EXERCISE_ROW}\n{EXERCISE_ROW.replace('200', '')}\n"
    )
    csv = tmp_path / "3921.csv"
    assert [str(problem) for problem in problems(path)] == [
        f"{csv}:2: exercises[0]: read more cells than the header has, expected at most 6 (quote a cell that holds a comma)",
        f"{csv}:4: exercises[2].shares: read nothing, expected Form 3921 box 5, shares transferred",
    ]


def test_a_row_with_fewer_cells_leaves_the_last_ones_out(tmp_path):
    assert len(read_case(with_table(tmp_path, f"{EXERCISE_HEADER},paid\n{EXERCISE_ROW}\n")).exercises) == 1


def test_lines_are_counted_in_the_file_not_in_rows(tmp_path):
    path = with_table(
        tmp_path, f'\n{EXERCISE_HEADER}\n"Example\nCorp",{EXERCISE_ROW.split(",", 1)[1]}\n{EXERCISE_ROW}x\n'
    )
    (problem,) = problems(path)
    assert (problem.line, problem.key) == (5, "exercises[1].shares")


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_an_empty_table(tmp_path, text):
    found = only(with_table(tmp_path, text))
    assert found.endswith("read an empty file, expected a header row with the names of exercises")


def test_a_table_without_rows_is_no_error(tmp_path):
    assert read_case(with_table(tmp_path, EXERCISE_HEADER)).exercises == ()


def test_quotes_that_do_not_close(tmp_path):
    found = only(with_table(tmp_path, f'{EXERCISE_HEADER}\n{EXERCISE_ROW}\n"Example,1\n'))
    assert found.startswith(f"{tmp_path / '3921.csv'}:3: file: read no CSV (")


def test_a_table_that_is_no_utf_8(tmp_path):
    path = with_table(tmp_path, "")
    (tmp_path / "3921.csv").write_bytes(f"{EXERCISE_HEADER}\nAndr\xe9,".encode("latin-1"))
    assert only(path) == (
        f"{tmp_path / '3921.csv'}:2: file: read bytes that are no UTF-8 text, expected the file saved as UTF-8"
    )


@pytest.mark.parametrize("formula", ['=HYPERLINK("http://x")', "+1+1", "@SUM(A1)", "-2+3"])
def test_cells_that_a_spreadsheet_would_run_are_plain_text(tmp_path, formula):
    quoted = '"' + formula.replace('"', '""') + '"'
    written(tmp_path, f"{','.join(SALE)},broker\n{','.join(SALE.values())},{quoted}\n", "1099b.csv")
    read = read_case(written(tmp_path, f"{HEAD}sales: 1099b.csv\n{YEARS}"))
    assert read.sales[0].broker == formula


# --- hypothetical amounts


@pytest.mark.parametrize(
    ("text", "key", "message"),
    [
        ("amt_exemtion: {2024: 0}", "amt_exemtion", "read an unknown name, expected one of "),
        ("amt_exemption: {1999: 0}", "amt_exemption.1999", "read an unknown name, expected one of "),
        ("amt_exemption: {2024: {sole: 0}}", "amt_exemption.2024.sole", "read an unknown name, expected one of "),
        ("amt_exemption: 0", "amt_exemption", "read '0', expected a mapping of years to amounts"),
        ("amt_exemption: {2024: nil}", "amt_exemption.2024", "read 'nil', expected a plain number such as 12345.67"),
        ("tax_rates: {2024: [0.1, x]}", "tax_rates.2024[1]", "read 'x', expected a plain number such as 12345.67"),
        ("capital_loss_limit: {1999: 0}", "capital_loss_limit.1999", "read an unknown name, expected one of 2018, "),
        ("draft_years: {2024: 0}", "draft_years", "read an unknown name, expected one of "),
        ("amt_exemption: {2024: [1, 2]}", "amt_exemption.2024", "read a list, expected one number, such as "),
        ("amt_rate_low: {2024: 26}", "amt_rate_low.2024", "read '26', expected a rate of at most 1, such as 0.26"),
        ("amt_phaseout_rate: {2024: 0}", "amt_phaseout_rate.2024", "read '0', expected a rate above 0: for no "),
        ("tax_rates: {2024: 0.2}", "tax_rates.2024", "read '0.2', expected a list as the law has it: [0.10, "),
        ("tax_rates: {2024: [0.2]}", "tax_rates.2024", "read a list of 1, expected 7 numbers, such as [0.10, "),
        (
            "bracket_tops: {2024: {single: [6, 5, 4, 3, 2, 1]}}",
            "bracket_tops.2024.single",
            "read amounts out of order, ",
        ),
        ("tax_table_rows: {2024: [[0, 0]]}", "tax_table_rows.2024", "read other rows, expected pairs of "),
    ],
)
def test_amounts_are_numbers_under_names_of_the_law(tmp_path, text, key, message):
    written(tmp_path, text, "what-if.yaml")
    found = problems(written(tmp_path, HEAD + "amounts: what-if.yaml\n" + YEARS))
    told = {problem.key: problem for problem in found}[key]
    assert told.message.startswith(message)
    assert (told.file, told.line) == (str(tmp_path / "what-if.yaml"), 1)


def test_amounts_that_are_no_mapping_or_not_there(tmp_path):
    written(tmp_path, "- 1", "what-if.yaml")
    case = HEAD + "amounts: what-if.yaml\n" + YEARS
    assert "read no mapping" in only(written(tmp_path, case))
    assert ":3: amounts: read 'none.yaml', where there is no file" in only(
        written(tmp_path, case.replace("what-if", "none"))
    )
