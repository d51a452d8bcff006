"""Readers of statements and records (Robinhood, IBKR, Shareworks, TXF, OFX, FDX): each known trap, and single cells."""

from __future__ import annotations

import pytest
from broker_samples import edited, read, sample

from worksheets.read.brokers import cells
from worksheets.read.importer import understand

# Robinhood, IBKR, text


def test_robinhoods_header_row_begins_like_its_rows():
    assert len(understand([sample("robinhood")]).sales) == 4


def test_code_x_has_no_term_and_no_reported_basis(tmp_path):
    found = read(tmp_path, edited("robinhood", ("LONG,N,,0,,D", ",N,,0,,X")))
    assert found.sales[0].values["basis_reported"] == "false"
    assert "term" not in found.sales[0].values


@pytest.mark.parametrize("row", ["LONG,N,,0,,F,,,,,,", "LONG,N,,0,,D,,,,,Y,"])
def test_no_form_1099_b_leaves_out_what_only_the_form_shows(tmp_path, row):
    """By the code F, or by the flag FORM 1099 NOT REC."""
    sale = read(tmp_path, edited("robinhood", ("LONG,N,,0,,D,,,,,,", row))).sales[0]
    assert sale.values["form"] == "none"
    assert not sale.values.keys() & {"basis", "basis_reported", "noncovered", "term"}
    assert "1000.00" in sale.notes[0]


@pytest.mark.parametrize("letter", ["A", "D"])
def test_ibkrs_part_ii_may_use_either_letters(tmp_path, letter):
    text = edited("ibkr", ("Part,II,\nBox,A,", f"Part,II,\nBox,{letter},"))
    assert read(tmp_path, text).sales[2].values["term"] == "long"


def test_shareworks_passes_over_summaries_and_other_options(tmp_path):
    text = edited("shareworks")
    summary = "Exercise (ERH-0A1B2C3D)\nTransaction Date: 15-Jun-2023\n05-Feb-2020 $18.71USD 250\n"
    nso = text[text.index("Exercise (ERH-0A1B2C3E)") :].replace("(ISO)", "(NSO)").replace("0A1B2C3E", "0A1B2C3F")
    found = read(tmp_path, f"{text}\n{summary}{nso}".replace("Exercise Method", "Exercise\u200b Method"), "sample.txt")
    assert len(found.exercises) == 2
    assert "NSO" in found.left[0].why


def test_shareworks_amounts_must_tie(tmp_path):
    """(20.00 - 5.00) x 400 = 6,000.00."""
    found = read(tmp_path, edited("shareworks", ("$6,000.00 USD", "$6,100.00 USD")), "sample.txt")
    assert found.exercises[0].notes == ["value less price gives 6000.00, the statement says 6100.00 subject to AMT"]


def test_shareworks_releases_are_other_shares_got(tmp_path):
    text = (
        "Company: Example Widgets\nShare Units - Release (RB0A1B2C)\nRelease Date: 15-Feb-2024\nQuantity Released: 32\n"
    )
    found = read(tmp_path, text + "Net Amount of Shares Issued: 20\nGrant Date: 15-Feb-2022\n", "sample.txt")
    (got,) = found.rows("acquisitions")
    assert got.values == {"corporation": "Example Widgets", "date": "2024-02-15", "shares": "20", "kind": "RSU"}


# TXF, OFX, FDX


def test_txf_takes_summaries_only_where_there_are_no_details(tmp_path):
    both = edited("txf") + "TS\r\nN321\r\nP summary\r\nD\r\nD05/12/2025\r\n$2300.00\r\n$4500.00\r\n^\r\n"
    assert len(read(tmp_path, both, "a.txf").sales) == 4
    assert len(read(tmp_path, edited("txf", ("TD", "TS")), "b.txf").sales) == 4


@pytest.mark.parametrize(
    ("number", "term", "reported"),
    [("321", "short", "true"), ("711", "short", "false"), ("323", "long", "true"), ("713", "long", "false"),
     ("673", None, "true"), ("715", None, "false")],
)  # fmt: skip
def test_txf_reference_numbers_tell_term_and_box(tmp_path, number, term, reported):
    sale = read(tmp_path, edited("txf", ("N323", f"N{number}")), "sample.txf").sales[0].values
    assert (sale.get("term"), sale.get("basis_reported")) == (term, reported)


@pytest.mark.parametrize("number", ["712", "714", "716"])
def test_txf_numbers_without_form_1099_b(tmp_path, number):
    sale = read(tmp_path, edited("txf", ("N323", f"N{number}")), "sample.txf").sales[0].values
    assert sale["form"] == "none"
    assert "basis" not in sale


def test_txf_writes_amounts_and_dates_in_several_ways(tmp_path):
    text = edited("txf", ("$1000.00", "$1,000.00"), ("D06/15/2023", "DVARIOUS"), ("D02/15/2026", "D 02/15/2026"))
    sale = read(tmp_path, text.replace("$120.00\r\n", ""), "sample.txf").sales[0].values
    assert (sale["basis"], sale["acquired"]) == ("1000.00", "various")


def test_txf_cost_stands_before_proceeds_and_an_unknown_one_is_not_zero(tmp_path):
    sale = read(tmp_path, edited("txf", ("$1000.00\r\n", "$\r\n")), "sample.txf").sales[0].values
    assert "basis" not in sale
    assert sale["proceeds"] == "6400.00"


def test_a_txf_record_with_a_field_too_few_is_not_understood(tmp_path):
    found = read(tmp_path, edited("txf", ("$1000.00\r\n$6400.00\r\n$\r\n", "$1000.00\r\n")), "sample.txf")
    assert len(found.sales) == 3
    assert found.left[0].line == 5


def test_ofx_without_end_tags_reads_like_xml():
    found = understand([sample("ofx_sgml")]).sales
    assert [one.values["acquired"] for one in found] == ["2023-06-15", "various", "2009-07-08"]
    assert found[0].values["description"] == "200 sh EXAMPLE WIDGETS & SONS INC"
    assert found[0].values["broker"] == "Example Broker LLC"
    assert "basis" not in found[2].values


@pytest.mark.parametrize("version", ["taxDataList", "forms", None])
def test_fdx_versions_keep_the_record_in_different_places(tmp_path, version):
    text = edited("fdx_1099b")
    wrapped = f'{{"{version}": [{text}]}}' if version else text
    assert len(read(tmp_path, wrapped, "sample.json").sales) == 4


def test_fdx_version_5_names_of_form_3921(tmp_path):
    text = """{"taxDataList": [{"tax3921": {"transferorNameAddress": {"name1": "Transferor Inc"},
        "corporateNameAddress": {"name1": "Parent Corp"}, "optionGrantDate": "2021-03-01",
        "optionExerciseDate": "2023-06-15", "exercisePrice": 5.123456, "exerciseMarketValue": 20, "numberOfShares": 10.5}}]}"""
    (found,) = read(tmp_path, text, "sample.json").exercises
    assert (found.values["corporation"], found.values["exercise_price"]) == ("Parent Corp", "5.123456")
    assert found.values["shares"] == "10.5"


def test_fdx_code_b_is_what_the_basis_lacks_and_box_1e_stays():
    """500 + 1,900 = 2,400: the sign is the opposite of Form 8949 column (g)."""
    sale = understand([sample("fdx_1099b")]).sales[1]
    assert sale.values["basis"] == "500.00"
    assert sale.notes == ["the file corrects the basis to 2400.00; box 1e stays 500.00"]


def test_fdx_code_b_with_the_sign_of_column_g_is_told(tmp_path):
    found = read(tmp_path, edited("fdx_1099b", ('"amount": 1900.0', '"amount": -1900.0')), "sample.json")
    assert found.sales[1].notes[0] == "code B is signed as Form 8949 column (g)"


def test_json_decimals_stay_exact(tmp_path):
    text = edited("fdx_1099b", ('"costBasis": 1000.0', '"costBasis": 0.10000000000000000555'))
    assert read(tmp_path, text, "sample.json").sales[0].values["basis"] == "0.10000000000000000555"


# Cells


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$2,805.72", "2805.72"),
        ("0000000000008180.00", "8180.00"),
        ("$3621.38 ", "3621.38"),
        ("1,000.00 ", "1000.00"),
        ("+ $5,400.00", "5400.00"),
        ("12.5 USD", "12.50"),
        ("361.32", "361.32"),
        ("0", "0"),
        ("$0.00", "0.00"),
        (" --", ""),
        ("N/A", ""),
    ],
)
def test_money_as_brokers_print_it(text, value):
    assert cells.money(text) == value


@pytest.mark.parametrize(
    "text", ["1,00", "1.000,00", "1e5", "12..5", "$-", "15at1900", "(1", "--5", "1234567890123456", "€5", "-$16.03"]
)
def test_money_that_is_not_guessed(text):
    with pytest.raises(ValueError, match="amount"):
        cells.money(text)


@pytest.mark.parametrize("text", ["-$16.03", "($16.03)", "$16.03", "+16.03"])
def test_a_size_has_no_sign(text):
    assert cells.size(text) == "16.03"


@pytest.mark.parametrize(
    "text",
    ["03/10/2025", "3/10/2025", "2025-03-10", "20250310", "20250310120000[-5:EST]", "10-Mar-2025", "10-MAR-2025", "Mar-10-2025",
     "MAR/10/2025", "2025-03-10T00:00:00"],
)  # fmt: skip
def test_dates_as_brokers_print_them(text):
    assert cells.day(text) == "2025-03-10"


@pytest.mark.parametrize(
    "text", ["13/10/2025", "02/30/2025", "03/10/25", "10.03.2025", "2025", "15at1900", "Foo-10-2025"]
)
def test_dates_that_are_not_guessed(text):
    with pytest.raises(ValueError, match="date"):
        cells.day(text)


@pytest.mark.parametrize("text", ["Short", "Short Term", "SHORT TERM", "Short-term", "s"])
def test_terms_are_told_by_their_first_letter(text):
    assert cells.term(text) == "short"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("100 sh. XYZ Co.", ("100", "XYZ Co.")),
        ("200.00 EXAMPLE WIDGETS INC", ("200", "EXAMPLE WIDGETS INC")),
        ("1,000.5 shares of XYZ", ("1000.5", "XYZ")),
        ("3M COMPANY", ("", "")),
        ("XYZ 100", ("", "")),
    ],
)
def test_shares_at_the_beginning_of_a_description(text, found):
    assert cells.leading_shares(text) == found
