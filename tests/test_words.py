"""What the packet tells its reader to do, in words and figures worked by hand."""

from decimal import Decimal

import pytest
from audit_page import LOT, YEARS, Page, made
from households import exercise, sale, single

from worksheets.audit import audit
from worksheets.paper.entry_sheet import sale_entries
from worksheets.paper.front import front_text, front_years
from worksheets.paper.letters import letters
from worksheets.paper.memo import Memo
from worksheets.paper.report import Report, audit_html, audit_pdf
from worksheets.paper.report_findings import counts
from worksheets.paper.schedules import YearSchedules
from worksheets.session import Session

D = Decimal
CARE = {"filing_status": "single", "wages": "150000"}
NO_AMT = {"prior_year": {"form_6251": {"11": "0"}}}


def front(session: Session) -> str:
    years = front_years(session, session.result(), session.household.years)
    return Page(f"<div>{front_text(session, years, [])}</div>").root.text


def unvested() -> Session:
    """10,000 shares at 0.50, worth 0.60; 3,000 of them vest at 4, 3,000 at 9; 5,000 sold early, box 12 not checked.

    First in, first out 4,000 that were vested and 1,000 of those that vested on 2024-02-01.
    """
    vesting = [
        {"date": "2024-02-01", "shares": "3000", "fmv": "4"},
        {"date": "2025-02-01", "shares": "3000", "fmv": "9"},
    ]
    bought = exercise("2023-01-15", "2023-02-01", 10000, "0.50", "0.60", section_83b=True, vesting=vesting)
    row = sale("2024-11-20", 5000, 40000, basis="2500", term="long", basis_reported=False, pay_reported="0")
    years = {2023: {**CARE, **NO_AMT}, 2024: CARE}
    return made([bought], [{**row, "acquired": "2023-02-01"}], years)


def test_the_basis_to_key_in_is_column_e_as_it_stands():
    # 4,000 shares: 2,000 paid, pay 4,000 x 0.10 = 400; basis 2,400, gain 32,000 - 2,400 = 29,600. 1,000 shares: 500
    # paid, pay 1,000 x (4 - 0.50) = 3,500; basis 4,000, gain 8,000 - 4,000. Boxes E and B: column (e) is the right one.
    session = unvested()
    rows = [
        (one.pairing.row.box, one.reported, one.pairing.row.e, one.pairing.row.h)
        for one in sale_entries(YearSchedules(session.household, session.household.years[2024]))
    ]
    assert sorted(rows) == [("B", 500, 4000, 4000), ("E", 2000, 2400, 29600)]
    assert "boxes B and E, 2 with a code and an adjustment; column (e) is the right basis, as none was" in front(
        session
    )


def test_a_reported_basis_stays_in_column_e():
    # Box 12 checked: 100 shares, 1,000 shown, 5,000 right (1,000 paid, 40 x 100 pay): box A, (e) 1,000 (g) (4,000).
    row = sale("2024-01-18", 100, 5500, basis="1000", basis_reported=True, term="short", pay_reported="4000")
    other = sale("2024-01-19", 50, 2750, basis="500", noncovered=True, basis_reported=False, pay_reported="2000")
    lot = exercise("2021-06-01", "2023-03-13", 200, 10, 50)
    session = made([lot], [row], YEARS)
    assert "; column (e) keeps the basis reported on Form 1099-B. " in front(session)
    both = front(made([lot], [row, other], YEARS))
    assert "column (e) keeps the basis reported in box A and is the right basis in box B. " in both


def test_pay_that_no_form_w2_shows_is_asked_for_before_it_is_entered():
    told = front(unvested())
    assert "box 1 holds none of the 3,900 of pay from early sales" in told
    assert (
        "Ask the employer for Form W-2c (a letter is ready); without it, enter the 3,900 that no Form W-2 shows on "
        "Schedule 1 line 8k." in told
    )


def test_payroll_can_check_the_pay_of_shares_that_vested_later():
    text = " ".join(letters(unvested())["employer-example-corp-2024.txt"].decode().split())
    assert (
        "The income is $3,900: 4,000 shares by the value at exercise on February 1, 2023, $0.60, less the price of "
        "$0.50: $400; 1,000 shares by the value at vesting on February 1, 2024, $4, less the price of $0.50: $3,500 "
        "(Internal Revenue Code section 421(b))." in text
    )
    assert "worth $0.60, vested on February 1, 2024" in text


def test_what_no_key_of_the_case_settles_says_so():
    page = audit_html(unvested())
    assert "Not settled: how the pay is measured" in page
    assert "Ask a tax professional. Nothing goes into the case file." in page
    assert "Sold within days of a test" not in page
    assert "Not settled: how the pay is measured" in " ".join(
        one.get_textpage().get_text_bounded().replace("\r\n", " ") for one in _pages(audit_pdf(unvested()))
    )


def _pages(pdf):
    import pypdfium2

    return list(pypdfium2.PdfDocument(pdf))


def test_years_of_stock_only_are_not_called_ready_without_more():
    # 45 x 1,000 on line 2i, and no wages: whether AMT is due is not known.
    session = made([exercise("2022-01-10", "2023-06-03", 1000, 5, 50)], [], single(2023))
    told = front(session)
    assert "Ready to file" not in told
    assert "Nothing is open, but of 2023 this packet has stock figures only: whether AMT is due is not worked." in told
    assert "stock figures only: whether AMT is due is not worked" in audit_html(session)
    memo = letters(session)["cpa-memo-2023.txt"].decode()
    assert "Stock figures only: whether AMT is due is not worked." in " ".join(memo.split())


def test_a_year_of_stock_only_has_no_wages_that_hold_pay():
    row = sale("2024-01-18", 100, 5500, basis="1000", term="short")
    (one,) = [
        one for one in audit(made([LOT], [row], single(2023, 2024)).household)[2024] if one.code == "w2_pay_assumed"
    ]
    assert "the wages are taken" not in one.message
    assert "Form W-2, which the case does not give, is taken to hold exactly that." in one.message


def filed() -> Session:
    """2,000 shares at a spread of 70, 500 sold the same year: line 2i 105,000; filed as 140,000, and more besides."""
    row = sale("2025-11-03", 500, 45000, basis="5000", term="short", basis_reported=True, pay_reported="35000")
    lines = {"6251": {"2i": "140000", "11": "30000"}, "1040": {"15": "214251", "16": "45000", "1a": "224000"}}
    year = {"filing_status": "single", "wages": "225000", "as_filed": lines}
    return made([exercise("2023-03-01", "2025-04-14", 2000, 10, 80)], [row], {2025: year})


def test_line_2i_with_the_shares_sold_left_in_is_recognised():
    (one,) = [one for one in audit(filed().household)[2025] if one.details.get("line") == "2i"]
    assert (
        "It is what one gets with the 500 shares sold in the year of exercise left in: their spread of 35,000 is pay"
        in one.message
    )


def test_each_line_as_filed_is_asked_about_by_itself():
    session = filed()
    (year,) = front_years(session, session.result(), session.household.years)
    asked = {one.message for one in Memo(session, year).questions}
    assert "Form 6251 line 2i (exercise of incentive stock options) was filed as 140,000, worked as 105,000." in asked
    # Wages 225,000 as given against 224,000; taxable 214,250 agrees to the dollar; tax 40,199 + 32% of 16,950 = 45,623.
    told = front(session)
    for part in ("line 2i", "line 11", "line 16", "line 1a"):
        assert f"{part} (" in told
    assert "more rows" not in told


def test_a_row_that_is_wrong_may_be_in_question_too():
    # The basis leaves out the pay, and no Form W-2 figure is given: one row, wrong and asked about.
    row = sale("2024-01-18", 100, 5500, basis="1000", term="short")
    found = counts(made([LOT], [row], YEARS))
    assert (found.checked, found.wrong, found.asked, found.right) == (1, 1, 1, 0)


def test_a_note_about_the_household_is_a_card_once():
    found = Report(made([LOT], [], YEARS, state="CA")).cards
    listed = [card.finding.code for cards in found.values() for card in cards]
    assert listed.count("state_not_computed") == 1


def test_one_day_of_two_tests_is_named_once():
    # Granted 2021-03-13, exercised 2022-03-13 with the shares held from there: both tests end on 2023-03-14.
    lot = exercise("2021-03-13", "2022-03-13", 100, 10, 50)
    row = sale("2023-03-14", 100, 6000, basis="1000", term="long")
    (one,) = [
        one for one in audit(made([lot], [row], single(2022, 2023)).household)[2023] if "within 3 days" in one.message
    ]
    assert "from 2023-03-14 on it is no early sale and long-term." in one.message


def test_what_a_part_depends_on_is_told_at_its_first_line():
    # Qualified dividends of 1,000: Part III of Form 6251 is filled in because of them, and line 12 is line 6 alone.
    dividends = {"ordinary_dividends": "1000", "qualified_dividends": "1000"}
    session = made([LOT], [], {2023: {**CARE, **NO_AMT, **dividends}})
    (form,) = [
        one
        for one in YearSchedules(session.household, session.household.years[2023]).worked
        if one.label == "Form 6251"
    ]
    lines = {one.number: one for one in form.lines}
    assert [one.label for one in lines["12"].references] == ["line 6"]
    assert [one.number for one in form.lines if one.gate] == ["12"]
    assert ("Form 1040 line 3a", "1,000") in [(one.label, one.amount) for one in lines["12"].gate.references]
    assert not any(
        one.label == "Form 1040 line 3a" for number in ("13", "16", "17") for one in lines[number].references
    )
    assert [one.label for one in lines["17"].references] == ["line 12", "line 16"]


@pytest.mark.parametrize(("sold", "assumed"), [("2024-07-22", False), ("2024-01-18", True)])
def test_pay_is_assumed_only_of_sales_that_can_be_early(sold, assumed):
    # LOT: granted 2021-06-01, exercised 2023-03-13; from 2024-03-14 on no sale of it is early.
    session = made([LOT], [sale(sold, 100, 5500, basis="1000")], YEARS)
    told = any("taken to hold exactly the pay" in text for text in session.assumptions[2024])
    assert told is assumed
