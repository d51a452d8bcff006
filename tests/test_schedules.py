"""Schedules and first page: they say what the results say, on pages that are whole."""

import io
import re
from functools import cache

import pypdfium2 as pdfium
import pytest
from households import exercise, sale
from hypothesis import given
from hypothesis import strategies as st
from packets import (
    CASES,
    MASKED,
    ODD_NAME,
    SSN,
    irs,
    irs_mapping,
    many,
    mapping,
    odd,
    pages,
    squeezed,
    view,
)

from worksheets.findings import ASK_BROKER, ASK_OWNER, CORRECTED, ERROR, NOTE, WARNING, Finding
from worksheets.paper.entry_sheet import csv_text
from worksheets.paper.front import FrontYear, asks, front_text, front_years, grouped, spans
from worksheets.paper.layout import Setter, least_heights
from worksheets.paper.markup import MarkupError, parse
from worksheets.paper.press import Chapter, Running, paginate, typeset
from worksheets.paper.render import place, render, spot
from worksheets.paper.schedules import schedules_text
from worksheets.paper.style import BOTTOM, PAPER, SIDE, width
from worksheets.session import open_case

CASE_YEARS = [(name, year) for name, made in CASES.items() for year in made().household.years]


@cache
def blocks(name, year):
    return parse(schedules_text(CASES[name]().household, year))


@cache
def set_schedules(name, year):
    """The schedules of a year on pages, as PDF."""
    found = view(CASES[name](), year)
    return typeset([Chapter(blocks(name, year), Running(f"{year} schedules", found.names, found.marks))])


@cache
def text(name, year):
    return squeezed("\n".join(pages(set_schedules(name, year).pdf())))


def figure(value):
    """A figure of the result as schedules print it in whole dollars."""
    return f"({-value:,})" if value < 0 else f"{value:,}"


def flat(parsed):
    """The text of blocks as a template wrote it."""
    return " ".join(" ".join(block.text.split()) for block in parsed)


# What they say


@pytest.mark.parametrize("year", [2023, 2024, 2025])
def test_schedules_say_what_the_result_says(year):
    result = irs().result()["years"][str(year)]
    found = text("irs", year)
    for part in result["dispositions"]:
        row = [
            part["regular"]["ordinary_income"],
            *(part[book][key] for book in ("regular", "amt") for key in ("basis", "gain")),
        ]
        assert " ".join(map(figure, row)) in found
    for form in ("1040", "6251", "8801", "schedule_d"):
        for number, value in result["forms"][form].items():
            if isinstance(value, int) and number != "attach":
                assert re.search(rf"\b{number} [^§]*?{re.escape(figure(abs(value)))}", found), (form, number)
    for name, value in result["2k_parts"].items():
        assert re.search(rf"{name} [^§]*?{re.escape(figure(value))}", found)


def test_reasons_of_the_irs_example():
    found = text("irs", 2024)
    assert (
        "Sold 2024-01-18, before the first qualifying day, 2024-03-14 (after both 2024-01-03, two years from grant, and "
        "2024-03-13, one year from exercise; IRC 422(a)(1)): a disqualifying disposition. Pay is the smaller of 90,000, "
        "value less price, and 65,000, proceeds less cost: 65,000 (IRC 421(b), 422(c)(2)). Regular basis: 10,000 paid and "
        "65,000 pay. AMT basis: 10,000 paid and 90,000 from line 2i of 2023 (IRC 56(b)(3)); the pay is no AMT income and "
        "comes off on line 2k. Short-term in both books (held from 2023-03-13, long-term from 2024-03-14). Box 1b names "
        "this exercise date."
    ) in found
    assert "Sold 2024-04-22, on or after the first qualifying day, 2024-03-14" in found
    assert "a qualifying disposition, no pay. Regular basis: 10,000 paid." in found


@pytest.mark.parametrize(
    "words",
    [
        "the cap of IRC 422(c)(2) does not apply. Regular basis: 5,006.25 paid and 44,993.75 pay.",  # (1,000 - 100.125) x 50
        "Loss not allowed: 47,000.00 regular, 47,000.00 AMT (IRC 1091).",
        "Given away 2024-02-18, before the first qualifying day, 2024-03-14",
        "Loss not allowed: 100.00 regular, 100.00 AMT (IRC 267).",
        "To the spouse, or incident to divorce, on 2024-02-20: no disposition (IRC 424(c)(4), 1041)",
        "Left the file on 2024-12-20 by death: no disposition (IRC 424(c)(1)(A))",
        "No option stock: passed through as the case gives it.",
        "S6: 350 shares stay out of the forms",  # 500 sold; 130 of the 200 are left, and 20 came from the spouse
    ],
)
def test_reasons_of_other_ways_of_parting(words):
    assert words in text("odd", 2024)


def test_a_sale_in_the_year_of_exercise_is_alike_in_both_books():
    case = mapping(
        [exercise("2022-01-03", "2024-02-13", 100, 10, 50)],
        [sale("2024-08-01", 40, 4000)],
        {2024: {"filing_status": "single"}},
    )
    found = flat(parse(schedules_text(open_case(case).household, 2024)))
    assert "a disqualifying disposition, in the year of exercise." in found
    assert "AMT: treated alike, because the shares became yours in the year of the sale" in found


def test_pay_against_the_w2():
    case = irs_mapping()
    case["years"]["2024"]["iso_income_in_wages"] = "60000"
    found = flat(parse(schedules_text(open_case(case).household, 2024)))
    assert "S165,00060,0005,000The rest goes on Schedule 1 line 8k." in found.replace(" 65,000", "65,000")


def test_the_credit_year_by_year():
    found = text("irs", 2025)
    assert "25 Minimum tax credit 33,377 5,769" in found
    assert "26 Credit carryforward to next year 5,769 0" in found


def test_what_is_still_held():
    # 100 of 200 shares left, 100 paid and 1,000 worth each
    assert "E1 Example Corp 100 10,000 100,000 2024-03-14 0" in text("stock_only", 2024)


def test_many_dispositions_give_each_reason_once():
    found = text("many", 2024)
    assert found.count("E1, disqualifying.") == 1
    assert found.count("E1, qualifying.") == 1
    result = many().result()["years"]["2024"]["dispositions"]
    for part in result:
        row = [part["regular"]["ordinary_income"], part["regular"]["basis"], part["regular"]["gain"]]
        assert re.search(rf"{part['sale']} 10 of E1 \S+ [\d,]+ {re.escape(' '.join(map(figure, row)))}", found)


def test_every_line_names_what_it_was_worked_from():
    found = text("irs", 2024)
    assert "Line 2k Worksheet line ordinary (65,000); Line 2k Worksheet line short (25,000)" in found
    assert "Form 6251 (2024): 85,700" in found  # the exemption, with its source
    assert "2023 Form 6251 line 11 39,146" in found


# Pages


@pytest.mark.parametrize(("name", "year"), CASE_YEARS)
def test_every_page_has_its_head_and_nothing_outside(name, year):
    made = set_schedules(name, year)
    document = pdfium.PdfDocument(io.BytesIO(made.pdf()))
    names = squeezed(view(CASES[name](), year).names)
    for number in range(len(document)):
        page = document[number].get_textpage()
        words = squeezed(page.get_text_bounded())
        assert f"page {number + 1} of {made.pages}" in words
        assert f"{year} schedules" in words
        assert names in words
        for index in range(page.count_rects()):
            left, bottom, right, top = page.get_rect(index)
            assert left >= SIDE - 1 and right <= PAPER[0] - SIDE + 3  # a closing parenthesis may hang over  # noqa: PT018
            assert bottom >= BOTTOM - 1
            assert top <= PAPER[1] - 30


@pytest.mark.parametrize(("name", "year"), CASE_YEARS)
def test_no_heading_ends_a_page(name, year):
    items = Setter(lambda _name: False).items(blocks(name, year))
    least_heights(items)
    for page in paginate(items, Running("", "")):
        assert not page.placed[-1][0].lead


def test_a_table_repeats_its_head_on_every_page():
    found = pages(set_schedules("many", 2024).pdf())
    with_rows = [page for page in found if re.search(r"^S\d+ ?\n?10 of E1", page, re.MULTILINE) or "10 of E1" in page]
    assert len(with_rows) > 1
    assert all("Regular basis" in squeezed(page) for page in with_rows)


def test_figures_are_made_smaller_rather_than_broken():
    cell = "<table><colgroup><col style='width: 4%'/><col class='num' style='width: 6%'/><col style='width: 90%'/></colgroup><thead></thead><tbody><tr><td>a</td><td>(123,456,789.01)</td><td></td></tr></tbody></table>"
    made = typeset([Chapter(parse(cell), Running("t", "n"))])
    assert "(123,456,789.01)" in pages(made.pdf())[0]


def test_long_names_wrap_and_stay_on_the_page():
    long = "An-unbroken-name-" * 12
    made = typeset([Chapter(parse(f"<p>{long}</p><h2>{long}</h2>"), Running(long, long, ["DRAFT FIGURES"]))])
    page = pdfium.PdfDocument(io.BytesIO(made.pdf()))[0].get_textpage()
    assert all(page.get_rect(n)[2] <= PAPER[0] - SIDE + 1 for n in range(page.count_rects()))
    assert width(long, "Vera", 7.8) > PAPER[0]


def test_draft_and_hypothetical_years_say_so_on_every_page(tmp_path):
    case = mapping(
        [exercise("2024-01-03", "2025-03-13", 200, 100, 1000)],
        [sale("2026-05-18", 50, 45000)],
        {2025: {"filing_status": "single", "wages": "100000"}, 2026: {"filing_status": "single", "wages": "100000"}},
        amounts="what-if.yaml",
    )
    (tmp_path / "what-if.yaml").write_text("amt_exemption: {2026: {single: 90000}}\n")
    import yaml

    (tmp_path / "case.yaml").write_text(yaml.safe_dump(case))
    session = open_case(tmp_path / "case.yaml")
    assert view(session, 2025).marks == ["HYPOTHETICAL AMOUNTS"]  # one year hands figures to the other
    found = view(session, 2026)
    assert found.marks == ["DRAFT FIGURES", "HYPOTHETICAL AMOUNTS"]
    made = typeset([Chapter(parse(schedules_text(session.household, 2026)), Running("t", found.names, found.marks))])
    assert all("DRAFT FIGURES" in page and "HYPOTHETICAL AMOUNTS" in page for page in pages(made.pdf()))
    front = front_years(session, session.result(), [2025, 2026])
    assert front[1].why_not == ["the year's law is read in drafts", "amounts of the law are hypothetical"]


# What comes from a case stays text


@pytest.mark.parametrize("name", ["front", "entry", "schedules"])
def test_names_are_printed_literally(name):
    session = odd()
    years = front_years(session, session.result(), [2023, 2024])
    texts = {
        "front": lambda: front_text(session, years, [ODD_NAME]),
        "entry": lambda: csv_text(view(session, 2024)),
        "schedules": lambda: schedules_text(session.household, 2024),
    }
    found = texts[name]()
    assert "{{7*7}}" in found
    assert "49" not in re.findall(r"\S*&\S*", found)
    if name != "entry":
        assert ODD_NAME in flat(parse(found))
        assert "<b>&{{" not in found


@given(st.text())
def test_any_text_comes_out_of_a_template_as_it_went_in(anything):
    written = render(
        "findings.j2", odd().household.rounding, y=view(odd(), 2023), findings=[], assumptions=[anything], figure=str
    )
    found = [block for block in parse(written) if block.tag == "ul"][-1]
    printable = "".join(char for char in anything if char in "\t\n" or ord(char) >= 32)
    assert found.text == " ".join(printable.replace("\r", "").split())


@pytest.mark.parametrize(
    "bad", ["<script>x</script>", "text alone", "<p>open", "<li>x</li>", "<p><b>x</p></b>", "<p>&bogus;</p>"]
)
def test_other_markup_is_a_fault_of_a_template(bad):
    with pytest.raises(MarkupError):
        parse(bad)


def test_numbers_of_persons_are_masked():
    session = irs()
    years = front_years(session, session.result(), [2023, 2024, 2025])
    everything = (
        front_text(session, years, []) + schedules_text(session.household, 2024) + csv_text(view(session, 2024))
    )
    assert SSN not in everything
    assert view(session, 2024).names == f"Sample Taxpayer · {MASKED}"


# The first page


def finding(severity, remedy=ASK_OWNER, code="wash_sale_possible", sale="S1"):
    return Finding(code, severity, remedy, f"What of {sale}?", sale=sale)


def front_year(*findings):
    return FrontYear(view(irs(), 2024), findings, ready=not any(one.blocks_filing for one in findings))


def test_first_page_of_a_case_that_is_ready():
    session = irs()
    years = front_years(session, session.result(), [2023, 2024, 2025])
    found = flat(parse(front_text(session, years, [])))
    assert "Ready to file." in found
    assert "line 2i 180,000" in found
    assert "AMT, line 11: 39,146, goes on Schedule 2 line 1." in found
    assert "line 2k (118,000). No AMT." in found
    assert "credit, line 25: 33,377, goes on Schedule 3 line 6b." in found
    assert "Keep for 2025: minimum tax credit 5,769, AMT short-term capital loss 22,000" in found
    assert "Amounts are rounded to whole dollars" in found


def test_first_page_of_a_case_that_is_not():
    session = odd()
    years = front_years(session, session.result(), [2023, 2024])
    found = flat(parse(front_text(session, years, ["No blank was found."])))
    assert "Not ready to file. 2024:" in found
    assert "No blank was found." in found
    assert "First settle the open questions below" in found


def test_findings_of_every_severity_are_counted_in_order():
    year = front_year(finding(NOTE), finding(ERROR), finding(CORRECTED), finding(WARNING), finding(WARNING))
    assert year.counts == "1 error, 2 warnings, 1 corrected, 1 note"
    assert [one.severity for one in year.open] == [ERROR, WARNING, WARNING]
    assert year.why_not == ["3 open questions"]


def test_questions_go_to_who_can_answer_them():
    rows = [finding(WARNING, sale=f"S{n}") for n in range(1, 6)]
    found = asks([front_year(finding(ERROR, ASK_BROKER, "proceeds_out_of_line", "S9"), *rows, finding(NOTE))])
    assert [one.whom for one in found] == ["The broker", "You, or whoever keeps the records"]
    (question,) = found[1].questions  # five of one kind: the first, and four more
    assert (question.place, question.more) == ("2024 S1", 4)


@pytest.mark.parametrize(("years", "words"), [([2024], "2024"), ([2022, 2023, 2025], "2022–2023, 2025")])
def test_years_in_words(years, words):
    assert spans(years) == words


def test_what_is_said_of_several_years_is_said_once():
    (one, other) = grouped({2023: ["a"], 2024: ["a", "b"]})
    assert (one.when, one.text, other.when) == ("2023–2024", "a", "2024")


def test_places_on_the_return():
    # printed on line 11 of the Forms 6251 of 2023 and 2024, line 25 of the Form 8801 of 2025
    assert place("amt", 2023) == "Schedule 2 line 1"
    assert place("amt", 2024) == "Schedule 2 line 2"
    assert place("minimum_tax_credit", 2025) == "Schedule 3 line 6b"
    assert spot(2024, "6251", "2k") == "2024.6251.2k"
