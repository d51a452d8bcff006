"""What is written for other programs: against the worked scenario, and read back by other code than wrote it."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from worksheets.household import Household, work
from worksheets.read.case_file import read_case
from worksheets.read.importer import understand
from worksheets.write import TARGETS, write
from worksheets.write.corrected import corrected

TODAY = dt.date(2026, 2, 15)
EXERCISES = [
    {
        "corporation": "EXWI",
        "grant_date": "2021-03-01",
        "exercise_date": "2023-06-15",
        "exercise_price": 5,
        "fmv": 20,
        "shares": 400,
    },
    {
        "corporation": "EXWI",
        "grant_date": "2021-03-01",
        "exercise_date": "2024-11-20",
        "exercise_price": 5,
        "fmv": 24,
        "shares": 300,
    },
]
QUALIFYING = {"corporation": "EXWI", "shares": 200, "acquired": "2023-06-15", "sold": "2025-03-10", "proceeds": 6400, "basis": 1000,
              "term": "long", "broker": "Example Broker LLC", "account": "X00-000000"}  # fmt: skip
EARLY = {
    **QUALIFYING,
    "shares": 100,
    "acquired": "2024-11-20",
    "sold": "2025-04-15",
    "proceeds": 3000,
    "basis": 500,
    "term": "short",
}
BOUGHT = {**QUALIFYING, "shares": 50, "acquired": "2025-02-03", "sold": "2025-05-12", "proceeds": 1500, "basis": 1800, "term": "short",
          "wash_sale_disallowed": 120, "kind": "other"}  # fmt: skip
NONCOVERED = {"corporation": "SMHC", "shares": 40, "acquired": "2009-07-08", "sold": "2025-05-12", "proceeds": 2000, "basis": 400,
              "term": "long", "basis_reported": "false", "noncovered": "true", "kind": "other"}  # fmt: skip
SALES = [QUALIFYING, EARLY, BOUGHT, NONCOVERED]


def household(*sales: dict, **case: object) -> Household:
    years = {year: {"filing_status": "single"} for year in (2023, 2024, 2025)}
    made = {
        "case": 1,
        "taxpayer": {"name": "Sample"},
        "exercises": EXERCISES,
        "sales": list(sales),
        "years": years,
        **case,
    }
    return work(read_case(made))


def written(name: str, *sales: dict, **case: object) -> bytes:
    return write(name, household(*sales, **case), 2025, today=TODAY).content


def table(content: bytes) -> list[dict[str, str]]:
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    return [{**dict(zip(reversed(rows[0]), reversed(row), strict=True)), "#": str(len(row))} for row in rows[1:]]


def sheet(content: bytes) -> list[dict[str, str]]:
    lines = list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))
    return [{str(name): str(cell or "") for name, cell in zip(lines[0], line, strict=True)} for line in lines[1:]]


def unpacked(content: bytes) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: table(archive.read(name)) for name in archive.namelist()}


# The scenario, row by row: box, shares, acquired, sold, proceeds, column (e), (f), (g), right basis, AMT basis.
# S2: pay 100 x (24 - 5) = 1,900, right basis 500 + 1,900 = 2,400, AMT basis 100 x 24 = 2,400.
# S1: AMT basis 200 x 20 = 4,000. S3: loss 300, of which 120 is disallowed.
SCENARIO = {
    "S2": ("A", 100, "2024-11-20", "2025-04-15", 3000, 500, "B", -1900, 2400, 2400),
    "S3": ("A", 50, "2025-02-03", "2025-05-12", 1500, 1800, "W", 120, 1800, 1800),
    "S1": ("D", 200, "2023-06-15", "2025-03-10", 6400, 1000, "", None, 1000, 4000),
    "S4": ("E", 40, "2009-07-08", "2025-05-12", 2000, 400, "", None, 400, 400),
}


def test_the_rows_written_are_those_the_forms_print():
    made = household(*SALES)
    rows = corrected(made, 2025)
    assert [one.row for one in rows] == made.years[2025].rows
    assert sorted((one.amt for one in rows), key=lambda row: row.box) == made.years[2025].amt_rows
    assert {
        one.sale.id: (one.row.box, one.shares, str(one.row.b), str(one.row.c), one.row.d, one.row.e, one.row.f or "",
                      one.row.g, one.right_basis, one.amt_basis)
        for one in rows
    } == SCENARIO  # fmt: skip


def facts(day: str):
    """The scenario with dates written as `day` says."""
    parsed = ((dt.date.fromisoformat(row[2]), dt.date.fromisoformat(row[3])) for row in SCENARIO.values())
    return [
        (*row, f"{bought:{day}}", f"{sold:{day}}")
        for row, (bought, sold) in zip(SCENARIO.values(), parsed, strict=True)
    ]


def test_drake_carries_both_bases():
    rows = table(written("drake", *SALES))
    assert all(row["#"] == "40" for row in rows)
    for row, (box, shares, *_, proceeds, basis, code, amount, _, amt_basis, bought, sold) in zip(
        rows, facts("%m%d%Y"), strict=True
    ):
        assert (row["TSJ"], row["Form 8949 Check Box"], row["Type"]) == ("T", box, "L" if box in "DE" else "S")
        assert row["Desc"] == f"{shares} sh {'SMHC' if box == 'E' else 'EXWI'}"
        assert (row["Date Acquired"], row["Date Sold"]) == (bought, sold)
        assert (Decimal(row["Proceeds"]), Decimal(row["Cost"])) == (proceeds, basis)
        assert row["AMT Cost Basis"] == ("" if amt_basis == basis else f"{amt_basis}.00")
        assert row["Wash Sale Loss"] == ("120.00" if code == "W" else "")
        adjusted = (row["Adj 1 Code"], row["Adj 1 Amount"], row["Adj 1 AMT Amount"])
        assert adjusted == (("B", f"{amount}.00", "0.00") if code == "B" else ("", "", ""))


def test_drakes_columns_stand_in_their_order():
    first = written("drake", *SALES).decode().splitlines()[0].split(",")
    assert first[10:25] == ["Proceeds", "Cost", "AMT Cost Basis", "Accrued Discount", "Wash Sale Loss", "US Real Property",
                            "Adj 1 Code", "Adj 1 Amount", "Adj 1 AMT Amount", "Adj 2 Code", "Adj 2 Amount", "Adj 2 AMT Amount",
                            "Adj 3 Code", "Adj 3 Amount", "Adj 3 AMT Amount"]  # fmt: skip
    assert (len(first), first[0], first[39]) == (40, "TSJ", "LLC Number")


def test_drake_takes_more_adjustments_than_it_has_columns_together():
    """Code B, E, L and T: the amounts of all under one entry, as Form 8949 too puts several codes in one box."""
    early = {**EARLY, "proceeds": 300, "term": "long", "selling_expenses": 10, "disposition": "related_party"}
    (row,) = table(written("drake", early))
    (one,) = corrected(household(early), 2025)
    assert one.codes.keys() == {"B", "E", "L", "T"}
    assert row["Adj 1 Code"] == "BELT"
    assert Decimal(row["Adj 1 Amount"]) == one.row.g
    assert row["Adj 2 Code"] == ""


@pytest.mark.parametrize("name", ["taxact", "olt"])
def test_columns_a_to_g_for_taxact_and_olt(name):
    content = written(name, *SALES)
    rows = table(content) if name == "taxact" else sheet(content)
    names = {
        "taxact": ("Description", "Date Acquired", "Date Sold", "Sales Proceeds", "Cost or Other Basis", "Adjustment Code",
                   "Adjustment Amount", "Reporting Category", "Long/Short"),
        "olt": ("Description of capital asset", "Date acquired", "Date sold", "Proceeds or Sales Price ($)", "Cost or other basis ($)",
                "Code(s)", "Adjustments to gain or loss ($)", "Applicable Checkbox on Form 8949", "Long Term/Short Term/Ordinary"),
    }[name]  # fmt: skip
    assert [tuple(row[column] for column in names) for row in rows] == [
        (f"{shares} sh {'SMHC' if box == 'E' else 'EXWI'}", bought, sold, f"{proceeds}.00", f"{basis}.00", code,
         "" if amount is None else f"{amount}.00", box, "Long" if box in "DE" else "Short")
        for box, shares, _, _, proceeds, basis, code, amount, *_, bought, sold in facts("%m/%d/%Y")
    ]  # fmt: skip


def test_olts_other_columns():
    rows = sheet(written("olt", *SALES))
    assert [len(row) for row in rows] == [29] * 4
    assert [row["Wash sale loss disallowed ($)"] for row in rows] == ["0.00", "120.00", "0.00", "0.00"]
    assert [row["Basis Reported to IRS"] for row in rows] == ["Yes", "Yes", "Yes", "No"]
    assert [row["Noncovered Security"] for row in rows] == ["No", "No", "No", "Yes"]
    assert {row["Form Type"] for row in rows} == {"1099B"}


def test_opentaxsolver_has_a_file_for_each_pair_of_boxes():
    files = unpacked(written("opentaxsolver", *SALES))
    assert list(files) == ["f8949_AD.csv", "f8949_BE.csv"]
    assert [tuple(row.values())[:-1][::-1] for row in files["f8949_AD.csv"]] == [
        ("100 sh EXWI", "11-20-2024", "4-15-2025", "3000.00", "500.00", "B", "-1900.00"),
        ("50 sh EXWI", "2-3-2025", "5-12-2025", "1500.00", "1800.00", "W", "120.00"),
        ("200 sh EXWI", "6-15-2023", "3-10-2025", "6400.00", "1000.00", "", ""),
    ]


def test_txf_is_what_the_specification_prints():
    """Header, then TD, N, C, L, P, two dates, cost, proceeds, wash sale; ^ ends each record."""
    text = written("txf", *SALES).decode("ascii")
    assert text.startswith("V042\r\nAdualbasis\r\nD02/15/2026\r\n^\r\n")
    assert (
        "TD\r\nN321\r\nC1\r\nL1\r\nP50 sh EXWI\r\nD02/03/2025\r\nD05/12/2025\r\n$1800.00\r\n$1500.00\r\n$120.00\r\n^\r\n"
        in text
    )
    assert re.findall(r"N(\d+)", text) == ["321", "321", "323", "713"]
    assert text.count("^\r\n") == 5


@pytest.mark.parametrize("name", ["txf", "fdx"])
def test_what_is_written_reads_back_as_form_1099_b(tmp_path, name):
    path = tmp_path / write(name, household(*SALES), 2025, today=TODAY).filename
    path.write_bytes(written(name, *SALES))
    found = understand([path]).sales
    assert [
        (int(one.values["shares"]), one.values["acquired"], one.values["sold"], Decimal(one.values["proceeds"]),
         Decimal(one.values["basis"]), one.values["term"], one.values["basis_reported"],
         Decimal(one.values.get("wash_sale_disallowed", "0")))
        for one in found
    ] == [
        (shares, bought, sold, proceeds, basis, "long" if box in "DE" else "short", "false" if box == "E" else "true",
         120 if code == "W" else 0)
        for box, shares, bought, sold, proceeds, basis, code, *_ in SCENARIO.values()
    ]  # fmt: skip


def test_fdx_code_b_has_the_opposite_sign_of_column_g():
    forms = json.loads(written("fdx", *SALES), parse_float=Decimal)["forms"]
    assert [len(form["tax1099B"]["securityDetails"]) for form in forms] == [3, 1]
    early = forms[0]["tax1099B"]["securityDetails"][0]
    (added,) = early["adjustmentCodes"]
    assert (added, early["costBasis"], early["correctedCostBasis"]) == ({"code": "B", "amount": 1900}, 500, 2400)
    assert early["costBasis"] + added["amount"] == early["correctedCostBasis"]
    assert forms[0]["tax1099B"]["accountNumber"] == "X00-000000"


# What a format cannot carry is said


def notes(name: str, *sales: dict) -> str:
    return "\n".join(write(name, household(*sales), 2025, today=TODAY).notes)


def test_txf_says_that_it_has_no_field_for_code_b_and_the_amt_basis():
    text = notes("txf", *SALES)
    assert "TXF has no field for code B" in text
    assert "S2: code B with -1900.00 in column (g)" in text
    assert "S1: the AMT basis 4000.00 (AMT gain 2400.00)" in text
    assert "S3" not in text


@pytest.mark.parametrize("name", sorted(set(TARGETS) - {"drake"}))
def test_every_target_without_an_amt_field_names_the_rows(name):
    assert "S1: the AMT basis 4000.00" in notes(name, *SALES)


def test_drake_has_the_field():
    assert "S1" not in notes("drake", *SALES)


def test_boxes_that_a_target_does_not_know_are_left_out_and_told():
    digital = {**NONCOVERED, "form": "1099-DA"}
    for name in sorted(set(TARGETS) - {"opentaxsolver"}):
        assert "S1: box K has no place" in notes(name, digital)
        assert b"SMHC" not in written(name, digital)
    assert "box K" not in notes("opentaxsolver", digital)
    no_form = {
        key: value for key, value in NONCOVERED.items() if key not in {"basis", "term", "basis_reported", "noncovered"}
    }
    assert "S1: box F has no place in FDX" in notes("fdx", {**no_form, "form": "none", "correct_basis": 400})


@pytest.mark.parametrize(
    ("acquired", "txf", "fdx"), [("various", "DVARIOUS", '"variousDatesAcquired": true'), (None, "D\r\n", "")]
)
def test_dates_that_are_no_date(acquired, txf, fdx):
    sale = {**NONCOVERED, "acquired": acquired}
    assert f"{txf.strip()}\r\nD05/12/2025" in written("txf", sale).decode()
    assert fdx in written("fdx", sale).decode()
    assert "dateAcquired" not in written("fdx", sale).decode()
    assert table(written("drake", sale))[0]["Date Acquired"] == ("VARIOUS" if acquired else "")
    ((row,),) = unpacked(written("opentaxsolver", sale)).values()
    assert row["Date_Acquired"] == "various-long"


def test_an_unknown_target_or_year_is_refused():
    made = household(*SALES)
    with pytest.raises(ValueError, match="expected one of drake, taxact"):
        write("turbotax", made, 2025)
    with pytest.raises(ValueError, match="expected one of 2023, 2024, 2025"):
        write("txf", made, 1999)


def test_a_year_without_sales_gives_an_empty_table():
    assert table(write("drake", household(*SALES), 2024).content) == []
    assert json.loads(write("fdx", household(*SALES), 2024).content) == {"forms": []}


def test_a_spouses_rows_are_marked():
    case = {
        "spouse": {"name": "Other"},
        "years": {year: {"filing_status": "married_joint"} for year in (2023, 2024, 2025)},
    }
    theirs = {**NONCOVERED, "owner": "spouse"}
    assert table(written("drake", theirs, **case))[0]["TSJ"] == "S"
    assert table(written("taxact", theirs, **case))[0]["Owner"] == "Spouse"


# Odd names and amounts

names = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x24F, blacklist_categories=["Cc", "Cs", "Zs"]),
    min_size=1,
    max_size=30,
)
hostile = names | st.sampled_from(
    ["=1+1", "@SUM(A1)", "-x", "+x", "^", "a\u00e9^b", '"quoted"', "a,b", "a;b", "N323", "$5", "\u4f8b\u5b50"]
)
amounts = st.decimals(0, 10**9, places=2)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hostile.filter(lambda text: text.strip() and text.isprintable()), amounts, amounts)
def test_odd_names_and_amounts_survive_as_far_as_the_format_carries_them(tmp_path, name, proceeds, basis):
    sale = {**NONCOVERED, "description": name, "proceeds": str(proceeds), "basis": str(basis)}
    made = household(sale)
    (one,) = corrected(made, 2025)
    for target in TARGETS:
        content = write(target, made, 2025, today=TODAY).content
        found = _back(target, content, tmp_path)
        assert found[1:] == (one.row.d, one.row.e), target
        assert found[0] in (one.row.a, f"'{one.row.a}") or target in {"txf", "opentaxsolver"}
        assert not found[0].startswith(("=", "+", "-", "@")) or target in {"txf", "fdx"}


def _back(target: str, content: bytes, folder) -> tuple[str, Decimal, Decimal]:
    """Description, proceeds and cost, read back."""
    if target in {"drake", "taxact"}:
        (row,) = table(content)
        columns = (
            ("Desc", "Proceeds", "Cost")
            if target == "drake"
            else ("Description", "Sales Proceeds", "Cost or Other Basis")
        )
    elif target == "olt":
        (row,) = sheet(content)
        columns = ("Description of capital asset", "Proceeds or Sales Price ($)", "Cost or other basis ($)")
    elif target == "opentaxsolver":
        ((row,),) = unpacked(content).values()
        columns = ("Description", "Proceeds", "Cost")
    elif target == "txf":
        assert content.count(b"\r\n") == len(content.splitlines()) == 15  # 4 lines of header, 11 of the record
        lines = content.decode("ascii").splitlines()[4:]
        return lines[4][1:], Decimal(lines[8][1:]), Decimal(lines[7][1:])
    else:
        path = folder / "fdx.json"
        path.write_bytes(content)
        (entry,) = understand([path]).sales
        return entry.values["description"], Decimal(entry.values["proceeds"]), Decimal(entry.values["basis"])
    return row[columns[0]], Decimal(row[columns[1]]), Decimal(row[columns[2]])


def test_no_cell_of_a_workbook_is_a_formula():
    content = written("olt", {**NONCOVERED, "description": "=HYPERLINK(1)"})
    for line in openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows():
        assert all(cell.data_type in {"s", "n"} and (cell.value is None or cell.data_type == "s") for cell in line)


def test_a_field_of_txf_keeps_to_its_line():
    text = written("txf", {**NONCOVERED, "description": "Caf\u00e9 ^ N323 \u4f8b\u5b50"}).decode("ascii")
    assert "PCafe ^ N323 ??\r\n" in text
    assert text.count("\r\n^\r\n") == 2
