"""Readers of gains and losses, lots and 1099 tables (E*TRADE, Schwab, Fidelity): each known trap of their layouts."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from broker_samples import edited, read, sample

from worksheets.problems import CaseError
from worksheets.read.brokers import cells
from worksheets.read.case_file import read_case
from worksheets.read.importer import understand

# E*TRADE


@pytest.mark.parametrize("name", ["etrade_expanded", "etrade_expanded_xlsx", "etrade_classic"])
def test_shares_sold_are_not_shares_exercised(name):
    """Form 3921 box 5 is in no Gains & Losses file: 400 and 300 were exercised, 200 and 100 sold."""
    found = understand([sample(name)])
    assert [one.missing for one in found.exercises] == [("shares",), ("shares",)]
    assert "200 of them sold" in found.exercises[0].hints["shares"]
    assert {(one.values["exercise_date"], int(one.values["fmv"])) for one in found.exercises} == {
        ("2023-06-15", 20),
        ("2024-11-20", 24),
    }
    assert "shares:  # FILL IN: Form 3921 box 5" in found.case_yaml()


def test_box_1e_is_the_acquisition_cost_not_the_adjusted_basis():
    """Sale 2: $500.00 was paid and reported; $2,400.00 is with the $1,900.00 of pay, which box 1e may not hold."""
    assert [one.values["basis"] for one in understand([sample("etrade_expanded")]).sales] == ["1000.00", "500.00"]


def test_rows_that_look_alike_are_all_kept(tmp_path):
    row = edited("etrade_expanded").splitlines()[3]
    found = read(tmp_path, edited("etrade_expanded", (row, f"{row}\n{row}")))
    assert len(found.sales) == 3
    assert "200 of them sold" in found.exercises[1].hints["shares"]  # 100 + 100 of the second exercise


def test_a_wash_sale_split_gives_fractional_rows(tmp_path):
    """One order, one lot, two rows: 5.002 + 0.998 shares."""
    change = (",SO,100,", ",SO,5.002,")
    rest = edited("etrade_expanded").splitlines()[3].replace(",SO,100,", ",SO,0.998,")
    found = read(tmp_path, edited("etrade_expanded", change) + rest + "\n")
    assert [one.values["shares"] for one in found.sales] == ["200", "5.002", "0.998"]


@pytest.mark.parametrize("mangled", ["15at1900", "0at1900"])
def test_a_mangled_cell_in_a_column_not_needed_is_tolerated(tmp_path, mangled):
    found = read(tmp_path, edited("etrade_expanded", ("N,--,0,06/15/2023", f"N,{mangled},{mangled},06/15/2023")))
    assert not found.left
    assert len(found.sales) == 2


def test_a_mangled_date_that_is_needed_is_reported_and_stands_in_the_case(tmp_path):
    found = read(tmp_path, edited("etrade_expanded", ("SO,200,06/15/2023,", "SO,200,15at1900,")))
    assert [(left.line, left.why.partition(",")[0]) for left in found.left] == [(3, "acquired: read '15at1900'")]
    assert "acquired: 15at1900  # FILL IN" in found.case_yaml()
    (tmp_path / "case.yaml").write_text(found.case_yaml())
    with pytest.raises(CaseError, match=r"sales\[0\].acquired: read '15at1900'"):
        read_case(tmp_path / "case.yaml")


@pytest.mark.parametrize(
    ("plan", "kind", "is_iso"),
    [
        ("RS", "Restricted Stock Unit", False),
        ("ESPP", "", False),
        ("BUY", "", False),
        ("SO", "Nonqualified Stock Option", False),
        ("SO", "NQ", False),
        ("SO", "Incentive Stock Option", True),
        ("SO", "", True),
    ],
)
def test_shares_of_other_plans_are_no_iso(tmp_path, plan, kind, is_iso):
    text = edited("etrade_expanded", (",SO,", f",{plan},"), (",Incentive Stock Option,", f",{kind},"))
    found = read(tmp_path, text)
    assert [one.values.get("kind") for one in found.sales] == [None if is_iso else "other"] * 2
    assert bool(found.exercises) is is_iso
    assert found.sales[1].values["basis"] == "500.00"
    assert found.sales[1].values.get("correct_basis") == (None if is_iso else "2400.00")


def _with_wash_sale(adjustment: str, deferred: str) -> str:
    row = '$30.00,$0.00,"$2,500.00","$2,500.00",$600.00,$6.00,Short,Short,$0.00,'
    return edited(
        "etrade_expanded",
        (row, row.replace("$30.00,$0.00", f"$30.00,{deferred}").removesuffix("$0.00,") + f"{adjustment},"),
    )


@pytest.mark.parametrize(("adjustment", "deferred"), [("$16.03", "$16.03"), ("-$16.03", "--"), ("0", "$16.03")])
def test_either_wash_sale_column_gives_box_1g(tmp_path, adjustment, deferred):
    sale = read(tmp_path, _with_wash_sale(adjustment, deferred)).sales[1]
    assert sale.values["wash_sale_disallowed"] == "16.03"
    assert "box 1g" in sale.notes[0]


def test_wash_sale_columns_that_differ_are_left_to_a_person(tmp_path):
    found = read(tmp_path, _with_wash_sale("$16.03", "$20.00"))
    assert "wash_sale_disallowed" not in found.sales[1].values
    assert "box 1g" in found.left[0].why


def test_the_summary_row_must_tie(tmp_path):
    assert any(
        "rows give 300" in note
        for note in read(tmp_path, edited("etrade_expanded", ("Summary,,,300", "Summary,,,301"))).readings[0].notes
    )


@pytest.mark.parametrize(
    ("status", "reported"), [("Covered", "true"), ("Noncovered", "false"), ("Non-Covered", "false")]
)
def test_covered_status_counts_where_it_is_filled(tmp_path, status, reported):
    found = read(tmp_path, edited("etrade_expanded", ("Sell Stock Options,,", f"Sell Stock Options,{status},")))
    assert [one.values["basis_reported"] for one in found.sales] == [reported] * 2


# Schwab


def test_years_in_schwabs_header_may_change(tmp_path):
    text = edited("schwab_1099", ("in 2025 on closed", "in 2020 on closed"), ("12/31/2024", "12/31/2019"))
    assert len(read(tmp_path, text).sales) == 4


def test_schwabs_trailing_column_may_be_missing(tmp_path):
    text = "\r\n".join(line.removesuffix(',""') for line in edited("schwab_1099").splitlines())
    assert len(read(tmp_path, text).sales) == 4


def test_schwab_signs_a_disallowed_loss_both_ways(tmp_path):
    found = read(tmp_path, edited("schwab_lots", ('"Yes","$120.00"', '"Yes","-$120.00"')))
    assert found.sales[2].values["wash_sale_disallowed"] == "120.00"


def test_schwab_lots_need_no_title(tmp_path):
    assert len(read(tmp_path, "\n".join(edited("schwab_lots").splitlines()[1:])).sales) == 3


def test_awarded_shares_have_the_value_at_vesting_as_basis():
    """20 shares at $22.00 were income of $440.00 when they vested."""
    sale = understand([sample("schwab_awards")]).sales[0].values
    assert (Decimal(sale["correct_basis"]), sale["kind"], sale["acquired"]) == (440, "other", "2024-02-15")
    assert "basis" not in sale


def test_both_generations_of_the_award_history_read_alike():
    one, other = (understand([sample(name)]) for name in ("schwab_awards", "schwab_awards_json"))
    assert [entry.values for entry in one.entries] == [entry.values for entry in other.entries]


LAPSE = """{"Date": "02/15/2024", "Action": "Lapse", "Symbol": "EXWI", "TransactionDetails": [
    {"Details": {"AwardId": "R000001", "NetSharesDeposited": "20"}}]},"""


def test_a_lapse_counts_once_where_the_deposit_is_there(tmp_path):
    text = edited("schwab_awards_json", ('"Transactions": [', f'"Transactions": [{LAPSE}'))
    assert len(read(tmp_path, text, "sample.json").rows("acquisitions")) == 1
    lapse = understand([sample("schwab_awards_lapse")]).rows("acquisitions")
    assert [one.values["shares"] for one in lapse] == ["20"]  # 32 lapsed, 12 were withheld for taxes


def test_an_option_exercise_in_the_award_history_is_not_guessed(tmp_path):
    text = edited("schwab_awards_json", ('"Action": "Deposit"', '"Action": "Exercise and Hold"'))
    assert "Form 3921" in read(tmp_path, text, "sample.json").left[0].why


# Fidelity


def test_rows_that_end_in_a_carriage_return_alone_are_read():
    content = sample("fidelity_1099").read_bytes()
    assert b"\n" not in content
    assert [one.line for one in understand([sample("fidelity_1099")]).sales] == [4, 5, 6, 7]


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_other_line_ends_read_alike(tmp_path, end):
    text = edited("fidelity_1099").replace("\r", end)
    assert [one.values for one in read(tmp_path, text).entries] == [
        one.values for one in understand([sample("fidelity_1099")]).entries
    ]


def test_a_short_year_later_than_the_sale_is_of_the_century_before(tmp_path):
    found = read(tmp_path, edited("fidelity_1099", ("07/08/09", "07/08/87")))
    assert found.sales[3].values["acquired"] == "1987-07-08"


def test_an_empty_date_acquired_means_various(tmp_path):
    assert read(tmp_path, edited("fidelity_1099", ("07/08/09", ""))).sales[3].values["acquired"] == "various"


@pytest.mark.parametrize("word", ["UNCOVERED", "NONCOVERED"])
def test_only_covered_is_covered(tmp_path, word):
    text = edited("fidelity_1099")
    found = read(tmp_path, text[: text.rindex(",")] + f",{word}\r")
    assert [one.values["basis_reported"] for one in found.sales] == ["true", "true", "true", "false"]


def test_fidelitys_summary_must_tie(tmp_path):
    found = read(tmp_path, edited("fidelity_1099", ("0000000000012900.00", "0000000000012901.00")))
    assert "proceeds: the rows add up to 12900.00, the summary says 12901.00" in found.readings[0].notes


def test_no_quantity_column_means_shares_are_missing(tmp_path):
    found = read(tmp_path, edited("fidelity_1099", (",Quantity,", ",(unconfirmed 10),")))
    assert all(one.missing == ("corporation", "shares") for one in found.sales)


def test_the_term_is_the_gain_column_that_holds_a_number(tmp_path):
    text = edited("fidelity_lots", ('"$2,500.00", --,', " --, --,"))
    sale = read(tmp_path, text).sales[1]
    assert "term" not in sale.values
    assert sale.notes == ["no term: both gain columns are empty"]


def test_fidelity_without_a_symbol(tmp_path):
    found = read(tmp_path, edited("fidelity_lots", ("EXWI(000000AA0)", "undefined")))
    assert found.sales[0].values["description"] == "200 sh EXAMPLE WIDGETS INC COM"


def test_open_lots_give_the_grant_date_and_say_what_they_lack():
    (found,) = understand([sample("netbenefits_open")]).exercises
    assert found.values["grant_date"] == "2021-03-01"
    assert found.missing == ("corporation", "fmv", "shares")


@pytest.mark.parametrize("code", ["RS", "SP", "DO"])
def test_open_lots_of_other_plans_are_left_aside(tmp_path, code):
    assert not read(tmp_path, edited("netbenefits_open", (",SO,", f",{code},"))).entries


def test_a_workbook_may_hold_real_dates_and_numbers(tmp_path):
    book = openpyxl.load_workbook(sample("etrade_expanded_xlsx"))
    sheet = book.worksheets[0]
    for row in range(3, 5):
        for column, name in enumerate((cell.value for cell in sheet[1]), 1):
            cell = sheet.cell(row, column)
            text = str(cell.value or "")
            if name in {"Date Acquired", "Date Sold"}:
                cell.value = dt.datetime.fromisoformat(cells.day(text))
            elif name in {"Total Proceeds", "Acquisition Cost"}:
                cell.value = float(cells.money(text))
    stream = io.BytesIO()
    book.save(stream)
    found = read(tmp_path, stream.getvalue(), "sample.xlsx").sales
    expected = understand([sample("etrade_expanded_xlsx")]).sales
    assert [one.values["sold"] for one in found] == [one.values["sold"] for one in expected]
    assert [Decimal(one.values["basis"]) for one in found] == [1000, 500]
