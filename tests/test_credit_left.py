"""The credit that the last year leaves: line 21 of a Form 8801 that is not due yet, worked by hand."""

from decimal import Decimal

import pytest
from audit_page import Page
from households import exercise, sale, worked
from packets import irs

from worksheets.case import Case
from worksheets.credit_left import CreditLeft, credit_left, credit_parts
from worksheets.household import Household, work
from worksheets.paper.entry_sheet import csv_text
from worksheets.paper.front import front_text, front_years
from worksheets.paper.letters import letters
from worksheets.paper.report import audit_html
from worksheets.paper.schedules import schedules_text
from worksheets.pricing import price, stake
from worksheets.session import Session, open_case

D = Decimal

# Single 2025: wages 225,000 with the 35,000 that Form W-2 shows for 500 of 4,000 shares (spread 70) sold at 90 in the
# year of exercise. Line 2i 3,500 x 70 = 245,000.
# As corrected: gain 45,000 - 40,000 = 5,000; AGI 230,000, taxable 214,250; tax 40,199 + 32% of 16,950 = 45,623. AMTI
# 475,000 less 88,100: 386,900; 26% of 239,100 and 28% of 147,800 = 103,550. AMT 57,927.
# As reported: gain 45,000 - 5,000 = 40,000; taxable 249,250; tax 40,199 + 32% of 51,950 = 56,823. AMTI 510,000 less
# 88,100: 421,900; 62,166 + 28% of 182,800 = 113,350. AMT 56,527.
# Exclusion items of 2026, line 10: 230,000 - 88,100 = 141,900, 26% = 36,894, below 45,623: line 17 is 0 (likewise as
# reported: 26% of 176,900 = 45,994, below 56,823).
ONE_YEAR = {
    "case": "1",
    "taxpayer": {"name": "Sample Taxpayer"},
    "exercises": [{"id": "E1", "corporation": "Example Corp", **exercise("2023-03-01", "2025-04-14", 4000, 10, 80)}],
    "sales": [
        {
            "id": "S1",
            "corporation": "Example Corp",
            "acquired": "2025-04-14",
            **sale("2025-11-03", 500, 45000, basis="5000", term="short", basis_reported="true", pay_reported="35000"),
        }
    ],
    "years": {2025: {"filing_status": "single", "wages": "225000"}},
}


def one_year() -> Session:
    return open_case({**ONE_YEAR, "case": 1})


@pytest.fixture(scope="module")
def household() -> Household:
    return work(Case.model_validate(ONE_YEAR))


def test_the_amt_of_the_last_year_is_credit_of_the_next(household):
    done = household.years[2025].tax_return
    assert credit_parts(done) == CreditLeft(2026, D(57927), D(0), D(0), D(57927))


def test_exclusion_items_take_their_part():
    # Single 2023: wages 300,000, itemized 100,000, all of it taxes. Tax on 200,000: 37,104 + 32% of 17,900 = 42,832.
    # Line 2i 1,000 x 50: AMTI 350,000 less 81,300 = 268,700; 26% of 220,700 and 28% of 48,000 = 70,822; AMT 27,990.
    # 2024, Form 8801: 300,000 - 81,300 = 218,700, 26% = 56,862, less 42,832: line 17 is 14,030; line 21 13,960.
    year = {"filing_status": "single", "wages": "300000", "deduction": {"itemized": "100000", "taxes": "100000"}}
    done = worked([exercise("2022-01-10", "2023-06-03", 1000, 10, 60)], [], {2023: year}).years[2023].tax_return
    assert credit_parts(done) == CreditLeft(2024, D(27990), D(14030), D(0), D(13960))


def test_it_is_what_the_next_year_works_by_itself():
    # CONTRACT, 2024 of the IRS example: line 16 39,146, line 17 0, line 21 39,146; line 26 5,769 is line 19 of 2025.
    years = irs().household.years
    assert credit_parts(years[2023].tax_return) == CreditLeft(2024, D(39146), D(0), D(0), D(39146))
    assert credit_parts(years[2024].tax_return) == CreditLeft(2025, D(0), D(0), D(5769), D(5769))
    assert credit_left(years[2024].tax_return) == years[2025].tax_return.f8801.credit_available


def test_the_last_year_that_has_forms_hands_on_too():
    # Single 2026, no form of 2027 yet: an AMT of that year is line 16 all the same.
    year = {"filing_status": "single", "wages": "150000"}
    done = worked([exercise("2025-01-10", "2026-06-03", 10000, 10, 60)], [], {2026: year}).years[2026].tax_return
    found = credit_parts(done)
    assert (found.year, found.amt, found.carried) == (2027, done.f6251.amt, 0)
    assert found.total == found.amt - found.exclusion_part > 0


def test_what_filing_as_reported_costs_counts_it(household):
    # 103,550 against 113,350: 9,800 too high; credit 57,927 against 56,527: 1,400 less. Together 11,200.
    found = price(household)
    assert (found.total, found.kept, found.lost) == (-9800, -1400, 11200)
    assert stake(household) == (
        "Filed as the brokers report it, the tax of 2025 would be $9,800 too high. Besides, $1,400 less minimum tax "
        "credit would be left for later years than is right: $11,200 in all."
    )


def test_no_amt_book_is_priced_where_the_books_agree(household):
    # The only sale is of the year of exercise: both books have it alike, and there is no line 2k.
    assert price(household).amt_book_alone is None
    assert "The AMT basis and line 2k alone" not in audit_html(one_year())


def test_the_price_says_when_all_of_it_is_the_amt_basis():
    # Right box 1e, sold late: nothing is wrong on the form, and line 2k is all that is missing.
    years = {
        2023: {"filing_status": "single", "wages": "150000", "prior_year": {"form_6251": {"11": "0"}}},
        2024: {"filing_status": "single", "wages": "150000"},
    }
    late = sale("2024-06-04", 2000, 100000, basis="20000", term="long", basis_reported="true", acquired="2023-06-03")
    told = stake(worked([exercise("2022-01-10", "2023-06-03", 2000, 10, 60)], [late], years))
    assert "too high, because no Form 1099-B shows the AMT basis." in told


def test_no_price_no_sentence():
    assert stake(worked([], [], {2023: {"filing_status": "single"}})) is None


def test_the_audit_the_front_page_the_schedule_and_the_memo_name_it():
    session = one_year()
    rows = [[cell.text for cell in row.all("th", "td")] for row in Page(audit_html(session)).root.all("tr")]
    assert ["Minimum tax credit (line 21 of Form 8801 for 2026)", "56,527", "57,927", "1,400"] in rows
    years = front_years(session, session.result(), session.household.years)
    front = text_of_markup(front_text(session, years, []))
    assert (
        "AMT of 57,927 goes into Form 8801 of 2026, lines 16 to 21; exclusion items account for none of it: " in front
    )
    assert "Credit for 2026, line 21: 57,927." in text_of_markup(schedules_text(session.household, 2025))
    sheet = [line for line in csv_text(years[0].view).splitlines() if "Credit for 2026" in line]
    assert len(sheet) == 1
    assert sheet[0].endswith(',57927,"keep; Form 8801 of 2026, line 21"')
    memo = " ".join(letters(session)["cpa-memo-2025.txt"].decode().split())
    assert "Form 8801 line 21 Of 2026: credit to use, from AMT of 2025 57,927" in memo


def text_of_markup(text: str) -> str:
    return Page(f"<div>{text}</div>").root.text
