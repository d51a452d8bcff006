"""Letters: who is asked for what, in figures worked by hand, with nothing in them that does not belong there."""

import re
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from audit_page import EARLY, LOT, YEARS, made, text_of
from corpus import SHAPES, Maker
from households import exercise, sale, single
from hypothesis import given
from hypothesis import strategies as st

from worksheets.audit import audit
from worksheets.case import Case
from worksheets.findings import ASK_BROKER, ASK_EMPLOYER
from worksheets.household import work
from worksheets.paper.letter_text import plain
from worksheets.paper.letters import Correspondence, letters, slug
from worksheets.session import Session, open_case

FIXTURES = Path(__file__).parent.parent / "fixtures"


def texts(session):
    """The text of every letter, lines joined, by name without its ending."""
    found = letters(session)
    assert {name.rpartition(".")[2] for name in found} <= {"pdf", "txt"}
    return {
        name.removesuffix(".txt"): " ".join(data.decode().split())
        for name, data in found.items()
        if name.endswith(".txt")
    }


def one_letter(session, name):
    return texts(session)[name]


MINE = {"broker": "Sample Broker", "account": "X-12345678"}
LATE = {"term": "long", "basis": "1000", "basis_reported": True, "acquired": "2023-03-13"}


def early(**changes):
    return {**sale("2024-01-18", 100, 5500), **EARLY, **MINE, **changes}


def late(**changes):
    return {**sale("2024-07-22", 100, 5500), **LATE, **MINE, **changes}


NOT_COVERED = {"noncovered": True, "basis_reported": False}


# To the broker: only what a broker may correct.


def test_a_wrong_term_is_put_to_the_broker():
    # Exercised 2023-03-13: long-term from 2024-03-14 on.
    text = one_letter(made([LOT], [late(term="short")], YEARS), "broker-sample-broker-2024")
    assert "Re: Form 1099-B for 2024, account ending in 5678: request for a corrected form" in text
    assert (
        "100 shares of Example Corp sold on July 22, 2024 for $5,500. Box 2 shows short-term. The shares were acquired on "
        "March 13, 2023 by exercising an option, so the sale is long-term." in text
    )
    assert text.count("[date]") == 1
    assert text.count("[address]") == 1
    assert text.endswith("[signature] Sample Taxpayer Enclosures: [Form 3921], [trade confirmation]")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            [late(acquired="2023-03-20")],
            "Box 1b shows March 20, 2023. The shares sold were acquired on March 13, 2023, the date of exercise on Form 3921.",
        ),
        (
            [late(proceeds="55000")],  # 550 a share beside 55
            "Box 1d comes to $550 a share, while the stock was worth about $55 at the time.",
        ),
        (
            [late(shares="50", proceeds="2750", basis="500")] * 2,
            "A second entry on the form has the same dates, shares and proceeds.",
        ),
        (
            [late(noncovered=True)],
            "Box 5 (noncovered security) and box 12 (basis reported to the IRS) are both checked.",
        ),
        ([late(basis=None)], "Box 12 (basis reported to the IRS) is checked, but box 1e is empty."),
        (
            [late(basis="0", **NOT_COVERED)],
            "The shares are marked noncovered (box 5), and box 1e shows $0. I paid $1,000 for them.",
        ),
        # The right basis is 5,000 with the pay of 4,000: the broker is asked to show the price alone.
        (
            [early(basis="9000", **NOT_COVERED)],
            "box 1e shows $9,000. I paid $1,000 for them. If a basis is shown at all, please show that amount.",
        ),
    ],
)
def test_what_a_broker_may_correct(rows, expected):
    others = [sale("2024-07-22", 10, 550, term="long", basis="100", acquired="2023-04-03")] * (len(rows) == 1)
    lots = [LOT, exercise("2021-06-01", "2023-04-03", 30, 10, 50)]
    session = made(lots, [*rows, *others, *others], YEARS)
    assert expected in one_letter(session, "broker-sample-broker-2024")


def test_the_broker_is_never_asked_to_add_pay_to_a_basis():
    # basis_omits_compensation alone: no letter at all; beside a wrong term: only the term.
    assert not [name for name in texts(made([LOT], [early()], YEARS)) if name.startswith("broker")]
    text = one_letter(made([LOT], [early(term="long")], YEARS), "broker-sample-broker-2024")
    assert "so the sale is short-term" in text
    assert "I am not asking you to add compensation income" in text
    assert "5,000" not in text  # the right basis with the pay


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_letters_follow_the_remedies_of_a_seeded_corpus(shape):
    for spoiled in Maker(shape, 1).spoiled():
        household = work(Case.model_validate(spoiled.case))
        session = Session("case.yaml", household, audit(household), {})
        desk = Correspondence(session)
        findings = [one for listed in session.findings.values() for one in listed]
        brokers = [letter.text(household) for letter in desk.to_brokers()]
        employers = [letter.text(household) for letter in desk.to_employers()]
        assert bool(brokers) == any(one.remedy == ASK_BROKER for one in findings)
        assert bool(employers) == any(one.remedy == ASK_EMPLOYER for one in findings)
        asked = [one for one in findings if one.remedy == ASK_BROKER]
        assert "basis_omits_compensation" not in {one.code for one in asked}
        for one in asked:
            if one.code.startswith("basis_"):
                pay = one.details["pay"]
                shown = f"I paid ${one.correct - pay:,.2f}".removesuffix(".00")
                assert any(shown in " ".join(text.split()) for text in brokers)
        for text in (*brokers, *employers):
            assert not re.search(r"\bNone\b(?!:)|Decimal|\{\{|<b>|Undefined", text)


# To the employer.


def test_pay_that_a_w2_leaves_out_is_put_to_the_employer():
    # (50 - 10) × 100 = 4,000 of pay; the W-2 shows 1,000.
    text = one_letter(made([LOT], [early(pay_reported="1000")], YEARS), "employer-example-corp-2024")
    assert "Employee: Sample Taxpayer, social security number ***-**-0001" in text
    assert (
        "On January 18, 2024 I sold shares of Example Corp for $5,500: 100 shares, option granted on June 1, 2021, exercised "
        "on March 13, 2023 at $10 a share when the stock was worth $50." in text
    )
    assert "The income is $4,000: the value at exercise less the price" in text
    assert (
        "appears to include $1,000 for it. Please check and, if you agree, send Form W-2c: box 1 should be $3,000 higher."
        in text
    )


def test_pay_beyond_the_cap_is_put_to_the_employer():
    # Sold at 35: 3,500 - 1,000 = 2,500 got above the price, less than the spread of 4,000.
    row = early(proceeds="3500", pay_reported="4000")
    text = one_letter(made([LOT], [row], YEARS), "employer-example-corp-2024")
    assert "The income is $2,500: the value at exercise less the price comes to $4,000" in text
    assert "limited to what I received above the price, $2,500 (Internal Revenue Code section 422(c)(2))" in text
    assert "box 1 should be $1,500 lower" in text


def test_pay_for_a_sale_that_was_not_early_is_put_to_the_employer():
    text = one_letter(made([LOT], [late(pay_reported="4000")], YEARS), "employer-example-corp-2024")
    assert "had both passed, so it gives no compensation income" in text
    assert "box 1 should be $4,000 lower" in text


def test_pay_for_no_sale_at_all_is_put_to_an_employer_unknown():
    years = {**YEARS, 2024: {**YEARS[2024], "iso_income_in_wages": "4000"}}
    text = one_letter(made([LOT], [late()], years), "employer-2024")
    assert "[employer]" in text
    assert (
        "appears to include $4,000 of income from the early sale of incentive stock option shares. I know of no such sale"
        in text
    )


def test_a_letter_waits_for_open_questions():
    text = one_letter(open_case(FIXTURES / "hard-household" / "case.yaml"), "employer-sample-robotics-inc-2024-spouse")
    assert text.startswith(
        "Sample Spouse [your address] · [telephone or e-mail] [Draft: first settle what the audit asks about S3;"
    )
    assert "Draft" not in one_letter(made([LOT], [late(term="short")], YEARS), "broker-sample-broker-2024")


# The memo.


def test_the_memo_says_what_to_enter_where():
    # The figures of the IRS example as the contract prints them.
    text = one_letter(open_case(FIXTURES / "irs-line-2k" / "case.yaml"), "cpa-memo-2024")
    for expected in (
        "Form 1040 line 1a Wages, Form W-2 box 1 215,000",
        "Form 1040 line 7 Capital gain or loss 50,000",
        "Form 1040 line 16 Tax, with any tax on Form 4972 49,315",
        "Schedule 3 line 6b Minimum tax credit, Form 8801 line 25 33,377",
        "Schedule D line 16 Net capital gain or loss 50,000",
        "Form 6251 line 2k Disposition of property (118,000)",
        "To attach: Form 8949, Schedule D, Form 6251, Form 8801.",
        "1 correction (the basis leaves out the pay: S1)",
        "Ready to file.",
    ):
        assert expected in text
    before = one_letter(open_case(FIXTURES / "irs-line-2k" / "case.yaml"), "cpa-memo-2023")
    assert "Schedule 2 line 1 Alternative minimum tax, Form 6251 line 11 39,146" in before
    assert "Form 8801 line 21 Of 2024: credit to use, from AMT of 2023 39,146" in before  # CONTRACT: line 21 of 2024


def test_pay_that_no_w2_shows_goes_on_schedule_1():
    text = one_letter(made([LOT], [early(pay_reported="1000")], YEARS), "cpa-memo-2024")
    assert "Schedule 1 line 8k Pay from early sales that no Form W-2 shows 3,000" in text


def test_a_stock_only_year_has_a_memo_too():
    text = one_letter(made([LOT], [], single(2023)), "cpa-memo-2023")
    assert "Form 6251 line 2i Exercise of incentive stock options 4,000" in text


def test_the_memo_is_one_page_however_much_there_is():
    # Sixty rows, each with a question, and income of every kind.
    rows = [
        sale(
            "2024-01-18",
            1,
            55,
            term="short",
            basis="10",
            acquired="2023-03-13",
            lots=[{"exercise": "E1", "shares": "1"}],
        )
    ] * 60
    facts = {
        "interest": "1",
        "qualified_dividends": "1",
        "ordinary_dividends": "1",
        "other_income": "1",
        "adjustments": "1",
        "qbi_deduction": "1",
        "other_short_term": "-1",
        "other_long_term": "1",
        "capital_gain_distributions": "1",
        "gain_28_percent": "1",
        "unrecaptured_1250": "1",
    }
    years = {2023: YEARS[2023], 2024: {**YEARS[2024], **facts}}
    session = made([LOT], rows, years, state="CA")
    found = letters(session)
    assert len(session.findings[2024]) > 60
    assert len(pdfium.PdfDocument(found["cpa-memo-2024.pdf"])) == 1
    assert "more in the audit report" in text_of(found["cpa-memo-2024.pdf"])
    assert found["cpa-memo-2024.txt"].decode().count("how much pay from this sale") == 60


# Every letter.


@pytest.mark.parametrize("name", ["irs-line-2k", "hard-household", "three-year-credit"])
def test_each_letter_is_a_pdf_and_the_same_as_text(name):
    found = letters(open_case(FIXTURES / name / "case.yaml"))
    for file, data in found.items():
        if file.endswith(".txt"):
            words = set(re.findall(r"[\w$,.()/-]+", data.decode()))
            on_paper = text_of(found[file.removesuffix(".txt") + ".pdf"])
            if "more on the packet" in on_paper:  # a memo keeps to one page
                words = set(re.findall(r"[\w$,.()/-]+", data.decode().partition("What to enter where")[2]))
            missing = {word for word in words if word not in on_paper and not set(word) <= set("-=─")}
            assert not {word for word in missing if re.search(r"\d", word)}, file
            assert all(len(line) <= 78 for line in data.decode().split("\n"))
            assert data.endswith(b"\n")


def test_numbers_are_masked():
    row = late(term="short", pay_reported="4000", account="X-12345678")
    found = letters(made([LOT], [row], YEARS))
    whole = " ".join(text_of(data) if name.endswith(".pdf") else data.decode() for name, data in found.items())
    assert "5678" in whole
    assert "12345678" not in whole
    assert "400-00" not in whole
    short = letters(made([LOT], [late(term="short", account="ABCD")], YEARS))
    assert b"ABCD" not in b"".join(data for name, data in short.items() if name.endswith(".txt"))


@pytest.mark.parametrize("word", ["<script>alert(1)</script>", "{{7*7}}", "<b>&amp;</b>", "../../etc"])
def test_what_a_case_says_is_text(word):
    row = late(term="short", pay_reported="4000", broker=f"B {word}")
    found = letters(made([{**LOT, "corporation": f"C {word}"}], [{**row, "corporation": f"C {word}"}], YEARS))
    text = " ".join(" ".join(data.decode().split()) for name, data in found.items() if name.endswith(".txt"))
    assert f"B {word}" in text
    assert f"shares of C {word}" in text
    assert all(re.fullmatch(r"[a-z0-9-]+\.(pdf|txt)", name) for name in found)


@given(st.text(max_size=80))
def test_a_file_name_is_harmless(text):
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?|", slug(text))
    assert len(slug(text)) <= 40


def test_brokers_of_like_names_have_letters_of_their_own():
    rows = [
        late(term="short", broker=name, shares="50", proceeds=proceeds, basis="500")
        for name, proceeds in (("A & B", "2750"), ("A/B", "2751"))
    ]
    found = letters(made([LOT], rows, YEARS))
    assert {name for name in found if name.startswith("broker")} == {
        "broker-a-b-2024.pdf",
        "broker-a-b-2024.txt",
        "broker-a-b-2024-2.pdf",
        "broker-a-b-2024-2.txt",
    }
    assert b"$2,751" in found["broker-a-b-2024-2.txt"]


def test_plain_text_of_a_table_has_its_figures_in_line():
    text = plain(
        '<table><colgroup><col style="width: 50%"/><col class="num" style="width: 50%"/></colgroup>'
        "<thead><tr><th>Line</th><th>Amount</th></tr></thead>"
        "<tbody><tr><td>1a</td><td>1,000</td></tr><tr><td>16</td><td>5</td></tr></tbody></table>"
    )
    head, rule, first, second = text.rstrip("\n").split("\n")
    assert len(head) == len(first) == len(second) == len(rule)
    assert first.endswith(" 1,000")
    assert second.endswith("     5")


def test_letters_are_the_same_each_time():
    session = open_case(FIXTURES / "hard-household" / "case.yaml")
    assert letters(session) == letters(session)
