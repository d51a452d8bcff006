"""Importing: what is refused and how, what is missing, the case that is left to fill in, and that nothing injects."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
import yaml
from broker_samples import sample

from worksheets.household import work
from worksheets.problems import CaseError
from worksheets.read.brokers.spreadsheet import csv_text
from worksheets.read.case_file import read_case
from worksheets.read.importer import MANY_ROWS, understand

HEADER = "Stock,Bought,Sold On,Units,Got,Paid\n"
ROW = 'Example Widgets Inc,06/15/2023,03/10/2025,200,"$6,400.00",$1000.00\n'
MAPPING = {
    "Stock": "corporation",
    "Bought": "acquired",
    "Sold On": "sold",
    "Units": "shares",
    "Got": "proceeds",
    "Paid": "basis",
}


def put(folder: Path, content: str | bytes, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal(*paths: Path, mapping: dict[str, str] | None = None) -> str:
    with pytest.raises(CaseError) as caught:
        understand(paths, mapping)
    return str(caught.value)


# Refusals


def test_an_unknown_layout_is_refused_with_its_headers_and_the_way_to_map_them(tmp_path):
    path = put(tmp_path, "Some bank\n" + HEADER + ROW)
    message = refusal(path)
    assert message.startswith(f"{path}:2: file: read a layout that is not known")
    assert "Stock, Bought, Sold On, Units, Got, Paid" in message
    assert '--map "Stock=NAME"' in message
    assert "wash_sale_disallowed" in message
    assert "Example" not in message


def test_headers_in_a_refusal_show_no_account_number(tmp_path):
    message = refusal(put(tmp_path, "Stock,Bought,Sold,Units,Got,Paid,Other,More,Account 123456789\n"))
    assert "123456789" not in message
    assert "Account #########" in message


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"%PDF-1.7\n", "1099.pdf", "download the same data as CSV, XLSX, TXF or OFX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "gains.xls", "saved as .xlsx or CSV"),
        (b"<!doctype HTML><p>", "gains.csv", "read a web page"),
        (b"PK\x03\x04 no archive", "gains.xlsx", "cannot be opened"),
        (b"case: 1\n", "case.yaml", "dualbasis check"),
        (b"", "gains.csv", "read an empty file"),
        (b"\x00\x01\x02\x00", "gains.csv", "no text"),
        (b"{not json", "gains.json", "read no JSON"),
        (b"a letter to a broker\nwithout any table\n", "letter.txt", "no table with a header"),
        (b'a,b,c\n"never closed,1,2\n', "gains.csv", "read no table"),
        (b"[" * 100_000, "deep.json", "read no JSON"),
        (b'{"tax1099B": {"securityDetails": [{"costBasis": NaN}]}}', "nan.json", "read no JSON"),
        (b'{"cases": 1}', "other.json", "no known layout"),
        (b"<OFX><!DOCTYPE x><TAX1099B_V100></TAX1099B_V100></OFX>", "a.ofx", "document type"),
        (
            b"Form 3921\nExercise of an Incentive Stock Option Under Section 422(b)\n",
            "f.txt",
            "type its boxes into 3921.csv",
        ),
        (b"x" * 10_000_001, "big.csv", "at most 10 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(tmp_path, content, name, expected):
    assert expected in refusal(put(tmp_path, content, name))


@pytest.mark.parametrize(
    "header",
    [
        "Execution Date,Order Number,Plan,Type,Order Status,Price,Quantity,Net Amount,Net Share Proceeds,Tax Payment Method",
        "Vest Date,Order Number,Plan,Type,Status,Price,Quantity,Net Cash Proceeds,Net Share Proceeds,Tax Payment Method",
        "Trade Date,Transaction Type,Investment Name,Symbol,Shares,Principal Amount,Net Amount",
        "Currency Name,Purchase Date,Cost Basis,Date Sold,Proceeds",
        "Record Type,Symbol,Grant Date,Granted Qty.,Exercise Price,Exercisable Qty.",
    ],
)
def test_known_files_without_1099_b_rows_say_what_to_get_instead(tmp_path, header):
    message = refusal(put(tmp_path, header + "\n"))
    assert "layout that is not known" not in message
    assert re.search("get |leave ", message)


def test_missing_files_and_folders_are_refused_all_at_once(tmp_path):
    message = refusal(tmp_path / "nowhere.csv", tmp_path, put(tmp_path, HEADER))
    assert len(message.splitlines()) == 3


def _workbook(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"<Types/>", **parts}.items():
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_entities_is_refused(tmp_path, encoding):
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'.encode(encoding)
    message = refusal(put(tmp_path, _workbook(**{"xl/worksheets/sheet1.xml": bomb}), "bomb.xlsx"))
    assert "document type" in message


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path):
    assert "100 MB" in refusal(put(tmp_path, _workbook(**{"xl/x.bin": b"\0" * 100_000_001}), "bomb.xlsx"))


@pytest.mark.parametrize("parts", [{}, {"xl/workbook.xml": b"<workbook/>"}])
def test_a_broken_workbook_is_refused(tmp_path, parts):
    assert "cannot be opened" in refusal(put(tmp_path, _workbook(**parts), "broken.xlsx"))


def test_an_archive_that_is_no_workbook_is_refused(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("gains.csv", "x")
    assert "the file inside the archive" in refusal(put(tmp_path, stream.getvalue(), "gains.zip"))


# Mapping


def test_columns_are_mapped_to_our_names(tmp_path):
    found = understand([put(tmp_path, HEADER + ROW)], MAPPING)
    assert [one.values for one in found.sales] == [
        {"corporation": "Example Widgets Inc", "acquired": "2023-06-15", "sold": "2025-03-10", "shares": "200",
         "proceeds": "6400.00", "basis": "1000.00"}
    ]  # fmt: skip


def test_columns_that_are_not_mapped_are_told_and_those_mapped_to_nothing_are_not(tmp_path):
    path = put(tmp_path, HEADER.replace("Stock", "Stock,Colour,Size") + "a," * 8)
    found = understand([path], {**MAPPING, "Size": ""})
    assert found.readings[0].notes == ["the column 'colour' is not mapped and was left aside"]


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        ({"Stock": "corporatoin"}, "did you mean corporation?"),
        ({"No Such": "basis"}, "read no such column in any file"),
        ({"Stock": "corporation"}, "expected one of exercise_date or sold"),
        ({**MAPPING, "Paid": "fmv"}, "fmv: read a column of no use in sales"),
        ({**MAPPING, "Paid": "proceeds"}, "proceeds: read two columns for it"),
        ({**MAPPING, "Bought": "exercise_date"}, "read columns of exercises and of sales together"),
    ],
)
def test_mappings_that_cannot_be_used(tmp_path, mapping, expected):
    assert expected in refusal(put(tmp_path, HEADER + ROW), mapping=mapping)


def test_a_symbol_becomes_the_corporation_of_the_exercises():
    paths = [sample("fdx_3921"), sample("etrade_expanded")]
    assert any("corporation:EXWI=NAME" in str(one) for one in understand(paths).missing)
    found = understand(paths, {"corporation:exwi": "Example Widgets Inc"})
    assert {one.values["corporation"] for one in found.sales} == {"Example Widgets Inc"}
    assert not any(one.key == "exercises" for one in found.missing)


def test_a_corporation_for_rows_that_name_none():
    found = understand([sample("netbenefits_closed")], {"corporation:": "Example Widgets Inc"})
    assert {one.values["corporation"] for one in found.sales} == {"Example Widgets Inc"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_files_in_other_encodings_are_read(tmp_path, encoding):
    content = (HEADER + ROW.replace("Widgets Inc", "Caf\u00e9")).replace("\n", "\r\n").encode(encoding)
    assert understand([put(tmp_path, content)], MAPPING).sales[0].values["corporation"] == "Example Caf\u00e9"


# Files together


def test_a_description_that_holds_the_name_of_an_exercise_gives_the_corporation():
    found = understand([sample("fdx_3921"), sample("fidelity_1099")])
    assert [one.values.get("corporation") for one in found.sales] == ["Example Widgets Inc"] * 3 + [None]


def test_an_exercise_shown_in_part_gives_way_to_form_3921_whole():
    found = understand([sample("etrade_expanded"), sample("fdx_3921")])
    assert [one.values["shares"] for one in found.exercises] == ["400", "300"]
    assert sum("given once" in note for note in found.notes) == 2


def test_another_exercise_of_the_same_day_is_no_double(tmp_path):
    text = sample("plain_3921").read_text().replace("20.00", "21.00")
    assert len(understand([sample("etrade_expanded"), put(tmp_path, text)]).exercises) == 3


def test_sales_from_two_sources_are_told_and_kept():
    found = understand([sample("schwab_1099"), sample("schwab_lots")])
    assert len(found.sales) == 7
    assert sum("strike one" in note for note in found.notes) == 3


def test_exercises_from_two_sources_are_told_and_kept():
    # Both show the whole exercises, and spell the corporation otherwise: counted twice, line 2i would be doubled.
    found = understand([sample("fdx_3921"), sample("shareworks"), sample("plain_3921")])
    assert len(found.exercises) == 6
    assert [note for note in found.notes if "if it is that exercise, strike one" in note] == [
        f"{sample(name)}:{line} looks like {sample('fdx_3921')}:{first}: if it is that exercise, strike one"
        for name, line, first in (
            ("shareworks", 3, 1),
            ("shareworks", 17, 2),
            ("plain_3921", 2, 1),
            ("plain_3921", 3, 2),
        )
    ]


def test_a_file_given_twice_is_refused(tmp_path):
    put(tmp_path, sample("plain_1099b").read_text(), "a.csv")
    with pytest.raises(CaseError, match="read the same file twice"):
        understand([tmp_path / "a.csv", tmp_path / "." / "a.csv"])


def test_look_alikes_in_one_file_are_kept_without_a_word(tmp_path):
    text = sample("plain_1099b").read_text()
    found = understand([put(tmp_path, text + text.splitlines()[1] + "\n")])
    assert len(found.sales) == 5
    assert not found.notes


# What is printed


def test_account_numbers_of_forms_3921_that_no_sale_has_are_left_aside():
    # of our own tables too, once sales come with account numbers that are none of theirs
    forms, sales = sample("plain_3921"), sample("robinhood")
    found = understand([forms, sales])
    assert {one.values.get("account") for one in found.sales} == {"000000000"}
    assert [one.values.get("account") for one in found.exercises] == [None] * len(found.exercises)
    assert any("left aside" in note for note in found.notes)
    # without sales, and with sales that have none, they stay
    for files in ([forms], [forms, sample("plain_1099b")]):
        assert {one.values.get("account") for one in understand(files).exercises} == {"ISO-2021-0001"}


def test_account_numbers_of_own_tables_stay_where_a_sale_has_one(tmp_path):
    text = sample("plain_3921").read_text(encoding="utf-8").replace("ISO-2021-0001", "000000000", 1)
    found = understand([put(tmp_path, text, "3921.csv"), sample("robinhood")])
    assert [one.values.get("account") for one in found.exercises] == ["000000000", "ISO-2021-0001"]


def test_account_numbers_are_kept_but_masked_where_they_are_printed():
    found = understand([sample("fdx_1099b"), sample("fdx_3921"), sample("schwab_1099"), sample("robinhood")])
    printed = "\n".join(found.lines())
    assert not re.search("X00-000000|ISO-2021-0001|XXXX-X000|000000000", printed)
    assert "account …0000" in printed
    assert "    # account: ISO-2021-0001" in found.case_yaml()
    assert "    account: X00-000000" in found.case_yaml()


def test_an_account_number_of_form_3921_does_not_keep_sales_from_their_lots(tmp_path):
    """A case matches accounts where both rows have one; the form's number is the issuer's, not the broker's."""
    found = understand([sample("fdx_3921"), sample("fdx_1099b")])
    assert not any("account" in one.values for one in found.exercises)
    assert any("account numbers of Form 3921" in note for note in found.notes)
    text = sample("fdx_3921").read_text().replace("ISO-2021-0001", "X00-000000")
    same = understand([put(tmp_path, text, "same.json"), sample("fdx_1099b")])
    assert [one.values["account"] for one in same.exercises] == ["X00-000000"] * 2


def test_lines_tell_layout_rows_what_was_not_understood_and_what_is_missing(tmp_path):
    text = sample("etrade_expanded").read_text().replace("SO,200,06/15/2023,", "SO,200,15at1900,")
    lines = understand([put(tmp_path, text + "Odd,row\n")]).lines()
    assert "Gains & Losses, Expanded (seen in real exports)" in lines[0]
    assert any(line.startswith("  line 3: sale: corporation EXWI, shares 200, sold 2025-03-10") for line in lines)
    assert any("acquired: read '15at1900', expected a date" in line for line in lines)
    assert any("record type 'odd'" in line for line in lines)
    assert any(line.startswith("  exercises[0].shares: Form 3921 box 5") for line in lines)


def test_a_cell_that_cannot_be_read_is_shown_without_its_longer_numbers(tmp_path):
    found = understand([put(tmp_path, HEADER + ROW.replace("06/15/2023", "acct 4000-00-0001"))], MAPPING)
    assert "acct ############" in found.lines()[-1] or any("acct ####" in line for line in found.lines())
    assert not any("4000" in line for line in found.lines())


# The case to complete


def completed(text: str) -> str:
    """The case with every blank filled in as the scenario has it."""
    text = text.replace("  name:  #", "  name: Sample Taxpayer  #").replace(
        "filing_status:  #", "filing_status: single  #"
    )
    other = "    description: 40.00 SAMPLE HOLDINGS CORP\n"
    return (
        text.replace(other, f"{other}    kind: other\n")
        .replace("acquired: 2025-02-03\n", "acquired: 2025-02-03\n    kind: other\n")
        .replace("    corporation:  #", "    corporation: Sample Holdings Corp  #")
    )


def test_the_case_is_refused_until_it_is_filled_in(tmp_path):
    path = put(tmp_path, understand([sample("fdx_3921"), sample("schwab_1099")]).case_yaml(), "case.yaml")
    with pytest.raises(CaseError) as caught:
        read_case(path)
    keys = {problem.key for problem in caught.value.problems}
    assert {"taxpayer.name", "sales[3].corporation", "years.2023.filing_status", "years.2025.filing_status"} <= keys


@pytest.mark.parametrize("tables", [False, True])
def test_the_case_once_filled_in_gives_form_8949_right(tmp_path, tables):
    """Sale 2: $500.00 reported, $1,900.00 of pay, so column (e) 500, code B, (g) -1,900, (h) 3000 - 500 - 1900 = 600.

    Sale 1 qualifies: 6,400 - 1,000 = 5,400; for the AMT its basis is 200 x $20.00 = 4,000, the gain 2,400.
    """
    found = understand([sample("fdx_3921"), sample("schwab_1099")])
    files = dict(found.files("case.yaml", tables=tables))
    assert set(files) == ({"case.yaml", "3921.csv", "1099b.csv"} if tables else {"case.yaml"})
    files["case.yaml"] = completed(files["case.yaml"])
    if tables:
        rows = list(csv.DictReader(io.StringIO(files["1099b.csv"])))
        for row in rows[2:]:
            row["kind"] = "other"
            row["corporation"] = row["corporation"] or "Sample Holdings Corp"
        names = list(rows[3])
        files["1099b.csv"] = csv_text([names, *([row.get(name, "") for name in names] for row in rows)])
    for name, text in files.items():
        put(tmp_path, text, name)
    books = work(read_case(tmp_path / "case.yaml")).years[2025]
    assert [(row.box, row.e, row.f, row.g, row.h) for row in books.rows] == [
        ("A", 500, "B", -1900, 600),
        ("A", 1800, "W", 120, -180),
        ("D", 1000, None, None, 5400),
        ("E", 400, None, None, 1600),
    ]
    assert {row.sale: row.h for row in books.amt_rows}["S1"] == 2400


def test_many_rows_go_to_csv_tables(tmp_path):
    header, row = sample("plain_1099b").read_text().splitlines()[:2]
    found = understand([put(tmp_path, "\n".join([header, *[row] * (MANY_ROWS + 1)]))])
    assert set(found.files("my case.yaml")) == {"my case.yaml", "1099b.csv"}
    assert "sales: 1099b.csv" in found.case_yaml()
    assert len(found.csv_tables()["1099b.csv"].splitlines()) == MANY_ROWS + 2


def test_blanks_of_csv_tables_are_told_in_the_case():
    text = understand([sample("etrade_expanded")]).case_yaml(tables=True)
    assert "#   sample.csv, line 3: shares: FILL IN: Form 3921 box 5" in text


def test_years_run_from_the_first_exercise_to_the_last_sale():
    found = yaml.safe_load(understand([sample("fdx_3921"), sample("schwab_1099")]).case_yaml())
    assert list(found["years"]) == [2023, 2024, 2025]


def test_lots_exercised_before_the_supported_years_ask_what_is_carried_in(tmp_path):
    text = sample("plain_3921").read_text().replace("2021-03-01,2023-06-15", "2010-03-01,2012-06-15")
    found = understand([put(tmp_path, text), sample("plain_1099b")]).case_yaml()
    assert "# prior_minimum_tax_credit: 0" in found
    assert "  2012:" not in found


def test_a_required_blank_is_empty_and_an_optional_one_a_question_mark():
    found = yaml.safe_load(understand([sample("schwab_awards_web")]).case_yaml())
    assert found["sales"][1]["correct_basis"] == "?"
