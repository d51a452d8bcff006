"""How amounts, dates and numbers are printed."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksheets.form import Rounding
from worksheets.paper.money import amount, composed, day, masked_account, masked_ssn

DOLLARS, CENTS = Rounding("dollars"), Rounding("cents")


@pytest.mark.parametrize(
    ("value", "rounding", "parens", "shown"),
    [
        ("1234", DOLLARS, False, "1,234"),
        ("1234.50", DOLLARS, False, "1,235"),  # Form 8949 instructions: $1.50 becomes $2
        ("1.49", DOLLARS, False, "1"),
        ("-118000", DOLLARS, False, "(118,000)"),
        ("0", DOLLARS, False, "0"),
        ("-0.4", DOLLARS, False, "0"),
        ("1234567.8", CENTS, False, "1,234,567.80"),
        ("-0.05", CENTS, False, "(0.05)"),
        ("3000", DOLLARS, True, "3,000"),  # the form prints the parentheses
        ("-3000", DOLLARS, True, "-3,000"),
    ],
)
def test_amounts(value, rounding, parens, shown):
    assert amount(Decimal(value), rounding, parens=parens) == shown


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=4))
def test_an_amount_reads_back_as_what_was_rounded(value):
    shown = amount(value, CENTS)
    read = Decimal(shown.strip("()").replace(",", "")) * (-1 if shown.startswith("(") else 1)
    assert read == CENTS(value)


def test_dates():
    assert day(date(2024, 1, 18)) == "01/18/2024"
    assert day("VARIOUS") == "VARIOUS"


def test_numbers_are_masked_but_for_their_end():
    assert masked_ssn("400-00-0001") == "***-**-0001"
    assert masked_ssn(None) == masked_account(None) == ""
    assert masked_account("X123456789") == "…6789"
    assert masked_account("6789") == "…"


def test_a_letter_and_its_accent_become_one_character():
    assert composed("Zoe\u0308") == "Zoë"
