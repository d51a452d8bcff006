"""The audit report: its figures by hand, its pictures to scale, and the same on paper."""

import re
from decimal import Decimal

import pytest
from audit_page import CASES, EARLY, LOT, TOTALS, YEARS, Page, made, page, paper, session, text_of
from corpus import SHAPES, Maker
from households import exercise, sale, single
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_households import EVERY_KIND, households

from worksheets.audit import audit
from worksheets.case import Case
from worksheets.form import Rounding
from worksheets.household import work
from worksheets.paper import report as report_module
from worksheets.paper.markup import parse
from worksheets.paper.press import Chapter, Running, typeset
from worksheets.paper.report import Report, audit_files, audit_html, audit_pdf
from worksheets.paper.report_cards import Illustrator
from worksheets.paper.report_pictures import Bar, Bars, Event, Scale, timeline
from worksheets.problems import CaseError
from worksheets.session import Session, open_case

D = Decimal


# The figures: what test_pricing.py works out by hand for the example of the Form 6251 instructions.


def test_the_headline_of_the_irs_example():
    found = page("irs-line-2k")
    (headline,) = found.root.of_class("headline")
    assert [tag.text for tag in headline.all("dd")] == [
        "2",
        "against 1 exercise (Forms 3921)",
        "1",
        "1 agrees with the lots",
        "$21,450",  # 38,876 - 17,426
        "of $38,876 too high; $17,426 comes back as credit if there is room",
    ]
    (lead,) = found.root.of_class("lead")
    assert "would be $38,876 too high" in lead.text
    assert "$17,426 would be left as minimum tax credit" in lead.text
    assert "$21,450 would be lost for good" in lead.text  # 38,876 - 17,426


def test_the_cost_of_each_year_of_the_irs_example():
    rows = [[cell.text for cell in row.all("th", "td")] for row in page("irs-line-2k").root.all("tr")]
    for expected in (
        ["2023", "65,222", "65,222", "0"],
        ["2024", "58,018", "15,938", "(42,080)"],
        ["2025", "16,094", "19,298", "3,204"],
        ["Together", "139,334", "100,458", "(38,876)"],
        ["Minimum tax credit (line 21 of Form 8801 for 2026)", "17,426", "0", "(17,426)"],
        ["AMT capital loss", "0", "59,000", "59,000"],
    ):
        assert expected in rows


def test_a_card_says_what_the_finding_says_side_by_side():
    # 100 shares: paid 10,000; 75,000 - 10,000 = 65,000 of pay; worth 100,000 at exercise.
    (card,) = page("irs-line-2k").root.of_class("card")
    assert [tag.text for tag in card.of_class("three")[0].all("dd")] == ["10,000", "75,000", "100,000"]
    assert ["A", "75,000", "10,000", "B", "(65,000)", "0"] in [
        [cell.text for cell in row.all("th", "td")] for row in card.all("tr")
    ]
    assert "2024: 16,900 less tax. Left at the end: 4,550 more minimum tax credit." in card.text
    assert "Brokers may not add it" in card.text
    assert "Enter it as" not in card.text  # the row stands in a table instead


def test_the_picture_of_a_card_is_to_scale():
    bars = Report(session("irs-line-2k")).cards[2024][0].picture
    assert bars.at == 75  # proceeds of 75,000 on a scale to 100,000
    by_kind = {bar.kind: [(part.kind, part.left, part.width) for part in bars.segments(bar)] for bar in bars.bars}
    assert by_kind == {
        "proceeds": [("proceeds", 0, 75)],
        "reported": [("reported", 0, 10)],
        "right": [("paid", 0, 10), ("pay", 10, 65)],
        "amt": [("amt_paid", 0, 10), ("spread", 10, 90)],
    }


def test_the_life_of_the_irs_lot():
    (lot,) = Report(session("irs-line-2k")).every_lot
    assert [(str(event.day), event.kind, event.text) for event in lot.events] == [
        ("2022-01-03", "grant", "option granted"),
        ("2023-03-13", "exercise", "200 shares exercised"),
        ("2024-01-03", "year", "two years from the grant"),
        ("2024-01-18", "sale", "S1: 100 sold, early"),
        ("2024-03-13", "year", "one year from the exercise"),
        ("2024-03-14", "first", "first qualifying day"),
        ("2024-04-22", "sale", "S2: 100 sold, qualifying"),
    ]
    assert lot.held == 0


def test_the_reconciliation_of_the_hard_household():
    # Box 1d: 13,200 + 9,600 + 30,000 + 2,500 + 9,000; box 1e: none + 2,400 + 7,500 + 100 + 1,600. S4 has no exercise;
    # S1 has no basis, and takes the right one of 12,000.
    (year,) = Report(session("hard-household")).rows
    steps = [(one.label.split(",")[0].split(" without")[0], one.proceeds, one.basis) for one in year.bridge]
    assert steps == [
        ("Boxes 1d and 1e of every row", 64300, 11600),
        ("Shares", -2500, -100),
        ("Right basis", 0, 12000),
        ("Form 8949", 61800, 23500),
    ]
    assert year.bridged
    assert [(line.number, line.rows, line.ties) for line in year.schedule_d] == [
        ("1b", 2, True),
        ("2", 1, True),
        ("8b", 1, True),
    ]
    assert [line.verdict for line in year.lines] == ["warning", "corrected", "warning", "error", "right"]


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ({}, ["ties", "ties", "compare with the form"]),
        ({"proceeds": "5600"}, ["100 too little in the rows", "ties", "compare with the form"]),
        ({"basis": "900", "wash_sale_disallowed": "0"}, ["ties", "100 too much in the rows", "ties"]),
        ({"account": "Y-1"}, ["5,500 too little in the rows", "1,000 too little in the rows", "compare with the form"]),
    ],
)
def test_the_brokers_own_totals_are_tied(printed, expected):
    row = sale("2024-01-18", 100, 5500, **EARLY, broker="Sample Broker", account="X-12345678")
    found = made([LOT], [row], YEARS, totals=[{**TOTALS, **printed}])
    tables = Page(audit_html(found)).root
    (accounts,) = [tag for tag in tables.all("section") if tag.attributes.get("aria-labelledby") == "accounts"]
    cells = [[cell.text for cell in row.all("td")] for row in accounts.all("tr")]
    assert [row[-1] for row in cells if row][:3] == expected
    everything = tables.text
    assert "…5678" in everything or "account" in printed
    assert "12345678" not in everything


def test_lines_as_filed_are_tied():
    # As filed without line 2k: the finding explains it; line 2i agrees.
    filed = {2024: {**YEARS[2024], "as_filed": {"6251": {"2i": "0", "2k": "0"}}}}
    found = made([LOT], [sale("2024-01-18", 100, 5500, **EARLY)], {**YEARS, **filed})
    root = Page(audit_html(found)).root
    (table,) = [tag for tag in root.all("section") if tag.attributes.get("aria-labelledby") == "filed-2024"]
    rows = [[cell.text for cell in row.all("th", "td")] for row in table.all("tr")][1:]
    assert rows[0][1:] == ["0", "0", "", "agrees"]
    # AMT basis 5,000: gain 500 in both books; the pay of 4,000 is no AMT income.
    assert rows[1][:4] == ["Form 6251 line 2k Disposition of property", "0", "(4,000)", "4,000"]
    assert "the AMT basis and line 2k left out" in rows[1][4]


def test_a_household_without_wages_is_not_priced():
    found = made(
        [LOT], [sale("2024-07-22", 100, 5500, basis="0", term="long", basis_reported=True)], single(2023, 2024)
    )
    root = Page(audit_html(found)).root
    assert "No year of the case is a whole return" in root.text
    assert "not priced" in root.of_class("headline")[0].text
    assert not [tag for tag in root.all("h2") if tag.attributes["id"] == "cost"]
    assert "there is no Schedule D to tie to" in root.text
    assert "not priced" not in text_of(audit_pdf(found))  # the headline says why
    assert "No year of the case is a whole return" in text_of(audit_pdf(found))


def test_a_household_without_sales_has_a_report():
    found = made([LOT], [], YEARS)
    assert "The case has no row of Form 1099-B" in Page(audit_html(found)).root.text
    assert audit_pdf(found).startswith(b"%PDF")


def test_more_findings_than_cards_stand_in_a_table(monkeypatch):
    monkeypatch.setattr(report_module, "MOST_CARDS", 3)
    root = Page(audit_html(session("hard-household"))).root
    assert len(root.of_class("card")) == 1 + 3  # one note of 2023, three of 2024
    (rest,) = [tag for tag in root.all("section") if tag.attributes.get("aria-labelledby") == "findings-2024-more"]
    assert len(list(rest.all("tr"))) == 1 + 7  # of eleven; that California tax is not computed was said of 2023


# Paper says what the page says.


@pytest.mark.parametrize("name", CASES)
def test_every_figure_of_the_page_stands_on_paper(name):
    on_page = set(re.findall(r"\([\d,]+\)|[\d,]*\d{3}", page(name).root.of_class("sheet")[0].text))
    assert {figure for figure in on_page if figure not in paper(name)} == set()
    assert "***-**-0001" in paper(name)
    assert "400-00" not in paper(name) + page(name).root.text


def test_paper_is_the_same_each_time():
    assert audit_pdf(session("irs-line-2k")) == audit_pdf(session("irs-line-2k"))
    assert audit_html(session("irs-line-2k")) == audit_html(session("irs-line-2k"))


def test_a_card_higher_than_a_page_goes_over_pages():
    text = "".join(f"<p>paragraph {n}</p>" for n in range(80))
    chapter = Chapter(parse(f'<aside class="card note">{text}</aside>'), Running("A", "B"))
    found = typeset([chapter], setter=Illustrator(Rounding("dollars")).setter)
    assert found.pages == 2
    assert [f"paragraph {n}" in text_of(found.pdf()) for n in range(80)] == [True] * 80


def test_many_days_of_one_kind_are_one_entry():
    # 48 monthly vestings from 2023-04-28 on, and sales on twenty days.
    days = [{"date": f"{2023 + n // 12}-{1 + n % 12:02}-28", "shares": "10", "fmv": "60"} for n in range(3, 51)]
    lots = [LOT, exercise("2021-06-01", "2023-03-14", 480, 10, 50, vesting=days, section_83b=True)]
    rows = [sale(f"2024-05-{day:02}", 5, 275, basis="50", term="long", acquired="2023-03-13") for day in range(1, 21)]
    sold, vested = Report(made(lots, rows, YEARS)).every_lot
    assert [event.text for event in sold.listed if event.below] == [
        "the first of 20 days of sale, the last is 2024-05-20"
    ]
    assert [mark.label for mark in sold.picture.below] == ["20 days", *[""] * 19]
    assert [event.text for event in vested.listed if event.kind == "vest"] == [
        "the first of 48 days of vesting, the last is 2027-03-28"
    ]


def test_many_sales_of_one_day_are_told_together():
    rows = [sale("2024-05-01", 5, 275, basis="50", term="long", acquired="2023-03-13")] * 20
    (lot,) = Report(made([LOT], rows, YEARS)).every_lot
    assert [event.text for event in lot.events if event.below] == ["S1 and 19 more: 100 shares"]
    assert [mark.label for mark in lot.picture.below] == ["S1 +19"]


# Pictures and sums of any household.


@given(
    st.lists(
        st.tuples(st.dates(), st.booleans(), st.sampled_from(["", "S1", "Exercised", "a long label"])),
        min_size=1,
        max_size=12,
    )
)
def test_no_line_crosses_a_label_and_no_label_another(events):
    listed = [Event(day, "sale", label, "x", below) for day, below, label in events]
    found = timeline(listed, [], max(event.day for event in listed))
    for side in (found.above, found.below):
        labelled = [mark for mark in side if mark.label]
        for mark in labelled:
            end = mark.at + 3 + D("2.05") * len(mark.label)
            for other in labelled:
                if other is not mark and mark.at <= other.at < end:
                    assert other.lane < mark.lane or (other.at == mark.at and other.lane != mark.lane)
    assert all(0 <= mark.at <= 78 for mark in found.marks)


@given(st.dates(), st.integers(1, 20000))
def test_years_stand_in_order_within_the_line(first, days):
    try:
        last = first.fromordinal(first.toordinal() + days)
    except (ValueError, OverflowError):
        return
    ticks = Scale(first, last).ticks()
    places = [tick.at for tick in ticks]
    assert len(ticks) <= 8
    assert places == sorted(places)
    assert all(2 <= place <= 78 for place in places)


@given(st.lists(st.decimals(0, 10**9, places=2), min_size=1, max_size=5))
def test_bars_stay_within_their_scale(amounts):
    found = Bars([Bar("right", "x", amount) for amount in amounts], amounts[0])
    for bar, amount in zip(found.bars, amounts, strict=True):
        wide = sum(part.width for part in found.segments(bar))
        assert 0 <= wide <= 100
        if found.scale:
            assert abs(wide - 100 * amount / found.scale) <= D("0.01")


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_each_finding_of_a_seeded_corpus_has_its_card(shape):
    for spoiled in Maker(shape, 2).spoiled():
        household = work(Case.model_validate(spoiled.case))
        found = Report(Session("case.yaml", household, audit(household), {}))
        cards = [card for listed in found.cards.values() for card in listed]
        assert len(cards) == sum(len(listed) for listed in found.session.findings.values())
        assert all(year.bridged and all(line.ties for line in year.schedule_d) for year in found.rows)
        for card in cards:
            if card.finding.code.startswith("basis_") and card.entries:
                shown, right, amt = card.figures
                assert (shown, right) == (card.finding.reported, card.finding.correct)
                assert amt == card.finding.details["amt"]
                assert {bar.kind: bar.amount for bar in card.picture.bars}["right"] == right
                assert "Enter it as" not in card.message
                assert sum(row.h - row.d for row in card.entries) == _adjusted(card) - right


def _adjusted(card):
    """What else the gain of the rows holds: losses not allowed, expenses not in box 1d."""
    lost = sum(part.regular.disallowed for part in card.view.listed)
    return lost - card.view.sale.selling_expenses


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(households(kinds=EVERY_KIND, statuses=("single", "married_joint")))
def test_the_rows_of_any_household_lead_to_its_schedule_d(case):
    try:
        found = Report(open_case(case))
    except CaseError:
        return
    for year in found.rows:
        assert year.bridged, year.year
        assert all(line.ties for line in year.schedule_d)
    read = Page(found.html())
    assert read.faults == []
    ids = [tag.attributes["id"] for tag in read.root.all() if "id" in tag.attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", CASES)
def test_both_at_once_are_the_two(name):
    both = audit_files(session(name))
    assert list(both) == ["audit.html", "audit.pdf"]
    assert both["audit.html"].decode() == audit_html(session(name))
    assert both["audit.pdf"] == audit_pdf(session(name))
