"""Every amount of forms/amounts.yaml that Forms 6251 and 8801 and Schedule D print is the one printed, line by line.

Form 8801 prints the amounts of the year before. Each place where a form prints an amount is read from the blank's text
for all filing statuses; amounts that our files derive (the 28% subtraction, the married-separate limit of line 4) are
read likewise. What these forms do not print is listed with where it is printed.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

import pytest
from official_blanks import blank, pinned, table

from worksheets.amounts import STATUSES, Law
from worksheets.amounts import table as amounts

PRINTED_ELSEWHERE = {
    "standard_deduction": "Form 1040, margin",
    "additional_standard_deduction": "Form 1040 instructions",
    "bracket_tops": "Tax Table and Tax Computation Worksheet",
    "tax_rates": "Tax Computation Worksheet",
    "tax_table_limit": "Form 1040 instructions",
    "tax_table_rows": "Tax Table",
    "collectibles_rate": "Schedule D Tax Worksheet",
    "option_limit_unadjusted_before": "Form 8949 instructions",
}
STATUS_WORDS = {
    "single": "single",
    "married_joint": "married filing jointly",
    "married_separate": "married filing separately",
    "head_of_household": "head of household",
    "surviving_spouse": r"qualifying (?:surviving spouse|widow\(er\))",
}
MONEY = r"\$?\s?([\d,]+\d)"

Amounts = dict[str, Decimal]  # by filing status


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def by_clause(text: str) -> Amounts:
    """Amounts printed as "$1 if single or head of household; $2 if …": an amount, then whose it is."""
    found = {}
    for amount, whose in re.findall(MONEY + r" if ([^$]*)", text):
        found.update({status: number(amount) for status, words in STATUS_WORDS.items() if re.search(words, whose)})
    return found


def of_the_table(column: int) -> Callable[[str], Amounts]:
    """Amounts printed in the table of line 5: whose they are, then two columns of amounts."""

    def read(text: str) -> Amounts:
        rows = re.findall(rf"([A-Za-z][a-z() ]+?)[ .]*{MONEY}[ .]+{MONEY}", text)
        return {
            status: number(row[column])
            for row in rows
            for status, words in STATUS_WORDS.items()
            if re.search(words, row[0].lower())
        }

    return read


def halved(before: str, after: str = "") -> Callable[[str], Amounts]:
    """An amount printed with another in parentheses for those who are married filing separately."""

    def read(text: str) -> Amounts:
        pattern = rf"{before}\(?{MONEY}\)?{after},? (?:or )?(?:if married filing separately, )?\({MONEY}"
        whole, separate = re.search(pattern, text).groups()
        return dict.fromkeys(STATUSES, number(whole)) | {"married_separate": number(separate)}

    return read


def separate_only(text: str) -> Amounts:
    return {"married_separate": number(re.search("more than " + MONEY, text)[1])}


def rate(which: int) -> Callable[[str], Amounts]:
    """A rate printed as "25% (0.25)", the first or second of its line."""
    return lambda text: dict.fromkeys(STATUSES, Decimal(re.findall(r"by \d+% \((0\.\d+)\)", text)[which]))


class Place(NamedTuple):
    """Where a form prints an amount of the law, and how to read it there."""

    form: str
    page: int
    line: str
    amount: str
    read: Callable[[str], Amounts]


def tax_line(form: str, page: int, line: str) -> list[Place]:
    """A line that prints the breakpoint, both rates and the subtraction."""
    return [
        Place(form, page, line, "breakpoint", halved("", " or less")),
        Place(form, page, line, "high_rate_subtraction", halved("subtract ")),
        Place(form, page, line, "amt_rate_low", rate(0)),
        Place(form, page, line, "amt_rate_high", rate(1)),
    ]


PLACES = [
    Place("f6251", 1, "4", "exemption_used_up", separate_only),
    Place("f6251", 1, "5", "phaseout_start", of_the_table(1)),
    Place("f6251", 1, "5", "exemption", of_the_table(2)),
    *tax_line("f6251", 1, "7"),
    *tax_line("f6251", 2, "18"),
    Place("f6251", 2, "19", "zero_rate_top", by_clause),
    Place("f6251", 2, "25", "fifteen_rate_top", by_clause),
    Place("f6251", 2, "31", "gains_rate_middle", rate(0)),
    Place("f6251", 2, "34", "gains_rate_top", rate(0)),
    Place("f6251", 2, "37", "unrecaptured_1250_rate", rate(0)),
    *tax_line("f6251", 2, "39"),
    Place("f8801", 1, "4", "exemption_used_up", separate_only),
    Place("f8801", 1, "5", "exemption", by_clause),
    Place("f8801", 1, "6", "phaseout_start", by_clause),
    Place("f8801", 1, "8", "phaseout_rate", rate(0)),
    *tax_line("f8801", 1, "11"),
    *tax_line("f8801", 3, "33"),
    Place("f8801", 3, "34", "zero_rate_top", by_clause),
    Place("f8801", 3, "40", "fifteen_rate_top", by_clause),
    Place("f8801", 4, "46", "gains_rate_middle", rate(0)),
    Place("f8801", 4, "49", "gains_rate_top", rate(0)),
    Place("f8801", 4, "52", "unrecaptured_1250_rate", rate(0)),
    *tax_line("f8801", 4, "54"),
    Place("f1040sd", 2, "21", "capital_loss_limit", halved("")),
]
NAMES = {  # in forms/amounts.yaml, where the name in `Law` is another; None: derived there
    "exemption": "amt_exemption",
    "phaseout_start": "amt_phaseout_start",
    "phaseout_rate": "amt_phaseout_rate",
    "breakpoint": "amt_breakpoint",
    "exemption_used_up": None,
    "high_rate_subtraction": None,
}


def year_of_amounts(place: Place, year: int) -> int:
    return year - 1 if place.form == "f8801" else year


CASES = [(place, year) for place in PLACES for name, year in sorted(pinned()) if name == place.form]


@pytest.mark.parametrize(("place", "year"), CASES, ids=[f"{p.form}-{y}-{p.line}-{p.amount}" for p, y in CASES])
def test_the_amount_is_printed(place, year):
    printed = place.read(blank(place.form, year).section(place.page, place.line))
    held = {status: getattr(Law(year_of_amounts(place, year), status), place.amount) for status in printed}
    assert printed == held
    assert set(printed) == ({"married_separate"} if place.read is separate_only else set(STATUSES))


def test_no_amount_is_left_out():
    # A new amount must be checked here or be named with where it is printed.
    checked = {NAMES.get(place.amount, place.amount) for place in PLACES} - {None}
    assert checked | set(PRINTED_ELSEWHERE) == set(amounts()) - {"draft_years"}
    assert not checked & set(PRINTED_ELSEWHERE)


def test_the_amounts_of_every_year_are_checked_where_a_blank_prints_them():
    # The years left over are those of which neither Form 6251 nor the next year's Form 8801 is pinned in blanks.yaml;
    # their figures rest on the source given in amounts.yaml alone.
    years = {int(year) for year in amounts()["amt_exemption"]["years"]}
    checked = {year_of_amounts(place, year) for place, year in CASES if place.amount == "exemption"}
    left_over = years - checked
    assert all(("f6251", year) not in pinned() and ("f8801", year + 1) not in pinned() for year in left_over)
    assert all("Form 8801" in amounts()["amt_exemption"]["years"][str(year)]["source"] for year in left_over)
    assert len(left_over) == 1, "one year more without an official form: pin its blank"
    assert set(table()) >= set(pinned())
