"""Explanations: every line of a return leads down to what it was worked from, as recorded, and to boxes and keys."""

import io
from datetime import date
from decimal import Decimal

import pytest
from households import exercise, sale
from packets import CASES, irs, many, mapping, odd, stock_only
from rich.console import Console

from worksheets.explain import FORMS, UnknownLineError, asked_lines, plain, render, trail
from worksheets.form import Columns, Read
from worksheets.results import forms
from worksheets.session import open_case


def leaves(node):
    if not node.children:
        yield node
    for child in node.children:
        yield from leaves(child)


def nodes(node):
    yield node
    for child in node.children:
        yield from nodes(child)


def labelled(node, label):
    return next(one for one in nodes(node) if one.label == label)


def asked(session, year):
    return list(asked_lines(session.household, session.household.years[year]))


def test_line_2k_of_the_irs_example_down_to_boxes():
    # Form 6251 instructions, line 2k: (65,000) ordinary, 25,000 short and 40,000 long AMT loss against 50,000 gain
    node = trail(irs().household, 2024, "6251:2k")
    assert node.value == -118000
    assert [child.value for child in node.children] == [-65000, -25000, -90000, 62000]
    found = {one.label: one.value for one in leaves(node)}
    assert found["Form 3921 (E1) box 3"] == 100
    assert found["Form 3921 (E1) box 4"] == 1000
    assert found["Form 3921 (E1) box 5"] == 200
    assert found["Form 1099-B (S1) box 1c"] == date(2024, 1, 18)
    assert found["Form 1099-B (S1) box 1d"] == 75000
    assert found["Form 1099-B (S2) box 1d"] == 60000
    assert found["Form 1099-B (S1) box 1e"] == 10000


def test_both_bases_say_what_they_are_made_of():
    regular = labelled(trail(irs().household, 2024, "8949:S1"), "Regular basis, 100 sh of E1 in S1")
    assert (regular.value, [child.value for child in regular.children]) == (75000, [10000, 65000])
    amt = labelled(trail(irs().household, 2024, "8949_amt:S1"), "AMT basis, 100 sh of E1 in S1")
    assert (amt.value, [child.value for child in amt.children]) == (100000, [10000, 90000])
    assert amt.children[1].caption == "on line 2i of 2023"


def test_the_pay_names_its_cap():
    pay = labelled(trail(irs().household, 2024, "2k_parts:ordinary"), "Pay, 100 sh of E1 in S1")
    assert pay.value == 65000
    assert pay.cite == "IRC 422(c)(2)"  # 75,000 less 10,000, below the 90,000 of value less price


def test_a_figure_of_another_year_says_so():
    node = trail(irs().household, 2025, "8801:26")
    assert labelled(node, "2023 Form 6251 line 11").value == 39146
    assert labelled(node, "Form 8801 line 19").value == 5769


def test_an_amount_of_the_law_has_its_source():
    law = [one for one in trail(irs().household, 2024, "6251:5").children if one.label == "Law"]
    assert [(one.shown, one.note) for one in law][-1] == ("85,700", "read in Form 6251 (2024)")


def test_the_children_of_a_line_are_what_it_read():
    household = irs().household
    form = household.years[2024].tax_return.f6251
    node = trail(household, 2024, "6251:4")
    read = {
        one.source.label(one.name)
        for one in form.reads["amti"]
        if isinstance(one, Read) and not one.source.blank(one.name)
    }
    assert {child.label for child in node.children} == read
    assert read == {f"Form 6251 line {number}" for number in ("1", "2a", "2i", "2k")}
    blank = len(form.definition.lines) - len(form.amounts())
    assert node.note == "18 more figures read, blank or 0"
    assert blank > 18


@pytest.mark.parametrize("name", CASES)
def test_every_line_can_be_asked_for_and_is_the_result(name):
    session = CASES[name]()
    for year, books in session.household.years.items():
        result = forms(session.household, books)
        for question in asked(session, year):
            node = trail(session.household, year, question)
            form, _, number = question.partition(":")
            printed = result.get(form)
            if form in FORMS and isinstance(printed, dict) and number in printed:
                shown = node.value._asdict() if isinstance(node.value, Columns) else node.value
                assert shown == pytest.approx(printed[number]), question


@pytest.mark.parametrize("name", CASES)
def test_every_leaf_is_a_box_a_key_an_amount_of_the_law_or_said_above(name):
    session = CASES[name]()
    for year in session.household.years:
        for question in asked(session, year):
            for leaf in leaves(trail(session.household, year, question)):
                known = " box " in leaf.label or leaf.label.startswith(("years.", "Law", "Regular basis", "AMT basis"))
                nothing = leaf.shown in {"blank", "0", "0.00"} or leaf.note == "spelt out above"
                assert known or nothing or leaf.label.split(" ", 1)[-1] in {"paid", "commission"}, (question, leaf)


def test_rows_that_go_straight_to_schedule_d_are_found():
    case = mapping(
        [exercise("2021-01-04", "2022-03-14", 100, 10, 60)],
        [sale("2024-08-01", 40, 4000, acquired="2022-03-14", basis="400", term="long", basis_reported="true")],
        {2024: {"filing_status": "single", "wages": "90000", **FIRST_YEAR}},
        exception_1="true",
    )
    session = open_case(case)
    node = trail(session.household, 2024, "schedule_d:8a")
    assert labelled(node, "Form 1099-B (S1) box 1d").value == 4000


FIRST_YEAR = {
    "capital_loss_carryover": "0",
    "amt_capital_loss_carryover": "0",
    "prior_minimum_tax_credit": "0",
    "prior_year": {"form_6251": {"11": "0"}},
}


def test_a_stock_only_year_explains_its_rows_and_line_2i():
    household = stock_only().household
    assert trail(household, 2023, "6251:2i").value == 180000
    parts = [trail(household, 2024, f"2k_parts:{name}").value for name in ("ordinary", "short", "long")]
    assert parts == [-45000, 0, -45000]  # S1: 25,000 in both books; S2: 40,000 regular, (5,000) AMT
    with pytest.raises(UnknownLineError, match=r"2024 is a stock-only year .*6251:2i.*8949:S1"):
        trail(household, 2024, "6251:11")


@pytest.mark.parametrize(
    ("year", "question", "message"),
    [
        (2024, "6251:2z", r"read line '2z' of Form 6251 \(2024\), which it does not have; nearest: 6251:2"),
        (2024, "6521:11", r"read the form '6521', expected FORM:LINE with one of .*6251"),
        (2024, "8949:S9", r"read 'S9', expected a sale with a row on Form 8949 of 2024: 8949:S"),
        (2024, "", r"read the form '', expected FORM:LINE"),
        (1999, "6251:1", r"read 1999, expected a year of the case: 2023, 2024, 2025"),
    ],
)
def test_what_is_unknown_names_the_nearest(year, question, message):
    with pytest.raises(UnknownLineError, match=message):
        trail(irs().household, year, question)


def written(tree):
    out = io.StringIO()
    Console(file=out, width=400, color_system=None).print(tree)
    return out.getvalue()


def test_the_tree_says_what_the_lines_say():
    node = trail(irs().household, 2024, "8801:25")
    words = " ".join(written(render(node)).replace("│", " ").replace("├──", " ").replace("└──", " ").split())
    assert all(" ".join(line.split()) in words for line in plain(node))


def test_depth_limits_the_tree():
    node = trail(irs().household, 2024, "6251:2k")
    assert len([line for line in plain(node, 0) if not line.startswith("  ")]) == 1
    assert "Form 3921" not in written(render(node, 1))
    assert "Form 3921" in written(render(node))


def test_nothing_of_a_case_is_read_as_markup():
    case = mapping(
        [exercise("2022-01-03", "2023-03-13", 200, 100, 1000)],
        [sale("2024-01-18", 100, 75000, id="[red]S[/red]", description="[link=x]100 sh[/link]")],
        {2023: {"filing_status": "single"}, 2024: {"filing_status": "single"}},
    )
    shown = written(render(trail(open_case(case).household, 2024, "8949:[red]S[/red]")))
    assert "[red]S[/red]" in shown
    assert "[link=x]100 sh[/link]" in shown


def test_splits_of_a_sale_each_have_a_node():
    case = mapping(
        [exercise("2022-01-03", "2023-03-13", 50, 100, 1000), exercise("2022-01-03", "2023-05-15", 50, 100, 1200)],
        [sale("2024-08-01", 80, 90000)],
        {2023: {"filing_status": "single"}, 2024: {"filing_status": "single"}},
    )
    node = trail(open_case(case).household, 2024, "8949:S1")
    assert [child.value.d for child in node.children] == [Decimal(56250), Decimal(33750)]
    assert {"E1", "E2"} == {one.label.split()[-3] for one in nodes(node) if one.label.startswith("Regular basis")}


def test_many_rows_stay_quick():
    node = trail(many().household, 2024, "6251:2k")
    assert sum(1 for _ in nodes(node)) > 600
    assert odd().household is not None


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("6251", "read a form without a line, expected FORM:LINE, such as 6251:2k"),
        ("8949:", "read a form without a line, expected FORM:LINE, such as 8949:S1"),
        ("Form 6251 line 2k", "read no colon, expected FORM:LINE: did you mean 6251:2k?"),
        ("schedule d, line 16", "read no colon, expected FORM:LINE: did you mean schedule_d:16?"),
        ("2k", "read the form '2k', expected FORM:LINE, such as 6251:2k or 8949:S1"),
    ],
)
def test_what_is_not_form_and_line_is_told_how_to_ask(asked, message):
    with pytest.raises(UnknownLineError) as told:
        trail(irs().household, 2024, asked)
    assert str(told.value) == message


def test_a_line_is_found_in_capital_letters_too():
    household = irs().household
    assert trail(household, 2024, "6251:2K").value == trail(household, 2024, "Form 6251:2k").value == -118000
